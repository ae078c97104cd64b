"""Histories of past commitments: CSV files to the engine's cases, or every fault with its file, line and column."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from riskboard.catalog.cells import Value, quoted
from riskboard.catalog.faults import EvidenceError, Fault
from scoring.engine.cases import FACT_FIELDS, Case, PastFact, PastSignal
from scoring.historytables import STATES, Table, read_table

SHIPPED_CLASS = Path(__file__).parent / "reference_class"


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
