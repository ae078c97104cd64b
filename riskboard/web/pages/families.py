"""A family shows its line's score with its own part of the evidence in front; a release says what you hold first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, LicenseChange, Line, Reach, Release
from riskboard.web.pages.answers import newest_open
from riskboard.web.pages.citing import Cited
from riskboard.web.pages.hosting import HostedRelease, hosted_releases
from riskboard.web.pages.keeping import Clause, Kept, TermsPage, kept, terms_page
from riskboard.web.pages.like import LikeCard, like_card
from riskboard.web.pages.line_rows import reference
from riskboard.web.pages.line_tables import PledgeRow, ReleaseRow, pledge_rows, release_rows
from riskboard.web.pages.lines import Judged, ScoreHeader, judged, kept_copy, score_header
from riskboard.web.pages.marks import Mark
from riskboard.web.pages.revisions import RevisionRow, revision_rows
from riskboard.web.pages.why import Item, items_of

HARMLESS = {"allowed", "no", "none", "none left out", "free"}


@dataclass(frozen=True, slots=True)
class SignalRow:
    mark: Mark
    cited: Cited
    kind: str


@dataclass(frozen=True, slots=True)
class FamilyPage:
    family: Family
    line: Line
    day: date
    summary: str
    header: ScoreHeader
    releases: tuple[ReleaseRow, ...]
    pledges: tuple[PledgeRow, ...]
    signals: tuple[SignalRow, ...]
    changes: tuple[LicenseChange, ...]
    items: tuple[Item, ...]  # the items of the sum that rest on rows naming this family
    reach: tuple[Reach, ...]
    hosted: tuple[HostedRelease, ...]
    siblings: tuple[Family, ...]
    like: LikeCard | None


@dataclass(frozen=True, slots=True)
class ReleasePage:
    release: Release
    family: Family
    line: Line
    day: date
    row: ReleaseRow
    kept: Kept
    terms_page: TermsPage | None  # where the terms stand, if not on the release's own page
    biting: tuple[Clause, ...]
    unknown: tuple[str, ...]
    header: ScoreHeader
    newest: Release | None
    package_url: str
    revisions: tuple[RevisionRow, ...]
    reach: tuple[Reach, ...]
    like: LikeCard | None


def family_page(family: Family, today: date) -> FamilyPage:
    found = judged(family.line, None, today)
    rows = found.rows
    releases = tuple(release for release in rows.releases if release.family_id == family.pk)
    signals = [row for row in rows.signals if row.family_id == family.pk]
    shown = {mark.reference: mark for mark in found.marks}
    changes = tuple(row for row in rows.changes if row.family_id == family.pk)
    pledges = tuple(row for row in rows.pledges if row.family_id == family.pk)
    named = {reference(row) for rows_of in (releases, signals, changes, pledges) for row in rows_of}
    return FamilyPage(
        family=family,
        line=family.line,
        day=found.day,
        summary=_summary(family, releases),
        header=score_header(found, kept_copy(rows, found.day)),
        releases=release_rows(rows, releases, found.day),
        pledges=pledge_rows(pledges, found.assessment),
        signals=tuple(
            SignalRow(shown[entry.reference], entry, kinds.SignalKind(row.kind).label)
            for row in signals
            if (entry := found.cited[reference(row)]).reference in shown
        ),
        changes=changes,
        items=_items(found, named),
        reach=_reach(family, today),
        hosted=hosted_releases(releases, today),
        siblings=tuple(other for other in rows.families if other != family),
        like=like_card(family.line, found.dossier, found.assessment),
    )


def _summary(family: Family, releases: tuple[Release, ...]) -> str:
    number = len(releases)
    modality = kinds.ModelModality(family.modality).label.lower()
    since = f" since {min(release.announced_on for release in releases):%b %Y}" if releases else ""
    return f"{modality} · {number} release{'s' if number != 1 else ''}{since}"


def _items(found: Judged, named: set[str]) -> tuple[Item, ...]:
    return items_of(
        [item for item in found.assessment.contributions if named & set(item.evidence)], found.rubric, found.cited
    )


def _reach(family: Family, today: date) -> tuple[Reach, ...]:
    return tuple(
        Reach.objects.filter(family=family, measured_on__lte=today)
        .select_related("source")
        .order_by("-measured_on", "metric")
    )


def release_page(release: Release, today: date) -> ReleasePage:
    """``release`` comes with its family, line, vendor, license and sources."""
    found = judged(release.family.line, None, today)
    rows = found.rows
    copy = kept(release, rows.thresholds, rows.own(rows.changes), today)
    return ReleasePage(
        release=release,
        family=release.family,
        line=release.family.line,
        day=found.day,
        row=release_rows(rows, (release,), today)[0],
        kept=copy,
        terms_page=terms_page(copy, rows.folder.releases),
        biting=tuple(biting(copy.clauses)),
        unknown=tuple(clause.name for clause in copy.clauses if clause.is_unknown),
        header=score_header(found, copy),
        newest=newest_open(rows, today),
        package_url=package_url(release.hf_repo),
        revisions=revision_rows(release),
        reach=_reach(release.family, today),
        like=like_card(release.family.line, found.dossier, found.assessment),
    )


def biting(clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses that limit what may be done with the copy."""
    return [
        clause
        for clause in clauses
        if clause.name != "Irrevocable" and not clause.is_unknown and clause.reading.split(". ")[0] not in HARMLESS
    ]


def package_url(repository: str) -> str:
    """The purl of a hub repository, as the purl specification's ``huggingface`` type has it."""
    return f"pkg:huggingface/{quote(repository, safe='/')}" if repository else ""
