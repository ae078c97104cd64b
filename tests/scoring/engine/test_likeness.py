from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.cases import Case, PastSignal
from scoring.engine.facts import Dossier
from scoring.engine.likeness import (
    PRESSURES,
    STATES,
    Pattern,
    case_patterns,
    compare,
    likeness_to_all,
    line_pattern,
    pattern_table,
    weigh,
)
from scoring.engine.nearest import Moments, half_years, moments_of, nearest
from tests.scoring.engine.dossiers import fact, on, release, report
from tests.scoring.engine.pasts import case, signal

ALL = frozenset(pressure.name for pressure in PRESSURES)
TODAY = date(2026, 11, 24)
VALUES = st.sampled_from(["vc", "public", "yes", "no", None])
PATTERNS = st.builds(
    Pattern,
    st.tuples(*[VALUES] * len(STATES)),
    st.tuples(*[st.sampled_from([True, False, None])] * len(PRESSURES)),
    st.integers(0, 4000),
)
OCCURRED = st.dates(date(2014, 1, 1), date(2021, 1, 1)).map(date.isoformat)
SIGNALS = st.builds(
    signal,
    st.sampled_from(["ipo", "layoffs", "acquisition", "license_tightening"]),
    OCCURRED,
    severity=st.integers(1, 5),
)


def everything(_: Case) -> bool:
    return True


def table_of(*cases: Case) -> Moments:
    return moments_of(cases, {each.id: ALL for each in cases})


@given(PATTERNS, st.lists(PATTERNS, max_size=6))
def test_nothing_is_liker_than_the_same_pattern(pattern: Pattern, others: list[Pattern]) -> None:
    like, _ = likeness_to_all(pattern, pattern_table([pattern, *others]))
    assert like[0] == like.max()


@given(PATTERNS, PATTERNS)
def test_likeness_is_the_same_seen_from_either_side(one: Pattern, other: Pattern) -> None:
    assert compare(one, other) == compare(other, one)


@given(PATTERNS, PATTERNS)
def test_what_is_unknown_never_agrees_and_lowers_what_could_be_compared(one: Pattern, other: Pattern) -> None:
    readings = compare(one, other)
    for place, state in enumerate(STATES):
        if None in {one.states[place], other.states[place]}:
            assert readings[state.name] == "unknown"
    weighed = weigh(readings)
    blank = weigh(compare(replace(one, states=(None, *one.states[1:])), other))
    assert blank.agreeing <= weighed.agreeing <= weighed.compared <= weighed.asked == blank.asked
    assert blank.compared <= weighed.compared


@given(PATTERNS, st.lists(PATTERNS, min_size=1, max_size=6))
def test_the_table_says_what_the_comparison_says(pattern: Pattern, others: list[Pattern]) -> None:
    weighed = [weigh(compare(pattern, other)) for other in others]
    like, compared = likeness_to_all(pattern, pattern_table(others))
    assert like == pytest.approx([each.likeness for each in weighed])
    assert compared == pytest.approx([each.compared / each.asked for each in weighed])


@given(PATTERNS)
def test_a_pressure_that_neither_met_is_not_asked_about(pattern: Pattern) -> None:
    calm = replace(pattern, pressures=(False,) * len(PRESSURES))
    assert set(compare(calm, calm)) == {state.name for state in STATES}


@given(st.lists(SIGNALS, max_size=6), st.dates(date(2015, 2, 1), date(2019, 12, 1)))
def test_rows_of_later_days_never_matter(signals: list[PastSignal], day: date) -> None:
    whole = case(signals=tuple(signals))
    before = case(signals=tuple(each for each in signals if each.occurred < day))
    assert case_patterns(whole, [day], ALL) == case_patterns(before, [day], ALL)


@given(st.integers(0, 900), st.integers(1, 400))
def test_what_a_line_publishes_later_never_matters(day: int, later: int) -> None:
    known = Dossier("one", (report("a", "ipo", 10),), (fact("funding", "public", 10),), (release("r", 5, 5),))
    more = replace(
        known,
        reports=(*known.reports, report("b", "layoffs", day - 1, published=day + later)),
        facts=(*known.facts, fact("cla", "yes", 0, known=on(day + later))),
        releases=(*known.releases, release("s", day + later, day + later)),
    )
    assert line_pattern(known, on(day)) == line_pattern(more, on(day))


def test_a_line_by_hand() -> None:
    dossier = Dossier(
        "one",
        reports=(
            report("listing", "ipo", 0),
            report("old", "acquisition", -731),
            report("small", "leadership_departure", 0, severity=1),
            replace(report("sister", "license_tightening", 0), weight=0.35),
            replace(report("recalled", "competitor_move", 0), verified=False),
            report("denied", "acquisition", 0, denies=True),
            report("firm", "governance_change", 0, "strengthens"),
        ),
        facts=(
            fact("governance", "single_vendor"),
            fact("funding", "vc", verified=False),
            fact("license", "restricted_open_weights"),
        ),
        releases=(release("r", -10, -5),),
    )
    pattern = line_pattern(dossier, on(1))
    assert dict(zip([state.name for state in STATES], pattern.states, strict=True)) == {
        "governance": "single_vendor",
        "funding": None,
        "cla": None,
        "terms": "own",
        "domain": "ai_model",
    }
    met = dict(zip([pressure.name for pressure in PRESSURES], pattern.pressures, strict=True))
    assert {name for name, value in met.items() if value} == {"listing", "bound"}
    assert [name for name, value in met.items() if value is None] == ["strain"]
    assert pattern.age == 6


