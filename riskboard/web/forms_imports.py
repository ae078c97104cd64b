"""What is sent to import rows, and which of them a page shows."""

from typing import Any

from django import forms

from riskboard.catalog.tables import TABLES
from riskboard.ingest.imports.models import ImportedRow
from riskboard.web.forms_catalog import FilterForm, choice, page_field
from riskboard.web.uploads import UploadForm

LARGEST = 5_000_000


class ImportForm(UploadForm):
    largest = LARGEST
    too_large = f"A file may have {LARGEST // 1_000_000} MB, and pasted text half of that: send it in parts."
    not_both = "Send a file or pasted rows, not both."
    nothing = "Choose a file, or paste rows."

    table = forms.ChoiceField(label="Table", choices=[(name, name.replace("_", " ")) for name in TABLES])
    file = forms.FileField(label="CSV file", required=False, allow_empty_file=True)
    text = forms.CharField(
        label="or paste rows, with the line that names the columns",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )


class RowsForm(FilterForm):
    outcome = choice("Show", [(str(outcome), outcome.label) for outcome in ImportedRow.Outcome])
    page = page_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "all but those as on record"), *list(field.choices)[1:]]  # type: ignore[arg-type]


class ApplyForm(forms.Form):
    """``plan``: the hash of what its sender looked through."""

    plan = forms.CharField(max_length=64, error_messages={"required": "Look through what would be recorded first."})
    reason = forms.CharField(max_length=500, required=False)


class UndoForm(forms.Form):
    reason = forms.CharField(max_length=500, required=False)
