"""Numbers as words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.assess import assess
from scoring.engine.words import (
    counted_as,
    frequency,
    likelihood_sentence,
    likelihood_word,
    plausible_range,
    scale_sentence,
)
from tests.scoring.engine.dossiers import RUBRIC
from tests.scoring.engine.qwen import QWEN


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (0.0, "fewer than 1 in 20"),
        (0.0499, "fewer than 1 in 20"),
        (0.05, "about 1 in 20"),
        (0.08, "about 1 in 10"),
        (0.20, "about 2 in 10"),
        (0.41, "about 4 in 10"),
        (0.50, "about 5 in 10"),
        (0.90, "about 9 in 10"),
        (0.94, "about 19 in 20"),
        (1.0, "more than 19 in 20"),
    ],
)
def test_frequency(chance: float, expected: str) -> None:
    assert frequency(chance, RUBRIC) == expected


@given(st.floats(0.05, 0.95, exclude_max=True))
def test_a_frequency_is_near_the_probability_it_stands_for(chance: float) -> None:
    part, whole = frequency(chance, RUBRIC).removeprefix("about ").split(" in ")
    assert abs(int(part) / int(whole) - chance) <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("chance", "expected"),
    [
        (0.01, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.5, "roughly even chance"),
        (0.55, "likely"),
        (0.8, "very likely"),
        (0.95, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_likelihood_word(chance: float, expected: str) -> None:
    assert likelihood_word(chance, RUBRIC) == expected


def test_the_sentence_says_what_and_by_when_and_nothing_about_confidence() -> None:
    forecast = replace(assess(QWEN, RUBRIC, date(2026, 11, 23)).forecast(24), total=0.41, low=0.24, high=0.64)
    sentence = likelihood_sentence(forecast, date(2026, 11, 23), RUBRIC)
    assert sentence == "about 4 in 10 that by 23 Nov 2028 a flagship is closed, gated or under tighter terms."
    assert plausible_range(forecast.low, forecast.high) == "24-64 %"


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.001, 0.05, "<1-5 %"), (0.5, 0.999, "50->99 %"), (0.01, 0.99, "1-99 %")],
)
def test_a_range_never_claims_to_know(low: float, high: float, expected: str) -> None:
    assert plausible_range(low, high) == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [(-7.2, "−7"), (6.0, "+6"), (-0.4, "−0.4"), (0.96, "+1"), (0.01, "less than 0.1"), (-12.6, "−13")],
)
def test_points_as_counted(points: float, expected: str) -> None:
    assert counted_as(points) == f"we count this as {expected}"


def test_the_scale_is_computed_from_the_rubric() -> None:
    assert scale_sentence(RUBRIC) == "10 points fewer = twice the rate: 60 = 20 %, 50 = 36 %, 40 = 59 % in 24 months"
    steeper = replace(RUBRIC, scale=replace(RUBRIC.scale, points_per_doubling=20.0))
    assert scale_sentence(steeper).startswith("20 points fewer = twice the rate: 60 = 20 %, 40 = 36 %")
