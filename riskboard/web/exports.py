"""Every CSV that the board gives away: columns declared once, rows streamed from one state of the database."""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.contrib.admin.utils import get_fields_from_path
from django.db import connection
from django.db.models import CharField, F, OrderBy, QuerySet
from django.db.models.functions import Collate

from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.tables import TABLES
from riskboard.web import forms_exports as forms
from riskboard.web.csv_lines import csv_chunks
from riskboard.web.prediction_exports import LIVE
from riskboard.web.record_exports import TRACK_RECORD
from riskboard.web.score_exports import COMPUTED
from riskboard.web.snapshots import snapshot

ROWS_AT_ONCE = 1000


class Described(Protocol):
    """A column as its reader needs it."""

    @property
    def name(self) -> str: ...

    @property
    def meaning(self) -> str: ...

    @property
    def doc(self) -> str: ...


@dataclass(frozen=True, slots=True)
class EvidenceColumn:
    """A column of evidence, described for a reader."""

    column: Column

    @property
    def name(self) -> str:
        return self.column.name

    @property
    def meaning(self) -> str:
        return self.column.cell.meaning

    @property
    def doc(self) -> str:
        return self.column.doc


@dataclass(frozen=True, slots=True)
class Export:
    """One CSV. ``rows`` gives rendered cells in the order of ``columns``."""

    name: str
    doc: str
    columns: tuple[Described, ...]
    form: type[forms.ExportForm]
    rows: Callable[[Any], Iterable[Sequence[str]]]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def parameters(self) -> list[str]:
        return self.form.parameters()

    def file_name(self, form: forms.ExportForm) -> str:
        return "-".join(["riskboard", self.name, *form.file_words]) + ".csv"

    def chunks(self, form: forms.ExportForm) -> Generator[str, None, None]:
        with snapshot():
            yield from csv_chunks(self.header, self.rows(form))


def rendered(spec: TableSpec, rows: QuerySet[Any]) -> Iterator[list[str]]:
    """The rows of an evidence table as its file holds them, in the same order on every database."""
    ordered = rows.order_by(*(_in_order(spec, column) for column in spec.key_columns))
    for row in ordered.iterator(chunk_size=ROWS_AT_ONCE):
        yield [column.render(row) for column in spec.columns]


def _in_order(spec: TableSpec, column: Column) -> OrderBy:
    """By bytes, and blanks first: databases differ in both, and the same evidence must give the same file."""
    path = column.path.replace(".", "__")
    is_text = isinstance(get_fields_from_path(spec.model, path)[-1], CharField)
    by_bytes = is_text and connection.vendor == "postgresql"
    return (Collate(path, "C") if by_bytes else F(path)).asc(nulls_first=True)


def _evidence(name: str, form: type[forms.ExportForm]) -> Export:
    spec = TABLES[name]
    columns = tuple(EvidenceColumn(column) for column in spec.columns)
    return Export(name, spec.doc, columns, form, lambda asked: rendered(spec, asked.chosen(spec.rows())))


EVIDENCE: dict[str, Export] = {
    name: _evidence(name, form)
    for name, form in (
        ("vendors", forms.VendorsExport),
        ("lines", forms.LinesExport),
        ("families", forms.FamiliesExport),
        ("licenses", forms.LicensesExport),
        ("license_thresholds", forms.ThresholdsExport),
        ("releases", forms.ReleasesExport),
        ("license_changes", forms.LicenseChangesExport),
        ("pledges", forms.PledgesExport),
        ("signals", forms.SignalsExport),
        ("vendor_facts", forms.VendorFactsExport),
        ("reach", forms.ReachExport),
    )
}
SCORES: dict[str, Export] = {
    computed.name: Export(computed.name, computed.doc, computed.columns, computed.form, computed.rows)
    for computed in (*COMPUTED, TRACK_RECORD)
}
LIVE_RECORD: dict[str, Export] = {
    live.name: Export(live.name, live.doc, live.columns, live.form, live.rows) for live in LIVE
}
EXPORTS: dict[str, Export] = SCORES | LIVE_RECORD | EVIDENCE
