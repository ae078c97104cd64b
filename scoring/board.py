"""The board: one row for every line, its state and score, how it moved and what moved it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import make_aware

from riskboard.catalog.models import Line
from riskboard.catalog.queries import evidence_version
from scoring.engine.assessment import Assessment
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.stability import Placing
from scoring.kept import assessments_of, dossiers_of, lines_known_on, shelf
from scoring.models import History, Score
from scoring.placing import placing_in, placings_on
from scoring.services import build_score
from scoring.timelines import QUARTER, Move, begins_on, biggest_move, weekly


@dataclass(frozen=True, slots=True)
class Moved:
    """How a line got where it is."""

    delta90: float | None = None  # None: no score 90 days before
    spark: tuple[float, ...] = ()  # durability once a week over the last two years
    moved_by: Move | None = None  # over these 90 days
    state90: str = ""  # 90 days before; blank: none is on record


@dataclass(frozen=True, slots=True)
class BoardLine:
    """Figures are ``None`` for a line that has not been scored yet; blank text is unknown."""

    line: Line  # with its vendor and families
    delta90: float | None
    spark: tuple[float, ...]
    moved_by: Move | None
    rate: dict[str, Any] | None = None  # how comparable lines failed; None: not at risk, or a past day
    as_of: date | None = None  # of the figures
    rubric: str = ""
    state: str = ""
    state_since: date | None = None
    license_category: str = ""
    durability: float | None = None
    low: float | None = None
    high: float | None = None
    grade: str = ""
    p12: float | None = None
    p12_low: float | None = None
    p12_high: float | None = None
    p24: float | None = None
    p24_low: float | None = None
    p24_high: float | None = None
    p24_withdrawn: float | None = None
    p24_restricted: float | None = None
    p24_closed_next: float | None = None
    p24_held: float | None = None
    p24_next: float | None = None
    state90: str = ""
    evidence: int = 0  # independent origins
    insufficient: tuple[str, ...] = ()
    newest_on: date | None = None
    ranked: float | None = None  # the durability that it ranks with, below its own where it was not examined far enough
    placing: Placing | None = None  # None: not live, or not scored by the method of now

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(family.name for family in self.line.families.all())


def board(as_of: date | None = None) -> list[BoardLine]:
    """Every line by name: without a day as last stored; else from what was public on that day, and without the lines
    of which nothing was."""
    return _stored_board() if as_of is None else _computed_board(as_of)


def board_lines() -> list[Line]:
    """Every line by name with its vendor and families."""
    return sorted(shelf().lines, key=lambda line: line.name.casefold())


def _stored_board() -> list[BoardLine]:
    scores = {score.line_id: score for score in Score.objects.newest().defer("items", "pledges")}
    histories = {row.line_id: row for row in History.objects.defer("durability", "low", "high")}
    return [_stored(line, scores.get(line.pk), histories.get(line.pk)) for line in board_lines()]


def _stored(line: Line, score: Score | None, history: History | None) -> BoardLine:
    if history is None:
        return _row(line, score, _moved(None), None)
    return replace(_row(line, score, _moved(history), placing_in(history)), rate=history.rate)


def _moved(history: History | None) -> Moved:
    if history is None:
        return Moved()
    move = Move(**history.moved_by) if history.moved_by else None
    return Moved(history.delta90, tuple(history.spark), move, _state90(history))


def _state90(history: History) -> str:
    day = (history.last_on - QUARTER).isoformat()
    return next((code for code, _, first, last in history.states if first <= day <= last), "")


def _computed_board(as_of: date) -> list[BoardLine]:
    version = evidence_version()
    dossiers = dossiers_of(version)
    after, before = assessments_of(version, as_of), assessments_of(version, as_of - QUARTER)
    known, placings = lines_known_on(as_of), placings_on(version, as_of)
    return [
        _computed(line, dossiers[line.slug], after[line.slug], before[line.slug], placings.get(line.slug))
        for line in board_lines()
        if line.slug in known
    ]


def _computed(
    line: Line, dossier: Dossier, after: Assessment, before: Assessment, placing: Placing | None
) -> BoardLine:
    rubric = load_rubric(SHIPPED)
    score = build_score(line, dossier, after, rubric, make_aware(datetime.combine(after.as_of, time.min)))
    is_old_enough = begins_on(dossier, after.as_of) <= before.as_of
    delta90 = after.durability - before.durability if is_old_enough else None
    moved = Moved(delta90, weekly(dossier, rubric, after.as_of), biggest_move(before, after), before.state.code)
    return _row(line, score, moved, placing)


def _row(line: Line, score: Score | None, moved: Moved, placing: Placing | None) -> BoardLine:
    if score is None:
        return BoardLine(line, moved.delta90, moved.spark, moved.moved_by)
    return BoardLine(
        line=line,
        delta90=moved.delta90,
        spark=moved.spark,
        moved_by=moved.moved_by,
        as_of=score.as_of,
        rubric=score.rubric,
        state=score.state,
        state_since=score.state_since,
        license_category=score.license_category,
        durability=score.durability,
        low=score.low,
        high=score.high,
        grade=score.grade,
        p12=score.p12,
        p12_low=score.p12_low,
        p12_high=score.p12_high,
        p24=score.p24,
        p24_low=score.p24_low,
        p24_high=score.p24_high,
        p24_withdrawn=score.p24_withdrawn,
        p24_restricted=score.p24_restricted,
        p24_closed_next=score.p24_closed_next,
        p24_held=score.p24_held,
        p24_next=score.p24_next,
        state90=moved.state90,
        evidence=score.evidence,
        insufficient=tuple(score.insufficient),
        newest_on=score.newest_on,
        ranked=score.durability if score.ranked is None else score.ranked,
        placing=placing,
    )
