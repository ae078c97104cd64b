"""What was promised: all promises by how they stand, and one promise with its history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from riskboard.catalog import kinds
from riskboard.catalog.models import EvidenceQuerySet, Line, Pledge, Ruling, Signal
from riskboard.web.forms_catalog import PledgesForm
from riskboard.web.pages.line_rows import reference
from riskboard.web.pages.listing import ROWS_A_PAGE, Pages, cut
from riskboard.web.pages.standings import latest_scores, lines_reached
from riskboard.web.pages.tally import HAS_DATE, Tally, tally
from scoring.engine.assessment import PledgeReading
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.models import Score

DUE_SOON = timedelta(days=90)
GROUPS = (
    ("at_risk", "At risk"),
    ("due_soon", "Due soon"),
    ("open", "Open"),
    ("kept", "Kept"),
    ("partly_kept", "Partly kept"),
    ("broken", "Broken"),
    ("superseded", "Superseded"),
)
PRESSURES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    label: str
    number: int
    pledges: tuple[Pledge, ...]
    rest: str | None  # query string of the whole group when it is too long to show here


@dataclass(frozen=True, slots=True)
class PledgesPage:
    form: PledgesForm
    groups: tuple[Group, ...]
    tally: Tally
    pages: Pages | None  # only of one status; all groups together show their beginnings
    today: date


@dataclass(frozen=True, slots=True)
class LineReading:
    line: Line
    reading: PledgeReading | None  # None: the rules do not judge it, because its day is unknown

    @property
    def label(self) -> str:
        return "not judged" if self.reading is None else kinds.PledgeStatus(self.reading.status).label


@dataclass(frozen=True, slots=True)
class PledgePage:
    pledge: Pledge
    rulings: tuple[Ruling, ...]
    readings: tuple[LineReading, ...]
    pressures: tuple[Signal, ...]
    pressure_count: int
    overdue_days: int | None
    today: date

    @property
    def agrees(self) -> bool | None:
        """Does every line's machine status say what is recorded? None when there is none."""
        statuses = {row.reading.status for row in self.readings if row.reading}
        return statuses == {self.pledge.status} if statuses else None


def pledges_page(form: PledgesForm, today: date) -> PledgesPage:
    rows = _rows(form.narrow(Pledge.objects.all()))
    if "status" in form.filters:
        shown, pages = cut(rows, form)
        return PledgesPage(form, _groups(shown, form, today, at_most=ROWS_A_PAGE), tally(_counted(form)), pages, today)
    everything = list(rows)
    counted = ((pledge.status, pledge.due_on is not None, 1) for pledge in everything)
    return PledgesPage(form, _groups(everything, form, today, at_most=ROWS_A_PAGE), tally(counted), None, today)


def _rows(pledges: EvidenceQuerySet[Pledge]) -> EvidenceQuerySet[Pledge]:
    related = pledges.select_related("source", "status_source", "vendor", "family")
    return related.order_by(F("due_on").asc(nulls_last=True), F("made_on").desc(nulls_last=True), "key")


def _counted(form: PledgesForm) -> list[tuple[str, bool, int]]:
    dated = form.narrow(Pledge.objects.all()).annotate(is_dated=HAS_DATE).values_list("status", "is_dated")
    return list(dated.annotate(number=Count("pk")).order_by())


def group_of(pledge: Pledge, today: date) -> str:
    """An open promise due within 90 days, or overdue and not ruled on, stands apart from the other open ones."""
    is_open = pledge.status == kinds.PledgeStatus.OPEN
    return "due_soon" if is_open and pledge.due_on and pledge.due_on <= today + DUE_SOON else pledge.status


def _groups(pledges: Iterable[Pledge], form: PledgesForm, today: date, at_most: int) -> tuple[Group, ...]:
    grouped: dict[str, list[Pledge]] = defaultdict(list)
    for pledge in pledges:
        grouped[group_of(pledge, today)].append(pledge)
    return tuple(
        Group(
            code=code,
            label=label,
            number=len(grouped[code]),
            pledges=tuple(grouped[code][:at_most]),
            rest=form.query(status="open" if code == "due_soon" else code) if len(grouped[code]) > at_most else None,
        )
        for code, label in GROUPS
        if grouped[code]
    )


def pledge_page(pledge: Pledge, today: date) -> PledgePage:
    lines = lines_reached(pledge.vendor_id, pledge.family)
    pressures = _pressures(pledge)
    overdue = pledge.status == kinds.PledgeStatus.OPEN and pledge.due_on and pledge.due_on < today
    return PledgePage(
        pledge=pledge,
        rulings=tuple(_rulings(pledge)),
        readings=_readings(pledge, lines),
        pressures=tuple(pressures[:PRESSURES_SHOWN]),
        pressure_count=len(pressures),
        overdue_days=(today - pledge.due_on).days if overdue and pledge.due_on else None,
        today=today,
    )


def _rulings(pledge: Pledge) -> QuerySet[Ruling]:
    return pledge.rulings.select_related("source").order_by(F("ruled_on").desc(nulls_last=True), "-recorded_at", "pk")


def _readings(pledge: Pledge, lines: list[Line]) -> tuple[LineReading, ...]:
    scores, ours = latest_scores(lines, with_items=True), reference(pledge)
    return tuple(LineReading(line, _reading(scores[line.pk], ours)) for line in lines if line.pk in scores)


def _reading(score: Score, ours: str) -> PledgeReading | None:
    return next((PledgeReading(**fields) for fields in score.pledges if fields["pledge"] == ours), None)


def _pressures(pledge: Pledge) -> list[Signal]:
    """Weakening signals of the rubric's pressure dimension since the promise was made, newest first."""
    rubric = load_rubric(SHIPPED)
    pressing = [code for code, kind in rubric.kinds.items() if kind.dimension == rubric.interaction.pressure]
    rows = Signal.objects.about(pledge.vendor).filter(kind__in=pressing, direction=kinds.Direction.WEAKENS)
    if pledge.family is not None:
        rows = rows.filter(Q(family__isnull=True) | Q(family__line=pledge.family.line_id))
    if pledge.made_on is not None:
        rows = rows.filter(occurred_on__gte=pledge.made_on)
    return list(rows.select_related("source", "family").order_by("-occurred_on", "key"))
