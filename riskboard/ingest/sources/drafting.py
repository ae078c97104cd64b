"""Observed changes as rows of the evidence tables. What was not observed stays blank, for an analyst to fill in."""

import re
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from riskboard.catalog import kinds
from riskboard.catalog.models import Family
from riskboard.ingest.drafts import Draft


@dataclass(frozen=True, slots=True)
class Citation:
    url: str
    title: str
    publisher: str


def row_key(*parts: str) -> str:
    """A key of an evidence table made of readable words, and different for different words however long they are."""
    words = re.sub(r"[^A-Za-z0-9._]+", "-", "-".join(parts)).strip("-._")
    if len(words) <= 72:
        return words
    return f"{words[:60].rstrip('-._')}-{sha256(words.encode()).hexdigest()[:8]}"


def slug_of(family: Family | None) -> str:
    return family.slug if family else ""


def signal(
    key: str,
    *,
    vendor: str,
    family: Family | None,
    kind: str,
    on: date,
    direction: str,
    severity: int,
    summary: str,
    citation: Citation,
    observed: tuple[str, ...],
    credibility: str = kinds.Credibility.CONFIRMED,
    is_machine_verified: bool = False,
    snapshots: tuple[str, ...] = (),
) -> Draft:
    fields = {
        "id": key,
        "event_id": "",
        "vendor": vendor,
        "family": slug_of(family),
        "kind": kind,
        "occurred_on": on.isoformat(),
        "date_precision": kinds.Precision.DAY.value,
        "published_on": on.isoformat(),
        "direction": direction,
        "severity": str(severity),
        "summary": summary[:500],
        "source_url": citation.url,
        "source_title": citation.title[:300],
        "publisher": citation.publisher,
        "source_reliability": kinds.Reliability.A.value,
        "info_credibility": credibility,
        "confidence": kinds.Confidence.HIGH.value if is_machine_verified else kinds.Confidence.MEDIUM.value,
    }
    return Draft(f"signals:{key}", "signals", fields, observed, is_machine_verified, citation.url, snapshots)


def license_change(
    key: str,
    *,
    vendor: str,
    family: Family | None,
    asset: str,
    from_license: str,
    to_license: str,
    on: date,
    direction: str,
    scope: str,
    citation: Citation,
    observed: tuple[str, ...],
    is_machine_verified: bool = False,
    snapshots: tuple[str, ...] = (),
) -> Draft:
    fields = {
        "id": key,
        "vendor": vendor,
        "family": slug_of(family),
        "asset": asset[:200],
        "from_license": from_license,
        "to_license": to_license,
        "announced_on": on.isoformat(),
        "effective_on": "",
        "direction": direction,
        # The terms of what is already published there are others now.
        "applies_to": kinds.AppliesTo.ALL_VERSIONS.value,
        "scope": scope,
        "source_url": citation.url,
        "source_title": citation.title[:300],
        "confidence": kinds.Confidence.HIGH.value if is_machine_verified else kinds.Confidence.MEDIUM.value,
    }
    return Draft(
        f"license_changes:{key}", "license_changes", fields, observed, is_machine_verified, citation.url, snapshots
    )


def reach(*, vendor: str, family: Family | None, on: date, metric: str, value: int, citation: Citation) -> Draft:
    """A count read from the host itself: machine-verified."""
    fields = {
        "vendor": vendor,
        "family": slug_of(family),
        "measured_on": on.isoformat(),
        "metric": metric,
        "value": str(value),
        "source_url": citation.url,
        "source_title": citation.title[:300],
        "confidence": kinds.Confidence.HIGH.value,
    }
    key = f"reach:{row_key(citation.publisher, vendor, fields['family'], metric, fields['measured_on'])}"
    return Draft(key, "reach", fields, (citation.title,), True, citation.url)
