"""The rows of the evidence as the API gives them. Null: unknown, or a thing that this row does not have."""

from datetime import date
from decimal import Decimal
from typing import Self

from ninja import Schema
from pydantic import Field

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, License, LicenseChange, Pledge, Release, Signal, Source, Threshold, Vendor
from riskboard.web.api.answering import Listed

CURRENT = "Null: not asked of a day; the rows are those of now."


class SourceRow(Schema):
    """Who says so."""

    url: str | None
    title: str | None
    is_recalled: bool = Field(description="Recalled, not looked up: unverified, and without weight in a score.")

    @classmethod
    def of(cls, source: Source) -> Self:
        return cls(url=source.url or None, title=source.title or None, is_recalled=source.is_recalled)


class VendorRow(Schema):
    slug: str
    name: str
    kind: str
    country: str = Field(description="ISO 3166-1 alpha-2 code of its seat.")
    parent: str | None
    website: str | None
    hub_organization: str | None
    github_organization: str | None
    ticker: str | None
    founded_on: date | None
    lines: list[str]
    url: str

    @classmethod
    def of(cls, row: Vendor) -> Self:
        return cls(
            slug=row.slug,
            name=row.name,
            kind=row.kind,
            country=row.country,
            parent=row.parent or None,
            website=row.website or None,
            hub_organization=row.hf_org or None,
            github_organization=row.github_org or None,
            ticker=row.ticker or None,
            founded_on=row.founded_on,
            lines=sorted(line.slug for line in row.lines.all()),
            url=row.get_absolute_url(),
        )


class Vendors(Listed):
    items: list[VendorRow]


class FamilyRow(Schema):
    slug: str
    name: str
    vendor: str
    line: str
    modality: str
    first_release_on: date | None
    website: str | None
    url: str

    @classmethod
    def of(cls, row: Family) -> Self:
        return cls(
            slug=row.slug,
            name=row.name,
            vendor=row.line.vendor.slug,
            line=row.line.slug,
            modality=row.modality,
            first_release_on=row.first_release_on,
            website=row.website or None,
            url=row.get_absolute_url(),
        )


class Families(Listed):
    items: list[FamilyRow]


class ReleaseRow(Schema):
    slug: str
    name: str
    vendor: str
    line: str
    family: str
    hub_id: str | None
    modality: str
    params_total_b: float | None = Field(description="Billions.")
    params_active_b: float | None
    released_on: date
    date_precision: str
    access: str | None = Field(description="Of a past day null, where it is known to have changed since.")
    license: str | None = Field(description="Key of its license as it came out. Null: unknown, or it has none.")
    is_flagship: bool
    api_first_on: date | None
    weights_on: date | None
    withdrawn_on: date | None
    hosted_ended_on: date | None
    confidence: str
    published_on: date | None
    source: SourceRow
    url: str

    @classmethod
    def of(cls, row: Release, day: date | None) -> Self:
        return cls(
            slug=row.slug,
            name=row.name,
            vendor=row.family.line.vendor.slug,
            line=row.family.line.slug,
            family=row.family.slug,
            hub_id=row.hf_repo or None,
            modality=row.modality,
            params_total_b=number(row.params_total_b),
            params_active_b=number(row.params_active_b),
            released_on=row.released_on,
            date_precision=row.date_precision,
            access=_access(row, day),
            license=row.license.key if row.license else None,
            is_flagship=row.flagship,
            api_first_on=row.api_first_on,
            weights_on=_by(row.weights_on, day),
            withdrawn_on=_by(row.withdrawn_on, day),
            hosted_ended_on=_by(row.hosted_ended_on, day),
            confidence=row.confidence,
            published_on=row.published_on,
            source=SourceRow.of(row.source),
            url=row.get_absolute_url(),
        )


def _access(row: Release, day: date | None) -> str | None:
    """None where what is recorded came about later: what it was before is not on record."""
    changed = {row.weights_on, row.withdrawn_on} - {None}
    is_later = day is not None and any(on is not None and on > day for on in changed)
    return None if is_later else row.access


def _by(on: date | None, day: date | None) -> date | None:
    return None if on is not None and day is not None and on > day else on


class Releases(Listed):
    as_of: date | None = Field(description=CURRENT)
    items: list[ReleaseRow]


class ThresholdRow(Schema):
    """A size from which a license asks for more."""

    metric: str
    amount: float | None = Field(description="Above this. Null: unknown, or any size.")
    currency: str | None
    period: str | None
    who: str | None = Field(description="Only these. Null: everyone.")
    consequence: str

    @classmethod
    def of(cls, row: Threshold) -> Self:
        return cls(
            metric=row.metric,
            amount=number(row.amount),
            currency=row.currency or None,
            period=row.period or None,
            who=row.who or None,
            consequence=row.consequence,
        )


