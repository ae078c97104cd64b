"""What the board says about a line around a day: before it, at it, and since."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from riskboard.catalog.models import Line
from scoring import selectors
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.timelines import Timeline

BEFORE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Moment:
    label: str
    on: date
    code: str
    state: str
    since: date | None
    durability: float | None  # None: the line has no history on that day
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Told:
    line: Line
    moments: tuple[Moment, ...]
    first: date  # the day before the change, from which ``difference`` is counted
    difference: float | None


def told(lines: Iterable[Line], on: date, today: date) -> tuple[Told, ...]:
    wanted = list(lines)
    timelines = selectors.histories(wanted, today)
    return tuple(_told(line, timelines[line.slug], on, today) for line in wanted if line.slug in timelines)


def _told(line: Line, timeline: Timeline, on: date, today: date) -> Told:
    eve = on - timedelta(days=1)
    days = [("90 days before", on - BEFORE), ("The day before", eve)]
    if on + BEFORE < today:
        days.append(("90 days after", on + BEFORE))
    days.append(("Today", today))
    before, now = timeline.durability_on(eve), timeline.durability_on(today)
    difference = None if before is None or now is None else now - before
    return Told(line, tuple(_moment(timeline, label, day) for label, day in days), eve, difference)


def _moment(timeline: Timeline, label: str, day: date) -> Moment:
    span = timeline.state_on(day)
    if span is None:
        return Moment(label, day, "unknown", "No history yet", None, None)
    place = (day - timeline.first).days
    return Moment(
        label=label,
        on=day,
        code=span.code,
        state=load_rubric(SHIPPED).state_label(span.code),
        since=span.since,
        durability=timeline.durability[place],
        low=timeline.low[place],
        high=timeline.high[place],
    )
