"""What a team keeps of one deployment: its rights, what a copy adds, and the text that came with it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from riskboard.catalog import kinds
from riskboard.catalog.models import License, LicenseChange, Release
from riskboard.catalog.terms import reached, takes_effect, terms_on
from riskboard.portfolio.keeping import (
    COPIES,
    Happened,
    Right,
    TextCheck,
    happened,
    rights,
    shipped,
    text_check,
    texts_and_withdrawals,
)
from riskboard.portfolio.models import Deployment
from scoring.baserates import Ending, endings
from scoring.pastcases import past_cases


@dataclass(frozen=True, slots=True)
class Keeping:
    """``now``: the license that the release is offered under today, where it is another than it came with."""

    deployment: Deployment
    release: Release
    license: License | None
    now: License | None
    rights: tuple[Right, ...]
    shipped: tuple[Right, ...]
    changes: tuple[tuple[LicenseChange, str], ...]  # of its family and since it, with whether each reached it
    text: TextCheck
    happened: Happened
    withdrawals: Ending | None  # of the reference class
    day: date

    @property
    def has_copy(self) -> bool:
        return self.deployment.mirror in COPIES


def keeping_of(deployment: Deployment, today: date) -> Keeping | None:
    """None: it is not matched to a release. Two queries where ``with_release`` brought the release."""
    release = deployment.release
    if release is None:
        return None
    texts, withdrawn = texts_and_withdrawals(release, today)
    changes = list(_changes(release).filter(announced_on__lte=today))
    about = [row for row in changes if row.family_id == release.family_id]
    now = terms_on(release, about, today)
    return Keeping(
        deployment=deployment,
        release=release,
        license=release.license,
        now=now if now != release.license else None,
        rights=rights(deployment, release),
        shipped=shipped(deployment, release),
        changes=tuple((row, reached(row, release)) for row in about if takes_effect(row) > release.released_on),
        text=text_check(deployment, texts),
        happened=happened(withdrawn, changes, today),
        withdrawals=next((row for row in endings(past_cases()) if row.kind == "withdrawn"), None),
        day=today,
    )


def _changes(release: Release) -> QuerySet[LicenseChange]:
    """Of its family, and what tightened anywhere: the newest first."""
    wanted = Q(family=release.family_id) | Q(direction=kinds.ChangeDirection.TIGHTENING)
    return LicenseChange.objects.filter(wanted).cited().select_related("to_license").order_by("-announced_on", "key")
