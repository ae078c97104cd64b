"""The catalog rows that dossiers are made of, read once and laid out by vendor."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from django.db.models import Prefetch

from riskboard.catalog import kinds
from riskboard.catalog.models import (
    Evidence,
    Family,
    LicenseChange,
    Line,
    Pledge,
    Release,
    Signal,
    Threshold,
    VendorFact,
)
from scoring.engine.rubric import Rubric


class Attributed(Protocol):
    """A row about a family, or about the whole vendor when it names none."""

    @property
    def family_id(self) -> int | None: ...


class OfVendor(Protocol):
    @property
    def vendor_id(self) -> int: ...


A = TypeVar("A", bound=Attributed)
E = TypeVar("E", bound=Evidence)

DISPLAY = kinds.ThresholdConsequence.DISPLAY
# Of a row about one vendor that names a family of another.
NO_LINE = 0


@dataclass(frozen=True, slots=True)
class Folder:
    """One line and every row about its vendor; rows of unknown publication day are not in it."""

    line: Line
    rubric: Rubric
    line_of: Mapping[int, int]  # family id -> line id
    releases: list[Release]
    changes: list[LicenseChange]
    signals: list[Signal]
    facts: list[VendorFact]
    pledges: list[Pledge]
    limits: Mapping[int, list[Threshold]]  # by license id

    @property
    def limited(self) -> frozenset[int]:
        """Ids of the licenses with a threshold that limits rights."""
        return frozenset(self.limits)

    def line_id(self, row: Attributed) -> int | None:
        """The line a row is about; None when it is about the whole vendor."""
        return None if row.family_id is None else self.line_of.get(row.family_id, NO_LINE)

    def is_own(self, row: Attributed) -> bool:
        """The row is about this line or about the whole vendor."""
        return self.line_id(row) in {None, self.line.pk}

    def own(self, rows: Iterable[A]) -> list[A]:
        return [row for row in rows if self.is_own(row)]

    def is_known_on(self, day: date) -> bool:
        """Was a row public that names a family of this line? What is known of its vendor makes no line known."""
        told: list[Release | LicenseChange | Signal | VendorFact | Pledge]
        told = [*self.releases, *self.changes, *self.signals, *self.facts, *self.pledges]
        public = (row for row in told if row.published_on is not None and row.published_on <= day)
        return any(self.line_id(row) == self.line.pk for row in public)

    def weight(self, row: Attributed) -> float:
        return 1.0 if self.is_own(row) else self.rubric.inheritance.sibling


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every row that dossiers are made of, linked to its line and vendor; those of unknown publication day too.

    Pages share one: its rows are read, never changed.
    """

    lines: tuple[Line, ...]  # by slug, each with its vendor and families
    thresholds: tuple[Threshold, ...]
    releases: tuple[Release, ...]
    changes: tuple[LicenseChange, ...]
    signals: tuple[Signal, ...]
    facts: tuple[VendorFact, ...]
    pledges: tuple[Pledge, ...]

    @property
    def limited(self) -> frozenset[int]:
        """Ids of the licenses with a threshold that asks for more than a display of the name."""
        return frozenset(limits_of(self.thresholds))

    def folders(self, rubric: Rubric) -> list[Folder]:
        """A folder for every line."""
        line_of = {family.pk: line.pk for line in self.lines for family in line.families.all()}
        releases = _by_vendor(self.releases, lambda release: release.family.line.vendor_id)
        changes, signals = _by_vendor(self.changes, _vendor_of), _by_vendor(self.signals, _vendor_of)
        facts, pledges = _by_vendor(self.facts, _vendor_of), _by_vendor(self.pledges, _vendor_of)
        limits = limits_of(self.thresholds)
        return [
            Folder(
                line=line,
                rubric=rubric,
                line_of=line_of,
                releases=releases[line.vendor_id],
                changes=changes[line.vendor_id],
                signals=signals[line.vendor_id],
                facts=facts[line.vendor_id],
                pledges=pledges[line.vendor_id],
                limits=limits,
            )
            for line in self.lines
        ]


def limits_of(thresholds: Iterable[Threshold]) -> dict[int, list[Threshold]]:
    """Thresholds that limit rights, by license; to ask for a display of the name limits none."""
    limits: dict[int, list[Threshold]] = defaultdict(list)
    for row in thresholds:
        if row.consequence != DISPLAY:
            limits[row.license_id].append(row)
    return dict(limits)


def read_shelf(vendor_id: int | None = None) -> Shelf:
    """Of all vendors, or of one. Eight queries, however many rows."""
    about = {} if vendor_id is None else {"vendor": vendor_id}
    families = Prefetch("families", Family.objects.order_by("name"))
    lines = Line.objects.filter(**about).select_related("vendor").prefetch_related(families).order_by("slug")
    of_line = {f"family__line__{path}": vendor for path, vendor in about.items()}
    licenses = ("from_license__source", "to_license__source")
    shelf = Shelf(
        lines=tuple(lines),
        thresholds=tuple(Threshold.objects.order_by("license", "metric", "pk")),
        releases=tuple(Release.objects.filter(**of_line).cited().select_related("license__source").order_by("pk")),
        changes=tuple(LicenseChange.objects.filter(**about).cited().select_related(*licenses).order_by("pk")),
        signals=tuple(Signal.objects.filter(**about).cited().order_by("pk")),
        facts=tuple(VendorFact.objects.filter(**about).cited().order_by("pk")),
        pledges=tuple(Pledge.objects.filter(**about).cited().select_related("status_source", "vendor").order_by("pk")),
    )
    _link(shelf)
    return shelf


def _link(shelf: Shelf) -> None:
    """Rows point at the one line, family and vendor that are already here; no query fetches them again."""
    families = {family.pk: family for line in shelf.lines for family in line.families.all()}
    vendors = {line.vendor_id: line.vendor for line in shelf.lines}
    for release in shelf.releases:
        release.family = families[release.family_id]
    rows: list[LicenseChange | Signal | VendorFact | Pledge]
    rows = [*shelf.changes, *shelf.signals, *shelf.facts, *shelf.pledges]
    for row in rows:
        if row.vendor_id in vendors:
            row.vendor = vendors[row.vendor_id]
        if row.family_id in families:
            row.family = families[row.family_id]


def _vendor_of(row: OfVendor) -> int:
    return row.vendor_id


def _by_vendor(rows: Iterable[E], vendor_of: Callable[[E], int]) -> dict[int, list[E]]:
    """Rows of known publication day."""
    grouped: dict[int, list[E]] = defaultdict(list)
    for row in rows:
        if row.published_on is not None:
            grouped[vendor_of(row)].append(row)
    return grouped
