"""What was asked of the back-test before it ran, and which of it came true (docs/backtest.md, section 2)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from riskboard.web.forms_record import narrowed
from riskboard.web.pages.record import LABELS
from riskboard.web.templatetags.board import decimal, difference
from scoring.engine.backtest import ENGINE, Comparison
from scoring.engine.metrics import Metrics
from scoring.record import STATES, Head, Rows, comparisons, figures

MET, OPEN, MISSED = "met", "not established", "missed"
AUC, SKILL, ECE, INTERCEPT = 0.80, 0.10, 0.04, 0.3
LEAST_SLOPE, MOST_SLOPE = 0.8, 1.25
LEAK_AUC, COUNT_AUC = 0.85, 0.60


@dataclass(frozen=True, slots=True)
class Verdict:
    value: str
    verdict: str

    @property
    def tone(self) -> str:
        return {MET: "strong", OPEN: "watch", MISSED: "weak"}[self.verdict]


@dataclass(frozen=True, slots=True)
class Criterion:
    """Verdicts: the class from states alone and with signals, then single vendors likewise."""

    name: str
    short: str
    aim: str
    verdicts: tuple[Verdict, ...]

    @property
    def told(self) -> str:
        """How it stands, from states alone first."""
        states, both, single_states, single_both = (f"{each.value} ({each.verdict})" for each in self.verdicts)
        return (
            f"{states}; with signals: {both}; "
            f"single vendors, states alone: {single_states}; with signals: {single_both}"
        )

    @property
    def all_met(self) -> bool:
        return all(each.verdict == MET for each in self.verdicts)


@dataclass(frozen=True, slots=True)
class Alarm:
    name: str
    found: str
    rings: bool


Numbers = list[tuple[str, str, str, Callable[[Metrics], float | None], Callable[[float], bool]]]
NUMBERS: Numbers = [
    ("Order (AUC within 24 months)", "order", "at least .80", lambda m: m.auc24, lambda v: v >= AUC),
    ("Brier skill over the base rate", "skill", "at least .10", lambda m: m.bss, lambda v: v >= SKILL),
    ("Calibration error", "calibration error", "at most .04", lambda m: m.ece, lambda v: v <= ECE),
    ("Calibration slope", "slope", ".8 to 1.25", lambda m: m.slope, lambda v: LEAST_SLOPE <= v <= MOST_SLOPE),
    ("Calibration intercept", "intercept", "−.3 to .3", lambda m: m.intercept, lambda v: abs(v) <= INTERCEPT),
]


@lru_cache(maxsize=1)
def criteria() -> tuple[Criterion, ...]:
    """Of all stored forecasts, whatever a page has filtered."""
    parts = [narrowed(), narrowed(governance="single_vendor")]
    judged = [found[name] for found in (_whole_class(), figures(parts[1])) for name in (STATES, ENGINE)]
    numbers = (
        Criterion(name, short, aim, tuple(_number(read(m), holds) for m in judged))
        for name, short, aim, read, holds in NUMBERS
    )
    losses = tuple(_loss(part, name) for part in parts for name in (STATES, ENGINE))
    return (*numbers, Criterion("Log loss", "log loss", "better than every baseline", losses))


@lru_cache(maxsize=1)
def _whole_class() -> dict[str, Metrics]:
    return figures(narrowed())


def _number(value: float | None, holds: Callable[[float], bool]) -> Verdict:
    if value is None:
        return Verdict("none", OPEN)
    return Verdict(decimal(value, 3), MET if holds(value) else MISSED)


def _loss(rows: Rows, method: str) -> Verdict:
    found = comparisons(rows, method)
    name, closest = min(_baselines(found), key=lambda pair: pair[1].difference)
    said = f"{LABELS[name]}: {difference(closest.difference, 4)}"
    if closest.difference <= 0:
        return Verdict(said, MISSED)
    return Verdict(said, MET if all(one.low > 0 for _, one in _baselines(found)) else OPEN)


def _baselines(found: Mapping[str, Comparison]) -> Iterator[tuple[str, Comparison]]:
    return ((name, one) for name, one in found.items() if name not in {STATES, ENGINE})


def alarms(head: Head) -> tuple[Alarm, ...]:
    whole = _whole_class()
    highest = max(whole[name].auc24 or 0.0 for name in (STATES, ENGINE))
    count, cut = head.probes["count_only"].auc24, head.truncation
    deals = [probe for name, probe in head.probes.items() if name.startswith("permuted_")]
    trend = whole["era_only"].bss or 0.0
    best = max(probe.bss for probe in deals)
    return (
        Alarm("An order too good to be true (AUC above .85)", f"highest {decimal(highest, 3)}", highest > LEAK_AUC),
        Alarm("The number of signals alone orders (AUC above .60)", decimal(count, 3), count > COUNT_AUC),
        Alarm(
            "Records cut at each origin give other forecasts",
            f"{cut.forecasts} forecasts recomputed, largest difference {cut.difference:.1g}",
            cut.difference > 1e-9,
        ),
        Alarm(
            "Permuted outcomes leave skill over the trend",
            f"best of {len(deals)} deals {decimal(best, 3)}, the trend {decimal(trend, 3)}",
            best > trend,
        ),
    )
