"""The query strings of the board, its search and the comparison."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest, QueryDict

from riskboard.catalog import kinds
from riskboard.web.countries import country_name
from riskboard.web.forms import AsOfField, AsOfForm, QueryForm, asked_of
from riskboard.web.forms_catalog import Choices, FilterForm, choice, page_field, sort_choice
from scoring.board import BoardLine, board, board_lines
from scoring.engine.rubric import SHIPPED, load_rubric

LONGEST_QUERY = 300  # a hub id of 96 + 96 letters as a package URL with its commit, and some to spare
LATELY: Choices = [("worse", "Closed or tightened in 90 days"), ("thin", "Too thin to rate")]
MOST_LINES = 6  # more lines on one pair of axes cannot be told apart
USUAL_SPAN = "3y"
SPANS: Choices = [("1y", "1 y"), ("3y", "3 y"), ("all", "All")]
UNKNOWN_LICENSE: Choices = [("unknown", "unknown")]


class SearchForm(QueryForm):
    q = forms.CharField(required=False, max_length=LONGEST_QUERY)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["q"].error_messages["max_length"] = f"Ask in at most {LONGEST_QUERY} characters."


class BoardForm(FilterForm, AsOfForm):
    default_order = "durability"
    field_order = ("vendor", "modality", "license", "state", "country", "grade", "show", "as_of")

    vendor = choice("Vendor", [])
    modality = choice("Modality", kinds.LineModality.choices)
    license = choice("License", [*kinds.LicenseCategory.choices, *UNKNOWN_LICENSE])
    state = choice("State", [])
    country = choice("Country", [])
    show = choice("Show", LATELY)
    as_of = AsOfField(widget=forms.DateInput(attrs={"type": "date"}))
    sort = sort_choice("line", "state", "durability", "place", "years", "change", "mover", "evidence")
    page = page_field()

    def __init__(self, *args: Any, lines: Sequence[BoardLine], **options: Any) -> None:
        """``lines``: of the day asked for. Every vendor and country can be chosen, also where it had no line yet."""
        super().__init__(*args, **options)
        self.lines = lines
        rubric, vendors = load_rubric(SHIPPED), {line.vendor for line in board_lines()}
        countries = {(vendor.country, country_name(vendor.country)) for vendor in vendors}
        self._offer("vendor", sorted(((vendor.slug, vendor.name) for vendor in vendors), key=_by_name))
        self._offer("state", [(row.code, row.label) for row in rubric.states])
        self._offer("country", sorted(countries, key=_by_name))
        if rubric.precision == "grades":
            self.fields["grade"] = choice("Grade", [(band.words, band.words) for band in rubric.grades])
        self.fields["as_of"].widget.attrs |= {"max": self.today.isoformat()}
        self.order_fields(self.field_order)

    def spelled(self, name: str) -> str:
        """A filter as people read it: "Country: Germany"."""
        chosen = next(option.choice_label for option in self[name] if option.data["selected"])
        return f"{self.fields[name].label}: {chosen}"

    def _offer(self, name: str, options: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Any"), *options]

    @classmethod
    def asked(cls, request: HttpRequest, today: date) -> Self:
        """The valid form of this request with the lines of its day; raises BadRequest naming the parameter."""
        query = asked_of(request)
        form = cls(query, today=today, lines=board(_day_asked(query, today)))
        form.refuse_unknown(query)
        if not form.is_valid():
            raise BadRequest("; ".join(form.sentences()))
        return form

    @property
    def as_of_asked(self) -> date | None:
        day: date | None = self.cleaned_data["as_of"]
        return day

    @property
    def day(self) -> date:
        return self.as_of_asked or self.today


def _day_asked(query: QueryDict, today: date) -> date | None:
    """None, which stands for today, also for a day that the form is going to refuse."""
    form = AsOfForm({"as_of": query.get("as_of", "")}, today=today)
    day = form.cleaned_data["as_of"] if form.is_valid() else None
    return None if day == today else day


def _by_name(option: tuple[str, str]) -> str:
    return option[1].casefold()


class LinesField(forms.Field):
    """Slugs joined by commas, or the parameter several times, as a form without JavaScript sends it."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> tuple[str, ...]:
        slugs = [slug.strip() for part in value or () for slug in part.split(",")]
        asked = tuple(dict.fromkeys(filter(None, slugs)))
        if len(asked) > MOST_LINES:
            raise forms.ValidationError(f"Compare at most {MOST_LINES} lines; this address names {len(asked)}.")
        return asked


class CompareForm(AsOfForm):
    l = LinesField(required=False)  # noqa: E741 -- the parameter's name
    range = forms.ChoiceField(choices=SPANS, required=False)
    as_of = AsOfField(widget=forms.DateInput(attrs={"type": "date"}))

    def clean_range(self) -> str:
        return self.cleaned_data["range"] or USUAL_SPAN
