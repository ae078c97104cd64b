"""What the vendor does: share of recent flagships that are open, delay of the weights, rhythm (method section 4).

Every function gives points per day, NaN where the feature is unknown.
"""

from collections.abc import Iterable

import numpy as np

from scoring.engine.constants import Cadence, FlagshipShare, OpenLag
from scoring.engine.evidence import DayNumbers, Floats
from scoring.engine.facts import Release
from scoring.engine.launches import NEVER, Flags, LaunchTable, opened_on
from scoring.engine.rubric import Rubric


def read_behavior(
    releases: tuple[Release, ...], launches: LaunchTable, rubric: Rubric, days: DayNumbers
) -> dict[str, Floats]:
    constants = rubric.behavior
    return {
        "flagship_share": flagship_share(launches, constants.flagship_share, days),
        "cadence": cadence(releases, constants.cadence, days),
        "open_lag": open_lag(launches, constants.flagship_share.window, constants.open_lag, days),
    }


def in_window(launches: LaunchTable, window: int, days: DayNumbers) -> Flags:
    return launches.decides(days) & (days - launches.announced[:, None] < window)


def flagship_share(launches: LaunchTable, constants: FlagshipShare, days: DayNumbers) -> Floats:
    """slope x (open share - prior share), launches weighted 2^(-age / half-life), shrunk by one imagined launch."""
    recent = in_window(launches, constants.window, days)
    age = days - launches.announced[:, None]
    weight = np.where(recent, np.exp2(-age / constants.half_life), 0.0)
    fresh = (age < constants.grace) & ~launches.is_withdrawn(days)
    credit = np.where(launches.is_open(days), 1.0, np.where(fresh, constants.grace_credit, 0.0))
    prior = constants.prior_launches
    share = (prior * constants.prior_share + (weight * credit).sum(axis=0)) / (prior + weight.sum(axis=0))
    points = np.clip(constants.slope * (share - constants.prior_share), constants.lowest, constants.highest)
    return np.where(recent.any(axis=0), points, np.nan)


def open_lag(launches: LaunchTable, window: int, constants: OpenLag, days: DayNumbers) -> Floats:
    """Points for the median number of days from announcement to weights, over recent launches that opened."""
    if not len(launches.releases):
        return np.full(len(days), np.nan)
    counted = in_window(launches, window, days) & launches.has_opened(days)
    lag = (launches.opened - launches.announced).astype(np.float64)[:, None]
    ranked = np.sort(np.where(counted, lag, np.inf), axis=0)
    count = counted.sum(axis=0)
    last, columns = np.maximum(count - 1, 0), np.arange(len(days))
    known = count > 0
    median = np.where(known, 0.5 * (ranked[last // 2, columns] + ranked[(last + 1) // 2, columns]), 1.0)
    slow = -constants.slope * np.log2(np.maximum(median, 1.0) / constants.reference_days)
    points = np.where(
        median <= constants.prompt_days,
        constants.prompt_points,
        np.clip(slow, constants.lowest, constants.prompt_points),
    )
    return np.where(known, points, np.nan)


def open_days(releases: Iterable[Release]) -> DayNumbers:
    return np.array(sorted(day for release in releases if (day := opened_on(release)) < NEVER), dtype=np.int64)


def median_gap(opened: DayNumbers, recent: int) -> float:
    return float(np.median(np.diff(opened[-recent:])))


def cadence(releases: Iterable[Release], constants: Cadence, days: DayNumbers) -> Floats:
    """-slope x log2(days since the last open release / (patience x usual gap)); unknown below the least number."""
    opened = open_days(releases)
    usual = np.full(len(opened) + 1, np.nan)
    for number in range(constants.least_releases, len(opened) + 1):
        usual[number] = max(constants.least_gap, median_gap(opened[:number], constants.recent_releases))
    count = np.searchsorted(opened, days, side="right")
    last = np.concatenate(([0], opened))[count]
    late = np.log2(np.maximum((days - last) / (constants.patience * usual[count]), 1e-9))
    points: Floats = -np.minimum(-constants.lowest, constants.slope * np.maximum(0.0, late))
    return points
