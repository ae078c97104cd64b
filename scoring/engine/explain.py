"""Why the score is what it is, and what moved it (method section 6)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
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
class Difference:
    """What one item adds to the difference between two scores; it stood at ``before`` and stands at ``after``."""

    dimension: str
    code: str
    key: str
    label: str
    before: float
    after: float
    evidence: tuple[str, ...]

    @property
    def points(self) -> float:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Said:
    """What a board said of a line on a day, under the rubric of that name."""

    as_of: date
    rubric: str
    durability: float
    contributions: tuple[Contribution, ...]


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


def differences(before: Assessment | Said, after: Assessment | Said) -> tuple[Difference, ...]:
    """Item by item, largest first; they sum to the difference of the two scores exactly (1e-9)."""
    old = {item.key: item for item in before.contributions}
    new = {item.key: item for item in after.contributions}
    found = []
    for key in old.keys() | new.keys():
        item = new.get(key) or old[key]
        was, became = (known[key].points if key in known else 0.0 for known in (old, new))
        if was != became:
            found.append(Difference(item.dimension, item.code, key, item.label, was, became, item.evidence))
    return tuple(sorted(found, key=lambda one: (-abs(one.points), one.key)))


def changes(
    before: Assessment | Said,
    after: Assessment,
    dossier: Dossier,
    rubric: Rubric,
    *,
    under_former: Assessment | None = None,
) -> tuple[Change, ...]:
    """The difference ``after - before``, item by item and cause by cause; the parts sum to it exactly (1e-9).

    ``dossier`` and ``rubric`` are those of ``after``. One thing is swapped at a time, in a fixed order: first the
    day of ``before`` is assessed under its own rubric from what is on record now (``corrected``), then under
    ``rubric`` (``method``), then its evidence is left to age until the later day (``aging``), then what became public
    since is added (``new evidence``). A row filed since but public before counts as corrected. ``under_former`` is the
    first of these steps where ``before`` has another rubric; without it corrections cannot be told from the method
    and stand with it. Raises ValueError when ``after`` is the earlier day.
    """
    if after.as_of < before.as_of:
        raise ValueError(f"changes run forward: {after.as_of} is before {before.as_of}")
    restated = assess(dossier, rubric, before.as_of)
    aged = assess(as_known(dossier, before.as_of), rubric, after.as_of)
    is_same_method = before.rubric == rubric.name
    corrected = restated if is_same_method else under_former or before
    return (
        *_for_cause("corrected", before, corrected),
        *_for_cause("method", corrected, restated),
        *_for_cause("aging", restated, aged),
        *_for_cause("new evidence", aged, after),
    )


def points_by_cause(ledger: Iterable[Change]) -> dict[Cause, float]:
    parts = list(ledger)
    return {cause: math.fsum(part.points for part in parts if part.cause == cause) for cause in CAUSES}


def _for_cause(cause: Cause, before: Assessment | Said, after: Assessment | Said) -> list[Change]:
    return [
        Change(cause, one.dimension, one.code, one.key, one.label, one.points, one.evidence)
        for one in differences(before, after)
    ]
