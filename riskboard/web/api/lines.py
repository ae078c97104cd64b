"""Lines: their state, their score with all that sums to it, how it moved, and the rows it stands on."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from riskboard.catalog.kinds import LineModality
from riskboard.catalog.models import Line, Vendor
from riskboard.catalog.queries import evidence_version
from riskboard.web.api.answering import answers, fresh
from riskboard.web.api.asking import AsOf, DatedListing, Slug, cut_kept, existing, today
from riskboard.web.api.lineschemas import (
    Cited,
    LineDetail,
    LineEvidence,
    Lines,
    LineTimeline,
    TimelineEntry,
    detail_of,
    summary_of,
)
from riskboard.web.api.problems import RefusedError
from scoring.board import board_lines
from scoring.engine.assessment import Assessment
from scoring.engine.digest import input_digest
from scoring.engine.facts import Dossier
from scoring.engine.known import as_known
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.kept import dossiers_of, lines_known_on
from scoring.rates import Rate, rates
from scoring.selectors import assessment_of, assessments, evidence_index, timeline_days

router = Router(tags=["Lines"])
LineSlug = Annotated[Slug, Field(description="Key of the line, as `lines` gives it.")]


class LinesAsked(DatedListing):
    vendor: Slug | SkipJsonSchema[None] = Field(None, description="Of one vendor, by slug.", examples=["alibaba"])
    modality: LineModality | SkipJsonSchema[None] = Field(None, description="Of one modality.")
    state: Slug | SkipJsonSchema[None] = Field(
        None, description="In one state; `method` lists them.", examples=["open"]
    )


@router.get("lines", response=answers(Lines), summary="Every line with its score", operation_id="lines")
@fresh
def list_lines(request: HttpRequest, asked: Query[LinesAsked]) -> Lines:
    """A line is one vendor's models of one modality: the subject of a score. Ordered by slug. A past day leaves out
    lines of which nothing was public yet."""
    existing(Vendor, "slug", asked.vendor, "vendor")
    _known_state(asked.state)
    day = asked.as_of or today()
    found = assessments(day)
    wanted = [line for line in _lines_of(day) if _is_wanted(line, found[line.slug], asked)]
    page, after = cut_kept(request, asked, wanted, lambda line: line.slug)
    told = _rates_on(day)
    items = [summary_of(line, found[line.slug], told.get(line.slug)) for line in page]
    return Lines(as_of=day, rubric=SHIPPED, items=items, next=after)


def _known_state(code: str | None) -> None:
    known = [row.code for row in load_rubric(SHIPPED).states]
    if code is not None and code not in known:
        raise RefusedError("state", f"There is no such state. There are: {', '.join(known)}.")


def _is_wanted(line: Line, found: Assessment, asked: LinesAsked) -> bool:
    return (
        asked.vendor in {None, line.vendor.slug}
        and asked.modality in {None, line.modality}
        and asked.state in {None, found.state.code}
    )


def _lines_of(day: date) -> Iterator[Line]:
    """With vendor and families. Today every line has its place; of a past day, those that were known."""
    known = lines_known_on(day) if day < today() else None
    return (line for line in board_lines() if known is None or line.slug in known)


def _line_on(slug: str, day: date) -> Line:
    found = next((line for line in _lines_of(day) if line.slug == slug), None)
    if found is None:
        raise Http404(f"There is no line of this name, or nothing of it was public on {day}.")
    return found


def _rates_on(day: date) -> dict[str, Rate]:
    """Never of a past day: the counts were learnt from what came after."""
    return _rates(evidence_version(), day) if day == today() else {}


@lru_cache(maxsize=2)
def _rates(version: str, day: date) -> dict[str, Rate]:
    return rates(dossiers_of(version), day)


@router.get("lines/{key:slug}", response=answers(LineDetail, 404), summary="One line and its sum", operation_id="line")
@fresh
def show_line(request: HttpRequest, slug: Path[LineSlug], asked: Query[AsOf]) -> LineDetail:
    """The points of all contributions sum to the score before its bounds. Their evidence is told by `…/evidence`."""
    day = asked.as_of or today()
    line = _line_on(slug, day)
    dossier, found = assessment_of(line, day)
    return detail_of(line, found, _rates_on(day).get(slug), input_digest(dossier, day))


@router.get(
    "lines/{key:slug}/timeline",
    response=answers(LineTimeline, 404),
    summary="How a score moved",
    operation_id="timeline",
)
@fresh
def show_timeline(request: HttpRequest, slug: Path[LineSlug], asked: Query[DatedListing]) -> LineTimeline:
    """The days on which it moved by half a point or evidence became public, oldest first."""
    day = asked.as_of or today()
    line = _line_on(slug, day)
    days = [TimelineEntry.of(each) for each in timeline_days(line, day)]
    page, after = cut_kept(request, asked, days, lambda entry: entry.day.isoformat())
    return LineTimeline(line=slug, as_of=day, rubric=SHIPPED, items=page, next=after)


@router.get(
    "lines/{key:slug}/evidence",
    response=answers(LineEvidence, 404),
    summary="What bears on a line",
    operation_id="evidence",
)
@fresh
def show_evidence(request: HttpRequest, slug: Path[LineSlug], asked: Query[DatedListing]) -> LineEvidence:
    """Every row that bears on the line and was public by the day, with its source, whether or not it counts."""
    day = asked.as_of or today()
    dossier, found = assessment_of(_line_on(slug, day), day)
    counted = {reference for item in found.contributions for reference in item.evidence}
    page, after = cut_kept(request, asked, counted | _references(as_known(dossier, day)), str)
    cards = evidence_index(page)
    items = [Cited.of(cards[reference], counts=reference in counted) for reference in page if reference in cards]
    return LineEvidence(line=slug, as_of=day, items=items, next=after)


def _references(dossier: Dossier) -> set[str]:
    return {
        *(row.id for row in dossier.reports),
        *(row.id for row in dossier.facts),
        *(row.id for row in dossier.releases),
        *(row.id for row in dossier.pledges),
        *(row.id for row in dossier.breaches),
    }
