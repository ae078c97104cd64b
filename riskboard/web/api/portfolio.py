"""The portfolio of the team that the token's account belongs to, and of no other."""

from datetime import date
from typing import Annotated, Any, Self

from django.http import Http404, HttpRequest
from ninja import Path, Query, Router, Schema
from pydantic import Field

from riskboard.portfolio.models import Deployment, Team
from riskboard.portfolio.selectors import team_of
from riskboard.web.accounts.models import ApiScope
from riskboard.web.api.answering import Listed, answers
from riskboard.web.api.asking import Listing, cut, nothing_asked
from riskboard.web.api.bearing import Token, token_of
from riskboard.web.api.tableschemas import number

Number = Annotated[int, Field(description="Its `id`.")]
router = Router(tags=["Portfolio"], auth=Token(ApiScope.PORTFOLIO))


class WorkflowRow(Schema):
    id: int
    name: str
    owner: str | None
    tier: int | None
    tolerated_days: float | None


class DeploymentRow(Schema):
    """A model in a workflow and an environment. Null: unknown."""

    id: int
    workflow: WorkflowRow
    environment: str
    reference: str = Field(description="As it is named where it is used.")
    scheme: str
    release: str | None = Field(description="Null: not matched with a release here.")
    line: str | None
    relation: str
    matched: str
    matched_why: str | None
    revision: str | None
    embed_depth: int | None
    switch_low: float | None = Field(description="Person-days, at best.")
    switch_likely: float | None
    switch_high: float | None
    switch_days: int | None = Field(description="Calendar days, as estimated.")
    mirror: str
    mirror_place: str | None
    mirror_sha256: str | None
    mirror_checked_on: date | None
    has_license_text: bool
    license_text_on: date | None
    served_by: str | None = Field(description="Null: our own machines.")
    note: str | None
    retired_on: date | None
    url: str

    @classmethod
    def of(cls, row: Deployment) -> Self:
        workflow, release = row.workflow, row.release
        return cls(
            id=row.pk,
            workflow=WorkflowRow(
                id=workflow.pk,
                name=workflow.name,
                owner=workflow.owner or None,
                tier=workflow.tier,
                tolerated_days=number(workflow.tolerated_days),
            ),
            environment=row.environment,
            reference=row.reference,
            scheme=row.scheme,
            release=release.slug if release else None,
            line=release.family.line.slug if release else None,
            relation=row.relation,
            matched=row.matched,
            matched_why=row.matched_why or None,
            revision=row.revision or None,
            embed_depth=row.embed_depth,
            switch_low=number(row.switch_low),
            switch_likely=number(row.switch_likely),
            switch_high=number(row.switch_high),
            switch_days=row.switch_days,
            mirror=row.mirror,
            mirror_place=row.mirror_place or None,
            mirror_sha256=row.mirror_sha256 or None,
            mirror_checked_on=row.mirror_checked_on,
            has_license_text=bool(row.license_text),
            license_text_on=row.license_text_on,
            served_by=row.served_by or None,
            note=row.note or None,
            retired_on=row.retired_on,
            url=row.get_absolute_url(),
        )


class Deployments(Listed):
    items: list[DeploymentRow]


class DeploymentsAsked(Listing):
    retired: bool = Field(False, description="Also those that are retired.")


@router.get(
    "portfolio/deployments", response=answers(Deployments, 404), summary="What we run", operation_id="deployments"
)
def list_deployments(request: HttpRequest, asked: Query[DeploymentsAsked]) -> Deployments:
    """In the order they were entered."""
    rows = Deployment.objects.of(_team(request)).with_release()
    page, after = cut(request, asked, rows if asked.retired else rows.in_use(), "pk")
    return Deployments(items=[DeploymentRow.of(row) for row in page], next=after)


@router.get(
    "portfolio/deployments/{int:number}",
    response=answers(DeploymentRow, 404),
    summary="One of what we run",
    operation_id="deployment",
)
def show_deployment(request: HttpRequest, number: Path[Number]) -> DeploymentRow:
    nothing_asked(request)
    row = Deployment.objects.of(_team(request)).with_release().filter(pk=number).first()
    if row is None:
        raise Http404("Your team has no deployment of this number.")
    return DeploymentRow.of(row)


def _team(request: HttpRequest) -> Team:
    token: Any = token_of(request)
    team = team_of(token.user)
    if team is None:
        raise Http404("The account of this token belongs to no team.")
    return team
