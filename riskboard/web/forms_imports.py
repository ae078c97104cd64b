"""What is sent to import rows, and which of them a page shows."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS

from riskboard.catalog.tables import TABLES
from riskboard.ingest.imports.models import ImportedRow
from riskboard.web.forms_catalog import FilterForm, choice, page_field

LARGEST = 5_000_000
LARGEST_REQUEST = LARGEST + 100_000  # with what a form sends around a file
TOO_LARGE = f"A file may have {LARGEST // 1_000_000} MB, and pasted text half of that: send it in parts."


class ImportForm(forms.Form):
    """A file or pasted rows: ``content`` is what was sent, ``file_name`` blank for what was pasted."""

    table = forms.ChoiceField(label="Table", choices=[(name, name.replace("_", " ")) for name in TABLES])
    file = forms.FileField(label="CSV file", required=False, allow_empty_file=True)
    text = forms.CharField(
        label="or paste rows, with the line that names the columns",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        has_file, has_text = cleaned.get("file") is not None, bool(cleaned.get("text", "").strip())
        if has_file and has_text:
            raise forms.ValidationError("Send a file or pasted rows, not both.")
        if not has_file and not has_text and not self.errors:
            raise forms.ValidationError("Choose a file, or paste rows.")
        if has_file and cleaned["file"].size > LARGEST:
            raise forms.ValidationError(TOO_LARGE, code="too_large")
        return cleaned

    @property
    def is_too_large(self) -> bool:
        return self.has_error(NON_FIELD_ERRORS, "too_large")

    @property
    def content(self) -> bytes:
        upload = self.cleaned_data["file"]
        return bytes(upload.read()) if upload is not None else self.cleaned_data["text"].encode()

    @property
    def file_name(self) -> str:
        upload = self.cleaned_data["file"]
        return str(upload.name) if upload is not None else ""


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
