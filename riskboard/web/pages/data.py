"""What can be taken away, what it means, and how to have it corrected."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Value

from riskboard.catalog.models import Line
from riskboard.catalog.tables import TABLES
from riskboard.web.exports import EVIDENCE, LIVE_RECORD, SCORES, Export


@dataclass(frozen=True, slots=True)
class Download:
    export: Export
    rows: int | None  # None: computed when asked

    @property
    def filters(self) -> list[str]:
        return self.export.parameters


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a mistake is reported: a mail address, a web address, or words."""

    text: str

    @property
    def is_mail(self) -> bool:
        return "@" in self.text and "/" not in self.text


@dataclass(frozen=True, slots=True)
class DataPage:
    scores: tuple[Download, ...]
    live: tuple[Download, ...]
    evidence: tuple[Download, ...]
    rows: int
    lines: tuple[tuple[str, str], ...]
    contact: Contact | None


def data_page(corrections_contact: str) -> DataPage:
    counted = count_rows()
    return DataPage(
        scores=tuple(Download(export, None) for export in SCORES.values()),
        live=tuple(Download(export, None) for export in LIVE_RECORD.values()),
        evidence=tuple(Download(export, counted.get(name, 0)) for name, export in EVIDENCE.items()),
        rows=sum(counted.values()),
        lines=tuple(Line.objects.order_by("name").values_list("slug", "name")),
        contact=Contact(corrections_contact) if corrections_contact else None,
    )


def count_rows() -> Mapping[str, int]:
    """Rows of every table, in one query; an empty table is absent."""
    counts = [
        spec.model._default_manager.order_by().values(table=Value(name)).annotate(rows=Count("pk"))
        for name, spec in TABLES.items()
    ]
    return {row["table"]: row["rows"] for row in counts[0].union(*counts[1:], all=True)}
