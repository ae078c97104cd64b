"""Forms of a team's own records. Every figure may stay unknown; what is left blank is never taken for "no"."""

from datetime import date
from typing import Any, Self

from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Model, Q
from django.http import HttpRequest, QueryDict

from riskboard.catalog.finding import exactly, hub_id, named_like, nearest_names, release_of
from riskboard.catalog.models import Release, Vendor
from riskboard.portfolio import kinds
from riskboard.portfolio.columns import SWITCH
from riskboard.portfolio.models import Company, Deployment, Team, Workflow
from riskboard.portfolio.models.deployments import DeploymentQuerySet
from riskboard.portfolio.services import match_by_hand, version_of
from riskboard.web.forms import QueryForm, asked_of
from riskboard.web.forms_board import LONGEST_QUERY
from riskboard.web.forms_catalog import Choices, FilterForm, choice, page_field

UNKNOWN: Choices = [("", "unknown")]
NEW = ("new_name", "new_owner", "new_tier", "new_tolerated")


class NameForm(forms.Form):
    """The name of a team or of an account."""

    name = forms.CharField(max_length=120, widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}))

    def __init__(self, *args: Any, label: str = "Name", **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["name"].label = label


class VersionedForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """A form that knows which state of its row it was opened on."""

    version = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["version"] = version_of(self.instance)
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField) and not field.required:
                known: Any = field.choices
                field.choices = [*UNKNOWN, *[pair for pair in known if pair[0] != ""]]

    @property
    def version_sent(self) -> str:
        return str(self.cleaned_data["version"])


def upon(typed: QueryDict, current: Model) -> QueryDict:
    """What was typed, upon what is on record by now: sent again, it replaces that."""
    again = typed.copy()
    again["version"] = version_of(current)
    return again


