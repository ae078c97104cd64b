"""Points to probabilities, ways of failing, the copy already held."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.assess import assess
from scoring.engine.facts import Dossier
from scoring.engine.hazard import averaged, forecast, hazard, mode_mix, probability, retroactive_share, score_at
from tests.scoring.engine.dossiers import PROTOTYPE, RUBRIC, STEADY, fact, on, report

NEUTRAL = dict.fromkeys(PROTOTYPE.dimensions, 0.0)


def chance(score: float, months: int) -> float:
    return float(probability(hazard(np.array(score), RUBRIC.scale, months)))


@pytest.mark.parametrize(
    ("score", "expected"),
    [(90, 0.027), (80, 0.054), (70, 0.106), (60, 0.20), (50, 0.36), (40, 0.59), (30, 0.83)],
)
def test_the_scale(score: float, expected: float) -> None:
    assert chance(score, 24) == pytest.approx(expected, abs=0.0051)


def test_twelve_months_by_hand() -> None:
    # hazard -ln 0.8 = 0.223144, 55 % of it: 1 - e^(-0.122729) = 0.115497
    assert chance(60, 12) == pytest.approx(0.115497, abs=1e-6)


@given(st.floats(0.001, 0.999))
def test_score_and_probability_are_each_other_s_inverse(probability_24: float) -> None:
    assert chance(score_at(probability_24, RUBRIC.scale), 24) == pytest.approx(probability_24, abs=1e-12)


@pytest.mark.parametrize(
    ("dimension", "expected"),
    # ten points down in one dimension; shares 0.15, 0.40, 0.45 times e^slope, then divided by their sum
    [
        (None, (0.15, 0.40, 0.45)),
        # 0.15 e^0.1 = 0.165776, 0.40 e^0.5 = 0.659489, 0.45 e^0.1 = 0.497327, sum 1.322591
        ("track", (0.125342, 0.498634, 0.376025)),
        # 0.15 e^0.3 = 0.202479, 0.40 e^0.4 = 0.596730, 0.45 e^-0.3 = 0.333368, sum 1.132577
        ("legal", (0.178777, 0.526878, 0.294345)),
        # 0.15 e^0.6 = 0.273318, 0.40 e^0.1 = 0.442068, 0.45 e^-0.2 = 0.368429, sum 1.083815
        ("external", (0.252181, 0.407882, 0.339937)),
        # 0.15, 0.40 e^0.1 = 0.442068, 0.45 e^0.4 = 0.671321, sum 1.263389
        ("pressure", (0.118728, 0.349907, 0.531365)),
        # 0.15, 0.40, 0.45 e^0.5 = 0.741925, sum 1.291925
        ("behavior", (0.116106, 0.309616, 0.574279)),
    ],
)
def test_mode_mix_by_hand(dimension: str | None, expected: tuple[float, float, float]) -> None:
    mix = mode_mix(NEUTRAL | ({dimension: -10.0} if dimension else {}), PROTOTYPE)
    assert tuple(mix.values()) == pytest.approx(expected, abs=1e-6)
    assert list(mix) == ["withdrawn", "restricted", "closed_next"]


@given(st.dictionaries(st.sampled_from(sorted(PROTOTYPE.dimensions)), st.floats(-30, 30)))
def test_mode_shares_sum_to_one(dimensions: dict[str, float]) -> None:
    assert math.fsum(mode_mix(NEUTRAL | dimensions, PROTOTYPE).values()) == pytest.approx(1.0, abs=1e-12)


def test_held_copy_and_next_version_by_hand() -> None:
    result = forecast(60.0, 0.0, mode_mix(NEUTRAL, PROTOTYPE), 0.05, 24, PROTOTYPE)
    # held: 0.223144 x (0.15 + 0.40 x 0.05) = 0.037934; 1 - e^-0.037934 = 0.037224
    assert result.held == pytest.approx(0.037224, abs=1e-6)
    # next: 0.223144 x (0.40 + 0.45) = 0.189672; 1 - e^-0.189672 = 0.172770
    assert result.next_version == pytest.approx(0.172770, abs=1e-6)
    assert (result.total, result.low, result.high, result.central) == pytest.approx((0.2,) * 4)


def test_the_average_is_the_mean_over_the_score_s_uncertainty() -> None:
    grid = np.linspace(-8, 8, 20001)
    weights = np.exp(-(grid**2) / 2)
    for raw, sd in ((70.0, 6.0), (43.0, 8.0), (20.0, 15.0)):
        mean = (weights * probability(hazard(raw + sd * grid, RUBRIC.scale, 24))).sum() / weights.sum()
        assert float(averaged(np.array(raw), np.array(sd), RUBRIC, 24)) == pytest.approx(mean, abs=1e-5)


def test_the_plausible_range_is_the_band_of_the_score() -> None:
    result = forecast(50.0, 10.0, mode_mix(NEUTRAL, RUBRIC), 0.25, 24, RUBRIC)
    # 50 + 12.816 and 50 - 12.816 on the scale
    assert (result.low, result.high) == (chance(62.816, 24), chance(37.184, 24))
    assert result.low < result.central < result.high


@pytest.mark.parametrize(
    ("value", "flags", "expected"),
    [
        ("permissive", (), 0.05),
        ("copyleft", (), 0.05),
        ("source_available", (), 0.10),
        ("restricted_open_weights", (), 0.25),
        ("restricted_open_weights", ("terminable", "threshold"), 0.50),
        ("proprietary", ("terminable",), 1.0),
        ("unknown", (), 0.25),
    ],
)
def test_how_far_restrictions_reach_a_copy_already_held(value: str, flags: tuple[str, ...], expected: float) -> None:
    assert retroactive_share(fact("license", value, flags=frozenset(flags)), RUBRIC) == pytest.approx(expected)


def test_an_unknown_or_recalled_license_is_treated_with_care() -> None:
    assert retroactive_share(None, RUBRIC) == 0.25
    assert retroactive_share(fact("license", "permissive", verified=False), RUBRIC) == 0.25
    assert retroactive_share(fact("license", "proprietary", verified=False), RUBRIC) == 1.0


def test_the_license_in_force_decides_what_can_happen_to_a_held_copy() -> None:
    pressed = replace(
        STEADY, reports=(report("e", "ipo", 500),), facts=(*STEADY.facts, fact("license", "proprietary", 600))
    )
    before, after = (assess(pressed, RUBRIC, on(day)).forecast(24) for day in (599, 600))
    assert before.held < after.held
    assert before.held < before.next_version < before.total


def test_held_within_twelve_months_is_less_than_within_twenty_four() -> None:
    result = assess(Dossier("x", reports=(report("e", "ipo"),)), RUBRIC, on(10))
    assert result.forecast(12).held < result.forecast(24).held
