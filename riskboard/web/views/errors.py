"""Pages for what went wrong: each says what happened and offers a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", {"reason": str(exception or "")}, status=400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What a form sent does not prove that it was ours. Why exactly is for whoever attacks us, so it is not said."""
    return forbidden(request)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    last_word = request.path.strip("/").rpartition("/")[2][:80]
    return render(request, "errors/404.html", {"last_word": last_word}, status=404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without a context processor: the database may be what failed."""
    return HttpResponse(_server_error_page(), status=500)


def _server_error_page() -> str:
    from django.template.loader import get_template

    return get_template("errors/500.html").render()
