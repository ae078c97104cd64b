"""From points to probabilities, ways of failing and the copy already held (method section 5).

H(24 months) = anchor hazard x 2^(-(raw - anchor) / points per doubling); P = 1 - exp(-H). All ways of failing share one
hazard, divided by a softmax over the dimensions, so that they always sum to the total.
"""

from collections.abc import Mapping

import numpy as np

from scoring.engine.assessment import MODES, Forecast
from scoring.engine.constants import Scale
from scoring.engine.evidence import Floats
from scoring.engine.facts import StateFact
from scoring.engine.rubric import Rubric

HORIZONS = (12, 24)


def hazard(raw: Floats, scale: Scale, months: int) -> Floats:
    """Cumulative hazard of a failure within 12 or 24 months at a raw score."""
    part = {12: scale.hazard_12_months, 24: 1.0}[months]
    total: Floats = scale.anchor_hazard * part * np.exp2(-(raw - scale.anchor) / scale.points_per_doubling)
    return total


def probability(total: Floats) -> Floats:
    chance: Floats = -np.expm1(-total)
    return chance


def score_at(probability_24: float, scale: Scale) -> float:
    """The raw score that means this central probability of a failure within 24 months."""
    nats = -np.log1p(-probability_24) / scale.anchor_hazard
    return float(scale.anchor - scale.points_per_doubling * np.log2(nats))


def averaged(raw: Floats, sd: Floats, rubric: Rubric, months: int, part: float = 1.0) -> Floats:
    """P of a failure by ``part`` of the hazard, averaged over raw ~ N(raw, sd) by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(rubric.interval.nodes)
    around = raw[..., None] + sd[..., None] * nodes
    chance: Floats = probability(part * hazard(around, rubric.scale, months)) @ (weights / weights.sum())
    return chance


def mode_mix(dimensions: Mapping[str, float], rubric: Rubric) -> dict[str, float]:
    """Shares of the hazard by way of failing, from the points of every dimension; they sum to 1."""
    log_shares = np.array(
        [
            np.log(mode.share) - sum(slope * dimensions[name] for name, slope in sorted(mode.slopes.items())) / 10.0
            for mode in (rubric.modes[name] for name in MODES)
        ]
    )
    shares = np.exp(log_shares - log_shares.max())
    return dict(zip(MODES, (float(share) for share in shares / shares.sum()), strict=True))


def retroactive_share(license_fact: StateFact | None, rubric: Rubric) -> float:
    """Share of restrictions that can reach a copy already held.

    Without a known license it is the rubric's careful value, and a license recalled without a source is at least that.
    """
    held = rubric.held
    if license_fact is None or license_fact.value not in held.category:
        return held.unknown
    share = held.category[license_fact.value] + sum(held.flags.get(flag, 0.0) for flag in sorted(license_fact.flags))
    return min(1.0, share if license_fact.verified else max(share, held.unknown))


def forecast(
    raw: float, sd: float, mix: Mapping[str, float], retroactive: float, months: int, rubric: Rubric
) -> Forecast:
    center, spread = np.array(raw), np.array(sd)
    reach = rubric.interval.z * sd

    def at(score: float) -> float:
        return float(probability(hazard(np.array(score), rubric.scale, months)))

    def mean(part: float) -> float:
        return float(averaged(center, spread, rubric, months, part))

    total = mean(1.0)
    return Forecast(
        months=months,
        total=total,
        withdrawn=total * mix["withdrawn"],
        restricted=total * mix["restricted"],
        closed_next=total * mix["closed_next"],
        low=at(raw + reach),
        high=at(raw - reach),
        held=mean(mix["withdrawn"] + mix["restricted"] * retroactive),
        next_version=mean(mix["restricted"] + mix["closed_next"]),
        central=at(raw),
    )
