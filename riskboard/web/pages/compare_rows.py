"""What is asked of each line in a comparison: where it stands, what its number is made of, what is on record."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import Line, Pledge, Release
from riskboard.web.countries import country_name
from riskboard.web.pages.board_rows import evidence_url
from riskboard.web.pages.flagships import Rhythm
from riskboard.web.pages.marks import access_on, status_on
from riskboard.web.pages.usual import Usual
from riskboard.web.templatetags.board import day as plain_day
from riskboard.web.templatetags.board import signed
from scoring.engine.assessment import Assessment
from scoring.engine.facts import Dossier
from scoring.engine.hazard import HORIZONS
from scoring.engine.rubric import Rubric
from scoring.engine.stability import Placing
from scoring.engine.standing import in_force
from scoring.engine.words import frequency, likelihood_word, plausible_range

TELLING_POINTS = 3.0  # a spread of points below this is not called a difference


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
class Subject:
    """One line with all that is compared."""

    line: Line
    assessment: Assessment
    dossier: Dossier
    releases: tuple[Release, ...]
    pledges: tuple[Pledge, ...]
    rhythm: Rhythm
    day: date
    usual: Usual | None
    no_rate: str  # why usual is None
    placing: Placing | None  # None: not live


def sections(subjects: Sequence[Subject], rubric: Rubric) -> tuple[Section, ...]:
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
        _row("Place among live lines", [_place(subject) for subject in subjects], is_telling=False),
        *_likelihood_rows(subjects, rubric),
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


def _place(subject: Subject) -> Cell:
    found = subject.placing
    if found is None:
        return Cell("none", "only live lines have a place")
    band = "firm" if found.best == found.worst else f"between {found.best} and {found.worst}"
    shared = f"shared by {found.sharing}, " if found.is_shared else ""
    return Cell(f"{found.place} of {found.of}", f"{shared}{band}; 1 is the most durable")


def _likelihood_rows(subjects: Sequence[Subject], rubric: Rubric) -> list[FactorRow]:
    """Percentages once they are earned; until then the side of the usual rate, with counts."""
    if rubric.precision == "grades":
        return [
            _row(f"Likelihood, {months} months", [_likelihood(each, rubric, months) for each in subjects])
            for months in HORIZONS
        ]
    return [_row("Next flagship, 12 months", [_side(subject) for subject in subjects])]


def _side(subject: Subject) -> Cell:
    found = subject.assessment
    if not found.is_rated:
        return Cell("no forecast", "too thin to rate" if found.insufficient else "")
    if subject.usual is None:
        return Cell("no rate", subject.no_rate)
    all_lines = f"{subject.usual.rate.hit} of {subject.usual.rate.total} over all lines"
    return Cell(subject.usual.side or subject.usual.counts, subject.usual.counts if subject.usual.side else all_lines)


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
