"""How much an event matters, 1 to 5: the usual weight of its kind, moved by what the item says."""

from riskboard.ingest.reading.claims import Claim
from riskboard.ingest.reading.item import Read

USUAL = {
    "withdrawal": 4, "license_tightening": 3, "license_loosening": 3, "closed_flagship": 4, "pledge_reversal": 4,
    "public_pledge": 3, "gating": 3, "price_increase": 3, "price_cut": 3, "monetization_shift": 3,
    "api_deprecation": 2, "release_delay": 3, "open_release": 3, "restructuring": 3, "governance_change": 3,
    "leadership_departure": 3, "layoffs": 3, "funding": 3, "financial_stress": 3, "ipo": 3, "acquisition": 4,
    "revenue_target": 2, "infrastructure_investment": 3, "regulation": 3, "export_control": 3, "litigation": 3,
    "security_incident": 3, "community_sentiment": 2, "competitor_move": 3, "reach_milestone": 2,
}  # fmt: skip
RAISED_BY = {
    "leadership_departure": ("toppost",),
    "license_tightening": ("wholeproduct",),
    "license_loosening": ("wholeproduct",),
    "open_release": ("topmodel",),
    "closed_flagship": ("topmodel",),
    "community_sentiment": ("backlashword",),
    "acquisition": ("_founders",),
}


def severity_of(read: Read, kind: str, claim: Claim) -> int:
    level = USUAL[kind]
    if any(read.has(concept) for concept in RAISED_BY.get(kind, ())):
        level += 1
    if kind in ("api_deprecation", "gating") and read.has("third_host"):
        level -= 1
    if _is_single_voice(read):
        level = min(level, 2)
    if claim.is_denied:
        return min(level, 2)
    if claim.is_rumored:
        level -= 1
    return max(1, min(5, level))


def _is_single_voice(read: Read) -> bool:
    return "issue" in read.publisher.lower() or (read.title.has("?") and read.title.has("ask"))
