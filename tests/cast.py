"""The cast of the tests: a keeper, a hedger and a breaker, and plain functions that make any row of evidence.

Every ``make_*`` takes the fields that the test is about by keyword and fills the rest with something plausible.
"""

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import TypeVar

from django.db.models import Model

from riskboard.catalog.models import (
    Family,
    License,
    LicenseChange,
    Line,
    Pledge,
    Reach,
    Release,
    Revision,
    Ruling,
    Signal,
    Source,
    Threshold,
    Vendor,
    VendorFact,
)

M = TypeVar("M", bound=Model)
_numbers = count(1)


def _number() -> int:
    return next(_numbers)


def _make(model: type[M], usual: dict[str, object], given: dict[str, object]) -> M:
    return model._default_manager.create(**{**usual, **given})


def make_source(url: str = "", title: str = "") -> Source:
    """A page of its own; give ``url=""`` and a title that starts with "recalled" for a row without one."""
    if not url and not title:
        number = _number()
        url, title = f"https://news.example/{number}", f"Story {number}"
    source = Source.objects.filter(url=url, title=title).first()
    if source is None:
        source = Source.citing(url, title)
        source.save()
    return source


def make_vendor(slug: str = "", **fields: object) -> Vendor:
    slug = slug or f"vendor-{_number()}"
    return _make(Vendor, {"slug": slug, "name": slug.title(), "kind": "company", "country": "US"}, fields)


def make_line(vendor: Vendor | None = None, modality: str = "language", **fields: object) -> Line:
    vendor = vendor or make_vendor()
    return _make(
        Line,
        {
            "slug": f"{vendor.slug}-{modality}",
            "vendor": vendor,
            "name": f"{vendor.name} models ({vendor.name}, {modality})",
            "modality": modality,
            "known_as": f"{vendor.name} models",
        },
        fields,
    )


def make_family(line: Line | None = None, slug: str = "", **fields: object) -> Family:
    line = line or make_line()
    slug = slug or f"family-{_number()}"
    return _make(Family, {"slug": slug, "line": line, "name": slug.title(), "modality": "text"}, fields)


def make_license(key: str = "apache-2.0", **fields: object) -> License:
    """A permissive license whose text was read, unless told otherwise. The same key is the same license."""
    found = License.objects.filter(key=key).first()
    if found is not None:
        return found
    return _make(
        License,
        {
            "key": key,
            "name": key.title(),
            "category": "permissive",
            "osi_approved": True,
            "text_read": True,
            "commercial_use": "yes",
            "use_restrictions": False,
            "output_training_restriction": False,
            "naming_obligation": False,
            "terminable": False,
            "irrevocable": True,
            "source": make_source(f"https://licenses.example/{key}"),
        },
        fields,
    )


def make_community_license(key: str = "community-1.0", **fields: object) -> License:
    """Free to use below 100 million monthly users, with use limits."""
    found = License.objects.filter(key=key).first()
    if found is not None:
        return found
    terms: dict[str, object] = {
        "category": "restricted_open_weights",
        "osi_approved": False,
        "commercial_use": "conditional",
        "threshold_summary": "100M MAU then license needed",
        "use_restrictions": True,
        "irrevocable": None,
    }
    license_ = make_license(key, **{**terms, **fields})
    make_threshold(license_)
    return license_


def make_threshold(license_: License, **fields: object) -> Threshold:
    return _make(
        Threshold,
        {
            "license": license_,
            "metric": "monthly_active_users",
            "amount": 100_000_000,
            "period": "month",
            "consequence": "license_needed",
        },
        fields,
    )


