"""The live record as rows of text: each forecast that this board made, and all that was said of how it came out."""

from collections.abc import Iterator

from riskboard.web import forms_exports as forms
from riskboard.web.score_exports import Computed, TextColumn, day, exact, joined, text
from scoring.models import Prediction, Resolution

EXACT = "0 to 1, exact"

PREDICTION_COLUMNS = (
    TextColumn("line", "text", "key of the line in lines.csv"),
    TextColumn("round", "text", "quarter in which it was made, such as 2026-Q4"),
    TextColumn("made_on", "date", "only what was public by this day counted"),
    TextColumn("recorded_at", "time in UTC", "when it was recorded; nothing in the row has changed since"),
    TextColumn("due_on", "date", "12 months later: a later failure is none of this forecast"),
    TextColumn("settles_on", "date", "when a launch in time can no longer be released late"),
    TextColumn("engine", EXACT, "chance of failure by the engine, clipped to 0.02-0.98"),
    TextColumn("comparator", EXACT, "chance of failure by the comparator, clipped likewise"),
    TextColumn("engine_unclipped", EXACT, "before it was clipped"),
    TextColumn("comparator_unclipped", EXACT, "before it was clipped"),
    TextColumn("usual", EXACT, "rate among lines at risk"),
    TextColumn("shown", "text", "which of the two the pages went by: engine, comparator"),
    TextColumn("band", "text", "below, near or above the usual rate"),
    TextColumn("failed", "whole number", "how many of the comparable past forecasts failed"),
    TextColumn("comparable", "whole number", "comparable past forecasts"),
    TextColumn("precision", "text", "level of precision that the pages permitted themselves"),
    TextColumn("failed_before", "yes, no", "the vendor had failed before"),
    TextColumn("launches", "whole number", "flagships launched in the 24 months before"),
    TextColumn("evidence", "whole number", "independent origins of the evidence"),
    TextColumn("rubric", "text", "name of the rubric"),
    TextColumn("rubric_sha256", "text", "hash of the rubric's file"),
    TextColumn("comparator_name", "text", "name of the comparator"),
    TextColumn("comparator_sha256", "text", "hash of the comparator's file"),
    TextColumn("input_digest", "text", "hash of the evidence that counted"),
    TextColumn("outcome", "text", "failed, kept, no_next_version, void; blank: open"),
    TextColumn("event_on", "date, or blank", "when the line failed"),
)
RESOLUTION_COLUMNS = (
    TextColumn("line", "text", "key of the line in lines.csv"),
    TextColumn("round", "text", "with the line: which forecast in predictions.csv"),
    TextColumn("number", "whole number", "1 for the first thing said of that forecast; the highest holds"),
    TextColumn("outcome", "text", "failed, kept, no_next_version, void, or open: taken back"),
    TextColumn("event_on", "date, or blank", "when the line failed"),
    TextColumn("mode", "text", "how it failed: closed_next, restricted; blank: it did not"),
    TextColumn("evidence", "list", "references of the rows that show it"),
    TextColumn("resolved_on", "date", "only what was public by this day counted"),
    TextColumn("recorded_at", "time in UTC", "when it was recorded"),
    TextColumn("by", "text", "machine: the rules; reviewer: a person"),
    TextColumn("reason", "text", "why, where it replaces another or a person ruled"),
    TextColumn("source_url", "address, or blank", "where a ruling's reason can be read"),
)


def prediction_rows(form: forms.PredictionsExport) -> Iterator[list[str]]:
    held = {each.prediction_id: each for each in Resolution.objects.in_force()}
    for said in form.of_round(Prediction.objects.select_related("line"), "").order_by("round", "line__slug"):
        outcome = held.get(said.pk)
        is_open = outcome is None or outcome.is_open
        yield [*prediction_row(said), *(("", "") if is_open or outcome is None else outcome_cells(outcome))]


def prediction_row(said: Prediction) -> list[str]:
    return [
        text(said.line.slug),
        said.round,
        day(said.made_on),
        said.recorded_at.isoformat(timespec="seconds"),
        day(said.due_on),
        day(said.settles_on),
        *(exact(chance) for chance in (said.engine, said.comparator, said.engine_unclipped)),
        *(exact(chance) for chance in (said.comparator_unclipped, said.usual)),
        said.shown,
        said.band,
        str(said.failed),
        str(said.comparable),
        text(said.precision),
        "yes" if said.failed_before else "no",
        str(said.launches),
        str(said.evidence),
        text(said.rubric),
        said.rubric_sha256,
        text(said.comparator_name),
        said.comparator_sha256,
        said.input_digest,
    ]


def outcome_cells(outcome: Resolution) -> tuple[str, str]:
    return outcome.outcome, day(outcome.event_on)


def resolution_rows(form: forms.PredictionsExport) -> Iterator[list[str]]:
    said = form.of_round(Resolution.objects.select_related("prediction__line"), "prediction__")
    number, last = 0, 0
    for each in said.order_by("prediction__round", "prediction__line__slug", "pk"):
        number = number + 1 if each.prediction_id == last else 1
        last = each.prediction_id
        yield [text(each.prediction.line.slug), each.prediction.round, str(number), *resolution_cells(each)]


def resolution_cells(said: Resolution) -> list[str]:
    return [
        *outcome_cells(said),
        said.mode,
        joined(said.evidence),
        day(said.resolved_on),
        said.recorded_at.isoformat(timespec="seconds"),
        "reviewer" if said.ruled_by_id else "machine",
        text(said.reason),
        text(said.source_url),
    ]


LIVE = (
    Computed(
        "predictions",
        "One row per line and quarter: the forecast that this board recorded before it knew, and how it came out. "
        "Forecasts are never changed, and none is made for a past day.",
        PREDICTION_COLUMNS,
        forms.PredictionsExport,
        prediction_rows,
    ),
    Computed(
        "resolutions",
        "All that was said of how those forecasts came out, by the rules or by a reviewer: a later row replaces an "
        "earlier one without erasing it.",
        RESOLUTION_COLUMNS,
        forms.PredictionsExport,
        resolution_rows,
    ),
)
