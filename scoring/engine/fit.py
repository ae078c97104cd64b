"""The fit: half-years at risk, complementary log-log, expert priors (method section 14).

log(rate per half-year) = base + era x decades + features x coefficients; a half-year with exposure e fails with
1 - exp(-rate x e). Coefficients have independent normal priors and keep their side of zero where the expert says so.
The maximum is found by Newton steps with an active set; the covariance is the inverse of the curvature there (Laplace).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.evidence import Floats
from scoring.engine.expert import Candidate, Expert, Prior, prior
from scoring.engine.periods import HORIZON_HALVES, YEARS_TO_MIDDLE, Periods

NODES = 9
LEAST_RATE, MOST_RATE = -30.0, 4.0  # bounds of the linear predictor, against overflow only
STEPS = 60
BLOCK = 256  # rows
LONGEST = 2.0  # no step moves a coefficient further, in nats
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Posterior:
    """Coefficients at the maximum and their covariance, in nats; ``until`` ends the trend over the calendar."""

    columns: tuple[str, ...]
    mean: Floats
    covariance: Floats
    center: float
    until: float


class FitError(ArithmeticError):
    """The fit did not settle."""


def design(x: Floats, middle: Floats, center: float, until: float) -> Floats:
    """The columns of the fit: one, decades since the center (no further than ``until``), the features."""
    era = (np.minimum(middle, until) - center) / 10.0
    return np.column_stack([np.ones(len(x)), era, x])


def fit(periods: Periods, expert: Expert, candidate: Candidate, until: float) -> Posterior:
    """Fit to these periods; ``until`` is the last moment known, years AD. Raises FitError when it does not settle."""
    last = until + YEARS_TO_MIDDLE
    matrix = design(periods.x, periods.middle, expert.era.center, last)
    age = np.maximum(until - periods.middle, 0.0)
    weight = np.exp2(-age / candidate.recency) if candidate.recency else np.ones(len(age))
    mean, covariance = maximize(matrix, periods.failed, periods.exposure, weight, prior(expert, candidate))
    return Posterior(expert.columns, mean, covariance, float(expert.era.center), last)


def maximize(
    matrix: Floats, failed: NDArray[np.bool_], exposure: Floats, weight: Floats, belief: Prior
) -> tuple[Floats, Floats]:
    """Coefficients at the maximum of log likelihood plus log prior, and the inverse curvature there.

    ``matrix`` has shape (periods, coefficients), ``exposure`` is in half-years, ``weight`` multiplies each period's log
    likelihood. Raises FitError when sixty steps do not settle.
    """
    b: Floats = np.where(belief.side * belief.mean < 0, 0.0, belief.mean)
    value = log_posterior(b, matrix, failed, exposure, weight, belief)
    for _ in range(STEPS):
        slope, curvature = _derivatives(b, matrix, failed, exposure, weight, belief)
        step = _step(b, slope, curvature, belief)
        taken, value = _taken(b, step, value, matrix, failed, exposure, weight, belief)
        moved = float(np.abs(taken - b).max())
        b = taken
        if np.abs(step).max() < TOLERANCE:
            curvature = _derivatives(b, matrix, failed, exposure, weight, belief)[1]
            return b, np.linalg.inv(curvature).astype(np.float64)
    raise FitError(f"the fit did not settle in {STEPS} steps; the last moved a coefficient by {moved:.2g}")


def _step(b: Floats, slope: Floats, curvature: Floats, belief: Prior) -> Floats:
    """Newton's step, without the coefficients that stand at zero and would leave their side."""
    at_zero = (belief.side != 0) & (b == 0.0)
    held = at_zero & (belief.side * slope < 0)
    while True:
        step = np.zeros(len(b))
        step[~held] = np.linalg.solve(curvature[np.ix_(~held, ~held)], slope[~held])
        leaves = at_zero & (belief.side * step < 0)
        if not leaves.any():
            return step
        held |= leaves


def _taken(
    b: Floats,
    step: Floats,
    value: float,
    matrix: Floats,
    failed: NDArray[np.bool_],
    exposure: Floats,
    weight: Floats,
    belief: Prior,
) -> tuple[Floats, float]:
    """The longest halved step that does not lower the value, with signs kept."""
    size = min(1.0, LONGEST / max(float(np.abs(step).max()), TOLERANCE))
    while size > 1e-9:
        tried = b + size * step
        tried = np.where(belief.side * tried < 0, 0.0, tried)
        reached = log_posterior(tried, matrix, failed, exposure, weight, belief)
        if reached >= value - 1e-12 * abs(value):
            return tried, reached
        size /= 2.0
    return b, value


def log_posterior(
    b: Floats, matrix: Floats, failed: NDArray[np.bool_], exposure: Floats, weight: Floats, belief: Prior
) -> float:
    total = _hazard(b, matrix, exposure)
    likelihood = np.where(failed, np.log(np.maximum(-np.expm1(-total), 1e-300)), -total)
    return float(weight @ likelihood - 0.5 * np.sum(((b - belief.mean) / belief.spread) ** 2))


def _derivatives(
    b: Floats, matrix: Floats, failed: NDArray[np.bool_], exposure: Floats, weight: Floats, belief: Prior
) -> tuple[Floats, Floats]:
    """Gradient, and minus the second derivative, of ``log_posterior``."""
    total = _hazard(b, matrix, exposure)
    ratio = total / np.expm1(np.maximum(total, 1e-12))  # d log P(fails) / d predictor
    slope = np.where(failed, ratio, -total)
    curve = np.where(failed, ratio * (total + ratio - 1.0), total)
    precision = 1.0 / belief.spread**2
    gradient = np.einsum("ij,i->j", matrix, weight * slope) - precision * (b - belief.mean)
    return gradient, _squares(matrix, weight * np.maximum(curve, 0.0)) + np.diag(precision)


def _hazard(b: Floats, matrix: Floats, exposure: Floats) -> Floats:
    total: Floats = np.exp(np.clip(np.einsum("ij,j->i", matrix, b), LEAST_RATE, MOST_RATE)) * exposure
    return total


def _squares(matrix: Floats, weight: Floats) -> Floats:
    """matrix' diag(weight) matrix, in blocks too small to be worth a second thread: starting one costs more."""
    whole = len(matrix) - len(matrix) % BLOCK
    blocks = matrix[:whole].reshape(-1, BLOCK, matrix.shape[1])
    weighed = blocks * weight[:whole].reshape(-1, BLOCK, 1)
    rest = np.einsum("ij,ik->jk", matrix[whole:] * weight[whole:, None], matrix[whole:])
    together: Floats = (weighed.transpose(0, 2, 1) @ blocks).sum(axis=0) + rest
    return together


def chances(posterior: Posterior, x: Floats, origin: Floats, halves: float = HORIZON_HALVES) -> Floats:
    """P of a failure within so many half-years of each origin (years AD), averaged over the posterior.

    Features stand as they are on the day; the calendar is that of the middle of the time ahead.
    """
    matrix = design(x, origin + halves / 4.0, posterior.center, posterior.until)
    center = np.einsum("ij,j->i", matrix, posterior.mean)
    spread = np.sqrt(np.einsum("ij,jk,ik->i", matrix, posterior.covariance, matrix))
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    rates = np.exp(np.clip(center[:, None] + spread[:, None] * nodes, LEAST_RATE, MOST_RATE))
    averaged: Floats = (-np.expm1(-halves * rates) * (weights / weights.sum())).sum(axis=1)
    return averaged
