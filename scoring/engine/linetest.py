"""Forecasts of lines judged on the past (docs/prereg.md, section 5): rolling origin, the judged vendor left out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.engine.assess import assess
from scoring.engine.comparator import (
    ABOVE,
    BANDS,
    BELOW,
    USUAL,
    Record,
    columns,
    failures,
    fit_comparator,
    fit_logistic,
    logit,
    predict,
)
from scoring.engine.evidence import Floats
from scoring.engine.facts import Dossier
from scoring.engine.linecases import FIRST_ORIGIN, MONTHS, LineCase, half_years, line_cases
from scoring.engine.metrics import Hits, auc, brier, ranks
from scoring.engine.rubric import Rubric

CLIP = 0.02
LEAST_AUC, LEVEL = 0.60, (0.75, 1.33)  # of the gates on lines, retrospective and live
DRAWS = 2000
SEED = 20261124
LOW, HIGH = 0.05, 0.95
METHODS = ("comparator", "engine", "engine_with_level", "single_bit", "usual")


@dataclass(frozen=True, slots=True)
class Judged:
    """Forecasts that came due, by method, one entry per case; ``usual`` is the usual rate of the day."""

    cases: tuple[LineCase, ...]
    forecasts: dict[str, Floats]

    @property
    def hit(self) -> Hits:
        return failures(self.cases)

    @property
    def vendors(self) -> NDArray[np.str_]:
        return np.array([case.standing.vendor for case in self.cases], dtype=np.str_)

    def where(self, keep: NDArray[np.bool_]) -> "Judged":
        cases = tuple(case for case, kept in zip(self.cases, keep, strict=True) if kept)
        return Judged(cases, {name: p[keep] for name, p in self.forecasts.items()})


@dataclass(frozen=True, slots=True)
class LineFigures:
    """None where a figure does not exist. ``log_score``: mean of the natural logarithm, higher is better."""

    n: int
    failures: int
    log_score: float
    brier: float
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    auc_within_thirds: float | None  # by the number of recorded events
    auc_within_origins: float | None
    observed_expected: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two mean log scores, with the 90 % interval over draws of whole vendors."""

    difference: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def judge_lines(
    dossiers: Mapping[str, Dossier],
    rubric: Rubric,
    known_through: date,
    *,
    inputs: Mapping[str, Dossier] | None = None,
    weighed: Mapping[str, Dossier] | None = None,
) -> Judged:
    """Every line at risk at every origin. ``inputs``: what forecasts may look at, where that is not ``dossiers``;
    ``weighed``: what the score looks at, where that is another thing still."""
    told = dossiers if inputs is None else inputs
    score = _scorer(told if weighed is None else weighed, rubric)
    parts = [
        _at(origin, dossiers, rubric, known_through, told, score) for origin in half_years(known_through, FIRST_ORIGIN)
    ]
    cases = tuple(case for part in parts for case in part.cases)
    return Judged(cases, {name: np.concatenate([part.forecasts[name] for part in parts]) for name in METHODS})


Scorer = Callable[[Sequence[LineCase]], Floats]


def _scorer(dossiers: Mapping[str, Dossier], rubric: Rubric) -> Scorer:
    """Log odds of the score's own 12-month probability."""
    known: dict[tuple[str, date], float] = {}

    def one(line: str, origin: date) -> float:
        if (line, origin) not in known:
            known[line, origin] = assess(dossiers[line], rubric, origin).forecast(MONTHS).total
        return known[line, origin]

    return lambda cases: logit(np.array([one(case.standing.line, case.standing.origin) for case in cases]))


