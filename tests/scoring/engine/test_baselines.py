"""Kaplan-Meier and the other simple forecasts, by hand."""

import math

import numpy as np
import pytest

from scoring.engine.backtest import tabulate
from scoring.engine.baselines import base_rate, baselines, survival
from tests.scoring.engine.pasts import EXPERT, case, made_up


def test_kaplan_meier_by_hand() -> None:
    # 5 at risk: one fails at 1, one is censored at 2, one of the last three fails at 3
    time = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    failed = np.array([True, False, True, False, False])
    assert survival(time, failed, 0.5) == 1.0
    assert survival(time, failed, 2.0) == pytest.approx(4 / 5)
    assert survival(time, failed, 9.0) == pytest.approx(4 / 5 * 2 / 3)


def test_who_is_censored_on_the_day_of_a_failure_was_at_risk() -> None:
    assert survival(np.array([1.0, 1.0]), np.array([True, False]), 1.0) == 0.5


def test_the_base_rate_is_failures_over_exposure() -> None:
    cases = [case("a", "2010-01-01", "2012-01-01", failed=True), case("b", "2010-01-01", "2014-01-01")]
    past = tabulate(cases, EXPERT).known_before(2014)
    # four half-years and the one it failed in; eight
    exposure = (181 + 184 + 181 + 184 + 182 + 365 * 4 + 1) / 182.625
    assert base_rate(past) == pytest.approx(1 - math.exp(-4 / exposure))


def test_groups_are_drawn_to_the_base_rate_where_little_is_known() -> None:
    cases = [*made_up(4, 60), case("odd", "2009-06-01", "2024-12-31", states={"governance": "government"})]
    table = tabulate(cases, EXPERT)
    past = table.known_before(2011)
    due = table.starts.where(table.starts.year == 2011)
    chance = baselines(past, due, EXPERT, EXPERT.candidates[0])["governance_km"]
    odd = chance[due.case == len(cases) - 1][0]
    assert odd == pytest.approx(base_rate(past) * 10 / 11)  # one start without failure, ten at the base rate


def test_expert_points_keep_their_proportions() -> None:
    table = tabulate(made_up(6, 80), EXPERT)
    past, due = table.known_before(2015), table.starts.where(table.starts.year == 2015)
    chance = baselines(past, due, EXPERT, EXPERT.candidates[0])["expert_points"]
    rate = -np.log1p(-chance)
    single, held = (rate[due.governance == name] for name in ("single_vendor", "foundation"))
    assert single[0] / held[0] == pytest.approx(2**1.4, rel=0.01)  # 14 points
