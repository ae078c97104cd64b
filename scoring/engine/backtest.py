"""The back-test: forecasts at each 1 January from what was known before, judged by what came (method section 14).

*Rolling origin*: at each 1 January train on half-years that ended before it, forecast 24 months for every commitment at
risk; how freely the rate may move over the calendar is chosen by the log score of the forecasts of earlier origins that
had come due. *As shipped*: one fit judged at every 1 January.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.engine.baselines import Past, baselines
from scoring.engine.cases import Case
from scoring.engine.evidence import Floats
from scoring.engine.expert import Candidate, Expert
from scoring.engine.features import Describe, describe
from scoring.engine.fit import Posterior, chances, fit
from scoring.engine.metrics import Bin, Hits, Metrics, judge, log_losses, reliability
from scoring.engine.periods import Forecasts, Periods, calendar_years, cut, forecasts, last_day, new_year

Simpler = Callable[[Past, Forecasts, Expert, Candidate], dict[str, Floats]]

ENGINE = "engine"
LEAST_FAILURES = 5  # an origin with fewer known failures is passed over
DRAWS = 1000
SEED = 20261124
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, slots=True)
class Table:
    """Cases as rows: half-years at risk, and a row per 1 January."""

    cases: tuple[Case, ...]
    periods: Periods
    starts: Forecasts

    def known_before(self, year: int) -> Past:
        day = new_year(year)
        return Past(self.periods.before(day), self.starts.where(self.starts.year < year), day, float(year))

    def known(self) -> Past:
        """All there is."""
        last = last_day(self.cases).toordinal()
        return Past(self.periods, self.starts, last + 1, float(calendar_years(np.array(last))))


@dataclass(frozen=True, slots=True)
class Run:
    """Forecasts that came due, by method, in the order of ``due``; and the candidate chosen at each origin."""

    cases: tuple[Case, ...]
    due: Forecasts
    forecasts: dict[str, Floats]
    chosen: dict[int, Candidate]

    def where(self, keep: NDArray[np.bool_]) -> "Run":
        return Run(self.cases, self.due.where(keep), {name: p[keep] for name, p in self.forecasts.items()}, self.chosen)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Log loss of a method minus that of the engine: above 0 the engine is better. Interval of 90 %."""

    difference: float
    low: float
    high: float
    better: float  # share of draws in which the engine is better


def tabulate(cases: Sequence[Case], expert: Expert, features: Describe | None = None) -> Table:
    told = features or (lambda case, days: describe(case, days, expert))
    return Table(tuple(cases), cut(cases, told), forecasts(cases, told))


def origins(table: Table) -> Iterator[tuple[int, Past, Forecasts]]:
    """Each 1 January before which enough failures were known: its year, what was known, what is to be forecast."""
    for year in np.unique(table.starts.year[table.starts.settled]).tolist():
        past = table.known_before(year)
        if past.periods.failed.sum() >= LEAST_FAILURES:
            yield year, past, table.starts.where((table.starts.year == year) & table.starts.settled)


def roll(table: Table, expert: Expert, simpler: Simpler = baselines) -> Run:
    """Rolling origin over every 1 January before which enough failures were known."""
    found: list[tuple[Forecasts, dict[str, Floats]]] = []
    record: list[tuple[int, Floats]] = []
    chosen: dict[int, Candidate] = {}
    for year, past, due in origins(table):
        tried = [forecast(fit(past.periods, expert, c, past.until), due) for c in expert.candidates]
        best = choose(record, year)
        record.append((year, np.array([log_losses(p, due.hit).sum() for p in tried])))
        chosen[year] = expert.candidates[best]
        found.append((due, {ENGINE: tried[best], **simpler(past, due, expert, chosen[year])}))
    return joined(table, found, chosen)


def choose(record: Sequence[tuple[int, Floats]], year: int) -> int:
    """The candidate with the least log loss over origins whose 24 months had passed; the first while there is none."""
    due = [losses for origin, losses in record if origin + 2 <= year]
    return int(np.argmin(np.sum(due, axis=0))) if due else 0


