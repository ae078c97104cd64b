"""The tables of the evidence, a page at a time."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from riskboard.catalog import kinds
from riskboard.catalog.models import (
    Family,
    License,
    LicenseChange,
    Line,
    Pledge,
    Release,
    Ruling,
    Signal,
    Vendor,
)
from riskboard.web.api import tableschemas as told
from riskboard.web.api.answering import answers, fresh
from riskboard.web.api.asking import DatedListing, Listing, Slug, cut, existing

router = Router(tags=["Evidence"])
OneVendor = Slug | SkipJsonSchema[None]
OF_VENDOR = Field(None, description="Of one vendor, by slug.", examples=["alibaba"])


class VendorsAsked(Listing):
    kind: kinds.VendorKind | SkipJsonSchema[None] = Field(None, description="Of one kind.")
    country: str | SkipJsonSchema[None] = Field(None, pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2 code.")


@router.get("vendors", response=answers(told.Vendors), summary="Who promises", operation_id="vendors")
@fresh
def list_vendors(request: HttpRequest, asked: Query[VendorsAsked]) -> told.Vendors:
    """Ordered by slug."""
    rows = Vendor.objects.filter(**_given(kind=asked.kind, country=asked.country))
    page, after = cut(request, asked, rows.prefetch_related("lines"), "slug")
    return told.Vendors(items=[told.VendorRow.of(row) for row in page], next=after)


class FamiliesAsked(Listing):
    vendor: OneVendor = OF_VENDOR
    line: Slug | SkipJsonSchema[None] = Field(None, description="Of one line, by slug.")
    modality: kinds.ModelModality | SkipJsonSchema[None] = Field(None, description="Of one modality.")


@router.get("families", response=answers(told.Families), summary="The names under a line", operation_id="families")
@fresh
def list_families(request: HttpRequest, asked: Query[FamiliesAsked]) -> told.Families:
    """Ordered by slug."""
    existing(Vendor, "slug", asked.vendor, "vendor")
    existing(Line, "slug", asked.line, "line")
    rows = Family.objects.filter(
        **_given(line__vendor__slug=asked.vendor, line__slug=asked.line, modality=asked.modality)
    )
    page, after = cut(request, asked, rows.select_related("line__vendor"), "slug")
    return told.Families(items=[told.FamilyRow.of(row) for row in page], next=after)


class ReleasesAsked(DatedListing):
    vendor: OneVendor = OF_VENDOR
    line: Slug | SkipJsonSchema[None] = Field(None, description="Of one line, by slug.")
    family: Slug | SkipJsonSchema[None] = Field(None, description="Of one family, by slug.")
    license: Slug | SkipJsonSchema[None] = Field(None, description="Under one license, by key.")
    hub_id: str | SkipJsonSchema[None] = Field(
        None, pattern=r"^[\w.\-]+/[\w.\-]+$", max_length=200, description="As owner/name.", examples=["Qwen/Qwen3-32B"]
    )


@router.get("releases", response=answers(told.Releases), summary="Released models", operation_id="releases")
@fresh
def list_releases(request: HttpRequest, asked: Query[ReleasesAsked]) -> told.Releases:
    """Ordered by slug. Of a past day: releases that were public by then, and null where only later events tell."""
    existing(Vendor, "slug", asked.vendor, "vendor")
    existing(Line, "slug", asked.line, "line")
    existing(Family, "slug", asked.family, "family")
    existing(License, "key", asked.license, "license")
    rows = _dated(Release.objects.all(), asked).filter(
        **_given(
            family__line__vendor__slug=asked.vendor,
            family__line__slug=asked.line,
            family__slug=asked.family,
            license__key=asked.license,
            hf_repo__iexact=asked.hub_id,
        )
    )
    wanted = rows.select_related("family__line__vendor", "license", "source")
    page, after = cut(request, asked, wanted, "slug")
    return told.Releases(as_of=asked.as_of, items=[told.ReleaseRow.of(row, asked.as_of) for row in page], next=after)


class LicensesAsked(Listing):
    category: kinds.LicenseCategory | SkipJsonSchema[None] = Field(None, description="How free, in seven steps.")


@router.get("licenses", response=answers(told.Licenses), summary="Terms as clauses", operation_id="licenses")
@fresh
def list_licenses(request: HttpRequest, asked: Query[LicensesAsked]) -> told.Licenses:
    """Ordered by key. A null clause is unknown or not stated, never “no”. Licenses are terms and carry no date."""
    rows = License.objects.filter(**_given(category=asked.category)).cited().prefetch_related("thresholds")
    page, after = cut(request, asked, rows, "key")
    return told.Licenses(items=[told.LicenseRow.of(row) for row in page], next=after)


class ChangesAsked(DatedListing):
    vendor: OneVendor = OF_VENDOR
    direction: kinds.ChangeDirection | SkipJsonSchema[None] = Field(None, description="Tighter or looser.")


@router.get(
    "license-changes", response=answers(told.LicenseChanges), summary="Changes of terms", operation_id="license_changes"
)
@fresh
def list_changes(request: HttpRequest, asked: Query[ChangesAsked]) -> told.LicenseChanges:
    """Newest first."""
    existing(Vendor, "slug", asked.vendor, "vendor")
    rows = _dated(LicenseChange.objects.all(), asked).filter(
        **_given(vendor__slug=asked.vendor, direction=asked.direction)
    )
    wanted = rows.select_related("vendor", "family", "from_license", "to_license", "source")
    page, after = cut(request, asked, wanted, "announced_on", "key", newest_first=True)
    return told.LicenseChanges(as_of=asked.as_of, items=[told.ChangeRow.of(row) for row in page], next=after)


class PledgesAsked(DatedListing):
    vendor: OneVendor = OF_VENDOR
    status: kinds.PledgeStatus | SkipJsonSchema[None] = Field(None, description="As it stood on that day.")


@router.get("pledges", response=answers(told.Pledges), summary="What was promised", operation_id="pledges")
@fresh
def list_pledges(request: HttpRequest, asked: Query[PledgesAsked]) -> told.Pledges:
    """Ordered by key. The status is that of the day: a ruling that came later is not told."""
    existing(Vendor, "slug", asked.vendor, "vendor")
    rows = _dated(Pledge.objects.all(), asked).filter(**_given(vendor__slug=asked.vendor))
    if asked.status is not None:
        rows = rows.filter(_status_was(asked))
    rulings = Ruling.objects.order_by("ruled_on", "pk").select_related("source")
    wanted = rows.select_related("vendor", "family", "source", "status_source")
    page, after = cut(request, asked, wanted.prefetch_related(Prefetch("rulings", queryset=rulings)), "key")
    return told.Pledges(as_of=asked.as_of, items=[told.PledgeRow.of(row, asked.as_of) for row in page], next=after)


def _status_was(asked: PledgesAsked) -> Q:
    """On a past day, by the rulings up to then; ``told.PledgeRow`` reads them the same way."""
    if asked.as_of is None:
        return Q(status=asked.status)
    keys = [
        row.key for row in Pledge.objects.prefetch_related("rulings") if told.ruled(row, asked.as_of) == asked.status
    ]
    return Q(key__in=keys)


class SignalsAsked(DatedListing):
    vendor: OneVendor = OF_VENDOR
    kind: kinds.SignalKind | SkipJsonSchema[None] = Field(None, description="Of one kind.")
    direction: kinds.Direction | SkipJsonSchema[None] = Field(None, description="What it does to the commitment.")


@router.get("signals", response=answers(told.Signals), summary="What happened", operation_id="signals")
@fresh
def list_signals(request: HttpRequest, asked: Query[SignalsAsked]) -> told.Signals:
    """Newest first."""
    existing(Vendor, "slug", asked.vendor, "vendor")
    rows = _dated(Signal.objects.all(), asked).filter(
        **_given(vendor__slug=asked.vendor, kind=asked.kind, direction=asked.direction)
    )
    wanted = rows.select_related("vendor", "family", "source")
    page, after = cut(request, asked, wanted, "occurred_on", "key", newest_first=True)
    return told.Signals(as_of=asked.as_of, items=[told.SignalRow.of(row) for row in page], next=after)


def _given(**lookups: object) -> dict[str, Any]:
    return {path: value for path, value in lookups.items() if value is not None}


def _dated(rows: "QuerySet[Any, Any]", asked: DatedListing) -> "QuerySet[Any, Any]":
    """Of a day: what was public by then. A row of unknown publication day is never known."""
    return rows if asked.as_of is None else rows.filter(published_on__lte=asked.as_of)
