"""Taking back what was corrected or withdrawn: a new version that says what the former one said, on public record."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model

from riskboard.audit.models import Entry
from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.corrections import correct, version_of
from riskboard.ingest.recording import Texts, written
from riskboard.ingest.undoing import UndoError

CORRECTIONS = {"corrected", "restored", "ruled"}
WITHDRAWAL = "withdrawn"
BACK = "It is on record again already."


def is_revertible(entry: Entry) -> bool:
    prefix = entry.subject.partition(":")[0]
    if prefix not in rows.TABLE_OF or not entry.before:
        return False
    return entry.action == WITHDRAWAL or (entry.action in CORRECTIONS and bool(entry.after))


def revert(entry: Entry, *, by: AbstractBaseUser, now: datetime, reason: str = "") -> Model:
    """The row as it is after that. Raises UndoError, and ValidationError by column where a rule forbids it by now."""
    why = why_of(entry, reason)
    with writing():
        if entry.action == WITHDRAWAL:
            return put_back(*to_put_back(entry), by=by, now=now, reason=why)
        row, former = to_correct_back(entry)
        return correct(row, former, by=by, reason=why, now=now, version=version_of(row))


def why_of(entry: Entry, reason: str) -> str:
    """Raises UndoError."""
    if not is_revertible(entry):
        raise UndoError("There is nothing in this entry to undo.")
    return f"Undid entry {entry.pk}{f': {reason.strip()}' if reason.strip() else ''}"


def to_correct_back(entry: Entry) -> tuple[Model, dict[str, str]]:
    """The row, and the columns that this correction changed as they were. Raises UndoError."""
    row = rows.find(entry.subject)
    if row is None:
        raise UndoError(f"{entry.subject} is not on record any more: undo its withdrawal first.")
    after: Texts = entry.after or {}
    former, since = _former(entry.before or {}, after), rows.texts_of(row)
    if not former:
        raise UndoError("This entry changed no column.")
    if changed := [name for name in former if since.get(name, "") != after.get(name, "")]:
        raise UndoError(f"{', '.join(changed).replace('_', ' ').capitalize()} was changed since: correct it by hand.")
    return row, former


def _former(before: Texts, after: Texts) -> dict[str, str]:
    return {name: text for name, text in before.items() if text != after.get(name, "")}


def to_put_back(entry: Entry) -> tuple[str, Texts]:
    """The table, and what the row said that was withdrawn. Raises UndoError."""
    table, texts = rows.TABLE_OF[entry.subject.partition(":")[0]], entry.before or {}
    if rows.stored(table, texts) is not None:
        raise UndoError(BACK)
    return table, texts


def put_back(table: str, texts: Texts, *, by: AbstractBaseUser, now: datetime, reason: str) -> Model:
    """Raises UndoError, and ValidationError by column."""
    if rows.stored(table, texts) is not None:
        raise UndoError(BACK)
    row: Model = written(table, texts, onto=None, by=by, now=now, reason=reason, action="restored", is_public=True)
    return row
