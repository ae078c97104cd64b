"""Reads that are about all evidence at once."""

from datetime import date

from riskboard.catalog.models import EvidenceVersion, LicenseChange, Pledge, Release, Signal

DATED = (LicenseChange, Pledge, Release, Signal)


def newest_publication(day: date) -> date | None:
    """The newest day on which anything here became public, no later than ``day``. One query."""
    first, *others = (model.objects.known_on(day).values_list("published_on", flat=True).order_by() for model in DATED)
    newest: date | None = first.union(*others).order_by("-published_on").first()
    return newest


def evidence_version() -> str:
    """Changes whenever a row of evidence is added, changed or deleted, however that is done."""
    return EvidenceVersion.objects.values_list("token", flat=True).first() or "empty"
