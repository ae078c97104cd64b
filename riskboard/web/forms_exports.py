"""What each export can be asked for: the filters of the list it belongs to, and the day."""

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from riskboard.catalog import kinds
from riskboard.catalog.models import EvidenceQuerySet, Family, License, Line, Vendor
from riskboard.web.forms import FIRST_DAY, AsOfField, AsOfForm, asked_of
from riskboard.web.forms_board import LATELY, UNKNOWN_LICENSE
from riskboard.web.forms_catalog import (
    Choices,
    FilterForm,
    LicenseChangesForm,
    LicensesForm,
    OfVendorForm,
    PledgesForm,
    SignalsForm,
    VendorsForm,
    choice,
    year_field,
)
from riskboard.web.forms_ledger import USUAL as LEDGER_DAYS
from scoring.engine.rubric import SHIPPED, load_rubric

Rows = EvidenceQuerySet[Any]
M = TypeVar("M", bound=Model)


def slug_field(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=80)


class ExportForm(FilterForm, AsOfForm):
    """``paths``: parameter -> lookup, of those that filter by equality. ``left_out``: of a list, not of its CSV."""

    paths: ClassVar[dict[str, str]] = {}
    left_out: ClassVar[frozenset[str]] = frozenset({"sort", "page"})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.left_out:
            self.fields.pop(name, None)

    @classmethod
    def parameters(cls) -> list[str]:
        return [name for name in cls.base_fields if name not in cls.left_out]

    @classmethod
    def asked(cls, request: HttpRequest, today: date) -> Self:
        """The valid form of this request; raises BadRequest naming the parameter otherwise."""
        query = asked_of(request)
        form = cls(query, today=today)
        form.refuse_unknown(query)
        if not form.is_valid():
            raise BadRequest("; ".join(form.sentences()))
        return form

    def chosen(self, rows: Rows) -> Rows:
        return rows.filter(**self.lookups(**self.paths))

    @property
    def file_words(self) -> list[str]:
        """What the name of the file says beyond the table: the one thing it is about, and the day."""
        words = (self.cleaned_data.get(name) for name in ("line", "family", "vendor", "as_of"))
        return [str(word) for word in words if word]


class UndatedExport(ExportForm):
    """Of a table whose rows have no day of publication."""

    left_out = ExportForm.left_out | {"as_of"}


class VendorsExport(VendorsForm, UndatedExport):
    paths: ClassVar = {"country": "country", "kind": "kind"}


class LinesExport(OfVendorForm, UndatedExport):
    modality = choice("Modality", kinds.LineModality.choices)
    paths: ClassVar = {"vendor": "vendor__slug", "modality": "modality"}


class FamiliesExport(OfVendorForm, UndatedExport):
    line = slug_field("Line")
    modality = choice("Modality", kinds.ModelModality.choices)
    paths: ClassVar = {"vendor": "line__vendor__slug", "line": "line__slug", "modality": "modality"}

    def clean_line(self) -> str:
        return existing(Line, "slug", self.cleaned_data["line"])


class LicensesExport(LicensesForm, UndatedExport):
    def chosen(self, rows: Rows) -> Rows:
        return self.narrow(rows)


class ThresholdsExport(UndatedExport):
    license = slug_field("License")
    paths: ClassVar = {"license": "license__key"}

    def clean_license(self) -> str:
        return existing(License, "key", self.cleaned_data["license"])


class DatedExport(ExportForm):
    """Of evidence: rows that were public by the day."""

    def dated(self, rows: Rows) -> Rows:
        day = self.cleaned_data["as_of"]
        return rows if day is None else rows.filter(published_on__lte=day)


class ReleasesExport(OfVendorForm, DatedExport):
    line = slug_field("Line")
    family = slug_field("Family")
    access = choice("Access", kinds.Access.choices)
    license = slug_field("License")
    year = year_field()
    paths: ClassVar = {
        "vendor": "family__line__vendor__slug",
        "line": "family__line__slug",
        "family": "family__slug",
        "access": "access",
        "license": "license__key",
        "year": "released_on__year",
    }

    def clean_line(self) -> str:
        return existing(Line, "slug", self.cleaned_data["line"])

    def clean_family(self) -> str:
        return existing(Family, "slug", self.cleaned_data["family"])

    def clean_license(self) -> str:
        return existing(License, "key", self.cleaned_data["license"])

    def chosen(self, rows: Rows) -> Rows:
        return self.dated(rows.filter(**self.lookups(**self.paths)))


class AboutExport(DatedExport):
    """Of rows about a family, or about its vendor as a whole."""

    line = slug_field("Line")
    family = slug_field("Family")

    def clean_line(self) -> str:
        return existing(Line, "slug", self.cleaned_data["line"])

    def clean_family(self) -> str:
        return existing(Family, "slug", self.cleaned_data["family"])

    def about(self, rows: Rows) -> Rows:
        """A line's rows are those of its families and those about the whole vendor."""
        rows = rows.filter(**self.lookups(family="family__slug"))
        line = self.cleaned_data["line"]
        if not line:
            return self.dated(rows)
        whole_vendor = Q(family__isnull=True, vendor__in=Vendor.objects.filter(lines__slug=line))
        return self.dated(rows.filter(Q(family__line__slug=line) | whole_vendor))


