"""Reports to points: how real an event is, how it fades, and how much one dimension can take (method section 3).

credence q = sigmoid(clip(support - denial, +-limit)) over independent origins; amplitude = sign x magnitude x severity
x weight; fading = plateau + (1 - plateau) x 2^(-age / half-life); saturation = cap x (1 - exp(-sum / cap)) for each
dimension and sign. Days are ordinals in rising order; arrays are [events, days] in points.
"""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.engine.constants import Admiralty, Kind
from scoring.engine.facts import Report
from scoring.engine.rubric import Rubric

Floats = NDArray[np.float64]
DayNumbers = NDArray[np.int64]

SIGNS = {"weakens": -1, "strengthens": 1, "neutral": 0}


def log_likelihood_ratio(report: Report, admiralty: Admiralty) -> float:
    return admiralty.correlation * (
        admiralty.reliability[report.reliability] + admiralty.credibility[report.credibility]
    )


def pool(ratios: Iterable[float], further_origin: float) -> float:
    """The best origin in full, each further one at half of the one before, never less than nothing."""
    ranked = sorted(ratios, reverse=True)
    if not ranked:
        return 0.0
    return ranked[0] + sum(further_origin**place * max(ratio, 0.0) for place, ratio in enumerate(ranked) if place)


def credence(reports: Sequence[Report], admiralty: Admiralty) -> float:
    """Probability that the event is real. An origin counts once, by its best report; without support it is 0."""
    best: dict[tuple[bool, str], float] = {}
    for report in reports:
        key = (report.denies, report.origin)
        best[key] = max(best.get(key, -math.inf), log_likelihood_ratio(report, admiralty))
    support = [ratio for (denies, _), ratio in best.items() if not denies]
    if not support:
        return 0.0
    denial = [max(ratio, 0.0) for (denies, _), ratio in best.items() if denies]
    balance = pool(support, admiralty.further_origin) - pool(denial, admiralty.further_origin)
    return 1.0 / (1.0 + math.exp(-min(admiralty.limit, max(-admiralty.limit, balance))))


def fade(age: Floats, half_life: Floats, plateau: Floats) -> Floats:
    """What is left of an event after ``age`` days; an event announced ahead keeps its full weight until it occurs."""
    left: Floats = plateau + (1.0 - plateau) * np.exp2(-np.maximum(age, 0.0) / half_life)
    return left


def saturate(total: Floats, cap: float) -> Floats:
    full: Floats = cap * -np.expm1(-total / cap)
    return full


@dataclass(frozen=True, slots=True)
class Event:
    """Verified reports of one happening, in the order in which they became public."""

    id: str
    head: Report  # the first supporting report says what happened
    kind: Kind
    reports: tuple[Report, ...]

    @property
    def sign(self) -> int:
        return SIGNS[self.head.direction]

    def steps(self, rubric: Rubric, first: date, last: date) -> list[tuple[int, float, float]]:
        """(public from, credence, inheritance weight) for every day on which a report of the event appeared, of those
        that say something of the days from ``first`` to ``last``."""
        appeared = sorted({report.published for report in self.reports})
        steps = []
        for published in appeared[max(0, bisect_right(appeared, first) - 1) : bisect_right(appeared, last)]:
            public = [report for report in self.reports if report.published <= published]
            if support := [report.weight for report in public if not report.denies]:
                steps.append((published.toordinal(), credence(public, rubric.admiralty), max(support)))
        return steps


def group_events(reports: Iterable[Report], rubric: Rubric) -> tuple[Event, ...]:
    """Events that can move a score, by id. Raises ValueError for a kind or severity that the rubric does not know."""
    pooled: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.kind not in rubric.kinds:
            raise ValueError(f"report {report.id}: kind {report.kind!r} is not in rubric {rubric.name}")
        if not 1 <= report.severity <= len(rubric.severity.steps):
            raise ValueError(f"report {report.id}: severity {report.severity} is not on the scale")
        if report.verified:
            pooled[report.event].append(report)
    events = []
    for name, members in sorted(pooled.items()):
        ordered = sorted(members, key=lambda r: (r.published, r.origin, r.reliability, r.credibility, r.id))
        head = next((report for report in ordered if not report.denies), None)
        if head is not None and SIGNS[head.direction] and rubric.kinds[head.kind].magnitude:
            events.append(Event(name, head, rubric.kinds[head.kind], tuple(ordered)))
    return tuple(events)