def test_likeness_by_hand() -> None:
    """Single vendor (2) and terms (2) agree, money (2) and field (2) differ, the agreement (1) is unknown here; both
    were bought (1), the case was listed (1), and news of strain (1) is on record here only. 5 of 12."""
    here = Pattern(
        ("single_vendor", "vc", None, "permissive", "ai_model"),
        (False, True, False, False, False, False, False, False, True),
    )
    there = case(
        states={"funding": "public", "cla": "yes"},
        signals=(signal("ipo", "2018-03-01"), signal("acquisition", "2018-04-01"), signal("ipo", "2016-01-01")),
    )
    (pattern,) = case_patterns(there, [date(2019, 1, 1)], ALL)
    assert weigh(compare(here, pattern)) == (5, 10, 12)
    assert compare(here, pattern)["strain"] == "unknown"


def test_what_was_not_looked_for_is_unknown() -> None:
    (pattern,) = case_patterns(case(), [date(2019, 1, 1)], frozenset({"listing"}))
    assert pattern.pressures == (False, *(None,) * (len(PRESSURES) - 1))


@pytest.mark.parametrize(
    ("terms", "domain", "read"),
    [
        ("Gemma terms", "ai_model", "own"),
        ("Apache-2.0", "ai_model", "permissive"),
        ("Free API", "ai_model", "free"),
        ("Public source", "ai_model", None),
    ],
)
def test_terms_that_fit_no_class_agree_with_nothing(terms: str, domain: str, read: str | None) -> None:
    (pattern,) = case_patterns(case(terms=terms, domain=domain), [date(2019, 1, 1)], ALL)
    assert pattern.states[3:] == (read, domain)


def test_a_case_is_compared_while_it_was_at_risk() -> None:
    assert half_years(case(started="2018-01-01", ended="2019-07-01")) == [date(2018, 7, 1), date(2019, 1, 1)]
    assert half_years(case(started="2018-02-01", ended="2018-05-01")) == []


def test_the_likest_moment_of_each_vendor_once() -> None:
    pattern = Pattern(("single_vendor", "vc", "yes", "permissive", "database"), (True, *(False,) * 7, None), age=400)
    products = [case(name, vendor="hub", signals=(signal("ipo", "2016-08-01"),)) for name in ("a", "b")]
    other = case("c", states={"funding": "public"})
    found = nearest(pattern, table_of(other, *products), TODAY, 5, everything)
    assert [(near.case.id, near.moment) for near in found] == [("a", date(2017, 1, 1)), ("c", date(2016, 1, 1))]
    assert weigh(found[0].readings).likeness == 1.0
    assert nearest(pattern, table_of(other, *products), TODAY, 5, lambda each: each is other)[0].case is other


def test_how_a_case_ended_moves_nothing() -> None:
    pattern = line_pattern(Dossier("one", facts=(fact("governance", "single_vendor"),)), on(10))
    held = [case(f"case-{n}", started=f"{2010 + n}-01-01", failed=False) for n in range(4)]
    failed = [replace(each, failed=True) for each in held]
    assert [(near.case.id, near.moment) for near in nearest(pattern, table_of(*held), TODAY, 4, everything)] == [
        (near.case.id, near.moment) for near in nearest(pattern, table_of(*failed), TODAY, 4, everything)
    ]


@given(PATTERNS, st.dates(date(2014, 1, 1), date(2021, 1, 1)))
def test_only_moments_before_the_day_are_compared(pattern: Pattern, day: date) -> None:
    cases = [case(f"case-{n}", started=f"{2010 + n}-03-01", ended=f"{2016 + n}-05-02") for n in range(4)]
    cut = [replace(each, ended=min(each.ended, day)) for each in cases if each.started < day]
    found = nearest(pattern, table_of(*cases), day, 4, everything)
    assert all(near.moment < day for near in found)
    assert [(near.case.id, near.moment, near.readings) for near in found] == [
        (near.case.id, near.moment, near.readings) for near in nearest(pattern, table_of(*cut), day, 4, everything)
    ]


def test_a_value_that_no_case_has_agrees_with_none() -> None:
    pattern = Pattern(("a kingdom", None, None, None, None), (None,) * len(PRESSURES))
    like, compared = likeness_to_all(pattern, pattern_table([replace(pattern, states=("vc",) + (None,) * 4)]))
    assert (like.tolist(), compared.tolist()) == ([0.0], [pytest.approx(2 / 9)])


def test_an_empty_class_has_nothing_like_it() -> None:
    pattern = Pattern((None,) * len(STATES), (None,) * len(PRESSURES))
    assert nearest(pattern, table_of(), TODAY, 3, everything) == ()
