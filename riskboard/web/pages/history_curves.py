"""Survival curves by a state of the commitments: what the chart draws is what the table says."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scoring.engine.survival import Curve, Difference, Lasted, Step, kaplan_meier, log_rank
from scoring.pastcases import PastCase
from scoring.pastwords import DOMAINS, FUNDING, GOVERNANCE

YEARS = (2, 5, 10, 15)
FEWEST_VENDORS = 5  # a curve ends where fewer were still followed
MOST_DRAWN = 5
LABELS = {"governance": GOVERNANCE, "funding": FUNDING, "domain": DOMAINS}


@dataclass(frozen=True, slots=True)
class Standing:
    """The share that still stood after ``years``. ``step`` is None before any end: all stood."""

    years: int
    is_known: bool
    step: Step | None


@dataclass(frozen=True, slots=True)
class GroupCurve:
    code: str
    label: str
    curve: Curve
    is_drawn: bool

    @property
    def until(self) -> float:
        return self.curve.reliable_to(FEWEST_VENDORS)

    @property
    def median(self) -> float | None:
        """None where the curve does not reach a half while enough vendors are followed."""
        middle = self.curve.median
        return middle if middle is not None and middle <= self.until else None

    @property
    def standing(self) -> tuple[Standing, ...]:
        return tuple(Standing(years, years <= self.until, self.curve.at(years)) for years in YEARS)


@dataclass(frozen=True, slots=True)
class Curves:
    by: str
    groups: tuple[GroupCurve, ...]
    difference: Difference | None
    vendors: int

    @property
    def years(self) -> tuple[int, ...]:
        return YEARS

    @property
    def drawn(self) -> list[GroupCurve]:
        return [group for group in self.groups if group.is_drawn]

    @property
    def for_chart(self) -> list[dict[str, object]]:
        return [{"name": group.label, "until": round(group.until, 2), "steps": _points(group)} for group in self.drawn]


def curves_of(cases: Sequence[PastCase], by: str) -> Curves:
    """The largest groups first; the most frequent of those with enough vendors are drawn."""
    members: dict[str, list[Lasted]] = {}
    for case in cases:
        members.setdefault(getattr(case, by), []).append(_lasted(case))
    ordered = sorted(members.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    groups, drawn = [], 0
    for code, units in ordered:
        curve = kaplan_meier(units)
        is_drawn = curve.clusters >= FEWEST_VENDORS and drawn < MOST_DRAWN
        drawn += is_drawn
        groups.append(GroupCurve(code, LABELS[by].get(code, "unknown"), curve, is_drawn))
    vendors = len({case.vendor for case in cases})
    return Curves(by, tuple(groups), log_rank([units for _, units in ordered]), vendors)


def single_vendor_curve(cases: Iterable[PastCase]) -> Curve:
    return kaplan_meier([_lasted(case) for case in cases if case.governance == "single_vendor"])


def _lasted(case: PastCase) -> Lasted:
    return Lasted(case.years, case.failed, case.vendor)


def _points(group: GroupCurve) -> list[list[float | None]]:
    """[years, share, low, high] in per cent, from all at the start to where the curve ends."""
    steps = [step for step in group.curve.steps if step.time <= group.until]
    inner = [[round(step.time, 3), *map(_percent, (step.share, step.low, step.high))] for step in steps]
    points: list[list[float | None]] = [[0.0, 100.0, None, None], *inner]
    return [*points, [round(group.until, 3), *points[-1][1:]]]


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 1)
