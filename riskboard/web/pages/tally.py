"""Promises counted. Those without a due date are counted apart: nobody can say that one of them came due."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q

from riskboard.catalog import kinds

HAS_DATE = ExpressionWrapper(Q(due_on__isnull=False), output_field=BooleanField())  # of a pledge
IN_ORDER = ("kept", "partly_kept", "open", "at_risk", "broken", "superseded")


@dataclass(frozen=True, slots=True)
class Count:
    status: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class Tally:
    dated: tuple[Count, ...]  # statuses that occur, adding up to ``dated_total``
    undated: tuple[Count, ...]
    dated_total: int
    undated_total: int

    @property
    def total(self) -> int:
        return self.dated_total + self.undated_total


def tally(statuses: Iterable[tuple[str, bool, int]]) -> Tally:
    """``statuses``: (status, has a due date, how many)."""
    dated: Counter[str] = Counter()
    undated: Counter[str] = Counter()
    for status, has_date, number in statuses:
        (dated if has_date else undated)[status] += number
    return Tally(_counts(dated), _counts(undated), dated.total(), undated.total())


def _counts(counter: Counter[str]) -> tuple[Count, ...]:
    return tuple(
        Count(status, kinds.PledgeStatus(status).label, counter[status]) for status in IN_ORDER if counter[status]
    )
