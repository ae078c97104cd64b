"""Everything that a dossier says about a line, over any days.

raw = base + sum of all items, each already multiplied by its dimension's multiplier; sd as in ``spread`` (method
section 5). An assessment reads each event, [events, days], for it has an item to show for each; a panel reads only the
background here and takes the events from ``totals``.
"""

from dataclasses import dataclass

import numpy as np

from scoring.engine.behavior import read_behavior
from scoring.engine.evidence import (
    DayNumbers,
    Event,
    EventPoints,
    Floats,
    group_events,
    pressure_level,
    reach_level,
    read_events,
)
from scoring.engine.facts import Dossier
from scoring.engine.launches import LaunchTable, tabulate
from scoring.engine.pledges import PledgeTrack, launch_record, track_pledge
from scoring.engine.rubric import Rubric
from scoring.engine.standing import FactPoints, read_facts


@dataclass(frozen=True, slots=True)
class Background:
    """Points of all items but events over ``days`` [days], before multipliers; NaN where a feature is unknown."""

    rubric: Rubric
    days: DayNumbers
    facts: dict[str, FactPoints]
    features: dict[str, Floats]
    pledges: tuple[PledgeTrack, ...]
    interaction: Floats

    def multiplier(self, dimension: str) -> float:
        return self.rubric.dimensions[dimension].multiplier

    def best_pledge(self) -> DayNumbers:
        """Index of the strongest pledge per day, -1 where none has been made: repeating a promise is no evidence."""
        if not self.pledges:
            return np.full(len(self.days), -1, dtype=np.int64)
        strength = np.nan_to_num(np.abs([track.points for track in self.pledges]), nan=-1.0)
        return np.where(strength.max(axis=0) < 0, -1, strength.argmax(axis=0))

    def pledge_points(self) -> Floats:
        best = self.best_pledge()
        points = np.zeros(len(self.days))
        for index, track in enumerate(self.pledges):
            points[best == index] = track.points[best == index]
        return points

    def feature_points(self) -> dict[tuple[str, str], Floats]:
        """Points of all items but events by (dimension, code), multiplied; NaN where unknown."""
        rubric = self.rubric
        items = {(rubric.facts[name].dimension, f"ST:{name}"): fact.points for name, fact in self.facts.items()}
        items |= {(rubric.behavior.dimension, f"BE:{name}"): points for name, points in self.features.items()}
        items[rubric.pledges.dimension, "PL:best_pledge"] = self.pledge_points()
        items[rubric.interaction.pressure, "IN:reach_x_pressure"] = self.interaction
        return {key: self.multiplier(key[0]) * points for key, points in items.items()}

    def background_points(self) -> Floats:
        total: Floats = np.sum([np.nan_to_num(points) for points in self.feature_points().values()], axis=0)
        return total

    def background_variance(self) -> Floats:
        """What items are unsure of, and what unknown features may be."""
        features, unknown = self.feature_points(), unknown_spread(self.rubric)
        variance = np.zeros(len(self.days))
        for (_, code), points in features.items():
            unsure = np.abs(self.rubric.interval.item_share * points)
            variance += np.where(np.isnan(points), unknown.get(code, 0.0), unsure) ** 2
        return variance


@dataclass(frozen=True, slots=True)
class Reading(Background):
    """With each event."""

    events: EventPoints
    pressure: Floats

    def event_points(self) -> Floats:
        """[events, days], multiplied."""
        points: Floats = self.events.points * self._factors()
        return points

    def _factors(self) -> Floats:
        return np.array([self.multiplier(event.kind.dimension) for event in self.events.events]).reshape(-1, 1)

    def raw(self) -> Floats:
        total: Floats = self.rubric.scale.base + self.event_points().sum(axis=0) + self.background_points()
        return total

    def spread(self) -> Floats:
        """Standard deviation of the raw score in points."""
        items = self.rubric.interval.item_share**2 * (self.event_points() ** 2).sum(axis=0)
        deviation: Floats = np.sqrt(base_variance(self.rubric) + items + self._doubt() + self.background_variance())
        return deviation

    def _doubt(self) -> Floats:
        """Variance from not knowing whether events are real: (points if certain)^2 x q x (1 - q)."""
        belief = self.events.credence
        certain = self._factors() * self.events.full * self.events.share
        doubt: Floats = (certain**2 * belief * (1 - belief)).sum(axis=0)
        return doubt


def unknown_spread(rubric: Rubric) -> dict[str, float]:
    """How much each feature widens the interval while it is unknown, multiplied, by code."""
    scale, behavior = rubric.dimensions[rubric.behavior.dimension].multiplier, rubric.behavior
    spreads = {
        f"ST:{name}": rubric.dimensions[table.dimension].multiplier * table.spread
        for name, table in rubric.facts.items()
    }
    spreads["BE:flagship_share"] = scale * behavior.flagship_share.spread
    spreads["BE:cadence"] = scale * behavior.cadence.spread
    spreads["BE:open_lag"] = scale * behavior.open_lag.spread
    return spreads


def base_variance(rubric: Rubric) -> float:
    """Of every score: of its base, and what no record explains."""
    interval = rubric.interval
    return interval.base_spread**2 + (interval.frailty_nats * rubric.scale.points_per_nat) ** 2


def read(dossier: Dossier, rubric: Rubric, days: DayNumbers) -> Reading:
    """``days`` are ordinals in rising order. Raises ValueError for an event kind that the rubric does not know."""
    events = group_events(dossier.reports, rubric)
    points = read_events(events, rubric, days)
    pressure = pressure_level(events, rubric, days)
    interaction = rubric.interaction.points * reach_level(points, rubric, days) * pressure
    known = read_background(dossier, events, rubric, days, pressure, interaction)
    return Reading(
        rubric=rubric,
        days=days,
        facts=known.facts,
        features=known.features,
        pledges=known.pledges,
        interaction=interaction,
        events=points,
        pressure=pressure,
    )


def read_background(
    dossier: Dossier,
    events: tuple[Event, ...],
    rubric: Rubric,
    days: DayNumbers,
    pressure: Floats,
    interaction: Floats,
) -> Background:
    """For a line whose ``events`` bring so much pressure and so many points by reach x pressure on these days."""
    releases = tuple(release for release in dossier.releases if release.verified)
    launches = tabulate(releases)
    return Background(
        rubric=rubric,
        days=days,
        facts=read_facts(dossier.facts, rubric, days),
        features=read_behavior(releases, launches, rubric, days),
        pledges=_read_pledges(dossier, events, launches, rubric, days, pressure),
        interaction=interaction,
    )


def _read_pledges(
    dossier: Dossier,
    events: tuple[Event, ...],
    launches: LaunchTable,
    rubric: Rubric,
    days: DayNumbers,
    pressure_now: Floats,
) -> tuple[PledgeTrack, ...]:
    pledges = sorted((p for p in dossier.pledges if p.made.toordinal() <= days[-1]), key=lambda pledge: pledge.id)
    if not pledges:
        return ()

    def pressure(moments: DayNumbers) -> Floats:
        return pressure_now if moments is days else pressure_level(events, rubric, moments)

    record = launch_record(launches, rubric.pledges, pressure, days)
    breaches = sorted(dossier.breaches, key=lambda breach: breach.id)
    return tuple(track_pledge(pledge, breaches, record, rubric.pledges, pressure, days) for pledge in pledges)
