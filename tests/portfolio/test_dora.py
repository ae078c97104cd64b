from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import DjangoAssertNumQueries

from riskboard.portfolio import dora, plans
from riskboard.portfolio.models import Team
from tests import cast
from tests.portfolio.making import make_deployment, make_team, make_workflow

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def told(team: Team) -> list[dict[str, str]]:
    return [dict(zip(dora.header(), row, strict=True)) for row in dora.rows(team, TODAY)]


def test_what_nobody_said_is_unknown_or_blank_and_never_no() -> None:
    team = make_team()
    make_deployment(team)
    row = told(team)[0]
    unknown = (
        "release provider provider_country criticality critical_or_important substitutability exit_plan_owner"
        " alternatives_identified reintegration impact_of_discontinuing days_to_switch_basis function_owner"
    )
    assert {row[name] for name in unknown.split()} == {"unknown"}
    blank = "recovery_tolerance_days last_rehearsal_on days_to_switch exit_plan_reviewed_on last_alternative_test_on"
    assert {row[name] for name in blank.split()} == {""}
    assert (row["exit_plan_exists"], row["rehearsal_overdue"], row["ready"]) == ("no", "yes", "0")


def test_a_plan_is_told_whole() -> None:
    team, release, other = make_team(), cast.make_release(), cast.make_release()
    workflow = make_workflow(team, "Support desk", tier=2, owner="Ops", tolerated_days=Decimal("1.50"))
    deployment = make_deployment(team, release, workflow=workflow, served_by="Cloud X", switch_days=40)
    plan = plans.begun(deployment)
    plan.owner, plan.substitutability, plan.reintegration, plan.impact = "Ann", "highly_complex", "difficult", "high"
    plan.reviewed_on = date(2026, 10, 1)
    plan.save()
    named = plans.name_alternative(deployment, other)
    named.tested_on, named.outcome = date(2026, 9, 1), "passed"
    named.save()
    plan.rehearsals.create(held_on=date(2026, 8, 1), outcome="passed", took_days=12)
    row = told(team)[0]
    expected = {
        "ict_service": "open-weight model served by Cloud X",
        "provider": release.family.line.vendor.name,
        "provider_country": "US",
        "function": "Support desk",
        "criticality": "2: important",
        "critical_or_important": "yes",
        "recovery_tolerance_days": "1.5",
        "substitutability": "highly_complex",
        "exit_plan_exists": "yes",
        "exit_plan_owner": "Ann",
        "last_rehearsal_on": "2026-08-01",
        "rehearsal_overdue": "no",
        "days_to_switch": "12",
        "days_to_switch_basis": "rehearsed",
        "alternatives_identified": "yes",
        "alternative_providers": other.family.line.vendor.name,
        "alternatives": other.name,
        "last_alternative_test_on": "2026-09-01",
        "reintegration": "difficult",
        "impact_of_discontinuing": "high",
        "ready": "2",
        "ready_of": "15",
    }
    assert {name: row[name] for name in expected} == expected


def test_what_a_spreadsheet_could_run_is_guarded() -> None:
    team = make_team()
    workflow = make_workflow(team, "=HYPERLINK(1)", owner="@ops")
    plan = plans.begun(make_deployment(team, workflow=workflow, reference="+model", served_by="x"))
    plan.owner, plan.note = "-ann", "fine\n=cmd"
    plan.save()
    row = told(team)[0]
    assert row["function"] == "'=HYPERLINK(1)"
    assert row["function_owner"] == "'@ops"
    assert row["model"] == "'+model"
    assert row["exit_plan_owner"] == "'-ann"
    assert row["note"] == "'fine\n=cmd"


def test_only_what_the_team_runs_now() -> None:
    team = make_team()
    make_deployment(team, retired_on=date(2026, 1, 1))
    make_deployment(make_team())
    assert told(team) == []


def test_any_number_takes_the_same_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    team = make_team()
    for _ in range(6):
        deployment = make_deployment(team, cast.make_release())
        plans.name_alternative(deployment, cast.make_release())
    with django_assert_max_num_queries(9):
        assert len(told(team)) == 6


def test_every_column_says_what_it_means() -> None:
    assert all(column.meaning for column in dora.COLUMNS)
    assert len(set(dora.header())) == len(dora.COLUMNS)


def test_the_documentation_lists_the_columns_as_they_are() -> None:
    text = (Path(settings.BASE_DIR) / "docs/exit-plans.md").read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if line.startswith("| `")] == [
        f"| `{column.name}` | {column.meaning} |" for column in dora.COLUMNS
    ]
