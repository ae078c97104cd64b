"""The log is append-only in the database too: triggers refuse every change and every deletion of an entry.

They are laid after every migration: SQLite drops them with the table that a migration rebuilds. They do not stop the
owner of the database; ``verifyaudit`` shows what the owner did.
"""

from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections

from riskboard.audit.models import Entry

SQLITE = (
    """
CREATE TRIGGER IF NOT EXISTS {table}_keep_{event} BEFORE {event} ON {table} BEGIN
    SELECT RAISE(ABORT, '{refusal}');
END
""",
    # REPLACE deletes without a word to triggers on deletion.
    """
CREATE TRIGGER IF NOT EXISTS {table}_keep_replace BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) BEGIN
    SELECT RAISE(ABORT, '{refusal}');
END
""",
)
POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'TRUNCATE' OR EXISTS (SELECT 1 FROM {table}) THEN
        RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$
""",
    """
DROP TRIGGER IF EXISTS {table}_keep_rows ON {table};
CREATE TRIGGER {table}_keep_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep()
""",
    """
DROP TRIGGER IF EXISTS {table}_keep_all ON {table};
CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_keep()
""",
)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table whose rows are written once. ``same``: SQL by which a row there has a unique key of the row ``NEW``."""

    table: str
    refusal: str
    same: str

    def lay(self, using: str = DEFAULT_DB_ALIAS) -> None:
        connection = connections[using]
        with connection.cursor() as cursor:
            for statement in self._statements(connection.vendor):
                cursor.execute(statement)

    def _statements(self, vendor: str) -> list[str]:
        if vendor == "postgresql":
            return [statement.format(table=self.table, refusal=self.refusal) for statement in POSTGRESQL]
        change, replace = SQLITE
        named = {"table": self.table, "refusal": self.refusal}
        changes = [change.format(event=event, **named) for event in ("UPDATE", "DELETE")]
        return [*changes, replace.format(same=self.same, **named)]


LOG = Guarded(Entry._meta.db_table, "The audit log is append-only.", "id = NEW.id OR hash = NEW.hash")


def lay_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    LOG.lay(using)
