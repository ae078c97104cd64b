"""Headlines from a CSV file, with every fault found on the way."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from riskboard.catalog.cells import quoted
from riskboard.catalog.faults import SHOWN, Fault
from riskboard.ingest.classify import Entry

COLUMNS = ("id", "title", "summary", "publisher", "published_on")
COARSE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
LARGEST = 50_000_000


@dataclass
class Entries:
    file: str
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.faults.append(Fault(self.file, line, column, reason))

    def fault_lines(self) -> list[str]:
        shown = [str(fault) for fault in self.faults[:SHOWN]]
        return shown if len(self.faults) <= SHOWN else [*shown, f"... and {len(self.faults) - SHOWN} more faults."]


def read_entries(path: Path) -> Entries:
    """Blank summary, publisher and date are allowed; an id must be there and be unique, and a title or a summary."""
    found = Entries(path.name)
    text = _text_of(path, found)
    if text is None:
        return found
    records = _records(text, found)
    _, header = next(records, (1, []))
    columns = _columns(header, found)
    if found.faults:
        return found
    seen: dict[str, int] = {}
    for line, cells in records:
        if len(cells) != len(header):
            found.refuse(line, "", f"has {len(cells)} cells, the header has {len(header)}")
            continue
        _read_entry(line, {name: cells[at].strip() for name, at in columns.items()}, seen, found)
    return found


def _text_of(path: Path, found: Entries) -> str | None:
    try:
        content = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        found.refuse(0, "", f"cannot be read: {error.strerror}")
        return None
    if content is None:
        found.refuse(0, "", f"is larger than {LARGEST:,} bytes")
        return None
    if b"\0" in content:
        found.refuse(content[: content.index(b"\0")].count(b"\n") + 1, "", "holds a NUL byte: not a text file")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.refuse(content[: error.start].count(b"\n") + 1, "", f"is not UTF-8: {error.reason}")
        return None


def _records(text: str, found: Entries) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on. A broken record ends the file: where the next begins is a guess."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for record in reader:
            if record:
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        found.refuse(begins, "", f"is broken CSV from here on: {error}")


def _columns(header: list[str], found: Entries) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    for column in COLUMNS:
        if names.count(column) != 1:
            found.refuse(
                1, column, "is missing from the header" if column not in names else "stands twice in the header"
            )
    return {column: names.index(column) for column in COLUMNS if column in names}


def _read_entry(line: int, cells: dict[str, str], seen: dict[str, int], found: Entries) -> None:
    before = len(found.faults)
    if not cells["id"]:
        found.refuse(line, "id", "is blank")
    elif cells["id"] in seen:
        found.refuse(line, "id", f"{quoted(cells['id'])} stands on line {seen[cells['id']]} already")
    if not cells["title"] and not cells["summary"]:
        found.refuse(line, "title", "is blank, and so is the summary")
    published = _date(line, cells["published_on"], found)
    seen.setdefault(cells["id"], line)
    if len(found.faults) == before:
        found.entries.append(Entry(cells["id"], cells["title"], cells["summary"], cells["publisher"], published))


def _date(line: int, text: str, found: Entries) -> date | None:
    """A day. A year or a month alone cannot be placed in a window of days, and counts as unknown."""
    if not text or COARSE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        found.refuse(line, "published_on", f"{quoted(text)} is no date (YYYY-MM-DD)")
        return None
