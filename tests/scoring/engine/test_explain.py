"""Reasons, the case for and against, and what moved a score."""

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from scoring.engine.assess import assess, what_if
from scoring.engine.explain import (
    CAUSES,
    Said,
    case_for_and_against,
    changes,
    differences,
    points_by_cause,
    reasons,
)
from scoring.engine.facts import Dossier
from scoring.engine.rubric import Rubric, load_rubric
from scoring.engine.suppositions import Suppositions
from tests.scoring.engine.dossiers import (
    DAYS,
    PROTOTYPE,
    RUBRIC,
    STEADY,
    dossiers,
    fact,
    on,
    pledge,
    release,
    report,
)
from tests.scoring.engine.qwen import QWEN

JUDGED = load_rubric("durability-0.2.0")  # in which promises and reach under pressure weigh something

FORMER = load_rubric("durability-0.2.0")
MARCH_2, MARCH_20 = date(2026, 3, 2), date(2026, 3, 20)


def test_reasons_are_the_largest_items_of_each_sign() -> None:
    weakest, strongest = reasons(assess(QWEN, PROTOTYPE, date(2026, 11, 23)), n=3)
    assert [item.key for item in weakest] == ["BE:flagship_share", "EV:ath", "EV:100bn"]
    assert [item.key for item in strongest] == ["ST:license", "EV:moe-fund", "EV:deriv-170k"]


def test_the_shipped_rubric_does_not_give_license_terms_as_a_reason() -> None:
    case = case_for_and_against(assess(QWEN, RUBRIC, date(2026, 11, 23)))
    assert "ST:license" not in {item.code for item in case.holds + case.breaks}


@settings(max_examples=40)
@given(dossiers(), DAYS)
def test_the_two_cases_and_the_base_make_the_score(dossier: Dossier, day: date) -> None:
    result = assess(dossier, RUBRIC, day)
    case = case_for_and_against(result)
    assert RUBRIC.scale.base + case.points_for + case.points_against == pytest.approx(result.raw, abs=1e-9)
    assert all(item.points > 0 for item in case.holds)
    assert all(item.points < 0 for item in case.breaks)


@settings(max_examples=50)
@given(dossiers(), DAYS, DAYS)
def test_changes_sum_to_the_difference(dossier: Dossier, one: date, two: date) -> None:
    first, last = sorted((one, two))
    before, after = assess(dossier, RUBRIC, first), assess(dossier, RUBRIC, last)
    ledger = changes(before, after, dossier, RUBRIC)
    assert math.fsum(part.points for part in ledger) == pytest.approx(after.durability - before.durability, abs=1e-9)
    assert {part.cause for part in ledger} <= {"aging", "new evidence"}
    assert math.fsum(points_by_cause(ledger).values()) == pytest.approx(after.durability - before.durability, abs=1e-9)


def test_two_weeks_in_march() -> None:
    ledger = changes(assess(QWEN, PROTOTYPE, MARCH_2), assess(QWEN, PROTOTYPE, MARCH_20), QWEN, PROTOTYPE)
    new = {part.key for part in ledger if part.cause == "new evidence" and part.code.startswith("EV:")}
    assert {"EV:lin", "EV:ath", "EV:100bn", "EV:profit67", "EV:deriv-170k"} <= new
    parts = points_by_cause(ledger)
    assert parts["new evidence"] < -15
    assert abs(parts["aging"]) < 1
    assert parts["corrected"] == parts["method"] == 0
    assert list(parts) == list(CAUSES)


def test_a_quiet_stretch_is_only_aging() -> None:
    before, after = (assess(QWEN, PROTOTYPE, date(2026, month, 1)) for month in (7, 8))
    assert {part.cause for part in changes(before, after, QWEN, PROTOTYPE)} == {"aging"}


def test_a_row_corrected_since_is_told_apart() -> None:
    original = replace(STEADY, reports=(report("e", "layoffs", 500, severity=5),))
    corrected = replace(STEADY, reports=(report("e", "layoffs", 500, severity=2),))
    before, after = assess(original, RUBRIC, on(600)), assess(corrected, RUBRIC, on(600))
    ledger = changes(before, after, corrected, RUBRIC)
    assert [(part.cause, part.key) for part in ledger] == [("corrected", "EV:e")]
    assert ledger[0].points == pytest.approx(after.durability - before.durability)


def test_another_rubric_is_the_method() -> None:
    before, after = assess(STEADY, PROTOTYPE, on(600)), assess(STEADY, RUBRIC, on(600))
    ledger = changes(before, after, STEADY, RUBRIC)
    points = {part.key: part.points for part in ledger}
    assert {part.cause for part in ledger} == {"method"}
    assert points["ST:license"] == pytest.approx(-6.0)
    assert points["BASE"] == pytest.approx(46.0 - 60.0)
    assert math.fsum(points.values()) == pytest.approx(after.durability - before.durability, abs=1e-9)


