"""The rows of evidence that a line's page shows, read once, as they were public on its day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from riskboard.catalog.models import (
    Evidence,
    Family,
    License,
    LicenseChange,
    Line,
    Pledge,
    Release,
    Signal,
    Threshold,
    VendorFact,
)
from scoring.engine.rubric import Rubric
from scoring.gathering.shelf import Folder, limits_of

Row = Release | LicenseChange | Pledge | Signal
R = TypeVar("R", Release, LicenseChange, Pledge, Signal)
E = TypeVar("E", bound=Evidence)


def reference(row: Row) -> str:
    """How the engine and the address bar name a row."""
    match row:
        case Release():
            return f"release:{row.slug}"
        case LicenseChange():
            return f"license-change:{row.key}"
        case Pledge():
            return f"pledge:{row.key}"
        case Signal():
            return f"signal:{row.key}"


def occurred_on(row: Row) -> date | None:
    match row:
        case Release():
            return row.announced_on
        case LicenseChange():
            return row.announced_on
        case Pledge():
            return row.made_on
        case Signal():
            return row.occurred_on


@dataclass(frozen=True, slots=True)
class LineRows:
    """What the page shows of each kind, newest first. ``signals`` and ``changes`` hold those of sibling lines too,
    because they count, at less weight; ``folder`` holds the rows of every day, for the score."""

    line: Line
    families: tuple[Family, ...]
    releases: tuple[Release, ...]
    changes: tuple[LicenseChange, ...]
    pledges: tuple[Pledge, ...]
    signals: tuple[Signal, ...]
    facts: tuple[VendorFact, ...]
    thresholds: tuple[Threshold, ...]
    folder: Folder

    def __iter__(self) -> Iterator[Row]:
        yield from self.releases
        yield from self.changes
        yield from self.pledges
        yield from self.signals

    def is_sibling(self, row: Row) -> bool:
        """About another line of the same vendor."""
        return not self.folder.is_own(row)

    def own(self, rows: Iterable[R]) -> list[R]:
        return [row for row in rows if not self.is_sibling(row)]

    def by_reference(self) -> dict[str, Row]:
        return {reference(row): row for row in self}

    def thresholds_of(self, license_: License) -> list[Threshold]:
        return [threshold for threshold in self.thresholds if threshold.license_id == license_.pk]


def read_rows(line: Line, rubric: Rubric, as_of: date | None, today: date) -> LineRows:
    """Seven queries, however many rows; a day of None is today's page."""
    vendor = line.vendor
    families = list(Family.objects.filter(line__vendor=vendor).order_by("name"))
    thresholds = tuple(Threshold.objects.order_by("license", "metric", "pk"))
    folder = Folder(
        line=line,
        rubric=rubric,
        line_of={family.pk: family.line_id for family in families},
        releases=list(
            Release.objects.filter(family__in=families)
            .select_related("source__check_up", "family", "license__source__check_up")
            .order_by("pk")
        ),
        changes=list(
            LicenseChange.objects.filter(vendor=vendor).select_related(
                "source__check_up", "from_license__source__check_up", "to_license__source__check_up"
            )
        ),
        signals=list(Signal.objects.filter(vendor=vendor).select_related("source__check_up")),
        facts=list(VendorFact.objects.filter(vendor=vendor).select_related("source__check_up")),
        pledges=list(Pledge.objects.filter(vendor=vendor).select_related("source__check_up", "status_source")),
        limits=limits_of(thresholds),
    )
    return _shown(folder, tuple(family for family in families if family.line_id == line.pk), thresholds, as_of, today)


def _shown(
    folder: Folder,
    families: tuple[Family, ...],
    thresholds: tuple[Threshold, ...],
    as_of: date | None,
    today: date,
) -> LineRows:
    def public(rows: Iterable[E]) -> list[E]:
        """What was public on the day; today's page also lists rows whose day of publication nobody knows."""
        return [
            row
            for row in rows
            if (as_of is None and row.published_on is None)
            or (row.published_on and row.published_on <= (as_of or today))
        ]

    def newest_first(rows: Iterable[R]) -> tuple[R, ...]:
        return tuple(sorted(rows, key=lambda row: (occurred_on(row) or date.min, reference(row)), reverse=True))

    return LineRows(
        line=folder.line,
        families=families,
        releases=newest_first(folder.own(public(folder.releases))),
        changes=newest_first(public(folder.changes)),
        pledges=newest_first(folder.own(public(folder.pledges))),
        signals=newest_first(public(folder.signals)),
        facts=tuple(folder.own(public(folder.facts))),
        thresholds=thresholds,
        folder=_dated(folder),
    )


def _dated(folder: Folder) -> Folder:
    """The score uses no row of unknown publication day."""

    def dated(rows: Iterable[E]) -> list[E]:
        return [row for row in rows if row.published_on is not None]

    return replace(
        folder,
        releases=dated(folder.releases),
        changes=dated(folder.changes),
        signals=dated(folder.signals),
        facts=dated(folder.facts),
        pledges=dated(folder.pledges),
    )
