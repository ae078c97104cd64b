"""An exit plan, and what could follow a deployed release."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import Release
from riskboard.portfolio.alternatives import MACHINES, Substitute, Substitutes, substitutes
from riskboard.portfolio.checklist import Answer, Readiness, answers, next_missing, readiness
from riskboard.portfolio.models import Alternative, Company, Deployment, ExitPlan, Rehearsal
from riskboard.portfolio.notice import Gap, notice_of, portability_gap
from riskboard.portfolio.plans import RehearsalDue, Switching, plan_of, rehearsal_due, switching
from riskboard.web.forms_exit_plans import CheckForm, NamingForm, PlanForm, RehearsalForm, TestForm
from riskboard.web.pages.standings import Standing, latest_scores, standings


@dataclass(frozen=True, slots=True)
class CheckRow:
    answer: Answer
    form: CheckForm | None  # None: derived, and not asked


@dataclass(frozen=True, slots=True)
class AlternativeRow:
    alternative: Alternative
    standing: Standing
    is_of_same_vendor: bool
    form: TestForm


@dataclass(frozen=True, slots=True)
class Progress:
    ready: Readiness
    missing: Answer | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Forms that come back as they were typed."""

    plan: PlanForm | None = None
    checks: Mapping[str, CheckForm] | None = None
    naming: NamingForm | None = None
    test: TestForm | None = None
    rehearsal: RehearsalForm | None = None


@dataclass(frozen=True, slots=True)
class ExitPage:
    deployment: Deployment
    plan: ExitPlan
    is_begun: bool
    rows: tuple[CheckRow, ...]
    progress: Progress
    gap: Gap | None  # None: no vendor is known, so no notice is
    switch: Switching
    due: RehearsalDue
    alternatives: tuple[AlternativeRow, ...]
    rehearsals: tuple[Rehearsal, ...]
    plan_form: PlanForm
    naming_form: NamingForm
    rehearsal_form: RehearsalForm
    today: date


def exit_page(deployment: Deployment, today: date, refused: Refused | None = None) -> ExitPage:
    """``deployment`` with its release and its plan."""
    refused = refused or Refused()
    plan = plan_of(deployment)
    shown = plan or ExitPlan(deployment_id=deployment.pk)
    found = answers(deployment, plan)
    checks = {check.item: check for check in plan.checks.all()} if plan else {}
    typed = refused.checks or {}

    def form_of(answer: Answer) -> CheckForm | None:
        code = answer.item.code
        return None if answer.is_derived else typed.get(code) or CheckForm(None, code, checks.get(code), today)

    return ExitPage(
        deployment=deployment,
        plan=shown,
        is_begun=plan is not None,
        rows=tuple(CheckRow(answer, form_of(answer)) for answer in found),
        progress=Progress(readiness(found), next_missing(found)),
        gap=_gap(deployment, today),
        switch=switching(deployment),
        due=rehearsal_due(plan, today),
        alternatives=_alternatives(deployment, plan, refused.test, today) if plan else (),
        rehearsals=tuple(plan.rehearsals.all()) if plan else (),
        plan_form=refused.plan or PlanForm(None, shown, today),
        naming_form=refused.naming or NamingForm(),
        rehearsal_form=refused.rehearsal or RehearsalForm(None, today),
        today=today,
    )


def progress_of(deployment: Deployment) -> tuple[Progress, Mapping[str, Answer]]:
    """After an answer: where the plan stands, and what each item says now."""
    found = answers(deployment, plan_of(deployment))
    return Progress(readiness(found), next_missing(found)), {each.item.code: each for each in found}


def _gap(deployment: Deployment, today: date) -> Gap | None:
    if deployment.release is None:
        return None
    return portability_gap(deployment, notice_of(deployment.release.family.line, today))


def _alternatives(
    deployment: Deployment, plan: ExitPlan, typed: TestForm | None, today: date
) -> tuple[AlternativeRow, ...]:
    named = list(plan.alternatives.all())
    stands = _standings(each.release for each in named)
    vendor = deployment.release.family.line.vendor if deployment.release else None
    return tuple(
        AlternativeRow(
            alternative=each,
            standing=stands[each.release.family.line_id],
            is_of_same_vendor=each.release.family.line.vendor == vendor,
            form=typed if typed and typed.instance == each else TestForm(None, each, today),
        )
        for each in named
    )


def _standings(releases: Iterable[Release]) -> dict[int, Standing]:
    lines = {release.family.line_id: release.family.line for release in releases}
    return {each.line.pk: each for each in standings(lines.values(), latest_scores(lines.values()))}


# What could follow --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SubstituteRow:
    substitute: Substitute
    standing: Standing
    is_named: bool  # in the plan already


@dataclass(frozen=True, slots=True)
class AlternativesPage:
    deployment: Deployment
    found: Substitutes | None  # None: nobody matched the deployment to a release
    rows: tuple[SubstituteRow, ...]

    machines: tuple[tuple[int, str], ...] = MACHINES


def alternatives_page(deployment: Deployment, today: date) -> AlternativesPage:
    """``deployment`` with its release and the company of its team."""
    if deployment.release is None:
        return AlternativesPage(deployment, None, ())
    company: Company | None = getattr(deployment.workflow.team, "company", None)
    found = substitutes(deployment.release, company, today)
    named = set(Alternative.objects.filter(plan__deployment=deployment).values_list("release", flat=True))
    scores = {row.release.family.line_id: row.score for row in found.rows if row.score is not None}
    lines = {row.release.family.line_id: row.release.family.line for row in found.rows}
    stands = {each.line.pk: each for each in standings(lines.values(), scores)}
    rows = (SubstituteRow(row, stands[row.release.family.line_id], row.release.pk in named) for row in found.rows)
    return AlternativesPage(deployment, found, tuple(rows))
