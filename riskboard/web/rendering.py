"""One address, two answers: the whole page, or the part of it that HTMX asked for."""

from typing import Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.http import push_url
from django_htmx.middleware import HtmxDetails


class HtmxRequest(Protocol):
    htmx: HtmxDetails


def wants_part(request: HttpRequest) -> bool:
    htmx: HtmxDetails = getattr(request, "htmx")  # noqa: B009 -- the middleware adds it, the type does not know it
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_list(request: HttpRequest, template: str, page: object, query: str) -> HttpResponse:
    """The page, or its partial "list" under the address that has only the parameters that say something."""
    if not wants_part(request):
        return render(request, template, {"page": page})
    part = render(request, f"{template}#list", {"page": page})
    return push_url(part, f"{request.path}?{query}" if query else request.path)
