"""The shipped class as people read it: whole, honest about dates, and never taking what was recalled for a fact."""

import csv
from collections import Counter
from datetime import date

import pytest

from scoring.histories import SHIPPED_CLASS, load_shipped
from scoring.pastcases import CHECKLIST, Dated, PastCase, past_case, past_cases


def known(slug: str) -> PastCase:
    case = past_case(slug)
    assert case is not None
    return case


def raw(name: str) -> list[dict[str, str]]:
    with (SHIPPED_CLASS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_the_class_that_the_engine_reads_with_every_signal_and_fact() -> None:
    cases = past_cases()
    assert tuple(each.case for each in cases) == load_shipped().cases
    assert sum(len(each.signals) for each in cases) == len(raw("history_signals.csv"))
    assert sum(len(each.facts) for each in cases) == len(raw("history_facts.csv"))
    assert past_cases() is cases
    assert past_case("nothing-of-the-kind") is None


def test_dates_are_written_out_in_the_files_so_that_only_the_first_of_a_month_can_be_filler() -> None:
    for name in ("history.csv", "history_signals.csv", "history_facts.csv"):
        for row in raw(name):
            dates = [value for column, value in row.items() if column.endswith("_on") or column.startswith("valid_")]
            assert {len(value) for value in dates} <= {0, 10}, row


@pytest.mark.parametrize(
    ("day", "precision"),
    [((2019, 5, 2), "day"), ((2019, 5, 1), "month"), ((2019, 1, 1), "year"), ((2019, 1, 9), "day")],
)
def test_what_may_be_filler_is_never_a_day(day: tuple[int, int, int], precision: str) -> None:
    assert Dated(date(*day)).precision == precision


def test_a_failure_has_its_terms_notice_and_reversal() -> None:
    case = known("oracle-jdk")
    assert (case.failed, case.notice_days, case.notice_is_exact) == (
        True,
        (date(2019, 4, 16) - date(2018, 6, 21)).days,
        True,
    )
    assert case.reversal == Dated(date(2021, 9, 14))
    assert case.months_to_reversal == pytest.approx(28.97, abs=0.01)
    assert case.reversal_terms
    assert case.terms_before != case.terms_after


def test_a_reversal_may_come_before_the_effect() -> None:
    months = known("docker-free-team").months_to_reversal
    assert months is not None
    assert months < 0


def test_notice_is_unknown_where_both_dates_are_known_to_the_same_month_only() -> None:
    assert known("itext").notice_days is None
    assert known("terraform").notice_days == 0
    assert known("reddit-api").notice_days is not None
    assert not known("reddit-api").notice_is_exact


def test_survivors_were_followed_and_have_no_end() -> None:
    for case in past_cases():
        if not case.failed:
            assert (case.event, case.announced, case.effect, case.notice_days) == ("none", None, None, None)
            assert case.ended == case.followed_to
        else:
            assert case.announced is not None
            assert case.ended == case.announced


def test_recalled_rows_say_so() -> None:
    cases = Counter(case.is_recalled for case in past_cases())
    assert cases[True] == sum(row["confidence"] == "low" or not row["source_url"] for row in raw("history.csv"))
    assert all(not case.failed for case in past_cases() if case.is_recalled)
    assert any(signal.is_recalled for signal in known("airbyte").signals)


def test_signals_stand_in_the_order_of_their_days() -> None:
    for case in past_cases():
        days = [signal.occurred for signal in case.signals]
        assert days == sorted(days)


def test_checked_and_nothing_found_differs_from_not_checked() -> None:
    entries = {entry for row in raw("history_coverage.csv") for entry in row["kinds_checked"].split(";")}
    assert entries == set(CHECKLIST)
    coverage = {each.entry: each for each in known("airbyte").coverage}
    assert (coverage["ipo"].was_checked, coverage["ipo"].found) == (True, 0)
    assert (coverage["funding"].was_checked, coverage["funding"].found) == (True, 2)
    assert not coverage["governance_change:cla"].was_checked
    assert (coverage["governance_change:cla"].kind, coverage["governance_change:cla"].about) == (
        "governance_change",
        "cla",
    )
