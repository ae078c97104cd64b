"""The query string of a line's page: what is selected on its timeline is an address."""

import re
from datetime import date
from typing import Any

from django import forms

from riskboard.web.forms import AsOfField, AsOfForm

RANGES = (("6m", "6 m"), ("1y", "1 y"), ("3y", "3 y"), ("all", "All"))
REFERENCE = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9._:-]+\Z")
MOST_REMOVED = 20


class ReferenceField(forms.CharField):
    """Names a row of evidence: ``signal:alibaba-20260316-restructuring``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=160, **options)

    def clean(self, value: object) -> str:
        text: str = super().clean(value)
        if text and not REFERENCE.match(text):
            raise forms.ValidationError("Write a reference such as signal:its-key.")
        return text


class ReferencesField(forms.Field):
    """The same parameter any number of times."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> tuple[str, ...]:
        references = tuple(dict.fromkeys(value or ()))
        if len(references) > MOST_REMOVED:
            raise forms.ValidationError(f"Leave out at most {MOST_REMOVED} events.")
        if any(len(reference) > 160 or not REFERENCE.match(reference) for reference in references):
            raise forms.ValidationError("Write references such as signal:its-key.")
        return references


class LineForm(AsOfForm):
    range = forms.ChoiceField(choices=RANGES, required=False)
    event = ReferenceField()
    day = AsOfField()
    to = AsOfField()
    without = ReferencesField(required=False)
    recalled = forms.ChoiceField(choices=[("without", "Without recalled cases")], required=False)
    view = forms.ChoiceField(choices=[("table", "Table")], required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["from"] = AsOfField()  # the word is taken in Python

    def clean_day(self) -> date | None:
        return self.within_history(self.cleaned_data["day"])

    def clean_to(self) -> date | None:
        return self.within_history(self.cleaned_data["to"])

    def clean_from(self) -> date | None:
        return self.within_history(self.cleaned_data["from"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        first, last = data.get("from"), data.get("to")
        if not self.errors and (first is None) != (last is None):
            self.add_error("to", "A period needs both from and to.")
        if first and last and first >= last:
            self.add_error("to", "The period must end after it begins.")
        if sum(1 for asked in (data.get("event"), data.get("day"), first) if asked) > 1:
            self.add_error("event", "Ask for one of event, day or a period (from and to), not for several.")
        as_of = data.get("as_of")
        if as_of and any(day > as_of for day in (data.get("day"), last) if day):
            self.add_error("as_of", f"The page speaks as of {as_of}; ask about days up to then.")
        return data
