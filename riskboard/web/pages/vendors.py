"""Who promises: all vendors in a table, and one vendor with the facts behind it."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, QuerySet

from riskboard.catalog.models import Family, LicenseChange, Line, Pledge, Release, Signal, Vendor, VendorFact
from riskboard.ingest.selectors import Freshness
from riskboard.web.countries import country_name
from riskboard.web.forms_catalog import VendorsForm
from riskboard.web.pages.fact import freshness_with, known_check
from riskboard.web.pages.flagships import FlagshipRow, Rhythm, YearChart, flagship_row, rhythms, year_chart
from riskboard.web.pages.listing import Header, Pages, cut, headers
from riskboard.web.pages.standings import Standing, latest_scores, standings
from riskboard.web.pages.tally import HAS_DATE, Tally, tally
from scoring.placing import placings_of

COLUMNS = (
    ("name", "Vendor", False),
    ("country", "Country", False),
    ("kind", "Kind", False),
    ("lines", "Lines: state, then durability 0–100", False),
    ("pledges", "Pledges", True),
    ("newest", "Newest evidence", False),
)
SHOWN = 12  # rows of a part of a vendor's page; the rest is one click away


@dataclass(frozen=True, slots=True)
class VendorRow:
    vendor: Vendor
    country: str
    lines: tuple[Standing, ...]
    tally: Tally

    @property
    def newest(self) -> date | None:
        return max((line.newest for line in self.lines if line.newest), default=None)


@dataclass(frozen=True, slots=True)
class VendorsPage:
    form: VendorsForm
    headers: tuple[Header, ...]
    rows: list[VendorRow]
    pages: Pages


@dataclass(frozen=True, slots=True)
class VendorPage:
    vendor: Vendor
    country: str
    lines: tuple[Standing, ...]
    families: tuple[Family, ...]
    tally: Tally
    pledges: tuple[Pledge, ...]
    chart: YearChart
    flagships: tuple[FlagshipRow, ...]
    rhythms: tuple[Rhythm, ...]
    signals: tuple[Signal, ...]
    signal_count: int
    facts: tuple[tuple[VendorFact, Freshness], ...]
    changes: tuple[LicenseChange, ...]

    @property
    def is_unexamined(self) -> bool:
        """Nobody looked, or too little was found: never to be read as safe."""
        return all(line.is_thin for line in self.lines)


def vendors_page(form: VendorsForm) -> VendorsPage:
    vendors = Vendor.objects.filter(**form.lookups(country="country", kind="kind"))
    rows, pages = cut(_sorted(_vendor_rows(vendors), form.order), form)
    return VendorsPage(form, headers(form, COLUMNS), rows, pages)


def _vendor_rows(vendors: QuerySet[Vendor]) -> list[VendorRow]:
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in Line.objects.filter(vendor__in=vendors).order_by("name"):
        lines[line.vendor_id].append(line)
    scores = latest_scores(line for group in lines.values() for line in group)
    tallies = _tallies()
    return [
        VendorRow(
            vendor=vendor,
            country=country_name(vendor.country),
            lines=standings(lines[vendor.pk], scores),
            tally=tally(tallies[vendor.pk]),
        )
        for vendor in vendors.order_by("name")
    ]


def _tallies() -> Mapping[int, list[tuple[str, bool, int]]]:
    counted: dict[int, list[tuple[str, bool, int]]] = defaultdict(list)
    rows = Pledge.objects.annotate(is_dated=HAS_DATE).values_list("vendor", "status", "is_dated")
    for vendor, status, has_date, number in rows.annotate(number=Count("pk")).order_by():
        counted[vendor].append((status, has_date, number))
    return counted


ORDERS: dict[str, Callable[[VendorRow], Any]] = {
    "name": lambda row: row.vendor.name.lower(),
    "country": lambda row: row.country,
    "kind": lambda row: row.vendor.kind,
    "lines": lambda row: len(row.lines),
    "pledges": lambda row: row.tally.total,
    "newest": lambda row: row.newest or date.min,
}


def _sorted(rows: list[VendorRow], order: str) -> list[VendorRow]:
    return sorted(rows, key=ORDERS[order.removeprefix("-")], reverse=order.startswith("-"))


def vendor_page(vendor: Vendor, now: datetime) -> VendorPage:
    lines = list(vendor.lines.order_by("name"))
    releases = Release.objects.filter(family__line__vendor=vendor).flagships()
    rows = [flagship_row(r) for r in releases.cited().select_related("family__line").order_by("-released_on", "slug")]
    signals = list(vendor.signals.select_related("source", "family__line").order_by("-occurred_on", "key"))
    signals.sort(key=lambda signal: signal.family_id is not None)
    pledges = list(vendor.pledges.select_related("family__line").order_by(F("made_on").desc(nulls_last=True), "key"))
    return VendorPage(
        vendor=vendor,
        country=country_name(vendor.country),
        lines=standings(lines, latest_scores(lines), placings_of(lines)),
        families=tuple(_families(vendor)),
        tally=_tally_of(pledges),
        pledges=tuple(pledges[:SHOWN]),
        chart=year_chart(rows),
        flagships=tuple(rows),
        rhythms=rhythms(lines, rows),
        signals=tuple(signals[:SHOWN]),
        signal_count=len(signals),
        facts=tuple((fact, freshness_with(fact, known_check(fact.source), now)) for fact in _facts(vendor)),
        changes=tuple(_changes(vendor)),
    )


def _tally_of(pledges: Sequence[Pledge]) -> Tally:
    return tally((pledge.status, pledge.due_on is not None, 1) for pledge in pledges)


def _families(vendor: Vendor) -> QuerySet[Family]:
    families = Family.objects.filter(line__vendor=vendor).select_related("line")
    return families.annotate(number=Count("releases")).order_by("line__name", "name")


def _facts(vendor: Vendor) -> QuerySet[VendorFact]:
    return vendor.facts.select_related("source__check_up", "family").order_by("field", "-valid_from", "family__name")


def _changes(vendor: Vendor) -> QuerySet[LicenseChange]:
    changes = vendor.license_changes.select_related("from_license", "to_license", "family")
    return changes.order_by("-announced_on", "key")[:SHOWN]
