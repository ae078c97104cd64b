"""Reads that are about all evidence at once."""

from datetime import date

from django.db.models import Max

from riskboard.catalog.models import EvidenceVersion, LicenseChange, Pledge, Release, Signal

DATED = (LicenseChange, Pledge, Release, Signal)


def newest_publication(day: date) -> date | None:
    """The newest day on which anything here became public, no later than ``day``."""
    newest = [model.objects.known_on(day).aggregate(on=Max("published_on"))["on"] for model in DATED]
    return max((on for on in newest if on), default=None)


def evidence_version() -> str:
    """Changes whenever a row of evidence is added, changed or deleted, however that is done."""
    return EvidenceVersion.objects.values_list("token", flat=True).first() or "empty"
