"""The vocabulary of the reference class as people read it."""

ENDINGS = {
    "relicense_restrictive": "put under stricter terms",
    "open_core_shift": "parts moved to a closed edition",
    "closed_source": "closed",
    "api_paywalled": "free access put behind payment",
    "withdrawn": "withdrawn",
    "discontinued": "discontinued",
    "distribution_restricted": "distribution restricted",
}
DOMAINS = {
    "database": "databases",
    "devops": "devops",
    "ai_model": "model weights",
    "platform_api": "platform interfaces",
    "os": "operating systems",
    "library": "libraries",
    "framework": "frameworks",
    "security": "security",
    "observability": "observability",
    "business_app": "business applications",
    "dataset": "datasets",
    "desktop": "desktop",
    "game_engine": "game engines",
    "messaging": "messaging",
    "storage": "storage",
    "other": "other",
}
GOVERNANCE = {
    "single_vendor": "single vendor",
    "foundation": "foundation",
    "community": "community",
    "academic": "academic",
    "government": "government",
}
FUNDING = {
    "vc": "venture capital",
    "public": "listed company",
    "bigtech": "big technology company",
    "bootstrapped": "own revenue",
    "nonprofit": "non-profit",
    "government": "government",
}
AGREEMENT = {"yes": "asked for", "no": "none"}
STATES = {"governance": GOVERNANCE, "funding": FUNDING, "cla": AGREEMENT}
FIELDS = {"governance": "Governance", "funding": "Who pays", "cla": "Contributor agreement"}
CHECKED = {
    "ipo": "Stock market listing",
    "acquisition": "Acquisition",
    "funding": "Funding round",
    "leadership_departure": "Change at the top",
    "governance_change:foundation": "Move to or from a foundation",
    "governance_change:cla": "Contributor agreement brought in or dropped",
    "license_tightening": "Earlier tightening by the vendor",
    "license_loosening": "Earlier loosening by the vendor",
    "competitor_move": "Competing cloud service",
}


def state(name: str, value: str) -> str:
    return STATES[name].get(value, "unknown")
