"""The tables of histories: their columns, and one file to rows with every fault found on the way."""

import re
from calendar import IllegalMonthError, monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from riskboard.catalog.cells import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    Cell,
    CellError,
    decimal,
    one_of,
    one_of_texts,
    quoted,
    truth,
)
from riskboard.catalog.csvfiles import content_of, records_of, text_of
from riskboard.catalog.faults import Fault
from riskboard.catalog.kinds import Confidence, Direction, SignalKind
from riskboard.catalog.reading import LARGEST, Row
from scoring.engine.cases import FACT_FIELDS

PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
DOMAINS = (
    "database", "devops", "ai_model", "platform_api", "os", "library", "framework", "security", "observability",
    "business_app", "dataset", "desktop", "game_engine", "messaging", "storage", "other",
)  # fmt: skip
FAILURES = (
    "relicense_restrictive", "open_core_shift", "closed_source", "api_paywalled", "withdrawn", "discontinued",
    "distribution_restricted",
)  # fmt: skip
GOVERNANCE = ("single_vendor", "foundation", "community", "academic", "government")
FUNDING = ("vc", "public", "bigtech", "bootstrapped", "nonprofit", "government")
AGREEMENT = ("yes", "no", "unknown")
STATES = {"governance": GOVERNANCE, "funding": FUNDING, "cla": AGREEMENT}
METRICS = ("downloads_total", "downloads_month", "derivatives", "likes", "github_stars")


def last_day_of(text: str) -> date:
    """A day, or the last day of the month or year that is all the text says. Raises CellError."""
    if not PARTIAL.fullmatch(text):
        raise CellError(f"{quoted(text)} is not a date; write YYYY-MM-DD, or YYYY-MM or YYYY where no more is known")
    year, *rest = (int(part) for part in text.split("-"))
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise CellError(f"{text} is before {EARLIEST_YEAR} or after {LATEST_YEAR}")
    month = rest[0] if rest else 12
    try:
        return date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1])
    except (ValueError, IllegalMonthError):
        raise CellError(f"there is no day {text}") from None


def _plain(*, required: bool = False) -> Cell:
    def read(text: str) -> str:
        if required and not text:
            raise CellError("must not be blank")
        return text

    return Cell("text", read, str, "")


def _dated(*, required: bool = False) -> Cell:
    def read(text: str) -> date | None:
        if required and not text:
            raise CellError("must not be blank")
        return last_day_of(text) if text else None

    return Cell("date", read, str)


def _severity() -> Cell:
    def read(text: str) -> int | None:
        if text and text not in {"1", "2", "3", "4", "5"}:
            raise CellError(f"{quoted(text)} is not a severity; write 1 to 5, or nothing where it is unknown")
        return int(text) if text else None

    return Cell("1 to 5", read, str)


NAME, TEXT = _plain(required=True), _plain()
SURE = one_of(Confidence, required=False)
SOURCE_URL = {"source_url": TEXT}

TABLES: dict[str, dict[str, Cell]] = {
    "history": {
        "id": NAME,
        "subject": NAME,
        "vendor": TEXT,
        "domain": one_of_texts(DOMAINS),
        "commitment": TEXT,
        "started_on": _dated(),
        "terms_at_start": TEXT,
        "event": one_of_texts((*FAILURES, "none")),
        "announced_on": _dated(),
        "event_on": _dated(),
        "terms_after": TEXT,
        "reversal_on": _dated(),
        "reversal_terms": TEXT,
        "governance": one_of_texts(GOVERNANCE, required=False),
        "cla": one_of_texts(AGREEMENT, required=False),
        "funding": one_of_texts(FUNDING, required=False),
        "last_observed_on": _dated(),
        **SOURCE_URL,
        "source_title": TEXT,
        "confidence": SURE,
    },
    "signals": {
        "subject_id": NAME,
        "kind": one_of(SignalKind),
        "occurred_on": _dated(required=True),
        "direction": one_of(Direction),
        "severity": _severity(),
        "summary": TEXT,
        **SOURCE_URL,
        "confidence": SURE,
        "collected": one_of_texts(("blind", "open")),
    },
    "facts": {
        "subject_id": NAME,
        "field": one_of_texts(FACT_FIELDS),
        "value": NAME,
        "valid_from": _dated(),
        "valid_to": _dated(),
        **SOURCE_URL,
        "confidence": SURE,
    },
    "coverage": {"subject_id": NAME, "checked": truth(required=True), "kinds_checked": TEXT},
    "reach": {
        "vendor": NAME,
        "family": TEXT,
        "measured_on": _dated(),
        "metric": one_of_texts(METRICS),
        "value": decimal(),
        **SOURCE_URL,
        "source_title": TEXT,
        "confidence": SURE,
    },
}


@dataclass
class Table:
    """The rows of one file and what is wrong with it."""

    file: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.faults.append(Fault(self.file, line, column, reason))


def read_table(path: Path, name: str) -> Table:
    """One file of these schemas: columns in any order, all of them and no others."""
    table = Table(path.name)
    content = content_of(path, LARGEST, table)
    text = None if content is None else text_of(content, table)
    if text is None:
        return table
    records = records_of(text, table)
    line, header = next(records, (1, []))
    if _header_fits(header, line, table, TABLES[name]):
        for line, cells in records:
            _read_row(line, cells, header, table, TABLES[name])
    return table


def _header_fits(header: Sequence[str], line: int, table: Table, columns: dict[str, Cell]) -> bool:
    if not header:
        table.refuse(0, "", f"is empty; the first line must be {','.join(columns)}")
    for name in columns.keys() - set(header) if header else ():
        table.refuse(line, name, "this column is missing")
    for place, name in enumerate(header):
        if name not in columns:
            table.refuse(line, quoted(name), f"is no column of this file; there are {', '.join(columns)}")
        elif name in header[:place]:
            table.refuse(line, name, "this column occurs twice")
    return not table.faults


def _read_row(line: int, cells: list[str], header: list[str], table: Table, columns: dict[str, Cell]) -> None:
    if len(cells) != len(header):
        table.refuse(line, "", f"has {len(cells)} cells, the header has {len(header)}")
        return
    row = Row(line)
    for name, text in zip(header, cells, strict=True):
        try:
            row.values[name] = columns[name].parse(text.strip())
        except CellError as error:
            table.refuse(line, name, str(error))
    table.rows.append(row)
