import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from riskboard.portfolio import plans
from riskboard.portfolio.checklist import ITEMS
from riskboard.portfolio.models import Alternative, Deployment, ExitPlan
from riskboard.web.access import Role
from tests import cast
from tests.portfolio.making import make_deployment, make_team
from tests.web.people import client_of, make_user, team_for, team_of_all

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2026, 11, 24))
    return date(2026, 11, 24)


@pytest.fixture
def client() -> Client:
    return client_of(Role.VIEWER)


@pytest.fixture
def deployment(client: Client) -> Deployment:
    return make_deployment(team_of_all(), cast.make_release())


@pytest.fixture
def send(client: Client, deployment: Deployment) -> Callable[..., HttpResponse]:
    def sent(**fields: Any) -> HttpResponse:
        return client.post(address(deployment), fields)  # type: ignore[return-value]  # a response of the test client

    return sent


def address(deployment: Deployment) -> str:
    return f"/portfolio/deployments/{deployment.pk}/exit/"


def plan_of(deployment: Deployment) -> ExitPlan:
    return ExitPlan.objects.get(deployment=deployment)


def checks(**said: str) -> dict[str, str]:
    """A checklist as the page sends it, unknown but for ``said`` by item and field."""
    asked = [item.code for item in ITEMS]
    blank = {f"{code}-{name}": "" for code in asked for name in ("note", "done_on")}
    return blank | {f"{code}-state": "unknown" for code in asked} | {k.replace("__", "-"): v for k, v in said.items()}


def test_readiness_and_the_next_missing_item_come_first(client: Client, deployment: Deployment) -> None:
    page = client.get(address(deployment)).content.decode()
    assert "<strong>0 of 15</strong>" in page
    assert "14 are unknown, and unknown never counts as in place" in page
    assert page.index("Weights mirrored") < page.index('id="checklist"')
    assert "overdue: never rehearsed" in page
    assert "nobody rehearsed a switch or said how long it takes" in page
    assert not ExitPlan.objects.exists()  # looking begins nothing


def test_a_plan_is_kept(send: Callable[..., HttpResponse], client: Client, deployment: Deployment) -> None:
    fields = {"owner": "Ann", "substitutability": "highly_complex", "impact": "high", "rehearse_every_days": "90"}
    response = send(part="plan", has_alternatives="false", reviewed_on="2026-11-01", **fields)
    assert response.headers["Location"] == f"{address(deployment)}#plan"
    plan = plan_of(deployment)
    assert (plan.owner, plan.reintegration, plan.has_alternatives) == ("Ann", "", False)
    page = client.get(address(deployment)).content.decode()
    assert "Looked for, and none found." in page
    assert "highly complex to substitute" in page


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"rehearse_every_days": "0"}, "greater than or equal to 1"),
        ({"rehearse_every_days": "99999999999"}, "less than or equal to 3650"),
        ({"rehearse_every_days": "90", "reviewed_on": "2026-11-25"}, "That day has not come yet."),
        ({"rehearse_every_days": "90", "impact": "huge"}, "not one of the available choices"),
    ],
)
def test_a_wrong_plan_comes_back_as_typed(send: Callable[..., HttpResponse], fields: dict[str, str], said: str) -> None:
    response = send(part="plan", owner="Typed by me", **fields)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert "Typed by me" in response.content.decode()
    assert not ExitPlan.objects.exists()


def test_the_whole_checklist_is_kept_without_scripts(
    send: Callable[..., HttpResponse], deployment: Deployment, client: Client
) -> None:
    said = checks(
        prompts__state="done", prompts__note="in git", prompts__done_on="2026-10-01", stack__state="not_applicable"
    )
    assert send(part="checks", **said).status_code == 302
    kept = {check.item: check for check in plan_of(deployment).checks.all()}
    assert set(kept) == {"prompts", "stack"}
    assert (kept["prompts"].note, kept["prompts"].done_on) == ("in git", date(2026, 10, 1))
    assert "<strong>1 of 14</strong>" in client.get(address(deployment)).content.decode()


