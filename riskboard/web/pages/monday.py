"""What anybody does about a change on Monday: whom it bites, who serves it, first steps, two briefs, and the end."""

from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import Release, VendorFact
from riskboard.web.pages.bitten import Bitten, bitten
from riskboard.web.pages.change import RELEASES_SHOWN, Change
from riskboard.web.pages.change_briefs import Material, for_counsel, for_technology
from riskboard.web.pages.change_kind import Touched, kind_of, touched
from riskboard.web.pages.change_steps import Case, Stretch, steps_of
from riskboard.web.pages.ended_elsewhere import Elsewhere, ended_elsewhere
from riskboard.web.pages.footnotes import Claim, Footnotes, Note
from riskboard.web.pages.hosting import HostedRelease, hosted_releases
from riskboard.web.pages.told import Told
from riskboard.web.pages.upkeep import Upkeep, upkeep_of
from scoring.kept import shelf


@dataclass(frozen=True, slots=True)
class Monday:
    touched: Touched
    whom: tuple[Bitten, ...]
    hosted: tuple[HostedRelease, ...]
    steps: tuple[Stretch, ...]
    counsel: tuple[Claim, ...]
    technology: tuple[Claim, ...]
    elsewhere: Elsewhere
    upkeep: Upkeep
    notes: tuple[Note, ...]
    today: date


def monday_page(change: Change, told: tuple[Told, ...], report: str, today: date) -> Monday:
    """One query beside the shelf: who hosts it."""
    held, kind = shelf(), kind_of(change)
    releases = touched(change, held.releases)
    hosted = hosted_releases((*releases.hit, *releases.spared)[:RELEASES_SHOWN], today)
    after = change.licenses[1].pk if change.licenses else 0
    case = Case(
        change=change,
        touched=releases,
        hosted=hosted,
        thresholds=tuple(row for row in held.thresholds if row.license_id == after),
        unknown=sum(pair.differs is None for pair in change.pairs),
    )
    elsewhere = ended_elsewhere(kind, held.changes, today)
    upkeep = upkeep_of(_of_line(change, held.releases), _facts(change, held.facts), today)
    notes = Footnotes()
    material = Material(case, report, told, elsewhere, upkeep, notes)
    return Monday(
        touched=releases,
        whom=bitten(*change.licenses, held.thresholds) if len(change.licenses) == 2 else (),
        hosted=hosted,
        steps=steps_of(kind, case),
        counsel=for_counsel(material),
        technology=for_technology(material),
        elsewhere=elsewhere,
        upkeep=upkeep,
        notes=tuple(notes),
        today=today,
    )


def _of_line(change: Change, releases: tuple[Release, ...]) -> list[Release]:
    if change.family is not None:
        return [row for row in releases if row.family.line_id == change.family.line_id]
    return [row for row in releases if row.family.line.vendor_id == change.vendor.pk]


def _facts(change: Change, facts: tuple[VendorFact, ...]) -> list[VendorFact]:
    family = change.family.pk if change.family else None
    return [row for row in facts if row.vendor_id == change.vendor.pk and row.family_id in {None, family}]
