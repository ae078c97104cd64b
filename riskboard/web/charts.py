"""Histories and marks as primitives for a chart's script: what a canvas draws is what its table says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from riskboard.web.pages.marks import LANES, Mark

STEP = 0.5  # points: the score that is drawn is never further from the computed one
MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Point:
    on: date
    durability: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Terms:
    """The license of the newest open flagship over [first, last)."""

    first: date
    last: date
    name: str
    category: str
    rank: int  # 0 permissive to 3 non-commercial or hosted only; -1 unknown


RANKS = {
    "permissive": 0,
    "weak_copyleft": 0,
    "copyleft": 0,
    "source_available": 1,
    "restricted_open_weights": 2,
    "noncommercial": 3,
    "proprietary": 3,
}


def steps(
    days: Sequence[date], durability: Sequence[float], low: Sequence[float], high: Sequence[float]
) -> list[Point]:
    """The days on which the score had moved by ``STEP``, the first and the last; coarser steps when there are more
    than ``MOST_POINTS``. Arrays are [days], points."""
    tolerance = STEP
    while len(kept := _moved(durability, tolerance)) > MOST_POINTS:
        tolerance *= 2
    return [Point(days[i], durability[i], low[i], high[i]) for i in kept]


def _moved(values: Sequence[float], tolerance: float) -> list[int]:
    if not values:
        return []
    kept, last = [0], values[0]
    for index, value in enumerate(values):
        if abs(value - last) >= tolerance:
            kept.append(index)
            last = value
    return kept if kept[-1] == len(values) - 1 else [*kept, len(values) - 1]


def timeline(
    points: Iterable[Point],
    marks: Iterable[Mark],
    terms: Iterable[Terms],
    first: date,
    last: date,
    live_from: date | None,
) -> dict[str, object]:
    """Everything the script draws, as JSON can carry it."""
    return {
        "first": first.isoformat(),
        "last": last.isoformat(),
        "liveFrom": live_from.isoformat() if live_from else None,
        "lanes": [{"code": code, "name": name} for code, name in LANES],
        "points": [[p.on.isoformat(), _tenth(p.durability), _tenth(p.low), _tenth(p.high)] for p in points],
        "marks": [_mark(mark) for mark in marks],
        "terms": [[t.first.isoformat(), t.last.isoformat(), t.rank, t.name] for t in terms],
    }


def _tenth(value: float) -> float:
    return round(value, 1)


def _mark(mark: Mark) -> dict[str, object]:
    return {
        "reference": mark.reference,
        "lane": mark.lane,
        "on": mark.on.isoformat(),
        "name": mark.name,
        "reading": mark.reading,
        "shape": mark.shape,
        "tone": mark.tone,
        "large": mark.is_large,
        "weight": round(mark.weight, 2),
    }
