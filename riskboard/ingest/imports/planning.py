"""What recording a file of rows would do, row by row. Reads and compares, and writes nothing."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db.models import Model

from riskboard.catalog.cells import CellError, Value, unguard
from riskboard.catalog.checking import check
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.models import Tombstone
from riskboard.catalog.reading import Reading, Row, refuse_repeats
from riskboard.catalog.tables import TABLES
from riskboard.ingest.happened import ahead
from riskboard.ingest.imports.models import ImportedRow
from riskboard.ingest.imports.sheets import VERSION, Sheet, Told, parsed, read_sheet

Outcome = ImportedRow.Outcome
Change = tuple[str, str, str]  # column, before, after
Problem = tuple[str, str]  # column, reason

BURIED = "was on record, and was withdrawn here: leave this line out, or enter it by hand to bring it back"
NOT_YET = "has not come yet: only what has happened is recorded"
GONE = "was on record when this file was exported, and is not any more"
EDITED = (
    "the row on record was changed since this file was exported: export it again, "
    "or empty this cell to write over what it says now"
)


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """``changes``: of a new row, everything it says. ``values``: every column, where it can be recorded."""

    line: int
    key: str
    outcome: str
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """``faults``: of the file as a whole: line, column, reason."""

    spec: TableSpec
    rows: tuple[PlannedRow, ...]
    faults: tuple[Told, ...] = ()
    has_versions: bool = False

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return Counter(row.outcome for row in self.rows)

    @property
    def is_clean(self) -> bool:
        return not (self.faults or self.counts[Outcome.ERROR] or self.counts[Outcome.CONFLICT])

    @cached_property
    def to_write(self) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.outcome in {Outcome.ADD, Outcome.CHANGE})

    @cached_property
    def digest(self) -> str:
        """The same for plans that do the same."""
        rows = [(row.line, row.key, row.outcome, row.changes, row.problems) for row in self.rows]
        return sha256(json.dumps([self.spec.name, rows, self.faults]).encode()).hexdigest()


def version_of(spec: TableSpec, row: Model) -> str:
    """Which state of a row this is, for a file to carry."""
    return _version([column.render(row) for column in spec.columns])


def _version(cells: list[str]) -> str:
    return sha256(json.dumps(cells).encode()).hexdigest()[:12]


def plan(table: str, content: bytes, today: date | None = None) -> Plan:
    """``today``: what happened after it is refused. A bounded number of queries, however many rows."""
    spec = TABLES[table]
    sheet = read_sheet(spec, content)
    if sheet.faults:
        return Plan(spec, (), tuple(sheet.faults), sheet.has_versions)
    comparison = Comparison(sheet, today)
    return Plan(spec, comparison.rows(), (), sheet.has_versions)


@dataclass
class Candidate:
    """A row on its way to being judged. ``found``: the row on record, if there is one."""

    row: Row
    key: str
    found: Model | None
    version: str
    changes: tuple[Change, ...] = ()
    problems: list[Problem] = field(default_factory=list)


class Comparison:
    """A sheet against what is on record."""

    def __init__(self, sheet: Sheet, today: date | None) -> None:
        self.sheet, self.spec, self.today = sheet, sheet.spec, today
        self.stored: dict[str, Any] = {self.spec.key_of(row): row for row in self.spec.rows()}
        buried = Tombstone.objects.filter(table=self.spec.name).values_list("key", flat=True)
        self.buried = set(buried) - self.stored.keys()

    def rows(self) -> tuple[PlannedRow, ...]:
        candidates = [self._candidate(line, cells) for line, cells in self.sheet.records]
        self._judge(candidates)
        misfits = [
            PlannedRow(line, "", Outcome.ERROR, (), ((column, why),)) for line, column, why in self.sheet.misfits
        ]
        return tuple(sorted([*map(self._planned, candidates), *misfits], key=lambda row: row.line))

    # One row ------------------------------------------------------------------------------------------

    def _candidate(self, line: int, cells: dict[str, str]) -> Candidate:
        problems: list[Problem] = []
        row = Row(line)
        key = self._read_key(row, cells, problems)
        found = self.stored.get(key)
        for column in self.spec.columns:
            if column.name not in self.spec.key:
                self._read_cell(row, column, cells, found, problems)
        candidate = Candidate(row, key, found, cells.get(VERSION, "").strip(), problems=problems)
        candidate.changes = self._changes(candidate, cells)
        problems += self._ahead(candidate)
        return candidate

    def _ahead(self, candidate: Candidate) -> list[Problem]:
        if self.today is None:
            return []
        changed = {name for name, _, _ in candidate.changes}
        early = ahead(self.spec.name, candidate.row.values, self.today)
        return [(name, NOT_YET) for name in early if name in changed]

    def _read_key(self, row: Row, cells: dict[str, str], problems: list[Problem]) -> str:
        for column in self.spec.key_columns:
            try:
                row.values[column.name] = parsed(column, cells[column.name])
            except CellError as error:
                problems.append((column.name, str(error)))
        return self.spec.key_text(row.values) if not problems else ""

    def _read_cell(
        self, row: Row, column: Column, cells: dict[str, str], found: Model | None, problems: list[Problem]
    ) -> None:
        """What the file does not speak of stays as it is; a cell that was left alone is what it was."""
        cell = cells.get(column.name)
        if found is not None and (cell is None or cell == column.render(found)):
            row.values[column.name] = column.value(found)
        elif cell is None and column.refers_to and not column.field:  # another column implies it
            row.values[column.name] = column.cell.blank
        else:
            try:
                row.values[column.name] = parsed(column, cell or "")
            except CellError as error:
                problems.append((column.name, str(error)))

    def _changes(self, candidate: Candidate, cells: dict[str, str]) -> tuple[Change, ...]:
        found, values = candidate.found, candidate.row.values
        changes = []
        for column in self.spec.columns:
            if column.name not in cells or column.name not in values:
                continue
            before = unguard(column.render(found)) if found is not None else ""
            after = unguard(column.cell.render(values[column.name]))
            if before != after:
                changes.append((column.name, before, after))
        return tuple(changes)

    # All rows -----------------------------------------------------------------------------------------

    def _judge(self, candidates: list[Candidate]) -> None:
        """By the rules of the catalog: what occurs once in the file, then what would be written."""
        by_line = {candidate.row.line: candidate for candidate in candidates}
        everything = Reading(self.spec, [candidate.row for candidate in candidates])
        refuse_repeats(everything)
        differing = Reading(self.spec, [each.row for each in candidates if each.changes or each.found is None])
        if differing.rows:
            check({self.spec.name: differing})
        for fault in [*everything.faults, *differing.faults]:
            by_line[fault.line].problems.append((fault.column, fault.reason))

    def _planned(self, candidate: Candidate) -> PlannedRow:
        outcome, problems = self._outcome(candidate)
        is_written = outcome in {Outcome.ADD, Outcome.CHANGE}
        return PlannedRow(
            line=candidate.row.line,
            key=candidate.key,
            outcome=outcome,
            changes=candidate.changes,
            problems=tuple(problems),
            values=candidate.row.values if is_written else {},
        )

    def _outcome(self, candidate: Candidate) -> tuple[str, list[Problem]]:
        found, version = candidate.found, candidate.version
        if candidate.problems:
            return Outcome.ERROR, candidate.problems
        if found is None and version:
            return Outcome.CONFLICT, [(self.spec.key[0], GONE)]
        if candidate.key in self.buried:
            return Outcome.CONFLICT, [(self.spec.key[0], BURIED)]
        if found is None:
            return Outcome.ADD, []
        if not candidate.changes:
            return Outcome.SAME, []
        if version and version != version_of(self.spec, found):
            return Outcome.CONFLICT, [(VERSION, EDITED)]
        return Outcome.CHANGE, []
