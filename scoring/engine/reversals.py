"""How often failures of the past were undone, and after how long: counts of the reference class (method section 15).

One decision that hits several products of a vendor counts once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Failure:
    """A commitment that failed: announced, in effect from ``effect``, followed until ``followed``."""

    vendor: str
    kind: str
    announced: date
    effect: date
    followed: date
    reversed: date | None

    @property
    def wait(self) -> float | None:
        """Months from effect to reversal; 0 where it was taken back before it took effect."""
        return None if self.reversed is None else months_between(self.effect, self.reversed)


@dataclass(frozen=True, slots=True)
class Reversals:
    """``quartiles``: lower, median, upper of the months to reversal among those reversed, None without any."""

    failures: int
    reversed: int
    quartiles: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Of the failures not undone after ``months`` and followed longer, how many were undone later."""

    months: float
    waiting: int
    later: int


def months_between(first: date, last: date) -> float:
    return max(0, (last - first).days) / DAYS_PER_MONTH


def known_by(failures: Iterable[Failure], as_of: date) -> list[Failure]:
    """The decisions in effect on that day, as they stood: one per vendor and day of announcement."""
    decisions: dict[tuple[str, date], Failure] = {}
    for failure in sorted(failures, key=lambda row: (row.reversed or date.max, row.effect)):
        if max(failure.announced, failure.effect) <= as_of:
            decisions.setdefault((failure.vendor, failure.announced), _as_known(failure, as_of))
    return list(decisions.values())


def _as_known(failure: Failure, as_of: date) -> Failure:
    undone = failure.reversed if failure.reversed and failure.reversed <= as_of else None
    return Failure(
        failure.vendor, failure.kind, failure.announced, failure.effect, min(failure.followed, as_of), undone
    )


def tally(failures: Sequence[Failure]) -> Reversals:
    waits = [failure.wait for failure in failures if failure.wait is not None]
    lower, median, upper = np.quantile(waits, [0.25, 0.5, 0.75]).tolist() if waits else (0.0, 0.0, 0.0)
    return Reversals(len(failures), len(waits), (lower, median, upper) if waits else None)


def waiting(failures: Sequence[Failure], months: float) -> Waiting:
    """A failure waits as long as it is followed and not undone."""
    later = sum(failure.wait is not None and failure.wait > months for failure in failures)
    still = sum(
        failure.wait is None and months_between(failure.effect, failure.followed) > months for failure in failures
    )
    return Waiting(months, later + still, later)
