"""The address of a what-if: events switched off, things supposed, and the day; nothing of it is stored."""

import re
from datetime import date, timedelta
from typing import Any, get_args

from django import forms
from django.http import QueryDict

from riskboard.catalog import kinds
from riskboard.web.forms import FIRST_DAY, AsOfField, AsOfForm
from riskboard.web.forms_lines import ReferencesField
from scoring.engine.facts import Direction
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.scenarios import PRESETS, Supposed

FURTHEST = timedelta(days=730)  # as far as the longest forecast
MOST_ADDED = 12
# "ipo", "pledge.binding.contract", "signal.layoffs.weakens.3", each with "@2026-10-01" where it has a day of its own.
TOKEN = re.compile(r"(?P<preset>[a-z_]+)(?:\.(?P<rest>[a-z0-9_.]+))?(?:@(?P<on>\d{4}-\d{2}-\d{2}))?\Z")
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
SEVERITIES = tuple((str(number), str(number)) for number in range(1, 6))


class AddedField(forms.Field):
    """The same parameter any number of times."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> tuple[str, ...]:
        tokens = tuple(dict.fromkeys(value or ()))
        if len(tokens) > MOST_ADDED:
            raise forms.ValidationError(f"Suppose at most {MOST_ADDED} things at once.")
        return tokens


class WhatIfForm(AsOfForm):
    """``without`` and ``add`` are the scenario. ``new`` and what describes it is one more thing, to be added to it."""

    without = ReferencesField(required=False)
    add = AddedField(required=False)
    new = forms.ChoiceField(choices=[(name, preset.label) for name, preset in PRESETS.items()], required=False)
    on = AsOfField()
    specificity = forms.ChoiceField(choices=kinds.Specificity.choices, required=False)
    channel = forms.ChoiceField(choices=kinds.Channel.choices, required=False)
    kind = forms.ChoiceField(choices=kinds.SignalKind.choices, required=False)
    direction = forms.ChoiceField(choices=[(name, name) for name in DIRECTIONS], required=False)
    severity = forms.ChoiceField(choices=SEVERITIES, required=False)

    def within_history(self, day: date | None) -> date | None:
        """Also of days ahead: what would be if nothing else became public until then."""
        last = self.today + FURTHEST
        if day is not None and day > last:
            raise forms.ValidationError(f"{day} is too far ahead; suppose things up to {last}.")
        if day is not None and day < FIRST_DAY:
            raise forms.ValidationError(f"The histories begin on {FIRST_DAY}; choose that day or a later one.")
        return day

    def clean_on(self) -> date | None:
        return self.within_history(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.errors:
            return data
        tokens = data["add"]
        if data["new"]:
            tokens = tuple(dict.fromkeys((*tokens, _token(data))))
            if len(tokens) > MOST_ADDED:
                self.add_error("add", f"Suppose at most {MOST_ADDED} things at once.")
        try:
            data["supposed"] = tuple(self._supposed(token, data["as_of"] or self.today) for token in tokens)
        except forms.ValidationError as error:
            self.add_error("new" if data["new"] else "add", error)
        return data

    def _supposed(self, token: str, day: date) -> Supposed:
        found = TOKEN.match(token)
        if not found or found["preset"] not in PRESETS:
            raise forms.ValidationError(f"“{token[:80]}” is nothing to suppose; there is {', '.join(PRESETS)}.")
        described = _described(found["preset"], (found["rest"] or "").split("."))
        return Supposed(token, found["preset"], self._day(found["on"]) or day, **described)

    def _day(self, text: str | None) -> date | None:
        try:
            return self.within_history(date.fromisoformat(text)) if text else None
        except ValueError as error:
            raise forms.ValidationError(f"{text} is no day that exists.") from error


def _token(data: dict[str, Any]) -> str:
    words = [data["new"]]
    if data["new"] == "pledge":
        words += [data["specificity"] or "binding", data["channel"] or "press"]
    if data["new"] == "signal":
        words += [data["kind"], data["direction"] or "weakens", data["severity"] or "3"]
    return ".".join(words) + (f"@{data['on']}" if data["on"] else "")


def _described(preset: str, words: list[str]) -> dict[str, Any]:
    """What the address says of a promise or a signal; the other presets say all by their name."""
    match preset, words:
        case "pledge", [specificity, channel]:
            if specificity in kinds.Specificity.values and channel in kinds.Channel.values:
                return {"specificity": specificity, "channel": channel}
            raise forms.ValidationError("Write a promise as pledge.binding.contract: its specificity and its channel.")
        case "signal", [kind, direction, severity]:
            known = kind in load_rubric(SHIPPED).kinds and direction in DIRECTIONS
            if known and severity in dict(SEVERITIES):
                return {"kind": kind, "direction": direction, "severity": int(severity)}
            raise forms.ValidationError("Write a signal as signal.layoffs.weakens.3: kind, direction, severity 1 to 5.")
        case (("pledge" | "signal"), _):
            raise forms.ValidationError(
                f"Say more of the {preset}, as in pledge.binding.contract or signal.ipo.weakens.3."
            )
        case _, [""]:
            return {}
        case _:
            raise forms.ValidationError(f"“{preset}” takes nothing but a day: {preset}@2026-10-01.")


def scenario_query(without: tuple[str, ...], added: tuple[str, ...], as_of: date | None) -> str:
    """The query string of a scenario; empty for none."""
    query = QueryDict(mutable=True)
    query.setlist("without", list(without))
    query.setlist("add", list(added))
    if as_of:
        query["as_of"] = as_of.isoformat()
    return query.urlencode(safe=":@")
