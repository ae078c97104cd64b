"""Half-years at risk and the forecasts due, by hand."""

import numpy as np
import pytest

from scoring.engine.features import Days
from scoring.engine.periods import calendar_years, cut, forecasts, new_year
from tests.scoring.engine.pasts import case, days


def nothing(_case: object, on: Days) -> np.ndarray:
    return np.zeros((len(on), 1))


def test_a_survivor_is_cut_at_new_year_and_midyear() -> None:
    periods = cut([case(started="2015-03-01", ended="2016-04-01")], nothing)
    assert periods.failed.tolist() == [False] * 3
    # March to June, July to December, January to March: 122, 184 and 91 days of 182.625.
    assert periods.exposure == pytest.approx([122 / 182.625, 184 / 182.625, 91 / 182.625])
    assert periods.known.tolist() == days("2015-07-01", "2016-01-01", "2016-04-01").tolist()


def test_a_failure_counts_to_the_end_of_its_half_year() -> None:
    periods = cut([case(started="2015-03-01", ended="2015-07-02", failed=True)], nothing)
    assert periods.failed.tolist() == [False, True]
    assert periods.exposure == pytest.approx([122 / 182.625, 184 / 182.625])


def test_a_failure_in_its_first_partial_period_counts_with_that_part() -> None:
    periods = cut([case(started="2015-06-01", ended="2015-06-10", failed=True)], nothing)
    assert periods.exposure == pytest.approx([30 / 182.625])
    assert periods.failed.tolist() == [True]


def test_a_failure_on_new_year_belongs_to_the_half_year_that_begins() -> None:
    periods = cut([case(started="2015-07-01", ended="2016-01-01", failed=True)], nothing)
    assert periods.failed.tolist() == [False, True]
    assert cut([case(started="2015-07-01", ended="2016-01-01")], nothing).failed.tolist() == [False]


def test_nothing_is_known_of_a_half_year_before_it_is_over() -> None:
    periods = cut([case(started="2015-01-01", ended="2016-08-01", failed=True)], nothing)
    assert len(periods.before(new_year(2016)).failed) == 2
    assert not periods.before(new_year(2016)).failed.any()
    assert periods.before(new_year(2017)).failed.sum() == 1


def test_forecasts_are_due_while_at_risk_and_judged_when_known() -> None:
    failed = case("failed", "2015-01-01", "2018-06-01", failed=True)
    young = case("young", "2017-01-02", "2021-06-01")
    rows = forecasts([failed, young], nothing)
    own = rows.where(rows.case == 0)
    assert own.year.tolist() == [2015, 2016, 2017, 2018]
    assert own.hit.tolist() == [False, False, True, True]
    assert own.settled.all()
    assert own.time.tolist() == [731, 731, 516, 151]
    other = rows.where(rows.case == 1)
    assert other.year.tolist() == [2018, 2019, 2020, 2021]
    assert other.settled.tolist() == [True, True, False, False]  # followed to June 2021: 2020 is not over


def test_a_survivor_followed_to_within_a_month_of_the_horizon_counts_as_having_reached_it() -> None:
    rows = forecasts([case(ended="2019-12-01", started="2018-01-01"), case("long", ended="2024-01-01")], nothing)
    assert rows.where((rows.case == 0) & (rows.year == 2018)).settled.tolist() == [True]
    rows = forecasts([case(ended="2019-11-01", started="2018-01-01"), case("long", ended="2024-01-01")], nothing)
    assert rows.where((rows.case == 0) & (rows.year == 2018)).settled.tolist() == [False]


def test_a_quick_failure_is_not_judged_before_survivors_can_be() -> None:
    quick = case("quick", "2017-01-01", "2019-02-01", failed=True)
    rows = forecasts([quick, case("slow", "2017-01-01", "2019-06-01")], nothing)
    assert not rows.where(rows.year == 2019).settled.any()


def test_the_calendar_in_years() -> None:
    assert calendar_years(days("2020-01-01").astype(float))[0] == pytest.approx(2020, abs=0.01)
