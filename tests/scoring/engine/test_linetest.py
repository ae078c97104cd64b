"""The test on lines: nothing of the judged vendor or of later days gets into a forecast; figures by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring.engine.facts import Dossier
from scoring.engine.known import as_known
from scoring.engine.linecases import half_years, line_cases, standings
from scoring.engine.linetest import (
    METHODS,
    Judged,
    alarms,
    auc_within,
    band_records,
    compare,
    figures,
    gate,
    judge_lines,
    misses,
    shown,
    thirds,
)
from tests.scoring.engine.dossiers import RUBRIC, on, report
from tests.scoring.engine.linecast import PAID, case, launch, line

KNOWN = date(2026, 6, 1)


def judged(*rows: tuple[str, bool, float, float]) -> Judged:
    """(vendor, failed, comparator, engine); the usual rate is .2."""
    cases = tuple(case(failed, vendor, events=n) for n, (vendor, failed, _, _) in enumerate(rows))
    said = {"comparator": [row[2] for row in rows], "engine": [row[3] for row in rows], "usual": [0.2] * len(rows)}
    return Judged(cases, {name: np.array(p) for name, p in said.items()})


def board() -> dict[str, Dossier]:
    """Six vendors from 2023 on, a launch every 150 days; every second one closes or narrows in its third or fifth."""
    dossiers = {}
    for number in range(6):
        days = [-300 + 20 * number + 150 * step for step in range(8)]
        fails = {1: 2, 3: 4, 5: 6}.get(number)
        rows = [
            launch(f"m{number}-{step}", day, None if step == fails and number == 1 else day)
            if step != fails or number == 1
            else launch(f"m{number}-{step}", day, day, PAID)
            for step, day in enumerate(days)
        ]
        slug = f"v{number}-language"
        events = tuple(report(f"e{number}-{n}", "layoffs", 40 * n) for n in range(number))
        dossiers[slug] = replace(line(*rows, subject=slug, vendor=f"v{number}"), reports=events)
    return dossiers


def test_half_years_whose_12_months_have_passed() -> None:
    assert half_years(date(2024, 12, 31), date(2023, 7, 1)) == (date(2023, 7, 1),)
    assert half_years(date(2025, 1, 1), date(2023, 7, 1))[-1] == date(2024, 1, 1)


def test_every_line_at_risk_is_judged_once_at_each_origin() -> None:
    dossiers = board()
    run = judge_lines(dossiers, RUBRIC, KNOWN)
    origins = half_years(KNOWN, date(2024, 1, 1))
    assert run.cases == line_cases(dossiers, RUBRIC, origins, KNOWN)
    assert {case.failed for case in run.cases} == {True, False}
    assert set(run.forecasts) == set(METHODS)
    assert all(len(p) == len(run.cases) and ((p > 0) & (p < 1)).all() for p in run.forecasts.values())


def usual_rates(dossiers: dict[str, Dossier]) -> dict[tuple[str, date], float]:
    run = judge_lines(dossiers, RUBRIC, KNOWN)
    keys = ((each.standing.line, each.standing.origin) for each in run.cases)
    return dict(zip(keys, run.forecasts["usual"].tolist(), strict=True))


def test_the_judged_vendor_trains_no_forecast_of_its_own() -> None:
    """Another past of one vendor changes the forecasts of others, and none of its own."""
    dossiers, slug = board(), "v1-language"
    opened = tuple(launch(r.name, n, n) for r in dossiers[slug].releases for n in [(r.announced - on(0)).days])
    before = usual_rates(dossiers)
    after = usual_rates({**dossiers, slug: replace(dossiers[slug], releases=opened)})
    both = before.keys() & after.keys()
    assert {before[key] == after[key] for key in both if key[0] == slug} == {True}
    assert any(before[key] != after[key] for key in both if key[0] != slug)


def test_no_forecast_knows_a_later_day() -> None:
    """Records cut at an origin give the forecasts of that origin."""
    dossiers, day = board(), date(2024, 7, 1)
    run = judge_lines(dossiers, RUBRIC, KNOWN)
    past = line_cases(dossiers, RUBRIC, half_years(day), day)
    cut = {slug: as_known(dossier, day) for slug, dossier in dossiers.items()}
    assert line_cases(cut, RUBRIC, half_years(day), day) == past
    assert standings(cut, RUBRIC, day) == standings(dossiers, RUBRIC, day)
    told = judge_lines(dossiers, RUBRIC, KNOWN, inputs={**dossiers}, weighed=cut)
    here = np.array([case.standing.origin == day for case in run.cases])
    assert here.any()
    assert run.where(here).forecasts["comparator"] == pytest.approx(told.where(here).forecasts["comparator"])


def test_the_level_of_a_rubric_is_taken_from_it() -> None:
    """A base three points lower raises every hazard by a quarter and moves the judged score hardly at all."""
    dossiers = board()
    lower = replace(RUBRIC, scale=replace(RUBRIC.scale, base=RUBRIC.scale.base - 3.0))
    one, other = judge_lines(dossiers, RUBRIC, KNOWN), judge_lines(dossiers, lower, KNOWN)
    assert np.abs(one.forecasts["engine"] - other.forecasts["engine"]).max() < 0.01
    assert (other.forecasts["engine_with_level"] > one.forecasts["engine_with_level"] + 0.01).any()


def test_figures_by_hand() -> None:
    run = judged(("a", True, 0.5, 0.01), ("b", False, 0.25, 0.99), ("c", False, 0.75, 0.2))
    found = figures(run, "comparator")
    assert found.log_score == pytest.approx(np.log([0.5, 0.75, 0.25]).mean())
    assert found.brier == pytest.approx((0.25 + 0.0625 + 0.5625) / 3)
    assert found.auc == 0.5
    assert found.observed_expected == pytest.approx(1 / 1.5)
    assert figures(run, "engine").log_score == pytest.approx(np.log([0.02, 0.02, 0.8]).mean()), "clipped"


def test_pairs_within_a_group_only() -> None:
    p, hit, group = np.array([0.9, 0.8, 0.2, 0.1]), np.array([False, True, False, True]), np.array([0, 0, 1, 1])
    assert auc_within(p, hit, group) == 0.0
    assert auc_within(p[:2], np.array([True, True]), group[:2]) is None
    assert thirds(judged(*[("a", False, 0.1, 0.1)] * 6)).tolist() == [0, 0, 1, 1, 2, 2]


def test_intervals_draw_vendors_not_rows() -> None:
    """A hundred rows of one vendor say as much as one."""
    many = judged(*[("a", True, 0.2, 0.4)] * 100, ("b", True, 0.4, 0.2))
    difference = compare(many, "engine", "comparator")
    assert difference.difference > 0 > difference.low
    assert shown(many) == "comparator"


def test_the_score_is_shown_once_it_is_better_beyond_doubt() -> None:
    better = judged(*[(f"v{n}", n % 2 == 0, 0.5, 0.9 if n % 2 == 0 else 0.1) for n in range(20)])
    assert compare(better, "engine", "comparator").excludes_zero
    assert shown(better) == "engine"
    assert shown(judged(*[(f"v{n}", n % 2 == 0, 0.5, 0.5) for n in range(20)])) == "comparator"


def test_bands_alarms_and_misses() -> None:
    run = judged(
        ("a", True, 0.3, 0.1),
        ("a", False, 0.3, 0.1),
        ("b", False, 0.27, 0.1),
        ("c", True, 0.14, 0.1),
        ("d", False, 0.2, 0.1),
    )
    records = band_records(run)
    assert {name: (one.failed, one.comparable) for name, one in records.items()} == {
        "below": (1, 1),
        "near": (0, 1),
        "above": (1, 3),
    }
    alarm = alarms(run)
    assert (alarm.alarms, alarm.false, alarm.vendor_years, alarm.per_vendor_year) == (2, 1, 2.0, 0.5)
    assert [(one.standing.vendor, p) for one, p in misses(run, "comparator")] == [("c", 0.14)]


def test_the_gate_opens_only_when_every_part_is_met() -> None:
    good = judged(*[(f"v{n}", n % 4 == 0, 0.7 if n % 4 == 0 else 0.1, 0.2) for n in range(40)])
    assert gate(good, "comparator") == {"order": True, "level": True, "log_score": True, "bands": True}
    assert gate(good, "engine") == {"order": False, "level": True, "log_score": True, "bands": False}
