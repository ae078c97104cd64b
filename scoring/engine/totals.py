"""What all events of a line come to on each day: points, their variance, pressure (method sections 3 to 5)."""

from dataclasses import dataclass

import numpy as np

from scoring.engine.columns import EventColumns
from scoring.engine.evidence import DayNumbers, Floats
from scoring.engine.layout import Layout, layout
from scoring.engine.recurrence import walk
from scoring.engine.rubric import Rubric

LINES = 64  # read at a time
TINY = 1e-300  # where there is nothing, the share of it is 0


@dataclass(frozen=True, slots=True)
class EventTotals:
    """Arrays are [lines, days]. ``points`` and ``variance`` are multiplied, ``interaction`` is not."""

    points: Floats
    variance: Floats
    pressure: Floats  # 0 to 1
    interaction: Floats


def event_totals(columns: EventColumns, rubric: Rubric, days: DayNumbers) -> EventTotals:
    """``days`` are ordinals in rising order."""
    plan = layout(rubric)
    totals = EventTotals(*(np.empty((len(days), columns.lines)).T for _ in EventTotals.__slots__))

    for first in range(0, columns.lines, LINES):
        lines = slice(first, min(first + LINES, columns.lines))
        for block in walk(columns.of_lines(lines), rubric, plan, days):
            found = saturated(block.values, rubric, plan)
            for name in EventTotals.__slots__:
                getattr(totals, name)[lines, block.days] = getattr(found, name).T
    return totals


def saturated(sums: Floats, rubric: Rubric, plan: Layout) -> EventTotals:
    """From sums before saturation, [2, days, slots, lines]; arrays of the result are [days, lines]."""
    total, squares = sums
    left = np.exp(total / -plan.caps)
    full = 1.0 - left  # of the cap; as in evidence.saturate, but faster: what it loses is below 1e-14 points
    share = full / (total + TINY)
    share *= share
    share *= squares
    pressing, reaching = plan.slot(rubric.interaction.pressure, -1), plan.slot(rubric.interaction.reach, 1)
    reach = total[:, reaching] / (total[:, reaching] + rubric.interaction.reach_half)
    weights = (plan.caps * plan.multipliers).ravel()
    return EventTotals(
        points=weights @ full,
        variance=weights**2 @ share,
        pressure=full[:, pressing],
        interaction=rubric.interaction.points * reach * full[:, pressing],
    )
