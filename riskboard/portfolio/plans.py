"""Exit plans: how long a switch takes, whether its rehearsal is overdue, and keeping what the team answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch

from riskboard.catalog.models import Release
from riskboard.portfolio.kinds import CheckState, Outcome
from riskboard.portfolio.models import Alternative, Deployment, ExitCheck, ExitPlan, Rehearsal

# For ``prefetch_related`` of deployments of which many are asked.
REHEARSALS = "exit_plan__rehearsals"
WHOLE_PLAN: "tuple[str | Prefetch[Any], ...]" = (
    "exit_plan__checks",
    REHEARSALS,
    Prefetch(
        "exit_plan__alternatives",
        Alternative.objects.select_related("release__family__line__vendor", "release__license", "release__source"),
    ),
)


@dataclass(frozen=True, slots=True)
class Switching:
    """Calendar days that a switch takes. ``None``: nobody rehearsed or estimated it."""

    days: int | None
    is_rehearsed: bool = False
    on: date | None = None  # of the rehearsal


@dataclass(frozen=True, slots=True)
class RehearsalDue:
    """``last`` None: never rehearsed, which is overdue at once."""

    last: Rehearsal | None
    due_on: date | None
    overdue_days: int | None  # None: not overdue, or never rehearsed

    @property
    def is_overdue(self) -> bool:
        return self.last is None or self.overdue_days is not None


def plan_of(deployment: Deployment) -> ExitPlan | None:
    """None: nobody began one."""
    plan: ExitPlan | None = getattr(deployment, "exit_plan", None)  # what is not there is an AttributeError, too
    return plan


def rehearsed_days(deployment: Deployment) -> int | None:
    """What the latest rehearsal that passed took; None: none passed. No query where ``REHEARSALS`` was prefetched."""
    found = switching(deployment)
    return found.days if found.is_rehearsed else None


def switching(deployment: Deployment) -> Switching:
    """Rehearsed where a rehearsal passed, else as the team estimated it."""
    plan = plan_of(deployment)
    passed = [each for each in plan.rehearsals.all() if each.outcome == Outcome.PASSED] if plan else []
    if passed:
        latest = max(passed, key=lambda each: (each.held_on, each.pk))
        return Switching(latest.took_days, is_rehearsed=True, on=latest.held_on)
    return Switching(deployment.switch_days)


def rehearsal_due(plan: ExitPlan | None, as_of: date) -> RehearsalDue:
    """Any rehearsal resets the clock, whatever its outcome: what it found is told apart."""
    held = [each for each in plan.rehearsals.all() if each.held_on <= as_of] if plan else []
    if plan is None or not held:
        return RehearsalDue(None, None, None)
    last = max(held, key=lambda each: (each.held_on, each.pk))
    due = last.held_on + timedelta(days=plan.rehearse_every_days)
    return RehearsalDue(last, due, (as_of - due).days if as_of > due else None)


def begun(deployment: Deployment) -> ExitPlan:
    """The plan of the deployment, begun now if there was none."""
    return ExitPlan.objects.get_or_create(deployment=deployment)[0]


@transaction.atomic
def answer(deployment: Deployment, said: Mapping[str, Mapping[str, Any]]) -> None:
    """Keeps what the team says about items, by code. What is unknown without a note is not kept."""
    plan = begun(deployment)
    for code, fields in said.items():
        if fields["state"] == CheckState.UNKNOWN and not fields["note"]:
            plan.checks.filter(item=code).delete()
        else:
            ExitCheck.objects.update_or_create(plan=plan, item=code, defaults=dict(fields))


def name_alternative(deployment: Deployment, release: Release) -> Alternative:
    """Named twice it is there once, with its test."""
    return Alternative.objects.get_or_create(plan=begun(deployment), release=release)[0]
