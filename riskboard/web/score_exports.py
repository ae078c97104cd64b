"""Scores, timelines and contributions as rows of text: computed by the code that the pages show, never stored apart."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskboard.catalog.cells import guard
from riskboard.catalog.models import Line
from riskboard.web import forms_exports as forms
from riskboard.web.pages.board_rows import STRICTNESS
from scoring.engine.assessment import Assessment
from scoring.engine.digest import input_digest
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.stability import Placing
from scoring.kept import lines_known_on
from scoring.placing import placings
from scoring.rates import Rate, rates
from scoring.selectors import TimelineDay, assessment_of, assessments, dossiers, ledger_of, timeline_days
from scoring.services import license_category
from scoring.timelines import QUARTER

DURABILITY = "0 to 100, higher is more durable"
PROBABILITY = "0 to 1, four decimals"


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A computed column, described for a reader."""

    name: str
    meaning: str
    doc: str


@dataclass(frozen=True, slots=True)
class Computed:
    name: str
    doc: str
    columns: tuple[TextColumn, ...]
    form: type[forms.ExportForm]
    rows: Callable[[Any], Iterable[Sequence[str]]]


def text(value: str) -> str:
    return guard(value)


def joined(values: Iterable[str]) -> str:
    return guard(";".join(values))


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


def points(value: float) -> str:
    """Two decimals, and never "-0.00"."""
    return f"{round(value, 2) + 0.0:.2f}"


def chance(value: float) -> str:
    return f"{value:.4f}"


def exact(value: float) -> str:
    """The shortest digits that give the same number back, so that the items still sum to the score."""
    return repr(float(value))


# One row per line ---------------------------------------------------------------------------------

SCORE_COLUMNS = (
    TextColumn("line", "text", "key of the line in lines.csv"),
    TextColumn("vendor", "text", "key of its vendor in vendors.csv"),
    TextColumn("families", "list", "keys of its families in families.csv"),
    TextColumn("as_of", "date", "only what was public by this day counts"),
    TextColumn("state", "text", "state of the line that day; the method page has the table"),
    TextColumn("state_since", "date, or blank", "since when it has been in that state"),
    TextColumn("durability", DURABILITY, "commitment durability; blank: too little evidence"),
    TextColumn("low", DURABILITY, "lower end of the 80 % band"),
    TextColumn("high", DURABILITY, "upper end of the 80 % band"),
    TextColumn("place", "whole number, or blank", "among live lines, 1 is the most durable; blank: not live"),
    TextColumn("place_shared_by", "whole number, or blank", "lines whose order cannot be told; 1: alone"),
    TextColumn("place_best", "whole number, or blank", "best place when weights and doubtful evidence vary (80 %)"),
    TextColumn("place_worst", "whole number, or blank", "worst place then"),
    TextColumn("grade", "letter, or blank", "blank until letters are earned, and where no likelihood is given"),
    TextColumn(
        "alike_failed", "whole number", "of lines at risk whose vendor had such a record, so many failed in a year"
    ),
    TextColumn("alike", "whole number", "of so many; blank: not at risk, too little evidence, or a past day"),
    TextColumn("p12", PROBABILITY, "experimental, not shown on pages: failure within 12 months; blank: none is given"),
    TextColumn("p24", PROBABILITY, "the same within 24 months"),
    TextColumn("p24_withdrawn", PROBABILITY, "part of p24: weights withdrawn"),
    TextColumn("p24_restricted", PROBABILITY, "part of p24: terms tightened or access gated"),
    TextColumn("p24_closed_next", PROBABILITY, "part of p24: the next flagship is closed"),
    TextColumn("p24_held", PROBABILITY, "a copy already held is hit within 24 months"),
    TextColumn("evidence", "whole number", "independent origins of the evidence"),
    TextColumn("newest_on", "date, or blank", "newest evidence that counted"),
    TextColumn("insufficient", "list", "what the evidence lacks: FEW_FACTS, FEW_SOURCES, STALE, WIDE; blank: enough"),
    TextColumn("rubric", "text", "name of the rubric"),
    TextColumn("rubric_sha256", "text", "hash of the rubric's file"),
    TextColumn("input_digest", "text", "hash of the evidence that counted"),
)


