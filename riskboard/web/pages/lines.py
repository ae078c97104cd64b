"""The page of a line: five answers, the timeline, why, and everything it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, Line, Source
from riskboard.catalog.terms import terms_on
from riskboard.web.pages.answers import (
    Answer,
    Likelihood,
    answers,
    likelihoods,
    newest_open,
    open_releases,
)
from riskboard.web.pages.citing import Cited, citations, sources
from riskboard.web.pages.contested import ContestedScore, contested_score
from riskboard.web.pages.explained import Explained, explain_day, explain_event, explain_period
from riskboard.web.pages.keeping import Grant, Kept, TermsPage, copy_words, grants, kept, terms_page
from riskboard.web.pages.like import LikeCard, ReopeningCard, like_card, reopening_card
from riskboard.web.pages.line_rows import LineRows, read_rows
from riskboard.web.pages.line_tables import PledgeRow, ReleaseRow, pledge_rows, release_rows
from riskboard.web.pages.marks import Mark, marks, with_rulings
from riskboard.web.pages.timeline import (
    LineTimeline,
    beginning_of,
    default_range,
    points_between,
    terms_between,
    window,
)
from riskboard.web.pages.usual import ONLY_TODAY, Usual, shows_scores, usual_of, why_no_rate
from riskboard.web.pages.why import Why, why
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment
from scoring.engine.facts import Dossier
from scoring.engine.outcomes import off_risk
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.stability import Placing
from scoring.engine.words import scale_sentence
from scoring.gather import dossier_of
from scoring.ledger import Spoken, spoken
from scoring.models import Score
from scoring.placing import placing_of
from scoring.timelines import Timeline, compute_timeline

QUARTER = 90
MOST_ALTERNATIVES = 4
LIVE = ("open", "tightened", "mixed", "reopened")
MISSING = {
    "FEW_FACTS": "few facts are known",
    "FEW_SOURCES": "few independent sources",
    "STALE": "nothing published for over a year",
    "WIDE": "the band is wide",
}


@dataclass(frozen=True, slots=True)
class ScoreHeader:
    """State first, then words, then digits."""

    assessment: Assessment
    state_label: str
    likelihoods: tuple[Likelihood, ...]
    usual: Usual | None  # None: on a past day, not at risk, or evidence too thin
    no_rate: str  # why no counts are given, of a line that is rated
    shows_score: bool
    copy_words: str
    copy_tone: str
    grants: tuple[Grant, ...]
    change: float | None  # over 90 days; None when the record is younger
    missing: tuple[str, ...]
    remains: str
    contested: ContestedScore | None

    @property
    def band(self) -> float:
        return self.assessment.high - self.assessment.low

    @property
    def is_insufficient(self) -> bool:
        return bool(self.assessment.insufficient)


@dataclass(frozen=True, slots=True)
class LinePage:
    line: Line
    families: tuple[Family, ...]
    as_of: date | None  # None: the page speaks of today
    day: date
    summary: str
    header: ScoreHeader
    answers: tuple[Answer, ...]
    timeline: LineTimeline
    why: Why
    pledges: tuple[PledgeRow, ...]
    releases: tuple[ReleaseRow, ...]
    kept: Kept | None
    terms_page: TermsPage | None  # where the terms stand, if not on the page of the release that is kept
    reopening: ReopeningCard | None
    like: LikeCard | None
    placing: Placing | None  # None: not live, or the page speaks of a past day
    alternatives: tuple[Score, ...]
    sources: tuple[Source, ...]
    scale: str
    without: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.line.short_name


@dataclass(frozen=True, slots=True)
class Judged:
    """A line's evidence and what the engine says of it on the page's day."""

    rows: LineRows
    dossier: Dossier
    assessment: Assessment
    history: Timeline
    rubric: Rubric
    cited: Mapping[str, Cited]
    marks: list[Mark]
    contested: ContestedScore | None
    usual: Usual | None
    no_rate: str

    @property
    def day(self) -> date:
        return self.assessment.as_of

    @property
    def state_label(self) -> str:
        return self.rubric.state_label(self.assessment.state.code).lower()


def judged(line: Line, as_of: date | None, today: date) -> Judged:
    """``line`` comes with its vendor."""
    rubric, day = load_rubric(SHIPPED), as_of or today
    rows = read_rows(line, rubric, as_of, today)
    with_rulings(rows.pledges, day)
    for fact in rows.facts:
        fact.vendor = line.vendor
    dossier = dossier_of(rows.folder)
    assessment = assess(dossier, rubric, day)
    cited = citations(rows, datetime.combine(today, time(), UTC))
    usual = usual_of(line) if assessment.is_rated and not as_of else None
    return Judged(
        rows=rows,
        dossier=dossier,
        assessment=assessment,
        history=compute_timeline(dossier, rubric, day),
        rubric=rubric,
        cited=cited,
        marks=marks(rows, assessment, rubric, day),
        contested=contested_score(rows.folder, cited, assessment, rubric),
        usual=usual,
        no_rate="" if usual or not assessment.is_rated else _why_no_rate(dossier, rubric, as_of, day),
    )


def _why_no_rate(dossier: Dossier, rubric: Rubric, as_of: date | None, day: date) -> str:
    return ONLY_TODAY if as_of else why_no_rate(off_risk(dossier, rubric, day))


def line_page(line: Line, asked: Mapping[str, Any], today: date) -> LinePage:
    """Raises UnknownEvent when the address names an event that is not on record."""
    found = judged(line, asked["as_of"], today)
    rows, day = found.rows, found.day
    copy = kept_copy(rows, day)
    return LinePage(
        line=line,
        families=rows.families,
        as_of=asked["as_of"],
        day=day,
        summary=summary(rows, copy),
        header=score_header(found, copy),
        answers=answers(rows, copy, found.assessment, found.rubric, found.usual, found.no_rate),
        timeline=line_timeline(found, asked),
        why=why(found.dossier, found.assessment, found.rubric, found.cited, asked["without"]),
        pledges=pledge_rows(rows.pledges, found.assessment),
        releases=release_rows(rows, rows.releases, day),
        kept=copy,
        terms_page=terms_page(copy, rows.folder.releases) if copy else None,
        reopening=reopening_card(rows, found.assessment, found.state_label),
        like=like_card(line, found.dossier, found.assessment, with_recalled=not asked["recalled"]),
        placing=placing_of(line) if asked["as_of"] is None else None,
        alternatives=alternatives(line) if asked["as_of"] is None else (),
        sources=tuple(sources(found.cited.values())),
        scale=scale_sentence(found.rubric),
        without=asked["without"],
    )


def summary(rows: LineRows, copy: Kept | None) -> str:
    """ "language models · 61 releases since Aug 2023 · newest open flagship Qwen3.8-Max under ..." """
    parts = [f"{kinds.LineModality(rows.line.modality).label.lower()} models"]
    if rows.releases:
        first = min(release.announced_on for release in rows.releases)
        number = len(rows.releases)
        parts.append(f"{number} release{'s' if number != 1 else ''} since {first:%b %Y}")
    if copy:
        what = "newest open flagship" if copy.release.flagship else "newest open release"
        terms = copy.license.name if copy.license else "license unknown"
        parts.append(f"{what} {copy.release.name}, {terms}")
    else:
        parts.append("no open release")
    return " · ".join(parts)


def alternatives(line: Line) -> tuple[Score, ...]:
    """Lines of other vendors and the same modality that are open and have enough evidence, most durable first."""
    newest = Score.objects.newest().filter(line__modality=line.modality, state__in=LIVE, insufficient=[])
    others = newest.exclude(line__vendor=line.vendor).select_related("line__vendor")
    return tuple(others.defer("items", "pledges").order_by("-durability", "line__name")[:MOST_ALTERNATIVES])


def kept_copy(rows: LineRows, day: date) -> Kept | None:
    release = newest_open(rows, day)
    if release is None:
        return None
    return kept(release, rows.thresholds, rows.own(rows.changes), day)


def score_header(found: Judged, copy: Kept | None) -> ScoreHeader:
    assessment = found.assessment
    changes = found.rows.own(found.rows.changes)
    held = grants((row, terms_on(row, changes, found.day)) for row in open_releases(found.rows, found.day))
    words, tone = copy_words(held)
    before = found.history.durability_on(found.day - timedelta(days=QUARTER))
    return ScoreHeader(
        assessment=assessment,
        state_label=found.state_label,
        likelihoods=likelihoods(assessment, found.rubric),
        usual=found.usual,
        no_rate=found.no_rate,
        shows_score=shows_scores(found.rubric),
        copy_words=words,
        copy_tone=tone,
        grants=held,
        change=None if before is None else assessment.durability - before,
        missing=tuple(MISSING[code] for code in assessment.insufficient),
        remains=remains(copy),
        contested=found.contested,
    )


def remains(copy: Kept | None) -> str:
    """For a line that has nothing left to forecast."""
    if copy is None:
        return "No open release remains."
    return f"What remains is {copy.release.name}. {copy.sentence}"


def line_timeline(found: Judged, asked: Mapping[str, Any]) -> LineTimeline:
    last = found.day
    chosen = asked["range"] or default_range(found.marks, last)
    word = spoken(found.rows.line, asked["from"])
    first = window(chosen, last, beginning_of(found.marks, last))
    return LineTimeline(
        range=chosen,
        first=first,
        last=last,
        points=points_between(found.history, first, last),
        marks=tuple(mark for mark in found.marks if first <= mark.on <= last),
        terms=tuple(terms_between(found.dossier, first, last)),
        live_from=word.since,
        explained=_explained(found, asked, word),
        shows_table=asked["view"] == "table",
    )


def _explained(found: Judged, asked: Mapping[str, Any], word: Spoken) -> Explained | None:
    if asked["event"]:
        return explain_event(asked["event"], found.marks, found.rows, found.cited, found.rubric, found.day)
    if asked["day"]:
        return explain_day(found.dossier, found.rubric, asked["day"], found.marks)
    if asked["from"]:
        return explain_period(found.rows.folder, asked["from"], asked["to"], word, found.marks, found.cited)
    return None
