"""A reviewer's ruling on how a forecast came out."""

from django import forms
from django.core.validators import URLValidator

from riskboard.web.forms_evidence import reason_field
from scoring.models import Resolution
from scoring.rulings import Ruling

ADDRESS = 1000
DAY = forms.DateInput({"type": "date"})


class PredictionRulingForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=[("", "Choose"), *Resolution.Outcome.choices],
        label="How it came out",
        error_messages={"required": "Say how it came out."},
        help_text="“Open again” takes back what was ruled: the rules decide once more.",
    )
    event_on = forms.DateField(
        required=False,
        label="Day of the failure",
        input_formats=["%Y-%m-%d"],
        widget=DAY,
        error_messages={"invalid": "Write a day that exists as YYYY-MM-DD."},
        help_text="Of a failure alone.",
    )
    mode = forms.ChoiceField(
        required=False,
        label="How it failed",
        choices=[("", "Not a failure"), *Resolution.Mode.choices],
        help_text="Of a failure alone.",
    )
    source_url = forms.CharField(
        max_length=ADDRESS,
        label="Address that shows it",
        validators=[URLValidator(["http", "https"], message="Write an address that begins with https:// or http://.")],
        widget=forms.TextInput({"inputmode": "url", "placeholder": "https://"}),
        error_messages={"required": "A ruling cites where its reason can be read."},
    )
    reason = reason_field("A ruling says why.")
    version = forms.CharField(
        max_length=20,
        widget=forms.HiddenInput,
        error_messages={"required": "It is not known what held when you began: load the page anew."},
    )

    @property
    def ruling(self) -> Ruling:
        said = self.cleaned_data
        return Ruling(said["outcome"], said["reason"], said["source_url"], said["event_on"], said["mode"])

    def refuse(self, faults: dict[str, list[str]]) -> None:
        for name, found in faults.items():
            self.add_error(name if name in self.fields else None, found)
