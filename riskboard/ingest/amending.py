"""What people ask of a row on record: another reading of it, a ruling, that it goes, that it comes back.

Where one person is enough, it is done at once. Else it waits in the inbox, bound to the version of the row that it was
asked on, and is done when somebody else agrees.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError

from riskboard.audit.models import Entry
from riskboard.audit.services import record as note
from riskboard.catalog.models import Pledge
from riskboard.catalog.services import writing
from riskboard.ingest import corrections, rows, ruling
from riskboard.ingest.corrections import RowConflict, version_of
from riskboard.ingest.holding import (
    OPEN,
    Conflict,
    State,
    claim,
    is_first,
    point,
    said_of_second,
    settle,
    sign,
)
from riskboard.ingest.models import Proposal
from riskboard.ingest.recording import Texts
from riskboard.ingest.reverting import WITHDRAWAL, put_back, to_correct_back, to_put_back, why_of
from riskboard.ingest.seconding import (
    ChangeEffect,
    changed_columns,
    second_person_reasons_of_change,
    switched_off,
)
from riskboard.ingest.undoing import UndoError

Deed = Proposal.Deed
REASON_LENGTH = 500


class RowMoved(Conflict):
    """The row was changed after this was asked of it. Nothing is overwritten, and the proposal waits on."""

    def __str__(self) -> str:
        return (
            "The row was changed after this was asked of it. Nothing was overwritten, and this is still here: look at "
            "the difference, then ask for it anew or dismiss it."
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it. ``row``: as it is now; None: it went, or ``waiting`` for a second person."""

    row: Model | None
    waiting: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """``former``: what the row says, empty of one put back. ``texts``: what it is to say, empty of one that goes."""

    deed: str
    table: str
    reference: str
    version: str
    former: Texts
    texts: Texts
    reason: str


# Asking -------------------------------------------------------------------------------------------
# Each raises RowConflict, and ValidationError by column, as what does it at once; then nothing has changed.


def correct(
    row: Model, changes: Texts, *, by: AbstractBaseUser, reason: str, now: datetime, version: str, effect: ChangeEffect
) -> Asked:
    _need(reason, "A correction says why.")
    return _ask(_change(Deed.CORRECT, row, changes, version, reason), by=by, now=now, effect=effect)


def withdraw(
    row: Model, *, by: AbstractBaseUser, reason: str, now: datetime, version: str, effect: ChangeEffect
) -> Asked:
    """Raises ProtectedError, too."""
    _need(reason, "A withdrawal says why.")
    return _ask(_change(Deed.WITHDRAW, row, None, version, reason), by=by, now=now, effect=effect)


def rule(
    pledge: Pledge, texts: Texts, *, by: AbstractBaseUser, now: datetime, version: str, effect: ChangeEffect
) -> Asked:
    said = {name: texts.get(name, "").strip() for name in ruling.RULING}
    change = _change(Deed.RULE, pledge, said, version, said["status_reason"])
    ruling.check(pledge, said, now.date())
    return _ask(change, by=by, now=now, effect=effect)


def revert(entry: Entry, *, by: AbstractBaseUser, now: datetime, effect: ChangeEffect, reason: str = "") -> Asked:
    """Takes back a correction or a withdrawal. Raises UndoError."""
    why = why_of(entry, reason)
    if entry.action == WITHDRAWAL:
        table, texts = to_put_back(entry)
        return _ask(Change(Deed.RESTORE, table, entry.subject, "", {}, texts, why), by=by, now=now, effect=effect)
    row, former = to_correct_back(entry)
    return _ask(_change(Deed.CORRECT, row, former, version_of(row), why), by=by, now=now, effect=effect)


def reasons_of(proposal: Proposal) -> list[str]:
    """Why what is asked of a row takes two people."""
    change = change_of(proposal)
    reasons = second_person_reasons_of_change(change.table, change.former, change.texts, proposal.effect)
    if not reasons and proposal.state == State.SECOND:
        return ["its effect when it was asked for"]  # what was asked of two is not decided by one
    return reasons


def change_of(proposal: Proposal) -> Change:
    return Change(
        deed=proposal.deed,
        table=proposal.table,
        reference=proposal.corrects,
        version=proposal.corrects_version,
        former=proposal.former,
        texts={} if proposal.deed == Deed.WITHDRAW else proposal.fields,
        reason=proposal.reason,
    )


def changed_row(change: Change) -> tuple[Model | None, Model | None]:
    """The row as it is, and unsaved as it would be. Raises ValidationError by column."""
    row = rows.find(change.reference) if change.former else None
    if not change.texts:
        return row, None
    onto = rows.find(change.reference) if change.former else None
    names = changed_columns(change.former, change.texts) if onto is not None else change.texts
    return row, rows.filled(change.table, {name: change.texts[name] for name in names}, onto=onto)


