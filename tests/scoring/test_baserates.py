"""Rates after events, notice and reversal: one unit a vendor and day, followed long enough, beside any year."""

from datetime import date, timedelta
from statistics import median
from typing import Any

import pytest

from scoring.baserates import Share, base_rates, endings, new_years, spread, triggered
from scoring.engine.cases import Case
from scoring.engine.metrics import share_interval
from scoring.pastcases import CaseSignal, CaseSource, Dated, PastCase, past_cases

BEGAN, FOLLOWED = date(2010, 3, 2), date(2020, 6, 30)
NOWHERE = CaseSource("")


def case(slug: str, vendor: str, ended: date | None = None, *signals: tuple[str, date], **changes: Any) -> PastCase:
    last = {"governance": "single_vendor", "funding": "vc", "cla": "no"}
    told = tuple(CaseSignal(kind, Dated(day), "weakens", 3, "", NOWHERE, "high", "blind") for kind, day in signals)
    usual: dict[str, Any] = {
        "case": Case(slug, vendor, "database", "MIT", BEGAN, ended or FOLLOWED, ended is not None, dict(last)),
        "subject": slug,
        "commitment": "open",
        "terms_before": "MIT",
        "event": "relicense_restrictive" if ended else "none",
        "terms_after": "",
        "started": Dated(BEGAN),
        "announced": Dated(ended) if ended else None,
        "effect": Dated(ended) if ended else None,
        "reversal": None,
        "reversal_terms": "",
        "followed_to": Dated(FOLLOWED),
        **last,
        "source": CaseSource("https://example.org/"),
        "confidence": "high",
        "signals": told,
    }
    return PastCase(**usual | changes)


LISTED = ("ipo", date(2014, 5, 6))


def rate(cases: list[PastCase], code: str) -> dict[int, tuple[int, int]]:
    found = next(each for each in base_rates(cases) if each.trigger.code == code)
    return {within.months: (within.after.k, within.after.n) for within in found.within}


def test_wilson_by_hand() -> None:
    """2 of 16 with z = 1.6449: center (2 + 1.3528) / (16 + 2.7055), spread 1.6449 x sqrt(1.75 + 0.6764) / 18.7055."""
    low, high = share_interval(2, 16)
    assert [low, high] == pytest.approx([0.0423, 0.3162], abs=1e-4)
    assert share_interval(0, 10)[0] == 0.0
    assert share_interval(10, 10)[1] == 1.0
    assert (Share(0, 0).rate, Share(0, 0).interval) == (None, None)


def test_eight_products_of_one_decision_are_one_unit() -> None:
    eight = [case(f"p{number}", "one", date(2015, 8, 10), LISTED) for number in range(8)]
    assert rate(eight, "ipo") == {12: (0, 1), 24: (1, 1), 36: (1, 1)}


def test_who_was_not_followed_to_the_horizon_says_nothing_about_it() -> None:
    late = ("ipo", FOLLOWED - timedelta(days=500))
    assert rate([case("a", "a", None, late)], "ipo") == {12: (0, 1), 24: (0, 0), 36: (0, 0)}


def test_an_end_on_the_day_of_the_event_did_not_follow_it() -> None:
    assert rate([case("a", "a", LISTED[1], LISTED)], "ipo") == {12: (0, 0), 24: (0, 0), 36: (0, 0)}


def test_a_purchase_agreed_and_completed_is_one_unit() -> None:
    agreed, completed = ("acquisition", date(2014, 1, 5)), ("acquisition", date(2014, 12, 5))
    again = ("acquisition", date(2016, 1, 5))
    units = triggered([case("a", "a", None, agreed, completed, again)], "acquisition")
    assert [unit.on for unit in units] == [agreed[1], again[1]]


def test_another_commitments_end_counts_for_those_that_still_stood() -> None:
    first, second = case("a", "v", date(2012, 5, 5)), case("b", "v", date(2013, 2, 5))
    assert rate([first, second], "earlier_end") == {12: (1, 1), 24: (1, 1), 36: (1, 1)}
    assert triggered([first], "earlier_end") == []


def test_the_baseline_is_every_first_of_january_at_risk_once_a_vendor() -> None:
    years = new_years([case("a", "v"), case("b", "v", date(2012, 5, 5))])
    assert [unit.on.year for unit in years] == list(range(2011, 2021))
    assert [unit.outcome(12) for unit in years[:3]] == [False, True, False]
    assert years[-1].outcome(12) is None


def test_a_ratio_says_nothing_where_nothing_was_seen() -> None:
    found = next(each for each in base_rates([case("a", "a", None, LISTED)]) if each.trigger.code == "ipo")
    assert {(within.ratio, within.ratio_interval) for within in found.within} == {(None, None)}
    assert found.is_thin


def test_the_shipped_rates_are_nested_and_their_interval_holds_the_ratio() -> None:
    for found in base_rates(past_cases()):
        ratios = [within for within in found.within if within.ratio_interval is not None and within.ratio is not None]
        assert ratios
        for within in ratios:
            assert within.ratio is not None
            assert within.ratio_interval is not None
            assert within.ratio_interval[0] <= within.ratio <= within.ratio_interval[1]
            assert 0 <= within.after.k <= within.after.n <= within.baseline.n


def test_notice_and_reversal_count_decisions() -> None:
    end = date(2015, 8, 10)
    eight = [case(f"p{number}", "one", end) for number in range(7)]
    undone = case("p9", "one", end, reversal=Dated(date(2016, 8, 10)))
    warned = case("q", "other", end, effect=Dated(end + timedelta(days=90)), event="withdrawn")
    vague = case("r", "third", date(2015, 8, 1))
    everything, *kinds = endings([*eight, undone, warned, vague])
    assert (everything.commitments, everything.decisions) == (10, 3)
    assert (everything.notice.n, everything.notice.median) == (2, 45)
    assert everything.without_notice == Share(1, 2)
    assert everything.reversed == Share(1, 3)
    assert everything.reversal.median == pytest.approx(12, abs=0.1)
    assert [(each.kind, each.decisions) for each in kinds] == [("relicense_restrictive", 2), ("withdrawn", 1)]


def test_of_the_shipped_class_every_end_is_of_one_kind() -> None:
    everything, *kinds = endings(past_cases())
    assert sum(each.commitments for each in kinds) == everything.commitments == sum(c.failed for c in past_cases())
    assert everything.decisions < everything.commitments
    notices = [each.notice_days for each in past_cases() if each.slug == "boundary" or each.vendor != "HashiCorp"]
    assert everything.notice.median == median(days for days in notices if days is not None)


def test_quartiles_of_few() -> None:
    assert spread([]).median is None
    assert (spread([4.0]).lower, spread([4.0]).upper) == (4.0, 4.0)
