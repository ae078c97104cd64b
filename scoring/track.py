"""The live record as pages show it: what this board forecast before it knew, and how that came out."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db.models import Prefetch

from scoring.engine.backtest import paired
from scoring.engine.evidence import Floats
from scoring.engine.linetest import LEAST_AUC, LEVEL
from scoring.engine.metrics import Hits, auc
from scoring.models import Prediction, Resolution

RESOLVED_NEEDED, FAILURES_NEEDED, ROUNDS_NEEDED = 100, 20, 4  # for percentages and grades

Outcome = Resolution.Outcome


@dataclass(frozen=True, slots=True)
class LiveForecast:
    """A forecast and all that was said of how it came out, oldest first; the last holds."""

    prediction: Prediction
    resolutions: tuple[Resolution, ...]

    @property
    def resolution(self) -> Resolution | None:
        """What holds; None while the forecast is open."""
        last = self.resolutions[-1] if self.resolutions else None
        return None if last is None or last.is_open else last

    @property
    def is_open(self) -> bool:
        return self.resolution is None

    @property
    def is_void(self) -> bool:
        return self.resolution is not None and self.resolution.outcome == Outcome.VOID

    @property
    def came_out(self) -> bool:
        return not self.is_open and not self.is_void

    def counts_on(self, today: date) -> bool:
        """It came out, and so could every other of its day: who counts sooner counts the failures first."""
        return self.came_out and today >= self.prediction.settles_on

    @property
    def has_failed(self) -> bool:
        return self.resolution is not None and self.resolution.outcome == Outcome.FAILED


@dataclass(frozen=True, slots=True)
class Round:
    """The forecasts of one quarter."""

    name: str
    made_on: date
    due_on: date
    settles_on: date
    forecasts: tuple[LiveForecast, ...]

    @property
    def open(self) -> int:
        return sum(each.is_open for each in self.forecasts)

    @property
    def failures(self) -> int:
        return sum(each.has_failed for each in self.forecasts)

    @property
    def resolved(self) -> int:
        return sum(each.came_out for each in self.forecasts)


@dataclass(frozen=True, slots=True)
class MethodRecord:
    """How well one way of forecasting did, over the forecasts that came out. None: none has yet."""

    name: str  # engine, comparator, usual
    log_score: float | None  # mean of ln(chance given to what came): never above 0, higher is better
    brier: float | None
    expected: float  # failures
    ratio: float | None  # observed / expected


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that percentages and grades take. ``value`` None: it cannot be said yet."""

    name: str
    value: float | None
    is_met: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How the live record stands. No next version counts as no failure; void forecasts count nowhere else.

    What came out before every forecast of its day could have is ``early`` and counts in nothing until then.
    """

    made: int
    open: int
    early: int
    resolved: int
    failures: int
    no_next_version: int
    void: int
    first_made_on: date | None
    next_due: date | None  # of those that are open
    next_settles: date | None
    methods: tuple[MethodRecord, ...]
    gate: tuple[Check, ...]

    @property
    def precision(self) -> str:
        """The level that the live record permits; without it, the retrospective gate decides."""
        return "grades" if all(check.is_met for check in self.gate) else "bands"

    @property
    def engine_over_comparator(self) -> float | None:
        """Mean log score of the engine less that of the comparator: the figure that decides."""
        engine, comparator, _ = self.methods
        if engine.log_score is None or comparator.log_score is None:
            return None
        return engine.log_score - comparator.log_score


METHODS: dict[str, Callable[[Prediction], float]] = {
    "engine": lambda prediction: prediction.engine,
    "comparator": lambda prediction: prediction.comparator,
    "usual": lambda prediction: prediction.usual,
}


def live_forecasts(round: str = "") -> tuple[LiveForecast, ...]:  # noqa: A002 -- as the field is called
    """Of one round, or of all, newest round first, then by line. Two queries."""
    said = Resolution.objects.order_by("pk").select_related("ruled_by")
    made = Prediction.objects.of_round(round) if round else Prediction.objects.all()
    found = (
        made.select_related("line__vendor")
        .order_by("-round", "line__slug")
        .prefetch_related(Prefetch("resolutions", queryset=said))
    )
    return tuple(LiveForecast(each, tuple(each.resolutions.all())) for each in found)


def rounds(forecasts: Iterable[LiveForecast] | None = None) -> tuple[Round, ...]:
    """Newest first."""
    grouped: dict[str, list[LiveForecast]] = {}
    for each in live_forecasts() if forecasts is None else forecasts:
        grouped.setdefault(each.prediction.round, []).append(each)
    return tuple(_round(name, grouped[name]) for name in sorted(grouped, reverse=True))


def _round(name: str, members: Sequence[LiveForecast]) -> Round:
    first = members[0].prediction
    return Round(name, first.made_on, first.due_on, first.settles_on, tuple(members))


def standing(forecasts: Iterable[LiveForecast] | None = None, *, today: date) -> Standing:
    made = live_forecasts() if forecasts is None else tuple(forecasts)
    waiting = [each.prediction for each in made if each.is_open]
    judged = [each for each in made if each.counts_on(today)]
    failures = sum(each.has_failed for each in judged)
    return Standing(
        made=len(made),
        open=len(waiting),
        early=sum(each.came_out for each in made) - len(judged),
        resolved=len(judged),
        failures=failures,
        no_next_version=sum(each.resolutions[-1].outcome == Outcome.NO_NEXT_VERSION for each in judged),
        void=sum(each.is_void for each in made),
        first_made_on=min((each.prediction.made_on for each in made), default=None),
        next_due=min((each.due_on for each in waiting), default=None),
        next_settles=min((each.settles_on for each in waiting), default=None),
        methods=tuple(_record(name, chance, judged) for name, chance in METHODS.items()),
        gate=gate(judged),
    )


def gate(judged: Sequence[LiveForecast]) -> tuple[Check, ...]:
    """What percentages and grades take, asked of the forecasts that the pages went by (docs/prereg.md, section 8)."""
    chances = np.array([each.prediction.in_force for each in judged])
    hit = np.array([each.has_failed for each in judged], dtype=np.bool_)
    quarters = len({each.prediction.round for each in judged})
    ratio = float(hit.sum() / chances.sum()) if judged else None
    order, skill = auc(chances, hit), _least_skill(judged, chances, hit)
    return (
        Check("resolved", len(judged), len(judged) >= RESOLVED_NEEDED),
        Check("failures", int(hit.sum()), int(hit.sum()) >= FAILURES_NEEDED),
        Check("rounds", quarters, quarters >= ROUNDS_NEEDED),
        Check("observed / expected", ratio, ratio is not None and LEVEL[0] <= ratio <= LEVEL[1]),
        Check("log score over usual, at least", skill, skill is not None and skill > 0),
        Check("AUC", order, order is not None and order >= LEAST_AUC),
    )


def _least_skill(judged: Sequence[LiveForecast], chances: Floats, hit: Hits) -> float | None:
    """Lower end of the 90 % interval of the mean log score less that of the usual rate; vendors are drawn whole."""
    if not judged:
        return None
    vendors = np.array([each.prediction.line.vendor_id for each in judged])
    usual = np.array([each.prediction.usual for each in judged])
    return paired({"said": chances, "usual": usual}, hit, vendors, "said")["usual"].low


def _record(name: str, chance: Callable[[Prediction], float], judged: Sequence[LiveForecast]) -> MethodRecord:
    pairs = [(chance(each.prediction), each.has_failed) for each in judged]
    expected = math.fsum(p for p, _ in pairs)
    return MethodRecord(
        name=name,
        log_score=_mean([math.log(p if hit else 1 - p) for p, hit in pairs]),
        brier=_mean([(p - hit) ** 2 for p, hit in pairs]),
        expected=expected,
        ratio=sum(hit for _, hit in pairs) / expected if pairs else None,
    )


def _mean(values: Sequence[float]) -> float | None:
    return math.fsum(values) / len(values) if values else None
