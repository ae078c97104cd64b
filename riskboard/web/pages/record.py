"""The reference class, reconstructed: how forecasts of the rolling origin compare with what came."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from django.urls import reverse

from riskboard.web.forms_record import RecordForm, narrowed
from scoring.engine.backtest import ENGINE, Comparison
from scoring.engine.metrics import Metrics, auc, brier, equal_parts, judge, log_losses, share_interval
from scoring.record import BASE, METHODS, STATES, Head, Rows, comparisons, figures, load_record

LEAST_VENDORS = 10  # fewer are too few to be drawn from
FEW_HITS = 10
LABELS = {
    STATES: "engine, states alone",
    ENGINE: "engine, states and signals",
    BASE: "base rate",
    "governance_km": "Kaplan-Meier by governance",
    "license_only": "license only (Kaplan-Meier)",
    "era_only": "trend only",
    "weighted_sum": "weighted sum, calibrated",
    "weighted_sum_era": "weighted sum with the trend",
    "expert_points": "expert points, base refitted",
    "unpenalized": "unpenalized",
}
PROBES = {
    "state_only": ("States alone", "stands first: the number of signals alone orders better than .60"),
    "count_only": ("The number of recorded signals, nothing else", "failures were researched harder"),
    "permuted_0": ("Outcomes dealt out anew among those at risk", "no skill over the trend is left in the features"),
    "permuted_1": ("The same, second deal", ""),
    "permuted_2": ("The same, third deal", ""),
    "all_severities_3": ("Every severity set to 3", "hindsight in the grades hardly matters"),
    "blind_signals_only": ("Only signals looked for blind to the outcome", "soft, recalled news carries little"),
    "signals_within_30_days_dropped": ("Signals of the last 30 days dropped", "few fall before a 1 January"),
    "undated_states_unknown": ("States without a date unknown", "lost information or a leak: these data cannot say"),
    "domains_left_out": ("Each domain forecast by a fit without it", "weights carry over between domains"),
    "ai_models_left_out": ("Model weights by a fit without them", "far too few to say"),
    "vendors_left_out": ("The shipped protocol, vendors left out in tenths", "knows the trend of all years"),
    "vendors_left_out_single": ("The same, single vendors", "knows the trend of all years"),
}


@dataclass(frozen=True, slots=True)
class MethodRow:
    name: str
    label: str
    metrics: Metrics
    against_states: Comparison | None
    against_engine: Comparison | None


@dataclass(frozen=True, slots=True)
class BinRow:
    """Forecasts of like height. The interval is of 90 % and takes them for independent, which they are not."""

    number: int
    n: int
    hits: int
    least: float
    most: float
    forecast: float
    observed: float
    low: float
    high: float
    url: str


@dataclass(frozen=True, slots=True)
class YearRow:
    year: int
    n: int
    hits: int
    expected: float
    auc: float | None
    losses: tuple[tuple[float, float], ...]  # log loss and Brier score, in the order of METHODS


@dataclass(frozen=True, slots=True)
class DomainRow:
    name: str
    query: str
    states: Metrics
    engine: Metrics
    base_loss: float | None

    @property
    def is_thin(self) -> bool:
        return self.states.events < FEW_HITS


@dataclass(frozen=True, slots=True)
class ProbeRow:
    label: str
    says: str
    n: int
    events: int
    log_loss: float
    skill: float
    auc: float


@dataclass(frozen=True, slots=True)
class RecordPart:
    head: Head
    form: RecordForm
    n: int
    hits: int
    cases: int
    recalled: int
    method: str
    methods: tuple[MethodRow, ...]
    bins: tuple[BinRow, ...]
    years: tuple[YearRow, ...]
    domains: tuple[DomainRow, ...]
    probes: tuple[ProbeRow, ...]

    @property
    def label(self) -> str:
        return LABELS[self.method]

    @property
    def made_on(self) -> date:
        return date.fromisoformat(self.head.made_on)

    @property
    def last(self) -> YearRow:
        return self.years[-1]

    @property
    def has_intervals(self) -> bool:
        return self.methods[0].against_engine is not None

    @property
    def least_vendors(self) -> int:
        return LEAST_VENDORS

    @property
    def method_labels(self) -> list[str]:
        return [LABELS[name] for name in METHODS]

    @property
    def reliability_chart(self) -> dict[str, object]:
        """What the canvas draws, and the table says."""
        keys = ("number", "n", "hits", "forecast", "observed", "low", "high", "url")
        return {"label": self.label, "bins": [{key: getattr(part, key) for key in keys} for part in self.bins]}

    @property
    def years_chart(self) -> dict[str, object]:
        series = [
            {
                "name": name,
                "label": LABELS[name],
                "logLoss": [round(row.losses[at][0], 4) for row in self.years],
                "brier": [round(row.losses[at][1], 4) for row in self.years],
            }
            for at, name in enumerate(METHODS)
        ]
        return {"years": [row.year for row in self.years], "first": self.method, "series": series}


def record_part(form: RecordForm) -> RecordPart:
    rows, method = form.chosen_rows(), form.method
    chosen = {name: form.cleaned_data[name] for name in ("recalled", "governance", "domain")}
    return RecordPart(
        head=load_record().head,
        form=form,
        n=len(rows),
        hits=int(rows.hit.sum()),
        cases=len(set(rows.case)),
        recalled=int(rows.recalled.sum()),
        method=method,
        methods=_methods(**chosen),
        bins=tuple(bin_rows(rows, method, form)),
        years=tuple(_years(rows, method)),
        domains=tuple(_domains(form)),
        probes=tuple(probe_rows(load_record().head)),
    )


@lru_cache(maxsize=64)
def _methods(recalled: str, governance: str, domain: str) -> tuple[MethodRow, ...]:
    rows = narrowed(recalled, governance, domain)
    enough = len(set(rows.vendor)) >= LEAST_VENDORS
    states, engine = (comparisons(rows, name) if enough else {} for name in (STATES, ENGINE))
    found = figures(rows)
    return tuple(MethodRow(name, LABELS[name], found[name], states.get(name), engine.get(name)) for name in METHODS)


def bin_rows(rows: Rows, method: str, form: RecordForm) -> Iterator[BinRow]:
    chance, query = rows.chances[method], form.query(page=None)
    for number, part in enumerate(equal_parts(chance), start=1):
        hits = int(rows.hit[part].sum())
        low, high = share_interval(hits, len(part))
        yield BinRow(
            number=number,
            n=len(part),
            hits=hits,
            least=float(chance[part].min()),
            most=float(chance[part].max()),
            forecast=float(chance[part].mean()),
            observed=hits / len(part),
            low=low,
            high=high,
            url=reverse("record_bin", args=[number]) + (f"?{query}" if query else ""),
        )


def _years(rows: Rows, method: str) -> Iterator[YearRow]:
    for year in np.unique(rows.year):
        part = rows.where(rows.year == year)
        yield YearRow(
            year=int(year),
            n=len(part),
            hits=int(part.hit.sum()),
            expected=float(part.chances[method].sum()),
            auc=auc(part.chances[method], part.hit),
            losses=tuple(_losses(part, name) for name in METHODS),
        )


def _losses(part: Rows, name: str) -> tuple[float, float]:
    return float(log_losses(part.chances[name], part.hit).mean()), brier(part.chances[name], part.hit)


def _domains(form: RecordForm) -> Sequence[DomainRow]:
    found = _by_domain(form.cleaned_data["recalled"], form.cleaned_data["governance"])
    made = [
        DomainRow(name, form.query(domain=name), by[STATES], by[ENGINE], by[BASE].log_loss)
        for name, by in found.items()
    ]
    return sorted(made, key=lambda row: (-row.states.events, row.name))


@lru_cache(maxsize=16)
def _by_domain(recalled: str, governance: str) -> Mapping[str, Mapping[str, Metrics]]:
    rows = narrowed(recalled, governance)
    parts = {str(name): rows.where(rows.domain == name) for name in sorted(set(rows.domain))}
    return {name: {each: _judged(part, each) for each in (STATES, ENGINE, BASE)} for name, part in parts.items()}


def _judged(part: Rows, name: str) -> Metrics:
    return judge(part.chances[name], part.hit, part.days, part.chances[BASE])


def probe_rows(head: Head) -> Iterator[ProbeRow]:
    for name, (label, says) in PROBES.items():
        probe = head.probes[name]
        yield ProbeRow(label, says, probe.n, probe.events, probe.log_loss, probe.bss, probe.auc24)
