"""What every question may say: the day, the page of a list, and nothing that is not known."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Self, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationInfo, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from riskboard.web.api.problems import UNKNOWN, RefusedError
from riskboard.web.forms import FIRST_DAY

M = TypeVar("M", bound=Model)
T = TypeVar("T")

MOST, USUAL = 200, 50  # rows of a page
WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Slug = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]


def today() -> date:
    return timezone.localdate()  # noqa: TID251 -- part of the view


def a_day(value: object) -> date | None:
    """A day the board can speak about."""
    if value is None:
        return None
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and WRITTEN_DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("Write a day that exists as YYYY-MM-DD.")
    if day > today():
        raise ValueError(f"{day} is in the future; the board speaks up to {today()}.")
    if day < FIRST_DAY:
        raise ValueError(f"The histories begin on {FIRST_DAY}; choose that day or a later one.")
    return day


Day = Annotated[
    date | SkipJsonSchema[None], BeforeValidator(a_day, json_schema_input_type=date), Field(examples=["2026-06-01"])
]


def nothing_asked(request: HttpRequest) -> None:
    """Raises RefusedError for a query string where none is taken."""
    if request.GET:
        raise RefusedError(min(request.GET)[:80], "There is no such parameter here. There are none.")


class Asked(BaseModel):
    """A query string. What a question does not know is refused, never ignored."""

    @model_validator(mode="before")
    @classmethod
    def refuse_unknown(cls, data: Any, info: ValidationInfo) -> Any:  # noqa: ANN401 -- pydantic's own shape
        request: HttpRequest = (info.context or {})["request"]
        unknown = sorted(set(request.GET) - set(cls.model_fields))
        if unknown:
            known = ", ".join(cls.model_fields)
            raise PydanticCustomError(
                UNKNOWN,
                "There is no such parameter here. There are: {known}.",
                {"field": unknown[0][:80], "known": known},
            )
        return data


class AsOf(Asked):
    as_of: Day = Field(None, description="Only what was public by this day counts. Without it: today.")


class Listing(Asked):
    after: Annotated[str | SkipJsonSchema[None], StringConstraints(max_length=500)] = Field(
        None, description="The `next` of the page before. Without it: the first page."
    )
    limit: int = Field(USUAL, ge=1, le=MOST, description="Rows of a page, at most.")


class DatedListing(Listing, AsOf):
    pass


def existing(model: type[Model], field: str, value: str | None, name: str) -> None:
    """Raises RefusedError where ``value`` names nothing."""
    if value is not None and not model._default_manager.filter(**{field: value}).exists():
        raise RefusedError(name, f"There is no {model._meta.verbose_name} “{value}” here.")


# Pages: rows beyond the last one of the page before, in an order that no row shares ----------------


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended, signed for its list: what somebody made up is refused."""

    place: tuple[Any, ...]

    @classmethod
    def read(cls, request: HttpRequest, text: str | None) -> Self | None:
        if text is None:
            return None
        try:
            return cls(tuple(_signer(request).unsign_object(text)))
        except BadSignature as error:
            raise RefusedError("after", "This is no “next” of a page of this list.") from error

    def written(self, request: HttpRequest) -> str:
        return _signer(request).sign_object(list(self.place))


def _signer(request: HttpRequest) -> Signer:
    return Signer(salt=f"riskboard.api.cursor:{request.path_info}")


def cut(
    request: HttpRequest, asked: Listing, rows: QuerySet[M, M], *fields: str, newest_first: bool = False
) -> tuple[list[M], str | None]:
    """A page of rows by ``fields``, which together no two rows share, and the cursor of the next page."""
    cursor = Cursor.read(request, asked.after)
    if cursor is not None:
        rows = rows.filter(_beyond(fields, cursor.place, "lt" if newest_first else "gt"))
    ordered = rows.order_by(*(f"-{field}" for field in fields) if newest_first else fields)
    found = list(ordered[: asked.limit + 1])
    return _page(request, asked, found, lambda row: tuple(_plain(row, field) for field in fields))


def _plain(row: Model, field: str) -> Any:  # noqa: ANN401 -- of any field
    value: Any = row
    for name in field.split("__"):
        value = getattr(value, name)
    return value.isoformat() if isinstance(value, date) else value


def _beyond(fields: Sequence[str], place: Sequence[Any], side: str) -> Q:
    """(a, b) > (x, y), as a > x or (a = x and b > y)."""
    (field, *others), (value, *rest) = fields, place
    beyond = Q(**{f"{field}__{side}": value})
    return beyond | (Q(**{field: value}) & _beyond(others, rest, side)) if others else beyond


def cut_kept(
    request: HttpRequest, asked: Listing, rows: Iterable[T], key: Callable[[T], str]
) -> tuple[list[T], str | None]:
    """The same of rows that are in memory, by a key that no two share."""
    cursor = Cursor.read(request, asked.after)
    ordered = sorted((row for row in rows if cursor is None or key(row) > cursor.place[0]), key=key)
    return _page(request, asked, ordered[: asked.limit + 1], lambda row: (key(row),))


def _page(
    request: HttpRequest, asked: Listing, found: list[T], place: Callable[[T], tuple[Any, ...]]
) -> tuple[list[T], str | None]:
    shown = found[: asked.limit]
    return shown, Cursor(place(shown[-1])).written(request) if len(found) > asked.limit else None