@dataclass(frozen=True, slots=True)
class EventPoints:
    """All events of a line over days. ``full`` is signed and before credence and saturation, ``share`` is the factor
    that saturation leaves, ``sums`` holds the unsaturated points by (dimension, sign)."""

    events: tuple[Event, ...]
    full: Floats
    credence: Floats
    share: Floats
    sums: dict[tuple[str, int], Floats]

    @property
    def points(self) -> Floats:
        return self.full * self.credence * self.share


def believed(events: tuple[Event, ...], rubric: Rubric, days: DayNumbers) -> tuple[Floats, Floats]:
    """Signed points before credence and saturation, and credence, [events, days]."""
    full = _amplitudes(events, rubric, days)
    belief = np.zeros_like(full)
    if not len(days):
        return full, belief
    first, last = date.fromordinal(int(days[0])), date.fromordinal(int(days[-1]))
    for row, event in enumerate(events):
        inherited = np.zeros(len(days))
        for public_from, probability, weight in event.steps(rubric, first, last):
            start = np.searchsorted(days, public_from)
            belief[row, start:] = probability
            inherited[start:] = weight
        full[row] *= inherited
    return full, belief


def read_events(events: tuple[Event, ...], rubric: Rubric, days: DayNumbers) -> EventPoints:
    full, belief = believed(events, rubric, days)
    share = np.ones_like(full)
    sums: dict[tuple[str, int], Floats] = {}
    for key, rows in _by_dimension(events).items():
        # One after another: what does not count yet then leaves the sum as it is, to the last bit.
        total = np.cumsum(np.abs(full[rows] * belief[rows]), axis=0)[-1]
        sums[key] = total
        share[rows] = saturate(total, rubric.dimensions[key[0]].cap) / np.where(total > 0, total, 1.0)
    return EventPoints(events, full, belief, share, sums)


def _amplitudes(events: tuple[Event, ...], rubric: Rubric, days: DayNumbers) -> Floats:
    steps = rubric.severity.steps
    size = np.array([e.sign * e.kind.magnitude * steps[e.head.severity - 1] for e in events]).reshape(-1, 1)
    occurred = np.array([e.head.occurred.toordinal() for e in events], dtype=np.int64).reshape(-1, 1)
    half_life = np.array([e.kind.half_life for e in events]).reshape(-1, 1)
    plateau = np.array([e.kind.plateau for e in events]).reshape(-1, 1)
    amplitudes: Floats = size * fade((days - occurred).astype(np.float64), half_life, plateau)
    return amplitudes


def _by_dimension(events: tuple[Event, ...]) -> dict[tuple[str, int], list[int]]:
    rows: dict[tuple[str, int], list[int]] = defaultdict(list)
    for row, event in enumerate(events):
        rows[event.kind.dimension, event.sign].append(row)
    return rows


def pressure_level(events: tuple[Event, ...], rubric: Rubric, days: DayNumbers) -> Floats:
    """Saturated weakening pressure over its cap, 0 to 1, as known on each day (method section 4)."""
    name = rubric.interaction.pressure
    weakening = tuple(e for e in events if e.kind.dimension == name and e.sign < 0)
    total = read_events(weakening, rubric, days).sums.get((name, -1), np.zeros(len(days)))
    cap = rubric.dimensions[name].cap
    return saturate(total, cap) / cap


def reach_level(reading: EventPoints, rubric: Rubric, days: DayNumbers) -> Floats:
    total = reading.sums.get((rubric.interaction.reach, 1), np.zeros(len(days)))
    level: Floats = total / (total + rubric.interaction.reach_half)
    return level
