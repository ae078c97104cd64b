"""What a portfolio stands to lose: one example by hand, and what has to hold for every other."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.exposure import (
    ASSUMED,
    Held,
    at_least_one,
    durability,
    expected_work,
    shares,
    simulate,
    spared_by,
)
from scoring.engine.rubric import SHIPPED, load_rubric

SCALE = load_rubric(SHIPPED).scale
CHATBOT = Held(
    vendor="keeper",
    chances=(0.02, 0.05, 0.10),
    least=0.085,
    most=0.34,
    hazard=0.25,
    low=20,
    likely=40,
    high=120,
    embed=3,
)


@st.composite
def deployments(draw: st.DrawFn) -> Held:
    chances = draw(st.tuples(*[st.floats(0.001, 0.3)] * 3))
    low, middle, high = sorted(draw(st.tuples(*[st.floats(0.5, 500)] * 3)))
    total = sum(chances)
    return Held(
        vendor=draw(st.sampled_from(["a", "b", "c", "d"])),
        chances=chances,
        least=total * 0.5,
        most=min(1.0, total * 1.5),
        hazard=draw(st.floats(0.01, 2)),
        low=low,
        likely=middle,
        high=high,
        embed=draw(st.integers(0, 4)),
        spared=draw(st.tuples(*[st.floats(0, 1)] * 3)),
    )


PORTFOLIOS = st.lists(deployments(), min_size=1, max_size=8)


def test_an_example_by_hand() -> None:
    """(20 + 4 x 40 + 120) / 6 = 50 days; depth 3 counts once. 50 x (.02 x 1 + .05 x .6 + .1 x .5) = 5 days a year."""
    found = expected_work([CHATBOT])
    assert found.lands[0] == pytest.approx([50, 30, 25])
    assert found.expected[0] == pytest.approx([1, 1.5, 2.5])
    assert found.total == pytest.approx(5)
    # 20 x (.1) x half the chance; 120 x (.1) x twice the chance
    assert found.least.sum() == pytest.approx(1)
    assert found.most.sum() == pytest.approx(24)


def test_a_compared_copy_and_the_license_text_by_hand() -> None:
    """Withdrawn keeps .1 of its work, restricted .7 x .7 = .49, the next version all: .1 + .735 + 2.5."""
    spared = spared_by(ASSUMED.verified_copy, ASSUMED.license_text)
    assert spared == pytest.approx((0.9, 0.51, 0))
    assert expected_work([replace(CHATBOT, spared=spared)]).total == pytest.approx(0.1 + 0.735 + 2.5)


def test_measures_that_are_not_there_spare_nothing() -> None:
    assert spared_by() == (0, 0, 0)


@given(PORTFOLIOS)
def test_shares_sum_to_one(held: list[Held]) -> None:
    found = shares(held)
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


def test_nothing_at_risk_is_no_division_by_zero() -> None:
    free = replace(CHATBOT, low=0, likely=0, high=0)
    assert shares([free]) == pytest.approx([0])
    assert durability([free], SCALE) is None
    assert durability([], SCALE) is None
    assert simulate([]).nine_in_ten == 0
    assert at_least_one([]) == 0


@given(deployments(), st.floats(1, 3))
def test_dearer_deeper_and_harder_never_costs_less(each: Held, factor: float) -> None:
    total = expected_work([each]).total
    dearer = replace(each, low=each.low * factor, likely=each.likely * factor, high=each.high * factor)
    assert expected_work([dearer]).total >= total
    assert expected_work([replace(each, high=each.high * factor)]).total >= total
    assert expected_work([replace(each, impact=(1.0, 1.0, 1.0))]).total >= total
    if each.embed < 4:
        assert expected_work([replace(each, embed=each.embed + 1)]).total > total * (1 - 1e-12)


@given(deployments(), st.tuples(*[st.floats(0, 1)] * 3))
def test_a_measure_never_adds_work(each: Held, measure: tuple[float, float, float]) -> None:
    more = replace(each, spared=spared_by(each.spared, measure))
    assert expected_work([more]).total <= expected_work([each]).total + 1e-9


@given(deployments())
def test_the_expected_work_lies_within_its_range(each: Held) -> None:
    found = expected_work([each])
    assert (found.least <= found.expected + 1e-9).all()
    assert (found.expected <= found.most + 1e-9).all()


@given(PORTFOLIOS)
def test_something_fails_no_less_often_than_the_weakest_and_no_more_than_all_together(held: list[Held]) -> None:
    found = at_least_one(held)
    assert max(each.total for each in held) - 1e-6 <= found <= min(1.0, sum(each.total for each in held)) + 1e-6


def test_one_vendor_moves_as_one() -> None:
    family = replace(CHATBOT, chances=(0.01, 0.01, 0.01), least=0.01, most=0.1)
    assert at_least_one([CHATBOT, family]) == pytest.approx(0.17, abs=1e-6)
    assert at_least_one([CHATBOT, replace(family, vendor="another")]) > 0.171


def test_vendors_fail_together_more_often_than_alone() -> None:
    """So that at least one of them fails less often than if they were strangers to each other."""
    two = [CHATBOT, replace(CHATBOT, vendor="another")]
    assert 0.17 < at_least_one(two) < 1 - 0.83**2


def test_what_is_certain_is_certain() -> None:
    assert at_least_one([replace(CHATBOT, chances=(1.0, 0.0, 0.0), most=1.0), CHATBOT]) == 1


@settings(max_examples=15)
@given(PORTFOLIOS)
def test_the_draws_agree_with_the_formula(held: list[Held]) -> None:
    expected, found = expected_work(held).total, simulate(held, draws=20_000)
    worst = expected_work(held).lands.max(axis=1).sum()
    assert found.mean == pytest.approx(expected, rel=0.1, abs=0.02 * worst)


def test_the_draws_are_the_same_every_time() -> None:
    held = [CHATBOT, replace(CHATBOT, vendor="another")]
    assert simulate(held) == simulate(held)
    assert simulate(held, seed=1) != simulate(held, seed=2)


def test_one_vendor_for_all_makes_a_worse_year() -> None:
    """The same work on average; on one vendor it comes at once."""
    rarer = replace(CHATBOT, chances=(0.03, 0.04, 0.05), least=0.06, most=0.24)
    apart = [replace(rarer, vendor=str(number)) for number in range(8)]
    together = [rarer] * 8
    assert simulate(together).nine_in_ten > simulate(apart).nine_in_ten


def test_a_portfolio_of_one_line_stands_where_the_line_stands() -> None:
    hazard = SCALE.anchor_hazard * 2  # ten points below the anchor
    assert durability([replace(CHATBOT, hazard=hazard)], SCALE) == pytest.approx(SCALE.anchor - 10)
    fragile = replace(CHATBOT, hazard=hazard * 4)
    mixed = durability([CHATBOT, fragile], SCALE)
    assert mixed is not None
    assert mixed < SCALE.anchor


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"low": 50.0}, "work"),
        ({"embed": 5}, "depth"),
        ({"chances": (0.5, 0.5, 0.5)}, "sum to 1"),
        ({"spared": (2.0, 0.0, 0.0)}, "within 0 and 1"),
        ({"hazard": -1.0}, "hazard"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(CHATBOT, **wrong)  # type: ignore[arg-type]  # the fields of the case


def test_constants_are_in_order() -> None:
    assert np.all(np.diff(ASSUMED.embed) > 0)
    assert all(np.array(ASSUMED.verified_copy) >= np.array(ASSUMED.unverified_copy))
