"""CSV files to parsed rows, with every fault found on the way."""

from dataclasses import dataclass, field
from pathlib import Path

from riskboard.catalog.cells import CellError, Value, quoted
from riskboard.catalog.columns import TableSpec
from riskboard.catalog.csvfiles import content_of, records_of, text_of
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
    content = content_of(path, LARGEST, reading)
    text = None if content is None else text_of(content, reading)
    if text is None:
        return reading
    records = records_of(text, reading)
    line, header = next(records, (1, []))
    if _header_fits(header, line, reading):
        for line, cells in records:
            _read_row(line, cells, reading)
        refuse_repeats(reading)
    return reading


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


def refuse_repeats(reading: Reading) -> None:
    """Note on the reading what occurs in several of its rows and must occur once."""
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
