"""What the words on a page mean, in a sentence each."""

SIGNAL_KINDS = {
    "restructuring": "The unit that makes the models is merged, split, moved or given another goal.",
    "leadership_departure": "Someone who led or publicly stood for the open models leaves.",
    "layoffs": "Staff of the vendor are dismissed, in or near the team that makes the models.",
    "revenue_target": "The vendor states revenue it means to reach with its models or the cloud behind them.",
    "monetization_shift": "The vendor moves from giving models away towards charging for them or for services on them.",
    "license_tightening": "Terms get stricter in a way that no license change on record tells.",
    "license_loosening": "Terms get freer in a way that no license change on record tells.",
    "closed_flagship": "A top model is planned or offered without weights, and no release on record tells it.",
    "open_release": "Weights are published and no release on record tells it.",
    "release_delay": "An expected release, or its weights, comes late, is put off or does not come.",
    "withdrawal": "Weights, code or a demonstration that were public are taken down.",
    "gating": "Access gets a condition, a form, a region or a lower limit that it did not have.",
    "price_increase": "Hosted use of the vendor's models gets more expensive.",
    "price_cut": "Hosted use of the vendor's models gets cheaper.",
    "api_deprecation": "A hosted model, or support for a model, ends. Weights that were downloaded stay.",
    "funding": "The vendor raises money or is given a grant. Who pays is kept as a dated fact besides.",
    "financial_stress": "Losses, falling profit or a shrinking runway are reported.",
    "ipo": "The vendor is listed on a stock exchange, or prepares for it.",
    "acquisition": "The vendor is bought, merges or loses its makers to a buyer, or talks about that are reported.",
    "regulation": "A law, a regulator or a government's policy bears on what may be published, or how.",
    "litigation": "The vendor is sued or accused over its models, or a case about them ends.",
    "export_control": "A government limits trade with the vendor, or names it on a list of that kind.",
    "security_incident": "Weights, keys or systems leak or are broken into, or models are misused.",
    "community_sentiment": "Users or developers visibly turn towards the vendor or away from it.",
    "governance_change": "Who decides over the models changes: a foundation, a board, voting rights.",
    "reach_milestone": "Downloads, derivatives or users pass a mark that someone counted.",
    "public_pledge": "The vendor promises openness in public. The pledge itself is recorded apart.",
    "pledge_reversal": "The vendor takes a public promise back.",
    "infrastructure_investment": "Money goes into data centers, chips or a cloud for the vendor's models.",
    "competitor_move": "Someone else opens, closes or prices a model in a way that bears on this vendor.",
}
RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "of a reliability that cannot be judged",
}
CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "of a truth that cannot be judged",
}
DIRECTIONS = {
    "weakens": "the open offer gets less sure",
    "strengthens": "the open offer gets surer",
    "neutral": "it bears on the offer, and neither way",
}
SEVERITIES = {
    "5": "the flagship or the whole commitment ends or begins; the main person leaves",
    "4": "a main product, license or market is affected",
    "3": "clear, but limited",
    "2": "minor, indirect, or a forecast",
    "1": "a weak source, another host, a single user",
}


def spelled_grade(reliability: str, credibility: str) -> str:
    """ "B2: the source is usually reliable; the report is probably true"."""
    source, report = RELIABILITY[reliability], CREDIBILITY[credibility]
    return f"{reliability}{credibility}: the source is {source}; the report is {report}"


SPECIFICITIES = {
    "vague": "Goodwill in words. Nothing follows from it that could be checked.",
    "directional": "Says which way, without what, when or under which terms.",
    "specific": "Says what will be open, when, or under which license: it can be checked.",
    "binding": "Holds in law: a license text, a contract, a condition of a regulator.",
}
PLEDGE_STATUSES = {
    "open": "Nothing has happened yet that keeps or breaks it.",
    "kept": "What was promised was done.",
    "partly_kept": "Done in part, late, or under tighter terms than promised.",
    "at_risk": "Not broken, but what happened since speaks against it.",
    "broken": "The opposite was done, or the date passed without it.",
    "superseded": "A later promise of the same vendor took its place.",
}
ACCESSES = {
    "open_weights": "Anybody may download the weights and use them commercially.",
    "gated": "Weights after a form, an account or an approval.",
    "api_only": "Offered hosted; no weights to download.",
    "restricted": "Downloadable, but not for commercial use, or with territories left out.",
    "withdrawn": "The vendor has removed the weights.",
}
CHANGE_DIRECTIONS = {
    "tightening": "The licensee may do less, or owes more, than before.",
    "loosening": "The licensee may do more, or owes less, than before.",
}
REACHES_BACK = {
    "new_versions": "Copies that are already out keep the terms they came with.",
    "all_versions": "It claims to hold for what was already published, too.",
}
CHANGE_SCOPES = {
    "weights": "The terms of model weights.",
    "code": "The terms of code around the models.",
    "policy": "A policy of use that the license points to.",
    "hosted_only": "The terms of the hosted service; the weights keep theirs.",
}
PRECISIONS = {
    "day": "The date is known exactly.",
    "month": "Write any day of the month: it counts as public on its last day.",
    "year": "Write any day of the year: it counts as public on its last day.",
}
CONFIDENCES = {
    "high": "The source says it plainly, and is the one to know.",
    "medium": "Well sourced, with some reading of ours in it.",
    "low": "A single or indirect source, or much reading of ours.",
}
# What the choices of a column mean, where that is not in the choice itself.
MEANINGS = {
    ("signals", "kind"): SIGNAL_KINDS,
    ("signals", "severity"): SEVERITIES,
    ("signals", "source_reliability"): RELIABILITY,
    ("signals", "info_credibility"): CREDIBILITY,
    ("license_changes", "direction"): CHANGE_DIRECTIONS,
    ("license_changes", "applies_to"): REACHES_BACK,
    ("license_changes", "scope"): CHANGE_SCOPES,
    ("pledges", "specificity"): SPECIFICITIES,
    ("pledges", "status"): PLEDGE_STATUSES,
    ("releases", "access"): ACCESSES,
    **{(table, "date_precision"): PRECISIONS for table in ("signals", "releases")},
    **{(table, "confidence"): CONFIDENCES for table in ("signals", "license_changes", "pledges", "releases")},
}
