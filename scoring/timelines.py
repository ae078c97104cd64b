"""A line's score and state day by day, from the panel: everything a timeline shows follows from its dossier."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from scoring.engine.assessment import Assessment, Contribution
from scoring.engine.facts import Dossier
from scoring.engine.panel import panel, panel_on
from scoring.engine.rubric import Rubric
from scoring.engine.state import state_spans

EARLIEST = date(2019, 1, 1)
QUARTER = timedelta(days=90)
WEEK = 7
SPARK_DAYS = 2 * 365
STEP = 0.5  # points a timeline takes as a move
NOTHING = 0.05  # points below which nothing is said to have moved


@dataclass(frozen=True, slots=True)
class Span:
    """One state over [first, last], both included, and the day it began in its own words."""

    code: str
    since: date | None
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Timeline:
    """One value a day from ``first`` to ``last``, both included; durability and its band in points."""

    first: date
    last: date
    durability: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    states: tuple[Span, ...]

    def days(self) -> list[date]:
        return [self.first + timedelta(days=offset) for offset in range(len(self.durability))]

    def durability_on(self, day: date) -> float | None:
        """None outside the timeline."""
        return self.durability[(day - self.first).days] if self.first <= day <= self.last else None

    def state_on(self, day: date) -> Span | None:
        return next((span for span in self.states if span.first <= day <= span.last), None)

    def until(self, day: date) -> "Timeline":
        """The timeline as it ran on ``day``."""
        if day >= self.last:
            return self
        count = max(0, (day - self.first).days + 1)
        spans = tuple(replace(span, last=min(span.last, day)) for span in self.states if span.first <= day)
        return Timeline(self.first, day, self.durability[:count], self.low[:count], self.high[:count], spans)

    def change_over(self, days: int) -> float | None:
        """Change up to the last day; None when the timeline is younger."""
        before = self.durability_on(self.last - timedelta(days=days))
        return None if before is None else self.durability[-1] - before

    def spark(self) -> tuple[float, ...]:
        """Once a week over the last two years, ending on the last day."""
        return tuple(reversed(self.durability[: -SPARK_DAYS - 1 : -WEEK]))


@dataclass(frozen=True, slots=True)
class Move:
    """What moved a score most over a stretch of days; ``reference`` is blank where no single row did."""

    text: str
    reference: str
    points: float


@dataclass(frozen=True, slots=True)
class Cause:
    reference: str
    label: str


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """A day on which the score moved by half a point or evidence became public; no causes: older evidence aged."""

    day: date
    durability: float
    low: float
    high: float
    state: str
    delta: float  # since the day before in the list; 0 on the first
    causes: tuple[Cause, ...]


def compute_timeline(dossier: Dossier, rubric: Rubric, last: date) -> Timeline:
    """From the first evidence, but not before 2019, to ``last``; values to two decimals."""
    first = begins_on(dossier, last)
    lane = panel([dossier], rubric, first, last)
    spans = state_spans(dossier, rubric, first, last)
    return Timeline(
        first=first,
        last=last,
        durability=tuple(lane.durability[0].round(2).tolist()),
        low=tuple(lane.low[0].round(2).tolist()),
        high=tuple(lane.high[0].round(2).tolist()),
        states=tuple(Span(span.state.code, span.state.since, span.first, span.last) for span in spans),
    )


def begins_on(dossier: Dossier, last: date) -> date:
    days = [release.announced for release in dossier.releases]
    days += [report.published for report in dossier.reports]
    days += [pledge.made for pledge in dossier.pledges]
    return min(last, max(EARLIEST, min(days, default=last)))


def biggest_move(before: Assessment, after: Assessment) -> Move | None:
    """The item whose points changed most between two days of one line, whatever the cause."""
    old, new = _by_mover(before), _by_mover(after)

    def moved(key: str) -> float:
        return (new[key].points if key in new else 0.0) - (old[key].points if key in old else 0.0)

    key = max(old.keys() | new.keys(), key=lambda key: (abs(moved(key)), key))
    if abs(moved(key)) < NOTHING:
        return None
    item = new.get(key) or old[key]
    return Move(item.label, item.evidence[-1] if item.evidence else "", round(moved(key), 2))


def _by_mover(assessment: Assessment) -> dict[str, Contribution]:
    """One pledge taking the place of another is one move, not two."""
    return {item.code if item.code.startswith("PL:") else item.key: item for item in assessment.contributions}


def weekly(dossier: Dossier, rubric: Rubric, last: date) -> tuple[float, ...]:
    """What ``Timeline.spark`` gives, without the days between."""
    first = max(begins_on(dossier, last), last - timedelta(days=SPARK_DAYS))
    days = range(last.toordinal(), first.toordinal() - 1, -WEEK)
    lane = panel_on([dossier], rubric, np.array(days[::-1], dtype=np.int64))
    return tuple(lane.durability[0].round(2).tolist())


def timeline_days(dossier: Dossier, timeline: Timeline) -> Iterator[TimelineDay]:
    """Oldest first."""
    causes = causes_by_day(dossier)
    before: float | None = None
    for offset, day in enumerate(timeline.days()):
        durability = timeline.durability[offset]
        if before is not None and day not in causes and abs(durability - before) < STEP:
            continue
        state = timeline.state_on(day)
        yield TimelineDay(
            day=day,
            durability=durability,
            low=timeline.low[offset],
            high=timeline.high[offset],
            state=state.code if state else "",
            delta=0.0 if before is None else round(durability - before, 2),
            causes=tuple(causes.get(day, ())),
        )
        before = durability


def causes_by_day(dossier: Dossier) -> dict[date, list[Cause]]:
    """Verified evidence by the day on which it became public, each row once a day."""
    found: dict[date, dict[str, Cause]] = {}
    for day, reference, label in _publications(dossier):
        if day is not None:
            found.setdefault(day, {}).setdefault(reference, Cause(reference, label))
    return {day: list(rows.values()) for day, rows in found.items()}


def _publications(dossier: Dossier) -> Iterator[tuple[date | None, str, str]]:
    yield from ((report.published, report.id, report.label) for report in dossier.reports if report.verified)
    for release in dossier.releases:
        if release.verified:
            yield release.announced, release.id, f"{release.name} announced"
            yield release.weights, release.id, f"{release.name}: weights out"
            yield release.withdrawn, release.id, f"{release.name} withdrawn"
    yield from ((fact.known, fact.id, fact.label) for fact in dossier.facts if fact.verified)
    yield from ((pledge.made, pledge.id, f"Promised: {pledge.label}") for pledge in dossier.pledges if pledge.verified)
    yield from ((breach.known, breach.id, "A promise was broken") for breach in dossier.breaches)
