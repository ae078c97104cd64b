"""Terms: all licenses in a table, one license as a sheet of clauses, and the stream of changes between them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, Prefetch
from django.db.models.expressions import OrderBy
from django.db.models.functions import Lower

from riskboard.catalog.models import License, LicenseChange, Release, Revision, Threshold
from riskboard.ingest.texts import is_held
from riskboard.web.forms_catalog import LicenseChangesForm, LicensesForm
from riskboard.web.pages.clauses import Clause, sheet
from riskboard.web.pages.listing import Header, Pages, cut, headers

COLUMNS = (
    ("name", "License", False),
    ("category", "Category", False),
    ("", "Commercial use", False),
    ("", "Threshold", False),
    ("", "Territory left out", False),
    ("", "Text read", False),
    ("releases", "Releases", True),
)
ORDERS: dict[str, Lower | F] = {"name": Lower("name"), "category": F("category"), "releases": F("number")}
RELEASES_SHOWN = 100
TEXTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class LicenseRow:
    license: License
    clauses: dict[str, Clause]
    releases: int


@dataclass(frozen=True, slots=True)
class LicensesPage:
    form: LicensesForm
    headers: tuple[Header, ...]
    rows: list[LicenseRow]
    pages: Pages


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text that releases under the license came with, from commit to commit the same."""

    sha256: str
    first_on: date
    last_on: date
    releases: int
    is_held: bool


@dataclass(frozen=True, slots=True)
class LicensePage:
    license: License
    clauses: tuple[Clause, ...]
    releases: tuple[Release, ...]
    release_count: int
    changes: tuple[LicenseChange, ...]
    texts: tuple[TextRow, ...]

    @property
    def unknown(self) -> int:
        return sum(1 for clause in self.clauses if not clause.is_known)


@dataclass(frozen=True, slots=True)
class LicenseChangesPage:
    form: LicenseChangesForm
    changes: list[LicenseChange]
    pages: Pages


def licenses_page(form: LicensesForm) -> LicensesPage:
    counted = form.narrow(License.objects.all()).annotate(number=Count("releases"))
    by = ORDERS[form.order.removeprefix("-")]
    order = OrderBy(by, descending=form.order.startswith("-"))
    rows = counted.cited().prefetch_related(_thresholds()).order_by(order, "key")
    shown, pages = cut(rows, form)
    return LicensesPage(form, headers(form, COLUMNS), [_row(license_, license_.number) for license_ in shown], pages)


def _row(license_: License, releases: int) -> LicenseRow:
    clauses = {_slug(clause.name): clause for clause in sheet(license_, list(license_.thresholds.all()))}
    return LicenseRow(license_, clauses, releases)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "_")


def _thresholds() -> "Prefetch[Any]":
    return Prefetch("thresholds", Threshold.objects.order_by("metric", "who", "consequence"))


def license_page(license_: License) -> LicensePage:
    releases = license_.releases.select_related("family__line__vendor", "source").order_by("-released_on", "slug")
    changes = LicenseChange.objects.filter(from_license=license_) | LicenseChange.objects.filter(to_license=license_)
    related = changes.select_related("from_license", "to_license", "vendor", "family", "source")
    return LicensePage(
        license=license_,
        clauses=sheet(license_, list(license_.thresholds.order_by("metric", "who", "consequence"))),
        releases=tuple(releases[:RELEASES_SHOWN]),
        release_count=releases.count(),
        changes=tuple(related.order_by("-announced_on", "key")),
        texts=_texts(license_),
    )


def _texts(license_: License) -> tuple[TextRow, ...]:
    """The newest first. One query."""
    named = Revision.objects.filter(release__license=license_).exclude(license_text_sha256="").order_by()
    spans = named.values("license_text_sha256").annotate(
        first_on=Min("captured_on"),
        last_on=Max("captured_on"),
        number=Count("release", distinct=True),
        is_held=is_held("license_text_sha256"),
    )
    rows = spans.order_by("-last_on", "license_text_sha256")[:TEXTS_SHOWN]
    found = rows.values_list("license_text_sha256", "first_on", "last_on", "number", "is_held")
    return tuple(TextRow(*row) for row in found)


def license_changes_page(form: LicenseChangesForm) -> LicenseChangesPage:
    rows = form.narrow(LicenseChange.objects.all()).cited()
    related = rows.select_related("vendor", "family", "from_license", "to_license").order_by("-announced_on", "key")
    changes, pages = cut(related, form)
    return LicenseChangesPage(form, changes, pages)
