"""Which place every live line takes, and how firm that is: of the scores as stored, or of any day."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from typing import TypeVar

from django.db.models import Model, QuerySet

from riskboard.catalog.models import Line
from riskboard.catalog.queries import evidence_version
from scoring.engine.assessment import LineState
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.stability import Entry, Placing, entry_of, rank
from scoring.kept import assessments_of, lines_known_on
from scoring.models import History, Score

Row = TypeVar("Row", bound=Model)

COME_ALONG = frozenset({"id", "line", "placing", "rate"})


def place_lines() -> None:
    """Stores with the timeline of every line its place among the newest scores. Three queries, two without change."""
    History.objects.note("placing", {line: asdict(placing) for line, placing in _ranked_scores().items()})


def _ranked_scores() -> dict[int, Placing]:
    """By line, of the live ones that were scored by the rubric of now."""
    rubric = load_rubric(SHIPPED)
    newest = Score.objects.newest().filter(rubric_sha256=rubric.sha256, examined__isnull=False)
    scores = [score for score in newest.select_related("line").defer("pledges") if _is_live(score)]
    placings = rank([_entry(score) for score in scores], rubric).placings
    return {score.line_id: placings[score.line.slug] for score in scores}


def _is_live(score: Score) -> bool:
    return LineState(score.state, score.state_since).is_live


def _entry(score: Score) -> Entry:
    items = tuple((item["code"], item["points"]) for item in score.items)
    return Entry(score.line.slug, items, score.raw, score.sd, score.examined or 0.0)


def placing_in(history: History) -> Placing | None:
    """As it was stored; None for a line that has no place."""
    return Placing(**history.placing) if history.placing else None


def placing_of(line: Line) -> Placing | None:
    """As it was stored; no query for a line that was read ``with_timelines``."""
    history = getattr(line, "timeline", None)
    return placing_in(history) if history else None


def placings_of(lines: Iterable[Line]) -> Mapping[str, Placing]:
    """By slug, as stored, of those that have a place. One query."""
    wanted = {line.pk: line.slug for line in lines}
    rows = History.objects.filter(line__in=wanted).only("line", "placing")
    found = ((wanted[row.line_id], placing_in(row)) for row in rows)
    return {slug: placing for slug, placing in found if placing}


def with_timelines(rows: QuerySet[Row], path: str = "") -> QuerySet[Row]:
    """Place and rate come along without a query, and without the days of timelines. ``path`` leads to the line."""
    rest = [field.name for field in History._meta.concrete_fields if field.name not in COME_ALONG]
    return rows.select_related(f"{path}timeline").defer(*(f"{path}timeline__{name}" for name in rest))


def placings(as_of: date) -> Mapping[str, Placing]:
    """By slug, computed from the evidence of now as it was public on that day."""
    return placings_on(evidence_version(), as_of)


@lru_cache(maxsize=4)
def placings_on(version: str, as_of: date) -> Mapping[str, Placing]:
    """By slug, of the lines of which anything was public on that day and that were live then."""
    known = lines_known_on(as_of)
    found = [each for slug, each in assessments_of(version, as_of).items() if slug in known and each.state.is_live]
    return rank([entry_of(each) for each in found], load_rubric(SHIPPED)).placings
