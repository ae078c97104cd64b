"""The timeline of a line: lanes of marks above, the score with its band below, one axis of time, one table twin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from riskboard.web.charts import RANKS, Point, Terms, steps, timeline
from riskboard.web.forms_lines import RANGES
from riskboard.web.pages.explained import Explained
from riskboard.web.pages.marks import Mark
from scoring.engine.facts import Dossier
from scoring.timelines import Timeline

SPANS = {"6m": timedelta(days=183), "1y": timedelta(days=365), "3y": timedelta(days=3 * 365)}
LEAD = timedelta(days=45)  # before the first mark, so that it does not lie on the edge


@dataclass(frozen=True, slots=True)
class LineTimeline:
    range: str
    first: date
    last: date
    points: tuple[Point, ...]
    marks: tuple[Mark, ...]
    terms: tuple[Terms, ...]
    live_from: date | None
    explained: Explained | None
    shows_table: bool

    @property
    def chart(self) -> dict[str, object]:
        return timeline(self.points, self.marks, self.terms, self.first, self.last, self.live_from)

    @property
    def ranges(self) -> tuple[tuple[str, str], ...]:
        return RANGES

    @property
    def newest_first(self) -> tuple[Mark, ...]:
        return self.marks[::-1]

    @property
    def points_newest_first(self) -> tuple[Point, ...]:
        return self.points[::-1]


def default_range(marks: Sequence[Mark], day: date) -> str:
    """Three years, or everything where nothing was released in them."""
    recent = any(mark.lane == "release" and mark.on > day - SPANS["3y"] for mark in marks)
    return "3y" if recent else "all"


def window(chosen: str, day: date, beginning: date) -> date:
    """The first day to show: the range counted back from ``day``, not before the line's record begins."""
    start = beginning - LEAD
    return start if chosen == "all" else max(day - SPANS[chosen], start)


def beginning_of(marks: Sequence[Mark], day: date) -> date:
    """The day the record of the line itself begins; what happened to its vendor before does not begin it."""
    own = [mark.on for mark in marks if mark.lane == "release"] or [mark.on for mark in marks]
    return min(own, default=day - SPANS["1y"])


def points_between(history: Timeline, first: date, last: date) -> tuple[Point, ...]:
    start = max(0, (first - history.first).days)
    end = max(start, (last - history.first).days + 1)
    chosen = slice(start, end)
    return tuple(steps(history.days()[chosen], history.durability[chosen], history.low[chosen], history.high[chosen]))


def terms_between(dossier: Dossier, first: date, last: date) -> Iterator[Terms]:
    """The license in force, as the score reads it."""
    for fact in dossier.facts:
        start, end = max(fact.valid_from, fact.known, first), min(fact.valid_to or last, last)
        if fact.name == "license" and start < end:
            yield Terms(start, end, fact.label, fact.value.replace("_", " "), RANKS.get(fact.value, -1))
