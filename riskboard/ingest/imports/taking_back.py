"""Undoing an import: every row is as it was before, or none is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from riskboard.audit.services import Event, record_many
from riskboard.catalog.cells import guard
from riskboard.catalog.columns import TableSpec
from riskboard.catalog.local_writing import LocalWriter, mark_local, marked_id, remove_rows
from riskboard.catalog.reading import Row
from riskboard.catalog.services import writing
from riskboard.catalog.tables import TABLES
from riskboard.ingest import rows
from riskboard.ingest.imports.applying import State, subject_of
from riskboard.ingest.imports.models import Import, ImportedRow
from riskboard.ingest.undoing import UndoError

MOST_NAMED = 5  # of the rows that stand in the way


def undo_import(imported: Import, *, by: AbstractBaseUser | None, now: datetime, reason: str = "") -> Import:
    """Sent twice it is undone once. Raises UndoError, naming what stands in the way, and ValidationError."""
    with writing():
        current = Import.objects.select_for_update().get(pk=imported.pk)
        if current.state == State.UNDONE:
            return current
        if current.state != State.APPLIED:
            raise ValidationError("This was not recorded, so there is nothing to undo.")
        _take_back(current, by=by, now=now, why=reason.strip() or f"Undid {subject_of(current)}")
        current.state, current.undone_at, current.undone_by_id = State.UNDONE, now, by.pk if by else None
        current.save()
    return current


def _take_back(current: Import, *, by: AbstractBaseUser | None, now: datetime, why: str) -> None:
    spec = TABLES[current.table]
    kept = list(current.rows.exclude(row=None).order_by("line"))
    stored: dict[int | None, Any] = {row.pk: row for row in spec.rows()}
    _refuse_changed(kept, stored)
    added, changed = [row for row in kept if row.before is None], [row for row in kept if row.before is not None]
    _remove([stored[row.row] for row in added], by=by, now=now, why=why)
    LocalWriter(spec, [_former(spec, row) for row in changed], by=by, why=why, now=now).write()
    marked = kept if spec.owner else changed  # what a new row belongs to was there before it
    mark_local(spec, {False: [marked_id(spec, stored[row.row]) for row in marked if not row.was_local]})
    events = [Event("withdrawn", row.reference, row.after, is_public=True) for row in added]
    events += [Event("restored", row.reference, row.after, row.before, is_public=True) for row in changed]
    undone = Event("import undone", subject_of(current), after={"removed": len(added), "restored": len(changed)})
    record_many([*events, undone], actor=by, at=now, reason=why)


def _refuse_changed(kept: Sequence[ImportedRow], stored: Mapping[int | None, Any]) -> None:
    """A correction since, by hand or by a later import, must not be lost."""
    changed = [row for row in kept if row.row not in stored or rows.texts_of(stored[row.row]) != row.after]
    if not changed:
        return
    named = ", ".join(row.key for row in changed[:MOST_NAMED])
    more = f" and {len(changed) - MOST_NAMED} more" if len(changed) > MOST_NAMED else ""
    raise UndoError(f"Nothing was undone: changed or withdrawn since it was recorded: {named}{more}.")


def _remove(added: Sequence[Any], *, by: AbstractBaseUser | None, now: datetime, why: str) -> None:
    try:
        others = remove_rows(added, by=by, why=why, now=now)
    except ProtectedError as error:
        others = sorted({type(each) for each in error.protected_objects}, key=lambda model: model.__name__)
    if others:
        named = ", ".join(str(model._meta.verbose_name_plural) for model in others)
        raise UndoError(f"Nothing was undone: {named} recorded since refer to rows of this import.")


def _former(spec: TableSpec, row: ImportedRow) -> Row:
    before: Any = row.before
    return Row(row.line, {column.name: column.parse(guard(before[column.name])) for column in spec.columns})
