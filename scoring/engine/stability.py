"""How firm the order of lines is when the weights vary (method section 17).

A weight is that of an item's code: every draw scales all items of a code by 1 + share x z, with one z for all lines,
so that what two lines have in common moves both and does not part them. Each line has a doubt of its own: whether
reports are true, and facts that nobody knows. Two parts of the score's band stay out, because they say nothing of the
order: the base moves all lines alike, and what no record explains is there for every line, however good its record.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scoring.engine.assessment import Assessment
from scoring.engine.evidence import Floats
from scoring.engine.fallback import ranked
from scoring.engine.rubric import Rubric

DRAWS = 400  # half of them mirror the other half
BAND = (0.1, 0.9)  # 80 % of the draws
CLEAR = 0.8  # the chance from which on one of two lines is said to be the more durable
NOT_WEIGHTED = ("BASE", "BOUND")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line to be ranked: its items by code, and the rest as assessed."""

    subject: str
    items: tuple[tuple[str, float], ...]
    raw: float
    sd: float
    examined: float


@dataclass(frozen=True, slots=True)
class Placing:
    """Place 1 is the most durable; lines whose order cannot be told share the place of the first of them."""

    place: int
    sharing: int  # lines on this place; 1: alone
    best: int  # the band: places that the line takes in 80 % of the draws
    worst: int
    of: int

    @property
    def is_shared(self) -> bool:
        return self.sharing > 1


@dataclass(frozen=True, slots=True)
class Ranking:
    """Lines from the most durable down; ``drawn`` [lines, draws] holds the scores in every draw."""

    subjects: tuple[str, ...]
    drawn: Floats
    placings: Mapping[str, Placing]

    def chance_above(self, subject: str, other: str) -> float:
        """Share of the draws in which the first is the more durable; half of a draw in which they are even."""
        one, two = (self.drawn[self.subjects.index(each)] for each in (subject, other))
        return _chance(one, two)


def entry_of(assessment: Assessment) -> Entry:
    items = tuple((item.code, item.points) for item in assessment.contributions)
    return Entry(assessment.subject, items, assessment.raw, assessment.sd, assessment.examined)


def rank(entries: Sequence[Entry], rubric: Rubric) -> Ranking:
    """The order of the lines and how firm it is; the same lines give the same, in whatever order they come."""
    start = rubric.scale.base
    ordered = sorted(entries, key=lambda each: (-ranked(each.raw, start, each.examined), each.subject))
    subjects = tuple(entry.subject for entry in ordered)
    drawn = _draw(ordered, rubric)
    return Ranking(subjects, drawn, dict(zip(subjects, _placings(drawn), strict=True)))


def _draw(entries: Sequence[Entry], rubric: Rubric) -> Floats:
    """[lines, draws]"""
    codes = sorted({code for entry in entries for code, _ in entry.items} - set(NOT_WEIGHTED))
    points = np.zeros((len(entries), len(codes)))
    for row, entry in enumerate(entries):
        for code, value in entry.items:
            if code not in NOT_WEIGHTED:
                points[row, codes.index(code)] += value
    weights = np.array([_normal(code) for code in codes]).reshape(len(codes), DRAWS)
    raw = np.array([entry.raw for entry in entries]).reshape(-1, 1)
    varied = raw + rubric.interval.item_share * (points @ weights)
    start, examined = rubric.scale.base, np.array([entry.examined for entry in entries]).reshape(-1, 1)
    counted = np.where(varied <= start, varied, start + examined * (varied - start))
    doubt = np.array([_doubt(entry, rubric) for entry in entries]).reshape(-1, 1)
    own = np.array([_normal(f"line {entry.subject}") for entry in entries]).reshape(len(entries), DRAWS)
    drawn: Floats = counted + doubt * own
    return drawn


@lru_cache(maxsize=4096)
def _normal(name: str) -> Floats:
    """[draws], of its own for every name: another line or code changes nothing for the others."""
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    half = np.random.default_rng(seed).standard_normal(DRAWS // 2)
    return np.concatenate([half, -half])


def _doubt(entry: Entry, rubric: Rubric) -> float:
    """What is left of the score's deviation without base, weights and what no record explains."""
    interval = rubric.interval
    frailty = interval.frailty_nats * rubric.scale.points_per_nat
    squares = sum(points**2 for code, points in entry.items if code not in NOT_WEIGHTED)
    rest = entry.sd**2 - interval.base_spread**2 - frailty**2 - interval.item_share**2 * squares
    return float(np.sqrt(max(0.0, rest)))


def _placings(drawn: Floats) -> list[Placing]:
    """Of lines in order."""
    lines = len(drawn)
    places = np.empty(drawn.shape, dtype=np.int64)
    np.put_along_axis(places, np.argsort(-drawn, axis=0, kind="stable"), np.arange(1, lines + 1).reshape(-1, 1), axis=0)
    if not lines:
        return []
    best, worst = np.quantile(places, BAND, axis=1, method="inverted_cdf").astype(int)
    first = _first_of_place(drawn)
    return [
        Placing(
            place=first[row] + 1,
            sharing=first.count(first[row]),
            best=min(int(best[row]), first[row] + 1),  # what shares a place may be the first of it
            worst=max(int(worst[row]), row + 1),
            of=lines,
        )
        for row in range(lines)
    ]


def _first_of_place(drawn: Floats) -> list[int]:
    """For every line, in order, the first of those that it shares its place with: a place goes on down to the first
    line that its first is clearly above."""
    firsts: list[int] = []
    for row in range(len(drawn)):
        head = firsts[-1] if firsts else 0
        firsts.append(row if _chance(drawn[head], drawn[row]) >= CLEAR else head)
    return firsts


def _chance(one: Floats, two: Floats) -> float:
    return float(np.mean(one > two) + np.mean(one == two) / 2)
