"""What was known of a commitment on a day."""

from datetime import date

import numpy as np
import pytest

from scoring.engine.cases import Case, PastFact
from scoring.engine.features import count_of_signals, describe, terms_of, values_on
from tests.scoring.engine.pasts import EXPERT, case, days, signal


def feature(name: str, past: Case, *on: str) -> list[float]:
    return [float(value) for value in describe(past, days(*on), EXPERT)[:, list(EXPERT.features).index(name)]]


def test_an_event_is_unknown_on_its_own_day_and_decays_from_the_next() -> None:
    past = case(signals=(signal("ipo", "2016-01-01"),))
    before, same, next_day, later = feature("listing", past, "2015-12-31", "2016-01-01", "2016-01-02", "2017-12-31")
    assert before == same == 0.0
    assert next_day == pytest.approx(1 - np.exp(-(2 ** (-1 / 730))))
    assert later == pytest.approx(1 - np.exp(-0.5))


def test_only_the_stated_direction_counts_and_severity_is_a_step() -> None:
    past = case(signals=(signal("governance_change", "2016-01-01", "strengthens", 3),))
    assert feature("bound", past, "2016-01-02") == [pytest.approx(1 - np.exp(-0.5 * 2 ** (-1 / 900)))]
    assert feature("unbound", past, "2016-01-02") == [0.0]


def test_dated_states_hold_in_their_time_and_are_unknown_outside() -> None:
    facts = (
        PastFact("funding", "vc", date(2016, 1, 1), date(2018, 1, 1)),
        PastFact("funding", "public", date(2018, 1, 1), None),
    )
    past = case(facts=facts)
    found = values_on(past, "funding", days("2015-06-01", "2016-01-02", "2018-01-01", "2018-01-02"))
    assert found.tolist() == [None, "vc", "vc", "public"]


def test_a_state_dated_to_the_beginning_holds_from_it() -> None:
    past = case(started="2015-01-01", facts=(PastFact("governance", "foundation", date(2015, 1, 1), None),))
    assert values_on(past, "governance", days("2015-01-01")).tolist() == ["foundation"]


@pytest.mark.parametrize(
    ("states", "happened", "before", "after"),
    [
        ({"funding": "public"}, signal("ipo", "2017-03-01"), ("funding", "vc"), ("funding", "public")),
        ({"funding": "bigtech"}, signal("acquisition", "2017-03-01"), ("funding", "vc"), ("funding", "bigtech")),
        (
            {"governance": "foundation"},
            signal("governance_change", "2017-03-01", "strengthens"),
            ("governance", "single_vendor"),
            ("governance", "foundation"),
        ),
        ({"cla": "yes"}, signal("governance_change", "2017-03-01"), ("cla", "no"), ("cla", "yes")),
    ],
)
def test_a_state_at_the_end_reaches_back_to_the_event_that_brought_it(
    states: dict[str, str | None], happened: object, before: tuple[str, str], after: tuple[str, str]
) -> None:
    past = case(states=states, signals=(happened,))  # type: ignore[arg-type]
    assert values_on(past, before[0], days("2017-03-01")).tolist() == [before[1]]
    assert values_on(past, after[0], days("2017-03-02")).tolist() == [after[1]]


def test_unknown_stays_unknown() -> None:
    past = case(states={"governance": None, "funding": None, "cla": None})
    row = describe(past, days("2016-01-01"), EXPERT)[0]
    named = dict(zip(EXPERT.features, row, strict=True))
    assert not any(value for name, value in named.items() if EXPERT.features[name].fact != "none")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apache-2.0", "permissive"),
        ("AGPL-3.0", "copyleft"),
        ("MPL-2.0", "copyleft"),
        ("Free API", "free"),
        ("BUSL-1.1", "other"),
        ("", "other"),
    ],
)
def test_terms(text: str, expected: str) -> None:
    assert terms_of(case(terms=text)) == expected


def test_the_count_of_signals_counts_what_was_recorded_before() -> None:
    past = case(signals=(signal("ipo", "2016-01-01"), signal("layoffs", "2017-01-01")))
    assert count_of_signals(past, days("2016-01-01", "2018-01-01")).tolist() == [0.0, np.log(3)]
