"""Nothing known is no merit: a line that nobody examined ranks where every line starts, never above."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring.engine.assess import assess
from scoring.engine.facts import Dossier
from scoring.engine.fallback import ranked
from scoring.engine.stability import entry_of, rank
from tests.scoring.engine.dossiers import DAYS, KNOWN_FACTS, RUBRIC, STEADY, dossiers, on, release, report

BASE = RUBRIC.scale.base


@settings(max_examples=80)
@given(dossiers(), DAYS)
def test_thin_evidence_never_raises_a_line_and_enough_of_it_is_believed(dossier: Dossier, day: date) -> None:
    found = assess(dossier, RUBRIC, day)
    assert 0 <= found.examined <= 1
    assert found.ranked <= found.durability
    assert (found.examined < 1) == bool(found.insufficient)
    if not found.insufficient:
        assert found.ranked == found.durability
    if found.durability > BASE:
        assert found.ranked >= BASE, "what speaks for a line does not lower it below where it starts"
    else:
        assert found.ranked == found.durability, "what speaks against it counts in full"


def test_without_evidence_it_ranks_where_every_line_starts() -> None:
    found = assess(Dossier("new-language"), RUBRIC, on(0))
    assert (found.examined, found.ranked) == (0, BASE)
    assert "FEW_FACTS" in found.insufficient


@settings(max_examples=80)
@given(st.floats(0, 100), st.floats(0, 1), st.floats(0, 0.2), st.floats(0, 100))
def test_it_moves_continuously_and_never_the_wrong_way(raw: float, examined: float, more: float, start: float) -> None:
    assume(examined + more <= 1)
    before, after = ranked(raw, start, examined), ranked(raw, start, examined + more)
    assert before <= after + 1e-9
    assert after - before <= more * max(0.0, raw - start) + 1e-9
    assert ranked(raw, start, 0) <= start
    assert ranked(raw, start, 1) == pytest.approx(raw)


def test_facts_that_become_known_bring_it_step_by_step_to_its_score() -> None:
    """Each fact known adds at most a share of its own distance; with enough of them the score counts as it is."""
    released = Dossier("acme-language", releases=STEADY.releases, reports=(report("ok", "open_release", 690),))
    shares = []
    for number in range(len(KNOWN_FACTS) + 1):
        found = assess(replace(released, facts=KNOWN_FACTS[:number]), RUBRIC, on(700))
        shares.append(found.examined)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert found.ranked == found.durability


def test_age_takes_it_back_day_by_day() -> None:
    last = max(row.weights or row.announced for row in STEADY.releases)
    begin = last.toordinal() + RUBRIC.sufficiency.days
    days = [date.fromordinal(begin + offset) for offset in (0, 1, 100)]
    shares = [assess(STEADY, RUBRIC, day).examined for day in days]
    assert shares[0] == 1
    assert 0.99 < shares[1] < 1
    assert shares[2] == pytest.approx(RUBRIC.sufficiency.days / (RUBRIC.sufficiency.days + 100))


def test_a_new_vendor_of_whom_nothing_is_known_is_not_above_examined_lines() -> None:
    """One open release, no facts: not above a line whose own evidence speaks for it as much, and near the start."""
    new = Dossier("new-language", releases=(release("first", 600, 600),))
    found, steady = assess(new, RUBRIC, on(700)), assess(STEADY, RUBRIC, on(700))
    assert found.insufficient
    assert steady.durability > BASE
    assert not steady.insufficient
    assert BASE <= found.ranked < found.durability
    assert found.ranked - BASE <= found.examined * (found.durability - BASE) + 1e-9
    order = rank([entry_of(found), entry_of(steady)], RUBRIC).subjects
    assert order == ("acme-language", "new-language")
