"""What followed what in the reference class: rates after an event beside those from any 1 January, notice, reversal.

The unit of chance is the vendor. Every figure counts a vendor's decision once, however many of its products it hit.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import quantiles

import numpy as np

from scoring.engine.metrics import share_interval
from scoring.engine.months import add_months
from scoring.engine.survival import LEVEL, SEED
from scoring.pastcases import PastCase

MONTHS = (12, 24, 36)
DRAWS = 2000
QUIET_DAYS = 365  # a vendor gives at most one unit in a year: agreed and completed purchases are one
FEW = 20  # units: below, a rate says next to nothing


@dataclass(frozen=True, slots=True)
class Share:
    """``k`` of ``n`` with Wilson's interval; None of an empty one."""

    k: int
    n: int

    @property
    def rate(self) -> float | None:
        return self.k / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return share_interval(self.k, self.n) if self.n else None


@dataclass(frozen=True, slots=True)
class Unit:
    """A vendor on a day of something, and its commitments that stood then."""

    vendor: str
    on: date
    at_risk: tuple[PastCase, ...]

    def outcome(self, months: int) -> bool | None:
        """Did any of them end within so many months? None where they were not all followed that long."""
        until = add_months(self.on, months)
        if any(case.followed_to.day < until for case in self.at_risk):
            return None
        return any(case.failed and case.ended.day <= until for case in self.at_risk)


@dataclass(frozen=True, slots=True)
class Within:
    """One horizon: the share after the event, from any 1 January, and their ratio with a vendor-bootstrap interval."""

    months: int
    after: Share
    baseline: Share
    ratio: float | None
    ratio_interval: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Trigger:
    code: str
    label: str
    caveat: str


@dataclass(frozen=True, slots=True)
class BaseRates:
    trigger: Trigger
    vendors: int
    within: tuple[Within, ...]

    @property
    def is_thin(self) -> bool:
        return self.within[0].after.n < FEW


TRIGGERS = (
    Trigger("ipo", "Vendor listed on a stock market", "Looked for in every case. Listings are dated by the exchange."),
    Trigger("acquisition", "Vendor bought or merged", "Looked for in every case. Purchases within a year count once."),
    Trigger(
        "competitor_move", "Competing cloud service launched", "Looked for in part of the cases; most are databases."
    ),
    Trigger(
        "license_tightening",
        "Vendor's own earlier tightening",
        "Beside the commitment, not of it. Git shows some; others were recalled, more readily where an end followed.",
    ),
    Trigger(
        "earlier_end",
        "Another commitment of the vendor ended",
        "Only vendors with several commitments in the class, which are there because they are known for ends.",
    ),
)


def base_rates(cases: Sequence[PastCase]) -> tuple[BaseRates, ...]:
    """For each trigger. ``cases``: the class or a part of it; the baseline is of the same part."""
    yearly = new_years(cases)
    return tuple(_rates(trigger, triggered(cases, trigger.code), yearly) for trigger in TRIGGERS)


def triggered(cases: Sequence[PastCase], code: str) -> list[Unit]:
    """One unit for each vendor and day of the event, none within a year of the last."""
    days = _earlier_ends(cases) if code == "earlier_end" else _signalled(cases, code)
    return list(_quiet(_units(cases, days)))


def _signalled(cases: Iterable[PastCase], kind: str) -> set[tuple[str, date]]:
    return {
        (case.vendor, signal.occurred.day)
        for case in cases
        for signal in case.signals
        if signal.kind == kind and signal.direction != "strengthens"
    }


def _earlier_ends(cases: Iterable[PastCase]) -> set[tuple[str, date]]:
    return {(case.vendor, case.ended.day) for case in cases if case.failed}


def new_years(cases: Sequence[PastCase]) -> list[Unit]:
    """Every vendor on every 1 January on which it had a commitment standing."""
    days = {
        (case.vendor, date(year, 1, 1))
        for case in cases
        for year in range(case.started.day.year, case.ended.day.year + 1)
    }
    return _units(cases, days)


def _units(cases: Sequence[PastCase], days: Iterable[tuple[str, date]]) -> list[Unit]:
    by_vendor = {name: list(rows) for name, rows in groupby(sorted(cases, key=_vendor), key=_vendor)}
    found = (
        Unit(vendor, day, tuple(case for case in by_vendor[vendor] if case.started.day <= day < case.ended.day))
        for vendor, day in sorted(days)
    )
    return [unit for unit in found if unit.at_risk]


def _vendor(case: PastCase) -> str:
    return case.vendor


