"""What a team keeps of one deployment: its rights, what a copy adds, and the text that came with it."""

from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import License, LicenseChange, Release, Revision
from riskboard.catalog.terms import reached, terms_on
from riskboard.portfolio.keeping import COPIES, Happened, Right, TextCheck, happened, rights, shipped, text_check
from riskboard.portfolio.models import Deployment
from scoring.baserates import Ending, endings
from scoring.kept import shelf
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
    changes: tuple[tuple[LicenseChange, str], ...]  # of its family, with whether each reached it
    text: TextCheck
    happened: Happened
    withdrawals: Ending | None  # of the reference class
    day: date

    @property
    def has_copy(self) -> bool:
        return self.deployment.mirror in COPIES


def keeping_of(deployment: Deployment, today: date) -> Keeping | None:
    """None: it is not matched to a release. One query beside the shelf."""
    held = shelf()
    release = next((row for row in held.releases if row.pk == deployment.release_id), None)
    if release is None:
        return None
    about = [row for row in held.changes if row.family_id == release.family_id and row.announced_on <= today]
    now = terms_on(release, about, today)
    return Keeping(
        deployment=deployment,
        release=release,
        license=release.license,
        now=now if now != release.license else None,
        rights=rights(deployment, release),
        shipped=shipped(deployment, release),
        changes=tuple((change, reached(change, release)) for change in reversed(about)),
        text=text_check(deployment, Revision.objects.filter(release=release).order_by("-captured_on", "-pk")),
        happened=happened(held.releases, held.changes, today),
        withdrawals=next((row for row in endings(past_cases()) if row.kind == "withdrawn"), None),
        day=today,
    )
