"""Facts in force on a day: license, governance, contributor agreement, who pays, business model (method section 4)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from scoring.engine.constants import FactTable
from scoring.engine.evidence import DayNumbers, Floats
from scoring.engine.facts import StateFact
from scoring.engine.launches import NEVER
from scoring.engine.rubric import Rubric


def in_force(facts: Iterable[StateFact], day: int) -> StateFact | None:
    """The newest fact that was public and in force on ``day``."""
    current = [fact for fact in facts if _start(fact) <= day < _end(fact)]
    return max(current, key=lambda fact: (fact.valid_from, fact.known, fact.value, fact.id), default=None)


def _start(fact: StateFact) -> int:
    return max(fact.valid_from, fact.known).toordinal()


def _end(fact: StateFact) -> int:
    return NEVER if fact.valid_to is None else fact.valid_to.toordinal()


def fact_points(fact: StateFact | None, table: FactTable) -> float:
    """Points of a fact, NaN when it is missing, recalled without a source, or of a value the rubric does not know."""
    if fact is None or not fact.verified or fact.value not in table.points:
        return float("nan")
    return table.points[fact.value] + sum(table.flags.get(flag, 0.0) for flag in sorted(fact.flags))


@dataclass(frozen=True, slots=True)
class FactPoints:
    """The fact of one name over days: ``points`` per day, and ``rows[which[day]]`` the fact in force."""

    points: Floats
    rows: tuple[StateFact | None, ...]
    which: DayNumbers

    def on(self, index: int) -> StateFact | None:
        return self.rows[int(self.which[index])]


def read_facts(facts: Iterable[StateFact], rubric: Rubric, days: DayNumbers) -> dict[str, FactPoints]:
    named: dict[str, list[StateFact]] = {name: [] for name in rubric.facts}
    for fact in facts:
        if fact.name in named:
            named[fact.name].append(fact)
    return {name: _over_days(rows, rubric.facts[name], days) for name, rows in named.items()}


def _over_days(facts: list[StateFact], table: FactTable, days: DayNumbers) -> FactPoints:
    changes = np.array(sorted({_start(fact) for fact in facts} | {_end(fact) for fact in facts}), dtype=np.int64)
    rows = (None, *(in_force(facts, int(day)) for day in changes))
    which = np.searchsorted(changes, days, side="right")
    points = np.array([fact_points(fact, table) for fact in rows])
    return FactPoints(points[which], rows, which)
