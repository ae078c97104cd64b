from datetime import timedelta

from django import forms
from django.contrib.auth.models import User

from riskboard.web.accounts.models import ApiScope
from riskboard.web.forms import QueryForm


class NextForm(QueryForm):
    next = forms.CharField(required=False, max_length=4000)


class SignInForm(forms.Form):
    name = forms.CharField(
        max_length=150, widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
    )
    password = forms.CharField(
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_name(self) -> str:
        return str(User.normalize_username(self.cleaned_data["name"]))


class CodeForm(forms.Form):
    code = forms.CharField(
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class TokenForm(forms.Form):
    name = forms.CharField(label="What it is for", max_length=80)
    scopes = forms.MultipleChoiceField(
        label="What it opens",
        choices=ApiScope.choices,
        initial=[ApiScope.READ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    days = forms.TypedChoiceField(
        label="For how long", coerce=int, choices=[(30, "30 days"), (90, "90 days"), (365, "a year")], initial=90
    )

    @property
    def chosen(self) -> list[ApiScope]:
        return [ApiScope(scope) for scope in self.cleaned_data["scopes"]]

    @property
    def lasts(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])
