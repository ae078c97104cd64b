"""Rows of evidence from plain text by column, as proposals, forms and files hold it, and back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from riskboard.catalog.cells import CellError, Value, address, day, guard, unguard, words
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.models import Revision, Source
from riskboard.catalog.models.evidence import Evidence
from riskboard.catalog.tables import TABLES
from riskboard.ingest.happened import ahead

# Captured by machines only: no file of ours holds them.
REVISIONS = TableSpec(
    "revisions",
    "Exact states of hub repositories.",
    Revision,
    (
        Column("release", "release.slug", words(required=True), "whose weights it holds", refers_to="releases"),
        Column("repository", "repository", words(required=True), "owner/name on the hub"),
        Column("commit_sha", "commit_sha", words(required=True), "which state"),
        Column("license_text_sha256", "license_text_sha256", words(), "of the license text at that state"),
        Column("captured_on", "captured_on", day(required=True), "when we saw it"),
        Column("source_url", "source.url", address(), "the page cited"),
        Column("source_title", "source.title", words(at_most=300), "its title"),
    ),
    key=("repository", "commit_sha"),
)
SPECS: dict[str, TableSpec] = {**TABLES, REVISIONS.name: REVISIONS}
# How the audit log and the pages name a row; what has no key of its own goes by its number.
PREFIXES = {
    "signals": "signal",
    "releases": "release",
    "license_changes": "license-change",
    "pledges": "pledge",
    "licenses": "license",
    "vendors": "vendor",
    "lines": "line",
    "families": "family",
    "vendor_facts": "fact",
    "reach": "reach",
    "revisions": "revision",
    "license_thresholds": "threshold",
}
TABLE_OF = {prefix: table for table, prefix in PREFIXES.items()}


def spec_of(row: Model) -> TableSpec:
    return next(spec for spec in SPECS.values() if spec.model is type(row))


def reference_of(row: Model) -> str:
    spec = spec_of(row)
    return f"{PREFIXES[spec.name]}:{spec.key_of(row) if len(spec.key) == 1 else row.pk}"


def find(reference: str) -> Model | None:
    """The row that a reference names, as long as it is there."""
    prefix, _, key = reference.partition(":")
    if prefix not in TABLE_OF:
        return None
    spec = SPECS[TABLE_OF[prefix]]
    if len(spec.key) > 1:
        return spec.rows().filter(pk=int(key)).first() if key.isdecimal() else None
    return spec.rows().filter(**{spec.key_columns[0].path: key}).first()


def texts_of(row: Model) -> dict[str, str]:
    """Column to plain text."""
    return {column.name: unguard(column.render(row)) for column in spec_of(row).columns}


def stored(table: str, texts: Mapping[str, str]) -> Model | None:
    """The row that is already there under the key that ``texts`` names."""
    spec = SPECS[table]
    try:
        return spec.rows().filter(**dict(_named(column, texts) for column in spec.key_columns)).first()
    except (ValidationError, ValueError):  # a key that is no date or number is no key of a row
        return None


def _named(column: Column, texts: Mapping[str, str]) -> tuple[str, object]:
    text = texts.get(column.name, "")
    if column.refers_to and not text:
        return f"{column.field}__isnull", True
    return column.path.replace(".", "__"), text


def filled(table: str, texts: Mapping[str, str], *, onto: Model | None = None, today: date | None = None) -> Any:  # noqa: ANN401 - any model
    """An unsaved row, or ``onto`` with the columns that ``texts`` gives.

    What it cites is a Source, unsaved when it is cited for the first time. ``today``: what happened after it is
    refused. Raises ValidationError by column, of everything that is wrong.
    """
    spec = SPECS[table]
    columns = [column for column in spec.columns if onto is None or column.name in texts]
    values, faults = _parsed(columns, texts)
    faults |= {name: "There is no such column." for name in texts if name not in spec.header}
    row = onto if onto is not None else spec.model()
    for column in columns:
        if column.name in values:
            faults |= _set(row, column, values[column.name])
    _cite(row, values)
    if today is not None:
        faults |= ahead(table, {**_precision(onto), **values}, today)
    faults = {**_broken_rules(row, spec, faults), **faults}
    if faults:
        raise ValidationError(faults)
    if isinstance(row, Evidence):
        row.settle_publication()
    return row


def unreadable(table: str, texts: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with texts by themselves, by column."""
    return _parsed([SPECS[table].column(name) for name in texts], texts)[1]


def _parsed(columns: list[Column], texts: Mapping[str, str]) -> tuple[dict[str, Value], dict[str, str]]:
    values: dict[str, Value] = {}
    faults = {}
    for column in columns:
        try:
            values[column.name] = column.parse(guard(texts.get(column.name, "").strip()))
        except CellError as error:
            faults[column.name] = f"{str(error)[:1].upper()}{str(error)[1:]}."
    return values, faults


def _set(row: Any, column: Column, value: Value) -> dict[str, str]:  # noqa: ANN401 - any model
    """Fills one field; what is wrong with the value, by column."""
    if not column.refers_to:
        if "." not in column.path:
            setattr(row, column.path, value)
        return {}
    if not column.field:  # only repeats what another column implies
        return {}
    spec = SPECS[column.refers_to]
    found = spec.model._default_manager.filter(**{spec.key_columns[0].path: value}).first() if value else None
    if value and found is None:
        return {column.name: f"There is no {PREFIXES[spec.name]} called {value!r}."}
    setattr(row, column.field, found)
    return {}


def _cite(row: Any, values: Mapping[str, Value]) -> None:  # noqa: ANN401 - any model
    if {"source_url", "source_title"} & values.keys():
        former = row.source if row.source_id else None
        url = values.get("source_url", former.url if former else "")
        title = values.get("source_title", former.title if former else "")
        row.source = _source(str(url), str(title))
    if "status_source_url" in values:
        url = values["status_source_url"]
        row.status_source = _source(str(url), "") if url else None


def _source(url: str, title: str) -> Source:
    return Source.objects.filter(url=url, title=title).first() or Source.citing(url, title)


def _precision(row: Any) -> dict[str, Value]:  # noqa: ANN401 - any model
    return {"date_precision": getattr(row, "date_precision", "")}


def _broken_rules(row: Model, spec: TableSpec, wrong: Iterable[str]) -> dict[str, str]:
    """Of the columns that are not ``wrong`` already."""
    fields = {spec.column(name).field or spec.column(name).path for name in wrong if name in spec.header}
    try:
        row.full_clean(exclude={"source", "status_source", *fields})
    except ValidationError as error:
        return {column_of(spec, name): " ".join(messages) for name, messages in error.message_dict.items()}
    return {}


def column_of(spec: TableSpec, field: str) -> str:
    """The column that fills a field, by which a form or a file knows it."""
    if field == NON_FIELD_ERRORS:
        return NON_FIELD_ERRORS
    named = (column.name for column in spec.columns if field in {column.path.removeprefix("stated_"), column.field})
    return next(named, field)
