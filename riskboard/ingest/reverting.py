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

CORRECTIONS = {"corrected", "restored"}
WITHDRAWAL = "withdrawn"


def is_revertible(entry: Entry) -> bool:
    prefix = entry.subject.partition(":")[0]
    if prefix not in rows.TABLE_OF or not entry.before:
        return False
    return entry.action == WITHDRAWAL or (entry.action in CORRECTIONS and bool(entry.after))


def revert(entry: Entry, *, by: AbstractBaseUser, now: datetime, reason: str = "") -> Model:
    """The row as it is after that. Raises UndoError, and ValidationError by column where a rule forbids it by now."""
    if not is_revertible(entry):
        raise UndoError("There is nothing in this entry to undo.")
    why = f"Undid entry {entry.pk}{f': {reason.strip()}' if reason.strip() else ''}"
    with writing():
        if entry.action == WITHDRAWAL:
            return _put_back(entry, by=by, now=now, reason=why)
        return _correct_back(entry, by=by, now=now, reason=why)


def _correct_back(entry: Entry, *, by: AbstractBaseUser, now: datetime, reason: str) -> Model:
    row = rows.find(entry.subject)
    if row is None:
        raise UndoError(f"{entry.subject} is not on record any more: undo its withdrawal first.")
    after: Texts = entry.after or {}
    former, since = _former(entry.before or {}, after), rows.texts_of(row)
    if not former:
        raise UndoError("This entry changed no column.")
    if changed := [name for name in former if since.get(name, "") != after.get(name, "")]:
        raise UndoError(f"{', '.join(changed).replace('_', ' ').capitalize()} was changed since: correct it by hand.")
    return correct(row, former, by=by, reason=reason, now=now, version=version_of(row))


def _former(before: Texts, after: Texts) -> dict[str, str]:
    return {name: text for name, text in before.items() if text != after.get(name, "")}


def _put_back(entry: Entry, *, by: AbstractBaseUser, now: datetime, reason: str) -> Model:
    table = rows.TABLE_OF[entry.subject.partition(":")[0]]
    former: Texts = entry.before or {}
    if rows.stored(table, former) is not None:
        raise UndoError("It is on record again already.")
    row: Model = written(table, former, onto=None, by=by, now=now, reason=reason, action="restored", is_public=True)
    return row
