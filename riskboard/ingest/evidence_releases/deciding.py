"""What a person makes of a difference between a row here and the same row of a release."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from riskboard.catalog.models import Threshold
from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.corrections import correct, version_of
from riskboard.ingest.evidence_releases.installing import last_release
from riskboard.ingest.evidence_releases.models import ReleaseDifference
from riskboard.ingest.recording import written


class Settled(Exception):  # noqa: N818 - named after what happened
    """Somebody decided it meanwhile, or a newer release replaced the question."""


class Moved(Exception):  # noqa: N818 - named after what happened
    """The row says something else by now than was listed; the list says it too from here on."""


def open_differences() -> QuerySet[ReleaseDifference]:
    """Of the release that is installed; a newer one asks anew."""
    is_open = ReleaseDifference.objects.filter(state=ReleaseDifference.State.OPEN, release=last_release())
    return is_open.select_related("release").order_by("table", "key")


def keep(difference: ReleaseDifference, *, by: AbstractBaseUser, now: datetime) -> None:
    """The row stays as it is here. Raises Settled."""
    _settle(difference, ReleaseDifference.State.KEPT, by, now)


def take(
    difference: ReleaseDifference, columns: Collection[str], *, by: AbstractBaseUser, reason: str, now: datetime
) -> None:
    """Those columns become what the release says, by a correction; the others stay.

    Raises Settled, Moved, RowConflict, and ValidationError by column.
    """
    chosen = {name: offered for name, (_, offered) in difference.columns.items() if name in columns}
    if not chosen:
        raise ValidationError({"columns": "Choose at least one column to take, or keep the row as it is here."})
    row = row_of(difference)
    if row is None:
        raise ValidationError({"columns": "The row is not here any more, so nothing of it can be corrected."})
    if _update(difference, row):
        raise Moved
    with writing():
        _settle(difference, ReleaseDifference.State.TAKEN, by, now)
        said = f"Release {difference.release.serial}: {reason.strip()}" if reason.strip() else ""
        if isinstance(row, Threshold):  # carries no version of its own
            _correct_threshold(row, chosen, by=by, reason=said, now=now)
        else:
            correct(row, chosen, by=by, reason=said, now=now, version=version_of(row))


def _correct_threshold(row: Model, chosen: dict[str, str], *, by: AbstractBaseUser, reason: str, now: datetime) -> None:
    if not reason:
        raise ValidationError({"reason": "A correction says why."})
    table = rows.spec_of(row).name
    written(table, chosen, onto=row, by=by, now=now, reason=reason, action="corrected", is_public=True)


def row_of(difference: ReleaseDifference) -> Any | None:  # noqa: ANN401 - any model
    spec = rows.SPECS[difference.table]
    return next((row for row in spec.rows() if spec.key_of(row) == difference.key), None)


def _update(difference: ReleaseDifference, row: Model) -> bool:
    """Does the row say something else by now than is listed? Then the list says it too."""
    texts = rows.texts_of(row)
    current = {name: [texts[name], offered] for name, (_, offered) in difference.columns.items()}
    if current == difference.columns:
        return False
    difference.columns = current
    difference.save(update_fields=["columns"])
    return True


def _settle(difference: ReleaseDifference, state: str, by: AbstractBaseUser, now: datetime) -> None:
    settled = open_differences().filter(pk=difference.pk).update(state=state, decided_at=now, decided_by=by.pk)
    if not settled:
        raise Settled
    difference.refresh_from_db()
