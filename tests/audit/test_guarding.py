"""Neither code nor SQL changes or deletes an entry."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from riskboard.audit.models import AppendOnlyError, Entry
from riskboard.audit.verifying import verify

CHANGES: dict[str, Callable[[Entry], object]] = {
    "save": lambda entry: entry.save(),
    "delete": lambda entry: entry.delete(),
    "update many": lambda entry: Entry.objects.update(reason="Another"),
    "delete many": lambda entry: Entry.objects.all().delete(),
    "bulk update": lambda entry: Entry.objects.bulk_update([entry], ["reason"]),
}
STATEMENTS = (
    "UPDATE audit_entry SET reason = 'Another' WHERE id = 2",
    "UPDATE audit_entry SET reason = reason",
    "DELETE FROM audit_entry WHERE id = 5",
    "DELETE FROM audit_entry",
)
REPLACEMENT = """
REPLACE INTO audit_entry (id, at, action, subject, reason, is_public, previous_hash, hash)
VALUES (2, '2026-01-01', 'a', 'b', 'c', 0, 'd', 'e')
"""


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_code_cannot_change_an_entry(log: list[Entry], change: Callable[[Entry], object]) -> None:
    with pytest.raises(AppendOnlyError):
        change(Entry.objects.get(pk=2))
    assert verify() == []


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_an_entry(log: list[Entry], statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Entry.objects.count() == 5
    assert verify() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite")
def test_replacing_a_row_of_sqlite_is_refused_too(log: list[Entry]) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(REPLACEMENT)
    assert verify() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only on PostgreSQL")
def test_truncating_the_table_of_postgresql_is_refused_too(log: list[Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_entry")
    assert verify() == []


def test_the_guards_stand_after_migrating_again(log: list[Entry]) -> None:
    call_command("migrate", verbosity=0)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry")


def test_who_is_in_the_log_cannot_be_deleted(log: list[Entry]) -> None:
    with pytest.raises(ProtectedError):
        User.objects.get(username="ann").delete()
