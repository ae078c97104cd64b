"""Appends to the log. There is no other way to write to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction
from django.utils.module_loading import import_string

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
    event = Event(action, subject, before, after, is_public=is_public)
    (entry,) = record_many([event], actor=actor, at=at, reason=reason)
    return entry


@dataclass(frozen=True, slots=True)
class Event:
    """What one entry is to say."""

    action: str
    subject: str
    before: Any = None
    after: Any = None
    is_public: bool = False


def record_many(
    events: Iterable[Event], *, actor: AbstractBaseUser | None, at: datetime, reason: str = ""
) -> list[Entry]:
    """Appends an entry for each, one after the other, as ``record`` does. A bounded number of queries a thousand."""
    role = _role_of(actor) if actor else ""
    with transaction.atomic():
        _wait_for_turn()
        last = Entry.objects.order_by("-pk").only("pk", "hash").first()
        entries: list[Entry] = []
        for event in events:
            last = Entry(
                pk=last.pk + 1 if last else 1,
                at=at,
                actor_id=actor.pk if actor else None,
                role=role,
                action=event.action,
                subject=event.subject,
                before=settled(event.before),
                after=settled(event.after),
                reason=reason[:REASON_LENGTH],
                is_public=event.is_public,
                previous_hash=last.hash if last else BEGINNING,
            )
            last.hash = hash_of(last)
            entries.append(last)
        Entry.objects.bulk_create(entries)
    return entries


def _role_of(actor: AbstractBaseUser) -> str:
    """As it is now. Roles are not the log's business: a setting names who knows them."""
    return str(import_string(settings.AUDIT_ROLE_OF)(actor))


def _wait_for_turn() -> None:
    """SQLite needs no more than our IMMEDIATE transactions: they queue for the whole database."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
