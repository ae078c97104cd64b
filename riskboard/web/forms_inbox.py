"""What analysts send from the inbox. The rules of a row are the catalog's: their faults come back by column."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import SPECS
from riskboard.web.forms_catalog import OfVendorForm, page_field
from riskboard.web.forms_rows import choices_of, columns_in_order, field_of, references

MOST_AT_ONCE = 200


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
        spec = SPECS[proposal.table]
        referred = references(spec)
        for column in columns_in_order(spec.columns):
            typed = data.get(column.name, "") if data is not None else known[column.name]
            choices = choices_of(spec, column, referred)
            self.fields[column.name] = field_of(column, choices, {known[column.name], typed})

    def texts(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def refuse(self, faults: Mapping[str, list[str]]) -> None:
        for name, messages in faults.items():
            self.add_error(name if name in self.fields else None, messages)