class LicenseRow(Schema):
    key: str
    name: str
    spdx_id: str | None
    category: str
    is_osi_approved: bool | None
    is_text_read: bool = Field(description="False: what it does not say here is unknown.")
    commercial_use: str | None
    territory_exclusions: str | None
    use_restrictions: bool | None
    output_training_restriction: bool | None
    naming_obligation: bool | None
    terminable: bool | None = Field(description="The licensor can end it other than for a breach.")
    irrevocable: bool | None
    termination: str | None = Field(description="How it ends, in words.")
    thresholds_in_words: str | None
    thresholds: list[ThresholdRow]
    source: SourceRow
    url: str

    @classmethod
    def of(cls, row: License) -> Self:
        return cls(
            key=row.key,
            name=row.name,
            spdx_id=row.spdx_id or None,
            category=row.category,
            is_osi_approved=row.osi_approved,
            is_text_read=row.text_read,
            commercial_use=row.commercial_use or None,
            territory_exclusions=row.territory_exclusions or None,
            use_restrictions=row.use_restrictions,
            output_training_restriction=row.output_training_restriction,
            naming_obligation=row.naming_obligation,
            terminable=row.terminable,
            irrevocable=row.irrevocable,
            termination=row.termination or None,
            thresholds_in_words=row.threshold_summary or None,
            thresholds=[ThresholdRow.of(each) for each in row.thresholds.all()],
            source=SourceRow.of(row.source),
            url=row.get_absolute_url(),
        )


class Licenses(Listed):
    items: list[LicenseRow]


class ChangeRow(Schema):
    key: str
    vendor: str
    family: str | None = Field(description="Null: the vendor as a whole.")
    asset: str
    from_license: str
    to_license: str
    announced_on: date
    effective_on: date | None
    direction: str
    applies_to: str
    scope: str
    confidence: str
    source: SourceRow
    url: str

    @classmethod
    def of(cls, row: LicenseChange) -> Self:
        return cls(
            key=row.key,
            vendor=row.vendor.slug,
            family=row.family.slug if row.family else None,
            asset=row.asset,
            from_license=row.from_license.key,
            to_license=row.to_license.key,
            announced_on=row.announced_on,
            effective_on=row.effective_on,
            direction=row.direction,
            applies_to=row.applies_to,
            scope=row.scope,
            confidence=row.confidence,
            source=SourceRow.of(row.source),
            url=row.get_absolute_url(),
        )


class LicenseChanges(Listed):
    as_of: date | None = Field(description=CURRENT)
    items: list[ChangeRow]


class PledgeRow(Schema):
    key: str
    vendor: str
    family: str | None = Field(description="Null: the vendor as a whole.")
    made_on: date | None
    made_by: str
    channel: str
    summary: str = Field(description="In our words.")
    specificity: str
    due_on: date | None
    status: str = Field(description="On the day asked for.")
    status_on: date | None
    status_reason: str | None
    confidence: str
    source: SourceRow
    url: str

    @classmethod
    def of(cls, row: Pledge, day: date | None) -> Self:
        status, since, reason = _ruling(row, day)
        return cls(
            key=row.key,
            vendor=row.vendor.slug,
            family=row.family.slug if row.family else None,
            made_on=row.made_on,
            made_by=row.made_by,
            channel=row.channel,
            summary=row.summary,
            specificity=row.specificity,
            due_on=row.due_on,
            status=status,
            status_on=since,
            status_reason=reason or None,
            confidence=row.confidence,
            source=SourceRow.of(row.source),
            url=row.get_absolute_url(),
        )


def ruled(row: Pledge, day: date) -> str:
    """Its status on ``day``; ``row`` with its rulings."""
    return _ruling(row, day)[0]


def _ruling(row: Pledge, day: date | None) -> tuple[str, date | None, str]:
    """The last ruling up to the day; before the first one that has a day, a pledge is open."""
    if day is None or (row.status_on is not None and row.status_on <= day):
        return row.status, row.status_on, row.status_reason
    known = [each for each in row.rulings.all() if each.ruled_on is not None and each.ruled_on <= day]
    if not known:
        return kinds.PledgeStatus.OPEN.value, None, ""
    last = max(known, key=lambda each: (each.ruled_on, each.pk))
    return last.status, last.ruled_on, last.reason


class Pledges(Listed):
    as_of: date | None = Field(description=CURRENT)
    items: list[PledgeRow]


class SignalRow(Schema):
    key: str
    event: str = Field(description="Rows that share it report one event.")
    vendor: str
    family: str | None = Field(description="Null: the vendor as a whole.")
    kind: str
    occurred_on: date
    date_precision: str
    published_on: date | None
    is_published_on_derived: bool = Field(description="Not stated: the last day that the precision allows.")
    direction: str
    severity: int = Field(description="1 weak to 5.")
    summary: str = Field(description="In our words.")
    publisher: str | None
    source_reliability: str = Field(description="Admiralty, A to F.")
    info_credibility: str = Field(description="Admiralty, 1 to 6.")
    confidence: str
    source: SourceRow
    url: str

    @classmethod
    def of(cls, row: Signal) -> Self:
        return cls(
            key=row.key,
            event=row.event_id or row.key,
            vendor=row.vendor.slug,
            family=row.family.slug if row.family else None,
            kind=row.kind,
            occurred_on=row.occurred_on,
            date_precision=row.date_precision,
            published_on=row.published_on,
            is_published_on_derived=row.published_is_derived,
            direction=row.direction,
            severity=row.severity,
            summary=row.summary,
            publisher=row.publisher or None,
            source_reliability=row.source_reliability,
            info_credibility=row.info_credibility,
            confidence=row.confidence,
            source=SourceRow.of(row.source),
            url=row.get_absolute_url(),
        )


class Signals(Listed):
    as_of: date | None = Field(description=CURRENT)
    items: list[SignalRow]


def number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
