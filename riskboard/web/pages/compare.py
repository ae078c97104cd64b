"""Two to six lines on the same axes, then the same questions put to each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import BadRequest

from riskboard.catalog.models import Line, Pledge, Release
from riskboard.web.forms_board import MOST_LINES, SPANS, USUAL_SPAN
from riskboard.web.pages.compare_rows import Section, Subject, sections
from riskboard.web.pages.flagships import Rhythm, flagship_row, rhythms
from riskboard.web.pages.marks import with_rulings
from riskboard.web.pages.usual import ONLY_TODAY, Usual, why_no_rate
from scoring import selectors
from scoring.board import board_lines
from scoring.engine.outcomes import off_risk
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.words import scale_sentence
from scoring.kept import shelf
from scoring.placing import placings
from scoring.rates import rates

FEWEST_LINES = 2
DAYS_OF = {"1y": 365, "3y": 3 * 365}
WEEK, FOUR_WEEKS = timedelta(weeks=1), timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Chosen:
    line: Line
    without: str  # query string of the comparison without it


@dataclass(frozen=True, slots=True)
class Curves:
    """Durability of each line on the same days; None before a line has a history."""

    days: tuple[date, ...]
    names: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]

    @property
    def for_chart(self) -> dict[str, object]:
        lines = [{"name": name, "values": values} for name, values in zip(self.names, self.values, strict=True)]
        return {"days": [day.isoformat() for day in self.days], "lines": lines}

    @property
    def table(self) -> list[tuple[date, tuple[float | None, ...]]]:
        """Newest day first."""
        return list(zip(self.days, zip(*self.values, strict=True), strict=True))[::-1]


@dataclass(frozen=True, slots=True)
class Span:
    label: str
    query: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ComparePage:
    as_of: date
    today: date
    is_past: bool
    chosen: tuple[Chosen, ...]
    others: tuple[Line, ...]  # that can still be added
    slugs: str  # of the chosen lines, joined as in the address
    span: str
    spans: tuple[Span, ...]
    curves: Curves | None
    sections: tuple[Section, ...]
    can_add: bool
    scale: str
    anchor: str
    address: str
    usual_span: str


def compare_page(slugs: tuple[str, ...], span: str, as_of: date | None, today: date) -> ComparePage:
    """Raises BadRequest naming a slug that no line has."""
    day, rubric = as_of or today, load_rubric(SHIPPED)
    every = board_lines()
    lines = _lines(slugs, every)
    subjects = _subjects(lines, day, is_past=as_of is not None) if len(lines) >= FEWEST_LINES else []
    return ComparePage(
        as_of=day,
        today=today,
        is_past=as_of is not None,
        chosen=tuple(
            Chosen(line, _query((slug for slug in slugs if slug != line.slug), span, as_of)) for line in lines
        ),
        others=tuple(line for line in every if line not in lines),
        slugs=",".join(slugs),
        span=span,
        spans=tuple(Span(label, _query(slugs, key, as_of), key == span) for key, label in SPANS),
        curves=_curves(lines, span, day) if subjects else None,
        sections=sections(subjects, rubric) if subjects else (),
        can_add=len(lines) < MOST_LINES,
        scale=scale_sentence(rubric),
        anchor=f"{rubric.scale.anchor:g}",
        address=_query(slugs, span if span != USUAL_SPAN else "", as_of),
        usual_span=USUAL_SPAN,
    )


def _lines(slugs: Sequence[str], every: Iterable[Line]) -> list[Line]:
    by_slug = {line.slug: line for line in every}
    unknown = [slug for slug in slugs if slug not in by_slug]
    if unknown:
        raise BadRequest(f"No line is called “{unknown[0][:80]}”. Lines are named like alibaba-language.")
    return [by_slug[slug] for slug in slugs]


def _query(slugs: Iterable[str], span: str = "", as_of: date | None = None) -> str:
    parts = [f"l={','.join(slugs)}"]
    parts += [f"range={span}"] if span else []
    parts += [f"as_of={as_of}"] if as_of else []
    return "&".join(parts)


def _subjects(lines: Sequence[Line], day: date, *, is_past: bool) -> list[Subject]:
    assessed, dossiers = selectors.assessments(day), selectors.dossiers()
    rate = {} if is_past else rates(dossiers, day)
    places, rubric = placings(day), load_rubric(SHIPPED)
    releases, pledges = _releases(lines, day), _pledges(lines, day)
    rhythm_of = {rhythm.line.pk: rhythm for rhythm in _rhythms(lines, releases)}
    return [
        Subject(
            line=line,
            assessment=assessed[line.slug],
            dossier=dossiers[line.slug],
            releases=tuple(releases[line.pk]),
            pledges=tuple(pledges[line.pk]),
            rhythm=rhythm_of[line.pk],
            day=day,
            usual=Usual(rate[line.slug]) if line.slug in rate else None,
            no_rate=ONLY_TODAY if is_past else why_no_rate(off_risk(dossiers[line.slug], rubric, day)),
            placing=places.get(line.slug),
        )
        for line in lines
    ]


def _releases(lines: Sequence[Line], day: date) -> dict[int, list[Release]]:
    """Newest first."""
    found: dict[int, list[Release]] = defaultdict(list)
    wanted = {line.pk for line in lines}
    for release in sorted(shelf().releases, key=lambda row: (-row.released_on.toordinal(), row.name)):
        if release.family.line_id in wanted and _is_public(release, day):
            found[release.family.line_id].append(release)
    return found


def _pledges(lines: Sequence[Line], day: date) -> dict[int, list[Pledge]]:
    """A promise of the vendor counts for each of its lines."""
    found: dict[int, list[Pledge]] = defaultdict(list)
    for pledge in with_rulings((row for row in shelf().pledges if _is_public(row, day)), day):
        for line in lines:
            of_line = pledge.family.line_id == line.pk if pledge.family else pledge.vendor_id == line.vendor_id
            if of_line:
                found[line.pk].append(pledge)
    return found


def _is_public(row: Release | Pledge, day: date) -> bool:
    return row.published_on is not None and row.published_on <= day


def _rhythms(lines: Sequence[Line], releases: dict[int, list[Release]]) -> tuple[Rhythm, ...]:
    flagships = [flagship_row(row) for line in lines for row in releases[line.pk] if row.flagship]
    return rhythms(lines, flagships)


def _curves(lines: Sequence[Line], span: str, day: date) -> Curves:
    histories = selectors.histories(lines, day)
    timelines = [histories[line.slug] for line in lines]
    first = min(timeline.first for timeline in timelines)
    start = max(first, day - timedelta(days=DAYS_OF[span])) if span in DAYS_OF else first
    days = _days_back(start, day, WEEK if span in DAYS_OF else FOUR_WEEKS)
    return Curves(
        days=tuple(days),
        names=tuple(line.short_name for line in lines),
        values=tuple(tuple(_rounded(timeline.durability_on(on)) for on in days) for timeline in timelines),
    )


def _days_back(first: date, last: date, step: timedelta) -> list[date]:
    return [last - step * place for place in range((last - first) // step, -1, -1)]


def _rounded(points: float | None) -> float | None:
    return None if points is None else round(points, 1)
