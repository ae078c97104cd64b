"""The catalog rows that dossiers are made of, read once and laid out by vendor."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, LicenseChange, Line, Pledge, Release, Signal, Threshold, VendorFact
from scoring.engine.rubric import Rubric


class Attributed(Protocol):
    """A row about a family, or about the whole vendor when it names none."""

    @property
    def family_id(self) -> int | None: ...


class OfVendor(Protocol):
    @property
    def vendor_id(self) -> int: ...


A = TypeVar("A", bound=Attributed)
V = TypeVar("V", bound=OfVendor)

# Of a row about one vendor that names a family of another.
NO_LINE = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """One line and every row about its vendor; rows of unknown publication day are not in it."""

    line: Line
    rubric: Rubric
    line_of: Mapping[int, int]  # family id -> line id
    limited: frozenset[int]  # ids of the licenses with a threshold that limits rights
    releases: list[Release]
    changes: list[LicenseChange]
    signals: list[Signal]
    facts: list[VendorFact]
    pledges: list[Pledge]

    def line_id(self, row: Attributed) -> int | None:
        """The line a row is about; None when it is about the whole vendor."""
        return None if row.family_id is None else self.line_of.get(row.family_id, NO_LINE)

    def is_own(self, row: Attributed) -> bool:
        """The row is about this line or about the whole vendor."""
        return self.line_id(row) in {None, self.line.pk}

    def own(self, rows: Iterable[A]) -> list[A]:
        return [row for row in rows if self.is_own(row)]

    def weight(self, row: Attributed) -> float:
        return 1.0 if self.is_own(row) else self.rubric.inheritance.sibling


def read_folders(rubric: Rubric, vendor_id: int | None = None) -> list[Folder]:
    """A folder for every line, or for those of one vendor. Eight queries, however many lines."""
    about = {} if vendor_id is None else {"vendor": vendor_id}
    lines = list(Line.objects.filter(**about).select_related("vendor").order_by("slug"))
    of_lines = {f"line__{path}": vendor for path, vendor in about.items()}
    families = list(Family.objects.filter(**of_lines).select_related("line"))
    line_of = {family.pk: family.line_id for family in families}
    limited = limited_licenses()
    releases = _releases({family.pk: family.line.vendor_id for family in families}, everything=not about)
    cited = {"published_on__isnull": False, **about}
    changes = _by_vendor(LicenseChange.objects.filter(**cited).cited().select_related("from_license", "to_license"))
    signals = _by_vendor(Signal.objects.filter(**cited).cited())
    facts = _by_vendor(VendorFact.objects.filter(**cited).cited())
    pledges = _by_vendor(Pledge.objects.filter(**cited).cited().select_related("status_source"))
    return [
        Folder(
            line=line,
            rubric=rubric,
            line_of=line_of,
            limited=limited,
            releases=releases[line.vendor_id],
            changes=changes[line.vendor_id],
            signals=signals[line.vendor_id],
            facts=facts[line.vendor_id],
            pledges=pledges[line.vendor_id],
        )
        for line in lines
    ]


def limited_licenses() -> frozenset[int]:
    """Ids of the licenses with a threshold that asks for more than a display of the name."""
    limiting = Threshold.objects.exclude(consequence=kinds.ThresholdConsequence.DISPLAY)
    return frozenset(limiting.values_list("license", flat=True))


def _releases(vendor_of: Mapping[int, int], *, everything: bool) -> dict[int, list[Release]]:
    known = Release.objects.filter(published_on__isnull=False)
    if not everything:
        known = known.filter(family__in=vendor_of)
    releases: dict[int, list[Release]] = defaultdict(list)
    for release in known.cited().select_related("license__source").order_by("pk"):
        releases[vendor_of[release.family_id]].append(release)
    return releases


def _by_vendor(rows: Iterable[V]) -> dict[int, list[V]]:
    grouped: dict[int, list[V]] = defaultdict(list)
    for row in rows:
        grouped[row.vendor_id].append(row)
    return grouped