def _at(
    origin: date,
    dossiers: Mapping[str, Dossier],
    rubric: Rubric,
    known_through: date,
    inputs: Mapping[str, Dossier],
    score: Scorer,
) -> Judged:
    cases = line_cases(dossiers, rubric, (origin,), known_through, inputs)
    past = line_cases(dossiers, rubric, half_years(origin), origin, inputs)
    forecasts = {name: np.empty(len(cases)) for name in METHODS}
    for vendor in {case.standing.vendor for case in cases}:
        here = [place for place, case in enumerate(cases) if case.standing.vendor == vendor]
        others = [case for case in past if case.standing.vendor != vendor]
        for name, p in _forecasts(others, [cases[place] for place in here], score).items():
            forecasts[name][here] = p
    return Judged(cases, forecasts)


def _forecasts(past: Sequence[LineCase], due: Sequence[LineCase], score: Scorer) -> dict[str, Floats]:
    hit, x = failures(past), columns([case.standing for case in past])
    ahead, level = columns([case.standing for case in due]), float(logit(USUAL))
    b, usual = fit_comparator(past)
    bit = fit_logistic(x[:, :1], hit, level)
    said, says = score(past), score(due)
    middle = float((said if len(past) else says).mean())
    return {
        "comparator": predict(b, ahead),
        "engine": _shifted(said - middle, hit, says - middle, level),
        "engine_with_level": _shifted(said, hit, says, 0.0),
        "single_bit": predict(bit, ahead[:, :1]),
        "usual": np.full(len(due), usual),
    }


def _shifted(said: Floats, hit: Hits, says: Floats, center: float) -> Floats:
    """Log odds moved by one intercept fitted to the past."""
    none = np.zeros((len(said), 0))
    return predict(fit_logistic(none, hit, center, said), np.zeros((len(says), 0)), says)


# Figures ------------------------------------------------------------------------------------------


def log_scores(p: Floats, hit: Hits) -> Floats:
    chance = np.clip(p, CLIP, 1.0 - CLIP)
    scores: Floats = np.log(np.where(hit, chance, 1.0 - chance))
    return scores


def figures(judged: Judged, method: str) -> LineFigures:
    p, hit = judged.forecasts[method], judged.hit
    low, high = auc_interval(judged, method)
    return LineFigures(
        n=len(p),
        failures=int(hit.sum()),
        log_score=float(log_scores(p, hit).mean()),
        brier=brier(p, hit),
        auc=auc(p, hit),
        auc_low=low,
        auc_high=high,
        auc_within_thirds=auc_within(p, hit, thirds(judged)),
        auc_within_origins=auc_within(p, hit, origins_of(judged)),
        observed_expected=float(hit.sum() / p.sum()),
    )


def compare(judged: Judged, method: str, other: str) -> Difference:
    """Mean log score of ``method`` minus that of ``other``: above 0 it is better."""
    hit = judged.hit
    gain = log_scores(judged.forecasts[method], hit) - log_scores(judged.forecasts[other], hit)
    members, draws = _draws(judged)
    means = (draws @ (members @ gain)) / (draws @ members.sum(axis=1))
    return Difference(float(gain.mean()), *map(float, np.quantile(means, (LOW, HIGH))))


def auc_interval(judged: Judged, method: str) -> tuple[float | None, float | None]:
    """Draws without a failure, or without anything else, are left out."""
    p, hit = judged.forecasts[method], judged.hit
    members, draws = _draws(judged)
    agree = (p[hit][:, None] > p[~hit]) + 0.5 * (p[hit][:, None] == p[~hit])
    won = members[:, hit] @ agree @ members[:, ~hit].T
    pairs = members[:, hit].sum(axis=1)[:, None] * members[:, ~hit].sum(axis=1)
    total = np.einsum("dv,vw,dw->d", draws, pairs, draws)
    values = np.einsum("dv,vw,dw->d", draws, won, draws)[total > 0] / total[total > 0]
    return (float(np.quantile(values, LOW)), float(np.quantile(values, HIGH))) if len(values) else (None, None)


def _draws(judged: Judged) -> tuple[Floats, Floats]:
    """[vendors, cases]: 1 where a case is the vendor's; [draws, vendors]: how often each is drawn."""
    names, place = np.unique(judged.vendors, return_inverse=True)
    members = (place == np.arange(len(names))[:, None]).astype(np.float64)
    equal = np.full(len(names), 1.0 / len(names))
    return members, np.random.default_rng(SEED).multinomial(len(names), equal, size=DRAWS).astype(np.float64)