def test_what_the_deployment_answers_cannot_be_claimed(
    send: Callable[..., HttpResponse], deployment: Deployment
) -> None:
    send(part="checks", **checks(weights__state="done"))
    assert not plan_of(deployment).checks.exists()


def test_one_wrong_answer_keeps_none_and_says_which(send: Callable[..., HttpResponse]) -> None:
    response = send(part="checks", **checks(prompts__done_on="2026-10-01", stack__state="done", stack__note="typed"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Only what is done has a day" in page
    assert 'value="typed"' in page
    assert not ExitPlan.objects.exists()


def test_one_item_is_kept_as_it_changes(client: Client, deployment: Deployment) -> None:
    sent = {"part": "check", "item": "prompts"} | checks(prompts__state="done", stack__state="done")
    part = client.post(address(deployment), sent, headers={"HX-Request": "true"}).content.decode()
    assert "<strong>1 of 15</strong>" in part
    assert 'id="state-prompts" hx-swap-oob="true">done<' in part
    assert "<html" not in part
    assert [check.item for check in plan_of(deployment).checks.all()] == ["prompts"]
    sent["prompts-done_on"] = "2027-01-01"
    part = client.post(address(deployment), sent, headers={"HX-Request": "true"}).content.decode()
    assert "not kept" in part
    assert "That day has not come yet." in part


def test_alternatives_are_named_tested_and_taken_out(
    send: Callable[..., HttpResponse], client: Client, deployment: Deployment
) -> None:
    other = cast.make_release()
    assert "No release of that name" in send(part="alternative", release="nothing").content.decode()
    send(part="alternative", release=other.hf_repo.upper())
    send(part="alternative", release=other.slug)
    named = Alternative.objects.get()
    assert "not tested here" in client.get(address(deployment)).content.decode()
    assert "A test has a day." in send(part="test", alternative=named.pk, outcome="passed").content.decode()
    assert send(part="test", alternative=named.pk, outcome="passed", tested_on="2026-11-02").status_code == 302
    assert "passed 2 Nov 2026" in client.get(address(deployment)).content.decode()
    send(part="drop", alternative=named.pk)
    assert not Alternative.objects.exists()


def test_an_alternative_of_the_same_vendor_is_said_to_be_hit_too(
    send: Callable[..., HttpResponse], client: Client, deployment: Deployment
) -> None:
    assert deployment.release is not None
    send(part="alternative", release=cast.make_release(deployment.release.family).slug)
    assert "Of the same vendor: what hits the one hits the other." in client.get(address(deployment)).content.decode()


def test_rehearsals_are_logged_and_tell_when_the_next_is_overdue(
    send: Callable[..., HttpResponse], client: Client, deployment: Deployment
) -> None:
    refused = send(part="rehearsal", held_on="2025-11-01", outcome="passed")
    assert "One that passed says how long the switch took." in refused.content.decode()
    assert send(part="rehearsal", held_on="2025-11-01", outcome="passed", took_days="12").status_code == 302
    page = client.get(address(deployment)).content.decode()
    assert "<strong>12 days</strong> as rehearsed on 1 Nov 2025" in page
    assert "overdue by 23 days, since 1 Nov 2026" in page
    send(part="rehearsal", held_on="2026-11-20", outcome="failed")
    page = client.get(address(deployment)).content.decode()
    assert "next by 20 Nov 2027" in page
    assert "the last one failed" in page


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"part": "other"},
        {"part": "check", "item": "nonsense"},
        {"part": "drop", "alternative": "x"},
        {"part": "test"},
    ],
)
def test_what_no_form_sends_is_refused(send: Callable[..., HttpResponse], fields: dict[str, str]) -> None:
    assert send(**fields).status_code == 400


def test_an_unknown_parameter_is_refused(client: Client, deployment: Deployment) -> None:
    for place in (address(deployment), f"/portfolio/deployments/{deployment.pk}/alternatives/"):
        assert client.get(f"{place}?x=1").status_code == 400
    assert client.get("/portfolio/exit-plans.csv?x=1").status_code == 400


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ADMIN])
def test_another_teams_plan_is_not_there_whatever_the_role(deployment: Deployment, role: Role) -> None:
    stranger = Client()
    user = make_user(role, "stranger")
    team_for(user)
    stranger.force_login(user)
    for place in (address(deployment), f"/portfolio/deployments/{deployment.pk}/alternatives/"):
        assert stranger.get(place).status_code == 404
    assert stranger.post(address(deployment), {"part": "plan", "rehearse_every_days": "9"}).status_code == 404
    assert deployment.reference not in read(stranger)[0]
    assert not ExitPlan.objects.exists()


