"""The back-test as figures to print, to store and to compare (method section 14)."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.engine import probes
from scoring.engine.backtest import (
    ENGINE,
    Run,
    as_shipped,
    bins,
    choice_at_end,
    compared,
    judged,
    roll,
    tabulate,
)
from scoring.engine.baselines import least
from scoring.engine.cases import Case
from scoring.engine.expert import load_expert
from scoring.engine.metrics import auc, judge
from scoring.engine.reference import REFERENCE, load_reference
from scoring.histories import SHIPPED_CLASS
from scoring.record import METHODS, RECORD, STATES, Head, Probe, Rows, Truncated

PERMUTATIONS = 3
FILES = ("history.csv", "history_signals.csv", "history_facts.csv")


def class_digest() -> str:
    """Digest of the shipped files that the fit reads."""
    return sha256(b"\0".join((SHIPPED_CLASS / name).read_bytes() for name in FILES)).hexdigest()


def judge_shipped(cases: Sequence[Case], shipped: Sequence[Case]) -> Run:
    """The shipped fit as it is, at every 1 January; baselines from the class ``shipped`` that it was fitted on."""
    expert, reference = load_expert(), load_reference()
    table = tabulate(cases, expert)
    return as_shipped(table, reference.posterior, tabulate(shipped, expert), expert, reference.candidate)


def refit(cases: Sequence[Case]) -> Run:
    """Rolling origin on these cases alone."""
    expert = load_expert()
    return roll(tabulate(cases, expert), expert)


def report(run: Run) -> dict[str, Any]:
    """All figures of a run; figures that do not exist are None."""
    return {
        **_methods(run),
        "reliability": [asdict(part) for part in bins(run)],
        "groups": {
            "single_vendor": _methods(run.where(run.due.governance == "single_vendor")),
            **{f"domain:{name}": _methods(part) for name, part in _by_domain(run).items()},
        },
        "origins": _origins(run),
    }


def _methods(run: Run) -> dict[str, Any]:
    return {
        "methods": {name: asdict(metrics) for name, metrics in judged(run).items()},
        "comparisons": {name: asdict(one) for name, one in compared(run).items()},
    }


def _by_domain(run: Run) -> dict[str, Run]:
    domains = np.array([case.domain for case in run.cases])[run.due.case]
    return {str(name): run.where(domains == name) for name in np.unique(domains)}


def _origins(run: Run) -> list[dict[str, Any]]:
    parts = {int(year): run.where(run.due.year == year) for year in np.unique(run.due.year)}
    return [
        {
            "year": year,
            "n": len(part.due.hit),
            "events": int(part.due.hit.sum()),
            "expected": float(part.forecasts[ENGINE].sum()),
            "auc24": auc(part.forecasts[ENGINE], part.due.hit),
            "chosen": asdict(run.chosen[year]) if year in run.chosen else None,
        }
        for year, part in parts.items()
    ]


def probe(cases: Sequence[Case]) -> dict[str, Any]:
    """Every probe by rolling origin, and the shipped protocol on vendors held out."""
    expert = load_expert()
    table = tabulate(cases, expert)
    run = roll(table, expert, least)
    states = probes.state_only(expert)
    changes = {
        "signals_within_30_days_dropped": probes.without_signals_close,
        "all_severities_3": probes.with_middle_severity,
        "blind_signals_only": probes.with_blind_signals,
        "undated_states_unknown": probes.without_undated_states,
    }
    runs = {
        "state_only": roll(tabulate(cases, states), states, least),
        **{name: probes.changed(cases, change, expert) for name, change in changes.items()},
        "count_only": probes.count_only(cases, expert),
        **{f"permuted_{seed}": probes.permuted(table, expert, seed) for seed in range(PERMUTATIONS)},
        "domains_left_out": probes.leave_domains_out(table, expert, run.chosen),
        "vendors_left_out": (left := probes.other_vendors(table, expert, choice_at_end(table, expert))),
        "vendors_left_out_single": left.where(left.due.governance == "single_vendor"),
    }
    found = {name: {method: asdict(m) for method, m in judged(one).items()} for name, one in runs.items()}
    domains = runs["domains_left_out"]
    ai = _by_domain(domains).get("ai_model")
    if ai is not None:
        base = ai.forecasts["base_rate"]
        found["ai_models_left_out"] = {ENGINE: asdict(judge(ai.forecasts[ENGINE], ai.due.hit, ai.due.time, base))}
    return {"truncation": asdict(probes.truncation(run, expert)), "methods": found}


def recorded_rows(cases: Sequence[Case]) -> Rows:
    """The forecasts of the rolling origin with those from states alone, to the four decimals that are stored."""
    expert = load_expert()
    states = probes.state_only(expert)
    run = roll(tabulate(cases, expert), expert)
    alone = roll(tabulate(cases, states), states, least)
    chances = {STATES: alone.forecasts[ENGINE], **run.forecasts}
    due = run.due
    return Rows(
        case=_of_cases(run, "id"),
        vendor=_of_cases(run, "vendor"),
        domain=_of_cases(run, "domain"),
        governance=np.array([value or "" for value in due.governance], dtype=object),
        recalled=_of_cases(run, "low_confidence").astype(np.bool_),
        year=due.year,
        days=due.time,
        hit=due.hit,
        chances={name: np.round(chances[name], 4) for name in METHODS},
    )


def _of_cases(run: Run, name: str) -> NDArray[np.object_]:
    return np.array([getattr(case, name) for case in run.cases], dtype=object)[run.due.case]


def record_head(cases: Sequence[Case], rows: bytes, made_on: date) -> Head:
    """What the stored rows stand for, with every probe."""
    found, expert = probe(cases), load_expert()
    return Head(
        name=RECORD,
        made_on=made_on.isoformat(),
        fit=REFERENCE,
        expert=expert.name,
        expert_sha256=expert.sha256,
        class_sha256=class_digest(),
        rows_sha256=sha256(rows).hexdigest(),
        cases=len(cases),
        failures=sum(case.failed for case in cases),
        recalled=sum(case.low_confidence for case in cases),
        truncation=Truncated(**found["truncation"]),
        probes={name: _kept(methods[ENGINE]) for name, methods in found["methods"].items()},
    )


def _kept(metrics: dict[str, Any]) -> Probe:
    return Probe(**{field.name: metrics[field.name] for field in fields(Probe)})
