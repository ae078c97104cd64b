"""Thinning on casts: who is thinned, to what, and what a move is."""

from dataclasses import replace

from scoring.engine.thinning import Thinning, events_of, measure, thinned
from tests.scoring.engine.dossiers import RUBRIC, STEADY, on, report

DAY = on(700)
RICH = replace(STEADY, reports=tuple(report(f"e{n}", "layoffs", 600 + n) for n in range(20)))
FIVE = replace(STEADY, reports=RICH.reports[:5])


def test_only_cited_events_of_the_past_count() -> None:
    rows = (report("a", "layoffs", 1), replace(report("b", "layoffs", 1), verified=False), report("c", "layoffs", 900))
    assert events_of(replace(STEADY, reports=rows), DAY) == [rows[0].event]


def test_five_events_are_left_and_others_with_another_seed() -> None:
    drawn = [events_of(thinned(RICH, DAY, seed), DAY) for seed in range(4)]
    assert {len(events) for events in drawn} == {5}
    assert len({tuple(events) for events in drawn}) > 1
    assert thinned(RICH, DAY, 1) == thinned(RICH, DAY, 1)


def test_a_line_with_five_events_is_left_alone() -> None:
    assert set(measure({"rich": RICH, "five": FIVE}, RUBRIC, DAY).moves) == {"rich"}


def test_dropping_bad_news_raises_a_score() -> None:
    found = measure({"rich": RICH}, RUBRIC, DAY)
    assert found.moves["rich"] > 0
    assert found.rank_correlation is None


def test_the_aim() -> None:
    assert Thinning({"a": 5.0, "b": -5.0}, 0.9).holds
    assert not Thinning({"a": 5.1}, None).holds
    assert not Thinning({"a": 0.0, "b": 1.0}, 0.89).holds
    assert Thinning({"a": -6.0, "b": 2.0}, 1.0).worst == 6.0
