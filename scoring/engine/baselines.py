"""What the fit must beat (method section 14): simpler forecasts from the same past."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.evidence import Floats
from scoring.engine.expert import Candidate, Expert, Prior, prior
from scoring.engine.fit import Posterior, chances, design, maximize
from scoring.engine.periods import HORIZON_HALVES, YEARS_TO_MIDDLE, Forecasts, Periods, new_year

HORIZON_DAYS = 730
PSEUDO_STARTS = 10.0  # a group begins with so many starts at the base rate, so that none is forecast with certainty
WIDE = 20.0  # spread of a prior that is none, but keeps a maximum where outcomes are perfectly told apart
FIXED = 1e-3
ORDINALS = ((10.0, 10.0), (7.0, 7.5), (4.0, 5.0), (1e-9, 2.5))  # least points, weight: critical, high, medium, low


@dataclass(frozen=True, slots=True)
class Past:
    """What was known on a day: half-years that had ended, starts on each 1 January before, the moment in years AD."""

    periods: Periods
    starts: Forecasts
    day: int
    until: float


def baselines(past: Past, due: Forecasts, expert: Expert, candidate: Candidate) -> dict[str, Floats]:
    """24-month forecasts of each simpler method for the rows due."""
    base = base_rate(past)
    return {
        **least(past, due, expert, candidate),
        "governance_km": _by_group(past, past.starts.governance, due.governance, base),
        "license_only": _by_group(past, past.starts.terms, due.terms, base),
        "weighted_sum": _weighted_sum(past, due, expert),
        "weighted_sum_era": _weighted_sum_era(past, due, expert, candidate),
        "expert_points": _expert_points(past, due, expert),
        "unpenalized": _unpenalized(past, due, expert, candidate),
    }


def least(past: Past, due: Forecasts, expert: Expert, candidate: Candidate) -> dict[str, Floats]:
    """The two that know nothing of a case: base rate and trend."""
    return {
        "base_rate": np.full(len(due.year), base_rate(past)),
        "era_only": _era_only(past, due, expert, candidate),
    }


def base_rate(past: Past) -> float:
    """Failures over exposure of the whole past, carried on for 24 months."""
    exposure = float(past.periods.exposure.sum())
    return float(-np.expm1(-HORIZON_HALVES * past.periods.failed.sum() / exposure))


def survival(time: Floats, failed: NDArray[np.bool_], at: float) -> float:
    """Kaplan-Meier: the share that outlasts ``at``; who is censored on a day of failure was still at risk then."""
    share = 1.0
    for moment in np.unique(time[failed & (time <= at)]):
        share *= 1.0 - float((failed & (time == moment)).sum()) / float((time >= moment).sum())
    return share


def _by_group(past: Past, groups: NDArray[np.object_], wanted: NDArray[np.object_], base: float) -> Floats:
    """Kaplan-Meier over 24 months from every 1 January of the past, per group, drawn a little to the base rate."""
    begun = np.array([new_year(int(year)) for year in past.starts.year], dtype=np.int64)
    stop = np.minimum(past.starts.end, past.day)
    failed = past.starts.failed & (past.starts.end < past.day) & (past.starts.end - begun < HORIZON_DAYS)
    time = np.minimum(stop - begun, HORIZON_DAYS).astype(np.float64)
    named, asked = groups.astype(str), wanted.astype(str)
    chance = np.full(len(asked), base)
    for group in np.unique(asked):
        among = named == group
        n = float(among.sum())
        seen = 1.0 - survival(time[among], failed[among], HORIZON_DAYS) if n else base
        chance[asked == group] = (n * seen + PSEUDO_STARTS * base) / (n + PSEUDO_STARTS)
    return chance


def _era_only(past: Past, due: Forecasts, expert: Expert, candidate: Candidate) -> Floats:
    """The engine without any feature: base and trend over the calendar."""
    full = prior(expert, candidate)
    belief = Prior(full.mean[:2], full.spread[:2], full.side[:2])
    last = past.until + YEARS_TO_MIDDLE
    none = np.zeros((len(past.periods.middle), 0))
    matrix = design(none, past.periods.middle, expert.era.center, last)
    weight = np.ones(len(matrix))
    mean, covariance = maximize(matrix, past.periods.failed, past.periods.exposure, weight, belief)
    posterior = Posterior(expert.columns[:2], mean, covariance, float(expert.era.center), last)
    return chances(posterior, np.zeros((len(due.year), 0)), due.year.astype(np.float64))


def _central(past: Past, matrix: Floats, ahead: Floats, belief: Prior) -> Floats:
    """Fit, and forecast with the fitted center alone."""
    weight = np.ones(len(matrix))
    mean, _ = maximize(matrix, past.periods.failed, past.periods.exposure, weight, belief)
    chance: Floats = -np.expm1(-HORIZON_HALVES * np.exp(np.clip(np.einsum("ij,j->i", ahead, mean), -30.0, 4.0)))
    return chance


def _two_columns(past: Past, due: Forecasts, weights: Floats, mean: float, spread: float, base: float) -> Floats:
    """Base plus one multiple of a weighted sum of the features."""
    matrix = np.column_stack([np.ones(len(past.periods.x)), past.periods.x @ weights])
    ahead = np.column_stack([np.ones(len(due.x)), due.x @ weights])
    belief = Prior(np.array([base, mean]), np.array([WIDE, spread]), np.zeros(2))
    return _central(past, matrix, ahead, belief)


def _weighted_sum(past: Past, due: Forecasts, expert: Expert) -> Floats:
    """Ordinal weights as in a scorecard (10, 7.5, 5, 2.5 by expert points), summed, then calibrated."""
    return _two_columns(past, due, _ordinal(expert), 0.5, WIDE, expert.base.nats)


def _ordinal(expert: Expert) -> Floats:
    points = np.array([feature.points for feature in expert.features.values()])
    weights = np.array([next((w for least, w in ORDINALS if abs(p) >= least), 0.0) for p in points])
    signed: Floats = -np.sign(points) * weights / 10.0
    return signed


def _weighted_sum_era(past: Past, due: Forecasts, expert: Expert, candidate: Candidate) -> Floats:
    """The weighted sum with the engine's trend over the calendar: what is left to the engine is its weights."""
    last, center = past.until + YEARS_TO_MIDDLE, expert.era.center
    ordinal = _ordinal(expert)[:, None]
    full = prior(expert, candidate)
    belief = Prior(np.append(full.mean[:2], 0.5), np.append(full.spread[:2], WIDE), np.zeros(3))
    matrix = design(past.periods.x @ ordinal, past.periods.middle, center, last)
    ahead = design(due.x @ ordinal, due.year.astype(np.float64) + YEARS_TO_MIDDLE, center, last)
    return _central(past, matrix, ahead, belief)


def _expert_points(past: Past, due: Forecasts, expert: Expert) -> Floats:
    """The centers of the priors as they are; only the base is fitted."""
    weights = prior(expert, expert.candidates[0]).mean[2:]
    return _two_columns(past, due, weights, 1.0, FIXED, expert.base.nats)


def _unpenalized(past: Past, due: Forecasts, expert: Expert, candidate: Candidate) -> Floats:
    """The same columns by maximum likelihood."""
    last, center = past.until + YEARS_TO_MIDDLE, expert.era.center
    matrix = design(past.periods.x, past.periods.middle, center, last)
    ahead = design(due.x, due.year.astype(np.float64) + YEARS_TO_MIDDLE, center, last)
    start = prior(expert, candidate).mean
    flat = Prior(np.concatenate([start[:1], np.zeros(len(start) - 1)]), np.full(len(start), WIDE), np.zeros(len(start)))
    return _central(past, matrix, ahead, flat)
