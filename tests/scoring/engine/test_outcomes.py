"""What became of a line: each rule of docs/prereg.md section 2 with its boundary days."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from scoring.engine.facts import Dossier, Release
from scoring.engine.grants import Grant, Terms
from scoring.engine.known import as_known
from scoring.engine.outcomes import Outcome, has_failed, is_at_risk, outcome_after, recent_launches
from tests.scoring.engine.dossiers import RUBRIC, dossiers, on
from tests.scoring.engine.linecast import FREE, PAID, UNREAD, launch, line

FIRST = launch("v1", 0, 0)
ORIGIN = 100
LATER = 1000


def after(*releases: Release, known_by: int = LATER) -> Outcome | None:
    return outcome_after(line(FIRST, *releases), RUBRIC, on(ORIGIN), known_by=on(known_by))


def became(*releases: Release, known_by: int = LATER) -> tuple[str, str, date | None]:
    found = after(*releases, known_by=known_by)
    assert found is not None
    return found.kind, found.mode, found.on


def at_risk(day: int, *releases: Release) -> bool:
    return is_at_risk(line(*releases), RUBRIC, on(day))


def narrowed(name: str, announced: int, start: int, end: int | None = None, old: Terms = FREE) -> Release:
    """Under ``old`` terms from the first day, under narrower ones over [start, end)."""
    spells = [Grant(on(announced), old), Grant(on(start), PAID), *([] if end is None else [Grant(on(end), FREE)])]
    return replace(launch(name, announced, announced), grants=tuple(spells))


# Failures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        (200, ("kept", "", None)),
        (290, ("kept", "", None)),
        (291, ("kept", "", None)),
        (320, ("kept", "", None)),
        (321, ("failed", "closed_next", on(200))),
        (None, ("failed", "closed_next", on(200))),
    ],
)
def test_weights_within_90_days_are_in_time_and_30_more_undo(
    opened: int | None, expected: tuple[str, str, date | None]
) -> None:
    assert became(launch("v2", 200, opened)) == expected


def test_a_failure_undone_is_listed() -> None:
    in_time, undone = after(launch("v2", 200, 290)), after(launch("v2", 200, 291))
    assert in_time
    assert undone
    assert (in_time.undone, undone.undone) == ((), ("release:v2",))


def test_narrower_terms_are_a_failure_and_wider_ones_are_not() -> None:
    assert became(launch("v2", 200, 200, PAID)) == ("failed", "restricted", on(200))
    first = launch("v1", 0, 0, PAID)
    found = outcome_after(line(first, launch("v2", 200, 200)), RUBRIC, on(ORIGIN), known_by=on(LATER))
    assert found
    assert found.kind == "kept"
    assert not found.unread


@pytest.mark.parametrize(("end", "kind"), [(230, "kept"), (231, "failed"), (None, "failed")])
def test_narrower_terms_last_more_than_30_days(end: int | None, kind: str) -> None:
    found = after(narrowed("v2", 200, 200, end))
    assert found
    assert found.kind == kind
    assert found.undone == (("release:v2",) if kind == "kept" else ())


@pytest.mark.parametrize(("start", "kind"), [(290, "failed"), (291, "kept")])
def test_terms_changed_on_a_model_long_out_are_not_a_launch(start: int, kind: str) -> None:
    assert became(narrowed("v2", 200, start))[0] == kind


def test_terms_are_compared_with_the_flagship_open_at_the_origin() -> None:
    wide_then_back = (launch("v2", 150, 150), launch("v3", 300, 300, PAID))
    first = launch("v1", 0, 0, PAID)
    found = outcome_after(line(first, *wide_then_back), RUBRIC, on(ORIGIN), known_by=on(LATER))
    assert found
    assert found.kind == "kept"
    assert has_failed(line(first, *wide_then_back), RUBRIC, on(LATER)), "narrower than the one just before it"


def test_the_top_model_of_a_launch_decides() -> None:
    small, large = launch("small", 200, 200, launch="g", size=7.0), launch("large", 230, launch="g", size=70.0)
    assert became(small, large) == ("failed", "closed_next", on(230))
    assert became(small, launch("hosted", 230, launch="g"))[0] == "kept", "unknown size never decides"


def test_smaller_models_are_no_launch() -> None:
    assert became(launch("mini", 200, flagship=False))[0] == "no_next_version"


def test_a_withdrawal_within_the_grace_is_a_closed_launch() -> None:
    assert became(launch("v2", 200, 200, withdrawn=on(230))) == ("failed", "closed_next", on(200))
    assert became(launch("v2", 200, 200, withdrawn=on(400)))[0] == "kept"


def test_the_first_failure_counts() -> None:
    assert became(launch("v2", 150, 150), launch("v3", 200), launch("v4", 300, 300, PAID))[2] == on(200)


@pytest.mark.parametrize(("announced", "kind"), [(101, "failed"), (465, "failed"), (466, "no_next_version")])
def test_the_horizon_is_12_months(announced: int, kind: str) -> None:
    """Day 465 is the same day a year later."""
    assert became(launch("v2", announced))[0] == kind


# Unknown ------------------------------------------------------------------------------------------


def test_unread_terms_are_neither_narrower_nor_equal() -> None:
    found = after(launch("v2", 200, 200, UNREAD))
    assert found
    assert (found.kind, found.unread) == ("kept", True)
    read = after(launch("v2", 200, 200))
    assert read
    assert not read.unread


def test_a_stated_clause_is_enough_for_a_failure() -> None:
    assert became(launch("v2", 200, 200, replace(UNREAD, commercial="no")))[0] == "failed"


def test_unknown_access_settles_nothing() -> None:
    unknown = replace(launch("v2", 200), closed=False)
    assert after(unknown) is None
    assert became(unknown, launch("v3", 300, 300))[0] == "kept"


def test_recalled_rows_decide_nothing() -> None:
    assert became(launch("v2", 200, verified=False))[0] == "no_next_version"
    assert not at_risk(100, launch("v1", 0, 0, verified=False))


# Settled ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("release", "day"), [(launch("v2", 200), 320), (launch("v2", 200, 200, PAID), 320)])
def test_a_failure_is_settled_after_120_days_and_not_before(release: Release, day: int) -> None:
    assert after(release, known_by=day - 1) is None
    assert became(release, known_by=day)[0] == "failed"


def test_kept_and_no_next_version_are_settled_with_the_horizon() -> None:
    assert after(known_by=464) is None
    assert became(known_by=465)[0] == "no_next_version"
    assert after(launch("v2", 400, 400), known_by=519) is None
    assert became(launch("v2", 400, 400), known_by=520)[0] == "kept"


@given(dossiers())
def test_what_is_settled_stays(dossier: Dossier) -> None:
    """More days and more evidence never overturn a settled outcome."""
    if not is_at_risk(dossier, RUBRIC, on(300)):
        return
    said = [outcome_after(dossier, RUBRIC, on(300), known_by=on(day)) for day in range(300, 1300, 50)]
    settled = [found.kind for found in said if found is not None]
    assert len(set(settled)) <= 1


@given(dossiers())
def test_nothing_later_is_looked_at(dossier: Dossier) -> None:
    known = as_known(dossier, on(400))
    assert is_at_risk(known, RUBRIC, on(400)) == is_at_risk(dossier, RUBRIC, on(400))
    assert has_failed(known, RUBRIC, on(400)) == has_failed(dossier, RUBRIC, on(400))
    assert recent_launches(known, RUBRIC, on(400)) == recent_launches(dossier, RUBRIC, on(400))


def test_a_line_that_promised_nothing_cannot_be_asked_about() -> None:
    with pytest.raises(ValueError, match="no open flagship"):
        outcome_after(line(launch("v1", 0)), RUBRIC, on(ORIGIN), known_by=on(LATER))


# At risk ------------------------------------------------------------------------------------------


def test_at_risk_for_a_year_after_the_newest_open_flagship() -> None:
    assert [at_risk(day, FIRST) for day in (-1, 0, 365, 366)] == [False, True, True, False]
    assert not at_risk(100, launch("mini", 0, 0, flagship=False))


def test_a_launch_under_way_to_a_failure_is_not_asked_about() -> None:
    assert not at_risk(210, FIRST, launch("v2", 200))
    assert not at_risk(210, FIRST, launch("v2", 200, 200, PAID))
    assert at_risk(211, FIRST, launch("v2", 200, 211))


@pytest.mark.parametrize(("day", "back"), [(579, False), (580, True)])
def test_back_at_risk_when_a_flagship_was_open_for_180_days(day: int, back: bool) -> None:
    closed, reopened = launch("v2", 200), launch("v3", 400, 400)
    assert not at_risk(330, FIRST, closed)
    assert at_risk(day, FIRST, closed, reopened) is back


@pytest.mark.parametrize(("day", "back"), [(379, False), (380, True)])
def test_back_under_the_narrower_terms_too(day: int, back: bool) -> None:
    assert at_risk(day, FIRST, launch("v2", 200, 200, PAID)) is back


def test_a_smaller_flagship_of_the_failing_launch_brings_nothing_back() -> None:
    closed, smaller = launch("large", 200, launch="g", size=70.0), launch("small", 200, 200, launch="g", size=7.0)
    assert not at_risk(500, FIRST, closed, smaller)


# The comparator's columns -------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "failed"), [(289, False), (290, True)])
def test_a_failure_is_in_the_record_after_90_days(day: int, failed: bool) -> None:
    assert has_failed(line(FIRST, launch("v2", 200)), RUBRIC, on(day)) is failed


def test_who_never_opened_anything_never_failed() -> None:
    assert not has_failed(line(launch("v1", 0), launch("v2", 200)), RUBRIC, on(LATER))


def test_launches_are_counted_over_24_months() -> None:
    rows = line(FIRST, launch("b", 50, 50, launch="g"), launch("c", 60, 60, launch="g"), launch("d", 300))
    counts: Iterator[int] = (recent_launches(rows, RUBRIC, on(day)) for day in (49, 60, 300, 730, 731))
    assert list(counts) == [1, 2, 3, 3, 2]
