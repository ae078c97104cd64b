from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from riskboard.ingest import texts
from riskboard.web.forms import NoParameters
from riskboard.web.pages.redline import redline_page

NOT_HELD = "No license text of this hash was captured here."


@require_safe
def compare(request: HttpRequest, before: str, after: str) -> HttpResponse:
    NoParameters.check(request)
    page = redline_page(before, after)
    if page is None:
        raise Http404(NOT_HELD)
    return render(request, "license_texts/redline.html", {"page": page})


@require_safe
def raw(request: HttpRequest, sha: str) -> HttpResponse:
    NoParameters.check(request)
    body = texts.raw(sha)
    if body is None:
        raise Http404(NOT_HELD)
    return _file(body, "text/plain", f"license-{sha[:12]}.txt")


@require_safe
def cleaned(request: HttpRequest, sha: str) -> HttpResponse:
    NoParameters.check(request)
    found = texts.held(sha).get(sha)
    if found is None:
        raise Http404(NOT_HELD)
    return _file(found.cleaned.encode(), "text/plain; charset=utf-8", f"license-{sha[:12]}-cleaned.txt")


def _file(body: bytes, content_type: str, name: str) -> HttpResponse:
    """What strangers wrote: to be saved, never to be drawn by a browser."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type=content_type, headers=headers)