class CompanyForm(VersionedForm):
    class Meta:
        model = Company
        fields = [
            *("monthly_users", "daily_users", "revenue", "funding", "currency", "seats", "countries"),
            *("is_commercial", "hosts_for_others", "trains_on_outputs", "redistributes", "person_day"),
        ]
        widgets = {"countries": forms.TextInput({"placeholder": "DE, FR"})}

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise ValidationError("Three letters, such as USD or EUR.")
        return code

    def clean_countries(self) -> str:
        codes = [code.strip().upper() for code in self.cleaned_data["countries"].split(",") if code.strip()]
        for code in codes:
            if not (len(code) == 2 and code.isascii() and code.isalpha()):
                raise ValidationError(f"“{code}” is not a two-letter code, such as DE.")
        return ",".join(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("monthly_users", "daily_users", "revenue", "funding", "person_day"):
            if (data.get(name) or 0) < 0:
                self.add_error(name, "Not less than zero; blank where it is unknown.")
        money = [name for name in ("revenue", "funding", "person_day") if data.get(name) is not None]
        if money and not data.get("currency") and "currency" not in self.errors:
            self.add_error("currency", "Say in which currency the amounts are.")
        return data


class WorkflowForm(VersionedForm):
    class Meta:
        model = Workflow
        fields = ["name", "owner", "tier", "tolerated_days"]

    def clean_tolerated_days(self) -> Any:  # noqa: ANN401 -- a Decimal or nothing
        return not_negative(self.cleaned_data["tolerated_days"])


class DeploymentForm(VersionedForm):
    """Of one team. The workflow is one of theirs, or a new one that is named here."""

    new_name = forms.CharField(required=False, max_length=120, label="Name of the new workflow")
    new_owner = forms.CharField(required=False, max_length=120, label="Its owner", help_text="A role or a person.")
    new_tier = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, label="Its tier", choices=kinds.Tier.choices
    )
    new_tolerated = forms.DecimalField(
        required=False, min_value=0, max_digits=6, decimal_places=2, label="Its tolerated outage, days"
    )
    stands_on = forms.CharField(
        required=False,
        max_length=LONGEST_QUERY,
        label="Stands on the release",
        help_text="A hub id or the name of a release in the catalog. Blank: not matched yet, and listed as that.",
    )

    class Meta:
        model = Deployment
        fields = [
            *("workflow", "environment", "reference", "scheme", "relation", "revision", "served_by"),
            *("embed_depth", *SWITCH, "switch_days"),
            *("mirror", "mirror_place", "mirror_sha256", "mirror_checked_on"),
            *("license_text", "license_text_on", "note"),
        ]
        labels = {
            "relation": "It is",
            "embed_depth": "How deep it is built in",
            "switch_days": "Days that a switch takes",
            "switch_low": "Work at best, person-days",
            "switch_likely": "Work most likely, person-days",
            "switch_high": "Work at worst, person-days",
            "mirror": "Copy of the weights",
            "mirror_place": "Where the copy is",
            "mirror_sha256": "Its SHA-256",
            "mirror_checked_on": "Compared on",
            "license_text_on": "License text of the day",
        }
        widgets = {
            "mirror_checked_on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "license_text_on": forms.DateInput({"type": "date"}, "%Y-%m-%d"),
            "license_text": forms.Textarea({"rows": 4}),
            "note": forms.Textarea({"rows": 3}),
        }

    def __init__(self, *args: Any, team: Team, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.team, self.today = team, today
        workflow = self.fields["workflow"]
        assert isinstance(workflow, forms.ModelChoiceField)
        workflow.queryset, workflow.required = team.workflows.all(), False
        workflow.empty_label = "none of these: a new one"
        self.initial["scheme"] = self.initial.get("scheme") or kinds.Scheme.HUGGING_FACE
        release = self.instance.release if self.instance.release_id else None
        self.initial.setdefault("stands_on", name_of(release) if release else "")
        self.fields["license_text"].strip = False  # type: ignore[attr-defined]  # a text as it was downloaded

    def clean_stands_on(self) -> Release | None:
        """The release that is named; raises a sentence with the nearest names otherwise."""
        named = self.cleaned_data["stands_on"]
        return release_named(named) if named else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._clean_workflow(data)
        self._clean_switch(data)
        self._clean_mirror(data)
        for name in ("mirror_checked_on", "license_text_on"):
            if (data.get(name) or self.today) > self.today:
                self.add_error(name, "This day is in the future.")
        return data

    def _clean_workflow(self, data: dict[str, Any]) -> None:
        if data.get("workflow") and data.get("new_name"):
            self.add_error("new_name", "Choose a workflow or name a new one, not both.")
        elif not data.get("workflow") and not data.get("new_name") and "workflow" not in self.errors:
            self.add_error("new_name", "Choose a workflow or name a new one: what would stop without this model?")
        elif data.get("new_name"):
            data["workflow"] = Workflow(
                team=self.team,
                name=data["new_name"],
                owner=data.get("new_owner", ""),
                tier=data.get("new_tier"),
                tolerated_days=data.get("new_tolerated"),
            )

    def _clean_switch(self, data: dict[str, Any]) -> None:
        values = [data.get(name) for name in SWITCH]
        if any(name in self.errors for name in SWITCH) or values == [None] * 3:
            return
        if None in values:
            self.add_error("switch_low", "All three or none: at best, most likely and at worst.")
        elif not 0 <= values[0] <= values[1] <= values[2]:  # type: ignore[operator]  # none is None here
            self.add_error("switch_low", "At best is the least and at worst the most, and none is below zero.")

    def _clean_mirror(self, data: dict[str, Any]) -> None:
        if data.get("mirror") != kinds.Mirror.VERIFIED:
            return
        if not data.get("mirror_sha256") and "mirror_sha256" not in self.errors:
            self.add_error("mirror_sha256", "A copy counts as verified with the hash that was compared.")
        if not data.get("mirror_checked_on") and "mirror_checked_on" not in self.errors:
            self.add_error("mirror_checked_on", "A copy counts as verified with the day of the comparison.")

    def _get_validation_exclusions(self) -> set[str]:
        """A new workflow has no key before it is saved; whether it may be is the service's question."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # the stubs leave it out
        return excluded | {"workflow"}

    def _post_clean(self) -> None:
        """How it was matched follows from the names, once they are read."""
        former = (self.instance.release_id, self.initial.get("reference"), self.initial.get("relation"))
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        if "stands_on" in self.cleaned_data:
            release, deployment = self.cleaned_data["stands_on"], self.instance
            said = (release.pk if release else None, deployment.reference, deployment.relation)
            if deployment.pk is None or said != former:
                match_by_hand(deployment, release)


def name_of(release: Release) -> str:
    """By which a form finds it again."""
    return release.hf_repo or release.name


def release_named(text: str) -> Release:
    """The one release of this hub id, name or address part; raises ValidationError with what is near."""
    hub = hub_id(text)
    found = release_of(hub) if hub and hub.name else None
    if found is None:
        found = Release.objects.filter(Q(slug__iexact=text) | Q(name__iexact=text)).first()
    if found is None:
        rows = [row for row in named_like(text) if row.kind == "release"]
        same = exactly(text, rows)
        if same is None:
            near = ", ".join([row.name for row in rows[:4]] or nearest_names(text, 4))
            raise ValidationError(f"No release goes by this name.{f' Near it: {near}.' if near else ''}")
        found = Release.objects.get(slug=same.slug)
    return found


def not_negative(value: Any) -> Any:  # noqa: ANN401 -- a number or nothing
    if value is not None and value < 0:
        raise ValidationError("Not less than zero; blank where it is unknown.")
    return value


# Query strings ------------------------------------------------------------------------------------


class NewForm(QueryForm):
    """``q`` searches the pick list; ``release`` is the slug of one that was picked; ``model`` a name to begin with."""

    q = forms.CharField(required=False, max_length=LONGEST_QUERY)
    release = forms.SlugField(required=False, max_length=80, allow_unicode=False)
    model = forms.CharField(required=False, max_length=300)
    by = forms.ChoiceField(required=False, choices=[("hand", "by hand")])

    def clean_release(self) -> Release | None:
        slug = self.cleaned_data["release"]
        found = Release.objects.filter(slug=slug).first() if slug else None
        if slug and found is None:
            raise ValidationError("There is no such release.")
        return found

    @property
    def begins(self) -> bool:
        return any(self.cleaned_data[name] for name in ("release", "model", "by"))


class DeploymentsForm(FilterForm):
    workflow = choice("Workflow", [])
    environment = choice("Environment", kinds.Environment.choices)
    vendor = choice("Vendor", [])
    matched = choice("Matched", [("yes", "matched"), ("no", "not matched")])
    show = choice("Show", [("retired", "retired")])
    page = page_field()

    def __init__(self, *args: Any, team: Team, **options: Any) -> None:
        super().__init__(*args, **options)
        workflows = [(str(pk), name) for pk, name in team.workflows.values_list("pk", "name")]
        lines = Deployment.objects.of(team).values("release__family__line__vendor")
        vendors = list(Vendor.objects.filter(pk__in=lines).order_by("name").values_list("slug", "name"))
        for name, options_ in (("workflow", workflows), ("vendor", vendors)):
            self.fields[name] = choice(name.capitalize(), options_)
        show = self.fields["show"]
        assert isinstance(show, forms.ChoiceField)
        show.choices = [("", "In use"), ("retired", "Retired")]
        self.order_fields(["workflow", "environment", "vendor", "matched", "show", "page"])

    @classmethod
    def of_team(cls, request: HttpRequest, team: Team) -> Self:
        """The valid form of this request; raises BadRequest naming the parameter otherwise."""
        query = asked_of(request)
        form = cls(query, team=team)
        form.refuse_unknown(query)
        if not form.is_valid():
            raise BadRequest("; ".join(form.sentences()))
        return form

    def narrow(self, rows: DeploymentQuerySet) -> DeploymentQuerySet:
        asked = self.lookups(
            workflow="workflow", environment="environment", vendor="release__family__line__vendor__slug"
        )
        if "matched" in self.filters:
            asked["release__isnull"] = self.filters["matched"] == "no"
        return rows.filter(retired_on__isnull=self.filters.get("show") != "retired", **asked)
