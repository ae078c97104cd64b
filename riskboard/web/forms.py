"""Query strings are forms too: what a page does not know is refused with a sentence, never ignored.

Only what others append to links, to follow who clicks them, is passed over.
"""

from datetime import date
from typing import Any, Self

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict
from django.views.decorators.http import require_http_methods

FIRST_DAY = date(2019, 1, 1)  # histories begin here
require_form = require_http_methods(["GET", "HEAD", "POST"])  # of a page that shows a form and takes it
TRACKING = frozenset({"gclid", "fbclid", "mc_cid", "mc_eid"})


def asked_of(request: HttpRequest) -> QueryDict:
    """The query string. The request forgets what was for trackers, so that no link of the page carries it on."""
    if any(map(is_tracking, request.GET)):
        kept = request.GET.copy()
        for name in filter(is_tracking, request.GET):
            del kept[name]
        request.GET = QueryDict(kept.urlencode())
    return request.GET


def is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith("utm_")


class QueryForm(forms.Form):
    """A page's parameters. ``read`` gives the cleaned values or answers 400 naming the parameter."""

    @classmethod
    def read(cls, request: HttpRequest, **extra: Any) -> dict[str, Any]:
        query = asked_of(request)
        form = cls(query, **extra)
        form.refuse_unknown(query)
        if form.is_valid():
            return form.cleaned_data
        raise BadRequest("; ".join(form.sentences()))

    def refuse_unknown(self, query: QueryDict) -> None:
        unknown = sorted(set(query) - set(self.fields))
        if unknown:
            known = ", ".join(self.fields) or "none"
            raise BadRequest(f"This page does not know the parameter “{unknown[0][:80]}”. It knows: {known}.")

    def sentences(self) -> list[str]:
        return [f"{name}: {message}" for name, messages in self.errors.items() for message in messages]


class AsOfField(forms.DateField):
    """A day the board can speak about: not before the histories begin, not after ``today``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, input_formats=["%Y-%m-%d"], label="As of", **options)
        self.error_messages["invalid"] = "Write a day that exists as YYYY-MM-DD."


class AsOfForm(QueryForm):
    as_of = AsOfField()

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_as_of(self) -> date | None:
        return self.within_history(self.cleaned_data["as_of"])

    def within_history(self, day: date | None) -> date | None:
        if day is not None and day > self.today:
            raise forms.ValidationError(f"{day} is in the future; the board speaks up to {self.today}.")
        if day is not None and day < FIRST_DAY:
            raise forms.ValidationError(f"The histories begin on {FIRST_DAY}; choose that day or a later one.")
        return day


class NoParameters(QueryForm):
    """For pages that take none."""

    @classmethod
    def check(cls, request: HttpRequest) -> Self:
        query = asked_of(request)
        form = cls(query)
        form.refuse_unknown(query)
        return form
