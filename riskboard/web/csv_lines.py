"""RFC 4180 lines: CRLF, quotes where they are needed, and around every cell that an apostrophe guards."""

import re
from collections.abc import Iterable, Iterator, Sequence

LINES_AT_ONCE = 500
NEEDS_QUOTES = re.compile(r"\A'|[\",\r\n]|\A\s|\s\Z")


def csv_line(cells: Sequence[str]) -> str:
    """Cells as they were rendered: what a spreadsheet could run is guarded by then."""
    return ",".join(map(_written, cells)) + "\r\n"


def _written(cell: str) -> str:
    if not NEEDS_QUOTES.search(cell):
        return cell
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The text in pieces, so that a file of any length needs the memory of some hundred lines."""
    lines = [csv_line(header)]
    for row in rows:
        lines.append(csv_line(row))
        if len(lines) >= LINES_AT_ONCE:
            yield "".join(lines)
            lines = []
    if lines:
        yield "".join(lines)
