"""What is sent from the pages of a fact: a correction, a withdrawal, a contest and how it was settled, an address."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import Model

from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import spec_of, texts_of
from riskboard.ingest.services import version_of
from riskboard.web.forms_catalog import FilterForm, choice, page_field
from riskboard.web.forms_inbox import EditForm

REASON = 500
Data = Mapping[str, Any] | None


def reason_field(required: str) -> forms.CharField:
    return forms.CharField(
        max_length=REASON, label="Reason", error_messages={"required": required}, widget=forms.Textarea({"rows": 2})
    )


def faults_of(form: forms.Form) -> list[str]:
    """In sentences."""
    return [str(message) for found in form.errors.values() for message in found]


class CorrectionForm(EditForm):
    """Every column of a row on record, as it is now or as it was typed."""

    version = forms.CharField(max_length=60, widget=forms.HiddenInput)  # type: ignore[assignment]
    reason = reason_field("A correction says why.")

    def __init__(self, data: Data, row: Model) -> None:
        spec = spec_of(row)
        super().__init__(data, Proposal(table=spec.name, fields=texts_of(row)))
        self.initial["version"] = version_of(row)
        self.order_fields([name for name in self.fields if name != "reason"])
        for column in spec.columns:
            if column.name in spec.key or (column.refers_to and not column.field):
                self._fix(column.name)

    def _fix(self, name: str) -> None:
        """What a correction cannot change; a select knows no such state, so it becomes a text."""
        field = self.fields[name]
        field.widget = forms.TextInput({"readonly": True})
        field.help_text = "Stays as it is: withdraw the row and enter another where this is wrong."

    def texts(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name not in {"version", "reason"}}


class WithdrawalForm(forms.Form):
    version = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = reason_field("A withdrawal says why.")


class RevertForm(forms.Form):
    entry = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=400, required=False, label="Reason")


class ContestForm(forms.Form):
    reason = reason_field("A contest says why.")
    url = forms.CharField(
        max_length=REASON,
        required=False,
        label="Address that shows it",
        widget=forms.TextInput({"inputmode": "url", "placeholder": "https://"}),
        help_text="Where others can read it. May be left blank.",
    )


class OutcomeForm(forms.Form):
    outcome = reason_field("Say how it was settled.")


class AddressForm(forms.Form):
    url = forms.CharField(max_length=REASON, label="New address", error_messages={"required": "Write the new address."})
    reason = reason_field("A correction says why.")


class ContestsForm(FilterForm):
    state: ClassVar = choice("State", [("open", "open"), ("settled", "settled")])
    page = page_field()


class RecheckForm(FilterForm):
    list: ClassVar = choice("List", [("queue", "needs a person"), ("unchecked", "never or not for a year")])
    page = page_field()
