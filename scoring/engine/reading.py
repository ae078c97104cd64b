"""Everything that a dossier says about a line, over any days: the one path behind assessments and timelines.

raw = base + sum of all items, each already multiplied by its dimension's multiplier; sd as in ``spread`` (method
section 5). A single day is an array of one, so an assessment and a point of a timeline cannot differ.
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
class Reading:
    """Points by item over ``days`` [days], before multipliers; NaN where a feature is unknown."""

    rubric: Rubric
    days: DayNumbers
    events: EventPoints
    facts: dict[str, FactPoints]
    features: dict[str, Floats]
    pledges: tuple[PledgeTrack, ...]
    pressure: Floats
    interaction: Floats

    def multiplier(self, dimension: str) -> float:
        return self.rubric.dimensions[dimension].multiplier

    def event_points(self) -> Floats:
        """[events, days], multiplied."""
        factors = [self.multiplier(event.kind.dimension) for event in self.events.events]
        points: Floats = self.events.points * np.array(factors).reshape(-1, 1)
        return points

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

    def unknown_spread(self) -> dict[str, float]:
        """How much each feature widens the interval while it is unknown, multiplied, by code."""
        rubric, behavior = self.rubric, self.rubric.behavior
        spreads = {
            f"ST:{name}": self.multiplier(table.dimension) * table.spread for name, table in rubric.facts.items()
        }
        scale = self.multiplier(behavior.dimension)
        spreads["BE:flagship_share"] = scale * behavior.flagship_share.spread
        spreads["BE:cadence"] = scale * behavior.cadence.spread
        spreads["BE:open_lag"] = scale * behavior.open_lag.spread
        return spreads

    def raw(self) -> Floats:
        others = [np.nan_to_num(points) for points in self.feature_points().values()]
        total: Floats = self.rubric.scale.base + self.event_points().sum(axis=0) + np.sum(others, axis=0)
        return total

    def spread(self) -> Floats:
        """Standard deviation of the raw score in points: base, every item, doubt about events, unknown features, and
        what no record explains."""
        interval, scale = self.rubric.interval, self.rubric.scale
        events, features = self.event_points(), self.feature_points()
        squares = (events**2).sum(axis=0) + sum(np.nan_to_num(points) ** 2 for points in features.values())
        unknown = self.unknown_spread()
        missing = sum(unknown.get(code, 0.0) ** 2 * np.isnan(points) for (_, code), points in features.items())
        frailty = interval.frailty_nats * scale.points_per_nat
        variance = interval.base_spread**2 + interval.item_share**2 * squares + self._doubt() + missing + frailty**2
        deviation: Floats = np.sqrt(variance)
        return deviation

    def _doubt(self) -> Floats:
        """Variance from not knowing whether events are real: (points if certain)^2 x q x (1 - q)."""
        belief = self.events.credence
        factors = np.array([self.multiplier(event.kind.dimension) for event in self.events.events]).reshape(-1, 1)
        doubt: Floats = ((factors * self.events.full * self.events.share) ** 2 * belief * (1 - belief)).sum(axis=0)
        return doubt


def read(dossier: Dossier, rubric: Rubric, days: DayNumbers) -> Reading:
    """``days`` are ordinals in rising order. Raises ValueError for an event kind that the rubric does not know."""
    events = group_events(dossier.reports, rubric)
    points = read_events(events, rubric, days)
    releases = tuple(release for release in dossier.releases if release.verified)
    launches = tabulate(releases)
    pressure = pressure_level(events, rubric, days)
    return Reading(
        rubric=rubric,
        days=days,
        events=points,
        facts=read_facts(dossier.facts, rubric, days),
        features=read_behavior(releases, launches, rubric, days),
        pledges=_read_pledges(dossier, events, launches, rubric, days),
        pressure=pressure,
        interaction=rubric.interaction.points * reach_level(points, rubric, days) * pressure,
    )


def _read_pledges(
    dossier: Dossier, events: tuple[Event, ...], launches: LaunchTable, rubric: Rubric, days: DayNumbers
) -> tuple[PledgeTrack, ...]:
    def pressure(moments: DayNumbers) -> Floats:
        return pressure_level(events, rubric, moments)

    record = launch_record(launches, rubric.pledges, pressure, days)
    breaches = sorted(dossier.breaches, key=lambda breach: breach.id)
    return tuple(
        track_pledge(pledge, breaches, record, rubric.pledges, pressure, days)
        for pledge in sorted(dossier.pledges, key=lambda pledge: pledge.id)
        if pledge.made.toordinal() <= days[-1]
    )
