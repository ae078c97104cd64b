from datetime import date
from itertools import pairwise

import pytest

from scoring.engine.facts import Dossier
from scoring.engine.months import add_months, whole_months
from scoring.like import HORIZON, LikeCases, cases_like, is_same_vendor
from scoring.pastcases import past_cases
from scoring.reopening import KINDS, reopening
from tests.scoring.engine.dossiers import fact, on, release, report

TODAY = date(2026, 11, 24)
LINE = Dossier(
    "one",
    reports=(report("a", "acquisition", 100), report("b", "leadership_departure", 120)),
    facts=(fact("governance", "single_vendor"), fact("funding", "vc"), fact("license", "permissive")),
    releases=(release("r", 0, 0),),
)


def found(as_of: date = TODAY, **asked: object) -> LikeCases:
    return cases_like(LINE, as_of, **({"vendor": "Nobody"} | asked))  # type: ignore[arg-type]


def test_the_likest_come_first_and_each_vendor_once() -> None:
    cases = found(on(300), n=20).cases
    assert len({case.past.vendor for case in cases}) == len(cases) == 20
    assert all(one.weighed.likeness >= other.weighed.likeness for one, other in pairwise(cases))
    assert all(case.moment < on(300) for case in cases)


def test_what_agrees_and_what_differs_is_everything_asked() -> None:
    for case in found().cases:
        assert len(case.agrees) + len(case.differs) + len(case.unknown) >= 5
        assert any("unknown" in (item.there, item.here) for item in case.unknown) == bool(case.unknown)
        assert not any("unknown" in (item.there, item.here) for item in case.differs)


def test_counted_are_those_followed_to_the_horizon() -> None:
    for case in found(n=40).cases:
        due = add_months(case.moment, HORIZON)
        assert case.counts == (due <= (TODAY if case.failed else case.last))
        assert case.ended_within == (case.counts and case.failed and case.last <= due)
        assert case.months == whole_months(case.moment, case.last)
    whole = found(n=40)
    assert whole.counted + whole.held_so_far + whole.ended_too_recent == 40
    assert 0 < whole.ended < whole.counted


def test_an_earlier_day_knows_no_later_end() -> None:
    early = found(date(2019, 1, 1), n=100).cases
    assert all(case.last <= date(2019, 1, 1) for case in early)
    assert any(case.past.failed and not case.failed for case in early)


def test_recalled_cases_are_marked_and_can_be_left_out() -> None:
    whole, sourced = found(n=200), found(n=200, with_recalled=False)
    assert whole.has_recalled
    assert not sourced.has_recalled
    assert whole.recalled == sourced.recalled == sum(case.is_recalled for case in past_cases())
    assert whole.considered == sourced.considered + whole.recalled


def test_cases_of_its_own_vendor_are_left_out() -> None:
    google = found(n=200, vendor="Google / Google DeepMind")
    assert google.own == sum(case.vendor == "Google" for case in past_cases())
    assert all(case.past.vendor != "Google" for case in google.cases)


@pytest.mark.parametrize(
    ("of_case", "of_line", "same"),
    [
        ("Zhipu AI", "Zhipu AI (Z.ai)", True),
        ("Ai2", "Allen Institute for AI (Ai2)", True),
        ("01.AI", "01.AI (Yi)", True),
        ("Facebook", "Meta (FAIR, GenAI, Superintelligence Labs)", True),
        ("Meta", "Metacorp", False),
        ("Oracle", "OpenAI", False),
    ],
)
def test_vendors_are_told_by_whole_words(of_case: str, of_line: str, same: bool) -> None:
    assert is_same_vendor(of_case, of_line) is same


def test_before_any_case_nothing_is_like_it() -> None:
    nothing = found(date(1970, 1, 1))
    assert (nothing.cases, nothing.considered, nothing.counted) == ((), 0, 0)


@pytest.mark.parametrize("state", sorted(KINDS))
def test_every_failure_is_tallied_once_by_kind(state: str) -> None:
    chance = reopening(state, date(2025, 6, 1), TODAY)
    assert chance is not None
    assert sum(row.tally.failures for row in chance.kinds) == chance.all.failures
    assert sum(row.tally.reversed for row in chance.kinds) == chance.all.reversed
    assert chance.own.kind == KINDS[state]
    assert chance.waiting is not None
    assert chance.waiting.later <= chance.waiting.waiting < chance.all.failures
    shares = [row.share for row in chance.undone]
    assert shares == sorted(shares)
    assert all(row.low is not None and row.high is not None and row.low < row.share < row.high for row in chance.undone)


def test_a_line_that_is_open_needs_no_reopening() -> None:
    assert reopening("open", date(2025, 1, 1), TODAY) is None


def test_of_a_state_of_unknown_day_nothing_is_said_on_waiting() -> None:
    chance = reopening("withdrawn", None, TODAY)
    assert chance is not None
    assert chance.waiting is None


def test_on_an_early_day_nothing_had_come_back() -> None:
    chance = reopening("closed", None, date(2008, 1, 1))
    assert chance is not None
    assert chance.all.reversed == 0


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2025, 9, 24), date(2026, 11, 24), 14),
        (date(2025, 9, 25), date(2026, 11, 24), 13),
        (date(2024, 1, 31), date(2024, 2, 29), 1),
        (date(2024, 2, 1), date(2024, 1, 1), 0),
    ],
)
def test_whole_months(first: date, last: date, months: int) -> None:
    assert whole_months(first, last) == months
