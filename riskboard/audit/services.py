"""Appends to the log. There is no other way to write to it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from riskboard.audit.chain import BEGINNING, hash_of, settled
from riskboard.audit.models import Entry

REASON_LENGTH = 500
# Of PostgreSQL's advisory locks; held until the transaction ends.
LOCK = 0x617564_6974


def record(
    *,
    actor: AbstractBaseUser | None,
    action: str,
    subject: str,
    at: datetime,
    before: Any = None,  # noqa: ANN401 - whatever JSON holds
    after: Any = None,  # noqa: ANN401
    reason: str = "",
    is_public: bool = False,
) -> Entry:
    """Appends in the caller's transaction, after whoever appends at the same time. ``actor`` None: this program.

    Whoever also writes evidence takes ``catalog.services.writing`` first, so that no two wait for each other.
    """
    with transaction.atomic():
        _wait_for_turn()
        last = Entry.objects.order_by("-pk").only("pk", "hash").first()
        entry = Entry(
            pk=last.pk + 1 if last else 1,
            at=at,
            actor_id=actor.pk if actor else None,
            action=action,
            subject=subject,
            before=settled(before),
            after=settled(after),
            reason=reason[:REASON_LENGTH],
            is_public=is_public,
            previous_hash=last.hash if last else BEGINNING,
        )
        entry.hash = hash_of(entry)
        entry.save()
    return entry


def _wait_for_turn() -> None:
    """SQLite needs no more than our IMMEDIATE transactions: they queue for the whole database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
