"""Plain functions that make rows of a portfolio. Each takes the fields that the test is about by keyword."""

from itertools import count
from typing import Any

from django.utils import timezone

from riskboard.catalog.models import Release
from riskboard.portfolio.models import Deployment, Team, Workflow

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
