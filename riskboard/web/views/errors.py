"""Pages for what went wrong: each says what happened and offers a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import requires_csrf_token

from riskboard.web.access import sign_in_with
from riskboard.web.accounts.carrying import Carried, came_from_us
from riskboard.web.pages.gone import gone_page
from riskboard.web.rendering import wants_part


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", {"reason": str(exception or "")}, status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form sent does not prove that it was ours. Why exactly is for whoever attacks us, so it is not said.

    A page of ours whose token is stale keeps what was typed: see ``carrying``.
    """
    carried = _carried(request)
    if carried is None:
        return forbidden(request)
    return send_again(request, carried) if request.user.is_authenticated else sign_in_with(request, carried)


def _carried(request: HttpRequest) -> Carried | None:
    """What it sent; of a page for signing in, what that carried already."""
    if wants_part(request) or not came_from_us(request):
        return None
    return Carried.of(request) or Carried.read(request.POST)


@requires_csrf_token
def send_again(request: HttpRequest, carried: Carried) -> HttpResponse:
    response = render(request, "accounts/carried.html", {"carried": carried, "is_stale": True}, status=403)
    add_never_cache_headers(response)
    return response


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    match = request.resolver_match
    if match is not None and (page := gone_page(match.url_name or "", match.kwargs)) is not None:
        return render(request, "errors/410.html", {"page": page}, status=410)
    last_word = request.path.strip("/").rpartition("/")[2][:80]
    return render(request, "errors/404.html", {"last_word": last_word}, status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a context processor: the database may be what failed."""
    return HttpResponse(_server_error_page(), status=500)


def _server_error_page() -> str:
    from django.template.loader import get_template

    return get_template("errors/500.html").render()
