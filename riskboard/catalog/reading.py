"""CSV files to parsed rows, with every fault found on the way."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from riskboard.catalog.cells import CellError, Value, quoted
from riskboard.catalog.columns import TableSpec
from riskboard.catalog.faults import Fault

LARGEST = 10_000_000


@dataclass
class Row:
    """A parsed row and the line of its file on which it begins. A cell that was refused is absent."""

    line: int
    values: dict[str, Value] = field(default_factory=dict)


@dataclass
class Reading:
    """What one file holds: the rows that could be read, and what is wrong with it."""

    spec: TableSpec
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.faults.append(Fault(self.spec.file, line, column, reason))


def read_table(path: Path, spec: TableSpec) -> Reading:
    reading = Reading(spec)
    text = _read_text(path, reading)
    if text is None:
        return reading
    records = _records(text, reading)
    line, header = next(records, (1, []))
    if _header_fits(header, line, reading):
        for line, cells in records:
            _read_row(line, cells, reading)
        _refuse_repeats(reading)
    return reading


def _read_text(path: Path, reading: Reading) -> str | None:
    """The text of a file; None, with the reason noted, when it cannot be evidence."""
    size = path.stat().st_size
    if size > LARGEST:
        reading.refuse(0, "", f"has {size:,} bytes, at most {LARGEST:,} are read")
        return None
    content = path.read_bytes()
    if b"\0" in content:
        reading.refuse(content[: content.index(b"\0")].count(b"\n") + 1, "", "holds a NUL byte: not a text file")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reading.refuse(content[: error.start].count(b"\n") + 1, "", f"is not UTF-8: {error.reason}")
        return None


def _records(text: str, reading: Reading) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on. A broken record ends the file: where the next begins is a guess."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for record in reader:
            if record:
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        reading.refuse(begins, "", f"is broken CSV from here on: {error}")


def _header_fits(header: list[str], line: int, reading: Reading) -> bool:
    wanted = reading.spec.header
    if not header:
        reading.refuse(0, "", f"is empty; the first line must be {','.join(wanted)}")
        return False
    for name in wanted:
        if name not in header:
            reading.refuse(line, name, "this column is missing")
    for place, name in enumerate(header):
        if name not in wanted:
            reading.refuse(line, quoted(name), f"is no column of {reading.spec.file}")
        elif name in header[:place]:
            reading.refuse(line, name, "this column occurs twice")
    if not reading.faults and tuple(header) != wanted:
        reading.refuse(line, "", f"the columns are in another order than {','.join(wanted)}")
    return not reading.faults


def _read_row(line: int, cells: list[str], reading: Reading) -> None:
    columns = reading.spec.columns
    if len(cells) != len(columns):
        reading.refuse(line, "", f"has {len(cells)} cells, the header has {len(columns)}")
        return
    row = Row(line)
    for column, text in zip(columns, cells, strict=True):
        try:
            row.values[column.name] = column.parse(text)
        except CellError as error:
            reading.refuse(line, column.name, str(error))
    reading.rows.append(row)


def _refuse_repeats(reading: Reading) -> None:
    spec = reading.spec
    for names in (spec.key, *spec.unique):
        first: dict[tuple[Value, ...], int] = {}
        for row in reading.rows:
            if any(name not in row.values for name in names):
                continue
            values = tuple(row.values[name] for name in names)
            if values in first:
                said = " | ".join(spec.column(name).cell.render(row.values[name]) for name in names)
                reading.refuse(row.line, ", ".join(names), f"{quoted(said)} is already on line {first[values]}")
            first.setdefault(values, row.line)
