"""A reviewer's ruling on how a forecast came out: it follows what the rules said, and holds from then on."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from riskboard.audit.services import record
from riskboard.catalog.services import writing
from scoring.models import Prediction, Resolution
from scoring.predictions import said_by

Outcome = Resolution.Outcome
WAITS = {Outcome.KEPT, Outcome.NO_NEXT_VERSION}  # what nobody can know before the forecast is due


class RulingConflict(Exception):  # noqa: N818 -- named after what happened
    """Somebody, or the rules, said something else meanwhile."""

    def __init__(self, last: Resolution | None) -> None:
        super().__init__("Another outcome was recorded meanwhile.")
        self.last = last


@dataclass(frozen=True, slots=True)
class Ruling:
    outcome: str
    reason: str
    source_url: str
    event_on: date | None = None
    mode: str = ""


def last_word(prediction: Prediction) -> Resolution | None:
    """The resolution that holds."""
    return Resolution.objects.in_force().filter(prediction=prediction).select_related("ruled_by").first()


def version_of(last: Resolution | None) -> str:
    """What a form carries, to find out whether something was said since."""
    return str(last.pk) if last else "none"


def rule(prediction: Prediction, ruling: Ruling, *, by: AbstractBaseUser, now: datetime, version: str) -> Resolution:
    """Records the ruling. Raises RulingConflict, and ValidationError by field; then nothing has changed."""
    with writing():
        last = last_word(prediction)
        if version_of(last) != version:
            raise RulingConflict(last)
        ruled = _resolution(prediction, ruling, last, by, now)
        check(ruled, now.date())
        ruled.save()
        record(
            actor=by,
            action="ruled",
            subject=f"prediction:{prediction.pk}",
            at=now,
            before=last and said_by(last),
            after=said_by(ruled),
            reason=ruled.reason,
        )
    return ruled


def _resolution(
    prediction: Prediction, ruling: Ruling, last: Resolution | None, by: AbstractBaseUser, now: datetime
) -> Resolution:
    return Resolution(
        prediction=prediction,
        follows=last,
        outcome=ruling.outcome,
        event_on=ruling.event_on,
        mode=ruling.mode,
        resolved_on=now.date(),
        recorded_at=now,
        ruled_by_id=by.pk,
        reason=ruling.reason.strip(),
        source_url=ruling.source_url,
    )


def check(ruled: Resolution, today: date) -> None:
    """Raises ValidationError by field, of everything that is wrong."""
    faults = {
        "reason": "" if ruled.reason else "A ruling says why.",
        "source_url": "" if ruled.source_url else "A ruling cites where its reason can be read.",
        "outcome": _fault_of_outcome(ruled, today),
        "event_on": _fault_of_day(ruled, today),
        "mode": _fault_of_mode(ruled),
    }
    if found := {field: fault for field, fault in faults.items() if fault}:
        raise ValidationError(found)
    ruled.clean_fields(exclude=["prediction", "follows", "evidence"])


def _fault_of_outcome(ruled: Resolution, today: date) -> str:
    if ruled.outcome in WAITS and today <= ruled.prediction.due_on:
        return f"It is due on {ruled.prediction.due_on}: until then it can only have failed or be void."
    if ruled.is_open and (ruled.follows is None or ruled.follows.is_open):
        return "It is open already."
    return ""


def _fault_of_day(ruled: Resolution, today: date) -> str:
    made, due, on = ruled.prediction.made_on, ruled.prediction.due_on, ruled.event_on
    if ruled.outcome != Outcome.FAILED:
        return "Only a failure has a day." if on else ""
    if on is None:
        return "A failure has a day."
    if not made < on <= due:
        return f"The forecast is about the days after {made}, up to {due}."
    return "This day has not come yet." if on > today else ""


def _fault_of_mode(ruled: Resolution) -> str:
    if ruled.outcome != Outcome.FAILED:
        return "Only a failure has a way in which it came." if ruled.mode else ""
    return "" if ruled.mode else "Say how it failed."
