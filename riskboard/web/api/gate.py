"""Whether what a file runs passes: for a pipeline. Nothing of the file is kept or logged."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from riskboard.portfolio.gate import USUAL_AGE, Condition, ConditionError, Question, conditions_of, judge
from riskboard.portfolio.gate_report import as_json, as_sarif, as_text
from riskboard.portfolio.models import Company
from riskboard.portfolio.reading import LABELS, Fault, read
from riskboard.portfolio.selectors import team_of
from riskboard.web.accounts.models import ApiScope
from riskboard.web.api.answering import answers
from riskboard.web.api.asking import Asked, Day, today
from riskboard.web.api.bearing import token_of
from riskboard.web.api.problems import RefusedError

router = Router(tags=["Gate"])
LARGEST = 2_000_000
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class GateAsked(Asked):
    name: Name = Field("models.txt", description="The name of the file: its ending helps to tell what it is.")
    kind: str | SkipJsonSchema[None] = Field(
        None, description=f"What it is: {', '.join(LABELS)}. Without it: as it looks."
    )
    fail_on: Annotated[str, StringConstraints(max_length=500)] = Field(
        "gone,license_changed", description="gone, license_changed, clause_bites, or such as closed_next:12m:0.4."
    )
    max_evidence_age: int = Field(USUAL_AGE, ge=0, le=36500, description="Days.")
    since: Day = Field(None, description="License changes count from then.")
    allow_unmatched: bool = Field(False, description="Pass over models that are not matched.")
    sarif: bool = Field(False, description="Also as SARIF 2.1.0.")


class GateModel(Schema):
    reference: str
    scheme: str
    where: str
    release: str | None
    matched: str
    why: str


class GateFinding(Schema):
    rule: str
    outcome: str
    message: str
    reference: str | None
    where: str | None
    line: int | None
    release: str | None
    path: str | None = Field(description="The page of this board that shows it.")


class GateAnswer(Schema):
    outcome: str = Field(description="pass, fail, or unclear.")
    exit: int = Field(description="0 pass, 1 fail, 3 cannot tell.")
    file: str
    as_of: date
    evidence_newest: date | None
    models: list[GateModel]
    findings: list[GateFinding]
    text: str = Field(description="The same for people.")
    sarif: dict[str, Any] | None


@router.post(
    "gate", response=answers(GateAnswer, 403, 404), summary="Gate a pipeline", operation_id="gate", openapi_extra=BODY
)
def gate(request: HttpRequest, asked: Query[GateAsked]) -> GateAnswer:
    """The body is the file, of at most 2,000,000 bytes. clause_bites takes a token with the scope "portfolio"."""
    try:
        conditions = conditions_of([asked.fail_on])
    except ConditionError as error:
        raise RefusedError("fail_on", str(error)) from error
    if asked.kind is not None and asked.kind not in LABELS:
        raise RefusedError("kind", f"There are {', '.join(LABELS)}.")
    content = request.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RefusedError("body", f"At most {LARGEST:,} bytes are read.")
    try:
        mentions = read(asked.name, content, asked.kind)
    except Fault as fault:
        raise RefusedError("body", str(fault)) from fault
    question = Question(
        today(), conditions, asked.since, asked.max_evidence_age, asked.allow_unmatched, _company(request, conditions)
    )
    result = judge(mentions, question)
    sarif = as_sarif(result, asked.name, request.build_absolute_uri("/")) if asked.sarif else None
    return GateAnswer(**as_json(result, asked.name), text=as_text(result, asked.name), sarif=sarif)


def _company(request: HttpRequest, conditions: tuple[Condition, ...]) -> Company | None:
    """Of the team whose member made the token."""
    if "clause_bites" not in {condition.code for condition in conditions}:
        return None
    token = token_of(request)
    if token is None or ApiScope.PORTFOLIO not in token.scopes:
        raise HttpError(403, "clause_bites takes a token with the scope “portfolio”: whom would a clause bite?")
    team = team_of(token.user)
    company = Company.objects.filter(team=team).first() if team else None
    if company is None:
        raise Http404("The account of this token belongs to no team that has said what its company is.")
    return company
