"""The change ledger of a line: the difference between two days, cause by cause and item by item."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from riskboard.catalog.models import Line
from scoring.cards import evidence_index
from scoring.engine.explain import CAUSES, Cause, Change
from scoring.ledger import Ledger, spoken
from scoring.selectors import ledger_of

SMALLEST = 0.05  # points; less is not shown as a line of its own but summed
NAMES: Mapping[Cause, tuple[str, str]] = {
    "new evidence": ("New evidence", "became public in between"),
    "aging": (
        "Decay",
        "what was known on the first day, older: news fades, launches leave the window",
    ),
    "corrected": ("Correction", "the first day as the record has it now, against what the board said on it"),
    "method": ("Method change", "the first day under the rubric of now, against the rubric of then"),
}
PERIODS = ((30, "30 days"), (90, "90 days"), (365, "a year"), (730, "two years"))


class Linked(Protocol):
    """A row of evidence with a page."""

    @property
    def title(self) -> str: ...
    @property
    def url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Part:
    change: Change
    evidence: tuple[Linked, ...]

    @property
    def first(self) -> tuple[Linked, ...]:
        return self.evidence[:3]

    @property
    def others(self) -> int:
        return max(0, len(self.evidence) - 3)


@dataclass(frozen=True, slots=True)
class CauseOfChange:
    """The parts of one cause, strongest first, and what the ones too small to list add up to."""

    cause: Cause
    name: str
    meaning: str
    points: float
    listed: tuple[Part, ...]
    small: float
    small_count: int

    @property
    def is_empty(self) -> bool:
        return not (self.listed or self.small_count)


def causes_of_change(found: Ledger, evidence: Mapping[str, Linked]) -> tuple[CauseOfChange, ...]:
    """All four, new evidence first."""
    return tuple(_cause(cause, [one for one in found.changes if one.cause == cause], evidence) for cause in CAUSES)


def _cause(cause: Cause, parts: list[Change], evidence: Mapping[str, Linked]) -> CauseOfChange:
    small = [part for part in parts if abs(part.points) < SMALLEST]
    listed = (part for part in parts if abs(part.points) >= SMALLEST)
    name, meaning = NAMES[cause]
    return CauseOfChange(
        cause=cause,
        name=name,
        meaning=meaning,
        points=math.fsum(part.points for part in parts),
        listed=tuple(
            Part(part, tuple(evidence[each] for each in part.evidence if each in evidence)) for part in listed
        ),
        small=math.fsum(part.points for part in small),
        small_count=len(small),
    )


@dataclass(frozen=True, slots=True)
class Period:
    label: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class LedgerPage:
    line: Line
    first: date
    last: date
    today: date
    found: Ledger
    causes: tuple[CauseOfChange, ...]
    periods: tuple[Period, ...]
    said_before: date | None  # the nearest days of which the board's word is stored
    said_after: date | None
    said_since: date | None

    @property
    def total(self) -> float:
        return math.fsum(cause.points for cause in self.causes)

    @property
    def is_new_method(self) -> bool:
        return self.found.before.rubric != self.found.after.rubric


def ledger_page(line: Line, asked: Mapping[str, Any], today: date) -> LedgerPage:
    first, last = asked["from"], asked["to"]
    word = spoken(line, first)
    found = ledger_of(line, first, last, word)
    cards = evidence_index(reference for change in found.changes for reference in change.evidence)
    return LedgerPage(
        line=line,
        first=first,
        last=last,
        today=today,
        found=found,
        causes=causes_of_change(found, cards),
        periods=tuple(_periods(today, word.since)),
        said_before=max((day for day in word.days if day < first), default=None),
        said_after=min((day for day in word.days if first < day < last), default=None),
        said_since=word.since,
    )


def _periods(today: date, since: date | None) -> Iterable[Period]:
    yield from (Period(label, today - timedelta(days=days), today) for days, label in PERIODS)
    if since and since < today:
        yield Period("since the board began", since, today)
