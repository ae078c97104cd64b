"""The page of what a team stands to lose, its table, and what the team takes knowingly."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from riskboard.portfolio.exposure import exposure_of
from riskboard.portfolio.models import Acceptance, Company, Deployment, Team
from riskboard.web.access import Role
from riskboard.web.pages import portfolio as pages
from riskboard.web.pages.portfolio import exposure_page
from riskboard.web.templatetags.exposure import cost, cost_span, days, share, span
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.services import refresh
from tests import cast
from tests.portfolio.making import make_acceptance, make_deployment, make_team, make_workflow
from tests.web.people import client_of, make_user, team_for

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)
NOW = datetime(2026, 4, 20, 6, tzinfo=UTC)
PAGE = "/portfolio/"
FILE = "/portfolio/portfolio.csv"
KNOWN: dict[str, Any] = {"embed_depth": 3, "switch_low": 20, "switch_likely": 40, "switch_high": 120, "switch_days": 45}
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def ann() -> User:
    return make_user(Role.VIEWER, "ann")


@pytest.fixture
def team(ann: User) -> Team:
    return team_for(ann)


@pytest.fixture
def theirs(ann: User) -> Client:
    client = Client()
    client.force_login(ann)
    return client


@pytest.fixture
def deployment(team: Team) -> Deployment:
    """Of a line that is rated, with everything estimated."""
    release = cast.rated_hedger().releases[0]
    refresh(as_of=TODAY, now=NOW)
    return make_deployment(team, release, workflow=make_workflow(team, "Chat", tier=1), **KNOWN)


def text(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def rows(client: Client) -> list[dict[str, str]]:
    answer = b"".join(client.get(FILE).streaming_content)  # type: ignore[attr-defined]  # streamed
    return list(csv.DictReader(io.StringIO(answer.decode(), newline="")))


# The page -----------------------------------------------------------------------------------------


def test_an_empty_portfolio_leads_to_picking_and_is_not_called_safe(theirs: Client, team: Team) -> None:
    shown = text(theirs)
    assert 'href="/portfolio/deployments/new/"' in shown
    assert "that is unknown, not safe" in shown
    assert "person-days" not in shown


def test_it_says_work_with_a_range_and_no_likelihood(theirs: Client, deployment: Deployment) -> None:
    shown = text(theirs)
    assert "about 50 person-days" in shown
    assert re.search(r"to \d+ person-days<small>reconstructed", shown)
    table = shown[shown.index('class="announcements"') : shown.index('id="gaps"')]
    assert "%" not in table
    assert "likel" not in shown[shown.index('id="together"') :].replace("How likely it is", "")
    assert not exposure_page(deployment.workflow.team, TODAY, show_all=False).any_words


def test_a_rubric_that_earned_percentages_says_how_often(
    monkeypatch: pytest.MonkeyPatch, theirs: Client, deployment: Deployment
) -> None:
    earned = replace(load_rubric(SHIPPED), precision="grades")
    monkeypatch.setattr(pages, "load_rubric", lambda _name: earned)
    assert re.search(r"turns within 12 months: [a-z]", text(theirs))


def test_money_is_said_only_where_a_person_day_has_a_price(theirs: Client, team: Team, deployment: Deployment) -> None:
    assert "nobody said what a person-day costs" in text(theirs)
    Company.objects.create(team=team, currency="EUR", person_day=900)
    shown = text(theirs)
    assert "about EUR 45,000" in shown
    assert "nobody said what a person-day costs" not in shown


def test_a_switch_that_takes_longer_than_the_notice_is_to_be_begun_now(theirs: Client, deployment: Deployment) -> None:
    shown = text(theirs)
    assert "act now</span> 45 days short" in shown
    assert "45 days, estimated" in shown
    assert "took effect on the day they were announced" in shown


def test_a_switch_of_unknown_length_stays_unknown(theirs: Client, deployment: Deployment) -> None:
    Deployment.objects.update(switch_days=None)
    shown = text(theirs)
    assert "Unknown: nobody said how long a switch takes" in shown
    assert "act now</span>" not in shown


def test_who_must_act_comes_first_and_the_unknown_before_what_fits(team: Team) -> None:
    for name, takes in (("fits", 0), ("unknown", None), ("short", 9), ("shorter", 30)):
        make_deployment(team, workflow=make_workflow(team, name), switch_days=takes)
    page = exposure_page(team, TODAY, show_all=False)
    assert [each.workflow.name for each in page.workflow_gaps] == ["shorter", "short", "unknown", "fits"]
    assert page.acting == 2


def test_what_cannot_be_counted_is_listed_and_counted_among_what_it_leans_on(
    theirs: Client, team: Team, deployment: Deployment
) -> None:
    make_deployment(team, reference="acme/own")
    page = exposure_page(team, TODAY, show_all=False)
    shown = text(theirs)
    assert "1 of 2" in shown
    assert "Not counted, and not nothing" in shown
    for concentration in page.concentrations:
        assert sum(bar.deployments for bar in concentration.bars) == 2
        assert (concentration.bars[-1].name, concentration.bars[-1].risk) == ("not matched", None)
        assert sum(bar.risk or 0 for bar in concentration.bars) == pytest.approx(1)


def test_a_fine_tune_counts_with_the_base_that_it_stands_on(team: Team, deployment: Deployment) -> None:
    make_deployment(team, deployment.release, reference="acme/tuned", relation="fine_tune", **KNOWN)
    page = exposure_page(team, TODAY, show_all=False)
    (base,) = page.concentrations[3].bars
    assert (base.name, base.deployments) == (str(deployment.release), 2)
    (turn,) = page.together
    assert turn.deployments == 2


def test_long_tables_begin_with_the_dearest(theirs: Client, team: Team, deployment: Deployment) -> None:
    for number in range(6):
        make_deployment(team, deployment.release, workflow=make_workflow(team, f"Job {number}"), **KNOWN)
    assert "Show 9 more" in text(theirs)
    assert "more</a></p>" not in text(theirs, f"{PAGE}?show=all")


@pytest.mark.parametrize("query", ["?show=some", "?colour=red", "?as_of=2026-01-01"])
def test_what_the_page_does_not_know_is_refused(theirs: Client, team: Team, query: str) -> None:
    assert theirs.get(PAGE + query).status_code == 400


def test_names_from_outside_stay_text(theirs: Client, team: Team, deployment: Deployment) -> None:
    make_deployment(team, reference=HOSTILE, workflow=make_workflow(team, HOSTILE))
    make_acceptance(deployment, TODAY, reason=HOSTILE)
    assert HOSTILE not in text(theirs)


def test_another_teams_rows_are_nowhere_whoever_asks(deployment: Deployment) -> None:
    admin = make_user(Role.ADMIN, "root")
    team_for(admin)
    client = Client()
    client.force_login(admin)
    assert deployment.reference not in text(client)
    assert rows(client) == []
    row = make_acceptance(deployment, TODAY)
    assert client.get(f"/portfolio/deployments/{deployment.pk}/accept/").status_code == 404
    assert client.post(f"/portfolio/deployments/{deployment.pk}/accept/").status_code == 404
    assert client.post(f"/portfolio/acceptances/{row.pk}/withdraw/").status_code == 404
    row.refresh_from_db()
    assert row.withdrawn_on is None


def test_the_link_is_there_for_who_is_signed_in(client: Client, theirs: Client, team: Team) -> None:
    assert "My exposure" not in client.get("/").content.decode()
    assert '<a href="/portfolio/">My exposure</a>' in theirs.get("/").content.decode()
    assert 'aria-current="page">My exposure' in text(theirs)


# The table ----------------------------------------------------------------------------------------


def test_the_table_has_what_is_counted_and_what_is_not(theirs: Client, team: Team, deployment: Deployment) -> None:
    make_deployment(team, reference="=1+1")
    make_acceptance(deployment, TODAY, mode="restricted")
    told = rows(theirs)
    assert [row["counted"] for row in told] == ["reconstructed"] * 3 + ["no"]
    assert [row["mode"] for row in told if row["accepted"] == "yes"] == ["restricted"]
    assert told[-1]["person_days_expected"] == ""
    assert "Not matched" in told[-1]["why_not"]
    assert told[-1]["models"] == "'=1+1"
    expected = exposure_of(team, TODAY).expected
    assert sum(float(row["person_days_expected"]) for row in told[:3]) == pytest.approx(expected, abs=0.02)


def test_the_table_knows_money_where_it_is_known(theirs: Client, team: Team, deployment: Deployment) -> None:
    assert {row["cost_expected"] for row in rows(theirs)} == {""}
    Company.objects.create(team=team, currency="EUR", person_day=1000)
    for row in rows(theirs):
        assert float(row["cost_expected"]) == pytest.approx(1000 * float(row["person_days_expected"]), abs=6)
        assert row["currency"] == "EUR"


# Taken knowingly ----------------------------------------------------------------------------------


def accept(client: Client, deployment: Deployment, **fields: str) -> Any:  # noqa: ANN401 -- the answer of a client
    said = {"mode": "withdrawn", "reason": "We hold a copy.", "expires_on": "2026-07-01"} | fields
    return client.post(f"/portfolio/deployments/{deployment.pk}/accept/", said)


def test_a_risk_is_accepted_shown_and_withdrawn(theirs: Client, ann: User, deployment: Deployment) -> None:
    response = accept(theirs, deployment)
    assert response.headers["Location"] == deployment.get_absolute_url()
    row = Acceptance.objects.get()
    assert (row.accepted_by, row.accepted_on, row.reason) == (ann, TODAY, "We hold a copy.")
    assert "accepted until 1 Jul 2026" in text(theirs).replace("</span>", "")
    assert "until 1 Jul 2026" in text(theirs, deployment.get_absolute_url())
    theirs.post(f"/portfolio/acceptances/{row.pk}/withdraw/")
    assert ">accepted until" not in text(theirs)
    assert "withdrawn 20 Apr 2026" in text(theirs, deployment.get_absolute_url())


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "This field is required."),
        ({"expires_on": ""}, "This field is required."),
        ({"expires_on": "2026-04-20"}, "A later day than today."),
        ({"expires_on": "2029-01-01"}, "A year at most"),
        ({"mode": "vanished"}, "Select a valid choice."),
    ],
)
def test_an_acceptance_without_reason_or_end_is_refused(
    theirs: Client, deployment: Deployment, wrong: dict[str, str], said: str
) -> None:
    response = accept(theirs, deployment, **wrong)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Acceptance.objects.exists()


def test_the_form_begins_with_the_way_that_was_asked_for(theirs: Client, deployment: Deployment) -> None:
    address = f"/portfolio/deployments/{deployment.pk}/accept/"
    assert '<option value="restricted" selected>' in text(theirs, f"{address}?mode=restricted")
    assert theirs.get(f"{address}?mode=vanished").status_code == 400


def test_what_expired_comes_back_until_it_is_accepted_anew(theirs: Client, deployment: Deployment) -> None:
    ended = TODAY - timedelta(days=100)
    make_acceptance(deployment, ended, expires_on=TODAY, reason="Until spring.")
    shown = text(theirs)
    assert "Came back" in shown
    assert "the acceptance ended 20 Apr 2026" in shown
    assert ">accepted until" not in shown
    accept(theirs, deployment)
    assert "Came back" not in text(theirs)


def test_one_that_was_withdrawn_does_not_come_back(theirs: Client, deployment: Deployment) -> None:
    ended = TODAY - timedelta(days=100)
    make_acceptance(deployment, ended, expires_on=TODAY, withdrawn_on=ended)
    assert "Came back" not in text(theirs)


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    for address in (PAGE, FILE):
        assert client.get(address).headers["Location"].startswith("/sign-in/")


def test_who_has_no_team_is_asked_for_one() -> None:
    make_team("Another")
    assert client_of(Role.ADMIN).get(PAGE).headers["Location"] == "/portfolio/team/"


# Words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "unknown"),
        (0, "none"),
        (0.4, "under one person-day"),
        (1.2, "about 1 person-day"),
        (47.3, "about 47 person-days"),
        (1234, "about 1,200 person-days"),
    ],
)
def test_days_are_as_rough_as_they_are_known(value: float | None, said: str) -> None:
    assert days(value) == said


def test_ranges_money_and_shares_are_rough_too() -> None:
    assert span(0.2, 1234) == "under 1 to 1,200"
    assert cost(12.34, (900, "EUR")) == "about EUR 11,000"
    assert cost(0.0001, (900, "EUR")) == "under EUR 1"
    assert cost_span(1, 10, (900, "EUR")) == "EUR 900 to 9,000"
    assert [share(value) for value in (0, 0.004, 0.5)] == ["0 %", "under 1 %", "50 %"]
