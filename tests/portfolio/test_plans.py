from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from riskboard.portfolio import plans
from riskboard.portfolio.checklist import ITEMS, Answer, Readiness, answers, next_missing, readiness
from riskboard.portfolio.kinds import CheckState
from riskboard.portfolio.models import Deployment, ExitPlan
from tests import cast
from tests.portfolio.making import make_deployment, make_team

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def deployed(**fields: Any) -> Deployment:
    return make_deployment(make_team(), cast.make_release(), **fields)


def answer_of(deployment: Deployment, code: str) -> Answer:
    fresh = Deployment.objects.get(pk=deployment.pk)
    return next(each for each in answers(fresh, plans.plan_of(fresh)) if each.item.code == code)


def test_a_plan_that_nobody_began_knows_what_the_deployment_says_and_nothing_else() -> None:
    found = answers(deployed(), None)
    assert 12 <= len(found) <= 15
    states = {each.item.code: each.state for each in found}
    assert states.pop("license_text") == "not_yet"  # none is kept, which is known
    assert set(states.values()) == {"unknown"}
    assert readiness(found) == Readiness(done=0, applicable=len(ITEMS), unknown=len(ITEMS) - 1)


@pytest.mark.parametrize(
    ("fields", "state", "said"),
    [
        ({"mirror": "unknown"}, "unknown", "Nobody said"),
        ({"mirror": "none"}, "not_yet", "no copy of ours"),
        ({"mirror": "unverified"}, "not_yet", "nobody compared its hash"),
        (
            {
                "mirror": "verified",
                "mirror_sha256": "a" * 64,
                "mirror_checked_on": TODAY,
                "mirror_place": "vault 2",
            },
            "done",
            "in vault 2, hash compared",
        ),
    ],
)
def test_weights_count_as_mirrored_only_with_a_compared_hash(fields: dict[str, Any], state: str, said: str) -> None:
    found = answer_of(deployed(**fields), "weights")
    assert (found.state, found.is_derived) == (state, True)
    assert said in found.note


def test_a_license_text_that_is_kept_is_not_asked_for() -> None:
    found = answer_of(deployed(license_text="You may.", license_text_on=date(2025, 1, 2)), "license_text")
    assert (found.state, found.done_on) == ("done", date(2025, 1, 2))


def test_what_the_embed_depth_says_is_not_asked_for() -> None:
    swappable = deployed(embed_depth=0)
    assert answer_of(swappable, "gateway").state == "done"
    assert answer_of(swappable, "fine_tune").state == "not_applicable"
    assert not answer_of(deployed(embed_depth=3), "gateway").is_derived
    assert not answer_of(deployed(embed_depth=4), "fine_tune").is_derived
    assert not answer_of(deployed(embed_depth=1, relation="fine_tune"), "fine_tune").is_derived


def test_a_fallback_is_chosen_when_named_and_tested_when_it_passed() -> None:
    deployment, other = deployed(), cast.make_release()
    plan = plans.begun(deployment)
    plan.has_alternatives = False
    plan.save()
    assert answer_of(deployment, "fallback_chosen").state == "not_yet"
    named = plans.name_alternative(deployment, other)
    assert plans.name_alternative(deployment, other) == named
    assert answer_of(deployment, "fallback_chosen").note == f"{other.name}."
    assert answer_of(deployment, "fallback_tested").state == "not_yet"
    named.tested_on, named.outcome = date(2026, 5, 1), "failed"
    named.save()
    assert answer_of(deployment, "fallback_tested").note == "Tested, and none passed."
    named.outcome = "passed"
    named.save()
    assert answer_of(deployment, "fallback_tested").done_on == date(2026, 5, 1)


