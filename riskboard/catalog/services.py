"""Writes with a rule. Whatever is written here is local: shipped evidence never overwrites it.

Every function runs in one transaction, judges the row by all its rules first (ValidationError), and leaves who and
why in the row's history.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction

from riskboard.catalog import kinds
from riskboard.catalog.columns import TableSpec
from riskboard.catalog.models import (
    EvidenceVersion,
    Family,
    License,
    LicenseChange,
    Pledge,
    Release,
    Signal,
    Source,
    Tombstone,
    Vendor,
    VendorFact,
)
from riskboard.catalog.models.evidence import is_before
from riskboard.catalog.rulings import write_rulings
from riskboard.catalog.tables import TABLES

M = TypeVar("M", bound=models.Model)
SPECS: dict[type[models.Model], TableSpec] = {spec.model: spec for spec in TABLES.values()}


@contextmanager
def writing() -> Iterator[None]:
    """One transaction. Writers queue for the version row first, so that no two of them wait for each other."""
    with transaction.atomic():
        EvidenceVersion.objects.select_for_update().first()
        yield


def cite(*, url: str, title: str = "") -> Source:
    """The source of this address and title; without an address the row that cites it is shown as unverified."""
    found = Source.objects.filter(url=url, title=title).first()
    if found is not None:
        return found
    source = Source.citing(url, title)
    source.full_clean()
    source.save()
    return source


def record(row: M, *, by: AbstractBaseUser | None, why: str) -> M:
    """Save a new or edited row."""
    row.full_clean()
    return save_local(row, by=by, why=why)


def save_local(row: M, *, by: AbstractBaseUser | None, why: str) -> M:
    """Save a row that was already judged. A key that it gives up is not brought back by loading."""
    written: Any = row
    with writing():
        _bury_former_key(row)
        written.is_local = True
        written._history_user, written._change_reason = by, why
        written.save()
        if isinstance(row, Pledge):
            write_rulings([row])
    return row


def remove(row: models.Model, *, by: AbstractBaseUser | None, why: str) -> None:
    """Delete a row for good. Raises ProtectedError while others refer to it."""
    deleted: Any = row
    with writing():
        if type(row) in SPECS:
            _bury(SPECS[type(row)], row)
        deleted._history_user, deleted._change_reason = by, why
        deleted.delete()


def _bury_former_key(row: models.Model) -> None:
    spec = SPECS.get(type(row))
    former = spec.model._default_manager.filter(pk=row.pk).first() if spec and row.pk else None
    if spec and former and spec.key_of(former) != spec.key_of(row):
        _bury(spec, former)


def _bury(spec: TableSpec, row: models.Model) -> None:
    Tombstone.objects.get_or_create(table=spec.name, key=spec.key_of(row))


def record_signal(
    *,
    key: str,
    vendor: Vendor,
    kind: str,
    occurred_on: date,
    direction: str,
    severity: int,
    summary: str,
    source: Source,
    source_reliability: str,
    info_credibility: str,
    confidence: str,
    by: AbstractBaseUser | None,
    why: str,
    family: Family | None = None,
    date_precision: str = kinds.Precision.DAY,
    published_on: date | None = None,
    publisher: str = "",
    event_id: str = "",
) -> Signal:
    """``published_on`` None: the last day that the precision of ``occurred_on`` allows."""
    signal = Signal(
        key=key,
        event_id=event_id,
        vendor=vendor,
        family=family,
        kind=kind,
        occurred_on=occurred_on,
        date_precision=date_precision,
        direction=direction,
        severity=severity,
        summary=summary,
        publisher=publisher,
        source=source,
        source_reliability=source_reliability,
        info_credibility=info_credibility,
        confidence=confidence,
    )
    signal.stated_published_on = published_on
    return record(signal, by=by, why=why)


def record_license_change(
    *,
    key: str,
    vendor: Vendor,
    family: Family | None,
    asset: str,
    from_license: License,
    to_license: License,
    announced_on: date,
    effective_on: date | None,
    direction: str,
    applies_to: str,
    scope: str,
    source: Source,
    confidence: str,
    by: AbstractBaseUser | None,
    why: str,
) -> LicenseChange:
    change = LicenseChange(
        key=key,
        vendor=vendor,
        family=family,
        asset=asset,
        from_license=from_license,
        to_license=to_license,
        announced_on=announced_on,
        effective_on=effective_on,
        direction=direction,
        applies_to=applies_to,
        scope=scope,
        source=source,
        confidence=confidence,
    )
    return record(change, by=by, why=why)


def record_fact(
    *,
    vendor: Vendor,
    field: str,
    value: str,
    valid_from: date,
    source: Source,
    confidence: str,
    by: AbstractBaseUser | None,
    why: str,
    family: Family | None = None,
) -> VendorFact:
    """A new state from ``valid_from`` on; it ends the state that was in force until then."""
    with writing():
        former = VendorFact.objects.filter(
            vendor=vendor, family=family, field=field, valid_from__lt=valid_from
        ).in_force_on(valid_from)
        for fact in former:
            fact.valid_to = valid_from
            record(fact, by=by, why=why)
        fact = VendorFact(
            vendor=vendor,
            family=family,
            field=field,
            value=value,
            valid_from=valid_from,
            source=source,
            confidence=confidence,
        )
        return record(fact, by=by, why=why)


def settle_pledge(
    pledge: Pledge, *, status: str, on: date, reason: str, source: Source | None, by: AbstractBaseUser | None
) -> Pledge:
    """Rule on a pledge. The ruling joins its history, which is never rewritten to before its last day."""
    if not reason:
        raise ValidationError({"status_reason": "A ruling says why."})
    if is_before(on, pledge.status_on):
        raise ValidationError({"status_on": f"The pledge was already ruled on for {pledge.status_on}."})
    pledge.status, pledge.status_on, pledge.status_reason, pledge.status_source = status, on, reason, source
    return record(pledge, by=by, why=f"Ruled {status}")


def withdraw_release(
    release: Release,
    *,
    on: date,
    severity: int,
    summary: str,
    source: Source,
    source_reliability: str,
    info_credibility: str,
    by: AbstractBaseUser | None,
) -> Signal:
    """The vendor removed the weights: the release says since when, a signal of the same day how much it matters."""
    why = "Withdrawn by the vendor"
    with writing():
        release.access, release.withdrawn_on = kinds.Access.WITHDRAWN, on
        record(release, by=by, why=why)
        return record_signal(
            key=f"{release.slug}-withdrawn-{on}",
            vendor=release.family.line.vendor,
            family=release.family,
            kind=kinds.SignalKind.WITHDRAWAL,
            occurred_on=on,
            published_on=on,
            direction=kinds.Direction.WEAKENS,
            severity=severity,
            summary=summary,
            source=source,
            source_reliability=source_reliability,
            info_credibility=info_credibility,
            confidence=release.confidence,
            by=by,
            why=why,
        )
