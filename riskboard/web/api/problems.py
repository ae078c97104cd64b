"""What the API says when it cannot answer: always the same two fields."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

UNKNOWN = "unknown_parameter"
QUESTION = "asked"  # what every operation calls its query string


class Problem(Schema):
    """Why there is no answer."""

    detail: str = Field(description="What is wrong, in a sentence.")
    field: str | None = Field(None, description="The parameter that is wrong, where it is one.")


class RefusedError(Exception):
    """What was asked cannot be answered, and why: 400."""

    def __init__(self, field: str, reason: str) -> None:
        self.field, self.reason = field, reason
        super().__init__(f"{field}: {reason}")


def problem(status: int, detail: str, field: str | None = None) -> HttpResponse:
    return JsonResponse(Problem(detail=detail, field=field).model_dump(), status=status)


def refused(request: HttpRequest, error: RefusedError | type[RefusedError]) -> HttpResponse:
    assert isinstance(error, RefusedError)
    return problem(400, str(error), error.field)


def misread(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    """The first thing that is wrong; there may be more."""
    assert isinstance(error, ValidationError)
    first = error.errors[0]
    field = _field(first)
    reason = str(first["msg"]).removeprefix("Value error, ")
    return problem(400, f"{field}: {reason}" if field else reason, field)


def _field(error: dict[str, Any]) -> str | None:
    """Of ("query", "limit") or ("query", "asked", "limit") the parameter, of a body the place in it."""
    if error["type"] == UNKNOWN:
        return str(error["ctx"]["field"])
    source, *place = error["loc"]
    if source == "body":
        return ".".join(map(str, place)) or None
    return next((str(each) for each in place if each != QUESTION), None)


def not_found(request: HttpRequest, error: Http404 | type[Http404]) -> HttpResponse:
    assert isinstance(error, Http404)
    return problem(404, str(error) or "There is nothing of this name here.")


def stopped(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)
    return problem(error.status_code, error.message)


def unknown(request: HttpRequest, error: AuthenticationError | type[AuthenticationError]) -> HttpResponse:
    return takes_token("This takes a token.")


def takes_token(reason: str) -> HttpResponse:
    response = problem(401, f"{reason} Write it as: Authorization: Bearer …")
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
