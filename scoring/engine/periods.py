"""Histories cut into half-years at risk, and the forecasts due on each 1 January (method section 14).

A period begins on 1 January, on 1 July, or when the commitment began, and ends with the half-year. A failure belongs to
the period in which it was announced. Exposure is the part of a half-year over which the commitment could have failed in
view: from the beginning of the period to the end of the half-year, or to the last day that a survivor was followed. A
failing period has no other rule than a surviving one: that it failed says nothing about how long it would have been
followed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.engine.cases import Case
from scoring.engine.evidence import Floats
from scoring.engine.features import Days, Describe, terms_of, values_on

HALF_YEAR = 365.25 / 2
HORIZON_HALVES = 4.0  # 24 months
GRACE = 31  # a survivor followed to within this many days of the horizon counts as having reached it
YEARS_TO_MIDDLE = 1.0  # from a forecast to the middle of its 24 months


@dataclass(frozen=True, slots=True)
class Periods:
    """Rows over cases in order of time. ``middle`` in years AD; ``known``: the day that settles it."""

    x: Floats
    failed: NDArray[np.bool_]
    exposure: Floats
    middle: Floats
    known: Days
    case: NDArray[np.int64]

    def where(self, keep: NDArray[np.bool_]) -> "Periods":
        return Periods(*(getattr(self, name)[keep] for name in self.__slots__))

    def before(self, day: int) -> "Periods":
        return self.where(self.known <= day)


@dataclass(frozen=True, slots=True)
class Forecasts:
    """One row per case and 1 January at which it was at risk, in order of the year.

    ``hit``: it failed within 24 months; ``time``: days followed, at most 24 months; ``settled``: which of the two
    it was is known. ``governance`` and ``terms`` are as known on the day.
    """

    x: Floats
    year: NDArray[np.int64]
    hit: NDArray[np.bool_]
    time: Floats
    settled: NDArray[np.bool_]
    case: NDArray[np.int64]
    end: Days
    failed: NDArray[np.bool_]
    governance: NDArray[np.object_]
    terms: NDArray[np.object_]

    def where(self, keep: NDArray[np.bool_]) -> "Forecasts":
        return Forecasts(*(getattr(self, name)[keep] for name in self.__slots__))


def new_year(year: int) -> int:
    return date(year, 1, 1).toordinal()


def calendar_years(days: Floats) -> Floats:
    return 1.0 + days / 365.2425


def halves(first: date, last: date) -> Days:
    """First days of the half-years from the one that holds ``first`` until past ``last``."""
    years = range(first.year, last.year + 2)
    return np.array([date(year, month, 1).toordinal() for year in years for month in (1, 7)], dtype=np.int64)


def last_day(cases: Sequence[Case]) -> date:
    """The last day of which the histories know anything."""
    return max(case.ended for case in cases)


def cut(cases: Sequence[Case], describe: Describe) -> Periods:
    """All half-years at risk of these cases."""
    parts = [_of_case(number, case, describe) for number, case in enumerate(cases)]
    return Periods(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _of_case(
    number: int, case: Case, describe: Describe
) -> tuple[Floats, NDArray[np.bool_], Floats, Floats, Days, NDArray[np.int64]]:
    start, end = case.started.toordinal(), case.ended.toordinal()
    bounds = halves(case.started, case.ended)
    begins = np.concatenate([[start], bounds[(bounds > start) & ((bounds <= end) if case.failed else (bounds < end))]])
    closes = bounds[np.searchsorted(bounds, begins, side="right")]
    failed = np.zeros(len(begins), dtype=np.bool_)
    failed[-1] = case.failed
    stops = np.where(failed, closes, np.minimum(closes, end))
    middle = calendar_years((begins + stops) / 2.0)
    exposure = (stops - begins) / HALF_YEAR
    return describe(case, begins), failed, exposure, middle, stops, np.full(len(begins), number)


def forecasts(cases: Sequence[Case], describe: Describe) -> Forecasts:
    """A row for every case and 1 January at which it was at risk, up to the last day known."""
    known_to = last_day(cases)
    years = np.arange(min(case.started.year for case in cases), known_to.year + 1)
    parts = [_at_risk(number, case, describe, years, known_to.toordinal()) for number, case in enumerate(cases)]
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((joined[5], joined[1]))
    return Forecasts(*(column[order] for column in joined))


def _at_risk(
    number: int, case: Case, describe: Describe, years: NDArray[np.int64], known_to: int
) -> tuple[NDArray[Any], ...]:
    start, end = case.started.toordinal(), case.ended.toordinal()
    origin = np.array([new_year(int(year)) for year in years], dtype=np.int64)
    keep = (start <= origin) & ((end >= origin) if case.failed else (end > origin))
    years, origin = years[keep], origin[keep]
    horizon = np.array([new_year(int(year) + 2) for year in years], dtype=np.int64)
    hit = case.failed & (end < horizon)
    settled = (horizon - GRACE <= known_to) & (hit | case.failed | (end >= horizon - GRACE))
    time = (np.minimum(end, horizon) - origin).astype(np.float64)
    every = len(years)
    return (
        describe(case, origin),
        years,
        hit,
        time,
        settled,
        np.full(every, number),
        np.full(every, end),
        np.full(every, case.failed),
        values_on(case, "governance", origin),
        np.full(every, terms_of(case), dtype=object),
    )
