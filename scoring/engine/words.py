"""Numbers as words (method section 6). Likelihood and confidence never stand in one sentence."""

from datetime import date

import numpy as np

from scoring.engine.assessment import Forecast
from scoring.engine.constants import Band
from scoring.engine.hazard import hazard, probability
from scoring.engine.months import add_months
from scoring.engine.rubric import Rubric

MINUS = "\u2212"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def frequency(chance: float, rubric: Rubric) -> str:
    """A probability as a frequency: "about 4 in 10"; the limits are the rubric's."""
    return _words(chance, rubric.frequencies)


def likelihood_word(chance: float, rubric: Rubric) -> str:
    return _words(chance, rubric.likelihood)


def _words(chance: float, bands: tuple[Band, ...]) -> str:
    return next(band.words for band in bands if chance < band.below)


def plain_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def likelihood_sentence(forecast: Forecast, as_of: date, rubric: Rubric) -> str:
    """ "about 4 in 10 that by 23 Nov 2028 a flagship is closed, ..."; its range belongs in the next sentence."""
    until = plain_date(add_months(as_of, forecast.months))
    return f"{frequency(forecast.total, rubric)} that by {until} {rubric.words.failure}."


def plausible_range(low: float, high: float) -> str:
    """ "24-64 %"; never 0 or 100, which would claim to know."""
    return f"{_percent(low)}-{_percent(high)} %"


def _percent(chance: float) -> str:
    if chance < 0.01:
        return "<1"
    return ">99" if chance > 0.99 else str(round(100 * chance))


def signed_points(points: float) -> str:
    """Whole points with a sign; below one point one decimal."""
    size = abs(points)
    if size < 0.05:
        return "less than 0.1"
    digits = f"{size:.1f}" if size < 0.95 else f"{size:.0f}"
    return f"{MINUS if points < 0 else '+'}{digits}"


def counted_as(points: float) -> str:
    return f"we count this as {signed_points(points)}"


def scale_sentence(rubric: Rubric) -> str:
    """ "10 points fewer = twice the rate: 60 = 20 %, 50 = 36 %, 40 = 59 % in 24 months"."""
    step, anchor = rubric.scale.points_per_doubling, rubric.scale.anchor
    scores = [anchor, anchor - step, anchor - 2 * step]
    chances = probability(hazard(np.array(scores), rubric.scale, 24))
    marks = ", ".join(f"{score:g} = {100 * chance:.0f} %" for score, chance in zip(scores, chances, strict=True))
    return f"{step:g} points fewer = twice the rate: {marks} in 24 months"
