"""Corrections of evidence are new versions on public record; what is disputed carries a mark until that is settled."""

from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Model

from riskboard.audit.services import record as note
from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.models import Contest
from riskboard.ingest.recording import Texts, removed, written
from riskboard.ingest.seconding import SamePersonError


class RowConflict(Exception):  # noqa: N818 - named after what happened
    """Somebody corrected the row meanwhile. ``fields`` is what it says now, ``version`` the version to correct."""

    def __init__(self, row: Model) -> None:
        super().__init__("This row was changed meanwhile.")
        self.row = row
        self.fields = rows.texts_of(row)
        self.version = version_of(row)


def version_of(row: Model) -> str:
    """Another one after every change of the row, for forms to hand back."""
    changed_at: datetime | None = getattr(row, "changed_at", None)
    if changed_at is not None:
        return changed_at.isoformat()
    return sha256(repr(sorted(rows.texts_of(row).items())).encode()).hexdigest()[:40]


def correct(row: Model, changes: Texts, *, by: AbstractBaseUser, reason: str, now: datetime, version: str) -> Model:
    """The row with the columns that ``changes`` gives, as a new version, whoever has to agree: ``amending`` asks that.

    Raises RowConflict, and ValidationError by column (without a reason, too); then nothing has changed.
    """
    _need(reason)
    with writing():
        current = _current(row, version)
        known = rows.texts_of(current)
        differing = {name: text.strip() for name, text in changes.items() if text.strip() != known.get(name)}
        if not differing:
            return current
        spec = rows.spec_of(current)
        if renamed := set(spec.key) & differing.keys():
            raise ValidationError(dict.fromkeys(renamed, "The key of a row stays: withdraw it and enter another."))
        corrected: Model = written(
            spec.name,
            differing,
            onto=current,
            by=by,
            now=now,
            reason=reason.strip(),
            action="corrected",
            is_public=True,
        )
    return corrected


def withdraw(row: Model, *, by: AbstractBaseUser, reason: str, now: datetime, version: str) -> None:
    """The row goes, and the record keeps what it said. Raises RowConflict, ValidationError, ProtectedError."""
    _need(reason)
    with writing():
        removed(_current(row, version), by=by, now=now, reason=reason.strip())


def _need(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "A correction says why."})


def _current(row: Model, version: str) -> Model:
    current = rows.spec_of(row).model._default_manager.select_for_update().get(pk=row.pk)
    if version_of(current) != version:
        raise RowConflict(current)
    return current


# Contests -----------------------------------------------------------------------------------------


def contest(subject: str, *, reason: str, now: datetime, url: str = "", by: AbstractBaseUser | None = None) -> Contest:
    """``by`` None: somebody without an account. Raises ValidationError; of a fact already contested, too."""
    opened = Contest(
        subject=subject,
        reason=reason.strip(),
        url=url.strip(),
        opened_at=now,
        opened_by_id=by.pk if by else None,
    )
    with writing():
        if rows.find(subject) is None:
            raise ValidationError({"subject": f"There is no evidence called {subject!r}."})
        if Contest.objects.filter(subject=subject, closed_at=None).exists():
            raise ValidationError({"subject": "This is contested already."})
        opened.full_clean()
        opened.save()
        note(
            actor=by,
            action="contested",
            subject=subject,
            at=now,
            after={"contest": opened.pk, "url": opened.url},
            reason=opened.reason,
            is_public=True,
        )
    return opened


def close_contest(opened: Contest, *, outcome: str, by: AbstractBaseUser, now: datetime) -> Contest:
    """Raises ValidationError without an outcome and when it was closed meanwhile, SamePersonError for who opened it."""
    is_own = opened.opened_by_id is not None and opened.opened_by_id == by.pk
    if is_own and settings.SECOND_PERSON:
        raise SamePersonError("You contested this: somebody else has to settle it.")
    if not outcome.strip():
        raise ValidationError({"outcome": "Say how it was settled."})
    with writing():
        closed = Contest.objects.filter(pk=opened.pk, closed_at=None).update(
            closed_at=now, closed_by=by.pk, outcome=outcome.strip()[:500]
        )
        if not closed:
            raise ValidationError({"outcome": "This was settled meanwhile."})
        note(
            actor=by,
            action="contest closed",
            subject=opened.subject,
            at=now,
            before={"contest": opened.pk, "reason": opened.reason},
            after={"contest": opened.pk, **({"second_person": "none: switched off"} if is_own else {})},
            reason=outcome.strip(),
            is_public=True,
        )
    opened.refresh_from_db()
    return opened
