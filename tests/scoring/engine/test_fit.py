"""The likelihood, the prior and what comes out of them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.expert import Candidate, Prior, load_expert, prior
from scoring.engine.fit import FitError, Posterior, chances, design, fit, log_posterior, maximize
from scoring.engine.periods import Periods

EXPERT = load_expert()
FLAT = Prior(np.array([0.0]), np.array([1e6]), np.zeros(1))


def alone(count: int) -> np.ndarray:
    return np.ones((count, 1))


def test_the_likelihood_by_hand() -> None:
    # rate 0.2 per half-year: fails in a whole one, survives half of one
    value = log_posterior(
        np.array([math.log(0.2)]), alone(2), np.array([True, False]), np.array([1.0, 0.5]), np.ones(2), FLAT
    )
    assert value == pytest.approx(math.log(1 - math.exp(-0.2)) - 0.1)


def test_one_rate_has_a_closed_form() -> None:
    failed = np.arange(50) < 8
    mean, covariance = maximize(alone(50), failed, np.ones(50), np.ones(50), FLAT)
    assert math.exp(mean[0]) == pytest.approx(-math.log(1 - 8 / 50))
    assert covariance[0, 0] == pytest.approx(1 / 8, rel=0.2)


def test_exposure_of_a_half_counts_as_a_half() -> None:
    failed = np.arange(60) < 6
    whole, _ = maximize(alone(60), failed, np.ones(60), np.ones(60), FLAT)
    half, _ = maximize(alone(60), failed, np.full(60, 0.5), np.ones(60), FLAT)
    assert half[0] - whole[0] == pytest.approx(math.log(2))


def test_a_weight_of_two_is_the_row_twice() -> None:
    failed = np.array([True, False, False])
    twice, _ = maximize(alone(4), failed[[0, 0, 1, 2]], np.ones(4), np.ones(4), FLAT)
    weighed, _ = maximize(alone(3), failed, np.ones(3), np.array([2.0, 1.0, 1.0]), FLAT)
    assert weighed[0] == pytest.approx(twice[0])


def test_without_data_the_prior_comes_back() -> None:
    belief = prior(EXPERT, EXPERT.candidates[0])
    count = len(belief.mean)
    mean, covariance = maximize(np.zeros((0, count)), np.zeros(0, dtype=bool), np.zeros(0), np.zeros(0), belief)
    assert mean == pytest.approx(belief.mean)
    assert np.sqrt(np.diag(covariance)) == pytest.approx(belief.spread)


def test_a_weight_does_not_change_sides() -> None:
    x = np.column_stack([np.ones(400), np.repeat([0.0, 1.0], 200)])
    failed = np.concatenate([np.arange(200) < 60, np.arange(200) < 5])  # the second group is safer
    free = Prior(np.array([-2.0, 0.5]), np.array([3.0, 1.0]), np.zeros(2))
    bound = Prior(free.mean, free.spread, np.array([0.0, 1.0]))
    assert maximize(x, failed, np.ones(400), np.ones(400), free)[0][1] < -1
    assert maximize(x, failed, np.ones(400), np.ones(400), bound)[0][1] == 0.0


def test_known_weights_are_recovered_from_many_rows() -> None:
    generator = np.random.default_rng(3)
    x = np.column_stack([np.ones(60_000), generator.normal(size=(60_000, 2))])
    true = np.array([-3.0, 0.5, -0.4])
    exposure = generator.uniform(0.2, 1.0, 60_000)
    failed = generator.random(60_000) < -np.expm1(-np.exp(x @ true) * exposure)
    belief = Prior(np.zeros(3), np.full(3, 5.0), np.zeros(3))
    assert maximize(x, failed, exposure, np.ones(60_000), belief)[0] == pytest.approx(true, abs=0.06)


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(80)))
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    generator = np.random.default_rng(5)
    x = np.column_stack([np.ones(80), generator.normal(size=80)])
    failed, exposure = generator.random(80) < 0.2, generator.uniform(0.1, 1, 80)
    belief = Prior(np.array([-2.0, 0.0]), np.array([2.0, 1.0]), np.zeros(2))
    one = maximize(x, failed, exposure, np.ones(80), belief)
    other = maximize(x[order], failed[order], exposure[order], np.ones(80), belief)
    assert one[0] == pytest.approx(other[0], abs=1e-8)
    assert one[1] == pytest.approx(other[1], abs=1e-8)


def test_no_number_is_made_up_where_the_fit_does_not_settle() -> None:
    with pytest.raises((FitError, np.linalg.LinAlgError)):
        maximize(alone(3), np.array([True, True, False]), np.full(3, np.nan), np.ones(3), FLAT)


def test_recent_half_years_can_weigh_more() -> None:
    count = len(EXPERT.features)
    middle = np.repeat([2000.0, 2020.0], 500)
    failed = np.concatenate([np.arange(500) < 10, np.arange(500) < 50])
    periods = Periods(
        np.zeros((1000, count)), failed, np.ones(1000), middle, np.zeros(1000, dtype=np.int64), np.arange(1000)
    )
    stiff = [fit(periods, EXPERT, Candidate(0.001, recency), 2020.5).mean[0] for recency in (0.0, 4.0)]
    assert stiff[1] > stiff[0]


def test_the_trend_stands_still_after_the_last_year_known() -> None:
    rows = design(np.zeros((3, 0)), np.array([2015.0, 2025.0, 2040.0]), 2020.0, 2026.0)
    assert rows[:, 1].tolist() == pytest.approx([-0.5, 0.5, 0.6])


def test_chances_are_averaged_over_what_is_not_known() -> None:
    def at(spread: float) -> float:
        covariance = np.diag([spread**2, 0.0])
        known = Posterior(("base", "era"), np.array([-3.0, 0.0]), covariance, 2020.0, 2030.0)
        return float(chances(known, np.zeros((1, 0)), np.array([2020.0]))[0])

    assert at(0.0) == pytest.approx(1 - math.exp(-4 * math.exp(-3)))
    drawn = np.random.default_rng(0).normal(-3.0, 0.8, 400_000)
    assert at(0.8) == pytest.approx(float(np.mean(-np.expm1(-4 * np.exp(drawn)))), abs=0.001)
