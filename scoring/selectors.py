"""What pages ask of the score. Nothing here writes or reads the clock.

Dossiers and assessments are kept in memory by the version of the evidence: after the first page of a version they cost
one query.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from riskboard.catalog.models import Line
from riskboard.catalog.queries import evidence_version
from scoring.board import BoardLine, board, board_lines
from scoring.cards import EvidenceCard, evidence_index
from scoring.engine import assess as engine
from scoring.engine.assessment import Assessment
from scoring.engine.explain import Change
from scoring.engine.facts import Dossier, Pledge, Release, Report, StateFact
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.kept import assessments, assessments_of, dossiers, dossiers_of, folders_of
from scoring.ledger import Ledger, Spoken, ledger
from scoring.models import History
from scoring.timelines import (
    Move,
    Span,
    Timeline,
    TimelineDay,
    biggest_move,
    compute_timeline,
)
from scoring.timelines import timeline_days as days_of

__all__ = [
    "BoardLine",
    "EvidenceCard",
    "LineMove",
    "Timeline",
    "TimelineDay",
    "assessment_of",
    "assessments",
    "biggest_moves",
    "board",
    "changes_between",
    "dossiers",
    "evidence_index",
    "histories",
    "history_of",
    "ledger_of",
    "timeline_days",
    "what_if",
]


@dataclass(frozen=True, slots=True)
class LineMove:
    """How far the score of a line moved over a stretch of days, and the item that moved it most."""

    line: Line
    before: float
    after: float
    moved_by: Move | None

    @property
    def delta(self) -> float:
        return self.after - self.before


def assessment_of(line: Line, as_of: date) -> tuple[Dossier, Assessment]:
    dossier = dossiers()[line.slug]
    return dossier, engine.assess(dossier, load_rubric(SHIPPED), as_of)


def history_of(line: Line, as_of: date | None = None) -> Timeline:
    """The timeline of a line up to ``as_of``, or to the day it was last kept. Raises KeyError for an unknown line."""
    return histories([line], as_of)[line.slug]


def histories(lines: Iterable[Line], as_of: date | None = None) -> dict[str, Timeline]:
    """The timeline of each line, by slug: as stored while its evidence is unchanged, else computed again."""
    wanted = list(lines)
    version, rubric = evidence_version(), load_rubric(SHIPPED)
    stored = {row.line_id: row for row in History.objects.filter(line__in=wanted)}
    newest = max((row.last_on for row in stored.values()), default=None)
    found = {}
    for line in wanted:
        row = stored.get(line.pk)
        last = as_of or (row.last_on if row else newest) or _newest_day(version)
        is_fresh = row and row.evidence_version == version and row.rubric_sha256 == rubric.sha256
        if row and is_fresh and row.last_on >= last:
            found[line.slug] = _timeline(row).until(last)
        else:
            found[line.slug] = compute_timeline(dossiers_of(version)[line.slug], rubric, last)
    return found


def _newest_day(version: str) -> date:
    """Where no timeline was ever stored: the newest day on which any release was announced."""
    days = [release.announced for dossier in dossiers_of(version).values() for release in dossier.releases]
    return max(days, default=date(2019, 1, 1))


def _timeline(row: History) -> Timeline:
    return Timeline(
        first=row.first_on,
        last=row.last_on,
        durability=tuple(row.durability),
        low=tuple(row.low),
        high=tuple(row.high),
        states=tuple(_span(*span) for span in row.states),
    )


def _span(code: str, since: str | None, first: str, last: str) -> Span:
    began = date.fromisoformat(since) if since else None
    return Span(code, began, date.fromisoformat(first), date.fromisoformat(last))


def changes_between(line: Line, first: date, last: date) -> tuple[Change, ...]:
    """What changed, item by item and cause by cause; the parts sum to the difference of the two scores."""
    return ledger_of(line, first, last).changes


def ledger_of(line: Line, first: date, last: date, word: Spoken | None = None) -> Ledger:
    folder = next(folder for folder in folders_of(evidence_version()) if folder.line == line)
    return ledger(folder, first, last, word)


def biggest_moves(as_of: date, days: int = 90, n: int = 5) -> tuple[LineMove, ...]:
    """The ``n`` lines whose score moved most over the last ``days``, largest first; without lines that new."""
    version = evidence_version()
    after = assessments_of(version, as_of)
    before = assessments_of(version, as_of - timedelta(days=days))
    old_enough = [slug for slug in after if before[slug].state.code != "no_open_model"]
    ranked = sorted(old_enough, key=lambda slug: (-abs(after[slug].durability - before[slug].durability), slug))[:n]
    lines = {line.slug: line for line in board_lines() if line.slug in ranked}
    return tuple(
        LineMove(lines[slug], before[slug].durability, after[slug].durability, biggest_move(before[slug], after[slug]))
        for slug in ranked
        if slug in lines
    )


def timeline_days(line: Line, as_of: date | None = None) -> list[TimelineDay]:
    """The days, oldest first, on which the score had moved by half a point or evidence became public."""
    return list(days_of(dossiers()[line.slug], history_of(line, as_of)))


def what_if(
    line: Line,
    as_of: date,
    *,
    remove: Iterable[str] = (),
    add: Iterable[Report] = (),
    facts: Iterable[StateFact] = (),
    releases: Iterable[Release] = (),
    pledges: Iterable[Pledge] = (),
) -> tuple[float, Assessment]:
    """(change of the score, the other assessment) without those events and with the rows given."""
    dossier, rubric = dossiers()[line.slug], load_rubric(SHIPPED)
    return engine.what_if(
        dossier, rubric, as_of, remove=remove, add=add, facts=facts, releases=releases, pledges=pledges
    )
