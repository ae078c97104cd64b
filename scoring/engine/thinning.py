"""How far scores lean on how much was written: records thinned to five events (docs/prereg.md, section 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from zlib import crc32

import numpy as np

from scoring.engine.assess import assess
from scoring.engine.evidence import Floats
from scoring.engine.facts import Dossier
from scoring.engine.metrics import rank_correlation
from scoring.engine.rubric import Rubric

MOST_EVENTS = 5
MOST_POINTS = 5.0
LEAST_RANK_CORRELATION = 0.9
SEEDS = 8


@dataclass(frozen=True, slots=True)
class Thinning:
    """``moves``: points by which a line's score moves on average. ``rank_correlation``: mean over the seeds."""

    moves: dict[str, float]
    rank_correlation: float | None

    @property
    def worst(self) -> float:
        return max(map(abs, self.moves.values()), default=0.0)

    @property
    def beyond(self) -> int:
        """Lines that move by more than the aim allows."""
        return sum(abs(move) > MOST_POINTS for move in self.moves.values())

    @property
    def holds(self) -> bool:
        correlation = self.rank_correlation
        return self.beyond == 0 and (correlation is None or correlation >= LEAST_RANK_CORRELATION)


def events_of(dossier: Dossier, day: date) -> list[str]:
    """Cited events that were public on ``day``."""
    return sorted({report.event for report in dossier.reports if report.verified and report.published <= day})


def thinned(dossier: Dossier, day: date, seed: int) -> Dossier:
    """The line with five of its events, drawn at random."""
    drawn = np.random.default_rng((seed, crc32(dossier.subject.encode()))).permutation(events_of(dossier, day))
    kept = frozenset(drawn[:MOST_EVENTS].tolist())
    return replace(dossier, reports=tuple(report for report in dossier.reports if report.event in kept))


def measure(dossiers: Mapping[str, Dossier], rubric: Rubric, day: date, seeds: int = SEEDS) -> Thinning:
    """Over the lines with more than five events."""
    rich = {slug: one for slug, one in sorted(dossiers.items()) if len(events_of(one, day)) > MOST_EVENTS}
    full = np.array([assess(one, rubric, day).durability for one in rich.values()])
    thin = np.array(
        [[assess(thinned(one, day, seed), rubric, day).durability for seed in range(seeds)] for one in rich.values()]
    ).reshape(len(rich), seeds)
    moves = dict(zip(rich, (thin.mean(axis=1) - full).tolist(), strict=True))
    return Thinning(moves, _correlation(full, thin))


def _correlation(full: Floats, thin: Floats) -> float | None:
    """Of each draw with the full record, the mean of those that have an order."""
    found = [each for draw in thin.T if (each := rank_correlation(full, draw)) is not None]
    return float(np.mean(found)) if found else None
