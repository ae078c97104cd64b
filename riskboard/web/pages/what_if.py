"""What if: a line's score without some events and with things that nobody has recorded, beside the score as it is."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from riskboard.catalog import kinds
from riskboard.catalog.models import Line
from riskboard.web.forms_what_if import scenario_query
from riskboard.web.pages.usual import Usual
from riskboard.web.pages.why import UnknownEventError
from scoring.cards import EvidenceCard, evidence_index
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment
from scoring.engine.explain import Difference, differences
from scoring.engine.facts import Dossier, Report
from scoring.engine.linecases import vendor_of
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.suppositions import Suppositions
from scoring.kept import dossiers
from scoring.rates import rates
from scoring.scenarios import PRESETS, Supposed, is_supposed, suppositions

SMALLEST = 0.05  # points; less is not shown as a line of its own but summed
MOST_LISTED = 12  # events; the rest stands folded
WITH_FORMS = ("pledge", "signal")


@dataclass(frozen=True, slots=True)
class Standing:
    """A line in one of the two worlds."""

    assessment: Assessment
    state_label: str
    usual: Usual | None  # None: the line is not at risk, too little is known, or the day is not today

    @property
    def band(self) -> float:
        return self.assessment.high - self.assessment.low


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    difference: Difference
    cards: tuple[EvidenceCard, ...]
    is_supposed: bool


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the line that can be switched off."""

    event: str
    label: str
    points: float
    card: EvidenceCard | None
    is_off: bool


@dataclass(frozen=True, slots=True)
class Added:
    label: str
    counts_as: str
    on: date
    is_yet_to_come: bool
    without_it: str


@dataclass(frozen=True, slots=True)
class Alone:
    """One part of the scenario by itself. ``share``: the points of the event in the score as it is."""

    label: str
    change: float
    share: float | None


@dataclass(frozen=True, slots=True)
class Pending:
    """A launch without weights that is too young to be called closed."""

    name: str
    settles_on: date
    then: str  # query string of the same scenario on that day


@dataclass(frozen=True, slots=True)
class Offer:
    name: str
    label: str
    counts_as: str
    query: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class WhatIfPage:
    line: Line
    as_of: date | None
    day: date
    is_ahead: bool
    now: Standing
    then: Standing
    listed: tuple[DifferenceRow, ...]
    small: tuple[Difference, ...]
    events: tuple[Event, ...]
    added: tuple[Added, ...]
    alone: tuple[Alone, ...]
    pending: tuple[Pending, ...]
    offers: tuple[Offer, ...]
    tokens: tuple[str, ...]
    without: tuple[str, ...]
    today_query: str  # the same scenario, as of today
    dated_query: str  # the same scenario, whenever it is opened

    @property
    def change(self) -> float:
        return self.then.assessment.durability - self.now.assessment.durability

    @property
    def total(self) -> float:
        return math.fsum([*(row.difference.points for row in self.listed), self.points_of_small])

    @property
    def points_of_small(self) -> float:
        return math.fsum(one.points for one in self.small)

    @property
    def sum_of_alone(self) -> float:
        return math.fsum(one.change for one in self.alone)

    @property
    def is_empty(self) -> bool:
        return not (self.without or self.tokens)

    @property
    def largest_events(self) -> tuple[Event, ...]:
        return self.events[:MOST_LISTED]

    @property
    def other_events(self) -> tuple[Event, ...]:
        return self.events[MOST_LISTED:]

    @property
    def shows_others(self) -> bool:
        return any(event.is_off for event in self.other_events)

    @property
    def is_usual_kept(self) -> bool:
        return self.now.usual is not None and self.now.usual == self.then.usual

    @property
    def is_state_kept(self) -> bool:
        now, then = self.now.assessment.state, self.then.assessment.state
        return (now.code, now.since) == (then.code, then.since)

    @property
    def menu(self) -> tuple[Offer, ...]:
        """Presets that need no more than a name."""
        return tuple(offer for offer in self.offers if offer.name not in WITH_FORMS)

    @property
    def specificities(self) -> list[tuple[str, str]]:
        return list(reversed(kinds.Specificity.choices))

    @property
    def channels(self) -> list[tuple[str, str]]:
        return kinds.Channel.choices

    @property
    def kinds(self) -> list[tuple[str, str]]:
        known = load_rubric(SHIPPED).kinds
        return [(name, kind.label) for name, kind in known.items() if kind.magnitude]


def what_if_page(line: Line, asked: Mapping[str, Any], today: date) -> WhatIfPage:
    """Raises UnknownEventError when the address switches off an event that is not on record."""
    dossier, rubric, day = dossiers()[line.slug], load_rubric(SHIPPED), asked["as_of"] or today
    without, supposed = asked["without"], asked["supposed"]
    _check_events(without, dossier)
    now = assess(dossier, rubric, day)
    other = suppositions(supposed, dossier, rubric, without).applied_to(dossier)
    then = assess(other, rubric, day)
    found = differences(now, then)
    events = _events(dossier, now, asked)
    cards = evidence_index(reference for one in found for reference in one.evidence)
    tokens = tuple(each.token for each in supposed)
    return WhatIfPage(
        line=line,
        as_of=asked["as_of"],
        day=day,
        is_ahead=day > today,
        now=_standing(now, rubric, dossier, today),
        then=_standing(then, rubric, other, today),
        listed=tuple(_row(one, cards) for one in found if abs(one.points) >= SMALLEST),
        small=tuple(one for one in found if abs(one.points) < SMALLEST),
        events=events,
        added=tuple(_added(each, asked, day) for each in supposed),
        alone=tuple(_alone(dossier, rubric, now, without, supposed, events)),
        pending=tuple(_pending(supposed, then, rubric, without)),
        offers=tuple(_offer(name, asked) for name in PRESETS),
        tokens=tokens,
        without=without,
        today_query=scenario_query(without, tokens, None),
        dated_query=scenario_query(without, tokens, day),
    )


