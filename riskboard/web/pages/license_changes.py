"""The change that a license change row tells: clause by clause, and whom it reaches."""

from collections.abc import Iterable

from riskboard.catalog import kinds
from riskboard.catalog.models import LicenseChange, Release
from riskboard.web.pages.change import Change, Reach, reaches
from riskboard.web.pages.clauses import side_by_side
from scoring.gathering.grades import grade
from scoring.gathering.shelf import Shelf


def license_change(change: LicenseChange, kept: Shelf) -> Change:
    before, after = change.from_license, change.to_license
    reliability, credibility = grade(change)
    return Change(
        key=change.key,
        heading=f"License {'tightened' if change.direction == kinds.ChangeDirection.TIGHTENING else 'loosened'}",
        title=change.asset,
        row=change,
        vendor=change.vendor,
        family=change.family,
        direction=change.direction,
        occurred_on=change.announced_on,
        precision=kinds.Precision.DAY,
        announced_on=change.announced_on,
        effective_on=change.effective_on,
        published_on=change.published_on,
        reliability=reliability,
        credibility=credibility,
        pairs=side_by_side(before, after, kept.thresholds),
        reaches=_reached(change, kept.releases),
        note=_note(change),
        scope=change.get_scope_display(),
        applies_to=change.get_applies_to_display(),
        licenses=(before, after),
    )


def _note(change: LicenseChange) -> str:
    if change.scope == kinds.ChangeScope.HOSTED_ONLY:
        return "The new version is offered hosted only, or comes back from it; weights that are out keep their license."
    if change.scope == kinds.ChangeScope.CODE:
        return "This is about code; the license of the weights does not change by it."
    if change.scope == kinds.ChangeScope.POLICY:
        return "This is about a use policy; the license text of the weights does not change by it."
    if change.applies_to == kinds.AppliesTo.ALL_VERSIONS:
        return "The vendor applies this to versions that were already out."
    return "Versions that were already out keep the terms they came with."


def _reached(change: LicenseChange, releases: Iterable[Release]) -> tuple[Reach, ...]:
    if change.family is None:
        return ()
    of_family = [row for row in releases if row.family_id == change.family_id]
    of_family.sort(key=lambda row: (-row.released_on.toordinal(), row.slug))
    new = [row for row in of_family if row.license_id == change.to_license_id]
    old = [row for row in of_family if row.license_id == change.from_license_id]
    other = [row for row in of_family if row not in new and row not in old]
    keep = change.applies_to == kinds.AppliesTo.NEW_VERSIONS
    return reaches(
        (f"Under the new terms ({change.to_license.name})", new),
        (
            f"Keep the old terms ({change.from_license.name})"
            if keep
            else f"On record under the old terms ({change.from_license.name}); the change is said to reach them",
            old,
        ),
        ("Under other terms, or unknown ones; this change says nothing about them", other),
    )
