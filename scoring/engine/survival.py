"""How long commitments last: Kaplan-Meier with bands that know of clusters, medians, and a log-rank test.

One decision ends several products of a vendor, so that the unit of chance is the vendor: the variance of the estimate
sums influences by cluster (infinitesimal jackknife; Therneau and Grambsch 2000, section 2.5 and 7.2). With one unit a
cluster it is Greenwood's formula exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from scoring.engine.evidence import Floats

LEVEL = 0.90
SHUFFLES = 2000
SEED = 20261124


@dataclass(frozen=True, slots=True)
class Lasted:
    """``time`` until the failure, or until it was last seen whole; any unit, above 0."""

    time: float
    failed: bool
    cluster: str


@dataclass(frozen=True, slots=True)
class Step:
    """The share that outlasts ``time``, just after it. No band (None) where the share is 1 or 0."""

    time: float
    share: float
    low: float | None
    high: float | None
    at_risk: int
    failed: int
    clusters_at_risk: int


@dataclass(frozen=True, slots=True)
class Curve:
    steps: tuple[Step, ...]  # one for each time of a failure
    units: int
    clusters: int
    failures: int
    cluster_ends: tuple[float, ...]  # until when each cluster was at risk, the longest first

    @property
    def median(self) -> float | None:
        """When half have failed; None where more than half outlast the record."""
        return next((step.time for step in self.steps if step.share <= 0.5), None)

    @property
    def median_band(self) -> tuple[float | None, float | None]:
        """When the lower and the upper end of the band pass a half; None where they do not."""
        low = (step.time for step in self.steps if (step.share if step.low is None else step.low) <= 0.5)
        high = (step.time for step in self.steps if (step.share if step.high is None else step.high) <= 0.5)
        return next(low, None), next(high, None)

    def at(self, time: float) -> Step | None:
        """The last step not after ``time``; None before the first failure."""
        return next((step for step in reversed(self.steps) if step.time <= time), None)

    def reliable_to(self, clusters: int) -> float:
        """The last time at which so many clusters were still at risk; 0 where there never were."""
        return self.cluster_ends[clusters - 1] if len(self.cluster_ends) >= clusters else 0.0


def kaplan_meier(units: Sequence[Lasted], level: float = LEVEL) -> Curve:
    """The curve with log-log bands. Who is last seen at the time of a failure was still at risk then."""
    time = np.array([unit.time for unit in units], dtype=np.float64)
    failed = np.array([unit.failed for unit in units], dtype=bool)
    names, cluster = np.unique([unit.cluster for unit in units], return_inverse=True)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share, influence, steps = 1.0, np.zeros(len(units)), []
    for moment in np.unique(time[failed]):
        at_risk, hit = time >= moment, failed & (time == moment)
        n, d = int(at_risk.sum()), int(hit.sum())
        share *= 1.0 - d / n
        if n > d:
            influence += (hit - at_risk * (d / n)) / (n - d)
        by_cluster = np.bincount(cluster, weights=influence, minlength=len(names))
        low, high = _band(share, float(np.sqrt((by_cluster**2).sum())), z)
        steps.append(Step(float(moment), share, low, high, n, d, len(np.unique(cluster[at_risk]))))
    ends = sorted((float(time[cluster == number].max()) for number in range(len(names))), reverse=True)
    return Curve(tuple(steps), len(units), len(names), int(failed.sum()), tuple(ends))


def _band(share: float, error_of_log: float, z: float) -> tuple[float | None, float | None]:
    """Of log(-log S): it stays within 0 and 1. ``error_of_log``: standard error of log S."""
    if not 0.0 < share < 1.0:
        return None, None
    spread = np.exp(z * error_of_log / -np.log(share))
    return float(share**spread), float(share ** (1.0 / spread))


@dataclass(frozen=True, slots=True)
class Difference:
    """A log-rank test by permutation: ``as_large`` of ``shuffles`` deals of the groups differ at least as much."""

    statistic: float
    as_large: int
    shuffles: int

    @property
    def p_value(self) -> float:
        return (self.as_large + 1) / (self.shuffles + 1)


def log_rank(groups: Sequence[Sequence[Lasted]], shuffles: int = SHUFFLES, seed: int = SEED) -> Difference | None:
    """Do the groups fail at different rates? Whole clusters are dealt, so that one decision counts once.

    The statistic is the sum over groups of (observed - expected)^2 / expected. None with fewer than two groups or
    without any failure. A cluster with units in two groups is dealt in its two parts.
    """
    units = [(unit, number) for number, group in enumerate(groups) for unit in group]
    residual, expected = _residuals([unit for unit, _ in units])
    if len([group for group in groups if group]) < 2 or expected.sum() == 0.0:
        return None
    keys = [f"{number} {unit.cluster}" for unit, number in units]
    names, part = np.unique(keys, return_inverse=True)
    surplus, awaited = (_summed(values, part, len(names)) for values in (residual, expected))
    label = np.array([int(name.split(" ", 1)[0]) for name in names])
    statistic = _statistic(label, surplus, awaited, len(groups))
    source = np.random.default_rng(seed)
    dealt = (_statistic(source.permutation(label), surplus, awaited, len(groups)) for _ in range(shuffles))
    return Difference(statistic, sum(value >= statistic - 1e-12 for value in dealt), shuffles)


def _summed(values: Floats, part: NDArray[np.int64], parts: int) -> Floats:
    return np.bincount(part, weights=values, minlength=parts).astype(np.float64)


def _residuals(units: Sequence[Lasted]) -> tuple[Floats, Floats]:
    """Observed minus expected failures of each unit, and those expected, if all failed at the common rate."""
    time = np.array([unit.time for unit in units], dtype=np.float64)
    failed = np.array([unit.failed for unit in units], dtype=bool)
    expected = np.zeros(len(units))
    for moment in np.unique(time[failed]):
        at_risk = time >= moment
        expected += at_risk * (float((failed & (time == moment)).sum()) / float(at_risk.sum()))
    return failed - expected, expected


def _statistic(label: NDArray[np.int64], surplus: Floats, awaited: Floats, groups: int) -> float:
    difference = np.bincount(label, weights=surplus, minlength=groups)
    among = np.bincount(label, weights=awaited, minlength=groups)
    return float((difference[among > 0] ** 2 / among[among > 0]).sum())