def thirds(judged: Judged) -> NDArray[np.intp]:
    """0, 1 or 2 by the number of recorded events."""
    events = np.array([case.standing.events for case in judged.cases], dtype=np.float64)
    third: NDArray[np.intp] = np.minimum((ranks(events) - 0.5) * 3 // len(events), 2).astype(np.intp)
    return third


def origins_of(judged: Judged) -> NDArray[np.intp]:
    return np.array([case.standing.origin.toordinal() for case in judged.cases], dtype=np.intp)


def auc_within(p: Floats, hit: Hits, group: NDArray[np.intp]) -> float | None:
    """Over pairs of one group only, all groups together."""
    pairs = agree = 0.0
    for one in np.unique(group):
        part = group == one
        weight = float(hit[part].sum()) * float((~hit[part]).sum())
        if (value := auc(p[part], hit[part])) is not None:
            pairs, agree = pairs + weight, agree + weight * value
    return agree / pairs if pairs else None


# Bands and alarms ---------------------------------------------------------------------------------


def bands_of(judged: Judged, method: str = "comparator") -> NDArray[np.str_]:
    """Against the usual rate of each day."""
    ratio = judged.forecasts[method] / judged.forecasts["usual"]
    return np.where(ratio < BELOW, "below", np.where(ratio > ABOVE, "above", "near")).astype(np.str_)


def band_records(judged: Judged, method: str = "comparator") -> dict[str, Record]:
    """So many of so many in each band failed."""
    bands, hit = bands_of(judged, method), judged.hit
    return {name: Record(int(hit[bands == name].sum()), int((bands == name).sum())) for name in BANDS}


@dataclass(frozen=True, slots=True)
class Alarms:
    """Of vendors with a line above usual at an origin: how many were false, and how many for a year at risk."""

    alarms: int
    false: int
    vendor_years: float
    per_vendor_year: float


def alarms(judged: Judged, method: str = "comparator") -> Alarms:
    warned: dict[tuple[str, date], bool] = {}
    failed: dict[tuple[str, date], bool] = {}
    for case, band in zip(judged.cases, bands_of(judged, method), strict=True):
        key = (case.standing.vendor, case.standing.origin)
        warned[key] = warned.get(key, False) or band == "above"
        failed[key] = failed.get(key, False) or case.failed
    false = sum(warned[key] and not failed[key] for key in warned)
    years = len(warned) / 2.0
    return Alarms(sum(warned.values()), false, years, false / years if years else 0.0)


def misses(judged: Judged, method: str) -> list[tuple[LineCase, float]]:
    """Failures that were forecast below the usual rate of the day."""
    p, usual = judged.forecasts[method], judged.forecasts["usual"]
    rows = zip(judged.cases, p, usual, strict=True)
    return [(case, float(chance)) for case, chance, rate in rows if case.failed and chance < rate]


def shown(judged: Judged) -> str:
    """The method whose bands are shown: the comparator, until the score is better beyond doubt."""
    return "engine" if compare(judged, "engine", "comparator").low > 0 else "comparator"


def gate(judged: Judged, method: str) -> dict[str, bool]:
    """The AI half of the retrospective gate (docs/prereg.md, section 8)."""
    found, records = figures(judged, method), band_records(judged, method)
    share = {name: r.failed / r.comparable if r.comparable else None for name, r in records.items()}
    above, below = share["above"], share["below"]
    return {
        "order": (found.auc or 0.0) >= LEAST_AUC and (found.auc_low or 0.0) > 0.50,
        "level": LEVEL[0] <= found.observed_expected <= LEVEL[1],
        "log_score": compare(judged, method, "usual").difference >= 0,
        "bands": above is not None and below is not None and above > below,
    }
