"""Fields of forms made from the columns of evidence: one for each, labeled, explained, and with its choices."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.core.exceptions import FieldDoesNotExist

from riskboard.catalog.cells import CellError
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.models import Family, License, Vendor
from riskboard.web.definitions import DIRECTIONS, SEVERITIES
from riskboard.web.forms_catalog import Choices

# In the order in which a row is read: what, of whom, how grave, when, who says so.
ORDER = (
    "summary",
    "name",
    "vendor",
    "family",
    "kind",
    "direction",
    "severity",
    "occurred_on",
    "date_precision",
    "published_on",
    "source_url",
    "source_title",
    "publisher",
    "source_reliability",
    "info_credibility",
    "confidence",
)
LAST = ("event_id", "id", "slug")
LABELS = {
    "id": "Key",
    "slug": "Key",
    "event_id": "Event",
    "info_credibility": "Credibility of the report",
    "source_reliability": "Reliability of the source",
    "source_url": "Address of the source",
    "source_title": "Title of the source",
    "status_source_url": "Address of the ruling's source",
    "status_on": "Since when",
    "status_reason": "Why",
    "hf_repo": "Repository on the hub",
    "license_key": "License of the weights",
    "params_total_b": "Parameters, billions",
    "params_active_b": "Active parameters, billions",
}
PLAIN = {"id", "kind", "vendor", "direction", "severity", "occurred_on"}  # their labels and choices say it
LONG = {"summary", "status_reason"}
# Choices that say what they mean.
SPELLED: Mapping[tuple[str, str], Choices] = {
    ("signals", "direction"): [(value, f"{value}: {said}") for value, said in DIRECTIONS.items()],
    ("signals", "severity"): [(value, f"{value}: {said}") for value, said in SEVERITIES.items()],
}
YES_NO: Choices = [("true", "yes"), ("false", "no")]


def columns_in_order(columns: Iterable[Column]) -> list[Column]:
    def place(column: Column) -> int:
        if column.name in ORDER:
            return ORDER.index(column.name)
        return len(ORDER) + (1 + LAST.index(column.name) if column.name in LAST else 0)

    return sorted(columns, key=place)


def references(spec: TableSpec) -> dict[str, Choices]:
    """The choices of columns that name other rows, by the table that they name. One query for each."""
    offered = {"vendors": vendor_choices, "families": family_choices, "licenses": license_choices}
    named = {column.refers_to for column in spec.columns}
    return {table: choices() for table, choices in offered.items() if table in named}


def vendor_choices() -> Choices:
    return list(Vendor.objects.order_by("name").values_list("slug", "name"))


def family_choices() -> Choices:
    named = Family.objects.order_by("line__vendor__name", "name").values_list("slug", "name", "line__vendor__name")
    return [(slug, f"{name} ({vendor})") for slug, name, vendor in named]


def license_choices() -> Choices:
    return list(License.objects.order_by("name").values_list("key", "name"))


def choices_of(spec: TableSpec, column: Column, referred: Mapping[str, Choices]) -> Choices | None:
    """None: whatever is typed."""
    if column.refers_to:
        return referred.get(column.refers_to)
    if (spec.name, column.name) in SPELLED:
        return SPELLED[spec.name, column.name]
    if column.cell.meaning.startswith("true / false"):
        return YES_NO
    try:
        known = spec.model._meta.get_field(column.path).choices  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return None
    return [(str(value), str(label)) for value, label in known] if known else None


def is_required(column: Column) -> bool:
    try:
        column.parse("")
    except CellError:
        return True
    return False


def field_of(column: Column, choices: Choices | None, said: set[str]) -> forms.CharField:
    """``said``: texts that have to be kept though they are none of the choices."""
    return forms.CharField(
        label=LABELS.get(column.name, column.name.replace("_", " ").capitalize()),
        required=False,
        max_length=2000,
        widget=_widget(column.name) if choices is None else _select(choices, said),
        help_text="" if column.name in PLAIN else f"{column.doc[:1].upper()}{column.doc[1:]}.",
    )


def _select(choices: Sequence[tuple[str, str]], said: set[str]) -> forms.Select:
    """A text that is none of the choices is one more choice, so that it is neither lost nor changed unseen."""
    strays = sorted(said - {value for value, _ in choices} - {""})
    return forms.Select(choices=[("", "not given"), *choices, *((stray, f"{stray} (unknown)") for stray in strays)])


def _widget(name: str) -> forms.Widget:
    if name in LONG:
        return forms.Textarea({"rows": 2})
    if name.endswith("_on"):
        return forms.TextInput({"inputmode": "numeric", "placeholder": "YYYY-MM-DD"})
    return forms.TextInput({"inputmode": "url"} if name.endswith("_url") else {})
