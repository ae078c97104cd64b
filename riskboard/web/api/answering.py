"""How an answer is declared, and when the one that the caller has is still good."""

import hashlib
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.http import parse_etags, quote_etag
from ninja import Schema
from ninja.decorators import decorate_view
from pydantic import Field

from riskboard import __version__
from riskboard.catalog.queries import evidence_version
from riskboard.web.api.asking import today
from riskboard.web.api.bearing import token_of
from riskboard.web.api.problems import Problem
from scoring.engine.rubric import SHIPPED, load_rubric

Run = Callable[..., HttpResponseBase]
Operation = TypeVar("Operation", bound=Callable[..., Any])
SECONDS_FRESH = 60


def answers(found: type[Schema], *others: int) -> dict[int, Any]:
    """What an operation may answer. Tokens and limits meet every call."""
    return {200: found, **dict.fromkeys((400, 401, 403, *others, 429), Problem)}


class Listed(Schema):
    """A page of a list."""

    next: str | None = Field(description="Give it as `after` for the next page. Null: this is the last one.")


def _fresh(run: Run, *, follows: Callable[[], object] = str) -> Run:
    @wraps(run)
    def answer(request: HttpRequest, **named: Any) -> HttpResponseBase:
        tag = _tag(request, follows())
        if tag in parse_etags(request.headers.get("If-None-Match", "").replace("W/", "")):
            return _kept(request, _unchanged(), tag)
        response = run(request, **named)
        return _kept(request, response, tag) if response.status_code == 200 else response

    return answer


fresh = decorate_view(_fresh)
"""Above an operation: its answer follows from the evidence, the rubric, the day and the question alone."""


def fresh_with(follows: Callable[[], object]) -> Callable[[Operation], Operation]:
    """The same of an answer that follows from ``follows()`` too."""
    return decorate_view(partial(_fresh, follows=follows))


def _tag(request: HttpRequest, follows: object) -> str:
    """Of all that such an answer follows from: without computing it."""
    rubric, path = load_rubric(SHIPPED).sha256, request.get_full_path()
    parts = (__version__, evidence_version(), rubric, today(), path, follows)
    return quote_etag(hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32])


def _unchanged() -> HttpResponse:
    response = HttpResponse(status=304)
    del response.headers["Content-Type"]  # there is nothing of any type
    return response


def _kept(request: HttpRequest, response: HttpResponseBase, tag: str) -> HttpResponseBase:
    is_public = settings.ANONYMOUS_READING and token_of(request) is None
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age={SECONDS_FRESH}"
    return response
