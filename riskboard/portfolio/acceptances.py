"""Risks that a team takes knowingly, until a day. They change what is asked of people, never a figure."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from riskboard.portfolio.models import Acceptance, Deployment, Team

LONGEST = timedelta(days=366)


def acceptances_of(team: Team, pk: int) -> Acceptance | None:
    """The acceptance of that number, if it is the team's."""
    return Acceptance.objects.filter(deployment__workflow__team=team, pk=pk).select_related("deployment").first()


def is_standing(acceptance: Acceptance, today: date) -> bool:
    """The last day is the one before it expires."""
    return acceptance.withdrawn_on is None and today < acceptance.expires_on


def standing(acceptances: Iterable[Acceptance], today: date) -> dict[str, Acceptance]:
    """By way of failing, what holds today."""
    return {each.mode: each for each in acceptances if is_standing(each, today)}


@transaction.atomic
def accept(
    deployment: Deployment, mode: str, reason: str, until: date, *, by: AbstractBaseUser, today: date
) -> Acceptance:
    """Raises ValidationError for a day that is past or more than a year off, and where one holds already."""
    if until <= today:
        raise ValidationError({"expires_on": "A later day than today."})
    if until - today > LONGEST:
        raise ValidationError({"expires_on": "A year at most; then somebody looks at it again."})
    Deployment.objects.select_for_update().get(pk=deployment.pk)
    if mode in standing(Acceptance.objects.filter(deployment=deployment), today):
        raise ValidationError({"mode": "This is accepted already. Withdraw that first."})
    fields = {"mode": mode, "reason": reason, "accepted_on": today, "expires_on": until}
    return Acceptance.objects.create(deployment=deployment, accepted_by_id=by.pk, **fields)


def withdraw(acceptance: Acceptance, today: date) -> None:
    """Twice is the same as once."""
    Acceptance.objects.filter(pk=acceptance.pk, withdrawn_on__isnull=True).update(withdrawn_on=today)
