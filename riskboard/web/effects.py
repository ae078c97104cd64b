"""How far the scores would move if a row of evidence were recorded: computed anew with the row in its place, never
estimated, and by the same bridge that will read the row once it is recorded.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Model

from riskboard.catalog.cells import CellError, guard
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.models import License, Line, Source, Vendor
from riskboard.catalog.models.evidence import Evidence
from riskboard.catalog.queries import evidence_version
from riskboard.ingest.recording import Texts
from riskboard.ingest.rows import SPECS
from riskboard.ingest.seconding import Effect
from scoring.engine.assess import assess
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import dossier_of
from scoring.gathering.shelf import Folder
from scoring.kept import dossiers_of, folders_of, shelf_of

# Where a shelf and its folders keep the rows of a table; rows of other tables move no score.
SHELVES = {
    "signals": "signals",
    "releases": "releases",
    "license_changes": "changes",
    "vendor_facts": "facts",
    "pledges": "pledges",
}
LONGEST_WAIT = timedelta(days=31)  # until a row counts, for us to look ahead to that day
LEAST = 0.05  # points: what is less reads as no change
Named = Mapping[str, Mapping[str, Model]]


@dataclass(frozen=True, slots=True)
class LineEffect:
    """By how many points the score of a line would change, on the first day on which the row counts."""

    line: Line
    points: float
    on: date


def effects_of(table: str, texts: Texts, as_of: date) -> tuple[LineEffect, ...] | None:
    """On every line whose score would change, largest first; none: no score moves. None: not known, as the row is
    not complete or not right yet. One query while the evidence is unchanged.
    """
    return _effects_of(evidence_version(), table, frozenset(texts.items()), as_of)


def effect(as_of: date) -> Effect:
    """For the services of ingest: the points by which the most moved score would change."""

    def points(table: str, texts: Texts) -> float | None:
        found = effects_of(table, texts, as_of)
        return None if found is None else largest(found)

    return points


def largest_first(found: Iterable[LineEffect | None]) -> tuple[LineEffect, ...]:
    return tuple(sorted((one for one in found if one is not None), key=lambda one: -abs(one.points)))


def largest(found: tuple[LineEffect, ...]) -> float:
    return found[0].points if found else 0.0


# With the row in its place -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelf:
    """Everything the scores stand on, by vendor, and the rows that others name, by table and key."""

    folders: Mapping[int, list[Folder]]
    named: Named


@lru_cache(maxsize=1)
def _shelf_of(version: str) -> Shelf:
    """Two queries more than the dossiers themselves take: the rows are those that pages read."""
    folders: dict[int, list[Folder]] = {}
    for folder in folders_of(version):
        folders.setdefault(folder.line.vendor_id, []).append(folder)
    kept = shelf_of(version)
    families = {family.slug: family for line in kept.lines for family in line.families.all()}
    return Shelf(
        folders,
        {
            "vendors": {vendor.slug: vendor for vendor in Vendor.objects.all()},
            "families": families,
            "licenses": {license_.key: license_ for license_ in License.objects.select_related("source")},
            "releases": {release.slug: release for release in kept.releases},
        },
    )


@lru_cache(maxsize=4096)
def _effects_of(
    version: str, table: str, texts: frozenset[tuple[str, str]], as_of: date
) -> tuple[LineEffect, ...] | None:
    if table not in SHELVES:
        return ()
    shelf = _shelf_of(version)
    row = _row(SPECS[table], dict(texts), shelf)
    vendor = _vendor_of(row) if row is not None else None
    if row is None or vendor is None:
        return None
    folders = shelf.folders.get(vendor, [])
    return largest_first(moved(folder.line, _with(folder, table, row), version, as_of) for folder in folders)


def _vendor_of(row: Any) -> int | None:  # noqa: ANN401 - any row of evidence
    family = row.family if row.family_id else None
    if family is not None and getattr(row, "vendor_id", family.line.vendor_id) != family.line.vendor_id:
        return None
    return family.line.vendor_id if family is not None else getattr(row, "vendor_id", None)


def moved(line: Line, after: Dossier, version: str, as_of: date) -> LineEffect | None:
    """From what is on record in that version of the evidence; None: by less than anybody would see."""
    before = dossiers_of(version)[line.slug]
    if after == before:
        return None
    on = counts_on(before, after, as_of)
    points = assess(after, load_rubric(SHIPPED), on).durability - _durability(version, line.slug, on)
    return LineEffect(line, points, on) if abs(points) >= LEAST else None


def counts_on(before: Dossier, after: Dossier, as_of: date) -> date:
    """The first day from ``as_of`` on, but not too far ahead, on which all that is new counts."""
    new = {report.published for report in set(after.reports) - set(before.reports)}
    return min(max({as_of, *new}), as_of + LONGEST_WAIT)


def _with(folder: Folder, table: str, row: Evidence) -> Dossier:
    shelved: list[Any] = getattr(folder, SHELVES[table])
    others = [other for other in shelved if row.pk is None or other.pk != row.pk]
    public = [] if row.published_on is None else [row]
    changed: dict[str, Any] = {SHELVES[table]: [*others, *public]}
    return dossier_of(replace(folder, **changed))


@lru_cache(maxsize=1024)
def _durability(version: str, line: str, on: date) -> float:
    return assess(dossiers_of(version)[line], load_rubric(SHIPPED), on).durability


def _row(spec: TableSpec, texts: Mapping[str, str], shelf: Shelf) -> Evidence | None:
    """Unsaved, or the known row with what the texts give. None when a text is not what its column holds."""
    row: Any = _known(spec, texts, shelf)
    columns = [column for column in spec.columns if row is None or texts.get(column.name, "").strip()]
    row = spec.model() if row is None else row
    try:
        for column in columns:
            _set(row, column, texts, shelf.named)
    except (CellError, KeyError):
        return None
    if {"source_url", "source_title"} & {column.name for column in columns}:
        row.source = Source.citing(texts.get("source_url", "").strip(), texts.get("source_title", "").strip())
    if not row.faults():
        row.settle_publication()
        return row  # type: ignore[no-any-return]
    return None


def _known(spec: TableSpec, texts: Mapping[str, str], shelf: Shelf) -> Model | None:
    """A copy of the row that the texts are about, where it is on record and has a key of its own."""
    if len(spec.key) != 1:
        return None
    path, key = spec.key_columns[0].path, texts.get(spec.key[0], "").strip()
    folders = (folder for kept in shelf.folders.values() for folder in kept)
    rows = (row for folder in folders for row in getattr(folder, SHELVES[spec.name]))
    return next((copy(row) for row in rows if getattr(row, path) == key), None)


def _set(row: Any, column: Column, texts: Mapping[str, str], named: Named) -> None:  # noqa: ANN401 - any model
    """Raises CellError, and KeyError for a name that is not there."""
    value = column.parse(guard(texts.get(column.name, "").strip()))
    if not column.refers_to:
        if "." not in column.path:
            setattr(row, column.path, value)
        return
    if column.field:
        setattr(row, column.field, named[column.refers_to][str(value)] if value else None)
