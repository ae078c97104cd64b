"""What the words on a page mean, in a sentence each."""

SIGNAL_KINDS = {
    "restructuring": "The unit that makes the models is merged, split, moved or given another goal.",
    "leadership_departure": "Someone who led or publicly stood for the open models leaves.",
    "layoffs": "Staff of the vendor are dismissed, in or near the team that makes the models.",
    "revenue_target": "The vendor states revenue it means to reach with its models or the cloud behind them.",
    "monetization_shift": "The vendor moves from giving models away towards charging for them.",
    "license_tightening": "Terms get stricter in a way that no license change on record tells.",
    "license_loosening": "Terms get freer in a way that no license change on record tells.",
    "closed_flagship": "A top model is offered without weights and no release on record tells it.",
    "open_release": "Weights are published and no release on record tells it.",
    "release_delay": "An announced release, or the weights of one, comes late or is put off.",
    "withdrawal": "Weights that were public are removed from the vendor's channels.",
    "gating": "Weights that could be downloaded freely now need an account, a form or an approval.",
    "price_increase": "Hosted use of the vendor's models gets more expensive.",
    "price_cut": "Hosted use of the vendor's models gets cheaper.",
    "api_deprecation": "The vendor ends hosted access to a model. Weights that were downloaded stay.",
    "funding": "The vendor raises money. A round by itself is neutral; who pays is a dated fact.",
    "financial_stress": "Losses, missed payments or a shrinking runway are reported.",
    "ipo": "The vendor is listed on a stock exchange or files for it.",
    "acquisition": "The vendor is bought, merges, or sells the part that makes the models.",
    "regulation": "A law or a regulator changes what may be published, or how.",
    "litigation": "The vendor is sued, or settles or loses a case, over its models.",
    "export_control": "A government limits who may receive the models or what they are trained on.",
    "security_incident": "Models, keys or build systems of the vendor are compromised.",
    "community_sentiment": "Users or developers visibly turn towards the vendor or away from it.",
    "governance_change": "Who decides over the models changes: a foundation, a board, voting rights.",
    "reach_milestone": "Downloads, derivatives or users pass a mark that the vendor or a hub states.",
    "public_pledge": "The vendor promises openness in public. The pledge itself is recorded apart.",
    "pledge_reversal": "The vendor takes a public promise back.",
    "infrastructure_investment": "The vendor commits to data centers, chips or a cloud for its models.",
    "competitor_move": "Someone else opens, closes or prices a model in a way that presses on this vendor.",
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


def spelled_grade(reliability: str, credibility: str) -> str:
    """ "B2: the source is usually reliable; the report is probably true"."""
    source, report = RELIABILITY[reliability], CREDIBILITY[credibility]
    return f"{reliability}{credibility}: the source is {source}; the report is {report}"