def test_readiness_counts_neither_the_unknown_nor_what_does_not_apply() -> None:
    deployment = deployed(embed_depth=0)  # gateway done, fine-tune does not apply
    said = {"state": "done", "note": "repository", "done_on": date(2026, 1, 1)}
    plans.answer(deployment, {"prompts": said, "stack": {"state": "not_yet", "note": "", "done_on": None}})
    found = answers(deployment, plans.plan_of(Deployment.objects.get(pk=deployment.pk)))
    ready = readiness(found)
    assert ready == Readiness(done=2, applicable=14, unknown=10)
    assert str(ready) == "2 of 14, 10 unknown"
    missing = next_missing(found)
    assert missing is not None
    assert missing.item.code == "weights"


def test_an_answer_taken_back_is_unknown_again() -> None:
    deployment = deployed()
    plans.answer(deployment, {"prompts": {"state": "done", "note": "", "done_on": None}})
    plans.answer(deployment, {"prompts": {"state": "unknown", "note": "", "done_on": None}})
    assert answer_of(deployment, "prompts").state == "unknown"
    assert not plans.begun(deployment).checks.exists()


def test_nothing_is_missing_when_all_is_done() -> None:
    assert next_missing([Answer(ITEMS[0], CheckState.DONE, "", None, is_derived=False)]) is None


# Rehearsals ---------------------------------------------------------------------------------------


def hold(plan: ExitPlan, held_on: date, outcome: str = "passed", took_days: int | None = 9) -> None:
    plan.rehearsals.create(held_on=held_on, outcome=outcome, took_days=took_days)


def test_the_latest_rehearsal_that_passed_says_how_long_a_switch_takes() -> None:
    deployment = deployed(switch_days=30)
    assert plans.rehearsed_days(deployment) is None
    assert plans.switching(deployment).days == 30
    plan = plans.begun(deployment)
    hold(plan, date(2026, 1, 1), took_days=12)
    hold(plan, date(2026, 6, 1), took_days=0)
    hold(plan, date(2026, 9, 1), "failed", None)
    fresh = Deployment.objects.get(pk=deployment.pk)
    assert plans.rehearsed_days(fresh) == 0
    assert plans.switching(fresh) == plans.Switching(0, is_rehearsed=True, on=date(2026, 6, 1))


def test_without_rehearsal_or_estimate_the_time_is_unknown() -> None:
    assert plans.switching(deployed()).days is None


def test_many_deployments_are_asked_in_a_bounded_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    team = make_team()
    for _ in range(5):
        hold(plans.begun(make_deployment(team)), date(2026, 1, 1))
    make_deployment(team)
    with django_assert_num_queries(3):
        mine = Deployment.objects.of(team).prefetch_related(plans.REHEARSALS)
        assert sorted(plans.rehearsed_days(each) or -1 for each in mine) == [-1, 9, 9, 9, 9, 9]


def test_a_rehearsal_is_overdue_when_none_was_held_or_the_last_is_too_old() -> None:
    assert plans.rehearsal_due(None, TODAY).is_overdue
    plan = plans.begun(deployed())
    assert plans.rehearsal_due(plan, TODAY).is_overdue
    plan.rehearse_every_days = 90
    hold(plan, date(2026, 8, 26), "failed", None)
    on_time = plans.rehearsal_due(plan, TODAY)
    assert (on_time.due_on, on_time.is_overdue) == (TODAY, False)
    late = plans.rehearsal_due(plan, date(2026, 11, 25))
    assert (late.overdue_days, late.is_overdue) == (1, True)


@pytest.mark.parametrize(
    "break_it",
    [
        lambda plan: plan.rehearsals.create(held_on=TODAY, outcome="passed"),
        lambda plan: plan.checks.create(item="prompts", state="not_yet", done_on=TODAY),
        lambda plan: plan.alternatives.create(release=cast.make_release(), outcome="passed"),
        lambda plan: plan.alternatives.create(release=cast.make_release(), tested_on=TODAY),
        lambda plan: ExitPlan.objects.filter(pk=plan.pk).update(rehearse_every_days=0),
        lambda plan: ExitPlan.objects.create(deployment=plan.deployment),
    ],
)
def test_the_database_holds_what_forms_promise(break_it: Any) -> None:  # noqa: ANN401 -- any write
    plan = plans.begun(deployed(switch_days=Decimal(1)))
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it(plan)
