"""The forecasts of the reference class as rows of text, as they are stored."""

from collections.abc import Iterator

from riskboard.catalog.cells import guard
from riskboard.web.forms_record import TrackRecordExport
from riskboard.web.score_exports import PROBABILITY, Computed, TextColumn
from scoring.record import cells

CHANCE = "failure within 24 months: "
RECORD_COLUMNS = (
    TextColumn("case", "text", "key of the commitment in the reference class"),
    TextColumn("vendor", "text", "who made it; intervals draw vendors whole"),
    TextColumn("domain", "text", "what it was about"),
    TextColumn("governance", "text", "who decided, as known on the day of the forecast"),
    TextColumn("recalled", "yes, no", "the case was recalled, not looked up: never a fact"),
    TextColumn("year", "whole number", "forecast as of 1 January of this year, from what was dated before"),
    TextColumn("days", "whole number", "days followed from then on, at most 24 months"),
    TextColumn("hit", "yes, no", "the commitment failed within these 24 months"),
    TextColumn("states_only", PROBABILITY, CHANCE + "the engine from states alone"),
    TextColumn("engine", PROBABILITY, CHANCE + "the engine from states and signals"),
    TextColumn("base_rate", PROBABILITY, CHANCE + "failures over exposure of the past"),
    TextColumn("governance_km", PROBABILITY, CHANCE + "Kaplan-Meier by governance"),
    TextColumn("license_only", PROBABILITY, CHANCE + "Kaplan-Meier by license"),
    TextColumn("era_only", PROBABILITY, CHANCE + "the trend over the calendar alone"),
    TextColumn("weighted_sum", PROBABILITY, CHANCE + "weighted sum, calibrated"),
    TextColumn("weighted_sum_era", PROBABILITY, CHANCE + "weighted sum with the trend"),
    TextColumn("expert_points", PROBABILITY, CHANCE + "expert points, base refitted"),
    TextColumn("unpenalized", PROBABILITY, CHANCE + "the engine's columns without priors"),
)


def record_rows(form: TrackRecordExport) -> Iterator[list[str]]:
    for row in cells(form.chosen_rows()):
        yield [guard(cell) for cell in row]


TRACK_RECORD = Computed(
    "track-record",
    "One row per forecast of the back-test on the reference class (rolling origin, reconstructed): what each method "
    "said as of a 1 January, and what came.",
    RECORD_COLUMNS,
    TrackRecordExport,
    record_rows,
)
