"""What is selected on the timeline, explained below it: an event, a day, or what changed in a period."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from riskboard.catalog import kinds
from riskboard.catalog.models import LicenseChange, Pledge, Release, Signal
from riskboard.web.pages.citing import Cited
from riskboard.web.pages.ledger import CauseOfChange, causes_of_change
from riskboard.web.pages.line_rows import LineRows, Row
from riskboard.web.pages.marks import Mark, access_on, is_ruled_by
from riskboard.web.pages.why import UnknownEventError
from riskboard.web.templatetags.board import day as plain_day
from riskboard.web.templatetags.board import signed
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment, Contribution
from scoring.engine.explain import Change, changes, reasons
from scoring.engine.facts import Dossier
from scoring.engine.rubric import Rubric
from scoring.gathering.shelf import Folder
from scoring.ledger import Ledger, Spoken, ledger

SMALLEST = 0.05  # points; less is not shown as a line of its own but summed


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    what: ClassVar = "event"
    mark: Mark
    cited: Cited
    kind: str
    tags: tuple[str, ...]
    summary: str
    effect: str
    previous: str  # references of its neighbors in time, empty at the ends
    following: str


@dataclass(frozen=True, slots=True)
class ExplainedDay:
    what: ClassVar = "day"
    assessment: Assessment
    state: str
    breaks: tuple[Contribution, ...]
    holds: tuple[Contribution, ...]
    moved: tuple[Change, ...]  # by what changed since the day before
    marks: tuple[Mark, ...]

    @property
    def on(self) -> date:
        return self.assessment.as_of


@dataclass(frozen=True, slots=True)
class ExplainedPeriod:
    what: ClassVar = "period"
    first: date
    last: date
    found: Ledger
    causes: tuple[CauseOfChange, ...]  # those that changed anything
    marks: tuple[Mark, ...]

    @property
    def difference(self) -> float:
        return self.found.difference

    @property
    def total(self) -> float:
        return math.fsum(cause.points for cause in self.causes)


Explained = ExplainedEvent | ExplainedDay | ExplainedPeriod


def explain_event(
    wanted: str, marks: list[Mark], rows: LineRows, cited: Mapping[str, Cited], rubric: Rubric, day: date
) -> ExplainedEvent:
    order = [mark.reference for mark in marks]
    if wanted not in order:
        raise UnknownEventError(f"This line has no event “{wanted}” on {day}.")
    place = order.index(wanted)
    row = rows.by_reference()[wanted]
    return ExplainedEvent(
        mark=marks[place],
        cited=cited[wanted],
        kind=_kind(row),
        tags=tuple(_tags(row)),
        summary=_summary(row, day),
        effect=_effect(marks[place], row, rubric, day),
        previous=order[place - 1] if place else "",
        following=order[place + 1] if place + 1 < len(order) else "",
    )


def _kind(row: Row) -> str:
    match row:
        case Release():
            return "release"
        case LicenseChange():
            return "license change"
        case Pledge():
            return "promise"
        case Signal():
            return kinds.SignalKind(row.kind).label


def _tags(row: Row) -> list[str]:
    match row:
        case Release():
            return ["flagship"] if row.flagship else []
        case LicenseChange():
            return [kinds.AppliesTo(row.applies_to).label, kinds.ChangeScope(row.scope).label]
        case Pledge():
            return [kinds.Specificity(row.specificity).label, kinds.Channel(row.channel).label]
        case Signal():
            return [f"severity {row.severity} of 5"]


def _summary(row: Row, day: date) -> str:
    match row:
        case Release():
            terms = row.license.name if row.license else "license unknown"
            return f"{access_on(row, day).capitalize()}; {terms}."
        case LicenseChange():
            return f"{row.asset} went from {row.from_license.name} to {row.to_license.name}."
        case Pledge():
            reason = f" {row.status_reason}" if is_ruled_by(row, day) else ""
            return f"Said by {row.made_by}.{reason}"
        case Signal():
            return row.summary


def _effect(mark: Mark, row: Row, rubric: Rubric, day: date) -> str:
    if mark.is_recalled:
        return "Recalled, unverified: it is listed but weighs nothing."
    if mark.points is None:
        return _without_item(row)
    sentence = f"We count this as {signed(mark.points, 1)} on {plain_day(day)}."
    if isinstance(row, Signal):
        half = row.occurred_on + timedelta(days=int(rubric.kinds[row.kind].half_life))
        when = "is" if half >= day else "was"
        sentence += f" Half of its weight {when} left on {plain_day(half)}."
    return sentence


def _without_item(row: Row) -> str:
    match row:
        case Release():
            share = "it counts through the share of recent flagships that are open"
            return f"No item of its own: {share}. Explain its day for the step."
        case LicenseChange() if row.scope != kinds.ChangeScope.WEIGHTS:
            return "No points of its own: it is not about the terms of weights, or its release says the same."
        case Pledge():
            return "No points: a promise weighs nothing in the score, what the vendor then does is what counts."
        case _:
            return "No points of its own on this day: it is neutral, or a release or license record says the same."


def explain_day(dossier: Dossier, rubric: Rubric, day: date, marks: list[Mark]) -> ExplainedDay:
    now = assess(dossier, rubric, day)
    before = assess(dossier, rubric, day - timedelta(days=1))
    breaks, holds = reasons(now)
    moved = tuple(change for change in changes(before, now, dossier, rubric) if abs(change.points) >= SMALLEST)
    return ExplainedDay(
        assessment=now,
        state=rubric.state_label(now.state.code),
        breaks=breaks,
        holds=holds,
        moved=moved,
        marks=tuple(mark for mark in marks if mark.on == day),
    )


def explain_period(
    folder: Folder, first: date, last: date, word: Spoken, marks: list[Mark], cited: Mapping[str, Cited]
) -> ExplainedPeriod:
    found = ledger(folder, first, last, word)
    return ExplainedPeriod(
        first=first,
        last=last,
        found=found,
        causes=tuple(cause for cause in causes_of_change(found, cited) if not cause.is_empty),
        marks=tuple(mark for mark in marks if first < mark.on <= last),
    )
