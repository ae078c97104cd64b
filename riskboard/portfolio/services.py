"""Writes of a team's own records. What they refuse they say in a ``ValidationError``, in sentences for who typed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction

from riskboard.audit.services import record
from riskboard.catalog.models import Release
from riskboard.portfolio.kinds import Matched, Relation
from riskboard.portfolio.models import Company, Deployment, Membership, Team, Workflow

NOT_OWNER = "Only an owner of the team lets others in and out."
GONE = "Somebody removed it meanwhile."


class ChangedMeanwhileError(Exception):
    """Somebody saved the row after it was opened. ``current`` is what it says now; nothing was overwritten."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current


def version_of(row: models.Model) -> str:
    """Another one as soon as the row says something else; blank of a row that was never saved."""
    if row.pk is None:
        return ""
    said = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    said.pop("changed_at", None)
    return sha256(json.dumps(said, cls=DjangoJSONEncoder, sort_keys=True).encode()).hexdigest()[:20]


# Teams --------------------------------------------------------------------------------------------


def create_team(name: str, *, by: AbstractBaseUser, now: datetime) -> Team:
    """A team that ``by`` owns."""
    if Membership.objects.filter(user=by.pk).exists():
        raise ValidationError("You are in a team already, and an account is in one team at most.")
    if Team.objects.filter(name__iexact=name).exists():
        raise ValidationError({"name": "There is a team of this name. One of its owners can let you in."})
    with _once("Somebody was faster: look whether you are in a team by now."):
        team = Team.objects.create(name=name, created_at=now)
        Membership.objects.create(team=team, user_id=by.pk, is_owner=True, since_at=now)
        _note("team created", team, by, by, now)
    return team


def add_member(team: Team, name: str, *, by: AbstractBaseUser, now: datetime) -> Membership:
    """Lets the account of that name in."""
    _let_owners_only(team, by)
    user = get_user_model()._default_manager.filter(username=name, is_active=True).first()
    if user is None:
        raise ValidationError({"name": f"There is no account “{name}”. An admin of this board makes accounts."})
    known = Membership.objects.filter(user=user).first()
    if known is not None:
        where = "in this team already" if known.team_id == team.pk else "in another team, and one is the most"
        raise ValidationError({"name": f"{name} is {where}."})
    with _once(f"{name} is in a team by now."):
        member = Membership.objects.create(team=team, user=user, since_at=now)
        _note("member added", team, user, by, now)
    return member


def remove_member(team: Team, pk: int, *, by: AbstractBaseUser, now: datetime) -> Membership:
    """Owners let anybody out, everybody lets out themselves; the last owner stays. Raises Membership.DoesNotExist."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        member = team.memberships.select_related("user").get(pk=pk)
        if member.user_id != by.pk:
            _let_owners_only(team, by)
        if member.is_owner and not team.memberships.filter(is_owner=True).exclude(pk=pk).exists():
            raise ValidationError("The last owner cannot leave. Make somebody else an owner first.")
        member.delete()
        _note("member removed", team, member.user, by, now)
    return member


def make_owner(team: Team, pk: int, *, by: AbstractBaseUser, now: datetime) -> Membership:
    """Raises Membership.DoesNotExist."""
    _let_owners_only(team, by)
    with transaction.atomic():
        member = team.memberships.select_for_update().select_related("user").get(pk=pk)
        member.is_owner = True
        member.save(update_fields=["is_owner"])
        _note("owner made", team, member.user, by, now)
    return member


def _let_owners_only(team: Team, by: AbstractBaseUser) -> None:
    if not team.memberships.filter(user=by.pk, is_owner=True).exists():
        raise PermissionDenied(NOT_OWNER)


def _note(action: str, team: Team, user: AbstractBaseUser, by: AbstractBaseUser, now: datetime) -> None:
    """Who sees whose portfolio is on record, without a name of anything in it."""
    record(actor=by, action=action, subject=f"team:{team.pk}", at=now, after={"account": user.pk})


@contextmanager
def _once(refusal: str) -> Iterator[None]:
    """A transaction that says so when somebody else wrote the same at the same time."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise ValidationError(refusal) from None


# What a team says of itself -----------------------------------------------------------------------


def save_company(company: Company, *, version: str) -> Company:
    """``version``: of the profile as it was opened."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=company.team_id)
        current = Company.objects.filter(team=company.team_id).first()
        if (version_of(current) if current else "") != version:
            raise ChangedMeanwhileError(current or Company(team=company.team))
        company.save()
    return company


def save_workflow(workflow: Workflow, *, version: str = "") -> Workflow:
    """``version``: of the workflow as it was opened; blank for a new one."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=workflow.team_id)
        _still_at(workflow, version)
        same_name = Workflow.objects.filter(team=workflow.team_id, name__iexact=workflow.name)
        if same_name.exclude(pk=workflow.pk).exists():
            raise ValidationError({"name": f"The team has a workflow “{workflow.name}” already."})
        workflow.save()
    return workflow


def remove_workflow(workflow: Workflow) -> None:
    """One that nothing was ever deployed in."""
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=workflow.team_id)
        if workflow.deployments.exists():
            raise ValidationError("Something is or was deployed in it. Retire that, or move it to another workflow.")
        workflow.delete()


def save_deployment(deployment: Deployment, *, version: str = "") -> Deployment:
    """``version``: of the deployment as it was opened; blank for a new one. A workflow without a key is made too."""
    with transaction.atomic():
        if deployment.workflow._state.adding:
            deployment.workflow = save_workflow(deployment.workflow)
        _still_at(deployment, version)
        _refuse_twice(deployment)
        deployment.save()
    return deployment


def retire(deployment: Deployment, *, on: date) -> None:
    """It is in use no longer. It stays on record."""
    deployment.retired_on = on
    deployment.save(update_fields=["retired_on", "changed_at"])


def reinstate(deployment: Deployment) -> None:
    """In use after all."""
    with transaction.atomic():
        deployment.retired_on = None
        _refuse_twice(deployment)
        deployment.save(update_fields=["retired_on", "changed_at"])


def match_by_hand(deployment: Deployment, release: Release | None) -> None:
    """What somebody says that it stands on. Sets the fields; saves nothing."""
    deployment.release = release
    is_same = release is not None and deployment.relation == Relation.SAME
    if release is None:
        deployment.matched, deployment.matched_why = Matched.NONE, ""
    elif is_same and release.hf_repo and release.hf_repo.lower() == deployment.reference.lower():
        deployment.matched, deployment.matched_why = Matched.EXACT, "The hub repository of the release."
    else:
        deployment.matched, deployment.matched_why = Matched.MANUAL, ""


def _refuse_twice(deployment: Deployment) -> None:
    """The lock on the workflow makes two who add the same wait for each other."""
    Workflow.objects.select_for_update().get(pk=deployment.workflow_id)
    same = Deployment.objects.in_use().filter(
        workflow=deployment.workflow_id,
        environment=deployment.environment,
        scheme=deployment.scheme,
        reference=deployment.reference,
    )
    if deployment.retired_on is None and same.exclude(pk=deployment.pk).exists():
        where = f"{deployment.workflow}, {deployment.get_environment_display().lower()}"
        raise ValidationError(f"{deployment.reference} is listed in {where} already.")


def _still_at(row: models.Model, version: str) -> None:
    if row.pk is None:
        return
    current = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if current is None:
        raise ValidationError(GONE)
    if version_of(current) != version:
        raise ChangedMeanwhileError(current)
