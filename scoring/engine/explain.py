"""Why the score is what it is, and what moved it (method section 6)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment, Contribution
from scoring.engine.facts import Dossier
from scoring.engine.known import as_known
from scoring.engine.rubric import Rubric

Cause = Literal["new evidence", "aging", "corrected", "method"]
CAUSES: tuple[Cause, ...] = get_args(Cause)


def reasons(assessment: Assessment, n: int = 4) -> tuple[tuple[Contribution, ...], tuple[Contribution, ...]]:
    """The ``n`` items that weaken the commitment most and the ``n`` that strengthen it most, strongest first."""
    case = case_for_and_against(assessment)
    return case.breaks[:n], case.holds[:n]


@dataclass(frozen=True, slots=True)
class Case:
    """The strongest case that the commitment holds and that it breaks, each by size."""

    holds: tuple[Contribution, ...]
    breaks: tuple[Contribution, ...]

    @property
    def points_for(self) -> float:
        return math.fsum(item.points for item in self.holds)

    @property
    def points_against(self) -> float:
        return math.fsum(item.points for item in self.breaks)


def case_for_and_against(assessment: Assessment) -> Case:
    """Every item but the base and the bound of the scale, which are no reasons."""
    items = [item for item in assessment.contributions if item.dimension not in {"base", "bound"}]
    ranked = sorted(items, key=lambda item: (-abs(item.points), item.key))
    return Case(
        holds=tuple(item for item in ranked if item.points > 0),
        breaks=tuple(item for item in ranked if item.points < 0),
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What one item added to the difference between two scores, for one cause."""

    cause: Cause
    dimension: str
    code: str
    key: str
    label: str
    points: float
    evidence: tuple[str, ...]


def changes(before: Assessment, after: Assessment, dossier: Dossier, rubric: Rubric) -> tuple[Change, ...]:
    """The difference ``after - before``, item by item and cause by cause; the parts sum to it exactly (1e-9).

    ``dossier`` and ``rubric`` are those of ``after``. One thing is swapped at a time, in a fixed order: first the
    day of ``before`` is assessed again as reckoned now (``corrected``, or ``method`` under another rubric), then its
    evidence is left to age until the later day (``aging``), then what became public since is added
    (``new evidence``). A row filed since but public before counts as corrected. Raises ValueError when ``after`` is
    the earlier day.
    """
    if after.as_of < before.as_of:
        raise ValueError(f"changes run forward: {after.as_of} is before {before.as_of}")
    restated = assess(dossier, rubric, before.as_of)
    aged = assess(as_known(dossier, before.as_of), rubric, after.as_of)
    return (
        *_difference(before, restated, "corrected" if before.rubric == rubric.name else "method"),
        *_difference(restated, aged, "aging"),
        *_difference(aged, after, "new evidence"),
    )


def points_by_cause(ledger: Iterable[Change]) -> dict[Cause, float]:
    parts = list(ledger)
    return {cause: math.fsum(part.points for part in parts if part.cause == cause) for cause in CAUSES}


def _difference(before: Assessment, after: Assessment, cause: Cause) -> list[Change]:
    old = {item.key: item for item in before.contributions}
    new = {item.key: item for item in after.contributions}
    ledger = []
    for key in sorted(old.keys() | new.keys()):
        item = new.get(key) or old[key]
        points = (new[key].points if key in new else 0.0) - (old[key].points if key in old else 0.0)
        if points:
            ledger.append(Change(cause, item.dimension, item.code, key, item.label, points, item.evidence))
    return sorted(ledger, key=lambda change: (-abs(change.points), change.key))
