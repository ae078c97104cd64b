"""The live record: each quarter this board forecasts every line at risk, and later says how that came out.

Both run in every sweep and do nothing when it is done. The log of decisions carries a hash of each round, so that
whoever changes a forecast behind the triggers is found out.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from riskboard.audit.models import Entry
from riskboard.audit.services import Event, record, record_many
from riskboard.catalog.models import Line
from riskboard.catalog.services import writing
from scoring.engine.comparator import load_comparator
from scoring.engine.digest import input_digest
from scoring.engine.facts import Dossier
from scoring.engine.months import add_months
from scoring.engine.outcomes import outcome_after
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.schema import RubricError
from scoring.kept import assessments, dossiers
from scoring.lineforecasts import LineForecast, forecast_lines
from scoring.models import Prediction, Resolution
from scoring.models.predictions import LEAST, MOST

HORIZON = 12  # months
JUDGED = timedelta(days=120)  # after which nothing of a launch is undone any more
SHOWN = Prediction.Method.COMPARATOR  # until the engine beats it (docs/prereg.md, section 4)
CORRECTED = "The evidence was corrected."
FORECAST = "forecast"  # as the log calls it
TAKEN_BACK = "It was handed back to the rules."


def keep_record(*, as_of: date, now: datetime) -> tuple[list[Prediction], list[Resolution]]:
    """What every sweep does: (forecasts of a quarter that begins, outcomes that the rules can now tell)."""
    return make_round(as_of=as_of, now=now), resolve(as_of=as_of, now=now)


# Forecasts ----------------------------------------------------------------------------------------


def round_of(day: date) -> str:
    """The quarter of a day, such as 2026-Q4."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def make_round(*, as_of: date, now: datetime) -> list[Prediction]:
    """Records a forecast of every line at risk, once a quarter; none when the quarter has its round.

    Raises ValueError for another day than that of ``now``: nothing is ever back-dated.
    """
    if as_of != now.date():
        raise ValueError(f"A forecast is recorded on its own day: not for {as_of} on {now.date()}.")
    if _has_round(as_of):
        return []
    forecasts = build_round(as_of, now)
    with writing():
        if not forecasts or _has_round(as_of):
            return []
        made = Prediction.objects.bulk_create(forecasts)
        _log_round(made, now)
    return made


def _has_round(day: date) -> bool:
    return Prediction.objects.of_round(round_of(day)).exists()


def build_round(as_of: date, now: datetime) -> list[Prediction]:
    """The forecasts that are due on that day, not stored, by line."""
    evidence, lines = dossiers(), Line.objects.in_bulk(field_name="slug")
    forecasts = forecast_lines(evidence, as_of)
    return [_prediction(lines[slug], forecasts[slug], evidence[slug], now) for slug in sorted(forecasts)]


def _prediction(line: Line, said: LineForecast, dossier: Dossier, now: datetime) -> Prediction:
    rubric, comparator = load_rubric(SHIPPED), load_comparator()
    due = add_months(said.as_of, HORIZON)
    return Prediction(
        line=line,
        round=round_of(said.as_of),
        made_on=said.as_of,
        recorded_at=now,
        due_on=due,
        settles_on=due + JUDGED,
        **_chances(said),
        failed=said.failed,
        comparable=said.comparable,
        precision=rubric.precision,
        failed_before=said.failed_before,
        launches=said.launches,
        evidence=assessments(said.as_of)[line.slug].origins,
        rubric=rubric.name,
        rubric_sha256=rubric.sha256,
        comparator_name=comparator.name,
        comparator_sha256=comparator.sha256,
        input_digest=input_digest(dossier, said.as_of),
    )


def _chances(said: LineForecast) -> dict[str, Any]:
    return {
        "engine": clip(said.engine),
        "comparator": clip(said.comparator),
        "engine_unclipped": said.engine,
        "comparator_unclipped": said.comparator,
        "usual": said.usual,
        "shown": SHOWN,
        "band": said.band,
    }


def clip(chance: float) -> float:
    return min(max(chance, LEAST), MOST)


# Outcomes -----------------------------------------------------------------------------------------


class Reading(NamedTuple):
    """An outcome by the rules."""

    outcome: str
    on: date | None = None
    mode: str = ""
    evidence: tuple[str, ...] = ()


def resolve(*, as_of: date, now: datetime) -> list[Resolution]:
    """Records what the rules say of each forecast on which no person has ruled, where they say something new."""
    if not _news(as_of, now):
        return []
    with writing():
        found = Resolution.objects.bulk_create(_news(as_of, now))
        record_many([_event(each) for each in found], actor=None, at=now)
    return found


def _news(as_of: date, now: datetime) -> list[Resolution]:
    open_to_rules = _open_to_rules(as_of)
    evidence = dossiers() if open_to_rules else {}
    read = ((last, _read(each, evidence, as_of), each) for each, last in open_to_rules)
    return [_resolution(each, outcome, last, as_of, now) for last, outcome, each in read if _is_new(outcome, last)]


