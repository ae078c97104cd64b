"""How one CSV cell is read and written: ``parse`` reads back exactly what ``render`` wrote."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from riskboard.catalog.models.sources import WEB_ONLY

Value = str | int | bool | date | Decimal | None

# What a spreadsheet may run as a formula, at the start or (once pasted) of a later line, in half or full width;
# with any number of apostrophes that guard it.
FORMULA = re.compile(r"'*(?:[=+\-@\t\r＝＋－＠]|(?s:.*)\n[=＝])")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NUMBER = re.compile(r"[0-9]{1,16}(\.[0-9]{1,6})?")
EARLIEST_YEAR, LATEST_YEAR = 1800, 2200


class CellError(ValueError):
    """Why a cell is refused."""


@dataclass(frozen=True)
class Cell:
    """A type of cell. ``blank`` is the value of an empty one."""

    meaning: str
    parse: Callable[[str], Value]
    render: Callable[[Value], str]
    blank: Value = None


def quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def guard(text: str) -> str:
    """``text`` as a spreadsheet shows it and never runs it; ``unguard`` undoes it."""
    return f"'{text}" if FORMULA.match(text) else text


def unguard(text: str) -> str:
    if not FORMULA.match(text):
        return text
    if text.startswith("'"):
        return text[1:]
    raise CellError(f"{quoted(text)} starts like a spreadsheet formula; put an apostrophe in front if it is text")


def _cell(
    meaning: str,
    read: Callable[[str], Value],
    write: Callable[[Any], str] = str,
    *,
    required: bool,
    blank: Value = None,
) -> Cell:
    def parse(text: str) -> Value:
        if text:
            return read(text)
        if required:
            raise CellError("must not be blank")
        return blank

    def render(value: Value) -> str:
        return "" if value is None or value == "" else write(value)

    return Cell(meaning if required else f"{meaning}, or blank", parse, render, blank)


def words(*, required: bool = False, at_most: int | None = None) -> Cell:
    def read(text: str) -> str:
        plain = unguard(text)
        if at_most is not None and len(plain) > at_most:
            raise CellError(f"has {len(plain)} characters, at most {at_most} are allowed")
        return plain

    return _cell("text", read, guard, required=required, blank="")


def address() -> Cell:
    def read(text: str) -> str:
        try:
            WEB_ONLY(text)
        except ValidationError:
            raise CellError(f"{quoted(text)} is not a web address (http or https)") from None
        if len(text) > 500:
            raise CellError(f"has {len(text)} characters, at most 500 are allowed")
        return text

    return _cell("web address", read, required=False, blank="")


def one_of(kinds: type[TextChoices], *, required: bool = True) -> Cell:
    return one_of_texts(tuple(kinds.values), required=required)


def one_of_texts(known: tuple[str, ...], *, required: bool = True) -> Cell:
    def read(text: str) -> str:
        if text not in known:
            raise CellError(f"{quoted(text)} is unknown; known: {', '.join(known)}")
        return text

    return _cell(" / ".join(known), read, required=required, blank="")


def day(*, required: bool = False) -> Cell:
    return _cell("date, YYYY-MM-DD", _read_day, required=required)


def _read_day(text: str) -> date:
    if not DAY.fullmatch(text):
        raise CellError(f"{quoted(text)} is not a date; write YYYY-MM-DD")
    try:
        read = date.fromisoformat(text)
    except ValueError:
        raise CellError(f"there is no day {text}") from None
    if not EARLIEST_YEAR <= read.year <= LATEST_YEAR:
        raise CellError(f"{text} is before {EARLIEST_YEAR} or after {LATEST_YEAR}")
    return read


def truth(yes: str = "true", no: str = "false", *, required: bool = False) -> Cell:
    def read(text: str) -> bool:
        if text not in (yes, no):
            raise CellError(f"{quoted(text)} is neither {yes} nor {no}")
        return text == yes

    return _cell(f"{yes} / {no}", read, lambda value: yes if value else no, required=required)


def decimal() -> Cell:
    def write(value: Decimal) -> str:
        return f"{Decimal(value).normalize():f}"

    return _cell("number", _read_decimal, write, required=False)


def _read_decimal(text: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise CellError(f"{quoted(text)} is not a number; write digits and at most one point")
    return Decimal(text)


def whole(*, required: bool = True) -> Cell:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdecimal() or len(text) > 18:
            raise CellError(f"{quoted(text)} is not a whole number")
        return int(text)

    return _cell("whole number", read, required=required)
