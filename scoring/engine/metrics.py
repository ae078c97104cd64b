"""How good forecasts were (method section 14). ``p`` are probabilities, ``hit`` what came, one entry per forecast."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.evidence import Floats

Hits = NDArray[np.bool_]

CLIP = 1e-4  # no forecast is taken for surer than this in logarithms
BINS = 5
Z90 = 1.6448536269514722  # quantile .95 of the normal distribution


@dataclass(frozen=True, slots=True)
class Metrics:
    """None where a figure does not exist: no failures, no survivors, or forecasts that are all alike."""

    n: int
    events: int
    brier: float | None
    log_loss: float | None
    bss: float | None
    auc24: float | None
    c_index: float | None
    ece: float | None
    intercept: float | None
    slope: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    forecast: float
    observed: float
    n: int


def judge(p: Floats, hit: Hits, time: Floats, base: Floats) -> Metrics:
    """All figures; ``bss`` is the Brier skill over the forecasts ``base``, ``time`` the days followed."""
    if not len(p):
        return Metrics(0, 0, None, None, None, None, None, None, None, None)
    reference = brier(base, hit)
    intercept, slope = calibration(p, hit)
    return Metrics(
        n=len(p),
        events=int(hit.sum()),
        brier=brier(p, hit),
        log_loss=float(log_losses(p, hit).mean()),
        bss=1.0 - brier(p, hit) / reference if reference > 0 else None,
        auc24=auc(p, hit),
        c_index=c_index(p, time, hit),
        ece=calibration_error(p, hit),
        intercept=intercept,
        slope=slope,
    )


def brier(p: Floats, hit: Hits) -> float:
    return float(np.mean((p - hit) ** 2))


def log_losses(p: Floats, hit: Hits) -> Floats:
    chance = np.clip(p, CLIP, 1.0 - CLIP)
    losses: Floats = -np.log(np.where(hit, chance, 1.0 - chance))
    return losses


def ranks(values: Floats) -> Floats:
    """Ranks from 1; equal values share the mean of theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    mean: Floats = (last - (count - 1) / 2.0)[place]
    return mean


def auc(p: Floats, hit: Hits) -> float | None:
    """Chance that a forecast which came true was higher than one which did not; equal ones count a half."""
    hits, others = int(hit.sum()), int((~hit).sum())
    if not hits or not others:
        return None
    return float((ranks(p)[hit].sum() - hits * (hits + 1) / 2.0) / (hits * others))


def rank_correlation(one: Floats, other: Floats) -> float | None:
    """Spearman's; None where either has no order."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


def c_index(p: Floats, time: Floats, hit: Hits) -> float | None:
    """Harrell's C: over pairs of which one is known to have failed first, how often it had the higher forecast."""
    agree = pairs = 0.0
    for moment in np.unique(time[hit]):
        later, first = p[time > moment], p[(time == moment) & hit]
        ordered = np.sort(later)
        below = np.searchsorted(ordered, first, side="left")
        equal = np.searchsorted(ordered, first, side="right") - below
        agree += float((below + 0.5 * equal).sum())
        pairs += len(first) * len(later)
    return agree / pairs if pairs else None


def reliability(p: Floats, hit: Hits) -> tuple[Bin, ...]:
    """Forecast and outcome in five bins of equal size, from the lowest forecasts up."""
    return tuple(Bin(float(p[part].mean()), float(hit[part].mean()), len(part)) for part in equal_parts(p))


def equal_parts(p: Floats) -> list[NDArray[np.int64]]:
    """Places of the forecasts of each bin, from the lowest up; fewer bins where there are fewer forecasts."""
    return [part for part in np.array_split(np.argsort(p, kind="stable"), BINS) if len(part)]


def share_interval(hits: int, n: int) -> tuple[float, float]:
    """Wilson's interval of 90 % for a share (Wilson 1927); it takes every case for independent."""
    share, z2 = hits / n, Z90 * Z90
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z90 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def calibration_error(p: Floats, hit: Hits) -> float:
    bins = reliability(p, hit)
    return sum(part.n * abs(part.forecast - part.observed) for part in bins) / len(p)


def calibration(p: Floats, hit: Hits) -> tuple[float | None, float | None]:
    """Intercept at slope 1 (above 0: more came than was said), and slope, of logit(outcome) on logit(forecast)."""
    if hit.all() or not hit.any():
        return None, None
    chance = np.clip(p, CLIP, 1.0 - CLIP)
    logit = np.log(chance / (1.0 - chance))
    intercept = _logistic(np.ones((len(p), 1)), logit, hit)
    together = None if np.ptp(logit) < 1e-9 else _logistic(np.column_stack([np.ones(len(p)), logit]), 0.0 * logit, hit)
    return (None if intercept is None else float(intercept[0])), (None if together is None else float(together[1]))


def _logistic(matrix: Floats, offset: Floats, hit: Hits) -> Floats | None:
    """Maximum likelihood by Newton steps; None where it does not exist (outcomes perfectly told apart)."""
    b: Floats = np.zeros(matrix.shape[1])
    for _ in range(100):
        chance = 1.0 / (1.0 + np.exp(-np.clip(offset + matrix @ b, -30.0, 30.0)))
        curvature = (matrix * (chance * (1.0 - chance))[:, None]).T @ matrix
        step = np.linalg.solve(curvature, matrix.T @ (hit - chance))
        b += np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-9:
            return b
    return None
