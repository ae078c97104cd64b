"""The board: one row for every line, its state and score, how it moved and what moved it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from riskboard.catalog.models import Family, Line
from scoring.engine.assessment import Assessment
from scoring.engine.facts import Dossier
from scoring.engine.rubric import Rubric
from scoring.models import History, Score
from scoring.services import build_score
from scoring.timelines import Move, begins_on, biggest_move, weekly


@dataclass(frozen=True, slots=True)
class BoardLine:
    line: Line  # with its vendor and families
    score: Score | None  # None: not scored yet; not stored when it was computed for a past day
    delta90: float | None  # None: no score 90 days before
    spark: tuple[float, ...]  # durability once a week over the last two years
    moved_by: Move | None  # over these 90 days

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(family.name for family in self.line.families.all())


def board_lines() -> list[Line]:
    """Three queries."""
    families = Prefetch("families", Family.objects.order_by("name"))
    return list(Line.objects.select_related("vendor").prefetch_related(families).order_by("name"))


def stored_board() -> list[BoardLine]:
    """Every line by name, as last stored. Five queries."""
    scores = {score.line_id: score for score in Score.objects.newest().defer("items", "pledges")}
    histories = {row.line_id: row for row in History.objects.defer("durability", "low", "high", "states")}
    return [_stored(line, scores.get(line.pk), histories.get(line.pk)) for line in board_lines()]


def _stored(line: Line, score: Score | None, history: History | None) -> BoardLine:
    if history is None:
        return BoardLine(line, score, None, (), None)
    moved_by = Move(**history.moved_by) if history.moved_by else None
    return BoardLine(line, score, history.delta90, tuple(history.spark), moved_by)


def computed_board(
    dossiers: Mapping[str, Dossier],
    assessed: Mapping[str, Assessment],
    before: Mapping[str, Assessment],
    rubric: Rubric,
    now: datetime,
) -> list[BoardLine]:
    """Every line by name, on the day of ``assessed``; ``before`` lies 90 days earlier."""
    return [
        _computed(line, dossiers[line.slug], assessed[line.slug], before[line.slug], rubric, now)
        for line in board_lines()
        if line.slug in dossiers
    ]


def _computed(
    line: Line, dossier: Dossier, after: Assessment, before: Assessment, rubric: Rubric, now: datetime
) -> BoardLine:
    is_old_enough = begins_on(dossier, after.as_of) <= before.as_of
    return BoardLine(
        line=line,
        score=build_score(line, dossier, after, rubric, now),
        delta90=after.durability - before.durability if is_old_enough else None,
        spark=weekly(dossier, rubric, after.as_of),
        moved_by=biggest_move(before, after),
    )