def test_evidence_known_before_ages_and_evidence_since_is_new() -> None:
    dossier = replace(STEADY, reports=(report("old", "layoffs", 500),), facts=(*STEADY.facts, fact("cla", "yes", 605)))
    before, after = assess(dossier, RUBRIC, on(600)), assess(dossier, RUBRIC, on(610))
    causes = {part.key: part.cause for part in changes(before, after, dossier, RUBRIC)}
    assert causes["EV:old"] == "aging"
    assert causes["ST:cla"] == "new evidence"


def test_changes_run_forward() -> None:
    before, after = assess(STEADY, RUBRIC, on(10)), assess(STEADY, RUBRIC, on(9))
    with pytest.raises(ValueError, match="changes run forward"):
        changes(before, after, STEADY, RUBRIC)


def said_of(dossier: Dossier, day: date, rubric: Rubric = FORMER) -> Said:
    result = assess(dossier, rubric, day)
    return Said(day, rubric.name, result.durability, result.contributions)


@settings(max_examples=60)
@given(dossiers(), dossiers(), DAYS, DAYS)
def test_parts_sum_whatever_was_said_then(then: Dossier, now: Dossier, one: date, two: date) -> None:
    first, last = sorted((one, two))
    after = assess(now, RUBRIC, last)
    for rubric, under_former in ((RUBRIC, None), (FORMER, assess(now, FORMER, first)), (FORMER, None)):
        before = said_of(then, first, rubric)
        ledger = changes(before, after, now, RUBRIC, under_former=under_former)
        expected = pytest.approx(after.durability - before.durability, abs=1e-9)
        assert math.fsum(part.points for part in ledger) == expected
        assert math.fsum(points_by_cause(ledger).values()) == expected


def test_a_correction_is_told_from_a_new_rubric() -> None:
    original = replace(STEADY, reports=(report("e", "ipo", 500, severity=5),))
    corrected = replace(STEADY, reports=(report("e", "ipo", 500, severity=2),))
    before, under_former, after = (
        said_of(original, on(600)),
        assess(corrected, FORMER, on(600)),
        assess(corrected, RUBRIC, on(600)),
    )
    ledger = changes(before, after, corrected, RUBRIC, under_former=under_former)
    parts = points_by_cause(ledger)
    assert {part.key for part in ledger if part.cause == "corrected"} == {"EV:e"}
    assert parts["corrected"] == pytest.approx(under_former.durability - before.durability) != 0
    assert parts["method"] == pytest.approx(after.durability - under_former.durability) != 0
    assert parts["aging"] == parts["new evidence"] == 0
    alone = points_by_cause(changes(before, after, corrected, RUBRIC))
    assert alone["corrected"] == 0
    assert alone["method"] == pytest.approx(parts["corrected"] + parts["method"])


@settings(max_examples=40)
@given(dossiers(), dossiers(), DAYS)
def test_differences_of_two_worlds_sum_to_the_difference(one: Dossier, other: Dossier, day: date) -> None:
    before, after = assess(one, RUBRIC, day), assess(other, RUBRIC, day)
    found = differences(before, after)
    assert math.fsum(item.points for item in found) == pytest.approx(after.durability - before.durability, abs=1e-9)
    assert [abs(item.points) for item in found] == sorted((abs(item.points) for item in found), reverse=True)


def test_rows_that_nobody_recorded_count_as_if_they_were() -> None:
    supposed = Suppositions(
        frozenset({"e"}),
        (report("ipo", "ipo", 650),),
        (fact("governance", "foundation", 650),),
        (release("next", 640, 640),),
        (pledge("p", 650, "binding", "contract"),),
        (on(640),),
    )
    dossier = replace(STEADY, reports=(report("e", "layoffs", 500),))
    recorded = replace(
        STEADY,
        reports=supposed.reports,
        facts=(*STEADY.facts, *supposed.facts),
        releases=(*STEADY.releases, *supposed.releases),
        pledges=supposed.pledges,
        tightenings=supposed.tightenings,
    )
    assert supposed.applied_to(dossier) == recorded
    assert (Suppositions(remove=frozenset({"e"})) | replace(supposed, remove=frozenset())).applied_to(
        dossier
    ) == recorded
    change, other = what_if(
        dossier,
        JUDGED,
        on(660),
        remove=["e"],
        add=supposed.reports,
        facts=supposed.facts,
        releases=supposed.releases,
        pledges=supposed.pledges,
        tightenings=supposed.tightenings,
    )
    assert other == assess(recorded, JUDGED, on(660))
    assert change == pytest.approx(other.durability - assess(dossier, JUDGED, on(660)).durability)
    assert other.state.code == "tightened"
    assert "PL:best_pledge:pledge:p" in {item.key for item in other.contributions}


def test_what_is_supposed_of_a_later_day_does_not_count_yet() -> None:
    supposed = Suppositions(
        reports=(report("ipo", "ipo", 650),), releases=(release("next", 650),), pledges=(pledge("p", 650),)
    )
    assert assess(supposed.applied_to(STEADY), RUBRIC, on(649)) == assess(STEADY, RUBRIC, on(649))
