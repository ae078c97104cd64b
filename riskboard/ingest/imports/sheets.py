"""CSV as spreadsheets save it, laid out by the columns of a table."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from riskboard.catalog.cells import CellError, Value, quoted
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.csvfiles import records_of, text_of

VERSION = "version"  # the column that says which state of a row was edited
SEPARATORS = (",", ";", "\t")
MOST_ROWS = 10_000  # written in one transaction, while whoever else writes waits: some ten seconds

Told = tuple[int, str, str]  # line, column, reason


@dataclass
class Sheet:
    """``records``: the line each begins on, and its cells by column."""

    spec: TableSpec
    columns: tuple[str, ...] = ()
    records: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    faults: list[Told] = field(default_factory=list)  # of the file as a whole
    misfits: list[Told] = field(default_factory=list)  # rows that do not fit its header

    @property
    def has_versions(self) -> bool:
        return VERSION in self.columns

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.faults.append((line, column, reason))


def read_sheet(spec: TableSpec, content: bytes) -> Sheet:
    """Columns in any order; of those of the table, all but its key may be missing. Rows without a word are no rows."""
    sheet = Sheet(spec)
    text = text_of(content, sheet)
    if text is None:
        return sheet
    records = records_of(text, sheet, _separator_of(text, spec))
    line, header = next(records, (1, []))
    sheet.columns = _columns(line, header, sheet)
    if not sheet.faults:
        _lay_out(records, sheet)
    return sheet


def _separator_of(text: str, spec: TableSpec) -> str:
    """The one that makes columns of ours out of the first line."""
    known = {*spec.header, VERSION}
    first = text.lstrip("\r\n").partition("\n")[0]
    found = [mark for mark in SEPARATORS if {_name(each) for each in first.split(mark)} & known]
    return found[0] if len(found) == 1 else ","


def _name(cell: str) -> str:
    return cell.strip().strip('"').strip().lower()


def _columns(line: int, header: list[str], sheet: Sheet) -> tuple[str, ...]:
    names = [_name(cell) for cell in header]
    while names and not names[-1]:  # spreadsheets save empty columns too
        names.pop()
    if not names:
        sheet.refuse(0, "", f"is empty; its first line has to name columns: {', '.join(sheet.spec.header)}")
        return ()
    for place, name in enumerate(names):
        if name not in sheet.spec.header and name != VERSION:
            known = ", ".join(sheet.spec.header)
            sheet.refuse(line, quoted(name), f"is no column of {sheet.spec.name}, which has {known}")
        elif name in names[:place]:
            sheet.refuse(line, name, "this column occurs twice")
    for name in sheet.spec.key:
        if name not in names:
            sheet.refuse(line, name, "this column is missing: it is part of the key, by which rows are known")
    return tuple(names)


def _lay_out(records: Iterator[tuple[int, list[str]]], sheet: Sheet) -> None:
    wide = len(sheet.columns)
    for line, cells in records:
        if not any(cell.strip() for cell in cells):
            continue
        if len(sheet.records) + len(sheet.misfits) == MOST_ROWS:
            sheet.refuse(line, "", f"more than {MOST_ROWS:,} rows: split the file")
            return
        if len(cells) < wide or any(cell.strip() for cell in cells[wide:]):
            sheet.misfits.append((line, "", f"has {len(cells)} cells, the header has {wide}"))
        else:
            sheet.records.append((line, dict(zip(sheet.columns, cells, strict=False))))


def parsed(column: Column, cell: str) -> Value:
    """The value of a cell, however a spreadsheet wrote ``true`` and people write what can be chosen.

    Raises CellError.
    """
    text = cell.strip()
    for spelled in (text, text.lower(), text.upper()):
        try:
            return column.parse(spelled)
        except CellError:
            continue
    return column.parse(text)
