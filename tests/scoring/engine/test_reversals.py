from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.reversals import Failure, Reversals, known_by, tally, waiting

DAY = date(2020, 1, 1)
ONE = Failure("hub", "closed_source", DAY, DAY, date(2024, 1, 1), None)
DATES = st.dates(DAY, date(2026, 1, 1))


def after(months: float, vendor: str = "hub") -> Failure:
    return replace(ONE, vendor=vendor, reversed=date.fromordinal(DAY.toordinal() + round(months * 30.4375)))


def test_counts_and_quartiles_by_hand() -> None:
    found = tally([ONE, after(10), after(20), after(30), after(40)])
    assert (found.failures, found.reversed) == (5, 4)
    assert found.quartiles is not None
    assert [round(each, 1) for each in found.quartiles] == [17.5, 25.0, 32.5]
    assert tally([ONE]) == Reversals(1, 0, None)
    assert tally([]) == Reversals(0, 0, None)


def test_one_decision_counts_once_and_is_undone_when_any_of_it_is() -> None:
    products = [ONE, after(6), replace(ONE, kind="withdrawn")]
    other_day = replace(ONE, announced=date(2021, 1, 1), effect=date(2021, 1, 1))
    found = known_by([*products, other_day], date(2026, 1, 1))
    assert sorted((row.announced, row.reversed is not None) for row in found) == [
        (DAY, True),
        (date(2021, 1, 1), False),
    ]


def test_taken_back_before_it_took_effect_waited_no_month() -> None:
    early = replace(ONE, effect=date(2020, 6, 1), reversed=date(2020, 3, 1))
    assert early.wait == 0.0


def test_who_still_waits_and_who_came_back_later() -> None:
    rows = [ONE, after(10), after(30), replace(ONE, followed=date(2020, 6, 1))]
    found = waiting(rows, 12.0)
    assert (found.waiting, found.later) == (2, 1)
    assert (waiting(rows, 0.0).waiting, waiting(rows, 0.0).later) == (4, 2)


@given(st.lists(DATES, max_size=6), DATES)
def test_reversals_of_later_days_are_not_known(days: list[date], as_of: date) -> None:
    rows = [replace(ONE, vendor=f"v{number}", reversed=day) for number, day in enumerate(days)]
    found = known_by(rows, as_of)
    assert tally(found).reversed == sum(day <= as_of for day in days)
    assert all(row.followed <= as_of for row in found)


def test_a_failure_that_is_not_in_effect_yet_is_none() -> None:
    assert known_by([replace(ONE, effect=date(2020, 6, 1))], date(2020, 5, 31)) == []
