"""How much a row is believed, and who says it."""

from typing import Protocol
from urllib.parse import urlsplit

from riskboard.catalog import kinds
from riskboard.catalog.models import Source

UNVERIFIED = ("F", "6")
ADMIRALTY = {
    kinds.Confidence.HIGH.value: ("A", "2"),
    kinds.Confidence.MEDIUM.value: ("B", "3"),
    kinds.Confidence.LOW.value: ("D", "3"),
}


class Graded(Protocol):
    @property
    def confidence(self) -> str: ...

    @property
    def is_verified(self) -> bool: ...


def grade(row: Graded) -> tuple[str, str]:
    """Admiralty codes of a row that carries only a confidence; a recalled row cannot be judged."""
    return ADMIRALTY[row.confidence] if row.is_verified else UNVERIFIED


def origin(source: Source, publisher: str = "") -> str:
    """Who says so: reports of one origin about one event count once."""
    host = (urlsplit(source.url).hostname or "").removeprefix("www.")
    return publisher or host or source.title or f"source {source.pk}"
