"""The exit plans of a team as rows of text, in fields that a register of information under DORA asks for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskboard.catalog.cells import decimal, guard
from riskboard.portfolio.checklist import Readiness, answers, readiness
from riskboard.portfolio.kinds import Tier
from riskboard.portfolio.models import Alternative, Deployment, ExitPlan, Team
from riskboard.portfolio.plans import WHOLE_PLAN, RehearsalDue, Switching, plan_of, rehearsal_due, switching

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Record:
    deployment: Deployment
    plan: ExitPlan | None
    alternatives: tuple[Alternative, ...]
    ready: Readiness
    switch: Switching
    due: RehearsalDue

    @property
    def vendor_name(self) -> str:
        release = self.deployment.release
        return release.family.line.vendor.name if release else UNKNOWN

    @property
    def country(self) -> str:
        release = self.deployment.release
        return release.family.line.vendor.country if release else UNKNOWN

    @property
    def tested_on(self) -> date | None:
        return max((each.tested_on for each in self.alternatives if each.tested_on), default=None)

    @property
    def has_alternatives(self) -> str:
        if self.alternatives:
            return "yes"
        return _yes(self.plan.has_alternatives if self.plan else None)

    def of_plan(self, name: str) -> Any:  # noqa: ANN401 -- any field
        return getattr(self.plan, name) if self.plan else None


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    meaning: str
    render: Callable[[Record], str]


def _yes(value: bool | None) -> str:
    return UNKNOWN if value is None else "yes" if value else "no"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _number(value: object) -> str:
    return "" if value is None else f"{value}"


def _service(record: Record) -> str:
    host = record.deployment.served_by
    return guard(f"open-weight model served by {host}" if host else "open-weight model on own machines")


def _overdue(record: Record) -> str:
    return _yes(record.due.is_overdue)


def _last(record: Record, name: str) -> Any:  # noqa: ANN401 -- any field
    return getattr(record.due.last, name) if record.due.last else None


def _is_critical(record: Record) -> str:
    tier = record.deployment.workflow.tier
    return _yes(None if tier is None else tier <= Tier.IMPORTANT)


COLUMNS = (
    Column("deployment", "number of the deployment here", lambda row: str(row.deployment.pk)),
    Column("ict_service", "what is used, and who runs it", _service),
    Column("model", "as it is named where it is used", lambda row: guard(row.deployment.reference)),
    Column("revision", "pinned revision; blank: none is noted", lambda row: guard(row.deployment.revision)),
    Column(
        "release",
        "the cataloged release it stands on",
        lambda row: guard(row.deployment.release.name) if row.deployment.release else UNKNOWN,
    ),
    Column("provider", "who makes the release", lambda row: guard(row.vendor_name)),
    Column("provider_country", "two letters", lambda row: guard(row.country)),
    Column("function", "the workflow that it supports", lambda row: guard(row.deployment.workflow.name)),
    Column("function_owner", "owner of the workflow", lambda row: guard(row.deployment.workflow.owner) or UNKNOWN),
    Column("environment", "where it runs", lambda row: row.deployment.environment),
    Column(
        "criticality",
        "tier of the workflow",
        lambda row: row.deployment.workflow.get_tier_display() if row.deployment.workflow.tier else UNKNOWN,
    ),
    Column("critical_or_important", "yes for tiers 1 and 2", _is_critical),
    Column(
        "recovery_tolerance_days",
        "outage that the workflow tolerates; blank: unknown",
        lambda row: decimal().render(row.deployment.workflow.tolerated_days),
    ),
    Column("substitutability", "how hard it is to replace", lambda row: row.of_plan("substitutability") or UNKNOWN),
    Column("exit_plan_exists", "yes or no: is one kept here", lambda row: _yes(row.plan is not None)),
    Column("exit_plan_owner", "owner of the plan", lambda row: guard(row.of_plan("owner") or "") or UNKNOWN),
    Column("exit_plan_reviewed_on", "blank: unknown", lambda row: _day(row.of_plan("reviewed_on"))),
    Column("ready", "items of the checklist that are done", lambda row: str(row.ready.done)),
    Column("ready_of", "items that apply", lambda row: str(row.ready.applicable)),
    Column("ready_unknown", "items that nobody answered", lambda row: str(row.ready.unknown)),
    Column("last_rehearsal_on", "blank: never rehearsed", lambda row: _day(_last(row, "held_on"))),
    Column("last_rehearsal_outcome", "blank: never rehearsed", lambda row: _last(row, "outcome") or ""),
    Column("rehearsal_overdue", "yes when never rehearsed, too", _overdue),
    Column("days_to_switch", "calendar days; blank: unknown", lambda row: _number(row.switch.days)),
    Column(
        "days_to_switch_basis",
        "rehearsed, estimated or unknown",
        lambda row: "rehearsed" if row.switch.is_rehearsed else UNKNOWN if row.switch.days is None else "estimated",
    ),
    Column("alternatives_identified", "yes, no or unknown", lambda row: row.has_alternatives),
    Column(
        "alternative_providers",
        "who makes the alternatives",
        lambda row: guard(";".join(dict.fromkeys(each.release.family.line.vendor.name for each in row.alternatives))),
    ),
    Column(
        "alternatives", "their releases", lambda row: guard(";".join(each.release.name for each in row.alternatives))
    ),
    Column("last_alternative_test_on", "blank: none was tested", lambda row: _day(row.tested_on)),
    Column("reintegration", "could the work be taken back", lambda row: row.of_plan("reintegration") or UNKNOWN),
    Column("impact_of_discontinuing", "as the team sees it", lambda row: row.of_plan("impact") or UNKNOWN),
    Column("note", "of the plan", lambda row: guard(row.of_plan("note") or "")),
)


def header() -> list[str]:
    return [column.name for column in COLUMNS]


def rows(team: Team, as_of: date) -> Iterator[list[str]]:
    """One for each deployment in use, whether it has a plan or not."""
    for deployment in Deployment.objects.of(team).in_use().with_release().prefetch_related(*WHOLE_PLAN):
        record = _record(deployment, as_of)
        yield [column.render(record) for column in COLUMNS]


def _record(deployment: Deployment, as_of: date) -> Record:
    plan = plan_of(deployment)
    return Record(
        deployment=deployment,
        plan=plan,
        alternatives=tuple(plan.alternatives.all()) if plan else (),
        ready=readiness(answers(deployment, plan)),
        switch=switching(deployment),
        due=rehearsal_due(plan, as_of),
    )
