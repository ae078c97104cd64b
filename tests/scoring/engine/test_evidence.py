"""How real an event is, how it fades, how much one dimension can take."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.assess import assess
from scoring.engine.evidence import credence, group_events, pool, read_events
from scoring.engine.facts import Dossier, Report
from tests.scoring.engine.dossiers import KINDS, PROTOTYPE, RUBRIC, START, on, report

ADMIRALTY = RUBRIC.admiralty
CODES = [a + b for a in "ABCDEF" for b in "123456"]


def real(*rows: tuple[str, str] | tuple[str, str, bool]) -> float:
    """Credence of one event from (origin, code[, denies])."""
    reports = [report("e", "layoffs", code=row[1], origin=row[0], denies=len(row) == 3) for row in rows]
    return credence(reports, ADMIRALTY)


@pytest.mark.parametrize(
    ("code", "expected"),
    {
        "A1": 0.96,
        "A2": 0.93,
        "B2": 0.88,
        "C2": 0.81,
        "B3": 0.79,
        "C3": 0.68,
        "D3": 0.56,
        "F6": 0.50,
        "D4": 0.37,
        "E4": 0.22,
    }.items(),
)
def test_credence_of_a_single_report(code: str, expected: float) -> None:
    assert real(("press", code)) == pytest.approx(expected, abs=0.005)


def test_two_origins_and_a_denial_by_hand() -> None:
    # B2: 0.75 x (1.5 + 1.2) = 2.025, sigmoid 0.883397
    assert real(("a", "B2")) == pytest.approx(0.883397, abs=1e-6)
    # C3 from another origin: 0.75 x (0.7 + 0.3) = 0.75, half of it counts: 2.025 + 0.375 = 2.4, sigmoid 0.916827
    assert real(("a", "B2"), ("b", "C3")) == pytest.approx(0.916827, abs=1e-6)
    # a denial D2: 0.75 x (0 + 1.2) = 0.9; 2.4 - 0.9 = 1.5, sigmoid 0.817574
    assert real(("a", "B2"), ("b", "C3"), ("c", "D2", True)) == pytest.approx(0.817574, abs=1e-6)


def test_only_denials_make_no_event() -> None:
    assert real(("a", "A1", True)) == 0
    assert group_events([report("e", "layoffs", denies=True)], RUBRIC) == ()


rows = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from(CODES), st.booleans()).map(
        lambda row: row if row[2] else row[:2]
    ),
    max_size=7,
)


@given(rows, st.sampled_from(CODES))
def test_corroboration(reports: list[tuple[str, str]], code: str) -> None:
    before = real(*reports)
    if any(len(row) == 2 for row in reports):
        assert real(*reports, ("new", code)) >= before - 1e-12
    assert real(*reports, ("new", code, True)) <= before + 1e-12
    for echo in reports:
        assert real(*reports, echo) == pytest.approx(before, abs=1e-12)


@given(st.floats(0.01, 3.0))
def test_many_origins_are_worth_at_most_twice_the_best(ratio: float) -> None:
    assert pool([ratio] * 200, ADMIRALTY.further_origin) <= 2 * ratio + 1e-12


@pytest.mark.parametrize("kind", [kind for kind in KINDS if RUBRIC.kinds[kind].magnitude])
def test_half_life_and_plateau(kind: str) -> None:
    constants = RUBRIC.kinds[kind]
    ages = np.array([0, int(constants.half_life), 10**6], dtype=np.int64) + START.toordinal()
    events = group_events([report("e", kind)], RUBRIC)
    reading = read_events(events, RUBRIC, ages)
    weights = np.array([1.0, constants.plateau + (1 - constants.plateau) / 2, constants.plateau])
    assert -reading.full[0] == pytest.approx(constants.magnitude * weights, abs=1e-9)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if RUBRIC.kinds[kind].magnitude])
def test_an_event_only_fades(kind: str) -> None:
    days = np.arange(0, 2000, 50, dtype=np.int64) + START.toordinal()
    reading = read_events(group_events([report("e", kind)], RUBRIC), RUBRIC, days)
    assert (np.diff(np.abs(reading.points[0])) <= 1e-12).all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_flood_of_news_passes_the_cap_of_a_dimension(kind: str) -> None:
    flood = tuple(report(f"e{n}", kind, origin=f"o{n}") for n in range(400))
    items = assess(Dossier("x", flood), PROTOTYPE, START).contributions
    total = math.fsum(item.points for item in items if item.code.startswith("EV:"))
    assert -PROTOTYPE.dimensions[RUBRIC.kinds[kind].dimension].cap - 1e-9 <= total <= 0


def event_points(reports: tuple[Report, ...], day: int) -> float:
    items = assess(Dossier("x", reports), RUBRIC, on(day)).contributions
    return math.fsum(item.points for item in items if item.code.startswith("EV:"))


def test_an_event_announced_ahead_holds_its_weight_until_it_occurs() -> None:
    ahead = (report("e", "price_increase", day=100, published=10),)
    assert event_points(ahead, 9) == 0
    assert event_points(ahead, 10) == event_points(ahead, 100) < event_points(ahead, 101) < 0


def test_an_event_fades_from_the_day_it_occurred_not_from_its_publication() -> None:
    prompt = (report("e", "layoffs", day=0),)
    late = (report("e", "layoffs", day=0, published=50),)
    assert event_points(late, 49) == 0
    assert event_points(late, 50) == event_points(prompt, 50)


def test_a_later_denial_lowers_the_event_from_its_own_day_on() -> None:
    news = report("e", "layoffs")
    denial = report("e", "layoffs", origin="vendor", code="B2", published=20, denies=True)
    assert event_points((news, denial), 19) == event_points((news,), 19)
    assert event_points((news, denial), 20) > event_points((news,), 20)


def test_an_inherited_event_carries_the_largest_weight_it_was_reported_with() -> None:
    sibling = replace(report("e", "layoffs"), weight=RUBRIC.inheritance.sibling)
    own = report("e", "layoffs", origin="other", published=10)
    days = np.array([on(0).toordinal(), on(10).toordinal()], dtype=np.int64)
    full = read_events(group_events([sibling, own], RUBRIC), RUBRIC, days).full[0]
    assert full[0] == pytest.approx(-5 * 0.35)
    assert full[1] == pytest.approx(-5 * 2 ** (-10 / 270))


@settings(max_examples=40)
@given(st.sampled_from(KINDS), st.integers(0, 300))
def test_neutral_news_moves_nothing(kind: str, day: int) -> None:
    assert event_points((report("e", kind, direction="neutral"),), day) == 0


def test_opposite_signs_saturate_apart_and_net_out() -> None:
    bad, good = report("bad", "regulation"), report("good", "regulation", direction="strengthens")
    assert event_points((bad, good), 0) == pytest.approx(0.0, abs=1e-12)
    assert event_points((bad,), 0) == pytest.approx(-event_points((good,), 0))
