"""What analysts send from the inbox. The rules of a row are the catalog's: their faults come back by column."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from riskboard.catalog import kinds
from riskboard.catalog.columns import Column
from riskboard.catalog.models import Family, Vendor
from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import SPECS
from riskboard.web.definitions import DIRECTIONS, SEVERITIES
from riskboard.web.forms_catalog import Choices, OfVendorForm, page_field

MOST_AT_ONCE = 200
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
}
PLAIN = {"id", "kind", "vendor", "direction", "severity", "occurred_on"}  # their labels and choices say it
LONG = {"summary", "status_reason"}
CHOICES: dict[str, Choices] = {
    "kind": kinds.SignalKind.choices,
    "direction": [(value, f"{value}: {said}") for value, said in DIRECTIONS.items()],
    "severity": [(value, f"{value}: {said}") for value, said in SEVERITIES.items()],
    "date_precision": kinds.Precision.choices,
    "source_reliability": kinds.Reliability.choices,
    "info_credibility": kinds.Credibility.choices,
    "confidence": kinds.Confidence.choices,
}


class InboxForm(OfVendorForm):
    page = page_field()


class VersionForm(forms.Form):
    """Which state of the proposal its sender saw."""

    version = forms.IntegerField(min_value=1, max_value=2_000_000_000, widget=forms.HiddenInput)


class DismissForm(VersionForm):
    reason = forms.CharField(max_length=500, error_messages={"required": "A dismissal says why."})


class MergeForm(VersionForm):
    into = forms.IntegerField(
        min_value=1, max_value=2**62, error_messages={"required": "Choose what it is to be merged into."}
    )


class ManyForm(forms.Form):
    do = forms.ChoiceField(choices=[("accept", "accept"), ("dismiss", "dismiss"), ("undo", "undo")])
    reason = forms.CharField(max_length=500, required=False)

    def __init__(self, data: MultiValueDict[str, str]) -> None:
        super().__init__(data)
        self.texts = data.getlist("chosen")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["chosen"] = self._chosen()
        if cleaned.get("do") == "dismiss" and not cleaned.get("reason"):
            raise forms.ValidationError("A dismissal says why: write a reason for those that you chose.")
        return cleaned

    def _chosen(self) -> dict[int, int]:
        """Number to version."""
        if not self.texts:
            raise forms.ValidationError("Nothing was chosen, so nothing was changed.")
        if len(self.texts) > MOST_AT_ONCE:
            raise forms.ValidationError(f"Choose at most {MOST_AT_ONCE} at once.")
        pairs = [text.partition(":") for text in self.texts]
        if not all(_is_number(number) and _is_number(version) for number, _, version in pairs):
            raise forms.ValidationError("What was chosen could not be read; nothing was changed.")
        return {int(number): int(version) for number, _, version in pairs}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 18


class EditForm(VersionForm):
    """Every column of the row that is proposed. Nothing is refused here: the row's own rules are asked."""

    def __init__(self, data: Mapping[str, Any] | None, proposal: Proposal) -> None:
        known = {name: proposal.fields.get(name, "") for name in SPECS[proposal.table].header}
        super().__init__(data, initial={"version": proposal.version, **known})
        vendors, families = vendor_choices(), family_choices()
        for column in _ordered(SPECS[proposal.table].columns):
            choices = vendors if column.refers_to == "vendors" else families if column.refers_to == "families" else None
            typed = data.get(column.name, "") if data is not None else known[column.name]
            self.fields[column.name] = _field(column, choices or CHOICES.get(column.name), {known[column.name], typed})

    def texts(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def refuse(self, faults: Mapping[str, list[str]]) -> None:
        for name, messages in faults.items():
            self.add_error(name if name in self.fields else None, messages)


def vendor_choices() -> Choices:
    return list(Vendor.objects.order_by("name").values_list("slug", "name"))


def family_choices() -> Choices:
    named = Family.objects.order_by("line__vendor__name", "name").values_list("slug", "name", "line__vendor__name")
    return [(slug, f"{name} ({vendor})") for slug, name, vendor in named]


def _ordered(columns: tuple[Column, ...]) -> list[Column]:
    def place(column: Column) -> int:
        if column.name in ORDER:
            return ORDER.index(column.name)
        return len(ORDER) + (1 + LAST.index(column.name) if column.name in LAST else 0)

    return sorted(columns, key=place)


def _field(column: Column, choices: Choices | None, said: set[str]) -> forms.CharField:
    return forms.CharField(
        label=LABELS.get(column.name, column.name.replace("_", " ").capitalize()),
        required=False,
        max_length=2000,
        widget=_widget(column.name) if choices is None else _select(choices, said),
        help_text="" if column.name in PLAIN else f"{column.doc[:1].upper()}{column.doc[1:]}.",
    )


def _select(choices: Choices, said: set[str]) -> forms.Select:
    """A text that is none of the choices is one more choice, so that it is neither lost nor changed unseen."""
    strays = sorted(said - {value for value, _ in choices} - {""})
    return forms.Select(choices=[("", "not given"), *choices, *((stray, f"{stray} (unknown)") for stray in strays)])


def _widget(name: str) -> forms.Widget:
    if name in LONG:
        return forms.Textarea({"rows": 2})
    if name.endswith("_on"):
        return forms.TextInput({"inputmode": "numeric", "placeholder": "YYYY-MM-DD"})
    return forms.TextInput({"inputmode": "url"} if name.endswith("_url") else {})
