"""Does it come back? What the reference class says of failures like the one that a line is in."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scoring.engine.months import whole_months
from scoring.engine.reversals import Failure, Reversals, Waiting, known_by, months_between, tally, waiting
from scoring.engine.survival import Lasted, Step, kaplan_meier
from scoring.pastcases import PastCase, past_cases
from scoring.pastwords import ENDINGS

# The state of a line and the failures of the past that it is held against.
KINDS = {
    "closed": "closed_source",
    "mixed": "closed_source",
    "withdrawn": "withdrawn",
    "tightened": "relicense_restrictive",
}
MARKS = (12, 24, 36)  # months
LEAST_VENDORS = 10  # still waiting at a mark, below which no share is given
SHORTEST = 1 / 31  # months, of what was undone on the day or before it took effect


@dataclass(frozen=True, slots=True)
class KindTally:
    kind: str
    label: str
    tally: Reversals


@dataclass(frozen=True, slots=True)
class Undone:
    """The share undone within so many months (Kaplan-Meier, by vendor) with its 90 % band, each 0 to 1."""

    months: int
    share: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Reopening:
    own: KindTally
    all: Reversals
    kinds: tuple[KindTally, ...]  # most frequent first
    waiting: Waiting | None  # of all kinds, against how long the line has been like this; None where that is unknown
    undone: tuple[Undone, ...]
    as_of: date


def reopening(state: str, since: date | None, as_of: date) -> Reopening | None:
    """None for a state that is no failure of the openness of a line."""
    if state not in KINDS:
        return None
    known = known_by(failures(), as_of)
    kinds = [
        KindTally(kind, label, tally([row for row in known if row.kind == kind])) for kind, label in ENDINGS.items()
    ]
    return Reopening(
        own=next(row for row in kinds if row.kind == KINDS[state]),
        all=tally(known),
        kinds=tuple(sorted(kinds, key=lambda row: (-row.tally.failures, row.kind))),
        waiting=waiting(known, whole_months(since, as_of)) if since else None,
        undone=undone(known),
        as_of=as_of,
    )


def undone(known: list[Failure]) -> tuple[Undone, ...]:
    """Those no longer followed count as long as they were."""
    curve = kaplan_meier([_lasted(failure) for failure in known])
    return tuple(_undone(months, curve.at(months)) for months in MARKS if curve.reliable_to(LEAST_VENDORS) >= months)


def _lasted(failure: Failure) -> Lasted:
    wait = failure.wait
    time = months_between(failure.effect, failure.followed) if wait is None else wait
    return Lasted(max(time, SHORTEST), wait is not None, failure.vendor)


def _undone(months: int, step: Step | None) -> Undone:
    if step is None:
        return Undone(months, 0.0, None, None)
    low, high = (None if end is None else 1.0 - end for end in (step.high, step.low))
    return Undone(months, 1.0 - step.share, low, high)


@lru_cache(maxsize=1)
def failures() -> tuple[Failure, ...]:
    return tuple(_failure(case) for case in past_cases() if case.failed)


def _failure(case: PastCase) -> Failure:
    announced = case.ended.day
    effect = case.effect.day if case.effect else announced
    return Failure(
        vendor=case.vendor,
        kind=case.event,
        announced=announced,
        effect=effect,
        followed=case.followed_to.day,
        reversed=case.reversal.day if case.reversal else None,
    )
