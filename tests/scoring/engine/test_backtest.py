"""The rolling origin: no look-ahead, no skill where there is none, and what is reported."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring.engine import probes
from scoring.engine.backtest import (
    ENGINE,
    LEAST_FAILURES,
    as_shipped,
    bins,
    choice_at_end,
    choose,
    compared,
    judged,
    roll,
    tabulate,
)
from scoring.engine.baselines import least
from scoring.engine.cases import PastFact
from scoring.engine.fit import Posterior
from scoring.engine.periods import new_year
from tests.scoring.engine.pasts import EXPERT, case, made_up, shipped_run, shipped_table, signal


def test_truncated_records_give_the_same_forecasts() -> None:
    found = probes.truncation(shipped_run(), EXPERT)
    assert found.origins >= 10
    assert found.forecasts == len(shipped_run().due.hit)
    assert found.difference < 1e-12


def test_what_happens_later_changes_no_earlier_forecast() -> None:
    run, day = shipped_run(), date(2018, 1, 1)
    later = signal("license_tightening", day.isoformat())
    doomed = [replace(past, signals=(*past.signals, later)) if past.ended > day else past for past in run.cases]
    other = roll(tabulate(doomed, EXPERT), EXPERT, least)
    before, after = run.due.year <= day.year, run.due.year == day.year + 1
    assert np.array_equal(other.forecasts[ENGINE][before], run.forecasts[ENGINE][before])
    assert np.all(other.forecasts[ENGINE][after] != run.forecasts[ENGINE][after])


def test_a_record_before_a_day_holds_nothing_of_it() -> None:
    past = case(
        started="2015-01-01",
        ended="2020-01-01",
        failed=True,
        signals=(signal("ipo", "2017-01-01"), signal("layoffs", "2018-01-01")),
        facts=(PastFact("cla", "no", date(2016, 1, 1), date(2019, 1, 1)), PastFact("cla", "yes", date(2019, 1, 1))),
        states={"funding": "public"},
    )
    cut = probes.before(past, date(2018, 1, 1))
    assert cut is not None
    assert (cut.ended, cut.failed) == (date(2018, 1, 1), False)
    assert [s.kind for s in cut.signals] == ["ipo"]
    assert cut.facts == (PastFact("cla", "no", date(2016, 1, 1), None),)
    earlier = probes.before(past, date(2016, 6, 1))
    assert earlier is not None
    assert earlier.last_known["funding"] == "vc"
    assert probes.before(past, date(2015, 1, 1)) is None


def test_permuted_outcomes_leave_the_features_without_skill() -> None:
    for seed in range(2):
        figures = judged(probes.permuted(shipped_table(), EXPERT, seed))
        calendar, engine = figures["era_only"].log_loss, figures[ENGINE].log_loss
        assert calendar is not None
        assert engine is not None
        assert engine > calendar


def test_where_everything_fails_at_one_rate_there_is_no_skill() -> None:
    figures = judged(roll(tabulate(made_up(11, 250), EXPERT), EXPERT))[ENGINE]
    assert figures.bss is not None
    assert figures.bss < 0.02
    assert figures.auc24 is not None
    assert 0.4 < figures.auc24 < 0.6


def test_order_of_cases_does_not_matter() -> None:
    run = shipped_run()
    other = roll(tabulate(run.cases[::-1], EXPERT), EXPERT)
    for name, figures in judged(other).items():
        assert figures.log_loss == pytest.approx(judged(run)[name].log_loss, abs=1e-8)


def test_the_choice_at_an_origin_rests_on_forecasts_that_have_come_due() -> None:
    record = [(2010, np.array([5.0, 4.0])), (2011, np.array([1.0, 9.0])), (2012, np.array([9.0, 1.0]))]
    assert choose([], 2010) == 0
    assert choose(record, 2011) == 0  # nothing due: the first stands
    assert choose(record, 2012) == 1  # 2010 has come due
    assert choose(record, 2013) == 0  # 2010 and 2011: 6 against 13
    assert choose(record, 2014) == 1


def test_no_origin_before_enough_failures_were_known() -> None:
    run = shipped_run()
    first = int(run.due.year.min())
    ended = [past.ended for past in run.cases if past.failed]
    assert sum(day < date(first, 1, 1) for day in ended) >= LEAST_FAILURES
    assert sum(day < date(first - 1, 1, 1) for day in ended) < LEAST_FAILURES
    few = [case(f"c{n}", "2010-01-01", "2014-06-01", failed=n < 3) for n in range(9)]
    nothing = roll(tabulate(few, EXPERT), EXPERT)
    assert (len(nothing.due.hit), judged(nothing), compared(nothing), bins(nothing)) == (0, {}, {}, ())


def test_every_forecast_is_of_a_case_at_risk() -> None:
    run = shipped_run()
    for number, year in zip(run.due.case.tolist(), run.due.year.tolist(), strict=True):
        past = run.cases[number]
        assert past.started.toordinal() <= new_year(year) <= past.ended.toordinal()


def test_the_engine_beats_the_simple_methods_on_the_shipped_class() -> None:
    run = shipped_run()
    figures, pairs = judged(run)[ENGINE], compared(run)
    assert figures.bss is not None
    assert figures.bss > 0.1
    assert figures.ece is not None
    assert figures.ece < 0.04
    assert figures.auc24 is not None
    assert 0.75 < figures.auc24 < 0.85  # above it: look for a leak before you believe it
    for name in ("base_rate", "governance_km", "license_only", "era_only", "weighted_sum", "expert_points"):
        assert pairs[name].low > 0


def test_a_comparison_draws_whole_vendors() -> None:
    run = shipped_run()
    one = compared(run)["base_rate"]
    assert one.low < one.difference < one.high
    assert compared(run) == compared(run)
    together = replace(run, cases=tuple(replace(past, vendor="one") for past in run.cases))
    assert compared(together)["base_rate"].low == pytest.approx(one.difference)


def test_left_out_vendors_and_domains_are_each_forecast_once() -> None:
    table = shipped_table()
    left = probes.other_vendors(table, EXPERT, choice_at_end(table, EXPERT))
    pairs = set(zip(left.due.case.tolist(), left.due.year.tolist(), strict=True))
    assert len(pairs) == len(left.due.hit) == int(table.starts.settled.sum())
    domains = probes.leave_domains_out(table, EXPERT, shipped_run().chosen)
    assert len(domains.due.hit) == len(shipped_run().due.hit)


def test_one_fit_is_judged_at_every_new_year() -> None:
    table = tabulate(made_up(2, 60), EXPERT)
    count = len(EXPERT.columns)
    certain = Posterior(
        EXPERT.columns, np.array([-2.0] + [0.0] * (count - 1)), np.zeros((count, count)), 2020.0, 2026.0
    )
    run = as_shipped(table, certain, table, EXPERT, EXPERT.candidates[0])
    assert len(run.due.hit) == table.starts.settled.sum()
    assert run.forecasts[ENGINE] == pytest.approx(1 - np.exp(-4 * np.exp(-2)))


def test_probes_take_away_what_they_say() -> None:
    past = case(
        ended="2018-01-31",
        failed=True,
        signals=(signal("ipo", "2018-01-01"), signal("layoffs", "2018-01-20", severity=2)),
    )
    assert [s.kind for s in probes.without_signals_close(past).signals] == []
    assert len(probes.without_signals_close(replace(past, failed=False)).signals) == 2
    assert [s.severity for s in probes.with_middle_severity(past).signals] == [3, 3]
    assert set(probes.without_undated_states(past).last_known.values()) == {None}
    soft = replace(past, signals=(replace(past.signals[0], blind=False),))
    assert probes.with_blind_signals(soft).signals == ()
    assert all(not feature.kinds for feature in probes.state_only(EXPERT).features.values())
    figures = judged(probes.count_only(shipped_run().cases, EXPERT))[ENGINE]
    assert figures.auc24 is not None
    assert figures.auc24 > 0.6  # attention alone: why state-only results stand first
