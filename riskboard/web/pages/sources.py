"""One source and every row that cites it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, F, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse

from riskboard.catalog.models import (
    License,
    LicenseChange,
    Pledge,
    Reach,
    Release,
    Revision,
    Ruling,
    Signal,
    Source,
    VendorFact,
)
from riskboard.ingest.models import Check
from riskboard.web.forms_catalog import SourceForm
from riskboard.web.pages.listing import Pages, cut


@dataclass(frozen=True, slots=True)
class Table:
    """How rows of one model are cited: their page, what they are called, their day."""

    code: str
    label: str
    model: type[Model]
    key: str  # of the page: a lookup
    name: str
    on: str | None
    url: Callable[[str, str], str]
    parent: str | None = None  # lookup of the first part of an address in two parts
    cites: str = "source"


def _page(name: str) -> Callable[[str, str], str]:
    return lambda key, _: reverse(name, args=[key])


def _release(key: str, family: str) -> str:
    return reverse("release", args=[family, key])


def _facts(key: str, _: str) -> str:
    return f"{reverse('vendor', args=[key])}#facts"


TABLES = (
    Table("signal", "signal", Signal, "key", "summary", "occurred_on", _page("signal")),
    Table("pledge", "pledge", Pledge, "key", "summary", "made_on", _page("pledge")),
    Table(
        "status", "status of a pledge", Pledge, "key", "summary", "status_on", _page("pledge"), None, "status_source"
    ),
    Table("ruling", "ruling on a pledge", Ruling, "pledge__key", "pledge__summary", "ruled_on", _page("pledge")),
    Table("change", "license change", LicenseChange, "key", "asset", "announced_on", _page("change")),
    Table("release", "release", Release, "slug", "name", "released_on", _release, "family__slug"),
    Table("license", "license", License, "key", "name", None, _page("license")),
    Table("fact", "vendor fact", VendorFact, "vendor__slug", "value", "valid_from", _facts),
    Table("reach", "reach", Reach, "vendor__slug", "metric", "measured_on", _page("vendor")),
    Table(
        "revision",
        "hub revision",
        Revision,
        "release__slug",
        "repository",
        "captured_on",
        _release,
        "release__family__slug",
    ),
)
BY_CODE = {table.code: table for table in TABLES}


@dataclass(frozen=True, slots=True)
class Citation:
    label: str
    name: str
    url: str
    on: date | None


@dataclass(frozen=True, slots=True)
class SourcePage:
    source: Source
    check: Check | None
    citations: tuple[Citation, ...]
    pages: Pages


def source_page(source: Source, form: SourceForm) -> SourcePage:
    rows, pages = cut(_citing([source.pk]), form)
    check = Check.objects.filter(source=source).first()
    return SourcePage(source, check, tuple(_citation(*row) for row in rows), pages)


def citations_of(sources: Iterable[Source]) -> dict[int, list[Citation]]:
    """By number of the source. One query."""
    citing: dict[int, list[Citation]] = defaultdict(list)
    for row in _citing([source.pk for source in sources]):
        citing[row[-1]].append(_citation(*row))
    return citing


def _citing(sources: Collection[int]) -> "QuerySet[Any, Any]":
    """Every citing row in one query, newest first."""
    first, *others = (_rows(table, sources) for table in TABLES)
    return first.union(*others, all=True).order_by("on_day", "table", "page_key")


def _rows(table: Table, sources: Collection[int]) -> "QuerySet[Any, Any]":
    manager: QuerySet[Any] = table.model._default_manager.all()
    text = CharField()
    rows: QuerySet[Any, Any] = (
        manager.filter(**{f"{table.cites}__in": sources})
        .order_by()
        .annotate(
            table=Value(table.code, output_field=text),
            page_key=Cast(F(table.key), text),
            page_parent=Cast(F(table.parent), text) if table.parent else Value("", output_field=text),
            title=Cast(F(table.name), text),
            on_day=F(table.on) if table.on else Value(None, output_field=DateField()),
            cited=F(f"{table.cites}_id"),
        )
        .values_list("table", "page_key", "page_parent", "title", "on_day", "cited")
    )
    return rows


def _citation(code: str, key: str, parent: str, name: str, on: date | None, _cited: int) -> Citation:
    table = BY_CODE[code]
    return Citation(
        table.label, name.replace("_", " ") if code in {"fact", "reach"} else name, table.url(key, parent), on
    )