def make_release(family: Family | None = None, released_on: date = date(2025, 1, 15), **fields: object) -> Release:
    """An open flagship under Apache-2.0, unless told otherwise; ``access="api_only"`` has no weights and no license."""
    family = family or make_family()
    slug = f"{family.slug}-{_number()}"
    is_open = fields.get("access", "open_weights") != "api_only"
    return _make(
        Release,
        {
            "family": family,
            "slug": slug,
            "name": slug.title(),
            "hf_repo": f"{family.line.vendor.slug}/{slug}" if is_open else "",
            "modality": "text",
            "released_on": released_on,
            "access": "open_weights",
            "license": make_license() if is_open and "license" not in fields else None,
            "flagship": True,
            "weights_on": released_on if is_open else None,
            "api_first_on": None if is_open else released_on,
            "confidence": "high",
            "source": fields.get("source") or make_source(),
        },
        fields,
    )


def make_revision(release: Release, **fields: object) -> Revision:
    number = _number()
    return _make(
        Revision,
        {
            "release": release,
            "repository": release.hf_repo,
            "commit_sha": f"{number:040x}",
            "captured_on": release.released_on,
            "source": fields.get("source") or make_source(),
        },
        fields,
    )


def make_license_change(
    family: Family, from_license: License, to_license: License, announced_on: date, **fields: object
) -> LicenseChange:
    """A tightening for new versions' weights, unless told otherwise."""
    return _make(
        LicenseChange,
        {
            "key": f"change-{_number()}",
            "vendor": family.line.vendor,
            "family": family,
            "asset": f"{family.name} weights",
            "from_license": from_license,
            "to_license": to_license,
            "announced_on": announced_on,
            "effective_on": announced_on,
            "direction": "tightening",
            "applies_to": "new_versions",
            "scope": "weights",
            "confidence": "high",
            "source": fields.get("source") or make_source(),
        },
        fields,
    )


def make_pledge(
    vendor: Vendor, family: Family | None = None, made_on: date | None = date(2024, 6, 1), **fields: object
) -> Pledge:
    """An open, specific pledge, with the ruling that says so, unless told otherwise."""
    pledge = _make(
        Pledge,
        {
            "key": f"pledge-{_number()}",
            "vendor": vendor,
            "family": family,
            "made_on": made_on,
            "made_by": "Chief executive",
            "channel": "press",
            "summary": f"Said that {vendor.name} models stay open.",
            "specificity": "specific",
            "status": "open",
            "confidence": "high",
            "source": fields.get("source") or make_source(),
        },
        fields,
    )
    Ruling.objects.create(pledge=pledge, status="open", ruled_on=pledge.made_on, source=pledge.source)
    if pledge.status != "open":
        Ruling.objects.create(
            pledge=pledge, status=pledge.status, ruled_on=pledge.status_on, reason=pledge.status_reason
        )
    return pledge


def make_signal(
    vendor: Vendor, kind: str = "restructuring", occurred_on: date = date(2025, 3, 1), **fields: object
) -> Signal:
    """A weakening of severity 3 from a source graded B2, published the day it occurred, unless told otherwise."""
    return _make(
        Signal,
        {
            "key": f"signal-{_number()}",
            "vendor": vendor,
            "kind": kind,
            "occurred_on": occurred_on,
            "published_on": occurred_on,
            "direction": "weakens",
            "severity": 3,
            "summary": f"{kind.replace('_', ' ').capitalize()} at {vendor.name}.",
            "publisher": "Example News",
            "source_reliability": "B",
            "info_credibility": "2",
            "confidence": "high",
            "source": fields.get("source") or make_source(),
        },
        fields,
    )


def make_fact(vendor: Vendor, field: str = "funding", value: str = "vc", **fields: object) -> VendorFact:
    return _make(
        VendorFact,
        {
            "vendor": vendor,
            "field": field,
            "value": value,
            "valid_from": date(2023, 1, 1),
            "confidence": "medium",
            "source": fields.get("source") or make_source(),
        },
        fields,
    )


