"""Plain functions that make rows of a portfolio. Each takes the fields that the test is about by keyword."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from riskboard.catalog.models import Release
from riskboard.portfolio.importing import begin
from riskboard.portfolio.models import Acceptance, Deployment, PortfolioImport, Team, Workflow

_numbers = count(1)


def make_team(name: str = "") -> Team:
    return Team.objects.create(name=name or f"Team {next(_numbers)}", created_at=timezone.now())


def make_workflow(team: Team, name: str = "", **fields: Any) -> Workflow:
    return Workflow.objects.create(team=team, name=name or f"Workflow {next(_numbers)}", **fields)


def make_deployment(team: Team, release: Release | None = None, **fields: Any) -> Deployment:
    """Of a workflow of its own unless one is given. Without a release it is one that nobody matched."""
    workflow = fields.pop("workflow", None) or make_workflow(team)
    usual = {
        "reference": (release.hf_repo or release.name) if release else f"acme/model-{next(_numbers)}",
        "scheme": "hugging_face",
        "matched": "exact" if release else "none",
    }
    return Deployment.objects.create(workflow=workflow, release=release, **(usual | fields))


def make_acceptance(deployment: Deployment, on: date, **fields: Any) -> Acceptance:
    """That it may be withdrawn, for 90 days, unless told otherwise."""
    usual = {
        "mode": "withdrawn",
        "reason": "We hold a copy.",
        "accepted_by": User.objects.get_or_create(username="accepter")[0],
        "accepted_on": on,
        "expires_on": on + timedelta(days=90),
    }
    return Acceptance.objects.create(deployment=deployment, **(usual | fields))


def make_import(team: Team, *models: str) -> PortfolioImport:
    """Of a table that names these, by nobody who is known."""
    content = "\n".join(["model", *models]).encode()
    return begin(team, name="models.csv", content=content, kind="csv", by=None, now=timezone.now())
