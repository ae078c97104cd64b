"""Rows, dossiers and assessments, kept in memory by the version of the evidence: any change of it starts afresh."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from riskboard.catalog.queries import evidence_version
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment
from scoring.engine.facts import Dossier
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import dossier_of
from scoring.gathering.shelf import Folder, Shelf, read_shelf


def shelf() -> Shelf:
    """The rows of the catalog as they are now."""
    return shelf_of(evidence_version())


def dossiers() -> Mapping[str, Dossier]:
    """The dossier of every line, by slug."""
    return dossiers_of(evidence_version())


def assessments(as_of: date) -> Mapping[str, Assessment]:
    """The assessment of every line on that day, by slug."""
    return assessments_of(evidence_version(), as_of)


def lines_known_on(day: date) -> frozenset[str]:
    """Slugs of the lines about which anything was public on that day."""
    return frozenset(folder.line.slug for folder in folders_of(evidence_version()) if folder.is_known_on(day))


@lru_cache(maxsize=2)
def shelf_of(_version: str) -> Shelf:
    """``_version`` must be that of now: rows of an earlier one can no longer be read."""
    return read_shelf()


@lru_cache(maxsize=2)
def folders_of(version: str) -> tuple[Folder, ...]:
    return tuple(shelf_of(version).folders(load_rubric(SHIPPED)))


@lru_cache(maxsize=2)
def dossiers_of(version: str) -> Mapping[str, Dossier]:
    return MappingProxyType({folder.line.slug: dossier_of(folder) for folder in folders_of(version)})


@lru_cache(maxsize=4)
def assessments_under(rubric: str, version: str, as_of: date) -> dict[str, Assessment]:
    """The same under another packaged rubric, which also weighs license changes and siblings in its own way."""
    used = load_rubric(rubric)
    folders = shelf_of(version).folders(used)
    return {folder.line.slug: assess(dossier_of(folder), used, as_of) for folder in folders}


@lru_cache(maxsize=8)
def assessments_of(version: str, as_of: date) -> Mapping[str, Assessment]:
    rubric = load_rubric(SHIPPED)
    return MappingProxyType({slug: assess(dossier, rubric, as_of) for slug, dossier in dossiers_of(version).items()})