def make_reach(vendor: Vendor, family: Family | None = None, **fields: object) -> Reach:
    return _make(
        Reach,
        {
            "vendor": vendor,
            "family": family,
            "measured_on": date(2026, 6, 10),
            "metric": "downloads_month",
            "value": 1_000_000,
            "confidence": "medium",
            "source": fields.get("source") or make_source(),
        },
        fields,
    )


@dataclass(frozen=True)
class Player:
    """A vendor with one language line of one family."""

    vendor: Vendor
    line: Line
    family: Family
    releases: list[Release]
    pledge: Pledge


def _player(slug: str, country: str) -> tuple[Vendor, Line, Family]:
    vendor = make_vendor(slug, country=country)
    line = make_line(vendor)
    return vendor, line, make_family(line, slug=f"{slug}-lm", name=f"{slug.title()}LM")


def keeper() -> Player:
    """Every flagship open under Apache-2.0, and a pledge kept."""
    vendor, line, family = _player("keeper", "FR")
    releases = [make_release(family, day) for day in (date(2024, 3, 1), date(2024, 11, 5), date(2025, 9, 2))]
    pledge = make_pledge(
        vendor,
        family,
        date(2024, 3, 1),
        due_on=date(2025, 12, 31),
        status="kept",
        status_on=date(2025, 9, 2),
        status_reason="The next flagship came out open in time.",
    )
    make_fact(vendor, "funding", "nonprofit")
    make_fact(vendor, "business_model", "none")
    make_signal(
        vendor, "governance_change", date(2025, 5, 6), direction="strengthens", summary="Keeper moves to a foundation."
    )
    return Player(vendor, line, family, releases, pledge)


def hedger() -> Player:
    """An open flagship, then one under tighter terms, then a higher tier that is hosted only; a pledge at risk."""
    vendor, line, family = _player("hedger", "CN")
    community = make_community_license()
    releases = [
        make_release(family, date(2024, 4, 10)),
        make_release(family, date(2025, 6, 18), license=community, params_total_b=70),
        make_release(family, date(2025, 7, 9), access="api_only", params_total_b=400),
    ]
    make_license_change(family, make_license(), community, date(2025, 6, 18))
    pledge = make_pledge(
        vendor,
        family,
        date(2024, 4, 10),
        due_on=date(2027, 6, 30),
        status="at_risk",
        status_on=date(2025, 7, 9),
        status_reason="The largest model stayed hosted only.",
    )
    make_fact(vendor, "business_model", "mixed")
    make_signal(vendor, "monetization_shift", date(2025, 5, 20), severity=3)
    make_signal(vendor, "reach_milestone", date(2025, 2, 1), direction="strengthens", severity=1)
    return Player(vendor, line, family, releases, pledge)


def rated_hedger() -> Player:
    """The same with enough on record to be rated."""
    player = hedger()
    for field, value in (("governance", "single_vendor"), ("funding", "vc"), ("cla", "no")):
        make_fact(player.vendor, field, value)
    return player


def breaker() -> Player:
    """Open flagships, then two that are hosted only after warnings; a pledge broken."""
    vendor, line, family = _player("breaker", "US")
    releases = [
        make_release(family, date(2023, 7, 18), license=make_community_license()),
        make_release(family, date(2024, 4, 18), license=make_community_license()),
        make_release(family, date(2025, 6, 3), access="api_only"),
        make_release(family, date(2025, 12, 4), access="api_only"),
    ]
    pledge = make_pledge(
        vendor,
        family,
        date(2024, 7, 23),
        status="broken",
        status_on=date(2025, 6, 3),
        status_reason="The next flagship came without weights.",
    )
    make_fact(vendor, "funding", "public")
    make_fact(vendor, "business_model", "api_revenue")
    make_signal(vendor, "leadership_departure", date(2024, 11, 19), severity=4)
    make_signal(vendor, "monetization_shift", date(2025, 2, 10), family=family, severity=4)
    make_signal(vendor, "layoffs", date(2025, 3, 22), severity=2)
    return Player(vendor, line, family, releases, pledge)
