from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from riskboard.audit.guarding import lay_triggers
from riskboard.audit.models import Entry
from riskboard.audit.services import record

NOW = datetime(2026, 6, 1, 12, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def log(db: None) -> list[Entry]:
    """Five entries of two people and of the program itself."""
    ann, ben = User.objects.create_user("ann"), User.objects.create_user("ben")
    return [
        record(
            actor=actor,
            action=action,
            subject=f"signal:s-{number}",
            at=NOW + timedelta(minutes=number),
            before={"severity": "3", "nested": [1, 2.5, 3.0, None, True]},
            after={"severity": "4", "title": "Ünïcode 开源"},
            reason="Read the source again.",
            is_public=number % 2 == 0,
        )
        for number, (actor, action) in enumerate(
            [(ann, "recorded"), (ben, "corrected"), (None, "accepted"), (ann, "withdrawn"), (ben, "undone")], start=1
        )
    ]


@pytest.fixture
def tamper(db: None) -> Callable[[str], None]:
    """Does what only the owner of the database can: takes the guards away, and changes the log by SQL."""

    def run(statement: str) -> None:
        table = Entry._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                cursor.execute(statement)
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            else:
                for event in ("update", "delete", "replace"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_keep_{event}")
                cursor.execute(statement)
                lay_triggers()

    return run
