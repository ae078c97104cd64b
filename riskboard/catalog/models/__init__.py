from riskboard.catalog.models.evidence import Evidence, EvidenceQuerySet, Tombstone
from riskboard.catalog.models.facts import Reach, VendorFact
from riskboard.catalog.models.licenses import License, LicenseChange, Threshold
from riskboard.catalog.models.lines import Family, Line, Release, Revision
from riskboard.catalog.models.pledges import Pledge, Ruling
from riskboard.catalog.models.signals import Signal
from riskboard.catalog.models.sources import Source
from riskboard.catalog.models.vendors import Vendor
from riskboard.catalog.models.versions import EvidenceVersion

__all__ = [
    "Evidence",
    "EvidenceQuerySet",
    "EvidenceVersion",
    "Family",
    "License",
    "LicenseChange",
    "Line",
    "Pledge",
    "Reach",
    "Release",
    "Revision",
    "Ruling",
    "Signal",
    "Source",
    "Threshold",
    "Tombstone",
    "Vendor",
    "VendorFact",
]
