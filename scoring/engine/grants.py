"""What a license grants, clause by clause, and when one grant is narrower than another (docs/prereg.md, section 2).

A clause that nobody read is ``None``: neither narrower than another nor equal to it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Commercial = Literal["yes", "conditional", "on_request", "no"]
LADDER: tuple[Commercial, ...] = ("no", "on_request", "conditional", "yes")


@dataclass(frozen=True, slots=True)
class Limit:
    """A size above which rights end or depend on the vendor. ``who`` blank: everyone."""

    metric: str
    who: str
    currency: str
    period: str
    amount: float | None


@dataclass(frozen=True, slots=True)
class Terms:
    license: str
    commercial: Commercial | None
    limits: tuple[Limit, ...] | None
    territory: frozenset[str] | None  # where the license grants nothing
    uses: bool | None  # some uses are forbidden
    training: bool | None  # training on outputs is forbidden
    gated: bool | None  # weights only after a form


@dataclass(frozen=True, slots=True)
class Grant:
    """Terms of one release from ``since`` on, until the next grant."""

    since: date
    terms: Terms


def is_narrower(new: Terms, old: Terms) -> bool | None:
    """Is any clause of ``new`` strictly narrower? None where no clause is known to be and at least one is unknown."""
    answers = set(_clauses(new, old))
    return True if True in answers else None if None in answers else False


def _clauses(new: Terms, old: Terms) -> tuple[bool | None, ...]:
    gated = _newly(new.gated, old.gated)
    if new.license == old.license:
        return (gated,)
    commercial = _commercial(new, old)
    territory = None if new.territory is None or old.territory is None else bool(new.territory - old.territory)
    uses, training = _newly(new.uses, old.uses), _newly(new.training, old.training)
    return (commercial, territory, uses, training, gated)


def _newly(new: bool | None, old: bool | None) -> bool | None:
    """A restriction that the old terms did not have."""
    if new is False or old is True:
        return False
    return None if new is None or old is None else True


def _commercial(new: Terms, old: Terms) -> bool | None:
    """A threshold limits commercial use only: where the whole got wider it is not compared."""
    if new.commercial is None or old.commercial is None:
        return None
    change = LADDER.index(new.commercial) - LADDER.index(old.commercial)
    if change:
        return change < 0
    return False if new.commercial in ("no", "on_request") else _limits(new.limits, old.limits)


def _limits(new: tuple[Limit, ...] | None, old: tuple[Limit, ...] | None) -> bool | None:
    if new is not None and not new:
        return False
    if new is None or old is None:
        return None
    if not old:
        return True
    before = {_measure(limit): limit.amount for limit in old}
    answers = [_lower(limit.amount, before[_measure(limit)]) if _measure(limit) in before else None for limit in new]
    return True if True in answers else None if None in answers else False


def _measure(limit: Limit) -> tuple[str, str, str, str]:
    return (limit.metric, limit.who, limit.currency, limit.period)


def _lower(new: float | None, old: float | None) -> bool | None:
    if new is None and old is None:
        return False
    return None if new is None or old is None else new < old
