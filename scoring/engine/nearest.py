"""The commitments of the past that were most like a line, each at its likest moment (method section 15)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.engine.cases import Case
from scoring.engine.likeness import (
    Codes,
    Pattern,
    PatternTable,
    Reading,
    case_patterns,
    compare,
    likeness_to_all,
    pattern_table,
)


@dataclass(frozen=True, slots=True)
class Moments:
    """Every case on the first day of every half-year at which it was still at risk."""

    cases: tuple[Case, ...]
    patterns: tuple[Pattern, ...]
    table: PatternTable
    owner: Codes  # place of the case among ``cases``
    days: Codes
    ages: Codes


@dataclass(frozen=True, slots=True)
class Near:
    case: Case
    moment: date
    readings: dict[str, Reading]
    pattern: Pattern


def half_years(case: Case) -> list[date]:
    """First days of January and July after the case began and before it ended."""
    days = (date(year, month, 1) for year in range(case.started.year, case.ended.year + 1) for month in (1, 7))
    return [day for day in days if case.started < day < case.ended]


def moments_of(cases: Sequence[Case], checked: Mapping[str, frozenset[str]]) -> Moments:
    """``checked``: by case, the pressures that were looked for in it."""
    patterns: list[Pattern] = []
    owner: list[int] = []
    days: list[date] = []
    for place, case in enumerate(cases):
        at_risk = half_years(case)
        patterns += case_patterns(case, at_risk, checked.get(case.id, frozenset()))
        owner += [place] * len(at_risk)
        days += at_risk
    return Moments(
        cases=tuple(cases),
        patterns=tuple(patterns),
        table=pattern_table(patterns),
        owner=np.array(owner, dtype=np.int64),
        days=np.array([day.toordinal() for day in days], dtype=np.int64),
        ages=np.array([pattern.age for pattern in patterns], dtype=np.int64),
    )


def nearest(
    pattern: Pattern, moments: Moments, as_of: date, count: int, counts: Callable[[Case], bool]
) -> tuple[Near, ...]:
    """The ``count`` likest cases that ``counts`` lets in, at most one per vendor, from moments before ``as_of``.

    Of moments and cases equally like, first the one of which more could be compared, then the one about as old as the
    line, then the earlier, then by name: nothing here looks at how a case ended.
    """
    like, compared = likeness_to_all(pattern, moments.table)
    gap = np.abs(moments.ages - (pattern.age or 0))
    found: list[Near] = []
    vendors: set[str] = set()
    for row in np.lexsort((moments.owner, moments.days, gap, -compared, -like)).tolist():
        case = moments.cases[moments.owner[row]]
        if case.vendor in vendors or moments.days[row] >= as_of.toordinal() or not counts(case):
            continue
        vendors.add(case.vendor)
        day = date.fromordinal(int(moments.days[row]))
        found.append(Near(case, day, compare(pattern, moments.patterns[row]), moments.patterns[row]))
        if len(found) == count:
            break
    return tuple(found)
