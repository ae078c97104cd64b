"""Forecasts and their outcomes are append-only in the database too."""

from django.db import DEFAULT_DB_ALIAS

from riskboard.audit.guarding import Guarded
from scoring.models import Prediction, Resolution

GUARDED = (
    Guarded(
        Prediction._meta.db_table,
        "A forecast is never changed: it is append-only.",
        "id = NEW.id OR (line_id = NEW.line_id AND round = NEW.round)",
    ),
    Guarded(
        Resolution._meta.db_table,
        "An outcome is never changed: it is append-only, and a later one follows it.",
        "id = NEW.id OR follows_id = NEW.follows_id"
        " OR (prediction_id = NEW.prediction_id AND follows_id IS NULL AND NEW.follows_id IS NULL)",
    ),
)


def lay_triggers(*, using: str = DEFAULT_DB_ALIAS, **_signal: object) -> None:
    for guarded in GUARDED:
        guarded.lay(using)
