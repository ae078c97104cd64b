"""One change, whatever row tells it: the shape that the page of every change is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import Evidence, Family, License, Release, Signal, Vendor
from riskboard.web.pages.clauses import Clause, ClausePair

RELEASES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Reach:
    """Some releases and what the change means for them."""

    label: str
    releases: tuple[Release, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Any of the events with a page, told the same way. ``row`` carries its source and clocks."""

    key: str
    heading: str
    title: str
    row: Evidence
    vendor: Vendor
    family: Family | None
    direction: str
    occurred_on: date
    precision: str  # of all its days
    announced_on: date | None  # None: unknown
    effective_on: date | None
    published_on: date | None  # of this change, which may be later than its row
    reliability: str
    credibility: str
    pairs: tuple[ClausePair, ...]
    reaches: tuple[Reach, ...]
    note: str
    scope: str = ""
    applies_to: str = ""
    signal: Signal | None = None
    licenses: tuple[License, ...] = ()


def reaches(*groups: tuple[str, Sequence[Release]]) -> tuple[Reach, ...]:
    return tuple(
        Reach(label, tuple(rows[:RELEASES_SHOWN]), max(0, len(rows) - RELEASES_SHOWN)) for label, rows in groups if rows
    )


def pair(name: str, before: str | None, after: str | None) -> ClausePair:
    return ClausePair(name, _side(name, before), _side(name, after))


def _side(name: str, text: str | None) -> Clause:
    return Clause(name, text or "unknown: not on record", is_known=bool(text))
