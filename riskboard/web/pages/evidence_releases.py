"""Which evidence releases were installed, and where this board says something else than the last one."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from riskboard.ingest.evidence_releases.deciding import open_differences
from riskboard.ingest.evidence_releases.models import EvidenceRelease, ReleaseDifference
from riskboard.web.forms_feeds import PageForm
from riskboard.web.pages.listing import Pages, cut

SHOWN = 50
# Tables whose rows have pages under their key.
PAGE_OF = {
    "vendors": "vendor",
    "lines": "line",
    "families": "family",
    "licenses": "license",
    "pledges": "pledge",
    "signals": "signal",
}


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    release: EvidenceRelease

    @property
    def figures(self) -> tuple[tuple[str, int], ...]:
        """What became of how many rows, of all tables."""
        counts = self.release.counts.values()
        return tuple((word, sum(count.get(word, 0) for count in counts)) for word in ("added", "changed", "removed"))


@dataclass(frozen=True, slots=True)
class ColumnRow:
    name: str
    here: str
    offered: str
    is_chosen: bool

    @property
    def label(self) -> str:
        return self.name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """``problem``: why what was sent about it could not be done; what was typed is still there."""

    difference: ReleaseDifference
    columns: tuple[ColumnRow, ...]
    url: str  # of the row's page; blank: it has none
    problem: str = ""
    reason: str = ""

    @property
    def kind(self) -> str:
        return self.difference.table.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent about one difference and could not be done."""

    pk: int
    problem: str
    reason: str
    columns: Collection[str]


@dataclass(frozen=True, slots=True)
class EvidenceReleasesPage:
    releases: tuple[ReleaseRow, ...]
    pages: Pages
    differences: tuple[DifferenceRow, ...]
    difference_count: int


def evidence_releases_page(form: PageForm, refused: Refused | None = None) -> EvidenceReleasesPage:
    releases, pages = cut(EvidenceRelease.objects.order_by("-pk"), form)
    differences = list(open_differences())
    return EvidenceReleasesPage(
        releases=tuple(ReleaseRow(release) for release in releases),
        pages=pages,
        differences=tuple(_difference(one, refused) for one in _first(differences, refused)),
        difference_count=len(differences),
    )


def _first(differences: list[ReleaseDifference], refused: Refused | None) -> list[ReleaseDifference]:
    """As many as a page holds; the one that somebody is at comes first."""
    return sorted(differences, key=lambda one: refused is None or one.pk != refused.pk)[:SHOWN]


def _difference(one: ReleaseDifference, refused: Refused | None) -> DifferenceRow:
    if refused is None or refused.pk != one.pk:
        return DifferenceRow(one, _columns(one, one.columns), _url(one))
    return DifferenceRow(one, _columns(one, refused.columns), _url(one), refused.problem, refused.reason)


def _columns(one: ReleaseDifference, chosen: Collection[str]) -> tuple[ColumnRow, ...]:
    return tuple(ColumnRow(name, here, offered, name in chosen) for name, (here, offered) in one.columns.items())


def _url(one: ReleaseDifference) -> str:
    if one.table not in PAGE_OF or not one.columns:
        return ""
    try:
        return reverse(PAGE_OF[one.table], args=[one.key])
    except NoReverseMatch:  # a key that no address can carry
        return ""
