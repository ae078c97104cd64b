"""What people decide about proposals. Every decision is one transaction, claims the proposal by its version, and is on
record with what was before and after it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model

from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.amending import agree
from riskboard.ingest.corroboration import join
from riskboard.ingest.holding import (
    OPEN,
    State,
    changed_by,
    claim,
    is_first,
    point,
    said_of_second,
    settle,
    sign,
    subject_of,
)
from riskboard.ingest.models import Proposal
from riskboard.ingest.recording import Texts, written
from riskboard.ingest.seconding import Effect, second_person_reasons


def accept(
    proposal: Proposal,
    *,
    by: AbstractBaseUser,
    now: datetime,
    version: int,
    edits: Texts | None = None,
    effect: Effect | None = None,
    reason: str = "",
) -> Proposal:
    """Records the row, or waits for a second person where one is needed. Edits by the second make them the first.

    Raises Conflict, SamePersonError, and ValidationError by column; then nothing has changed.
    """
    changed = changed_by(proposal.fields, edits)
    if proposal.deed:
        _refuse_edits(changed)
        return agree(proposal, by=by, now=now, version=version)
    points = effect(proposal.table, {**proposal.fields, **changed}) if effect else proposal.effect
    with writing():
        current, before = claim(proposal, version)
        current.fields, current.effect = {**current.fields, **changed}, points
        point(current)
        reasons = second_person_reasons(current.table, current.fields, points)
        if reasons and settings.SECOND_PERSON and is_first(current, by, has_edits=bool(changed)):
            return _accept_first(current, before, by=by, now=now, reasons=reasons, reason=reason)
        sign(current, by)
        said = said_of_second(current, reasons)
        return become(current, before, by=by, now=now, reason=reason, said=said)


def _refuse_edits(changed: Texts) -> None:
    if changed:
        fixed = "What is asked of a row on record is not edited: dismiss this, and correct the row anew."
        raise ValidationError({NON_FIELD_ERRORS: fixed})


def _accept_first(
    current: Proposal, before: dict[str, Any], *, by: AbstractBaseUser, now: datetime, reasons: list[str], reason: str
) -> Proposal:
    onto, _former, texts = _to_write(current)
    rows.filled(current.table, texts, onto=onto, today=now.date())  # what is not fit to be recorded is not accepted
    current.state, current.decided_by_id, current.decided_at = State.SECOND, by.pk, now
    said = {"second_person": f"needed: {', '.join(reasons)}"}
    return settle(current, before, action="accepted first", by=by, now=now, reason=reason, said=said)


def become(
    current: Proposal,
    before: dict[str, Any],
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str,
    said: Mapping[str, str],
) -> Proposal:
    """The proposal becomes a row of evidence. For those who hold the proposal: ``accept``, and machines."""
    onto, former, texts = _to_write(current)
    why = reason or f"Accepted from {subject_of(current)}"
    row = written(current.table, texts, onto=onto, by=by, now=now, reason=why, is_public=onto is not None)
    current.state, current.decided_at, current.evidence = State.ACCEPTED, now, rows.reference_of(row)
    current.reason = reason[:500]
    return settle(
        current,
        {**before, "row": former},
        action="accepted",
        by=by,
        now=now,
        reason=reason,
        said={**said, "row": rows.texts_of(row)},
    )


def _to_write(current: Proposal) -> tuple[Model | None, dict[str, str] | None, Texts]:
    """The known release that an observation says something new about, how it is known, and what is new.

    Any other row is recorded once. What an observation left blank stays as it is known.
    """
    known = rows.stored(current.table, current.fields)
    if known is None:
        return None, None, current.fields
    if current.table != "releases":
        raise ValidationError({rows.SPECS[current.table].key[0]: f"{rows.reference_of(known)} is already recorded."})
    former = rows.texts_of(known)
    new = {name: text for name, text in current.fields.items() if text and text != former.get(name)}
    return known, former, new


def edit(proposal: Proposal, *, by: AbstractBaseUser, edits: Texts, now: datetime, version: int) -> Proposal:
    """Another wording before anything is decided; whoever accepted the former one first has to look again.

    Raises Conflict, and ValidationError for what is asked of a row on record.
    """
    if proposal.deed:
        _refuse_edits(changed_by(proposal.fields, edits))
    with writing():
        current, before = claim(proposal, version)
        current.fields = {**current.fields, **changed_by(current.fields, edits)}
        current.state, current.decided_by, current.decided_at = State.WAITING, None, None
        point(current)
        return settle(current, before, action="edited", by=by, now=now, reason="")


def dismiss(proposal: Proposal, *, by: AbstractBaseUser, reason: str, now: datetime, version: int) -> Proposal:
    """Raises Conflict, and ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError({"reason": "A dismissal says why."})
    with writing():
        current, before = claim(proposal, version)
        current.state, current.decided_by_id, current.decided_at = State.DISMISSED, by.pk, now
        current.reason = reason.strip()[:500]
        return settle(current, before, action="dismissed", by=by, now=now, reason=reason.strip())


def merge(proposal: Proposal, *, into: Proposal, by: AbstractBaseUser, now: datetime, version: int) -> Proposal:
    """The same happening as ``into``: its reports join those of ``into``. Raises Conflict, ValidationError."""
    with writing():
        current, before = claim(proposal, version)
        target = Proposal.objects.select_related("item").get(pk=into.pk)
        if current.deed or target.deed:
            raise ValidationError({"into": "What is asked of a row on record is no report, so it is not merged."})
        if target.pk == current.pk or target.state not in {*OPEN, State.ACCEPTED}:
            raise ValidationError({"into": "Merge into another proposal that waits or was accepted."})
        moved = join(current.item, target.item)
        current.state, current.decided_by_id, current.decided_at = State.MERGED, by.pk, now
        current.merged_into = target
        said = {"moved": moved}
        return settle(current, {**before, "moved": moved}, action="merged", by=by, now=now, reason="", said=said)
