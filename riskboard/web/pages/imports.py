"""Files of rows: what can be sent, what it would do, and what was recorded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from riskboard.catalog.queries import evidence_version
from riskboard.ingest.imports.models import Import, ImportedRow
from riskboard.ingest.imports.sheets import MOST_ROWS
from riskboard.web.exports import EVIDENCE, Export
from riskboard.web.forms_feeds import PageForm
from riskboard.web.forms_imports import LARGEST, ImportForm, RowsForm
from riskboard.web.pages.inbox import evidence_url
from riskboard.web.pages.listing import Pages, cut

Outcome = ImportedRow.Outcome
MOST_EDITED = 200_000  # bytes of pasted rows that a page gives back to be put right
MOST_MOVES = 8
TITLES = ("summary", "name", "asset", "value", "metric")
KNOWN_BY = ("vendor", "family", "kind", "field", "occurred_on", *TITLES)
MOST_KNOWN_BY = 3


@dataclass(frozen=True, slots=True)
class Table:
    """A table that rows can be sent for. ``filters``: none, for those who show its columns."""

    export: Export
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportsPage:
    form: ImportForm
    tables: tuple[Table, ...]
    imports: tuple[Import, ...]
    pages: Pages
    megabytes: int
    most_rows: int
    needs_second: bool
    severity_for_second: int
    effect_for_second: float


@dataclass(frozen=True, slots=True)
class Change:
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Row:
    """``title``: what a new row is about, in its own words. ``changes``: of a wrong row, what tells which it is."""

    row: ImportedRow
    title: str
    changes: tuple[Change, ...]
    evidence_url: str

    @property
    def is_new(self) -> bool:
        return self.row.outcome == Outcome.ADD

    @property
    def is_wrong(self) -> bool:
        return self.row.outcome == Outcome.ERROR


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    slug: str
    points: float
    on: date
    is_later: bool


@dataclass(frozen=True, slots=True)
class ImportPage:
    imported: Import
    counts: Mapping[str, int]
    form: RowsForm
    rows: tuple[Row, ...]
    pages: Pages
    moves: tuple[Move, ...]
    more_moves: int
    second: str
    is_stale: bool
    may_record: bool
    pasted: str
    problem: str = ""
    typed_reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.imported.state in {Import.State.DRAFT, Import.State.SECOND}

    @property
    def to_record(self) -> int:
        return self.counts[Outcome.ADD] + self.counts[Outcome.CHANGE]

    @property
    def in_the_way(self) -> int:
        return self.counts[Outcome.CONFLICT] + self.counts[Outcome.ERROR]

    @property
    def is_clean(self) -> bool:
        return not self.imported.faults and not self.in_the_way


def imports_page(form: ImportForm, list_form: PageForm) -> ImportsPage:
    found = Import.objects.defer("content").select_related("created_by", "applied_by", "undone_by")
    counted = found.annotate(
        added=Count("rows", filter=Q(rows__outcome=Outcome.ADD)),
        changed=Count("rows", filter=Q(rows__outcome=Outcome.CHANGE)),
    )
    imports, pages = cut(counted.order_by("-created_at", "-pk"), list_form)
    return ImportsPage(
        form=form,
        tables=tuple(Table(export) for export in EVIDENCE.values()),
        imports=tuple(imports),
        pages=pages,
        megabytes=LARGEST // 1_000_000,
        most_rows=MOST_ROWS,
        needs_second=settings.SECOND_PERSON,
        severity_for_second=settings.SECOND_PERSON_SEVERITY,
        effect_for_second=settings.SECOND_PERSON_EFFECT,
    )


def import_page(
    imported: Import,
    form: RowsForm,
    user: AbstractBaseUser | AnonymousUser,
    today: date,
    *,
    problem: str = "",
    typed_reason: str = "",
) -> ImportPage:
    counts = dict.fromkeys(Outcome.values, 0)
    counts |= dict(imported.rows.order_by().values_list("outcome").annotate(Count("pk")))
    rows, pages = cut(_chosen(imported, form), form)
    is_first = imported.state == Import.State.SECOND and imported.accepted_by_id == user.pk
    moves = _moves(imported, today)
    return ImportPage(
        imported=imported,
        counts=counts,
        form=form,
        rows=tuple(map(_row, rows)),
        pages=pages,
        moves=moves[:MOST_MOVES],
        more_moves=len(moves[MOST_MOVES:]),
        second=_second(imported, is_first=is_first),
        is_stale=imported.version != evidence_version(),
        may_record=not (is_first and settings.SECOND_PERSON),
        pasted=_pasted(imported),
        problem=problem,
        typed_reason=typed_reason,
    )


def _chosen(imported: Import, form: RowsForm) -> QuerySet[ImportedRow]:
    asked = form.lookups(outcome="outcome")
    rows = imported.rows.order_by("line")
    return rows.filter(**asked) if asked else rows.exclude(outcome=Outcome.SAME)


def _row(row: ImportedRow) -> Row:
    changes = tuple(Change(*change) for change in row.changes)
    texts = {change.column: change.after for change in changes}
    title = next((texts[name] for name in TITLES if texts.get(name)), "")
    if row.outcome == Outcome.ERROR:
        known_by = [change for name in KNOWN_BY for change in changes if change.column == name and change.after]
        changes = tuple(known_by[:MOST_KNOWN_BY])
    return Row(row, title, changes, evidence_url(row.reference) if row.reference else "")


def _moves(imported: Import, today: date) -> tuple[Move, ...]:
    return tuple(
        Move(one["name"], one["slug"], one["points"], on := date.fromisoformat(one["on"]), on > today)
        for one in imported.measured
    )


def _second(imported: Import, *, is_first: bool) -> str:
    because = " and ".join(reason.replace("severity", "a row has severity", 1) for reason in imported.reasons)
    because = because.replace("moves a score", "it moves a score")
    if not imported.reasons or imported.state in {Import.State.APPLIED, Import.State.UNDONE}:
        return ""
    if not settings.SECOND_PERSON:
        return f"One person decides on this board, though {because}. The record will say so."
    if imported.state == Import.State.DRAFT:
        return f"It takes two people: {because}. It waits as a whole until somebody else records it."
    if is_first:
        return f"You accepted it first. Somebody else has to record it: {because}."
    first = imported.accepted_by.get_username() if imported.accepted_by else "Somebody at the console"
    return f"{first} accepted it first. It needs you as the second person: {because}."


def _pasted(imported: Import) -> str:
    content = bytes(imported.content)
    return content.decode() if not imported.file_name and len(content) <= MOST_EDITED else ""