@dataclass(frozen=True, slots=True)
class Scored:
    """One line on one day, and its state 90 days before."""

    line: Line
    assessment: Assessment
    category: str  # of its license; blank: unknown
    before: str
    digest: str
    rate: Rate | None
    placing: Placing | None  # None: not live

    @property
    def is_worse(self) -> bool:
        """Closed or tightened within 90 days, as the board has it."""
        state, day = self.assessment.state, self.assessment.as_of
        tightened = state.code == "tightened" and state.since is not None and state.since > day - QUARTER
        return tightened or STRICTNESS.get(state.code, -1) > STRICTNESS.get(self.before, 99)

    def passes(self, name: str, asked: str) -> bool:
        match name:
            case "state":
                return self.assessment.state.code == asked
            case "license":
                return (self.category or "unknown") == asked
            case "grade":
                return self.assessment.grade == asked
            case "show":
                return self.is_worse if asked == "worse" else bool(self.assessment.insufficient)
            case _:
                return True


def score_rows(form: forms.ScoresExport) -> Iterator[list[str]]:
    lines = Line.objects.filter(**form.lookups(**form.paths)).order_by("slug")
    today, before, evidence = assessments(form.day), assessments(form.day - QUARTER), dossiers()
    told = {} if form.is_past else rates(evidence, form.day)
    sha256 = load_rubric(SHIPPED).sha256
    known = lines_known_on(form.day) if form.is_past else evidence.keys()
    places = placings(form.day)
    for line in lines.filter(slug__in=known).select_related("vendor").prefetch_related("families"):
        dossier = evidence[line.slug]
        scored = Scored(
            line,
            today[line.slug],
            license_category(dossier, form.day),
            before[line.slug].state.code,
            input_digest(dossier, form.day),
            told.get(line.slug),
            places.get(line.slug),
        )
        if all(scored.passes(name, asked) for name, asked in form.filters.items()):
            yield score_row(scored, sha256)


def score_row(scored: Scored, rubric_sha256: str) -> list[str]:
    line, assessment = scored.line, scored.assessment
    return [
        text(line.slug),
        text(line.vendor.slug),
        joined(sorted(family.slug for family in line.families.all())),
        day(assessment.as_of),
        assessment.state.code,
        day(assessment.state.since),
        *durability_cells(assessment),
        *place_cells(scored.placing),
        assessment.grade,
        *rate_cells(scored),
        *chance_cells(assessment),
        str(assessment.origins),
        day(assessment.newest),
        joined(assessment.insufficient),
        text(assessment.rubric),
        rubric_sha256,
        scored.digest,
    ]


def durability_cells(assessment: Assessment) -> list[str]:
    """Blank where the evidence does not carry a number."""
    ends = (assessment.durability, assessment.low, assessment.high)
    return ["" if assessment.insufficient else points(end) for end in ends]


def place_cells(placing: Placing | None) -> list[str]:
    if placing is None:
        return ["", "", "", ""]
    return [str(number) for number in (placing.place, placing.sharing, placing.best, placing.worst)]


def rate_cells(scored: Scored) -> list[str]:
    rate = None if scored.assessment.insufficient else scored.rate
    return [str(rate.failed), str(rate.comparable)] if rate else ["", ""]


def chance_cells(assessment: Assessment) -> list[str]:
    """Blank where nothing is left to forecast, or where too little is known to."""
    year, two_years = assessment.forecast(12), assessment.forecast(24)
    parts = (two_years.withdrawn, two_years.restricted, two_years.closed_next, two_years.held)
    return [chance(part) if assessment.is_rated else "" for part in (year.total, two_years.total, *parts)]


# One row per day that mattered --------------------------------------------------------------------

TIMELINE_COLUMNS = (
    TextColumn("line", "text", "key of the line in lines.csv"),
    TextColumn("day", "date", "a day on which the score had moved by half a point or evidence became public"),
    TextColumn("durability", DURABILITY, "commitment durability on that day"),
    TextColumn("low", DURABILITY, "lower end of the 80 % band"),
    TextColumn("high", DURABILITY, "upper end of the 80 % band"),
    TextColumn("state", "text", "state of the line on that day"),
    TextColumn("change", "points", "since the row before; blank on the first row of the line"),
    TextColumn("causes", "list", "what became public that day, or that older evidence aged"),
    TextColumn("evidence", "list", "references of those rows: signal:<id>, release:<slug>, license-change:<id>, ..."),
    TextColumn("rubric", "text", "name of the rubric"),
)


