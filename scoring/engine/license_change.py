"""How severe a license change is: the distance between the two licenses (method section 3)."""

from dataclasses import dataclass

from scoring.engine.rubric import Rubric


@dataclass(frozen=True, slots=True)
class LicenseTerms:
    """What is known of a license; ``None`` where its text has not been read, which never counts as a difference."""

    category: str | None
    hosted_only: bool | None
    threshold: bool | None
    territory: bool | None
    use_limits: bool | None


def license_severity(old: LicenseTerms, new: LicenseTerms, all_versions: bool, rubric: Rubric) -> int:
    """Severity 1 to 5 of the event; the direction is the change's own."""
    distance = rubric.license_change
    limits = ("threshold", "territory", "use_limits")
    if _differ(old, new, "hosted_only"):
        severity = distance.hosted_only
    elif _differ(old, new, "category"):
        severity = distance.category
    elif any(_differ(old, new, clause) for clause in limits):
        severity = distance.limits
    else:
        severity = distance.other
    return min(distance.highest, severity + (distance.all_versions if all_versions else 0))


def _differ(old: LicenseTerms, new: LicenseTerms, clause: str) -> bool:
    before, after = getattr(old, clause), getattr(new, clause)
    return before is not None and after is not None and before != after
