"""What a license says in a sentence, and which releases a change of terms reaches."""

from collections.abc import Iterable
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import License, LicenseChange, Release, Threshold

SCOPES = {"code": "the code", "policy": "the use policy", "hosted_only": "what is hosted"}
COUNTED_BY_PERIOD = {kinds.ThresholdMetric.MONTHLY_ACTIVE_USERS, kinds.ThresholdMetric.DAILY_ACTIVE_USERS}


def terms_on(release: Release, changes: Iterable[LicenseChange], day: date) -> License | None:
    """The license its weights are offered under on the day: a change to all versions moves those already out."""
    license_ = release.license
    for change in sorted(changes, key=lambda change: (takes_effect(change), change.key)):
        moves = change.applies_to == kinds.AppliesTo.ALL_VERSIONS and change.scope == kinds.ChangeScope.WEIGHTS
        of_it = change.family_id in {None, release.family_id} and change.is_verified
        in_time = release.released_on < takes_effect(change) <= day
        if moves and of_it and in_time and license_ is not None and change.from_license_id == license_.pk:
            license_ = change.to_license
    return license_


def takes_effect(change: LicenseChange) -> date:
    return change.effective_on or change.announced_on


def tightened_weights(changes: Iterable[LicenseChange], day: date) -> list[LicenseChange]:
    """Verified rows only, announced by the day."""
    return [
        row
        for row in changes
        if row.direction == kinds.ChangeDirection.TIGHTENING
        and row.scope == kinds.ChangeScope.WEIGHTS
        and row.announced_on <= day
        and row.is_verified
    ]


def reached(change: LicenseChange, release: Release) -> str:
    """Whether a change of terms reached the weights of this release."""
    if change.scope != kinds.ChangeScope.WEIGHTS:
        return f"not this copy: it is about {SCOPES[change.scope]}"
    if release.released_on >= takes_effect(change):
        return "older than this release, which came under terms of its own"
    if change.applies_to != kinds.AppliesTo.ALL_VERSIONS:
        return "did not reach this release: only versions after it"
    if change.from_license_id != release.license_id:
        return "did not reach this release: it came under another license"
    return "reached this release: it applies to all versions"


def threshold_sentence(threshold: Threshold) -> str:
    """ "Above 100,000,000 monthly active users, for companies: a separate license is needed"."""
    who = f", for {threshold.who}" if threshold.who else ""
    return f"{_condition(threshold)}{who}: {threshold.get_consequence_display()}"


def _condition(threshold: Threshold) -> str:
    metric = threshold.get_metric_display()
    if threshold.metric == kinds.ThresholdMetric.ANY_COMMERCIAL_USE:
        return f"For {metric}"
    if threshold.amount is None:
        return f"Above a limit of {metric} that is unknown"
    amount = f"{threshold.amount.normalize():,f}"
    # "monthly active users a month" would say it twice
    period = f" a {threshold.period}" if threshold.period and threshold.metric not in COUNTED_BY_PERIOD else ""
    return (
        f"Above {threshold.currency} {amount} of {metric}{period}"
        if threshold.currency
        else f"Above {amount} {metric}{period}"
    )
