"""Every figure on cases small enough to work out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.metrics import (
    auc,
    brier,
    c_index,
    calibration,
    calibration_error,
    judge,
    log_losses,
    ranks,
    reliability,
)

P = np.array([0.1, 0.4, 0.4, 0.8])
HIT = np.array([False, True, False, True])


def test_ranks_share_ties() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]


def test_auc_with_a_tie() -> None:
    # pairs (hit, other): .4>.1, .4=.4, .8>.1, .8>.4
    assert auc(P, HIT) == pytest.approx(3.5 / 4)
    assert auc(P, np.zeros(4, dtype=bool)) is None
    assert auc(np.full(4, 0.2), HIT) == 0.5


def test_brier_and_log_loss() -> None:
    assert brier(P, HIT) == pytest.approx((0.01 + 0.36 + 0.16 + 0.04) / 4)
    assert log_losses(P, HIT).tolist() == pytest.approx([-math.log(v) for v in (0.9, 0.4, 0.6, 0.8)])
    assert log_losses(np.array([0.0]), np.array([True]))[0] == pytest.approx(-math.log(1e-4))


def test_c_index_by_pairs() -> None:
    time = np.array([730.0, 100.0, 730.0, 300.0])
    # first to fail at 100 (.4): later .1 below, .4 tie, .8 above; at 300 (.8): later .1 and .4 below
    assert c_index(P, time, HIT) == pytest.approx((1 + 0.5 + 0 + 2) / 5)
    assert c_index(P, time, np.zeros(4, dtype=bool)) is None


def test_calibration_error_in_five_equal_bins() -> None:
    p = np.repeat([0.1, 0.2, 0.3, 0.4, 0.5], 2)
    hit = np.array([0, 0, 0, 1, 0, 1, 0, 1, 1, 1], dtype=bool)
    assert [part.n for part in reliability(p, hit)] == [2] * 5
    assert calibration_error(p, hit) == pytest.approx((0.1 + 0.3 + 0.2 + 0.1 + 0.5) / 5)


def test_calibration_of_true_chances_and_of_others() -> None:
    # 10 of 100 at 10 %, 50 of 100 at 50 %: exactly as said
    p = np.repeat([0.1, 0.5], 100)
    hit = np.concatenate([np.arange(100) < 10, np.arange(100) < 50])
    intercept, slope = calibration(p, hit)
    assert intercept == pytest.approx(0, abs=1e-9)
    assert slope == pytest.approx(1, abs=1e-6)
    # said in logits half as far out: the slope that mends it is 2
    logit = np.log(p / (1 - p)) / 2
    assert calibration(1 / (1 + np.exp(-logit)), hit)[1] == pytest.approx(2, abs=1e-6)
    # always 10 % said where 50 % came: log odds of 1 against log odds of 1/9
    intercept, slope = calibration(np.full(100, 0.1), np.arange(100) < 50)
    assert intercept == pytest.approx(math.log(9))
    assert slope is None


def test_figures_that_do_not_exist_are_none() -> None:
    assert calibration(P, np.ones(4, dtype=bool)) == (None, None)
    assert calibration(P, P > 0.4)[1] is None  # perfectly told apart: no slope is the best
    none = judge(P[:0], HIT[:0], P[:0], P[:0])
    assert (none.n, none.events, none.brier, none.auc24) == (0, 0, None, None)


def test_skill_is_over_the_base() -> None:
    found = judge(P, HIT, np.full(4, 730.0), np.full(4, 0.5))
    assert found.bss == pytest.approx(1 - 0.1425 / 0.25)
    assert judge(np.full(4, 0.5), HIT, np.full(4, 730.0), np.full(4, 0.5)).bss == 0.0


@given(st.permutations(range(40)))
def test_order_does_not_matter(order: list[int]) -> None:
    generator = np.random.default_rng(1)
    p, hit, time = generator.random(40), generator.random(40) < 0.4, generator.random(40)
    one, other = judge(p, hit, time, p), judge(p[order], hit[order], time[order], p[order])
    for name in ("brier", "log_loss", "auc24", "c_index", "ece", "intercept", "slope"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6)
