"""Scores of many lines over many days (method section 9): equal to ``assess`` on each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.engine.columns import columns_of
from scoring.engine.evidence import DayNumbers, Event, Floats, group_events
from scoring.engine.facts import Dossier
from scoring.engine.hazard import averaged
from scoring.engine.reading import base_variance, read_background, unknown_spread
from scoring.engine.rubric import Rubric
from scoring.engine.totals import EventTotals, event_totals


@dataclass(frozen=True, slots=True)
class Panel:
    """Arrays are [lines, days], float64: points, and probabilities of a failure within 12 and 24 months."""

    subjects: tuple[str, ...]
    rubric: Rubric
    numbers: DayNumbers  # the days as ordinals
    durability: Floats
    raw: Floats
    low: Floats
    high: Floats
    sd: Floats

    def days(self) -> tuple[date, ...]:
        return tuple(date.fromordinal(number) for number in self.numbers.tolist())

    @property
    def p12(self) -> Floats:
        return self._chances(12)

    @property
    def p24(self) -> Floats:
        return self._chances(24)

    def _chances(self, months: int) -> Floats:
        """Line by line: the average over each score's uncertainty takes many times the memory of the scores."""
        chances = np.empty(self.raw.shape)
        for row, raw, sd in zip(chances, self.raw, self.sd, strict=True):
            row[:] = averaged(raw, sd, self.rubric, months)
        return chances


@dataclass(frozen=True, slots=True)
class Backgrounds:
    """Points and variance of all that is no event, [lines, days]."""

    points: Floats
    variance: Floats


def panel(dossiers: Sequence[Dossier], rubric: Rubric, first: date, last: date) -> Panel:
    """Every day from ``first`` to ``last``, both included; equal to ``assess`` on each. Raises ValueError when
    ``last`` is before ``first``."""
    if last < first:
        raise ValueError(f"a panel from {first} to {last} has no days")
    return panel_on(dossiers, rubric, np.arange(first.toordinal(), last.toordinal() + 1, dtype=np.int64))


def panel_on(dossiers: Sequence[Dossier], rubric: Rubric, days: DayNumbers) -> Panel:
    """``days`` are ordinals in rising order, one or more."""
    events = [group_events(dossier.reports, rubric) for dossier in dossiers]
    totals = event_totals(columns_of(events, rubric), rubric, days)
    known = backgrounds(dossiers, events, totals, rubric, days)
    return fold(tuple(dossier.subject for dossier in dossiers), totals, known, rubric, days)


def backgrounds(
    dossiers: Sequence[Dossier],
    events: Sequence[tuple[Event, ...]],
    totals: EventTotals,
    rubric: Rubric,
    days: DayNumbers,
) -> Backgrounds:
    known = nothing_known(totals, rubric)
    for row, (dossier, own) in enumerate(zip(dossiers, events, strict=True)):
        if dossier.facts or dossier.releases or dossier.pledges:
            read = read_background(dossier, own, rubric, days, totals.pressure[row], totals.interaction[row])
            known.points[row], known.variance[row] = read.background_points(), read.background_variance()
    return known


def nothing_known(totals: EventTotals, rubric: Rubric) -> Backgrounds:
    """Of lines without facts, releases and pledges: reach x pressure, and what is unknown may be anything."""
    missing = sum(spread**2 for spread in unknown_spread(rubric).values())
    points = rubric.dimensions[rubric.interaction.pressure].multiplier * totals.interaction
    return Backgrounds(points, rubric.interval.item_share**2 * points**2 + missing)


def fold(subjects: tuple[str, ...], totals: EventTotals, known: Backgrounds, rubric: Rubric, days: DayNumbers) -> Panel:
    scale = rubric.scale
    raw = totals.points + known.points
    raw += scale.base
    sd = totals.variance + known.variance
    sd += base_variance(rubric)
    np.sqrt(sd, out=sd)
    reach = rubric.interval.z * sd
    low, high = raw - reach, raw + reach
    for bound in (low, high):
        np.clip(bound, scale.lowest, scale.highest, out=bound)
    return Panel(subjects, rubric, days, np.clip(raw, scale.lowest, scale.highest), raw, low, high, sd)
