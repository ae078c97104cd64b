"""Several reads of one state of the database, without keeping anyone from writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

SECONDS_PATIENT = 60  # with a reader that stopped reading


@contextmanager
def snapshot() -> Iterator[None]:
    """Inside, every query sees the same rows. Within a transaction that is already open, that transaction decides."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            _begin_repeatable_read()
            yield
    else:
        with _deferred():
            yield


def _begin_repeatable_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS_PATIENT}s'")
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{SECONDS_PATIENT}s'")


@contextmanager
def _deferred() -> Iterator[None]:
    """SQLite: Django's own transactions begin as writers, and a slow reader must not hold up the writers."""
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")
