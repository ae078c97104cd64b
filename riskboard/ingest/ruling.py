"""What became of a promise, as people rule: a status from a day on, why, and where that can be read."""

from datetime import date, datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from riskboard.catalog.models import Pledge
from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.corrections import RowConflict, version_of
from riskboard.ingest.recording import Texts, written

RULING = ("status", "status_on", "status_reason", "status_source_url")  # the columns of a pledge that it fills


def rule(pledge: Pledge, texts: Texts, *, by: AbstractBaseUser, now: datetime, version: str) -> Pledge:
    """The pledge with the ruling, which joins its history. ``texts``: by the columns of ``RULING``.

    Raises RowConflict, and ValidationError by column; then nothing has changed.
    """
    said = {name: texts.get(name, "").strip() for name in RULING}
    with writing():
        current = Pledge.objects.select_for_update().get(pk=pledge.pk)
        if version_of(current) != version:
            raise RowConflict(current)
        check(current, said, now.date())
        ruled: Pledge = written(
            "pledges",
            said,
            onto=current,
            by=by,
            now=now,
            reason=f"Ruled {said['status'].replace('_', ' ')}: {said['status_reason']}",
            action="ruled",
        )
    return ruled


def check(current: Pledge, said: Texts, today: date) -> None:
    """Raises ValidationError by column, of everything that is wrong."""
    faults = rows.unreadable("pledges", said)
    if not said["status_reason"]:
        faults["status_reason"] = "A ruling says why."
    if "status_on" not in faults and (fault := _fault_of_day(current, said["status_on"], today)):
        faults["status_on"] = fault
    if faults:
        raise ValidationError(faults)


def _fault_of_day(current: Pledge, day: str, today: date) -> str:
    if not day:
        return "A ruling is for a day."
    if day < rows.texts_of(current)["status_on"]:
        return f"The pledge was already ruled on for {current.status_on}: a ruling is for then or later."
    return "A ruling is for a day that has come." if day > today.isoformat() else ""
