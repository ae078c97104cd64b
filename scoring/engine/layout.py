"""The states that fading needs: one per dimension, sign and half-life, for the sums of points and of their squares.

An event of amplitude A, credence q and inheritance w that occurred ``age`` days ago has A q w (p + (1 - p) u) points
before saturation, u = 2^(-age / half-life): a part that fades and one that stays. Its variance, before saturation and
with s the share of its points that an item is unsure of, is (A w)^2 (s^2 q^2 + q (1 - q)) (p + (1 - p) u)^2: parts that
fade with u^2 and with u, and one that stays (method section 5). All parts of one rate are one state.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from scoring.engine.columns import Places
from scoring.engine.evidence import Floats
from scoring.engine.rubric import Rubric

POINTS, STAY, SQUARES, MIXED, SQUARES_STAY = range(5)  # the parts of an event
Slot = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Run:
    """Slots in a row with equally many states: ``depth`` states of each, from ``state`` on, [depth, slots]."""

    half: int  # 0: of points, 1: of squares
    slots: slice
    state: int
    depth: int

    @property
    def states(self) -> slice:
        return slice(self.state, self.state + self.depth * (self.slots.stop - self.slots.start))


@dataclass(frozen=True, slots=True)
class Layout:
    """A slot is a dimension and a sign."""

    slots: tuple[Slot, ...]
    runs: tuple[Run, ...]
    rates: Floats  # [states], fading per day as a power of 2; 0: stays
    states: Places  # [parts, 2 x kinds], where each part goes by 2 x kind + (sign > 0)
    caps: Floats  # [slots, 1]
    multipliers: Floats  # [slots, 1], signed

    def slot(self, dimension: str, sign: int) -> int:
        return self.slots.index((dimension, sign))

    def additions(self, states: Floats, sums: Floats) -> list[tuple[Floats, Floats]]:
        """Which of the states, along their second axis, add up to which of the sums: views of [days, states, lines] and
        [2, days, slots, lines]."""
        days, _, lines = states.shape
        return [
            (states[:, run.states].reshape(days, run.depth, -1, lines), sums[run.half, :, run.slots])
            for run in self.runs
        ]


def layout(rubric: Rubric) -> Layout:
    """For every kind of a rubric and either sign."""
    used = {rubric.interaction.pressure, rubric.interaction.reach} | {kind.dimension for kind in rubric.kinds.values()}
    rates = {name: _rates(name, rubric) for name in rubric.dimensions if name in used}
    names = sorted(rates, key=lambda name: [-len(half) for half in reversed(rates[name])])
    slots = tuple((name, sign) for name in names for sign in (-1, 1))
    runs = tuple(_runs([[len(half) for half in rates[name]] for name, _ in slots]))
    size = runs[-1].states.stop
    found = np.zeros(size)
    places: dict[tuple[int, Slot, float], int] = {}
    for run in runs:
        for column, slot in enumerate(slots[run.slots]):
            for depth, rate in enumerate(rates[slot[0]][run.half]):
                place = run.state + depth * (run.slots.stop - run.slots.start) + column
                places[run.half, slot, rate] = place
                found[place] = rate
    return Layout(
        slots=slots,
        runs=runs,
        rates=found,
        states=_states(rubric, places),
        caps=np.array([[rubric.dimensions[name].cap] for name, _ in slots]),
        multipliers=np.array([[sign * rubric.dimensions[name].multiplier] for name, sign in slots]),
    )


def _rates(name: str, rubric: Rubric) -> tuple[list[float], list[float]]:
    """Of the sums of points and of squares of a dimension."""
    kinds = [kind for kind in rubric.kinds.values() if kind.dimension == name]
    points = {1.0 / kind.half_life for kind in kinds}
    mixed = {1.0 / kind.half_life for kind in kinds if kind.plateau}
    return [0.0, *sorted(points)], [0.0, *sorted({2.0 * rate for rate in points} | mixed)]


def _runs(depths: list[list[int]]) -> Iterator[Run]:
    state = 0
    for half in (0, 1):
        for depth, slots in groupby(range(len(depths)), key=lambda slot: depths[slot][half]):
            alike = list(slots)
            run = Run(half, slice(alike[0], alike[-1] + 1), state, depth)
            yield run
            state = run.states.stop


def _states(rubric: Rubric, places: dict[tuple[int, Slot, float], int]) -> Places:
    found = np.zeros((5, 2 * len(rubric.kinds)), dtype=np.int64)
    for column, (kind, sign) in enumerate((kind, sign) for kind in rubric.kinds.values() for sign in (-1, 1)):
        slot, rate = (kind.dimension, sign), 1.0 / kind.half_life
        found[POINTS, column], found[STAY, column] = places[0, slot, rate], places[0, slot, 0.0]
        found[SQUARES, column], found[SQUARES_STAY, column] = places[1, slot, 2.0 * rate], places[1, slot, 0.0]
        found[MIXED, column] = places[1, slot, rate if kind.plateau else 0.0]
    return found
