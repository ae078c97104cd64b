"""The evidence files into the database: all of them or none, and the second time nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from riskboard.catalog.checking import check
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.faults import EvidenceError, Fault
from riskboard.catalog.models import Source
from riskboard.catalog.reading import Reading, read_table
from riskboard.catalog.services import writing
from riskboard.catalog.tables import TABLES
from riskboard.catalog.writing import Count, Difference, SourceBook, TableWriter, prune

__all__ = ["SHIPPED", "TABLES", "Column", "Difference", "LoadReport", "TableSpec", "load_evidence"]

SHIPPED = Path(__file__).parent / "evidence"


@dataclass(frozen=True)
class LoadReport:
    """What became of every table, and the CSV files that are no table of ours."""

    tables: Mapping[str, Count]
    ignored: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        return all(count.is_quiet for count in self.tables.values())

    @property
    def differences(self) -> list[Difference]:
        return [difference for count in self.tables.values() for difference in count.differences]


def load_evidence(folder: Path, *, now: datetime, prune_left: bool = False) -> LoadReport:
    """Load the tables that ``folder`` holds. Raises EvidenceError with every fault, and then has changed nothing."""
    readings = _read_folder(folder)
    with writing():
        check(readings)
        faults = [fault for reading in readings.values() for fault in reading.faults]
        if faults:
            raise EvidenceError(faults)
        tables = _write(readings, now=now, prune_left=prune_left)
        _tell_the_planner()
    return LoadReport(tables, _ignored(folder))


def _tell_the_planner() -> None:
    """PostgreSQL takes freshly filled tables for empty ones, and then joins them row by row, for minutes."""
    if connection.vendor != "postgresql":
        return
    tables = [spec.model._meta.db_table for spec in TABLES.values()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, [*tables, Source._meta.db_table]))}")


def _read_folder(folder: Path) -> dict[str, Reading]:
    if not folder.is_dir():
        raise EvidenceError([Fault(str(folder), 0, "", "is not a folder")])
    found = {name: folder / spec.file for name, spec in TABLES.items() if (folder / spec.file).is_file()}
    if not found:
        wanted = ", ".join(spec.file for spec in TABLES.values())
        raise EvidenceError([Fault(str(folder), 0, "", f"holds none of {wanted}")])
    return {name: read_table(path, TABLES[name]) for name, path in found.items()}


def _ignored(folder: Path) -> tuple[str, ...]:
    known = {spec.file for spec in TABLES.values()}
    return tuple(sorted(path.name for path in folder.glob("*.csv") if path.name not in known))


def _write(readings: Mapping[str, Reading], *, now: datetime, prune_left: bool) -> dict[str, Count]:
    sources = SourceBook()
    tables = {name: TableWriter(reading, sources=sources, now=now).write() for name, reading in readings.items()}
    if prune_left:
        # Parts before what they belong to.
        for name in reversed(tables):
            prune(TABLES[name], tables[name])
    return tables
