"""What was public on a day."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings

from scoring.engine.facts import Dossier
from scoring.engine.known import as_known, newest_evidence, report_origins
from tests.scoring.engine.dossiers import DAYS, START, STEADY, dossiers, fact, on, pledge, release, report


def test_as_known_hides_what_came_later() -> None:
    row = STEADY.releases[2]  # announced on day 200, weights on day 206
    early, late = (as_known(STEADY, on(day)) for day in (203, 206))
    assert early.releases[-1] == replace(row, weights=None, closed=True)
    assert late.releases[-1] == row
    ended = replace(STEADY, facts=(fact("cla", "no", 0, valid_to=on(50)),))
    assert as_known(ended, on(49)).facts[0].valid_to is None
    assert as_known(ended, on(50)).facts[0].valid_to == on(50)


@settings(max_examples=40)
@given(dossiers(), DAYS)
def test_what_was_known_stays_known(dossier: Dossier, day: date) -> None:
    known = as_known(dossier, day)
    assert as_known(known, day) == known
    assert as_known(known, on(5000)) == known


def test_the_newest_evidence_is_the_last_verified_row_that_was_public() -> None:
    dossier = Dossier(
        "x",
        reports=(report("e", "ipo", 10, published=12), replace(report("r", "ipo", 60), verified=False)),
        facts=(fact("cla", "no", 20),),
        releases=(release("a", 30, 40, withdrawn=on(70)),),
        pledges=(pledge("p", 50),),
    )
    days = [newest_evidence(dossier, on(offset)) for offset in (11, 12, 25, 35, 45, 55, 65, 75)]
    assert days == [None, *(on(offset) for offset in (12, 20, 30, 40, 50, 50, 70))]


def test_origins_are_counted_once_and_only_of_verified_public_reports() -> None:
    reports = (
        report("a", "ipo", 0, origin="reuters"),
        report("b", "ipo", 0, origin="reuters"),
        report("c", "ipo", 5, origin="vendor"),
        replace(report("d", "ipo", 0, origin="memory"), verified=False),
    )
    assert report_origins(Dossier("x", reports=reports), START) == {"reuters"}
    assert report_origins(Dossier("x", reports=reports), on(5)) == {"reuters", "vendor"}


def test_reports_about_a_sibling_do_not_count_as_origins() -> None:
    own, sibling = report("own", "ipo", 10, origin="a"), replace(report("far", "ipo", 10, origin="b"), weight=0.35)
    assert report_origins(Dossier("x", reports=(own, sibling)), on(20)) == {"a"}
