"""The order of lines is as firm as weights and evidence allow, and says so."""

from dataclasses import replace
from datetime import date
from random import Random
from statistics import NormalDist

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.assess import assess
from scoring.engine.facts import Dossier
from scoring.engine.stability import CLEAR, DRAWS, Entry, Ranking, entry_of, rank
from tests.scoring.engine.dossiers import DAYS, RUBRIC, STEADY, dossiers, on, report

BASE = RUBRIC.scale.base
CERTAIN = float(np.hypot(RUBRIC.interval.base_spread, RUBRIC.interval.frailty_nats * RUBRIC.scale.points_per_nat))
CODES = [f"EV:{kind}" for kind in sorted(RUBRIC.kinds)]


def entry(subject: str, doubt: float = 0.0, examined: float = 1.0, **items: float) -> Entry:
    """Its own doubt, beside what the weights of its items bring."""
    spread = RUBRIC.interval.item_share * np.hypot.reduce([0.0, *items.values()])
    sd = float(np.sqrt(CERTAIN**2 + spread**2 + doubt**2))
    codes = tuple((f"EV:{kind}", points) for kind, points in items.items())
    return Entry(subject, (("BASE", BASE), *codes), BASE + sum(items.values()), sd, examined)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    points = st.dictionaries(st.sampled_from(CODES), st.floats(-20, 20), max_size=6)
    return [
        entry(f"line-{number}", draw(st.floats(0, 10)), draw(st.sampled_from([0.0, 0.5, 1.0])), **draw(points))
        for number in range(draw(st.integers(1, 12)))
    ]


def places(found: Ranking) -> list[int]:
    return [found.placings[subject].place for subject in found.subjects]


@settings(max_examples=60)
@given(entries(), st.integers(0, 9))
def test_places_bands_and_ties_fit_together(lines: list[Entry], seed: int) -> None:
    found = rank(lines, RUBRIC)
    assert rank(Random(seed).sample(lines, len(lines)), RUBRIC).placings == found.placings
    assert places(found) == sorted(places(found))
    for number, subject in enumerate(found.subjects, start=1):
        placing = found.placings[subject]
        assert 1 <= placing.best <= number <= placing.worst <= placing.of == len(lines)
        assert placing.place <= number < placing.place + placing.sharing
        head = found.subjects[placing.place - 1]
        if subject != head:
            assert found.chance_above(head, subject) < CLEAR
        elif number > 1:
            assert found.chance_above(found.subjects[places(found)[number - 2] - 1], subject) >= CLEAR


@settings(max_examples=30)
@given(entries())
def test_chances_of_two_lines_sum_to_one(lines: list[Entry]) -> None:
    found = rank(lines, RUBRIC)
    for one in found.subjects[:4]:
        for other in found.subjects[:4]:
            assert found.chance_above(one, other) + found.chance_above(other, one) == 1.0


def test_a_weight_that_two_lines_share_does_not_part_them() -> None:
    """A heavy item of both moves both; the same points from different items leave the order open."""
    shared = [entry("above", ipo=-15.0, layoffs=-1.0), entry("below", ipo=-15.0, layoffs=-2.0)]
    found = rank(shared, RUBRIC)
    assert found.chance_above("above", "below") > 0.95
    assert places(found) == [1, 2]
    other = [entry("above", ipo=-15.0, layoffs=-1.0), entry("below", litigation=-15.0, layoffs=-2.0)]
    found = rank(other, RUBRIC)
    assert 0.5 < found.chance_above("above", "below") < CLEAR
    assert places(found) == [1, 1]
    assert [(each.best, each.worst) for each in found.placings.values()] == [(1, 2), (1, 2)]


def test_doubt_of_its_own_makes_a_line_hard_to_place() -> None:
    lines = [entry(f"line-{number}", layoffs=-2.0 * number) for number in range(8)]
    firm = rank(lines, RUBRIC).placings["line-4"]
    doubtful = rank([*lines[:4], entry("line-4", doubt=8.0, layoffs=-8.0), *lines[5:]], RUBRIC).placings["line-4"]
    assert doubtful.worst - doubtful.best > firm.worst - firm.best


def test_the_chance_is_that_of_the_difference() -> None:
    """Against the normal distribution of the difference, within what 400 draws allow."""
    found = rank([entry("a", doubt=6.0, ipo=4.0), entry("b", doubt=8.0)], RUBRIC)
    sd = np.sqrt(100 + (RUBRIC.interval.item_share * 4) ** 2)
    expected = NormalDist().cdf(4 / sd)
    assert abs(found.chance_above("a", "b") - expected) < 3.5 * 0.5 / np.sqrt(DRAWS)


def test_base_and_what_no_record_explains_leave_the_order_alone() -> None:
    shaky = replace(RUBRIC, interval=replace(RUBRIC.interval, base_spread=9.0, frailty_nats=2.0))
    pair = (STEADY, replace(STEADY, subject="worse", reports=(report("e", "layoffs", 690),)))
    one, other = (
        rank([replace(entry_of(assess(each, by, on(700))), examined=1.0) for each in pair], by)
        for by in (RUBRIC, shaky)
    )
    assert np.allclose(one.drawn, other.drawn)


def test_another_line_changes_no_draw_of_the_others() -> None:
    lines = [entry("a", doubt=3.0, ipo=-4.0), entry("b", doubt=2.0, funding=-3.0)]
    alone, joined = rank(lines, RUBRIC), rank([*lines, entry("c", doubt=5.0, layoffs=5.0)], RUBRIC)
    for subject in ("a", "b"):
        one, two = (each.drawn[each.subjects.index(subject)] for each in (alone, joined))
        assert np.array_equal(one, two)


def test_nothing_to_rank_gives_nothing() -> None:
    assert rank([], RUBRIC).placings == {}
    only = rank([entry("a")], RUBRIC).placings["a"]
    assert (only.place, only.sharing, only.best, only.worst, only.of) == (1, 1, 1, 1, 1)


@settings(max_examples=30)
@given(dossiers(), DAYS)
def test_any_assessment_can_be_ranked(dossier: Dossier, day: date) -> None:
    found = entry_of(assess(dossier, RUBRIC, day))
    drawn = rank([found], RUBRIC).drawn
    assert np.isfinite(drawn).all()
    assert drawn.shape == (1, DRAWS)
