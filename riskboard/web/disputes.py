"""Which facts are contested now. It is asked in one query with the version of the evidence, which every page needs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, CharField, DateTimeField, F, Field, QuerySet, Value
from django.db.models.functions import Cast

from riskboard.catalog.models import EvidenceVersion
from riskboard.catalog.queries import one_evidence_version
from riskboard.ingest.selectors import open_contests

Disputes = Mapping[str, "Dispute"]


@dataclass(frozen=True, slots=True)
class Dispute:
    pk: int
    subject: str
    reason: str
    url: str
    opened_at: datetime
    opened_by: int | None


@dataclass
class _Look:
    found: tuple[str, Disputes] | None = None

    def at(self) -> tuple[str, Disputes]:
        self.found = self.found or _read()
        return self.found

    def version(self) -> str:
        return self.at()[0]


_look: ContextVar[_Look | None] = ContextVar("look_at_disputes", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """Inside, the version of the evidence and the disputes are asked for at most once, together."""
    look = _Look()
    token = _look.set(look)
    try:
        with one_evidence_version(look.version):
            yield
    finally:
        _look.reset(token)


def open_disputes() -> Disputes:
    """By reference of the fact."""
    look = _look.get()
    return (_read() if look is None else look.at())[1]


def _read() -> tuple[str, Disputes]:
    rows = list(_version().union(_contests(), all=True))
    version = next((token for pk, token, *_ in rows if not pk), "empty")
    return version, {row[1]: Dispute(*row) for row in rows if row[0]}


def _version() -> "QuerySet[Any, Any]":
    nothing, nobody = Value("", output_field=CharField()), Value(None, output_field=BigIntegerField())
    never = Value(None, output_field=DateTimeField())
    return _told(EvidenceVersion.objects.all(), Value(0), F("token"), nothing, nothing, never, nobody)


def _contests() -> "QuerySet[Any, Any]":
    rows = open_contests().select_related(None).order_by()
    return _told(rows, F("pk"), F("subject"), F("reason"), F("url"), F("opened_at"), F("opened_by_id"))


def _told(rows: "QuerySet[Any, Any]", *values: Any) -> "QuerySet[Any, Any]":
    fields: dict[str, Field[Any, Any]] = {
        "number": BigIntegerField(),
        "text": CharField(),
        "why": CharField(),
        "address": CharField(),
        "since": DateTimeField(),
        "who": BigIntegerField(),
    }
    told: dict[str, Any] = {
        name: Cast(value, field) for (name, field), value in zip(fields.items(), values, strict=True)
    }
    narrowed: QuerySet[Any, Any] = rows.annotate(**told).values_list(*fields)
    return narrowed
