"""Scores with some rows of evidence otherwise than they are: left out while they are contested, corrected, withdrawn.

Computed anew, by the same bridge that reads the rows as they are.
"""

from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Model

from riskboard.catalog.models import License, Threshold
from riskboard.catalog.queries import evidence_version
from riskboard.ingest.rows import reference_of, spec_of
from riskboard.ingest.seconding import ChangeEffect
from riskboard.web.effects import SHELVES, LineEffect, largest, largest_first, moved
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import dossier_of
from scoring.gathering.shelf import Folder, Shelf
from scoring.kept import shelf_of

UNMEASURED = {"vendors", "lines", "families"}  # what they move is not told before it is done


def folder_without(folder: Folder, references: Collection[str]) -> Folder:
    """As if those rows were not on record; of a license, as if nobody knew the terms of what is under it."""
    licenses = {reference.removeprefix("license:") for reference in references if reference.startswith("license:")}
    kept: dict[str, Any] = {
        name: [row for row in getattr(folder, name) if reference_of(row) not in references] for name in SHELVES.values()
    }
    kept["releases"] = [_under(row, licenses) for row in kept["releases"]]
    kept["changes"] = [row for row in kept["changes"] if not licenses & {row.from_license.key, row.to_license.key}]
    return replace(folder, **kept)


def _under(release: Any, unknown: Collection[str]) -> Any:  # noqa: ANN401 - a release
    if release.license is None or release.license.key not in unknown:
        return release
    return _with(release, license=None)


def _with(row: Any, **fields: object) -> Any:  # noqa: ANN401 - any model
    """A copy: rows that pages share are never changed."""
    changed = copy(row)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


# Corrections and withdrawals ----------------------------------------------------------------------


def change_effect(as_of: date) -> ChangeEffect:
    """For what is asked of a row: the points by which the most moved score would change."""

    def points(row: Model | None, changed: Model | None) -> float | None:
        found = effects_of_change(row, changed, as_of)
        return None if found is None else largest(found)

    return points


def effects_of_change(row: Model | None, changed: Model | None, as_of: date) -> tuple[LineEffect, ...] | None:
    """On every line whose score moves when ``row`` says what the unsaved ``changed`` says, or is gone (None);
    without ``row``, when ``changed`` is put back. None: not known before it is done.
    """
    is_about = row or changed
    if is_about is None or spec_of(is_about).name in UNMEASURED:
        return None
    version = evidence_version()
    folders = _changed(shelf_of(version), row, changed).folders(load_rubric(SHIPPED))
    return largest_first(moved(folder.line, dossier_of(folder), version, as_of) for folder in folders)


def _changed(shelf: Shelf, row: Model | None, changed: Model | None) -> Shelf:
    if isinstance(row, License):
        return _changed_license(shelf, row, changed)
    if isinstance(row or changed, Threshold):
        return replace(shelf, thresholds=tuple(_swapped(shelf.thresholds, row, changed)))
    is_about = row or changed
    place = SHELVES.get(spec_of(is_about).name) if is_about else None
    if place is None:  # no score stands on it
        return shelf
    rows: dict[str, Any] = {place: tuple(_swapped(getattr(shelf, place), row, changed))}
    return replace(shelf, **rows)


def _swapped(rows: Iterable[Any], row: Model | None, changed: Model | None) -> Iterator[Any]:
    if row is None and changed is not None:
        yield changed
    for other in rows:
        if row is None or other.pk != row.pk:
            yield other
        elif changed is not None:
            yield changed


def _changed_license(shelf: Shelf, row: License, changed: Model | None) -> Shelf:
    releases = (
        _with(release, license=changed) if release.license_id == row.pk else release for release in shelf.releases
    )
    changes = []
    for change in shelf.changes:
        named = {name: changed for name in ("from_license", "to_license") if getattr(change, f"{name}_id") == row.pk}
        if named and changed is None:
            continue
        changes.append(_with(change, **named) if named else change)
    return replace(shelf, releases=tuple(releases), changes=tuple(changes))
