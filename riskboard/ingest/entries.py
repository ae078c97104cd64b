"""Headlines from a CSV file, with every fault found on the way."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from riskboard.catalog.cells import quoted
from riskboard.catalog.csvfiles import content_of, records_of, text_of
from riskboard.catalog.faults import Fault, shown
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
        return shown(self.faults)


def read_entries(path: Path) -> Entries:
    """Blank summary, publisher and date are allowed; an id must be there and be unique, and a title or a summary."""
    found = Entries(path.name)
    content = content_of(path, LARGEST, found)
    text = None if content is None else text_of(content, found)
    if text is None:
        return found
    records = records_of(text, found)
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