class LicenseChangesExport(LicenseChangesForm, AboutExport):
    def chosen(self, rows: Rows) -> Rows:
        return self.about(self.narrow(rows))


class PledgesExport(PledgesForm, AboutExport):
    def chosen(self, rows: Rows) -> Rows:
        return self.about(self.narrow(rows))


class SignalsExport(SignalsForm, AboutExport):
    def chosen(self, rows: Rows) -> Rows:
        return self.about(self.narrow(rows))


class VendorFactsExport(OfVendorForm, AboutExport):
    field = choice("Field", kinds.FactField.choices)

    def chosen(self, rows: Rows) -> Rows:
        return self.about(rows.filter(**self.lookups(vendor="vendor__slug", field="field")))


class ReachExport(OfVendorForm, AboutExport):
    metric = choice("Metric", kinds.Metric.choices)

    def chosen(self, rows: Rows) -> Rows:
        return self.about(rows.filter(**self.lookups(vendor="vendor__slug", metric="metric")))


def offer(field: forms.Field, options: Choices) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "Any"), *options]


def existing(model: type[Model], field: str, value: str) -> str:
    if value and not model._default_manager.filter(**{field: value}).exists():
        raise forms.ValidationError(f"There is no {model._meta.verbose_name} “{value}” here.")
    return value


class ScoresExport(OfVendorForm, ExportForm):
    """The filters of the board."""

    modality = choice("Modality", kinds.LineModality.choices)
    license = choice("License", [*kinds.LicenseCategory.choices, *UNKNOWN_LICENSE])
    state = choice("State", [])
    country = choice("Country", [])
    show = choice("Show", LATELY)
    paths: ClassVar = {"vendor": "vendor__slug", "modality": "modality", "country": "vendor__country"}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rubric, countries = load_rubric(SHIPPED), Vendor.objects.order_by("country").values_list("country", flat=True)
        offer(self.fields["state"], [(row.code, row.label) for row in rubric.states])
        offer(self.fields["country"], [(code, code) for code in dict.fromkeys(countries)])
        if rubric.precision == "grades":
            self.fields["grade"] = choice("Grade", [(band.words, band.words) for band in rubric.grades])

    @property
    def day(self) -> date:
        day: date = self.cleaned_data["as_of"] or self.today
        return day

    @property
    def is_past(self) -> bool:
        return self.day < self.today


class PredictionsExport(UndatedExport):
    line = slug_field("Line")
    round = forms.RegexField(
        r"\A[0-9]{4}-Q[1-4]\Z", required=False, error_messages={"invalid": "Write a quarter, such as 2026-Q4."}
    )

    def clean_line(self) -> str:
        return existing(Line, "slug", self.cleaned_data["line"])

    def of_round(self, rows: QuerySet[M], path: str) -> QuerySet[M]:
        """``path``: from the rows to their forecast."""
        return rows.filter(**self.lookups(line=f"{path}line__slug", round=f"{path}round"))


class OfLineExport(ExportForm):
    line = forms.CharField(label="Line", max_length=80, error_messages={"required": "Name a line, such as line=…"})

    def clean_line(self) -> str:
        return existing(Line, "slug", self.cleaned_data["line"])

    @property
    def subject(self) -> Line:
        return Line.objects.get(slug=self.cleaned_data["line"])


class ContributionsExport(OfLineExport):
    @property
    def day(self) -> date:
        day: date = self.cleaned_data["as_of"] or self.today
        return day


class TimelineExport(OfLineExport):
    left_out = ExportForm.left_out | {"as_of"}
    to = AsOfField()

    def clean_to(self) -> date | None:
        return self.within_history(self.cleaned_data["to"])

    def clean_from(self) -> date | None:
        return self.within_history(self.cleaned_data["from"])

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.first > self.last:
            self.add_error("to", "The period must not end before it begins.")
        return self.cleaned_data

    @property
    def first(self) -> date:
        first: date = self.cleaned_data["from"] or FIRST_DAY
        return first

    @property
    def last(self) -> date:
        last: date = self.cleaned_data["to"] or self.today
        return last


TimelineExport.base_fields["from"] = AsOfField()  # the word is taken in Python


class LedgerExport(TimelineExport):
    """Without days: the last 90."""

    def clean(self) -> dict[str, Any]:
        if not self.errors and self.first >= self.last:
            self.add_error("to", "The period must end after it begins.")
        return self.cleaned_data

    @property
    def first(self) -> date:
        first: date = self.cleaned_data["from"] or max(FIRST_DAY, self.last - LEDGER_DAYS)
        return first
