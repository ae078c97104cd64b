"""How the live record stands: what counts, and what percentages and grades take."""

import math
from datetime import date, timedelta

import pytest

from scoring.engine.months import add_months
from scoring.track import live_forecasts, rounds, standing
from tests.cast import make_line, make_vendor
from tests.live import MADE, make_prediction, make_resolution

pytestmark = pytest.mark.django_db
LATER = date(2029, 1, 1)  # when all of them have settled


def test_void_and_open_forecasts_count_nowhere_and_no_next_version_is_no_failure() -> None:
    for outcome in ("failed", "kept", "no_next_version", "void", "failed"):
        make_resolution(make_prediction(), outcome)
    taken_back = make_prediction()
    make_resolution(taken_back, "failed")
    make_resolution(taken_back, "open")
    record = standing(today=LATER)
    assert (record.made, record.open, record.resolved, record.void) == (6, 1, 4, 1)
    assert (record.failures, record.no_next_version) == (2, 1)
    assert (record.next_due, record.next_settles) == (taken_back.due_on, taken_back.settles_on)


def test_a_failure_ahead_of_time_counts_when_the_others_could_have_come_out_too() -> None:
    failed = make_prediction()
    make_resolution(failed, "failed")
    before = standing(today=failed.settles_on - timedelta(days=1))
    assert (before.early, before.resolved, before.failures, before.methods[0].ratio) == (1, 0, 0, None)
    after = standing(today=failed.settles_on)
    assert (after.early, after.resolved, after.failures) == (0, 1, 1)


def test_scores_are_those_of_the_forecasts() -> None:
    make_resolution(make_prediction(engine=0.8, comparator=0.5), "failed")
    make_resolution(make_prediction(engine=0.1, comparator=0.5), "kept")
    engine, comparator, usual = standing(today=LATER).methods
    assert engine.log_score == pytest.approx((math.log(0.8) + math.log(0.9)) / 2)
    assert comparator.log_score == pytest.approx(math.log(0.5))
    assert usual.log_score == pytest.approx((math.log(0.2) + math.log(0.8)) / 2)
    assert engine.brier == pytest.approx((0.2**2 + 0.1**2) / 2)
    assert engine.expected == pytest.approx(0.9)
    assert engine.ratio == pytest.approx(1 / 0.9)
    assert standing(today=LATER).engine_over_comparator == pytest.approx(
        (math.log(0.8) + math.log(0.9)) / 2 - math.log(0.5)
    )


def test_the_last_outcome_holds_and_all_are_told() -> None:
    prediction = make_prediction()
    make_resolution(prediction, "failed")
    last = make_resolution(prediction, "kept", reason="The evidence was corrected.")
    (told,) = live_forecasts(prediction.round)
    assert (told.resolution, [each.outcome for each in told.resolutions]) == (last, ["failed", "kept"])
    assert live_forecasts("2025-Q1") == ()


def test_rounds_come_newest_first_with_their_counts() -> None:
    line = make_line()
    make_resolution(make_prediction(line), "failed")
    make_prediction(make_line())
    make_prediction(line, date(2026, 4, 1))
    assert [(each.name, len(each.forecasts), each.open, each.failures) for each in rounds()] == [
        ("2026-Q2", 1, 1, 0),
        ("2026-Q1", 2, 1, 1),
    ]


def record_of(number: int, *, sharp: bool = True, quarters: int = 4) -> None:
    """``number`` resolved forecasts by as many vendors, a quarter of them failures; ``sharp``: told from the rest."""
    for place in range(number):
        has_failed = place % 4 == 0
        chance = (0.7 if has_failed else 0.1) if sharp else 0.25
        made_on = add_months(MADE, 3 * (place // 4 % quarters))
        prediction = make_prediction(make_line(make_vendor()), made_on, comparator=chance)
        make_resolution(prediction, "failed" if has_failed else "kept")


def missed() -> list[str]:
    return [check.name for check in standing(today=LATER).gate if not check.is_met]


def test_a_long_sharp_record_permits_grades() -> None:
    record_of(100)
    assert missed() == []
    assert standing(today=LATER).precision == "grades"


@pytest.mark.parametrize(
    ("number", "sharp", "quarters", "lacking"),
    [
        (96, True, 4, ["resolved"]),
        (76, True, 4, ["resolved", "failures"]),
        (100, True, 3, ["rounds"]),
        (100, False, 4, ["log score over usual, at least", "AUC"]),
    ],
)
def test_what_a_record_lacks_keeps_it_at_bands(number: int, sharp: bool, quarters: int, lacking: list[str]) -> None:
    record_of(number, sharp=sharp, quarters=quarters)
    assert missed() == lacking
    assert standing(today=LATER).precision == "bands"
