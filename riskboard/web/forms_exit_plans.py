"""What is sent from the page of an exit plan, part by part."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import Q

from riskboard.catalog.models import Release
from riskboard.portfolio.kinds import CheckState, Outcome
from riskboard.portfolio.models import Alternative, ExitCheck, ExitPlan, Rehearsal

Data = Mapping[str, Any] | None
TOO_LATE = "That day has not come yet."


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, "%Y-%m-%d")


class PastDays:
    """Refuses days after ``today`` in the fields named."""

    days: ClassVar[tuple[str, ...]]
    today: date

    def refuse_days_to_come(self, form: forms.BaseForm) -> None:
        for name in self.days:
            day = form.cleaned_data.get(name)
            if day is not None and day > self.today:
                form.add_error(name, TOO_LATE)


class PlanForm(PastDays, forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    days = ("reviewed_on",)

    class Meta:
        model = ExitPlan
        fields = (
            "owner",
            "substitutability",
            "reintegration",
            "impact",
            "has_alternatives",
            "reviewed_on",
            "rehearse_every_days",
            "note",
        )
        widgets: ClassVar = {"reviewed_on": day_input(), "note": forms.Textarea({"rows": 3})}

    def __init__(self, data: Data, plan: ExitPlan, today: date) -> None:
        super().__init__(data, instance=plan, auto_id="plan-%s")
        self.today = today
        for name in ("substitutability", "reintegration", "impact"):
            field: Any = self.fields[name]
            field.choices = [("", "unknown"), *((code, label.lower()) for code, label in field.choices if code)]

    def clean(self) -> None:
        super().clean()
        self.refuse_days_to_come(self)


class CheckForm(PastDays, forms.Form):
    days = ("done_on",)
    state = forms.ChoiceField(choices=CheckState.choices)
    note = forms.CharField(max_length=500, required=False, label="What proves it")
    done_on = forms.DateField(required=False, label="Done on", widget=day_input())

    def __init__(self, data: Data, item: str, check: ExitCheck | None, today: date) -> None:
        initial: dict[str, object] = {"state": CheckState.UNKNOWN}
        if check is not None:
            initial = {"state": check.state, "note": check.note, "done_on": check.done_on}
        super().__init__(data, prefix=item, initial=initial)
        self.today = today

    def clean(self) -> None:
        super().clean()
        self.refuse_days_to_come(self)
        if self.cleaned_data.get("done_on") and self.cleaned_data.get("state") != CheckState.DONE:
            self.add_error("done_on", "Only what is done has a day: choose “done”, or leave the day blank.")


class NamingForm(forms.Form):
    release = forms.CharField(
        max_length=200, label="Release", help_text="Its name, its key or its hub repository, as cataloged here."
    )

    def clean_release(self) -> Release:
        said = self.cleaned_data["release"].strip()
        named = Q(slug__iexact=said) | Q(name__iexact=said) | Q(hf_repo__iexact=said)
        found = Release.objects.filter(named).order_by("pk").first()
        if found is None:
            raise forms.ValidationError("No release of that name is cataloged here.")
        return found


class TestForm(PastDays, forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    days = ("tested_on",)
    __test__ = False  # a test of an alternative, not of this program

    class Meta:
        model = Alternative
        fields = ("tested_on", "outcome", "note")
        widgets: ClassVar = {"tested_on": day_input()}

    def __init__(self, data: Data, alternative: Alternative, today: date) -> None:
        super().__init__(data, instance=alternative, auto_id=f"alternative-{alternative.pk}-%s")
        self.today = today
        field: Any = self.fields["outcome"]
        field.choices = [("", "not tested"), *Outcome.choices]

    def clean(self) -> None:
        super().clean()
        self.refuse_days_to_come(self)
        day, outcome = self.cleaned_data.get("tested_on"), self.cleaned_data.get("outcome")
        if outcome and day is None and "tested_on" not in self.errors:
            self.add_error("tested_on", "A test has a day.")
        if day is not None and not outcome and "outcome" not in self.errors:
            self.add_error("outcome", "A test has an outcome.")


class RehearsalForm(PastDays, forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    days = ("held_on",)

    class Meta:
        model = Rehearsal
        fields = ("held_on", "outcome", "took_days", "by", "found")
        widgets: ClassVar = {"held_on": day_input(), "found": forms.Textarea({"rows": 3})}

    def __init__(self, data: Data, today: date) -> None:
        super().__init__(data, auto_id="rehearsal-%s")
        self.today = today

    def clean(self) -> None:
        super().clean()
        self.refuse_days_to_come(self)
        is_timed = self.cleaned_data.get("took_days") is not None or "took_days" in self.errors
        if self.cleaned_data.get("outcome") == Outcome.PASSED and not is_timed:
            self.add_error("took_days", "One that passed says how long the switch took.")
