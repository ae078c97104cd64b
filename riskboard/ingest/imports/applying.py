"""Recording a file of rows: all of them in one transaction, or none; and taking all of them back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from riskboard.audit.services import Event, record_many
from riskboard.catalog.columns import TableSpec
from riskboard.catalog.local_writing import LocalWriter, mark_local, marked_id, whose_mark
from riskboard.catalog.queries import newest_version
from riskboard.catalog.reading import Row
from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.imports.models import Import, ImportedRow
from riskboard.ingest.imports.planning import Outcome, Plan, plan
from riskboard.ingest.seconding import SamePersonError, second_person_reasons

State = Import.State
OPEN = (State.DRAFT, State.SECOND)
LONGEST_NAME = 200

Move = dict[str, Any]  # slug, name, points, on: by how much the score of a line would change, from which day
# Lets the rows be written, in the transaction that is open, and says what that changed; largest first.
Measure = Callable[[Callable[[], None]], list[Move]]


@dataclass(frozen=True, slots=True)
class Kept:
    """``texts``: of the rows that change, by key. ``local``: ids of the rows that shipped evidence leaves alone."""

    texts: Mapping[str, Mapping[str, str]]
    local: frozenset[int]


class PlanChangedError(Exception):
    """Recording would do something else now than what was looked through."""


def plan_of(imported: Import, today: date) -> Plan:
    return plan(imported.table, bytes(imported.content), today)


def subject_of(imported: Import) -> str:
    return f"import:{imported.pk}"


# Drafts -------------------------------------------------------------------------------------------


def prepare(
    table: str, content: bytes, *, file_name: str = "", by: AbstractBaseUser | None, now: datetime, measure: Measure
) -> Import:
    """A draft to look through. The same file of the same person, while it is not recorded, is the same draft."""
    digest = sha256(content).hexdigest()
    with writing():
        same = Import.objects.filter(table=table, sha256=digest, created_by=by.pk if by else None, state__in=OPEN)
        draft = same.first() or Import(
            table=table, content=content, sha256=digest, created_at=now, created_by_id=by.pk if by else None
        )
        draft.file_name = file_name[-LONGEST_NAME:]
        return _compare(draft, now=now, measure=measure)


def compare_again(imported: Import, *, now: datetime, measure: Measure) -> Import:
    """The draft as it stands against what is on record now."""
    with writing():
        current = Import.objects.select_for_update().get(pk=imported.pk)
        return _compare(current, now=now, measure=measure) if current.state in OPEN else current


def discard(imported: Import) -> None:
    """Raises ValidationError for one that was recorded: that stays on record."""
    deleted, _ = Import.objects.filter(pk=imported.pk, state__in=OPEN).delete()
    if not deleted:
        raise ValidationError("This was recorded, and stays on record. Undo it instead.")


def _compare(draft: Import, *, now: datetime, measure: Measure) -> Import:
    planned = plan_of(draft, now.date())
    moves: list[Move] | None = None
    if planned.is_clean:
        try:
            moves = _measured(planned, now=now, measure=measure)
        except IntegrityError as error:
            planned = replace(planned, faults=((0, "", f"breaks a rule of the database: {error}"),))
    if draft.plan_hash != planned.digest:  # whoever accepted it first accepted something else
        draft.state, draft.accepted_at, draft.accepted_by = State.DRAFT, None, None
    draft.plan_hash, draft.faults, draft.has_versions = planned.digest, list(planned.faults), planned.has_versions
    draft.measured, draft.effect, draft.version = moves or [], _largest(moves), newest_version()
    draft.reasons = reasons_for_two(planned, moves)
    draft.save()
    _keep_rows(draft, planned, {})
    return draft


def _measured(planned: Plan, *, now: datetime, measure: Measure) -> list[Move]:
    """What recording would change: the rows are written, looked at, and gone again."""
    if not planned.to_write:
        return []
    with transaction.atomic():
        moves = measure(lambda: _write(planned, by=None, why="", now=now))
        transaction.set_rollback(True)
    return moves


def _largest(moves: list[Move] | None) -> float | None:
    return None if moves is None else max((move["points"] for move in moves), key=abs, default=0.0)


def _keep_rows(draft: Import, planned: Plan, written: Mapping[str, Mapping[str, Any]]) -> None:
    """``written``: by key, what is kept of rows that were recorded."""
    draft.rows.all().delete()
    ImportedRow.objects.bulk_create(
        ImportedRow(
            of=draft,
            line=row.line,
            key=row.key,
            outcome=row.outcome,
            changes=row.changes,
            problems=row.problems,
            **written.get(row.key, {}),
        )
        for row in planned.rows
    )


# Recording ----------------------------------------------------------------------------------------


def reasons_for_two(planned: Plan, moves: list[Move] | None) -> list[str]:
    """Why one person is not enough for all of this: how severe what it adds or makes of rows is, and its effect."""
    said = (text for row in planned.to_write for name, *texts in row.changes if name == "severity" for text in texts)
    severe = max((text for text in said if text), default="")
    return second_person_reasons(planned.spec.name, {"severity": severe}, _largest(moves))


def apply(
    imported: Import, *, by: AbstractBaseUser | None, now: datetime, seen: str, reason: str = "", measure: Measure
) -> Import:
    """Everything is recorded, or waits as a whole for a second person. ``seen``: the hash of what was looked through.

    Sent twice it is recorded once. Raises PlanChangedError, SamePersonError, and ValidationError; then nothing changed.
    """
    ahead = _planned_ahead(imported, now.date())
    with writing():
        current = Import.objects.select_for_update().get(pk=imported.pk)
        if current.state == State.APPLIED:
            return current
        planned = _fit(current, ahead, seen, reason, now.date())
        if (
            settings.SECOND_PERSON
            and current.state == State.SECOND
            and current.accepted_by_id == (by.pk if by else None)
        ):
            raise SamePersonError("You accepted this first: somebody else has to record it.")
        return _record(current, planned, by=by, now=now, reason=reason.strip() or current.reason, measure=measure)


def _planned_ahead(imported: Import, today: date) -> tuple[str, Plan | None]:
    """The plan, and of which evidence, before others have to wait for us: comparing takes as long as writing."""
    return newest_version(), plan_of(imported, today) if imported.state in OPEN else None


def _fit(current: Import, ahead: tuple[str, Plan | None], seen: str, reason: str, today: date) -> Plan:
    if current.state == State.UNDONE:
        raise ValidationError("This was recorded and undone. Send the file again to record it again.")
    version, planned = ahead
    if planned is None or newest_version() != version:
        planned = plan_of(current, today)
    if planned.digest != seen:
        raise PlanChangedError("The evidence changed since this was compared with it.")
    if not planned.is_clean:
        raise ValidationError("Nothing is recorded while a row is wrong or in conflict.")
    if not planned.to_write:
        raise ValidationError("Every row is on record as it is: there is nothing to record.")
    if planned.counts[Outcome.CHANGE] and not (reason.strip() or current.reason):
        raise ValidationError({"reason": "A correction says why: these rows change what is on record."})
    return planned


def _record(
    current: Import,
    planned: Plan,
    *,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str,
    measure: Measure,
) -> Import:
    why = reason or f"Imported from {current.file_name or 'pasted rows'}"
    before = _kept_before(planned)
    with transaction.atomic():
        moves = measure(lambda: _write(planned, by=by, why=why, now=now))
        reasons = reasons_for_two(planned, moves)
        is_first = bool(reasons) and settings.SECOND_PERSON and current.state == State.DRAFT
        transaction.set_rollback(is_first)
    current.reason, current.measured, current.effect, current.reasons = reason[:500], moves, _largest(moves), reasons
    if is_first:
        return _accept_first(current, by=by, now=now, reasons=reasons)
    written = _kept_after(planned, before)
    _keep_rows(current, planned, written)
    current.state, current.applied_at, current.applied_by_id = State.APPLIED, now, by.pk if by else None
    current.content, current.version = b"", newest_version()
    current.save()
    events = [_row_event(each) for each in written.values()]
    said = {**_summary(current, planned), **_said_of_two(current, reasons)}
    record_many([*events, Event("imported", subject_of(current), after=said)], actor=by, at=now, reason=why)
    return current


def _write(planned: Plan, *, by: AbstractBaseUser | None, why: str, now: datetime) -> None:
    LocalWriter(
        planned.spec, [Row(row.line, dict(row.values)) for row in planned.to_write], by=by, why=why, now=now
    ).write()


def _accept_first(current: Import, *, by: AbstractBaseUser | None, now: datetime, reasons: list[str]) -> Import:
    current.state, current.accepted_at, current.accepted_by_id = State.SECOND, now, by.pk if by else None
    current.save()
    after = {"plan": current.plan_hash, "second_person": f"needed: {', '.join(reasons)}"}
    record_many([Event("accepted first", subject_of(current), after=after)], actor=by, at=now, reason=current.reason)
    return current


def _said_of_two(current: Import, reasons: list[str]) -> dict[str, Any]:
    if not reasons:
        return {}
    if settings.SECOND_PERSON:
        return {"second_person": f"accepted too: {', '.join(reasons)}", "accepted_by": current.accepted_by_id}
    return {"second_person": f"switched off on this board, though {', '.join(reasons)}"}


def _summary(current: Import, planned: Plan) -> dict[str, Any]:
    return {
        "table": current.table,
        "file": current.file_name,
        "sha256": current.sha256,
        "added": planned.counts[Outcome.ADD],
        "changed": planned.counts[Outcome.CHANGE],
        "plan": planned.digest,
    }


def _on_record(spec: TableSpec) -> dict[str, Any]:
    return {spec.key_of(row): row for row in spec.rows()}


def _kept_before(planned: Plan) -> Kept:
    """What changes, as it is, and which rows are local."""
    stored = _on_record(planned.spec)
    local = whose_mark(planned.spec)._default_manager.filter(is_local=True).values_list("pk", flat=True)
    found = (row.key for row in planned.to_write if row.key in stored)
    return Kept({key: rows.texts_of(stored[key]) for key in found}, frozenset(local))


def _kept_after(planned: Plan, before: Kept) -> dict[str, dict[str, Any]]:
    spec, stored = planned.spec, _on_record(planned.spec)
    recorded = {row.key: stored[row.key] for row in planned.to_write}
    if spec.owner:
        mark_local(spec, {True: [marked_id(spec, row) for row in recorded.values()]})
    return {
        key: {
            "row": row.pk,
            "reference": rows.reference_of(row),
            "was_local": marked_id(spec, row) in before.local,
            "before": before.texts.get(key),
            "after": rows.texts_of(row),
        }
        for key, row in recorded.items()
    }


def _row_event(kept: Mapping[str, Any]) -> Event:
    before = kept["before"]
    action = "recorded" if before is None else "corrected"
    return Event(action, kept["reference"], before, kept["after"], is_public=before is not None)
