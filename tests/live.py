"""Forecasts of the live record for tests, without the sweep that makes them."""

from datetime import UTC, date, datetime, time, timedelta

from riskboard.catalog.models import Line
from scoring.engine.months import add_months
from scoring.models import Prediction, Resolution
from scoring.predictions import round_of
from tests.cast import make_line

MADE = date(2026, 3, 2)


def make_prediction(line: Line | None = None, made_on: date = MADE, **fields: object) -> Prediction:
    """At the usual rate by every method, unless told otherwise."""
    due = add_months(made_on, 12)
    usual: dict[str, object] = {
        "line": line or make_line(),
        "round": round_of(made_on),
        "made_on": made_on,
        "recorded_at": datetime.combine(made_on, time(12), tzinfo=UTC),
        "due_on": due,
        "settles_on": due + timedelta(days=120),
        "engine": 0.2,
        "comparator": 0.2,
        "usual": 0.2,
        "shown": "comparator",
        "band": "near",
        "failed": 24,
        "comparable": 116,
        "precision": "bands",
        "failed_before": False,
        "launches": 2,
        "evidence": 3,
    }
    said = {**usual, **fields}
    unclipped = {"engine_unclipped": said["engine"], "comparator_unclipped": said["comparator"]}
    return Prediction.objects.create(**{**unclipped, **said})


def make_resolution(prediction: Prediction, outcome: str = "kept", **fields: object) -> Resolution:
    """By the rules, on the day on which the forecast settles, after whatever was said of it, unless told otherwise."""
    failure = {"event_on": prediction.made_on + timedelta(days=90), "mode": "closed_next"}
    usual: dict[str, object] = {
        "prediction": prediction,
        "follows": Resolution.objects.in_force().filter(prediction=prediction).first(),
        "outcome": outcome,
        "resolved_on": prediction.settles_on,
        "recorded_at": datetime.combine(prediction.settles_on, time(12), tzinfo=UTC),
        **(failure if outcome == "failed" else {}),
    }
    return Resolution.objects.create(**{**usual, **fields})
