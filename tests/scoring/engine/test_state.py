"""The table of states, row by row, and the spans of a line's history."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings

from scoring.engine.assessment import LineState
from scoring.engine.facts import Dossier, Release
from scoring.engine.months import add_months
from scoring.engine.state import RULES, line_state, state_spans
from tests.scoring.engine.dossiers import RUBRIC, dossiers, on, release


def state(day: int, *releases: Release, tightenings: tuple[int, ...] = ()) -> LineState:
    dossier = Dossier("acme", releases=releases, tightenings=tuple(on(offset) for offset in tightenings))
    return line_state(dossier, RUBRIC, on(day))


def said(found: LineState) -> tuple[str, date | None]:
    return found.code, found.since


def test_every_row_of_the_table_has_a_rule_and_words() -> None:
    assert {row.code for row in RUBRIC.states} == RULES.keys()
    assert [row.code for row in RUBRIC.states] == [
        "no_open_model", "withdrawn", "reopened", "closed", "mixed", "dormant", "tightened", "open",
    ]  # fmt: skip
    assert RUBRIC.state_label("tightened") == "Open, terms tightened"


# ---- no open model yet ----------------------------------------------------------------------------------------------


def test_no_open_model() -> None:
    assert said(state(10)) == ("no_open_model", None)
    assert said(state(500, release("hosted", 0))) == ("no_open_model", None)
    assert said(state(9, release("later", 0, 10))) == ("no_open_model", None)
    assert said(state(10, release("later", 0, 10))) == ("open", on(10))


def test_unknown_access_is_no_open_model() -> None:
    assert said(state(500, release("maybe", 0, closed=False))) == ("no_open_model", None)


# ---- withdrawn ------------------------------------------------------------------------------------------------------


def test_withdrawn_once_nothing_is_open_any_more() -> None:
    first, second = release("a", 0, 0, withdrawn=on(30)), release("b", 10, 10, withdrawn=on(60))
    assert state(59, first, second).code == "open"
    assert said(state(60, first, second)) == ("withdrawn", on(60))


# ---- closed ---------------------------------------------------------------------------------------------------------


def test_closed_after_two_settled_hosted_launches() -> None:
    line = (release("a", 0, 0), release("max", 100), release("max-2", 150))
    assert state(239, *line).code == "mixed"
    assert said(state(240, *line)) == ("closed", on(100))
    assert state(240, *line).evidence == ("release:max", "release:max-2")


def test_closed_since_the_higher_tier_that_closed_first() -> None:
    """A line that opens a small tier, keeps the next one hosted, and then opens nothing more closed with the tier."""
    releases = (
        release("open", 0, 0, size=27.0, launch="one"),
        release("tier", 60, size=None, launch="one"),
        release("next", 150),
        release("last", 300),
    )
    assert said(state(200, *releases)) == ("mixed", on(60))
    assert said(state(245, *releases)) == ("mixed", on(60))
    assert said(state(390, *releases)) == ("closed", on(60))


def test_closed_when_the_only_launch_is() -> None:
    small = release("mini", 0, 0, flagship=False)
    assert state(139, small, release("max", 50)).code == "open"
    assert said(state(140, small, release("max", 50))) == ("closed", on(50))


def test_a_withdrawn_flagship_counts_as_closed_from_that_day() -> None:
    line = (release("a", 0, 0), release("b", 50, 50, withdrawn=on(100)), release("c", 60, 60, withdrawn=on(110)))
    assert said(state(200, *line)) == ("closed", on(100))


# ---- reopened -------------------------------------------------------------------------------------------------------


def test_reopened_by_an_open_flagship_after_a_closure() -> None:
    line = (release("a", 0, 0), release("max", 100), release("max-2", 150), release("free", 300, 300))
    assert state(299, *line).code == "closed"
    assert said(state(300, *line)) == ("reopened", on(300))
    assert state(300, *line).is_live


def test_reopened_ends_when_the_newest_launch_closes() -> None:
    line = (release("a", 0, 0), release("max", 100), release("max-2", 150), release("free", 300, 300))
    assert state(449, *line, release("max-3", 400)).code == "reopened"
    assert state(490, *line, release("max-3", 400)).code == "mixed"


def test_one_hosted_launch_between_open_ones_is_no_closure() -> None:
    line = (release("a", 0, 0), release("max", 100), release("b", 300, 300), release("c", 320, 320))
    assert said(state(99, *line)) == ("open", on(0))
    assert said(state(300, *line)) == ("open", on(300)), "open without a break only since then"
    assert said(state(330, *line)) == ("open", on(300))


def test_a_line_that_began_hosted_has_not_reopened() -> None:
    line = (release("max", 0), release("max-2", 50), release("free", 300, 300))
    assert said(state(300, *line)) == ("open", on(300))


def test_weights_that_come_late_reopen_a_closed_line() -> None:
    line = (release("a", 0, 0), release("max", 100), release("max-2", 150, 400))
    assert state(399, *line).code == "closed"
    assert said(state(400, *line)) == ("reopened", on(400))


# ---- mixed ----------------------------------------------------------------------------------------------------------


def test_mixed_when_the_newest_launch_is_closed_and_settled() -> None:
    line = (release("a", 0, 0), release("max", 100))
    assert state(189, *line).code == "open"
    assert state(189, *line).pending == ("max",)
    assert said(state(190, *line)) == ("mixed", on(100))
    assert state(190, *line).pending == ()


def test_mixed_when_a_higher_tier_is_closed_while_another_stays_open() -> None:
    base = release("base", 0, 0, launch="gen", size=70.0)
    tier = release("max", 20, launch="gen")
    assert state(109, base, tier).code == "open"
    assert said(state(110, base, tier)) == ("mixed", on(20))
    assert state(110, base, tier).evidence == ("release:max", "release:base")


def test_a_smaller_hosted_model_is_no_higher_tier() -> None:
    base = release("base", 0, 0, launch="gen", size=70.0)
    lite = release("lite", 20, launch="gen", size=8.0)
    assert state(300, base, lite).code == "open"


def test_the_largest_of_known_size_decides_a_launch() -> None:
    small = release("small", 0, 0, launch="gen", size=8.0)
    large = release("large", 10, launch="gen", size=400.0)
    assert said(state(100, release("before", -300, -300), small, large)) == ("mixed", on(10))


# ---- dormant --------------------------------------------------------------------------------------------------------


def test_dormant_after_a_year() -> None:
    line = (release("a", 0, 0), release("b", 100, 100))
    assert state(464, *line).code == "open"
    assert said(state(465, *line)) == ("dormant", on(465))
    assert not state(465, *line).is_live


def test_dormant_only_after_twice_the_usual_gap() -> None:
    line = (release("a", 0, 0), release("b", 300, 300), release("c", 600, 600))
    assert state(1199, *line).code == "open"
    assert said(state(1200, *line)) == ("dormant", on(1200))


def test_small_releases_do_not_wake_a_line_whose_flagships_sleep() -> None:
    line = (release("a", 0, 0), release("mini", 300, 300, flagship=False))
    assert state(365, *line).code == "dormant"


# ---- tightened and open ---------------------------------------------------------------------------------------------


def test_tightened_for_24_months() -> None:
    line = tuple(release(f"r{n}", 200 * n, 200 * n) for n in range(6))
    assert state(99, *line, tightenings=(100,)).code == "open"
    assert said(state(100, *line, tightenings=(100,))) == ("tightened", on(100))
    last_day = add_months(on(100), 24) - timedelta(days=1)
    dossier = Dossier("acme", releases=line, tightenings=(on(100),))
    assert line_state(dossier, RUBRIC, last_day).code == "tightened"
    assert line_state(dossier, RUBRIC, last_day + timedelta(days=1)).code == "open"


def test_the_latest_tightening_is_said() -> None:
    assert said(state(50, release("a", 0, 0), tightenings=(10, 40, 60))) == ("tightened", on(40))


def test_open_since_the_first_open_flagship() -> None:
    assert said(state(50, release("a", 0, 3), release("b", 20, 20))) == ("open", on(3))


# ---- precedence -----------------------------------------------------------------------------------------------------


def test_earlier_rows_win() -> None:
    closed = (release("a", 0, 0), release("max", 100), release("max-2", 150))
    assert state(700, *closed, tightenings=(600,)).code == "closed"
    mixed = (release("a", 0, 0), release("max", 100))
    assert state(700, *mixed, tightenings=(600,)).code == "mixed"
    assert state(700, release("a", 0, 0), tightenings=(600,)).code == "dormant"


def test_the_order_is_the_rubric_s() -> None:
    rows = {row.code: row for row in RUBRIC.states}
    order = ("no_open_model", "withdrawn", "reopened", "closed", "dormant", "mixed", "tightened", "open")
    rubric = replace(RUBRIC, states=tuple(rows[code] for code in order))
    dossier = Dossier("acme", releases=(release("a", 0, 0), release("max", 100)))
    assert line_state(dossier, RUBRIC, on(700)).code == "mixed"
    assert line_state(dossier, rubric, on(700)).code == "dormant"


def test_recalled_releases_count_for_the_state() -> None:
    assert state(10, release("a", 0, 0, verified=False)).code == "open"


# ---- spans ----------------------------------------------------------------------------------------------------------


def test_spans_of_a_line_that_closed_and_reopened() -> None:
    line = (release("a", 0, 0), release("max", 100), release("max-2", 150), release("free", 300, 300))
    spans = state_spans(Dossier("acme", releases=line), RUBRIC, on(-10), on(310))
    assert [(span.state.code, (span.first - on(0)).days, (span.last - on(0)).days) for span in spans] == [
        ("no_open_model", -10, -1),
        ("open", 0, 189),
        ("mixed", 190, 239),
        ("closed", 240, 299),
        ("reopened", 300, 310),
    ]


@settings(max_examples=25)
@given(dossiers())
def test_spans_say_what_every_single_day_says(dossier: Dossier) -> None:
    first, last = on(-320), on(1180)
    spans = state_spans(dossier, RUBRIC, first, last)
    assert (spans[0].first, spans[-1].last) == (first, last)
    assert all(two.first - one.last == timedelta(days=1) for one, two in pairwise(spans))
    for span in spans:
        days = {span.first, span.last, span.first + (span.last - span.first) / 2, span.last - timedelta(days=1)}
        for day in days:
            if span.first <= day <= span.last:
                assert line_state(dossier, RUBRIC, day).code == span.state.code


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2026, 11, 23), 24, date(2028, 11, 23)),
        (date(2024, 12, 15), 12, date(2025, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_on_the_calendar(day: date, months: int, expected: date) -> None:
    assert add_months(day, months) == expected


def test_a_line_that_still_opens_smaller_models_is_mixed_not_closed() -> None:
    tops = (release("a", 0, 0), release("max", 100), release("max-2", 200))
    small = release("small", 250, 250, flagship=False)
    assert said(state(300, *tops)) == ("closed", on(100))
    assert said(state(300, *tops, small)) == ("mixed", on(100))
