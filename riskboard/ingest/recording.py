"""Writes rows of evidence through the catalog, with their entry in the audit log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Model

from riskboard.audit.services import record as note
from riskboard.catalog.models import Source
from riskboard.catalog.services import cite, record, remove, writing
from riskboard.ingest import rows

HISTORY_LENGTH = 100  # what the history of a row keeps of a reason

Texts = Mapping[str, str]


def written(
    table: str,
    texts: Texts,
    *,
    onto: Model | None,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str,
    action: str = "",
    is_public: bool = False,
) -> Any:  # noqa: ANN401 - any model
    """A new row, or ``onto`` with the columns that ``texts`` gives. Raises ValidationError by column."""
    spec = rows.SPECS[table]
    with writing():
        before = rows.texts_of(onto) if onto is not None else None
        row = rows.filled(table, texts, onto=onto, today=None if action == "restored" else now.date())
        for name in ("source", "status_source"):
            source: Source | None = getattr(row, name, None)
            if source is not None and source._state.adding:
                setattr(row, name, cite(url=source.url, title=source.title))
        try:
            record(row, by=by, why=reason[:HISTORY_LENGTH])
        except ValidationError as error:
            raise ValidationError(
                {rows.column_of(spec, name): messages for name, messages in error.message_dict.items()}
            ) from error
        note(
            actor=by,
            action=action or ("recorded" if before is None else "corrected"),
            subject=rows.reference_of(row),
            at=now,
            before=before,
            after=rows.texts_of(row),
            reason=reason,
            is_public=is_public,
        )
    return row


def removed(row: Any, *, by: AbstractBaseUser | None, now: datetime, reason: str) -> None:  # noqa: ANN401 - any model
    """Raises ProtectedError while others refer to it."""
    subject, before = rows.reference_of(row), rows.texts_of(row)
    with writing():
        remove(row, by=by, why=reason[:HISTORY_LENGTH])
        note(actor=by, action="withdrawn", subject=subject, at=now, before=before, reason=reason, is_public=True)
