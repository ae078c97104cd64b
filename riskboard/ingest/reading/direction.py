"""The effect of an event on the open commitment, by kind and by how it is told."""

from riskboard.ingest.reading.claims import BENEFICIAL_OR_NEUTRAL, REVERSIBLE, Claim
from riskboard.ingest.reading.item import Read

WEAKENS, STRENGTHENS, NEUTRAL = "weakens", "strengthens", "neutral"
USUAL = {
    "license_loosening": STRENGTHENS,
    "open_release": STRENGTHENS,
    "public_pledge": STRENGTHENS,
    "price_cut": STRENGTHENS,
    "reach_milestone": STRENGTHENS,
    "infrastructure_investment": NEUTRAL,
    "revenue_target": NEUTRAL,
}  # everything else weakens


def direction_of(read: Read, kind: str, claim: Claim) -> str:
    if claim.is_denied:
        if kind == "public_pledge":
            return STRENGTHENS
        return NEUTRAL if kind in BENEFICIAL_OR_NEUTRAL else WEAKENS
    if claim.is_reversed and kind in REVERSIBLE:
        return STRENGTHENS
    told = TOLD.get(kind)
    return told(read) if told else USUAL.get(kind, WEAKENS)


def _funding(read: Read) -> str:
    if read.title.has("closed") and not read.title.has("roundword"):
        return WEAKENS
    if read.title.has("fundingtalk"):
        return NEUTRAL
    if read.title.has("donedeal"):
        return STRENGTHENS
    return NEUTRAL if read.has("weakrumor") or read.summary.has("fundingtalk") else STRENGTHENS


def _acquisition(read: Read) -> str:
    if read.has("mergerreview"):
        return NEUTRAL
    if read.title.has("weakrumor") or read.title.has("unsettled"):
        return NEUTRAL
    return NEUTRAL if read.has("weakrumor") and not read.title.has("clos_deal") else WEAKENS


def _governance(read: Read) -> str:
    return STRENGTHENS if read.has("neutralbody") and not read.has("ownbody") else NEUTRAL


def _regulation(read: Read) -> str:
    if read.title.has("curbword") and not read.title.has("endorse"):
        return WEAKENS
    if read.has("endorse"):
        return STRENGTHENS
    return WEAKENS if read.has("curbword") else NEUTRAL


def _litigation(read: Read) -> str:
    for field in read.fields:
        if field.has("win") and not any(field.is_negated(span.first) for span in field.spans["win"]):
            return WEAKENS if field.has("againstvendor") else STRENGTHENS
    return WEAKENS


def _sentiment(read: Read) -> str:
    return STRENGTHENS if read.has("praise") and not read.has("complain") else WEAKENS


def _infrastructure(read: Read) -> str:
    return STRENGTHENS if read.has("openscience") else NEUTRAL


TOLD = {
    "funding": _funding,
    "acquisition": _acquisition,
    "governance_change": _governance,
    "regulation": _regulation,
    "litigation": _litigation,
    "community_sentiment": _sentiment,
    "infrastructure_investment": _infrastructure,
}
