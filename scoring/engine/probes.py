"""Probes for leaks and biases (method section 14): the back-test again, with something taken away or spoiled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from scoring.engine.backtest import ENGINE, SEED, Run, Table, forecast, joined, origins, roll, tabulate
from scoring.engine.baselines import base_rate, baselines, least
from scoring.engine.cases import FACT_FIELDS, Case, PastFact
from scoring.engine.evidence import Floats
from scoring.engine.expert import Candidate, Expert, Prior
from scoring.engine.features import count_of_signals, describe, values_on
from scoring.engine.fit import chances, fit, maximize
from scoring.engine.periods import HORIZON_HALVES, new_year

CLOSE_DAYS = 30
MIDDLE_SEVERITY = 3
FOLDS = 10

Change = Callable[[Case], Case]


@dataclass(frozen=True, slots=True)
class Truncation:
    """The largest difference of any forecast when everything of the origin and later is taken out first."""

    origins: int
    forecasts: int
    difference: float


def before(case: Case, day: date) -> Case | None:
    """The case as its record stood before a day: None where it had not begun."""
    if case.started >= day:
        return None
    known = {name: values_on(case, name, np.array([day.toordinal()]))[0] for name in FACT_FIELDS}
    over = case.ended < day
    return replace(
        case,
        ended=case.ended if over else day,
        failed=case.failed and over,
        last_known=known,
        signals=tuple(signal for signal in case.signals if signal.occurred < day),
        facts=tuple(_clipped(fact, day) for fact in case.facts if fact.valid_from < day),
    )


def _clipped(fact: PastFact, day: date) -> PastFact:
    return replace(fact, valid_to=None) if fact.valid_to is not None and fact.valid_to >= day else fact


def truncation(run: Run, expert: Expert) -> Truncation:
    """Recompute the forecasts of every origin from records that end before it."""
    worst, count = 0.0, 0
    for year, candidate in run.chosen.items():
        again = _recomputed(run, expert, year, candidate)
        full = run.forecasts[ENGINE][run.due.year == year]
        worst, count = max(worst, float(np.abs(again - full).max())), count + len(full)
    return Truncation(len(run.chosen), count, worst)


def _recomputed(run: Run, expert: Expert, year: int, candidate: Candidate) -> Floats:
    day = date.fromordinal(new_year(year))
    kept = {number: past for number, case in enumerate(run.cases) if (past := before(case, day))}
    table = tabulate(tuple(kept.values()), expert)
    posterior = fit(table.known_before(year).periods, expert, candidate, float(year))
    asked = run.due.case[run.due.year == year]
    begun = [kept.get(int(number), run.cases[int(number)]) for number in asked]
    x = np.concatenate([describe(case, np.array([day.toordinal()]), expert) for case in begun])
    return chances(posterior, x, np.full(len(asked), float(year)))


def changed(cases: Sequence[Case], change: Change, expert: Expert) -> Run:
    """The rolling origin on changed cases."""
    return roll(tabulate([change(case) for case in cases], expert), expert, least)


def without_signals_close(case: Case) -> Case:
    """Signals of the 30 days before a failure are often its announcement."""
    if not case.failed:
        return case
    last = case.ended - timedelta(days=CLOSE_DAYS)
    return replace(case, signals=tuple(signal for signal in case.signals if signal.occurred < last))


def with_middle_severity(case: Case) -> Case:
    """Severities may have been graded in hindsight."""
    return replace(case, signals=tuple(replace(signal, severity=MIDDLE_SEVERITY) for signal in case.signals))


def with_blind_signals(case: Case) -> Case:
    """Only what was looked for without knowing the outcome."""
    return replace(case, signals=tuple(signal for signal in case.signals if signal.blind))


def without_undated_states(case: Case) -> Case:
    """A state known only at the end is unknown."""
    return replace(case, last_known=dict.fromkeys(FACT_FIELDS))


def state_only(expert: Expert) -> Expert:
    """The same priors without any event."""
    return replace(expert, features={name: f for name, f in expert.features.items() if not f.kinds})


def count_only(cases: Sequence[Case], expert: Expert) -> Run:
    """How much was recorded, whatever it says: base and one free weight on log(1 + signals)."""
    table = tabulate(cases, expert, lambda case, days: count_of_signals(case, days)[:, None])
    belief = Prior(np.array([expert.base.nats, 0.0]), np.array([expert.base.spread, 10.0]), np.zeros(2))
    found = []
    for _, past, due in origins(table):
        matrix = np.column_stack([np.ones(len(past.periods.x)), past.periods.x])
        weight = np.ones(len(matrix))
        mean, _ = maximize(matrix, past.periods.failed, past.periods.exposure, weight, belief)
        rate = np.exp(mean[0] + due.x[:, 0] * mean[1])
        found.append((due, {ENGINE: -np.expm1(-HORIZON_HALVES * rate)}))
    return joined(table, found)


def permuted(table: Table, expert: Expert, seed: int) -> Run:
    """Outcomes dealt out anew among the commitments at risk at a time: only the calendar can have skill."""
    generator = np.random.default_rng(seed)
    failed = _shuffled(table.periods.failed, np.floor(table.periods.middle * 2.0).astype(np.int64), generator)
    hit = table.starts.hit & table.starts.settled
    dealt = _shuffled(hit, np.where(table.starts.settled, table.starts.year, -1), generator)
    spoiled = Table(table.cases, replace(table.periods, failed=failed), replace(table.starts, hit=dealt))
    return roll(spoiled, expert, least)


def _shuffled(flags: NDArray[np.bool_], groups: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.bool_]:
    dealt = flags.copy()
    for group in np.unique(groups):
        among = np.flatnonzero(groups == group)
        dealt[among] = flags[generator.permutation(among)]
    return dealt


def leave_domains_out(table: Table, expert: Expert, chosen: dict[int, Candidate]) -> Run:
    """Every domain is forecast by a fit that saw none of it."""
    domains = np.array([case.domain for case in table.cases])
    found = []
    for year, past, due in origins(table):
        for domain in np.unique(domains[due.case]):
            among = due.where(domains[due.case] == domain)
            others = past.periods.where(domains[past.periods.case] != domain)
            base = np.full(len(among.year), base_rate(replace(past, periods=others)))
            p = forecast(fit(others, expert, chosen[year], past.until), among)
            found.append((among, {ENGINE: p, "base_rate": base}))
    return joined(table, found)


def other_vendors(table: Table, expert: Expert, candidate: Candidate) -> Run:
    """One fit judged at every 1 January, as the shipped one is, on vendors that it has not seen: ten folds."""
    vendors = np.array([case.vendor for case in table.cases])
    names = np.random.default_rng(SEED).permutation(np.unique(vendors))
    everything, due = table.known(), table.starts.where(table.starts.settled)
    found = []
    for fold in np.array_split(names, FOLDS):
        out = np.isin(vendors, fold)
        past = replace(
            everything,
            periods=everything.periods.where(~out[everything.periods.case]),
            starts=everything.starts.where(~out[everything.starts.case]),
        )
        among = due.where(out[due.case])
        p = forecast(fit(past.periods, expert, candidate, past.until), among)
        found.append((among, {ENGINE: p, **baselines(past, among, expert, candidate)}))
    return joined(table, found)