def _need(reason: str, said: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": said})


def _change(deed: str, row: Model, changes: Texts | None, version: str, reason: str) -> Change:
    """``changes`` None: it goes. Raises RowConflict, and ValidationError for another key."""
    reference, spec = rows.reference_of(row), rows.spec_of(row)
    current: Any = rows.find(reference)
    if current is None or version_of(current) != version:
        raise RowConflict(current or row)
    former = rows.texts_of(current)
    texts = {} if changes is None else {**former, **{name: text.strip() for name, text in changes.items()}}
    if renamed := set(spec.key) & changed_columns(former, texts) if texts else None:
        raise ValidationError(dict.fromkeys(renamed, "The key of a row stays: withdraw it and enter another."))
    return Change(deed, spec.name, reference, version, former, texts, reason.strip())


def _ask(change: Change, *, by: AbstractBaseUser, now: datetime, effect: ChangeEffect) -> Asked:
    is_change = bool(changed_columns(change.former, change.texts))
    points = effect(*changed_row(change)) if is_change else None
    reasons = second_person_reasons_of_change(change.table, change.former, change.texts, points) if is_change else []
    with writing():
        if reasons and settings.SECOND_PERSON:
            return Asked(None, _wait(change, points, reasons, by=by, now=now))
        row = _done(change, by=by, now=now)
        if reasons:
            why = f"One person decided: the second is {switched_off(reasons)}."
            _note_second("not seconded", change, row, by=by, now=now, why=why)
    return Asked(row)


def _wait(change: Change, points: float | None, reasons: list[str], *, by: AbstractBaseUser, now: datetime) -> Proposal:
    """Sent twice by the same person, it waits once."""
    asked = Proposal.objects.filter(
        state__in=OPEN, corrects=change.reference, corrects_version=change.version, deed=change.deed, decided_by=by.pk
    )
    fields = dict(change.texts or change.former)
    if (same := next((each for each in asked if each.fields == fields), None)) is not None:
        return same
    _try(change, by=by, now=now)
    made = Proposal.objects.create(
        key=f"change:{uuid4()}",
        table=change.table,
        fields=fields,
        deed=change.deed,
        corrects=change.reference,
        corrects_version=change.version,
        former=dict(change.former),
        effect=points,
        reason=change.reason[:REASON_LENGTH],
    )
    current, before = claim(made, made.version)
    point(current)
    return _accept_first(current, before, reasons, by=by, now=now)


def _try(change: Change, *, by: AbstractBaseUser, now: datetime) -> None:
    """Does it and takes it back at once: what cannot be done is not asked of a second person."""
    with transaction.atomic():
        _done(change, by=by, now=now)
        transaction.set_rollback(True)


def _accept_first(
    current: Proposal, before: dict[str, Any], reasons: list[str], *, by: AbstractBaseUser, now: datetime
) -> Proposal:
    current.state, current.decided_by_id, current.decided_at = State.SECOND, by.pk, now
    said = {"second_person": f"needed: {', '.join(reasons)}"}
    return settle(current, before, action="asked for", by=by, now=now, reason=current.reason, said=said)


# Agreeing -----------------------------------------------------------------------------------------


def agree(proposal: Proposal, *, by: AbstractBaseUser, now: datetime, version: int) -> Proposal:
    """Does what was asked, with both persons on record. Taken back before, it may need a second person again.

    Raises Conflict (RowMoved where the row is another by now), SamePersonError, UndoError, ValidationError.
    """
    try:
        with writing():
            return _agree(proposal, by=by, now=now, version=version)
    except RowConflict as conflict:
        raise RowMoved(Proposal.objects.get(pk=proposal.pk)) from conflict
    except ProtectedError:
        raise UndoError(f"Other evidence refers to {proposal.corrects}: withdraw that first.") from None


def _agree(proposal: Proposal, *, by: AbstractBaseUser, now: datetime, version: int) -> Proposal:
    current, before = claim(proposal, version)
    change, reasons = change_of(current), reasons_of(current)
    if reasons and settings.SECOND_PERSON and is_first(current, by):
        _try(change, by=by, now=now)
        return _accept_first(current, before, reasons, by=by, now=now)
    sign(current, by)
    first = current.decided_by
    assert first is not None
    row, said = _done(change, by=first, now=now), said_of_second(current, reasons)
    if said:
        action = "seconded" if current.seconded_by_id else "not seconded"
        why = "Accepted as the second person: " if current.seconded_by_id else "One person decided, though: "
        _note_second(action, change, row, by=by, now=now, why=f"{why}{', '.join(reasons)}.", proposal=current.pk)
    current.state, current.decided_at = State.ACCEPTED, now
    current.evidence = change.reference if row is None else rows.reference_of(row)
    return settle(
        current,
        {**before, "row": dict(change.former) or None},
        action="accepted",
        by=by,
        now=now,
        reason=current.reason,
        said={**said, "row": None if row is None else rows.texts_of(row)},
    )


def _done(change: Change, *, by: AbstractBaseUser, now: datetime) -> Model | None:
    """Raises RowConflict, UndoError, ProtectedError, and ValidationError."""
    if change.deed == Deed.RESTORE:
        return put_back(change.table, change.texts, by=by, now=now, reason=change.reason)
    row = rows.find(change.reference)
    if row is None:
        gone = f"{change.reference} is not on record any more, so nothing can be asked of it."
        raise ValidationError({NON_FIELD_ERRORS: gone})
    if change.deed == Deed.WITHDRAW:
        corrections.withdraw(row, by=by, reason=change.reason, now=now, version=change.version)
        return None
    if isinstance(row, Pledge) and change.deed == Deed.RULE:
        return ruling.rule(row, change.texts, by=by, now=now, version=change.version)
    differing = {name: change.texts[name] for name in changed_columns(change.former, change.texts)}
    return corrections.correct(row, differing, by=by, reason=change.reason, now=now, version=change.version)


def _note_second(
    action: str,
    change: Change,
    row: Model | None,
    *,
    by: AbstractBaseUser,
    now: datetime,
    why: str,
    proposal: int | None = None,
) -> None:
    """Beside the entry of the row itself, whose actor is who asked: who agreed, or that nobody was asked to."""
    note(
        actor=by,
        action=action,
        subject=change.reference if row is None else rows.reference_of(row),
        at=now,
        after={"second_person": why, **({"proposal": proposal} if proposal else {})},
        reason=why,
        is_public=change.deed != Deed.RULE,
    )
