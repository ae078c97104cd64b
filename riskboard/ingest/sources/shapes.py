"""What a field of an answer is, if it is that at all. Whatever else it holds is unknown: hosts change their shapes."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,30})?([eE]-?\d{1,2})?\Z")
LARGEST = 2**62


def mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The objects of a list; whatever else stands between them is skipped."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object, at_most: int = 500) -> str:
    """One line without control characters; "" if it is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join(UNPRINTABLE.sub("", value[: at_most * 4]).split())[:at_most]


def texts(value: object) -> list[str]:
    """A text, or the texts of a list."""
    found = value if isinstance(value, list) else [value]
    return [each for each in map(text, found) if each]


def whole(value: object) -> int | None:
    """A count: never negative, never true or false."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < LARGEST:
        return value
    return None


def decimal(value: object) -> Decimal | None:
    """From text or a JSON number, without passing through binary fractions."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    written = str(value).strip()
    try:
        return Decimal(written) if NUMBER.match(written) else None
    except InvalidOperation:
        return None


def moment(value: object) -> datetime | None:
    """An ISO instant that names its offset from UTC; in UTC."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def day(value: object) -> date | None:
    """The date that a text begins with."""
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def instant(value: object) -> datetime | None:
    """From seconds since 1970."""
    seconds = whole(value)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None
