"""Which deployments of a team a change hits, which not, and why. What cannot be said is unknown, never "not"."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from riskboard.catalog import kinds
from riskboard.catalog.models import LicenseChange, Release
from riskboard.catalog.terms import reached, takes_effect
from riskboard.portfolio.kinds import Mirror, Relation
from riskboard.portfolio.models import Deployment


class Hits(StrEnum):
    YES = "hit"
    NO = "not hit"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Hit:
    deployment: Deployment
    hits: Hits
    why: str

    @property
    def tone(self) -> str:
        return {Hits.YES: "down", Hits.NO: "up"}.get(self.hits, "flat")


def _hit(deployment: Deployment, hits: Hits, why: str) -> Hit:
    relation = Relation(deployment.relation)
    if relation is not Relation.SAME and deployment.release and hits is not Hits.UNKNOWN:
        why = f"As a {relation.label} ({deployment.release.name}): {why[:1].lower()}{why[1:]}"
    return Hit(deployment, hits, why)


def by_license(deployment: Deployment, change: LicenseChange) -> Hit:
    """Of a deployment of the vendor's: by the license that its release came under."""
    release = deployment.release
    if release is None:
        return unmatched(deployment)
    if change.family_id is not None and change.family_id != release.family_id:
        return _hit(deployment, Hits.NO, f"It is about {change.family}, and this stands on {release.family}.")
    if change.scope != kinds.ChangeScope.WEIGHTS:
        return _hit(deployment, *_beside(change, release))
    if release.license_id is None:
        return _hit(deployment, Hits.UNKNOWN, f"Unknown: no license is on record for {release.name}.")
    if release.license_id == change.to_license_id and release.released_on >= takes_effect(change):
        return _hit(deployment, Hits.YES, f"{release.name} came out under {change.to_license.name}.")
    words = reached(change, release)
    is_hit = words.startswith("reached")
    return _hit(deployment, Hits.YES if is_hit else Hits.NO, f"{words[:1].upper()}{words[1:]}.")


def _beside(change: LicenseChange, release: Release) -> tuple[Hits, str]:
    if change.scope != kinds.ChangeScope.HOSTED_ONLY:
        about = change.get_scope_display()
        return Hits.UNKNOWN, f"Unknown: its weights are not touched; whether you use the {about} is not on record."
    if release.access == kinds.Access.API_ONLY:
        return Hits.YES, f"{release.name} is offered hosted only."
    return Hits.NO, f"{release.name} is out with its weights, and they keep the license that they came with."


def by_release(deployment: Deployment, hit: Collection[int], spared: Collection[int], occurred_on: date) -> Hit:
    """Of a closure or a withdrawal: by which releases it names."""
    release = deployment.release
    if release is None:
        return unmatched(deployment)
    if release.pk in hit and release.access == kinds.Access.API_ONLY:
        return _hit(deployment, Hits.YES, f"{release.name} is offered hosted only: there are no weights of it.")
    if release.pk in hit:
        return _hit(deployment, Hits.YES, f"The weights of {release.name} were withdrawn. {_copy(deployment)}")
    if release.pk in spared:
        return _hit(deployment, Hits.NO, f"The vendor still offered {release.name} when this was recorded.")
    when = "after" if release.released_on > occurred_on else "before"
    return _hit(deployment, Hits.NO, f"{release.name} is not among those named; it came out {when} it.")


def _copy(deployment: Deployment) -> str:
    match deployment.mirror:
        case Mirror.VERIFIED:
            return "You hold a copy."
        case Mirror.UNVERIFIED:
            return "You hold a copy whose hash nobody compared."
        case Mirror.NONE:
            return "You hold no copy."
        case _:
            return "Whether you hold a copy is unknown."


def by_service(deployment: Deployment, hit: Collection[int], vendor: str) -> Hit:
    """Of the end of the vendor's own service."""
    release = deployment.release
    if release is None:
        return unmatched(deployment)
    if release.pk not in hit:
        return _hit(deployment, Hits.NO, f"It is not about {release.name}.")
    if not deployment.served_by:
        return _hit(deployment, Hits.NO, f"You run {release.name} on your own machines.")
    if deployment.served_by.strip().lower() == vendor.lower():
        return _hit(deployment, Hits.YES, f"{vendor} serves {release.name} for you.")
    return _hit(deployment, Hits.UNKNOWN, f"Unknown: {deployment.served_by} serves it for you; ask until when.")


def by_report(deployment: Deployment, family: int | None) -> Hit:
    """Of a report that names no release."""
    release = deployment.release
    if release is None:
        return unmatched(deployment)
    if family is not None and release.family_id != family:
        return _hit(deployment, Hits.NO, f"It is about another family than {release.family}.")
    return _hit(deployment, Hits.UNKNOWN, f"Unknown: the report does not say whether it reaches {release.name}.")


def unmatched(deployment: Deployment) -> Hit:
    return Hit(deployment, Hits.UNKNOWN, "Unknown: it is matched to no release on record.")