def test_another_deployments_alternative_is_not_there(
    send: Callable[..., HttpResponse], deployment: Deployment
) -> None:
    theirs = plans.name_alternative(make_deployment(make_team()), cast.make_release())
    assert send(part="drop", alternative=theirs.pk).status_code == 404
    assert send(part="test", alternative=theirs.pk).status_code == 404
    assert Alternative.objects.filter(pk=theirs.pk).exists()


def test_what_people_typed_is_escaped(
    send: Callable[..., HttpResponse], client: Client, deployment: Deployment
) -> None:
    send(part="plan", owner=HOSTILE, note=HOSTILE, rehearse_every_days="90")
    send(part="rehearsal", held_on="2026-11-01", outcome="failed", found=HOSTILE, by=HOSTILE)
    send(part="checks", **checks(prompts__note=HOSTILE, prompts__state="done"))
    page = client.get(address(deployment)).content.decode()
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_the_time_to_switch_stands_beside_the_notice(client: Client, deployment: Deployment) -> None:
    assert "Unknown whether the switch fits into the notice." in client.get(address(deployment)).content.decode()
    Deployment.objects.update(switch_days=30)
    page = client.get(address(deployment)).content.decode()
    assert "comparable decisions took effect at once" in page
    assert "Act now: the switch takes 30 days longer than the notice." in page
    unmatched = make_deployment(deployment.workflow.team, switch_days=3)
    assert "unknown: not matched to a vendor" in client.get(address(unmatched)).content.decode()


# What could follow --------------------------------------------------------------------------------


def test_alternatives_say_why_and_what_is_unknown(client: Client, deployment: Deployment) -> None:
    other = cast.make_release(cast.make_family(slug="stranger"), name="Other 7B")
    place = f"/portfolio/deployments/{deployment.pk}/alternatives/"
    page = client.get(place).content.decode()
    assert "Other 7B" in page
    assert "are not on record." in page
    assert "Unknown: its line was not examined." in page
    assert "Name as alternative" in page
    plans.name_alternative(deployment, other)
    assert "in the plan" in client.get(place).content.decode()


def test_without_a_match_nobody_knows_what_could_follow(client: Client, deployment: Deployment) -> None:
    unmatched = make_deployment(deployment.workflow.team)
    page = client.get(f"/portfolio/deployments/{unmatched.pk}/alternatives/").content.decode()
    assert "Nobody matched this deployment" in page
    assert client.get(address(unmatched)).status_code == 200


# As CSV -------------------------------------------------------------------------------------------


def read(client: Client) -> tuple[str, list[dict[str, str]]]:
    response: Any = client.get("/portfolio/exit-plans.csv")
    text = response.getvalue().decode()
    return text, list(csv.DictReader(io.StringIO(text)))


def test_the_plans_are_exported(client: Client, deployment: Deployment) -> None:
    plan = plans.begun(deployment)
    plan.owner = "=1+1"
    plan.save()
    text, rows = read(client)
    assert [row["model"] for row in rows] == [deployment.reference]
    assert '"\'=1+1"' in text
    assert "no-store" in client.get("/portfolio/exit-plans.csv").headers["Cache-Control"]


def test_a_page_is_not_shared_between_parts_and_whole(client: Client, deployment: Deployment) -> None:
    assert "HX-Request" in client.get(address(deployment)).headers["Vary"]


def test_a_deployment_leads_to_its_plan_and_to_what_could_follow(client: Client, deployment: Deployment) -> None:
    page = client.get(deployment.get_absolute_url()).content.decode()
    assert f'href="{address(deployment)}"' in page
    assert f'href="/portfolio/deployments/{deployment.pk}/alternatives/"' in page
