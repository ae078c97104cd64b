"""Forms of what a team stands to lose."""

from datetime import date
from typing import Any

from django import forms

from riskboard.portfolio.acceptances import LONGEST
from riskboard.portfolio.kinds import Mode
from riskboard.portfolio.models import Acceptance
from riskboard.web.forms import QueryForm


class ExposureForm(QueryForm):
    show = forms.ChoiceField(choices=[("all", "all")], required=False)


class AskForm(QueryForm):
    """Which way of failing the form of an acceptance begins with."""

    mode = forms.ChoiceField(choices=Mode.choices, required=False)


class AcceptanceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    class Meta:
        model = Acceptance
        fields = ("mode", "reason", "expires_on")
        labels = {"mode": "If it is", "reason": "Why the team takes this risk", "expires_on": "Until"}
        widgets = {
            "reason": forms.Textarea({"rows": 3}),
            "expires_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"expires_on": "The day on which it comes back, a year from now at most."}

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["expires_on"].widget.attrs["max"] = (today + LONGEST).isoformat()
