"""What a promise is worth and how it stands (method section 7).

value = specificity x channel x silence x exp(-rate x gap) x (2 x credibility - 1). The gap is the pressure above the
highest level at which the pledge was made or last kept. Arrays are one value per day.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.engine.constants import Pledges as Constants
from scoring.engine.evidence import DayNumbers, Floats
from scoring.engine.facts import Breach, Pledge
from scoring.engine.launches import NEVER, Flags, LaunchTable

PressureOn = Callable[[DayNumbers], Floats]


@dataclass(frozen=True, slots=True)
class LaunchRecord:
    """How launches kept or missed an open promise, [rows, days]; the same for every pledge of a line."""

    table: LaunchTable
    kept: Flags
    missed: Flags
    kept_weight: Floats
    missed_weight: Floats
    pressure_now: Floats
    pressure_when_opened: Floats


def launch_record(table: LaunchTable, constants: Constants, pressure: PressureOn, days: DayNumbers) -> LaunchRecord:
    """A flagship without weights for so many days is a miss, and so is a withdrawn one from the day it went."""
    decides, is_open = table.decides(days), table.is_open(days)
    taken_back = table.has_opened(days) & table.is_withdrawn(days)
    miss_from = np.where(taken_back, table.withdrawn[:, None], table.announced[:, None] + constants.miss_days)
    missed = decides & ~is_open & (days >= miss_from)
    kept = decides & is_open
    moments, back = np.unique(table.opened, return_inverse=True)
    return LaunchRecord(
        table=table,
        kept=kept,
        missed=missed,
        kept_weight=_faded(kept, days - table.opened[:, None], constants),
        missed_weight=_faded(missed, days - miss_from, constants),
        pressure_now=pressure(days),
        pressure_when_opened=pressure(moments)[back],
    )


def _faded(counted: Flags, age: DayNumbers, constants: Constants) -> Floats:
    weights = np.where(counted, np.exp2(-np.where(counted, age, 0) / constants.record_half_life), 0.0)
    total: Floats = weights.sum(axis=0)
    return total


@dataclass(frozen=True, slots=True)
class PledgeTrack:
    """One pledge over days: points (NaN before it was made), credibility, and what its status follows from."""

    pledge: Pledge
    points: Floats
    credibility: Floats
    gap: Floats
    silent_days: DayNumbers
    kept_since: Flags
    missed_last: Flags
    broken: Flags
    expired: Flags
    overdue: Flags

    def status(self, index: int, constants: Constants) -> tuple[str, str]:
        """(status, reason) on the day at ``index``; the first rule that holds."""
        gap, silent = float(self.gap[index]), int(self.silent_days[index])
        rules = (
            (self.broken[index], "broken", "a contradicting act is on record"),
            (self.expired[index], "superseded", "it has expired"),
            (self.overdue[index], "broken", "its due date passed and nothing was released"),
            (
                gap > constants.gap_limit,
                "at_risk",
                f"pressure rose by {gap:.2f} above the level under which it was last kept",
            ),
            (self.missed_last[index], "at_risk", "the latest flagship since the pledge is not open"),
            (silent > constants.silence_days, "at_risk", f"{silent} days without a release that keeps it"),
            (self.kept_since[index], "kept", "kept by a release since"),
        )
        return next(((code, reason) for holds, code, reason in rules if holds), ("open", "not tested yet"))


def track_pledge(
    pledge: Pledge,
    breaches: Iterable[Breach],
    record: LaunchRecord,
    constants: Constants,
    pressure: PressureOn,
    days: DayNumbers,
) -> PledgeTrack:
    made = pledge.made.toordinal()
    opened, announced = record.table.opened[:, None], record.table.announced[:, None]
    keeps = record.kept & (opened >= made)
    last = np.where(keeps, opened, made).max(axis=0, initial=made)
    base = float(pressure(np.array([made], dtype=np.int64))[0])
    tested = np.where(keeps, record.pressure_when_opened[:, None], base).max(axis=0, initial=base)
    gap = np.maximum(0.0, record.pressure_now - tested)
    weight, broken = _breaches(pledge, breaches, constants, days)
    kept = constants.prior_kept + record.kept_weight
    credibility = kept / (kept + constants.prior_missed + record.missed_weight + weight)
    expired = days > _or_never(pledge.expires)
    overdue = (days > _or_never(pledge.due)) & (last <= made)
    points = _value(pledge, constants, days - last, gap) * (2.0 * credibility - 1.0) * constants.points
    points = np.where(points > 0, points, constants.negative_share * points)
    points = np.where(broken | expired | overdue, np.minimum(points, 0.0), points)
    return PledgeTrack(
        pledge=pledge,
        points=np.where(days >= made, points if pledge.verified else 0.0, np.nan),
        credibility=credibility,
        gap=gap,
        silent_days=days - last,
        kept_since=last > made,
        missed_last=(record.missed & (announced >= np.maximum(last, made))).any(axis=0),
        broken=broken,
        expired=expired,
        overdue=overdue,
    )


def _value(pledge: Pledge, constants: Constants, silent_days: DayNumbers, gap: Floats) -> Floats:
    binding = pledge.specificity == "binding"
    silence = 1.0 if binding else np.exp2(-np.maximum(silent_days, 0) / constants.silence_half_life)
    strength = constants.specificity[pledge.specificity] * constants.channel[pledge.channel]
    value: Floats = strength * silence * np.exp(-constants.gap_rate * gap)
    return value


def _breaches(
    pledge: Pledge, breaches: Iterable[Breach], constants: Constants, days: DayNumbers
) -> tuple[Floats, Flags]:
    """Weight of the acts against this pledge, and whether one of them came after it was made."""
    weight, broken = np.zeros(len(days)), np.zeros(len(days), dtype=np.bool_)
    for breach in breaches:
        if breach.pledge not in (None, pledge.id):
            continue
        public = days >= max(breach.on, breach.known).toordinal()
        weight += constants.breach_weight * _faded(public[None, :], days[None, :] - breach.on.toordinal(), constants)
        if breach.on >= pledge.made:
            broken |= public
    return weight, broken


def _or_never(day: date | None) -> int:
    return NEVER if day is None else day.toordinal()
