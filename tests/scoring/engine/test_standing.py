"""Facts in force: the newest that is public, begun and not ended."""

import math

import numpy as np

from scoring.engine.facts import StateFact
from scoring.engine.standing import read_facts
from tests.scoring.engine.dossiers import RUBRIC, START, fact, on

FOUNDATION = RUBRIC.facts["governance"].points["foundation"]


def governance(day: int, *facts: StateFact) -> float:
    days = np.array([on(day).toordinal()], dtype=np.int64)
    return float(read_facts(facts, RUBRIC, days)["governance"].points[0])


def test_a_fact_counts_from_the_day_it_is_both_public_and_in_force() -> None:
    announced = fact("governance", "foundation", 50, known=on(10))
    learned = fact("governance", "foundation", 10, known=on(50))
    for row in (announced, learned):
        assert math.isnan(governance(49, row))
        assert governance(50, row) == FOUNDATION


def test_a_fact_ends_on_its_last_day() -> None:
    ended = fact("governance", "foundation", 0, valid_to=on(20))
    assert governance(19, ended) == FOUNDATION
    assert math.isnan(governance(20, ended))


def test_the_newest_fact_counts_and_an_older_one_returns_when_it_ends() -> None:
    old = fact("governance", "single_vendor", 0)
    new = fact("governance", "foundation", 10, valid_to=on(20))
    assert [governance(day, new, old) for day in (9, 10, 19, 20)] == [-2, FOUNDATION, FOUNDATION, -2]


def test_a_recalled_or_unknown_fact_leaves_the_feature_unknown() -> None:
    old = fact("governance", "single_vendor", 0)
    assert math.isnan(governance(20, old, fact("governance", "foundation", 10, verified=False)))
    assert math.isnan(governance(20, old, fact("governance", "unknown", 10)))


def test_all_days_at_once() -> None:
    facts = [fact("governance", "single_vendor", 5), fact("governance", "foundation", 9, valid_to=on(12))]
    days = np.arange(START.toordinal(), START.toordinal() + 15, dtype=np.int64)
    reading = read_facts(facts, RUBRIC, days)["governance"]
    expected = [math.nan] * 5 + [-2] * 4 + [FOUNDATION] * 3 + [-2] * 3
    np.testing.assert_array_equal(reading.points, expected)
    assert reading.on(0) is None
    assert reading.on(10) == facts[1]
