"""Histories of past commitments: CSV files to the engine's cases, or every fault with its file, line and column."""

import re
from calendar import IllegalMonthError, monthrange
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

from riskboard.catalog.cells import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    Cell,
    CellError,
    Value,
    decimal,
    one_of,
    one_of_texts,
    quoted,
    truth,
)
from riskboard.catalog.csvfiles import content_of, records_of, text_of
from riskboard.catalog.faults import EvidenceError, Fault
from riskboard.catalog.kinds import Confidence, Direction, SignalKind
from riskboard.catalog.reading import LARGEST, Row
from scoring.engine.cases import FACT_FIELDS, Case, PastFact, PastSignal

SHIPPED_CLASS = Path(__file__).parent / "reference_class"

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


@dataclass(frozen=True)
class Histories:
    """The cases of the files. ``notes`` say what was read and is not used, and why."""

    cases: tuple[Case, ...]
    notes: tuple[str, ...]


def load_histories(
    history: Path, signals: Path | None = None, facts: Path | None = None, reach: Path | None = None
) -> Histories:
    """Read the files. Raises EvidenceError with every fault when anything in them cannot be read."""
    paths = {"history": history, "signals": signals, "facts": facts, "reach": reach}
    tables = {name: read_table(path, name) if path else Table("") for name, path in paths.items()}
    _refuse_repeats(tables["history"])
    _refuse_foreign_values(tables["facts"])
    faults = [fault for table in tables.values() for fault in table.faults]
    if not faults and not tables["history"].rows:
        faults.append(Fault(tables["history"].file, 0, "", "holds no history"))
    if faults:
        raise EvidenceError(faults)
    return _built(tables)


def load_shipped() -> Histories:
    folder = SHIPPED_CLASS
    return load_histories(folder / "history.csv", folder / "history_signals.csv", folder / "history_facts.csv")


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


def _refuse_repeats(table: Table) -> None:
    seen: dict[Value, int] = {}
    for row in table.rows:
        key = row.values.get("id")
        if key in seen:
            table.refuse(row.line, "id", f"{quoted(str(key))} is already on line {seen[key]}")
        elif key is not None:
            seen[key] = row.line


def _refuse_foreign_values(table: Table) -> None:
    for row in table.rows:
        name, value = row.values.get("field"), row.values.get("value")
        known = STATES.get(str(name), ())
        if value is not None and known and value not in {*known, "unknown"}:
            table.refuse(row.line, "value", f"{quoted(str(value))} is no {name}; known: {', '.join(known)}")


def _built(tables: dict[str, Table]) -> Histories:
    notes: list[str] = []
    by_subject = {name: _by_subject(tables[name]) for name in ("signals", "facts")}
    cases = []
    for row in tables["history"].rows:
        found = _case(row.values, by_subject)
        if isinstance(found, str):
            notes.append(f"{row.values['id']} is left out: {found}.")
        else:
            cases.append(found)
    if not cases:
        raise EvidenceError([Fault(tables["history"].file, 0, "", "holds no history with a beginning and an end")])
    return Histories(tuple(cases), (*notes, *_unused(tables, cases)))


def _by_subject(table: Table) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.rows:
        rows[str(row.values["subject_id"])].append(row.values)
    return rows


def _case(row: dict[str, Any], by_subject: dict[str, dict[str, list[dict[str, Any]]]]) -> Case | str:
    failed = row["event"] != "none"
    ended = row["announced_on"] or row["event_on"] if failed else row["last_observed_on"]
    if row["started_on"] is None:
        return "when it began is unknown"
    if ended is None:
        return "when it failed is unknown" if failed else "until when it was followed is unknown"
    if ended <= row["started_on"]:
        return "it ends no later than it began"
    return Case(
        id=row["id"],
        vendor=row["vendor"] or row["id"],
        domain=row["domain"],
        terms=row["terms_at_start"],
        started=row["started_on"],
        ended=ended,
        failed=failed,
        last_known={name: _known(row[name]) for name in FACT_FIELDS},
        signals=tuple(
            _signal(r) for r in by_subject["signals"][row["id"]] if r["occurred_on"] < ended and r["severity"]
        ),
        facts=tuple(_fact(r) for r in by_subject["facts"][row["id"]] if r["valid_from"] is not None),
        low_confidence=row["confidence"] == "low",
    )


def _known(value: str) -> str | None:
    return None if value in {"", "unknown"} else value


def _signal(row: dict[str, Any]) -> PastSignal:
    blind = row["collected"] == "blind"
    return PastSignal(row["kind"], row["occurred_on"], row["direction"], row["severity"], blind)


def _fact(row: dict[str, Any]) -> PastFact:
    return PastFact(row["field"], _known(row["value"]), row["valid_from"], row["valid_to"])


def _unused(tables: dict[str, Table], cases: Sequence[Case]) -> list[str]:
    ended = {case.id: case.ended for case in cases}
    known = {str(row.values["id"]) for row in tables["history"].rows}
    signals = [row.values for row in tables["signals"].rows]
    counts = {
        "signals about subjects that are not in the history": sum(r["subject_id"] not in known for r in signals),
        "signals of or after the day of the end": sum(
            r["subject_id"] in ended and cast("date", r["occurred_on"]) >= ended[str(r["subject_id"])] for r in signals
        ),
        "signals of unknown severity": sum(r["severity"] is None for r in signals),
        "facts about subjects that are not in the history": sum(
            r.values["subject_id"] not in known for r in tables["facts"].rows
        ),
        "facts without a beginning": sum(r.values["valid_from"] is None for r in tables["facts"].rows),
        "rows of reach (shown on the board, never part of a forecast)": len(tables["reach"].rows),
    }
    return [f"Not used: {count} {what}." for what, count in counts.items() if count]