def timeline_rows(form: forms.TimelineExport) -> Iterator[list[str]]:
    line = form.subject
    for place, moved in enumerate(timeline_days(line, form.last)):
        if form.first <= moved.day:
            yield timeline_row(line, moved, is_first=place == 0)


def timeline_row(line: Line, moved: TimelineDay, *, is_first: bool) -> list[str]:
    return [
        text(line.slug),
        day(moved.day),
        points(moved.durability),
        points(moved.low),
        points(moved.high),
        moved.state,
        "" if is_first else points(moved.delta),
        joined(cause.label for cause in moved.causes) or "older evidence aged",
        joined(cause.reference for cause in moved.causes),
        text(SHIPPED),
    ]


# One row per item of the sum ----------------------------------------------------------------------

CONTRIBUTION_COLUMNS = (
    TextColumn("line", "text", "key of the line in lines.csv"),
    TextColumn("as_of", "date", "only what was public by this day counts"),
    TextColumn("code", "text", "BASE, EV (event), ST (fact in force), BE (release behavior), PL (pledge), IN, BOUND"),
    TextColumn("dimension", "text", "dimension of the rubric"),
    TextColumn("label", "text", "what it is, in words"),
    TextColumn("points", "number", "added to durability, higher is more durable; all rows sum to it exactly"),
    TextColumn("evidence", "list", "references of the rows it came from"),
    TextColumn("rubric", "text", "name of the rubric"),
)


def contribution_rows(form: forms.ContributionsExport) -> Iterator[list[str]]:
    line = form.subject
    _, assessment = assessment_of(line, form.day)
    for item in assessment.contributions:
        yield [
            text(line.slug),
            day(assessment.as_of),
            item.code,
            item.dimension,
            text(item.label),
            exact(item.points),
            joined(item.evidence),
            text(assessment.rubric),
        ]


# One row per part of a difference -----------------------------------------------------------------

LEDGER_COLUMNS = (
    TextColumn("line", "text", "key of the line in lines.csv"),
    TextColumn("from", "date", "the earlier day"),
    TextColumn("to", "date", "the later day"),
    TextColumn("cause", "text", "new evidence, aging, corrected (record of now against what was said), or method"),
    TextColumn("code", "text", "EV (event), ST (fact in force), BE (release behavior), PL (pledge), IN, BASE, BOUND"),
    TextColumn("dimension", "text", "dimension of the rubric"),
    TextColumn("label", "text", "what it is, in words"),
    TextColumn("points", "number", "added to the difference of the two scores; all rows sum to it exactly"),
    TextColumn("evidence", "list", "references of the rows it came from"),
    TextColumn("basis", "text", "of the earlier day: said (by this board on that day) or reconstructed"),
    TextColumn("rubric_from", "text", "rubric of the earlier day"),
    TextColumn("rubric", "text", "rubric of the later day"),
)


def ledger_rows(form: forms.LedgerExport) -> Iterator[list[str]]:
    line = form.subject
    found = ledger_of(line, form.first, form.last)
    for change in found.changes:
        yield [
            text(line.slug),
            day(form.first),
            day(form.last),
            change.cause,
            change.code,
            change.dimension,
            text(change.label),
            exact(change.points),
            joined(change.evidence),
            "said" if found.is_said else "reconstructed",
            text(found.before.rubric),
            text(found.after.rubric),
        ]


COMPUTED = (
    Computed(
        "scores",
        "One row per line: its state, its durability and the chances that follow, as of a day. A past day leaves out "
        "lines of which nothing was public yet. Lines without enough evidence keep their row with blanks; lines "
        "closed, withdrawn, dormant or never open have no chances.",
        SCORE_COLUMNS,
        forms.ScoresExport,
        score_rows,
    ),
    Computed(
        "timeline",
        "One line over time: a row for each day on which the score moved by half a point or evidence became public.",
        TIMELINE_COLUMNS,
        forms.TimelineExport,
        timeline_rows,
    ),
    Computed(
        "contributions",
        "One line on one day: the items that sum to its durability, where every line starts first.",
        CONTRIBUTION_COLUMNS,
        forms.ContributionsExport,
        contribution_rows,
    ),
    Computed(
        "ledger",
        "One line between two days: what moved its durability, by cause and item. Without days: the last 90.",
        LEDGER_COLUMNS,
        forms.LedgerExport,
        ledger_rows,
    ),
)
