"""Two to six lines on the same axes, then the same questions put to each."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.core.exceptions import BadRequest

from riskboard.catalog import kinds
from riskboard.catalog.models import Line, Pledge, Release
from riskboard.web.countries import country_name
from riskboard.web.forms_board import MOST_LINES, SPANS, USUAL_SPAN
from riskboard.web.pages.board_rows import evidence_url
from riskboard.web.pages.flagships import Rhythm, flagship_row, rhythms
from riskboard.web.pages.marks import access_on, status_on, with_rulings
from riskboard.web.templatetags.board import day as plain_day
from riskboard.web.templatetags.board import signed
from scoring import selectors
from scoring.board import board_lines
from scoring.engine.assessment import Assessment
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.standing import in_force
from scoring.engine.words import frequency, likelihood_word, plausible_range, scale_sentence
from scoring.kept import shelf

FEWEST_LINES = 2
DAYS_OF = {"1y": 365, "3y": 3 * 365}
WEEK, FOUR_WEEKS = timedelta(weeks=1), timedelta(weeks=4)
TELLING_POINTS = 3.0  # a spread of points below this is not called a difference


@dataclass(frozen=True, slots=True)
class Chosen:
    line: Line
    without: str  # query string of the comparison without it


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    detail: str = ""
    url: str = ""
    tag: str = ""  # class of a state
    stands_out: bool = False
    of: str = ""  # the line it is about, for a narrow screen


@dataclass(frozen=True, slots=True)
class FactorRow:
    label: str
    cells: tuple[Cell, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    note: str
    rows: tuple[FactorRow, ...]


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


@dataclass(frozen=True, slots=True)
class Subject:
    """One line with all that is compared."""

    line: Line
    assessment: Assessment
    dossier: Dossier
    releases: tuple[Release, ...]
    pledges: tuple[Pledge, ...]
    rhythm: Rhythm
    day: date


def compare_page(slugs: tuple[str, ...], span: str, as_of: date | None, today: date) -> ComparePage:
    """Raises BadRequest naming a slug that no line has."""
    day, rubric = as_of or today, load_rubric(SHIPPED)
    every = board_lines()
    lines = _lines(slugs, every)
    subjects = _subjects(lines, day) if len(lines) >= FEWEST_LINES else []
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
        sections=_sections(subjects, rubric) if subjects else (),
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


def _subjects(lines: Sequence[Line], day: date) -> list[Subject]:
    assessed, dossiers = selectors.assessments(day), selectors.dossiers()
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


def _sections(subjects: Sequence[Subject], rubric: Rubric) -> tuple[Section, ...]:
    base = rubric.scale.base
    parts = f"Points of each dimension and its heaviest item. Every line starts at {base:g}; these add up to the rest. "
    parts += f"Bold: lowest and highest, where they are {TELLING_POINTS:g} points or more apart."
    return (
        _section("Where it stands", "", _standing_rows(subjects, rubric), subjects),
        _section("What the number is made of", parts, _dimension_rows(subjects, rubric), subjects),
        _section("What is on record", "", _fact_rows(subjects), subjects),
    )


def _section(title: str, note: str, rows: Iterable[FactorRow], subjects: Sequence[Subject]) -> Section:
    """Each cell says which line it is about."""
    names = [subject.line.short_name for subject in subjects]
    told = (
        replace(row, cells=tuple(replace(cell, of=name) for cell, name in zip(row.cells, names, strict=True)))
        for row in rows
    )
    return Section(title, note, tuple(told))


def _standing_rows(subjects: Sequence[Subject], rubric: Rubric) -> list[FactorRow]:
    return [
        _row("State", [_state(subject, rubric) for subject in subjects]),
        _numbers("Durability", [_durability(subject) for subject in subjects]),
        _row("Likelihood, 12 months", [_likelihood(subject, rubric, 12) for subject in subjects]),
        _row("Likelihood, 24 months", [_likelihood(subject, rubric, 24) for subject in subjects]),
        _row("Evidence", [_evidence(subject) for subject in subjects], is_telling=False),
    ]


def _state(subject: Subject, rubric: Rubric) -> Cell:
    state = subject.assessment.state
    since = f"since {plain_day(state.since)}" if state.since else ""
    return Cell(rubric.state_label(state.code), since, tag=state.code)


def _durability(subject: Subject) -> tuple[float | None, Cell]:
    found = subject.assessment
    if not found.state.is_live:
        return None, Cell("no forecast", "nothing is left to close")
    thin = ", too thin to rate" if found.insufficient else ""
    cell = Cell(f"{found.durability:.0f}", f"plausible {found.low:.0f}–{found.high:.0f}{thin}")
    return (None if found.insufficient else found.durability), cell


def _likelihood(subject: Subject, rubric: Rubric, months: int) -> Cell:
    found = subject.assessment
    if not found.state.is_live or found.insufficient:
        return Cell("no forecast", "" if not found.insufficient else "too thin to rate")
    forecast = found.forecast(months)
    text = f"{frequency(forecast.total, rubric)}, {likelihood_word(forecast.total, rubric)}"
    return Cell(text, f"plausible range {plausible_range(forecast.low, forecast.high).replace('-', '–')}")


def _evidence(subject: Subject) -> Cell:
    found = subject.assessment
    newest = f"newest {plain_day(found.newest)}" if found.newest else ""
    return Cell(f"{found.origins} independent origins", newest)


def _dimension_rows(subjects: Sequence[Subject], rubric: Rubric) -> list[FactorRow]:
    rows = [_dimension(subjects, key, dimension.label) for key, dimension in rubric.dimensions.items()]
    return [row for row in rows if row is not None]


def _dimension(subjects: Sequence[Subject], key: str, label: str) -> FactorRow | None:
    """None where no line has a point in it: the rubric may leave a dimension out of the sum."""
    points = [
        math.fsum(item.points for item in subject.assessment.contributions if item.dimension == key)
        for subject in subjects
    ]
    if not any(points):
        return None
    cells = [Cell(signed(value, 1), _heaviest(subject, key)) for value, subject in zip(points, subjects, strict=True)]
    return _numbers(label, list(zip(points, cells, strict=True)))


def _heaviest(subject: Subject, key: str) -> str:
    items = [item for item in subject.assessment.contributions if item.dimension == key]
    heaviest = max(items, key=lambda item: abs(item.points), default=None)
    return f"{heaviest.label} {signed(heaviest.points, 1)}" if heaviest else "nothing on record"


def _fact_rows(subjects: Sequence[Subject]) -> list[FactorRow]:
    return [
        _row("License of the newest open flagship", [_license(subject) for subject in subjects]),
        _row("Newest flagship", [_flagship(subject) for subject in subjects], is_telling=False),
        _row("Newest flagship is", [_access(subject) for subject in subjects]),
        _row("From announcement to weights", [_lag(subject) for subject in subjects], is_telling=False),
        _row("Promises", [_promises(subject) for subject in subjects], is_telling=False),
        _row("Country", [Cell(country_name(subject.line.vendor.country)) for subject in subjects]),
    ]


def _license(subject: Subject) -> Cell:
    fact = in_force((fact for fact in subject.dossier.facts if fact.name == "license"), subject.day.toordinal())
    if fact is None:
        return Cell("unknown", "no license of an open model is on record")
    return Cell(kinds.LicenseCategory(fact.value).label, fact.label, evidence_url(subject.line, fact.id))


def _newest_flagship(subject: Subject) -> Release | None:
    return next((row for row in subject.releases if row.flagship), None)


def _flagship(subject: Subject) -> Cell:
    row = _newest_flagship(subject)
    if row is None:
        return Cell("unknown")
    return Cell(row.name, plain_day(row.released_on, row.date_precision), row.get_absolute_url())


def _access(subject: Subject) -> Cell:
    row = _newest_flagship(subject)
    return Cell(access_on(row, subject.day)) if row else Cell("unknown")


def _lag(subject: Subject) -> Cell:
    rhythm = subject.rhythm
    closed = f"{rhythm.closed} more without weights or withdrawn" if rhythm.closed else ""
    if rhythm.lag is None:
        return Cell("unknown", closed or "no flagship with both dates")
    over = f"over {len(rhythm.lags)}, of which {rhythm.hosted_first} hosted first"
    return Cell(f"{rhythm.lag:.0f} days, median", "; ".join(filter(None, (over, closed))))


def _promises(subject: Subject) -> Cell:
    if not subject.pledges:
        return Cell("none on record")
    counts: dict[str, int] = defaultdict(int)
    for pledge in subject.pledges:
        counts[status_on(pledge, subject.day).replace("_", " ")] += 1
    counted = ", ".join(f"{number} {status}" for status, number in counts.items())
    return Cell(counted, f"{len(subject.pledges)} on record")


def _row(label: str, cells: Sequence[Cell], *, is_telling: bool = True) -> FactorRow:
    """``is_telling``: unlike texts are a difference worth a mark; dates and names always differ."""
    return FactorRow(label, tuple(cells), is_telling and len({cell.text for cell in cells}) > 1)


def _numbers(label: str, cells: Sequence[tuple[float | None, Cell]]) -> FactorRow:
    """The lowest and the highest stand out where they are apart enough to mean something."""
    known = [value for value, _ in cells if value is not None]
    differs = len(known) > 1 and max(known) - min(known) >= TELLING_POINTS
    ends = {min(known), max(known)} if differs else set()
    shown = tuple(replace(cell, stands_out=value in ends) for value, cell in cells)
    return FactorRow(label, shown, differs)
