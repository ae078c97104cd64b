"""A token that changes with every write to evidence, kept by triggers.

Only the database sees every write: services, the admin, bulk loading, ``QuerySet.update`` and SQL by hand. A time
of change would miss deletions and bulk updates, and a counter that code must bump would miss whoever forgets.
The token is random, not a count, so that a rolled back or restored database never repeats one for other rows.
The triggers are laid after every migration: SQLite drops them with the table that a migration rebuilds.
"""

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model

from riskboard.catalog.models import EvidenceVersion, Ruling, Source, Threshold

SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_{event}_version AFTER {event} ON {table} BEGIN
    INSERT INTO {version} (id, token) VALUES (1, lower(hex(randomblob(16))))
    ON CONFLICT (id) DO UPDATE SET token = excluded.token;
END
"""
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {version}_renew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {version} (id, token) VALUES (1, gen_random_uuid()::text)
    ON CONFLICT (id) DO UPDATE SET token = excluded.token;
    RETURN NULL;
END
$$
"""
POSTGRESQL_TRIGGER = """
DROP TRIGGER IF EXISTS {table}_version ON {table};
CREATE TRIGGER {table}_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {version}_renew()
"""


def versioned_models() -> list[type[Model]]:
    """Every model whose rows a page may show: all of the catalog but histories and bookkeeping."""
    models = apps.get_app_config("catalog").get_models()
    return [model for model in models if hasattr(model, "history") or model in (Ruling, Source, Threshold)]


def lay_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    connection = connections[using]
    version = EvidenceVersion._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION.format(version=version))
        for model in versioned_models():
            for statement in _statements(connection.vendor, model._meta.db_table, version):
                cursor.execute(statement)


def _statements(vendor: str, table: str, version: str) -> list[str]:
    if vendor == "postgresql":
        return [POSTGRESQL_TRIGGER.format(table=table, version=version)]
    return [SQLITE.format(table=table, version=version, event=event) for event in ("insert", "update", "delete")]