def choice_at_end(table: Table, expert: Expert) -> Candidate:
    """The candidate for a fit to all there is: the best at every origin that has come due."""
    record = []
    for year, past, due in origins(table):
        tried = [forecast(fit(past.periods, expert, c, past.until), due) for c in expert.candidates]
        record.append((year, np.array([log_losses(p, due.hit).sum() for p in tried])))
    return expert.candidates[choose(record, last_day(table.cases).year + 2)]


def as_shipped(table: Table, posterior: Posterior, reference: Table, expert: Expert, candidate: Candidate) -> Run:
    """One fit as it is at every 1 January; the baselines come from the class that it was fitted on."""
    due = table.starts.where(table.starts.settled)
    if not len(due.year):
        return Run(table.cases, due, {ENGINE: np.zeros(0)}, {})
    simpler = baselines(reference.known(), due, expert, candidate)
    return Run(table.cases, due, {ENGINE: forecast(posterior, due), **simpler}, {})


def forecast(posterior: Posterior, due: Forecasts) -> Floats:
    return chances(posterior, due.x, due.year.astype(np.float64))


def joined(
    table: Table, found: Sequence[tuple[Forecasts, dict[str, Floats]]], chosen: dict[int, Candidate] | None = None
) -> Run:
    """The forecasts of all origins as one run."""
    if not found:
        return Run(table.cases, table.starts.where(np.zeros(len(table.starts.year), np.bool_)), {}, {})
    rows = [due for due, _ in found]
    due = Forecasts(*(np.concatenate([getattr(part, name) for part in rows]) for name in Forecasts.__slots__))
    names = found[0][1]
    together = {name: np.concatenate([chances_of[name] for _, chances_of in found]) for name in names}
    return Run(table.cases, due, together, chosen or {})


def judged(run: Run) -> dict[str, Metrics]:
    """Every method's figures; Brier skill is over the base rate (over the mean outcome where there is none)."""
    hit, time = run.due.hit, run.due.time
    base = run.forecasts.get("base_rate", np.full(len(hit), hit.mean() if len(hit) else 0.0))
    return {name: judge(p, hit, time, base) for name, p in run.forecasts.items()}


def compared(run: Run, draws: int = DRAWS) -> dict[str, Comparison]:
    """Paired differences in log loss to the engine; vendors are drawn with replacement, whole."""
    vendors = np.array([case.vendor for case in run.cases])[run.due.case]
    return paired(run.forecasts, run.due.hit, vendors, ENGINE, draws)


def paired(
    chances_of: Mapping[str, Floats], hit: Hits, vendors: NDArray[Any], against: str, draws: int = DRAWS
) -> dict[str, Comparison]:
    """``compared`` on bare columns: log loss of every other method minus that of ``against``."""
    if not len(hit):
        return {}
    _, place = np.unique(vendors, return_inverse=True)
    count = int(place.max()) + 1
    generator = np.random.default_rng(SEED)
    drawn = generator.multinomial(count, np.full(count, 1.0 / count), size=draws).astype(np.float64)
    sizes = drawn @ np.bincount(place, minlength=count)
    loss = {name: log_losses(p, hit) for name, p in chances_of.items()}
    differences = {name: other - loss[against] for name, other in loss.items() if name != against}
    return {name: _compared(d, place, count, drawn, sizes) for name, d in differences.items()}


def _compared(difference: Floats, place: NDArray[np.int64], count: int, drawn: Floats, sizes: Floats) -> Comparison:
    means = drawn @ np.bincount(place, weights=difference, minlength=count) / sizes
    low, high = np.quantile(means, [LOW, HIGH])
    return Comparison(float(difference.mean()), float(low), float(high), float((means > 0).mean()))


def bins(run: Run) -> tuple[Bin, ...]:
    return reliability(run.forecasts[ENGINE], run.due.hit) if len(run.due.hit) else ()
