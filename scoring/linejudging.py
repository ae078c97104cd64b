"""The test on model lines as figures to print, to store and to compare (docs/prereg.md)."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from scoring.engine.comparator import Comparator, make_comparator
from scoring.engine.facts import Dossier
from scoring.engine.linecases import LineCase, half_years, line_cases
from scoring.engine.linetest import (
    METHODS,
    Judged,
    alarms,
    band_records,
    compare,
    figures,
    gate,
    judge_lines,
    misses,
    shown,
)
from scoring.engine.rubric import Rubric
from scoring.engine.thinning import Thinning, measure
from scoring.gather import dossier_of
from scoring.gathering.shelf import Shelf, read_shelf

KNOWN_THROUGH = date(2026, 11, 23)  # the last day of development data
JUDGED_PLEDGE, JUDGED_REACH = 9.0, -5.0  # what experts gave the two terms that did not help

__all__ = ["KNOWN_THROUGH", "fit_lines", "judge_all", "report", "thin"]


def _dossiers(shelf: Shelf, rubric: Rubric) -> dict[str, Dossier]:
    return {folder.line.slug: dossier_of(folder) for folder in shelf.folders(rubric)}


def _stated(shelf: Shelf) -> Shelf:
    """Without rows whose publication day is derived."""
    names = ("releases", "changes", "signals", "facts", "pledges")
    return replace(
        shelf, **{name: tuple(r for r in getattr(shelf, name) if not r.published_is_derived) for name in names}
    )


def fit_lines(rubric: Rubric, made_on: date) -> Comparator:
    """The comparator on all development data, with the record of its bands."""
    dossiers = _dossiers(read_shelf(), rubric)
    cases = line_cases(dossiers, rubric, half_years(KNOWN_THROUGH), KNOWN_THROUGH)
    judged = judge_lines(dossiers, rubric, KNOWN_THROUGH)
    return make_comparator(cases, band_records(judged), rubric.name, made_on, KNOWN_THROUGH, permitted(judged))


def permitted(judged: Judged) -> Literal["facts", "bands"]:
    """The level that the test on lines permits (docs/prereg.md, section 8)."""
    return "bands" if all(gate(judged, shown(judged)).values()) else "facts"


def judge_all(rubric: Rubric) -> dict[str, Judged]:
    """The main run, and those besides it."""
    shelf = read_shelf()
    dossiers = _dossiers(shelf, rubric)
    main = judge_lines(dossiers, rubric, KNOWN_THROUGH)

    def under(other: Rubric) -> Judged:
        return judge_lines(dossiers, other, KNOWN_THROUGH)

    def of(changed: Mapping[str, Dossier]) -> Judged:
        return judge_lines(changed, rubric, KNOWN_THROUGH, weighed=dossiers)

    stated = _dossiers(_stated(shelf), rubric)
    read = np.array([not case.outcome.unread for case in main.cases])
    return {
        "main": main,
        "derived_dates_dropped": judge_lines(dossiers, rubric, KNOWN_THROUGH, inputs=stated),
        "unread_outcomes_left_out": main.where(read),
        "recalled_rows_counted": of({slug: _trusted(d) for slug, d in dossiers.items()}),
        "gating_not_counted": of({slug: _ungated(d) for slug, d in dossiers.items()}),
        "pledges_on": under(replace(rubric, pledges=replace(rubric.pledges, points=JUDGED_PLEDGE))),
        "reach_x_pressure_on": under(replace(rubric, interaction=replace(rubric.interaction, points=JUDGED_REACH))),
        "legal_points_on": under(_with_legal(rubric)),
    }


def thin(rubric: Rubric) -> Thinning:
    """On the last day of development data."""
    return measure(_dossiers(read_shelf(), rubric), rubric, KNOWN_THROUGH)


def _with_legal(rubric: Rubric) -> Rubric:
    legal = replace(rubric.dimensions["legal"], multiplier=1.0)
    return replace(rubric, dimensions={**rubric.dimensions, "legal": legal})


def _trusted(dossier: Dossier) -> Dossier:
    return replace(dossier, releases=tuple(replace(release, verified=True) for release in dossier.releases))


def _ungated(dossier: Dossier) -> Dossier:
    releases = (
        replace(
            release, grants=tuple(replace(grant, terms=replace(grant.terms, gated=False)) for grant in release.grants)
        )
        for release in dossier.releases
    )
    return replace(dossier, releases=tuple(releases))


def report(runs: Mapping[str, Judged], thinning: Thinning, rubric: Rubric) -> dict[str, Any]:
    """All figures; those that do not exist are None."""
    main = runs["main"]
    return {
        "rubric": rubric.name,
        "rubric_sha256": rubric.sha256,
        "known_through": KNOWN_THROUGH.isoformat(),
        "outcomes": _outcomes(main),
        "origins": [_origin(main, day) for day in sorted({case.standing.origin for case in main.cases})],
        **_figures(main),
        "bands": {name: _bands(main, name) for name in METHODS[:2]},
        "misses": {name: [_miss(*row) for row in misses(main, name)] for name in METHODS[:2]},
        "shown": shown(main),
        "permits": permitted(main),
        "thinning": {**asdict(thinning), "worst": thinning.worst, "beyond": thinning.beyond, "holds": thinning.holds},
        "gate": {name: gate(main, name) for name in METHODS[:2]},
        "runs": {name: {"outcomes": _outcomes(run), **_figures(run)} for name, run in runs.items() if name != "main"},
        "forecasts": [_forecast(main, place, case) for place, case in enumerate(main.cases)],
    }


def _figures(run: Judged) -> dict[str, Any]:
    pairs = [("engine", "comparator"), *((name, "usual") for name in METHODS if name != "usual")]
    return {
        "methods": {name: asdict(figures(run, name)) for name in METHODS},
        "differences": {f"{one}-{other}": asdict(compare(run, one, other)) for one, other in pairs},
    }


def _outcomes(run: Judged) -> dict[str, int]:
    kinds = [case.outcome.kind for case in run.cases]
    return {
        **{kind: kinds.count(kind) for kind in ("failed", "no_next_version", "kept")},
        "unread": sum(case.outcome.unread for case in run.cases),
        "undone": sum(bool(case.outcome.undone) for case in run.cases),
        "vendors": len(set(run.vendors)),
        "vendors_failed": len({case.standing.vendor for case in run.cases if case.failed}),
        "failing_launches": len({case.outcome.evidence[0] for case in run.cases if case.failed}),
    }


def _origin(run: Judged, day: date) -> dict[str, Any]:
    part = run.where(np.array([case.standing.origin == day for case in run.cases]))
    return {"origin": day.isoformat(), "outcomes": _outcomes(part), "methods": _briefly(part)}


def _briefly(part: Judged) -> dict[str, Any]:
    keys = ("n", "failures", "log_score", "brier", "auc", "observed_expected")
    found = {name: asdict(figures(part, name)) for name in METHODS}
    return {name: {key: one[key] for key in keys} for name, one in found.items()}


def _bands(run: Judged, method: str) -> dict[str, Any]:
    records = {name: asdict(record) for name, record in band_records(run, method).items()}
    return {**records, "alarms": asdict(alarms(run, method))}


def _miss(case: LineCase, p: float) -> dict[str, Any]:
    on = case.outcome.on
    return {
        "line": case.standing.line,
        "origin": case.standing.origin.isoformat(),
        "failed_on": on.isoformat() if on else None,
        "mode": case.outcome.mode,
        "evidence": list(case.outcome.evidence),
        "p": p,
    }


def _forecast(run: Judged, place: int, case: LineCase) -> dict[str, Any]:
    return {
        **{name: float(p[place]) for name, p in run.forecasts.items()},
        "line": case.standing.line,
        "vendor": case.standing.vendor,
        "origin": case.standing.origin.isoformat(),
        "failed_before": case.standing.failed_before,
        "launches": case.standing.launches,
        "events": case.standing.events,
        "outcome": case.outcome.kind,
        "mode": case.outcome.mode,
        "unread": case.outcome.unread,
    }
