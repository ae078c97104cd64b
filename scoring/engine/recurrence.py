"""Sums over all events of many lines on many days, from each day to the next (method section 9).

Exponential fading has no memory: state[t] = state[t - 1] x 2^(-days between / half-life) + what entered. A report
enters what it changed in the credence of its event; an event announced ahead stays whole until it occurs. Nothing is
ever as large as events x days.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scoring.engine.columns import EventColumns, Places
from scoring.engine.evidence import DayNumbers, Floats
from scoring.engine.layout import MIXED, POINTS, SQUARES, SQUARES_STAY, STAY, Layout
from scoring.engine.pooling import beliefs
from scoring.engine.rubric import Rubric

CELLS = 1 << 16  # states x lines x days kept at a time: as much as stays close to the processor
STRETCH = 64  # days whose sums are handed on together


@dataclass(frozen=True, slots=True)
class Entries:
    """What enters, in the order of days, [entries, parts]; a cell is state x lines + line."""

    day: Places
    cell: Places
    value: Floats


@dataclass(frozen=True, slots=True)
class Sums:
    """Over all events, before saturation, on a stretch of days: [points and squares, days, slots, lines]."""

    days: slice
    values: Floats


def walk(columns: EventColumns, rubric: Rubric, plan: Layout, days: DayNumbers) -> Iterator[Sums]:
    """``days`` are ordinals in rising order; every one is in one stretch. The next stretch overwrites the values."""
    width = len(plan.rates) * columns.lines
    length = max(1, min(len(days), CELLS // width))  # days of which all states are kept
    stretch = length * max(1, STRETCH // length)
    block, sums = np.zeros((length, width)), np.empty((2, stretch, len(plan.slots), columns.lines))
    adding = [
        plan.additions(block.reshape(length, -1, columns.lines), sums[:, first : first + length])
        for first in range(0, stretch, length)
    ]
    fading = _Fading(plan.rates, columns.lines)
    gaps = np.diff(days, prepend=days[0]).tolist()
    entering = [_by_day(stream, len(days)) for stream in _entries(columns, rubric, plan, days)]
    state = block[-1]
    for start in range(0, len(days), stretch):
        end = min(start + stretch, len(days))
        for day in range(start, end):
            turn, place = divmod(day - start, length)
            state = np.multiply(state, fading.over(gaps[day]), out=block[place])
            for bounds, cells, values in entering:
                first, last = bounds[day], bounds[day + 1]
                if first < last:
                    np.add.at(state, cells[first:last], values[first:last])
            if place == length - 1 or day == end - 1:
                for states, together in adding[turn]:
                    np.add.reduce(states, axis=1, out=together)
        yield Sums(slice(start, end), sums[:, : end - start])


def _by_day(stream: Entries, days: int) -> tuple[list[int], Places, Floats]:
    """Where each day begins in the flat cells and values."""
    parts = stream.value.shape[1]
    bounds = parts * np.searchsorted(stream.day, np.arange(days + 1))
    return bounds.tolist(), stream.cell.reshape(-1), stream.value.reshape(-1)


class _Fading:
    """What is left of each state of each line after so many days."""

    def __init__(self, rates: Floats, lines: int) -> None:
        self.rates, self.lines = rates, lines
        self.known: dict[int, Floats] = {}

    def over(self, gap: int) -> Floats:
        if gap not in self.known:
            self.known[gap] = np.repeat(np.exp2(-self.rates * gap), self.lines)
        return self.known[gap]


def _entries(columns: EventColumns, rubric: Rubric, plan: Layout, days: DayNumbers) -> Iterator[Entries]:
    """What each report changed, from the day on which it is public and its event has occurred; and until then what an
    event announced ahead holds."""
    event, published, occurred = columns.event, columns.published, columns.occurred.take(columns.event)
    points, squares = _changes(columns, rubric)
    place = _Places(days)
    enters = place.of(np.maximum(published, occurred))
    half_life, stays = (_of_kinds(rubric, name).take(columns.kind).take(event) for name in ("half_life", "plateau"))
    left = np.exp2(np.minimum(occurred - place.day(enters), 0) / half_life)
    left *= 1.0 - stays
    fading = (points * left, squares * left**2)
    yield _sorted(enters, event, _cells(columns, plan, [POINTS, SQUARES]), fading, len(days))
    some, ahead = np.flatnonzero(stays), np.flatnonzero(published < occurred)
    part, variance, stay, none = points.take(some), squares.take(some), stays.take(some), np.zeros(len(ahead))
    whole, whole_variance = points.take(ahead), squares.take(ahead)
    staying = (
        np.concatenate((part * stay, whole, -whole)),
        np.concatenate((2.0 * variance * stay * left.take(some), none, none)),
        np.concatenate((variance * stay**2, whole_variance, -whole_variance)),
    )
    enters = np.concatenate((enters.take(some), place.of(published.take(ahead)), place.of(occurred.take(ahead))))
    event = event.take(np.concatenate((some, ahead, ahead)))
    yield _sorted(enters, event, _cells(columns, plan, [STAY, MIXED, SQUARES_STAY]), staying, len(days))


def _cells(columns: EventColumns, plan: Layout, parts: list[int]) -> Places:
    """[events, parts]"""
    states = np.ascontiguousarray(plan.states[parts].T) * columns.lines
    cells = states.take(2 * columns.kind + (columns.sign > 0), axis=0)
    cells += columns.line[:, None]
    return cells


def _of_kinds(rubric: Rubric, name: str) -> Floats:
    return np.array([getattr(kind, name) for kind in rubric.kinds.values()])


class _Places:
    """Of any day the place of the first of ``days`` that is not before it; their number where there is none."""

    def __init__(self, days: DayNumbers) -> None:
        self.first, self.span = int(days[0]), int(days[-1] - days[0]) + 1
        self.table = np.searchsorted(days, np.arange(self.first, self.first + self.span + 1))
        self.days = np.append(days, days[-1] + 1)

    def of(self, wanted: DayNumbers) -> Places:
        offset = wanted - self.first
        return self.table.take(np.clip(offset, 0, self.span, out=offset))

    def day(self, place: Places) -> DayNumbers:
        return self.days.take(place)


def _changes(columns: EventColumns, rubric: Rubric) -> tuple[Floats, Floats]:
    """By how much each report moves the points and the variance of its event at full size."""
    credence, weight = beliefs(columns, rubric.admiralty)
    size = _of_kinds(rubric, "magnitude").take(columns.kind) * np.array(rubric.severity.steps).take(columns.severity)
    weight *= size.take(columns.event)
    squares = (rubric.interval.item_share**2 - 1.0) * credence
    squares += 1.0
    squares *= credence
    squares *= weight
    squares *= weight
    credence *= weight
    further = np.flatnonzero(columns.event[1:] == columns.event[:-1])
    for values in (credence, squares):
        values[further + 1] -= values[further]
    return credence, squares


def _sorted(place: Places, event: Places, cells: Places, values: tuple[Floats, ...], days: int) -> Entries:
    """In the order of days, without what enters after the last; ``values`` of each part."""
    order = np.argsort(place.astype(np.min_scalar_type(days)), kind="stable")  # by bits, not by comparing
    order = order[: np.count_nonzero(place < days)]
    return Entries(
        place.take(order), cells.take(event.take(order), axis=0), np.stack(values, axis=1).take(order, axis=0)
    )
