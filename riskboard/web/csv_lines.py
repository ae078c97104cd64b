"""RFC 4180 lines: CRLF, quotes where they are needed, and around every cell that an apostrophe guards."""

import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

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


def csv_download(name: str, chunks: Iterable[str]) -> StreamingHttpResponse:
    """A file of that name, sent while it is written."""
    return StreamingHttpResponse(
        chunks,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
