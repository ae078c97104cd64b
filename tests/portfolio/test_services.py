"""What a team may write, what is refused and in which words, and who is told when two save at once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError

from riskboard.audit.models import Entry
from riskboard.audit.selectors import public_log
from riskboard.portfolio import services
from riskboard.portfolio.columns import COLUMNS
from riskboard.portfolio.models import Company, Deployment, Membership, Team, Workflow
from riskboard.portfolio.selectors import team_of
from tests import cast
from tests.portfolio.making import make_deployment, make_team, make_workflow

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def account(name: str, **fields: Any) -> User:
    return User.objects.create_user(name, **fields)


def owned_team(owner: User, name: str = "Search") -> Team:
    return services.create_team(name, by=owner, now=NOW)


def refused(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(error.value.messages)


# Teams --------------------------------------------------------------------------------------------


def test_who_makes_a_team_owns_it() -> None:
    ann = account("ann")
    team = owned_team(ann)
    assert team_of(ann) == team
    assert team.memberships.get().is_owner


def test_an_account_is_in_one_team_and_a_name_belongs_to_one_team() -> None:
    ann, ben = account("ann"), account("ben")
    owned_team(ann)
    with pytest.raises(ValidationError) as error:
        owned_team(ann, "Another")
    assert "in a team already" in refused(error)
    with pytest.raises(ValidationError) as error:
        owned_team(ben, "search")
    assert "There is a team of this name" in refused(error)
    assert Team.objects.count() == 1


def test_an_owner_lets_in_by_account_name() -> None:
    ann, ben = account("ann"), account("ben")
    team = owned_team(ann)
    member = services.add_member(team, "ben", by=ann, now=NOW)
    assert team_of(ben) == team
    assert not member.is_owner


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nobody", "There is no account “nobody”"),
        ("gone", "There is no account “gone”"),
        ("ann", "ann is in this team already"),
        ("eve", "eve is in another team"),
    ],
)
def test_a_name_that_cannot_be_let_in_is_refused_with_the_reason(name: str, words: str) -> None:
    ann, eve = account("ann"), account("eve")
    account("gone", is_active=False)
    team = owned_team(ann)
    owned_team(eve, "Others")
    with pytest.raises(ValidationError) as error:
        services.add_member(team, name, by=ann, now=NOW)
    assert words in refused(error)
    assert team.memberships.count() == 1


def test_only_an_owner_lets_in_and_out() -> None:
    ann, ben, cem = account("ann"), account("ben"), account("cem")
    team = owned_team(ann)
    services.add_member(team, "ben", by=ann, now=NOW)
    third = services.add_member(team, "cem", by=ann, now=NOW)
    account("dan")
    with pytest.raises(PermissionDenied):
        services.add_member(team, "dan", by=ben, now=NOW)
    with pytest.raises(PermissionDenied):
        services.remove_member(team, third.pk, by=ben, now=NOW)
    with pytest.raises(PermissionDenied):
        services.make_owner(team, third.pk, by=cem, now=NOW)
    services.remove_member(team, third.pk, by=cem, now=NOW)
    assert team_of(cem) is None


def test_the_last_owner_cannot_leave_before_there_is_another() -> None:
    ann, ben = account("ann"), account("ben")
    team = owned_team(ann)
    mine = team.memberships.get()
    other = services.add_member(team, "ben", by=ann, now=NOW)
    with pytest.raises(ValidationError) as error:
        services.remove_member(team, mine.pk, by=ann, now=NOW)
    assert "The last owner cannot leave" in refused(error)
    services.make_owner(team, other.pk, by=ann, now=NOW)
    services.remove_member(team, mine.pk, by=ann, now=NOW)
    assert team_of(ann) is None
    assert team_of(ben) == team


def test_a_member_of_another_team_is_nobody_to_an_owner() -> None:
    ann, eve = account("ann"), account("eve")
    team, others = owned_team(ann), owned_team(eve, "Others")
    with pytest.raises(Membership.DoesNotExist):
        services.remove_member(team, others.memberships.get().pk, by=ann, now=NOW)


def test_who_gets_in_and_out_is_on_record_and_not_in_public() -> None:
    ann, ben = account("ann"), account("ben")
    team = owned_team(ann, "Secret project")
    member = services.add_member(team, "ben", by=ann, now=NOW)
    services.remove_member(team, member.pk, by=ann, now=NOW)
    entries = Entry.objects.about(f"team:{team.pk}")
    assert [entry.action for entry in entries.order_by("pk")] == ["team created", "member added", "member removed"]
    assert entries.order_by("-pk")[0].after == {"account": ben.pk}
    assert not public_log().filter(subject=f"team:{team.pk}").exists()
    assert not Entry.objects.filter(subject__contains="Secret").exists()


# Two at once --------------------------------------------------------------------------------------


def test_the_second_of_two_savers_is_told_and_overwrites_nothing() -> None:
    deployment = make_deployment(make_team())
    opened = services.version_of(deployment)
    first, second = (Deployment.objects.get(pk=deployment.pk) for _ in range(2))
    first.note = "first"
    services.save_deployment(first, version=opened)
    second.note = "second"
    with pytest.raises(services.ChangedMeanwhileError) as error:
        services.save_deployment(second, version=opened)
    assert Deployment.objects.get(pk=deployment.pk).note == "first"
    second.note = "both"
    services.save_deployment(second, version=services.version_of(error.value.current))
    assert Deployment.objects.get(pk=deployment.pk).note == "both"


def test_saving_the_same_again_tells_nobody() -> None:
    workflow = make_workflow(make_team(), owner="Ann")
    opened = services.version_of(workflow)
    services.save_workflow(Workflow.objects.get(pk=workflow.pk), version=opened)
    workflow.owner = "Ben"
    services.save_workflow(workflow, version=opened)
    assert Workflow.objects.get(pk=workflow.pk).owner == "Ben"


def test_two_first_profiles_of_a_company_do_not_overwrite_each_other() -> None:
    team = make_team()
    services.save_company(Company(team=team, seats=5), version="")
    with pytest.raises(services.ChangedMeanwhileError):
        services.save_company(Company(team=team, seats=9), version="")
    assert Company.objects.get(team=team).seats == 5


def test_a_workflow_that_was_removed_meanwhile_is_not_brought_back() -> None:
    workflow = make_workflow(make_team())
    opened = services.version_of(workflow)
    services.remove_workflow(Workflow.objects.get(pk=workflow.pk))
    with pytest.raises(ValidationError) as error:
        services.save_workflow(workflow, version=opened)
    assert services.GONE in refused(error)
    assert not Workflow.objects.exists()


# Workflows and deployments ------------------------------------------------------------------------


def test_a_team_has_one_workflow_of_a_name_and_other_teams_may_have_it_too() -> None:
    team, others = make_team(), make_team()
    services.save_workflow(Workflow(team=team, name="Chat"))
    with pytest.raises(ValidationError) as error:
        services.save_workflow(Workflow(team=team, name="chat"))
    assert "“chat” already" in refused(error)
    services.save_workflow(Workflow(team=others, name="Chat"))


def test_a_workflow_in_which_something_was_deployed_stays() -> None:
    deployment = make_deployment(make_team(), retired_on=date(2026, 1, 1))
    with pytest.raises(ValidationError):
        services.remove_workflow(deployment.workflow)
    assert Workflow.objects.exists()


def test_a_new_workflow_is_made_with_its_deployment_or_not_at_all() -> None:
    team = make_team()
    make_workflow(team, "Chat")
    new = Deployment(workflow=Workflow(team=team, name="Chat"), reference="acme/a", scheme="hugging_face")
    with pytest.raises(ValidationError):
        services.save_deployment(new)
    assert not Deployment.objects.exists()
    new = Deployment(workflow=Workflow(team=team, name="Mail"), reference="acme/a", scheme="hugging_face")
    services.save_deployment(new)
    assert Deployment.objects.of(team).get().workflow.name == "Mail"


def test_the_same_model_is_listed_once_a_workflow_and_environment_while_in_use() -> None:
    team = make_team()
    first = make_deployment(team, reference="acme/a")
    again = Deployment(workflow=first.workflow, reference="acme/a", scheme="hugging_face")
    with pytest.raises(ValidationError) as error:
        services.save_deployment(again)
    assert "is listed in" in refused(error)
    services.retire(first, on=date(2026, 11, 24))
    services.save_deployment(again)
    with pytest.raises(ValidationError):
        services.reinstate(first)
    assert Deployment.objects.of(team).in_use().get() == again


def test_what_was_changed_stays_on_record() -> None:
    deployment = make_deployment(make_team(), note="before")
    opened = services.version_of(deployment)
    deployment.note = "after"
    services.save_deployment(deployment, version=opened)
    services.retire(deployment, on=date(2026, 11, 24))
    assert [entry.note for entry in deployment.history.all()] == ["after", "after", "before"]


@pytest.mark.parametrize(
    ("reference", "relation", "matched"),
    [("keeper/one", "same", "exact"), ("acme/tuned", "fine_tune", "manual"), ("keeper-one", "same", "manual")],
)
def test_how_a_model_was_matched_by_hand_says_how_sure_it_is(reference: str, relation: str, matched: str) -> None:
    release = cast.make_release(hf_repo="Keeper/One")
    deployment = Deployment(reference=reference, relation=relation)
    services.match_by_hand(deployment, release)
    assert (deployment.release, deployment.matched) == (release, matched)
    services.match_by_hand(deployment, None)
    assert (deployment.release, deployment.matched, deployment.matched_why) == (None, "none", "")


def test_every_column_of_a_deployment_reads_back_what_it_wrote() -> None:
    digest = "0123456789abcdef" * 4
    deployment = make_deployment(
        make_team(),
        workflow=make_workflow(make_team(), "=Chat", owner="@ann", tier=2, tolerated_days=Decimal("1.5")),
        revision="0a1b2c3",
        embed_depth=0,
        switch_low=Decimal(1),
        switch_likely=Decimal("2.5"),
        switch_high=Decimal(40),
        switch_days=30,
        mirror="verified",
        mirror_place="-bucket",
        mirror_sha256=digest,
        mirror_checked_on=date(2026, 5, 4),
        served_by="+host",
        note="a\n=b",
    )
    deployment = Deployment.objects.select_related("workflow").get(pk=deployment.pk)
    for column in COLUMNS:
        text = column.render(deployment)
        assert not text.startswith(("=", "+", "-", "@")), column.name
        assert column.parse(text) == column.value(deployment), column.name
