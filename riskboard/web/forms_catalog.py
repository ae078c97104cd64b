"""The filters of the catalog's lists. ``narrow`` applies them to rows, for the page and for its CSV alike."""

from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest

from riskboard.catalog import kinds
from riskboard.catalog.models import License, LicenseChange, Pledge, Signal, Vendor
from riskboard.catalog.models.evidence import EvidenceQuerySet
from riskboard.web.countries import country_name
from riskboard.web.forms import QueryForm, asked_of

Choices = list[tuple[str, str]]
BOTH: Choices = [("yes", "yes"), ("no", "no")]
SEVERITIES: Choices = [(str(step), f"{step} or more") for step in range(2, 6)]


def choice(label: str, options: Choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Any"), *options])


def sort_choice(*keys: str) -> forms.ChoiceField:
    both = [*keys, *(f"-{key}" for key in keys)]
    field = forms.ChoiceField(required=False, choices=[(key, key) for key in both], widget=forms.HiddenInput)
    field.error_messages["invalid_choice"] = (
        f"This list sorts by {', '.join(keys)}; a minus before one turns its order."
    )
    return field


def year_field() -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"placeholder": "Any"})
    return forms.IntegerField(label="Year", required=False, min_value=1990, max_value=2100, widget=widget)


def page_field() -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=1, max_value=100_000)


class FilterForm(QueryForm):
    """A list's parameters. What they say is an address again."""

    default_order: ClassVar[str] = ""
    apart: ClassVar[frozenset[str]] = frozenset({"sort", "page"})  # of the list, not of its rows

    @classmethod
    def bound(cls, request: HttpRequest) -> Self:
        """The valid form of this request; raises BadRequest naming the parameter otherwise."""
        query = asked_of(request)
        form = cls(query)
        form.refuse_unknown(query)
        if not form.is_valid():
            raise BadRequest("; ".join(form.sentences()))
        return form

    @property
    def order(self) -> str:
        return self.cleaned_data.get("sort") or self.default_order

    @property
    def filters(self) -> dict[str, Any]:
        """What was asked of the rows, without what was left blank."""
        return {name: value for name, value in self._said().items() if name not in self.apart}

    @property
    def fields_shown(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.apart]

    @property
    def address(self) -> str:
        return self.query()

    @property
    def export_address(self) -> str:
        return urlencode(self.filters)

    def query(self, **changes: object) -> str:
        merged = self._said() | changes
        return urlencode({name: value for name, value in merged.items() if value not in ("", None)})

    def lookups(self, **names: str) -> dict[str, Any]:
        """``names``: parameter -> lookup. Parameters left blank filter nothing."""
        asked = self.filters
        return {lookup: asked[name] for name, lookup in names.items() if name in asked}

    def _said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}


class OfVendorForm(FilterForm):
    vendor = choice("Vendor", [])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _offer(self.fields["vendor"], list(Vendor.objects.order_by("name").values_list("slug", "name")))


class VendorsForm(FilterForm):
    default_order = "name"
    country = choice("Country", [])
    kind = choice("Kind", kinds.VendorKind.choices)
    sort = sort_choice("name", "country", "kind", "lines", "pledges", "newest")
    page = page_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        codes = Vendor.objects.order_by().values_list("country", flat=True).distinct()
        _offer(self.fields["country"], sorted(((code, country_name(code)) for code in codes), key=lambda pair: pair[1]))


class PledgesForm(OfVendorForm):
    status = choice("Status", kinds.PledgeStatus.choices)
    specificity = choice("How specific", kinds.Specificity.choices)
    channel = choice("Channel", kinds.Channel.choices)
    page = page_field()

    def narrow(self, rows: EvidenceQuerySet[Pledge]) -> EvidenceQuerySet[Pledge]:
        asked = self.lookups(vendor="vendor__slug", status="status", specificity="specificity", channel="channel")
        return rows.filter(**asked)


class LicensesForm(FilterForm):
    default_order = "name"
    category = choice("Category", kinds.LicenseCategory.choices)
    commercial_use = choice("Commercial use", [*kinds.CommercialUse.choices, ("unknown", "unknown")])
    text_read = choice("Text read", BOTH)
    sort = sort_choice("name", "category", "releases")
    page = page_field()

    def narrow(self, rows: EvidenceQuerySet[License]) -> EvidenceQuerySet[License]:
        asked = self.lookups(category="category", commercial_use="commercial_use", text_read="text_read")
        if asked.get("commercial_use") == "unknown":
            asked["commercial_use"] = ""
        if "text_read" in asked:
            asked["text_read"] = asked["text_read"] == "yes"
        return rows.filter(**asked)


class LicenseChangesForm(OfVendorForm):
    direction = choice("Direction", kinds.ChangeDirection.choices)
    scope = choice("Scope", kinds.ChangeScope.choices)
    year = year_field()
    page = page_field()

    def narrow(self, rows: EvidenceQuerySet[LicenseChange]) -> EvidenceQuerySet[LicenseChange]:
        names = {"vendor": "vendor__slug", "direction": "direction", "scope": "scope", "year": "announced_on__year"}
        return rows.filter(**self.lookups(**names))


class SignalsForm(OfVendorForm):
    kind = choice("Kind", sorted(kinds.SignalKind.choices, key=lambda pair: pair[1].lower()))
    direction = choice("Direction", kinds.Direction.choices)
    severity = choice("Severity", SEVERITIES)
    reliability = choice("Source reliability", kinds.Reliability.choices)
    year = year_field()
    page = page_field()

    def narrow(self, rows: EvidenceQuerySet[Signal]) -> EvidenceQuerySet[Signal]:
        asked = self.lookups(
            vendor="vendor__slug",
            kind="kind",
            direction="direction",
            severity="severity__gte",
            reliability="source_reliability",
            year="occurred_on__year",
        )
        return rows.filter(**asked)


class SourceForm(FilterForm):
    page = page_field()


def _offer(field: forms.Field, options: Choices) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "Any"), *options]
