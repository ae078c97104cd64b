"""Taking decisions back, one after the other, with what they did to the evidence."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model, ProtectedError

from riskboard.audit.models import Entry
from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.corrections import version_of
from riskboard.ingest.corroboration import part
from riskboard.ingest.holding import State, claim, point, settle, subject_of
from riskboard.ingest.models import Proposal
from riskboard.ingest.recording import Texts, removed, written

DECISIONS = ("accepted", "accepted first", "asked for", "edited", "dismissed", "merged", "undone")


class UndoError(Exception):
    """There is nothing to undo, or what was recorded has changed since. Says which."""


def undo(proposal: Proposal, *, by: AbstractBaseUser, now: datetime, version: int, reason: str = "") -> Proposal:
    """Takes back the last decision that still stands: the proposal is as before it, and so is the evidence.

    Raises Conflict and UndoError.
    """
    with writing():
        current, before = claim(proposal, version, states=tuple(State.values))
        entry = last_decision(current)
        if entry is None:
            raise UndoError("Nothing was decided about this proposal.")
        former: dict[str, Any] = entry.before or {}
        _undo_row(former, entry.after or {}, by=by, now=now, reason=reason or f"Undid: {entry.action}")
        part(former.get("moved", []))
        _restore(current, former)
        if entry.action == "accepted":
            _follow(current)
        said = {"undid": entry.pk}
        return settle(current, before, action="undone", by=by, now=now, reason=reason, said=said)


def last_decision(proposal: Proposal) -> Entry | None:
    """The last decision about a proposal that was not undone."""
    undone = 0
    for entry in Entry.objects.about(subject_of(proposal)).filter(action__in=DECISIONS).order_by("-pk"):
        if entry.action == "undone":
            undone += 1
        elif undone:
            undone -= 1
        else:
            return entry
    return None


def _undo_row(
    before: Mapping[str, Any], after: Mapping[str, Any], *, by: AbstractBaseUser, now: datetime, reason: str
) -> None:
    reference = after["evidence"]
    if not reference or reference == before["evidence"]:
        return
    row: Any = rows.find(reference)
    if after["row"] is None:
        _put_back(reference, before["row"], row, by=by, now=now, reason=reason)
        return
    if row is None or rows.texts_of(row) != after["row"]:
        raise UndoError(f"{reference} was changed since it was recorded: correct or withdraw it instead.")
    if before["row"] is not None:
        table = rows.spec_of(row).name
        written(table, before["row"], onto=row, by=by, now=now, reason=reason, action="restored", is_public=True)
        return
    try:
        removed(row, by=by, now=now, reason=reason)
    except ProtectedError:
        raise UndoError(f"Other evidence refers to {reference}: withdraw that first.") from None


def _put_back(
    reference: str, texts: Texts, row: Model | None, *, by: AbstractBaseUser, now: datetime, reason: str
) -> None:
    if row is not None:
        raise UndoError(f"{reference} is on record again already.")
    table = rows.TABLE_OF[reference.partition(":")[0]]
    written(table, texts, onto=None, by=by, now=now, reason=reason, action="restored", is_public=True)


def _restore(current: Proposal, before: Mapping[str, Any]) -> None:
    decided = before["decided_at"]
    current.fields, current.state = before["fields"], before["state"]
    current.decided_by_id, current.seconded_by_id = before["decided_by"], before["seconded_by"]
    current.decided_at = datetime.fromisoformat(decided) if decided else None
    current.reason, current.evidence = before["reason"], before["evidence"]
    current.merged_into_id = before["merged_into"]
    point(current)


def _follow(current: Proposal) -> None:
    """Taking back what was done to a row made another version of it: that is what is asked about now."""
    row = rows.stored(current.table, current.former) if current.deed else None
    if row is not None:
        current.corrects, current.corrects_version = rows.reference_of(row), version_of(row)
