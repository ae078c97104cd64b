"""What a portfolio stands to lose, in person-days: expected work, its spread, and how much moves at once.

Method section 19. Arrays are (deployments,) or (deployments, 3), ways of failing in the order of ``MODES``. Every
constant is expert judgment, and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from scoring.engine.assessment import MODES
from scoring.engine.constants import Scale

Floats = NDArray[np.float64]
Three = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Assumptions:
    # Of the estimated work, by how deep a model is built in: behind a gateway a switch is a setting and a test;
    # fine-tuned into a product it also means new data, new evaluation and new promises to customers.
    embed: tuple[float, ...] = (0.1, 0.3, 0.6, 1.0, 1.5)
    # Of the switch, what each way of failing forces. Withdrawn: all of it. Restricted: some uses stay within the new
    # terms. Next version closed: what runs runs on, and the switch can be planned.
    impact: Three = (1.0, 0.6, 0.5)
    # What a copy spares. Compared: the weights run on, bar the rare order to stop using them, and often under the terms
    # they came with. Not compared: it may be broken.
    verified_copy: Three = (0.9, 0.3, 0.0)
    unverified_copy: Three = (0.5, 0.1, 0.0)
    # The text of the day shows which rights were granted; alone it keeps nothing running.
    license_text: Three = (0.0, 0.3, 0.0)
    # A switch that was rehearsed and passed takes about half the work, whatever forces it.
    rehearsed: Three = (0.5, 0.5, 0.5)
    # Vendors share markets, regulators and hardware, but decide alone. Lines of one vendor move together.
    correlation: float = 0.2
    draws: int = 10_000
    seed: int = 20_261_124
    # PERT: the most likely value weighs four times each end.
    pert_weight: float = 4.0
    # Work that nine of ten simulated years do not exceed.
    quantile: float = 0.9
    nodes: int = 64


ASSUMED = Assumptions()


@dataclass(frozen=True, slots=True)
class Held:
    """One deployment. ``chances`` by way of failing within 12 months; ``least`` and ``most`` the range of their sum."""

    vendor: str
    chances: Three
    least: float
    most: float
    hazard: float  # cumulative, 24 months
    low: float  # person-days of a whole switch
    likely: float
    high: float
    embed: int  # 0 to 4
    spared: Three = (0.0, 0.0, 0.0)
    impact: Three = ASSUMED.impact

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise ValueError("work: 0 <= low <= likely <= high")
        if not all(0 <= each <= 1 for each in (*self.chances, *self.spared, *self.impact, self.least, self.most)):
            raise ValueError("chances, impact and what is spared lie within 0 and 1")
        if self.total > 1 + 1e-9 or self.hazard < 0 or not 0 <= self.embed < len(ASSUMED.embed):
            raise ValueError("chances sum to 1 at most, the hazard is not negative, the depth is 0 to 4")

    @property
    def total(self) -> float:
        return sum(self.chances)


@dataclass(frozen=True, slots=True)
class Exposure:
    """By deployment and way of failing, in person-days."""

    lands: Floats  # work if it happens
    expected: Floats  # lands x chance
    least: Floats  # cheapest work x lowest plausible chance
    most: Floats  # dearest work x highest plausible chance

    @property
    def total(self) -> float:
        return float(self.expected.sum())


@dataclass(frozen=True, slots=True)
class Simulated:
    """Work of a year over the draws."""

    mean: float
    nine_in_ten: float  # the quantile


def spared_by(*measures: Three) -> Three:
    """What several measures spare together: each works on what the others leave."""
    left = np.prod([1 - np.asarray(each) for each in measures], axis=0) if measures else np.ones(len(MODES))
    withdrawn, restricted, closed_next = (float(1 - each) for each in left)
    return withdrawn, restricted, closed_next


def mean_work(low: float, likely: float, high: float) -> float:
    """The PERT mean, in the unit of the three."""
    return (low + ASSUMED.pert_weight * likely + high) / (2 + ASSUMED.pert_weight)


def expected_work(held: Sequence[Held]) -> Exposure:
    """chance x work x depth x impact x (1 - spared), the work at its PERT mean."""
    stays = _column(held, "impact") * (1 - _column(held, "spared")) * _depth(held)[:, None]
    chances = _column(held, "chances")
    total = chances.sum(axis=1)
    lands = _mean_work(held)[:, None] * stays
    return Exposure(
        lands=lands,
        expected=lands * chances,
        least=_row(held, "low")[:, None] * stays * chances * _ratio(_row(held, "least"), total)[:, None],
        most=_row(held, "high")[:, None] * stays * chances * _ratio(_row(held, "most"), total)[:, None],
    )


def shares(held: Sequence[Held]) -> Floats:
    """Of each deployment in the risk of all: work x depth x hazard; they sum to 1 (all 0 where nothing is at risk)."""
    at_risk = _weights(held) * _row(held, "hazard")
    total = at_risk.sum()
    return np.asarray(at_risk / total if total > 0 else np.zeros(len(held)))


def durability(held: Sequence[Held], scale: Scale) -> float | None:
    """Of the portfolio on the scale of a line, by the mean hazard over the work; None where no work is at stake."""
    weights, hazards = _weights(held), _row(held, "hazard")
    if weights.sum() <= 0:
        return None
    mean = max(float(weights @ hazards / weights.sum()), 1e-12)
    raw = scale.anchor - scale.points_per_doubling * np.log2(mean / scale.anchor_hazard)
    return float(np.clip(raw, scale.lowest, scale.highest))


def at_least_one(held: Sequence[Held]) -> float:
    """P that anything here fails within 12 months: one vendor moves as one, vendors by a one-factor Gaussian copula.

    Not below the largest chance and not above their sum.
    """
    worst: dict[str, float] = {}
    for each in held:
        worst[each.vendor] = max(worst.get(each.vendor, 0.0), each.total)
    certain = [chance for chance in worst.values() if chance >= 1]
    exposed = np.array([_threshold(1 - chance) for chance in worst.values() if 0 < chance < 1])
    if certain or not exposed.size:
        return float(bool(certain))
    nodes, weights = np.polynomial.hermite_e.hermegauss(ASSUMED.nodes)
    common = np.sqrt(ASSUMED.correlation) * nodes[:, None]
    spared = _normal((exposed - common) / np.sqrt(1 - ASSUMED.correlation)).prod(axis=1)
    return float(1 - spared @ weights / weights.sum())


def simulate(held: Sequence[Held], draws: int = ASSUMED.draws, seed: int = ASSUMED.seed) -> Simulated:
    """The work of ``draws`` years: who moves by the copula, how by one draw a vendor, at PERT-distributed work."""
    random = np.random.default_rng(seed)
    common, work = random.standard_normal(draws), np.zeros(draws)
    factors = _column(held, "impact") * (1 - _column(held, "spared"))
    depth = _depth(held)
    latent: dict[str, tuple[Floats, Floats]] = {}
    for vendor in sorted({each.vendor for each in held}):
        own = random.standard_normal(draws)
        moved = np.sqrt(ASSUMED.correlation) * common + np.sqrt(1 - ASSUMED.correlation) * own
        latent[vendor] = moved, random.random(draws)
    for number, each in enumerate(held):
        moved, way = latent[each.vendor]
        hit = moved > _threshold(1 - each.total)
        ways = np.searchsorted(np.cumsum(each.chances)[:-1], way * each.total, side="right")
        work += np.where(hit, _pert(each, random, draws) * depth[number] * factors[number][ways], 0.0)
    return Simulated(float(work.mean()), float(np.quantile(work, ASSUMED.quantile)))


def _pert(each: Held, random: np.random.Generator, draws: int) -> Floats:
    width = each.high - each.low
    if width <= 0:
        return np.full(draws, each.low)
    up = 1 + ASSUMED.pert_weight * (each.likely - each.low) / width
    down = 1 + ASSUMED.pert_weight * (each.high - each.likely) / width
    return each.low + width * random.beta(up, down, draws)


def _mean_work(held: Sequence[Held]) -> Floats:
    return np.array([mean_work(each.low, each.likely, each.high) for each in held], dtype=float)


def _weights(held: Sequence[Held]) -> Floats:
    return _mean_work(held) * _depth(held)


def _depth(held: Sequence[Held]) -> Floats:
    return np.array([ASSUMED.embed[each.embed] for each in held], dtype=float)


def _row(held: Sequence[Held], name: str) -> Floats:
    return np.array([getattr(each, name) for each in held], dtype=float)


def _column(held: Sequence[Held], name: str) -> Floats:
    return _row(held, name).reshape(len(held), len(MODES))


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _threshold(below: float) -> float:
    if below <= 0 or below >= 1:
        return -np.inf if below <= 0 else np.inf
    return NormalDist().inv_cdf(below)


def _normal(values: Floats) -> Floats:
    return np.asarray(np.vectorize(NormalDist().cdf, otypes=[float])(values))
