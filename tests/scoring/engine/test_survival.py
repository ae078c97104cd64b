"""Kaplan-Meier against an example by hand, Greenwood's formula, and what holds of every curve."""

from itertools import pairwise
from math import exp, log, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.survival import Lasted, kaplan_meier, log_rank

# Six commitments of six vendors: failures after 1, 3, 3 and 5 years, two followed for 2 and 6 years.
BY_HAND = [
    Lasted(time, failed, str(number))
    for number, (time, failed) in enumerate([(1, True), (2, False), (3, True), (3, True), (5, True), (6, False)])
]
UNITS = st.lists(
    st.builds(Lasted, st.integers(1, 12).map(float), st.booleans(), st.sampled_from("abcdef")), min_size=1, max_size=40
)


def test_an_example_by_hand() -> None:
    """S(1) = 5/6; at 3 years four are at risk and two fail: 5/6 x 2/4 = 5/12; at 5 two and one: 5/24."""
    curve = kaplan_meier(BY_HAND)
    assert [(step.time, step.at_risk, step.failed) for step in curve.steps] == [(1, 6, 1), (3, 4, 2), (5, 2, 1)]
    assert [step.share for step in curve.steps] == pytest.approx([5 / 6, 5 / 12, 5 / 24])
    assert curve.median == 3
    assert (curve.units, curve.clusters, curve.failures) == (6, 6, 4)
    assert [curve.reliable_to(vendors) for vendors in (1, 2, 4, 7)] == [6, 5, 3, 0]
    assert curve.at(0.5) is None
    after_four = curve.at(4)
    assert after_four is not None
    assert after_four.share == pytest.approx(5 / 12)


def test_the_band_of_single_vendors_is_greenwoods() -> None:
    """Var log S(3) = 1/(6x5) + 2/(4x2) = 0.28333; 90 % band on log(-log S)."""
    step = kaplan_meier(BY_HAND).steps[1]
    error = sqrt(1 / 30 + 2 / 8) / -log(5 / 12)
    z = NormalDist().inv_cdf(0.95)
    assert step.low == pytest.approx((5 / 12) ** exp(z * error))
    assert step.high == pytest.approx((5 / 12) ** exp(-z * error))


@given(UNITS)
def test_with_one_unit_a_cluster_the_variance_is_greenwoods(units: list[Lasted]) -> None:
    apart = [Lasted(unit.time, unit.failed, str(number)) for number, unit in enumerate(units)]
    variance = 0.0
    for step in kaplan_meier(apart).steps:
        if step.share == 0:
            continue
        variance += step.failed / (step.at_risk * (step.at_risk - step.failed))
        spread = exp(NormalDist().inv_cdf(0.95) * sqrt(variance) / -log(step.share))
        assert step.low == pytest.approx(step.share**spread)


def test_eight_products_of_one_decision_give_a_wider_band_than_eight_decisions() -> None:
    others = [Lasted(8.0, False, f"other {number}") for number in range(10)]
    one = kaplan_meier([*others, *[Lasted(4.0, True, "one vendor")] * 8]).steps[0]
    eight = kaplan_meier([*others, *[Lasted(4.0, True, f"vendor {number}") for number in range(8)]]).steps[0]
    assert one.share == eight.share
    assert one.low is not None
    assert eight.low is not None
    assert one.low < eight.low
    assert one.clusters_at_risk == 11


@given(UNITS)
def test_a_curve_falls_from_one_within_its_band(units: list[Lasted]) -> None:
    curve = kaplan_meier(units)
    shares = [1.0, *(step.share for step in curve.steps)]
    assert all(0 <= after < before for before, after in pairwise(shares))
    assert sum(step.failed for step in curve.steps) == curve.failures
    for step in curve.steps:
        if step.low is not None and step.high is not None:
            assert 0 <= step.low <= step.share <= step.high <= 1


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=30))
def test_without_anyone_lost_it_is_the_plain_share(drawn: list[tuple[int, bool]]) -> None:
    units = [Lasted(float(time), True, str(number)) for number, (time, _) in enumerate(drawn)]
    for step in kaplan_meier(units).steps:
        assert step.share == pytest.approx(sum(unit.time > step.time for unit in units) / len(units))


@given(UNITS, UNITS)
def test_nobody_changes_the_past_by_failing_later(units: list[Lasted], later: list[Lasted]) -> None:
    """Who is followed beyond a day counts there alike, whatever came of it."""
    longer = [Lasted(unit.time + 20, unit.failed, unit.cluster) for unit in later]
    spared = [Lasted(unit.time, False, unit.cluster) for unit in longer]
    early, kept = kaplan_meier([*units, *longer]), kaplan_meier([*units, *spared])
    assert [step for step in early.steps if step.time <= 12] == list(kept.steps)


def test_without_failures_there_is_no_step_and_no_median() -> None:
    curve = kaplan_meier([Lasted(5.0, False, "a"), Lasted(7.0, False, "b")])
    assert (curve.steps, curve.median, curve.median_band) == ((), None, (None, None))
    assert (curve.reliable_to(2), curve.reliable_to(3)) == (5.0, 0.0)
    assert kaplan_meier([]).units == 0


def test_the_log_rank_statistic_by_hand() -> None:
    """Failures at 1 (a) and 2 (b) of two and two, the rest followed to 3: expected in a 1/4 + 1/4 + 1/3 (one left)."""
    a = [Lasted(1.0, True, "1"), Lasted(3.0, False, "2")]
    b = [Lasted(2.0, True, "3"), Lasted(3.0, False, "4")]
    tested = log_rank([a, b])
    in_a, in_b = 1 / 4 + 1 / 4 + 1 / 3, (1 / 4 + 1 / 3) + (1 / 4 + 1 / 3)
    assert tested is not None
    assert tested.statistic == pytest.approx((1 - in_a) ** 2 / in_a + (1 - in_b) ** 2 / in_b)
    assert tested.p_value > 0.5


def test_log_rank_finds_a_difference_between_many_vendors_and_not_within_one() -> None:
    steady = [Lasted(10.0, False, f"s{number}") for number in range(12)]
    many = [Lasted(2.0, True, f"m{number}") for number in range(12)]
    one = [Lasted(2.0, True, "one")] * 12
    found, doubtful = log_rank([steady, many]), log_rank([steady, one])
    assert found is not None
    assert doubtful is not None
    assert found.p_value < 0.001
    assert doubtful.p_value > 0.05
    assert log_rank([steady, many]) == found


def test_log_rank_needs_two_groups_and_a_failure() -> None:
    assert log_rank([BY_HAND, []]) is None
    assert log_rank([[Lasted(1.0, False, "a")], [Lasted(2.0, False, "b")]]) is None
