"""What stands around every call of the API: who asks, how often, where it may be read, and JSON for every error."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from riskboard.web.accounts.models import ApiToken
from riskboard.web.accounts.tokens import note_use, token_behind
from riskboard.web.api.bearing import bear, token_of
from riskboard.web.api.counting import count_call
from riskboard.web.api.problems import problem, takes_token

PREFIX = "/api/v1/"
PAGES = frozenset({f"{PREFIX}docs/", f"{PREFIX}docs"})  # for people: they are let in like to every other page
SAID = {
    400: "This request cannot be read.",
    401: "This takes a token: Authorization: Bearer …",
    403: "This is not for you.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    500: "Something broke here, and nothing was changed. Whoever runs this board finds it in the log.",
}


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(PREFIX) and request.path_info not in PAGES


class ApiMiddleware:
    """Stands outside of sessions: no cookie says anything to the API, so no browser can be made to ask for anyone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_api(request):
            return self.get_response(request)
        request.COOKIES = {}
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = self.answer(request, timezone.now())  # noqa: TID251 -- part of the view
        _address(request, response)
        return _without_body(response) if is_head else response

    def answer(self, request: HttpRequest, now: datetime) -> HttpResponseBase:
        written = request.META.pop("HTTP_AUTHORIZATION", None)  # from here on nothing can log it
        request.__dict__.pop("headers", None)
        token = _token(written, now) if written else None
        allowance = count_call(request, token, now)
        if allowance.is_used_up:
            return _too_often(allowance.limit, allowance.seconds_left)
        if written is not None and token is None:
            return takes_token("This token is unknown, over or revoked.")
        if token is None and not settings.ANONYMOUS_READING:
            return takes_token("Strangers do not read here: this takes a token.")
        if token is not None:
            note_use(token, now)
            bear(request, token)
        return _in_json(self.get_response(request))


def _token(written: str, now: datetime) -> ApiToken | None:
    scheme, _, text = written.partition(" ")
    return token_behind(text.strip(), now) if scheme.lower() == "bearer" else None


def _too_often(limit: int, seconds: int) -> HttpResponse:
    response = problem(429, f"At most {limit} calls a minute. Ask again in {seconds} s.")
    response.headers["Retry-After"] = str(seconds)
    return response


def _in_json(response: HttpResponseBase) -> HttpResponseBase:
    """What Django or the API's library says in a page or a word."""
    if response.status_code < 400 or response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    said = problem(response.status_code, _said(response.status_code))
    for name in ("Allow", "WWW-Authenticate"):
        if name in response.headers:
            said.headers[name] = response.headers[name]
    return said


def _said(status: int) -> str:
    sentence = SAID.get(status, SAID[400] if status < 500 else SAID[500])
    return f"{sentence} What there is: {reverse('api_docs')}" if status in {404, 405} else sentence


def _address(request: HttpRequest, response: HttpResponseBase) -> None:
    """To whom it may be given: what everybody may read, also to scripts of other sites and to caches."""
    patch_vary_headers(response, ["Authorization"])
    if token_of(request) is None and settings.ANONYMOUS_READING:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-store"


def _without_body(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, HttpResponse):
        length = len(response.content)
        response.content = b""
        response.headers["Content-Length"] = str(length)
    return response