def _open_to_rules(as_of: date) -> list[tuple[Prediction, Resolution | None]]:
    """Forecasts made before that day, each with what holds of it, without those on which a person ruled."""
    last = {each.prediction_id: each for each in Resolution.objects.in_force()}
    made = Prediction.objects.filter(made_on__lt=as_of).select_related("line").order_by("pk")
    pairs = [(each, last.get(each.pk)) for each in made]
    return [(each, said) for each, said in pairs if said is None or not said.ruled_by_id or said.is_open]


def _read(prediction: Prediction, evidence: Mapping[str, Dossier], as_of: date) -> Reading | None:
    """What the rules say from what was public on that day; None: not settled."""
    dossier, rubric = evidence[prediction.line.slug], _rubric_named(prediction.rubric)
    try:
        found = outcome_after(dossier, rubric, prediction.made_on, months=HORIZON, known_by=as_of)
    except ValueError:  # corrected evidence: no flagship was open when the forecast was made
        return Reading(Resolution.Outcome.VOID)
    return None if found is None else Reading(found.kind, found.on, found.mode, found.evidence)


@lru_cache(maxsize=8)
def _rubric_named(name: str) -> Rubric:
    """That under which the forecast was made, while it still comes with the program: what counts as failure stays."""
    try:
        return load_rubric(name)
    except RubricError:
        return load_rubric(SHIPPED)


def _is_new(outcome: Reading | None, last: Resolution | None) -> bool:
    if last is None or last.is_open:
        return outcome is not None
    return outcome is None or (outcome.outcome, outcome.on, outcome.mode) != (last.outcome, last.event_on, last.mode)


def _resolution(
    prediction: Prediction, outcome: Reading | None, last: Resolution | None, as_of: date, now: datetime
) -> Resolution:
    return Resolution(
        prediction=prediction,
        follows=last,
        outcome=outcome.outcome if outcome else Resolution.Outcome.OPEN,
        event_on=outcome.on if outcome else None,
        mode=outcome.mode if outcome else "",
        evidence=list(outcome.evidence) if outcome else [],
        resolved_on=as_of,
        recorded_at=now,
        reason=_why_again(last),
    )


def _why_again(last: Resolution | None) -> str:
    if last is None:
        return ""
    return TAKEN_BACK if last.ruled_by_id else CORRECTED


# The log ------------------------------------------------------------------------------------------

# What the hash of a round covers: fixed, so that hashes of the past stay true when the table gains a column.
HASHED = (
    "line_id",
    "round",
    "made_on",
    "recorded_at",
    "due_on",
    "settles_on",
    "engine",
    "comparator",
    "engine_unclipped",
    "comparator_unclipped",
    "usual",
    "shown",
    "band",
    "failed",
    "comparable",
    "precision",
    "failed_before",
    "launches",
    "evidence",
    "rubric",
    "rubric_sha256",
    "comparator_name",
    "comparator_sha256",
    "input_digest",
)


def round_digest(predictions: Iterable[Prediction]) -> str:
    """SHA-256, in hexadecimal, of all that a round says, whatever the order of its rows."""
    lines = sorted(json.dumps(_plain(each), sort_keys=True) for each in predictions)
    return sha256("\n".join(lines).encode()).hexdigest()


def _plain(prediction: Prediction) -> dict[str, object]:
    said = {name: getattr(prediction, name) for name in HASHED}
    return {name: _text(value) if isinstance(value, date) else value for name, value in said.items()}


def _text(day: date) -> str:
    return day.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(day, datetime) else day.isoformat()


def _log_round(made: list[Prediction], now: datetime) -> None:
    said = {"made_on": made[0].made_on.isoformat(), "lines": len(made), "sha256": round_digest(made)}
    record(actor=None, action=FORECAST, subject=f"round:{made[0].round}", at=now, after=said)


def altered_rounds() -> list[str]:
    """Rounds whose forecasts are not those of which the log has the hash, by name."""
    logged = Entry.objects.filter(action=FORECAST, actor=None).order_by("-pk")
    hashes = dict(logged.values_list("subject", "after__sha256"))
    rows: dict[str, list[Prediction]] = {subject.partition(":")[2]: [] for subject in hashes}
    for prediction in Prediction.objects.all():
        rows.setdefault(prediction.round, []).append(prediction)
    return sorted(name for name, members in rows.items() if hashes.get(f"round:{name}") != round_digest(members))


def _event(found: Resolution) -> Event:
    last = found.follows
    return Event("resolved", f"prediction:{found.prediction_id}", last and said_by(last), said_by(found))


def said_by(resolution: Resolution) -> dict[str, object]:
    """As the log keeps it."""
    return {
        "outcome": resolution.outcome,
        "event_on": resolution.event_on and resolution.event_on.isoformat(),
        "mode": resolution.mode,
        "evidence": resolution.evidence,
        "source_url": resolution.source_url,
    }