def _quiet(units: Iterable[Unit]) -> Iterator[Unit]:
    last: Unit | None = None
    for unit in units:
        if last is None or unit.vendor != last.vendor or (unit.on - last.on).days > QUIET_DAYS:
            last = unit
            yield unit


def _rates(trigger: Trigger, after: Sequence[Unit], baseline: Sequence[Unit]) -> BaseRates:
    return BaseRates(
        trigger, len({unit.vendor for unit in after}), tuple(_within(months, after, baseline) for months in MONTHS)
    )


def _within(months: int, after: Sequence[Unit], baseline: Sequence[Unit]) -> Within:
    arms = [_tally(units, months) for units in (after, baseline)]
    shares = [Share(sum(k for k, _ in arm.values()), sum(n for _, n in arm.values())) for arm in arms]
    rates = [share.rate for share in shares]
    ratio = rates[0] / rates[1] if rates[0] is not None and rates[1] else None
    return Within(months, shares[0], shares[1], ratio, _ratio_interval(*arms) if shares[0].k else None)


def _tally(units: Iterable[Unit], months: int) -> dict[str, tuple[int, int]]:
    """Ends and units of each vendor."""
    tally: dict[str, tuple[int, int]] = {}
    for unit in units:
        outcome = unit.outcome(months)
        if outcome is not None:
            k, n = tally.get(unit.vendor, (0, 0))
            tally[unit.vendor] = k + outcome, n + 1
    return tally


def _ratio_interval(after: dict[str, tuple[int, int]], baseline: dict[str, tuple[int, int]]) -> tuple[float, float]:
    """Whole vendors drawn with replacement, both arms from one draw; draws without a ratio are left out."""
    vendors = sorted({*after, *baseline})
    counts = np.array([[*after.get(name, (0, 0)), *baseline.get(name, (0, 0))] for name in vendors], dtype=float)
    weights = np.random.default_rng(SEED).multinomial(len(vendors), [1 / len(vendors)] * len(vendors), size=DRAWS)
    k, n, base_k, base_n = np.einsum("dv,vc->cd", weights.astype(float), counts)
    is_known = (n > 0) & (base_k > 0)
    ratios = k[is_known] / n[is_known] * base_n[is_known] / base_k[is_known]
    low, high = np.quantile(ratios, [0.5 - LEVEL / 2, 0.5 + LEVEL / 2])
    return float(low), float(high)


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some numbers: how many, and their quartiles; None where there are none."""

    n: int
    lower: float | None
    median: float | None
    upper: float | None


def spread(values: Sequence[float]) -> Spread:
    if not values:
        return Spread(0, None, None, None)
    lower, middle, upper = quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3
    return Spread(len(values), lower, middle, upper)


@dataclass(frozen=True, slots=True)
class Ending:
    """How commitments ended in one way, a vendor's decisions of one day counted once. ``kind`` is blank for all."""

    kind: str
    commitments: int
    decisions: int
    notice: Spread  # days
    without_notice: Share
    inexact: int  # notices of which a date is known to the month or year only
    reversed: Share
    reversal: Spread  # months from effect


def endings(cases: Sequence[PastCase]) -> tuple[Ending, ...]:
    """All ends, then by kind, the most frequent first."""
    ended = [case for case in cases if case.failed]
    kinds = sorted({case.event for case in ended})
    by_kind = [_ending(kind, [case for case in ended if case.event == kind]) for kind in kinds]
    return (_ending("", ended), *sorted(by_kind, key=lambda each: -each.decisions))


def _ending(kind: str, chosen: Sequence[PastCase]) -> Ending:
    decisions = _decisions(chosen)
    notices = [(case.notice_days, case.notice_is_exact) for case in decisions if case.notice_days is not None]
    months = [case.months_to_reversal for case in decisions if case.months_to_reversal is not None]
    return Ending(
        kind=kind,
        commitments=len(chosen),
        decisions=len(decisions),
        notice=spread([days for days, _ in notices]),
        without_notice=Share(sum(days <= 0 for days, _ in notices), len(notices)),
        inexact=sum(not exact for _, exact in notices),
        reversed=Share(sum(case.reversal is not None for case in decisions), len(decisions)),
        reversal=spread(months),
    )


def _decisions(cases: Iterable[PastCase]) -> list[PastCase]:
    """The first commitment of each vendor, day and kind; one that was reversed stands for the others."""
    first: dict[tuple[str, date, str], PastCase] = {}
    for case in sorted(cases, key=lambda case: (case.reversal is None, case.slug)):
        first.setdefault((case.vendor, case.ended.day, case.event), case)
    return list(first.values())
