"""What moved the score of a line between two days: new evidence, aging, corrections and changes of the method."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models

from riskboard.catalog.models import Line
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment, Contribution
from scoring.engine.explain import Cause, Change, Said, changes, points_by_cause
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.schema import RubricError
from scoring.gather import dossier_of
from scoring.gathering.shelf import Folder
from scoring.models import Score


@dataclass(frozen=True, slots=True)
class Ledger:
    """The parts of ``after - before``. ``before`` is what the board said on the first day where it did (``is_said``),
    else what it would have said, from the record of now: then nothing can show as corrected.
    """

    before: Assessment | Said
    after: Assessment
    changes: tuple[Change, ...]
    is_said: bool
    is_parted: bool  # corrections are told from the method; else they stand with it

    @property
    def difference(self) -> float:
        return self.after.durability - self.before.durability

    @property
    def by_cause(self) -> dict[Cause, float]:
        return points_by_cause(self.changes)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What this board said of a line on the days themselves, not what it reckoned of them later."""

    days: tuple[date, ...]  # of which a score is stored, oldest first
    score: Score | None  # the last word of the day asked about; has no more than a ledger takes

    @property
    def since(self) -> date | None:
        """The first of them; what lies before is reconstructed."""
        return self.days[0] if self.days else None


def spoken(line: Line, day: date | None = None) -> Spoken:
    """One query."""
    names = ("as_of", "recorded_at", "rubric", "rubric_sha256", "durability")
    asked = models.When(as_of=day or date.min, then=models.F("items"))
    items = models.Case(asked, default=None, output_field=models.JSONField())
    rows = line.scores.order_by("pk").values_list(*names, items)
    scores = [Score(line=line, **dict(zip((*names, "items"), row, strict=True))) for row in rows]
    live = [score for score in scores if not score.is_reconstructed]
    word = next((score for score in reversed(live) if score.as_of == day), None)
    return Spoken(tuple(sorted({score.as_of for score in live})), word)


def ledger(folder: Folder, first: date, last: date, word: Spoken | None = None) -> Ledger:
    """From ``first`` to ``last`` under the shipped rubric, which is that of ``folder``. ``word``: of the first day; one
    query without it.
    """
    rubric, dossier = load_rubric(SHIPPED), dossier_of(folder)
    score = (word or spoken(folder.line, first)).score
    before = assess(dossier, rubric, first) if score is None else said(score, rubric)
    former = None if score is None else _former(score, rubric)
    under_former = assess(dossier_of(replace(folder, rubric=former)), former, first) if former else None
    after = assess(dossier, rubric, last)
    return Ledger(
        before=before,
        after=after,
        changes=changes(before, after, dossier, rubric, under_former=under_former),
        is_said=score is not None,
        is_parted=before.rubric == rubric.name or former is not None,
    )


def said(score: Score, rubric: Rubric) -> Said:
    """``rubric``: the one of now. A file that kept its name but not its bytes is another method."""
    is_edited = score.rubric == rubric.name and score.rubric_sha256 != rubric.sha256
    return Said(
        as_of=score.as_of,
        rubric=f"{score.rubric} ({score.rubric_sha256[:12]})" if is_edited else score.rubric,
        durability=score.durability,
        contributions=contributions(score.items),
    )


def contributions(items: Sequence[dict[str, Any]]) -> tuple[Contribution, ...]:
    """As they were stored."""
    return tuple(Contribution(**item | {"evidence": tuple(item["evidence"])}) for item in items)


def _former(score: Score, rubric: Rubric) -> Rubric | None:
    """The rubric that the score was made under, where it is another one and can still be run."""
    if score.rubric == rubric.name:
        return None
    try:
        former = load_rubric(score.rubric)
    except RubricError:
        return None
    return former if former.sha256 == score.rubric_sha256 else None
