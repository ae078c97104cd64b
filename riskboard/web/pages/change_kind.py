"""What sort of change it is, which decides what to do first and what to compare it with."""

from dataclasses import dataclass
from enum import StrEnum

from riskboard.catalog import kinds
from riskboard.catalog.models import LicenseChange, Release, Signal
from riskboard.catalog.terms import takes_effect
from riskboard.web.pages.change import Change
from riskboard.web.pages.release_changes import CLOSED, WITHDRAWN


class Kind(StrEnum):
    TIGHTER_FOR_NEW = "tighter_for_new"
    TIGHTER_FOR_ALL = "tighter_for_all"
    NEXT_CLOSED = "next_closed"
    BESIDE = "beside"  # about code or a use policy
    LOOSER = "looser"
    WITHDRAWN = "withdrawn"
    SERVICE_ENDED = "service_ended"
    GATED = "gated"


SIGNALS = {
    kinds.SignalKind.GATING: Kind.GATED,
    kinds.SignalKind.WITHDRAWAL: Kind.WITHDRAWN,
    kinds.SignalKind.API_DEPRECATION: Kind.SERVICE_ENDED,
}


def kind_of(change: Change) -> Kind:
    match change.row:
        case LicenseChange():
            return _of_license(change.row)
        case Signal():
            return SIGNALS[kinds.SignalKind(change.row.kind)]
        case _ if change.key.startswith(CLOSED):
            return Kind.NEXT_CLOSED
        case _ if change.key.startswith(WITHDRAWN):
            return Kind.WITHDRAWN
        case _:
            return Kind.SERVICE_ENDED


def _of_license(row: LicenseChange) -> Kind:
    if row.direction == kinds.ChangeDirection.LOOSENING:
        return Kind.LOOSER
    if row.scope == kinds.ChangeScope.HOSTED_ONLY:
        return Kind.NEXT_CLOSED
    if row.scope != kinds.ChangeScope.WEIGHTS:
        return Kind.BESIDE
    is_for_all = row.applies_to == kinds.AppliesTo.ALL_VERSIONS
    return Kind.TIGHTER_FOR_ALL if is_for_all else Kind.TIGHTER_FOR_NEW


@dataclass(frozen=True, slots=True)
class Touched:
    """Releases, the newest first. A release in neither is one that the row says nothing about."""

    hit: tuple[Release, ...]
    spared: tuple[Release, ...]


def touched(change: Change, releases: tuple[Release, ...]) -> Touched:
    """``releases``: all on record."""
    match change.row:
        case LicenseChange():
            return _by_license(change.row, releases)
        case Signal():
            return Touched((), ())
        case _:
            groups = [each.releases for each in change.reaches]
            return Touched(groups[0], groups[1] if len(groups) > 1 else ())


def _by_license(row: LicenseChange, releases: tuple[Release, ...]) -> Touched:
    family = sorted(
        (each for each in releases if each.family_id == row.family_id),
        key=lambda each: (-each.released_on.toordinal(), each.slug),
    )
    effect = takes_effect(row)
    new = [each for each in family if each.license_id == row.to_license_id and each.released_on >= effect]
    old = [each for each in family if each.license_id == row.from_license_id and each not in new]
    reaches_back = row.applies_to == kinds.AppliesTo.ALL_VERSIONS and row.scope == kinds.ChangeScope.WEIGHTS
    reached = [each for each in old if reaches_back and each.released_on < effect]
    return Touched((*new, *reached), tuple(each for each in old if each not in reached))