def _check_events(without: Iterable[str], dossier: Dossier) -> None:
    known = {report.event for report in dossier.reports}
    for event in without:
        if event not in known:
            raise UnknownEventError(f"without: this line has no event “{event}” to switch off.")


def _standing(assessment: Assessment, rubric: Rubric, dossier: Dossier, today: date) -> Standing:
    is_said = assessment.is_rated and assessment.as_of == today
    usual = _usual(dossier, today) if is_said else None
    return Standing(assessment, rubric.state_label(assessment.state.code).lower(), usual)


def _usual(dossier: Dossier, day: date) -> Usual | None:
    """Of the line in that world, among its siblings as they are."""
    siblings = {slug: each for slug, each in dossiers().items() if vendor_of(each) == vendor_of(dossier)}
    rate = rates({**siblings, dossier.subject: dossier}, day).get(dossier.subject)
    return Usual(rate) if rate else None


def _row(one: Difference, cards: Mapping[str, EvidenceCard]) -> DifferenceRow:
    known = tuple(cards[reference] for reference in one.evidence if reference in cards)
    return DifferenceRow(one, known, is_supposed(one.evidence))


# What can be switched off ---------------------------------------------------------------------------


def _events(dossier: Dossier, now: Assessment, asked: Mapping[str, Any]) -> tuple[Event, ...]:
    """Those public on the day, largest first; those switched off in any case."""
    heads: dict[str, Report] = {}
    for report in dossier.reports:
        if report.published <= now.as_of or report.event in asked["without"]:
            heads.setdefault(report.event, report)
    points = {item.key.removeprefix("EV:"): item.points for item in now.contributions}
    cards = evidence_index(head.id for head in heads.values())
    found = [
        Event(
            event=event,
            label=head.label or head.kind.replace("_", " "),
            points=points.get(event, 0.0),
            card=cards.get(head.id),
            is_off=event in asked["without"],
        )
        for event, head in heads.items()
    ]
    return tuple(sorted(found, key=lambda event: (-abs(event.points), event.event)))


def _query(asked: Mapping[str, Any], added: tuple[str, ...]) -> str:
    return scenario_query(asked["without"], added, asked["as_of"])


# What is supposed -----------------------------------------------------------------------------------


def _added(each: Supposed, asked: Mapping[str, Any], day: date) -> Added:
    left = tuple(other.token for other in asked["supposed"] if other.token != each.token)
    return Added(
        label=_label(each),
        counts_as=PRESETS[each.preset].counts_as,
        on=each.on,
        is_yet_to_come=each.on > day,
        without_it=_query(asked, left),
    )


def _label(each: Supposed) -> str:
    match each.preset:
        case "pledge":
            channel = kinds.Channel(each.channel).label
            return f"{each.specificity.capitalize()} promise to stay open ({channel})"
        case "signal":
            kind = load_rubric(SHIPPED).kinds[each.kind].label
            return f"{kind}, {each.direction}, severity {each.severity} of 5"
        case preset:
            return PRESETS[preset].label


def _toggled(chosen: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(other for other in chosen if other != one) if one in chosen else (*chosen, one)


def _offer(name: str, asked: Mapping[str, Any]) -> Offer:
    tokens, preset = tuple(each.token for each in asked["supposed"]), PRESETS[name]
    return Offer(name, preset.label, preset.counts_as, _query(asked, _toggled(tokens, name)), name in tokens)


def _alone(
    dossier: Dossier,
    rubric: Rubric,
    now: Assessment,
    without: Iterable[str],
    supposed: Iterable[Supposed],
    events: Iterable[Event],
) -> Iterable[Alone]:
    """Each part of the scenario by itself, computed anew."""

    def change(part: Suppositions) -> float:
        return assess(part.applied_to(dossier), rubric, now.as_of).durability - now.durability

    known = {event.event: event for event in events}
    for event in without:
        yield Alone(known[event].label, change(Suppositions(remove=frozenset({event}))), known[event].points)
    for each in supposed:
        yield Alone(_label(each), change(suppositions([each], dossier, rubric)), None)


def _pending(
    supposed: Iterable[Supposed], then: Assessment, rubric: Rubric, without: tuple[str, ...]
) -> Iterable[Pending]:
    """Supposed launches without weights that the state does not count yet."""
    every = tuple(supposed)
    wait = timedelta(days=rubric.state_limits.closed_days)
    for each in every:
        if each.preset == "hosted_next" and each.on <= then.as_of < each.on + wait:
            pinned = tuple(_pinned(other) for other in every)
            yield Pending(_label(each), each.on + wait, scenario_query(without, pinned, each.on + wait))


def _pinned(each: Supposed) -> str:
    """The same on its own day, whatever day the page speaks of."""
    return each.token if "@" in each.token else f"{each.token}@{each.on}"
