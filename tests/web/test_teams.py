"""The pages on which a team is made, joined and left, and says what its company and workflows are like."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from riskboard.portfolio.models import Company, Team, Workflow
from riskboard.portfolio.selectors import team_of
from riskboard.web.access import Role
from tests.portfolio.making import make_deployment, make_team, make_workflow
from tests.web.people import client_of, make_user, team_for

pytestmark = pytest.mark.django_db
TEAM = "/portfolio/team/"
COMPANY = "/portfolio/company/"


@pytest.fixture
def owner() -> User:
    return make_user(Role.VIEWER, "ann")


@pytest.fixture
def theirs(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# Teams --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/portfolio/deployments/", "/portfolio/company/", "/portfolio/deployments/new/"])
def test_who_has_no_team_is_asked_to_make_one(theirs: Client, address: str) -> None:
    response = theirs.get(address)
    assert response.headers["Location"] == TEAM
    assert "by your account name, ann" in text(theirs, TEAM)


def test_a_team_is_made_and_its_maker_goes_on_to_what_it_runs(theirs: Client, owner: User) -> None:
    response = theirs.post(TEAM, {"name": "Search"}, follow=True)
    assert response.redirect_chain == [("/portfolio/deployments/", 302)]
    team = team_of(owner)
    assert team is not None
    assert team.name == "Search"


def test_a_taken_name_is_refused_beside_its_field(theirs: Client) -> None:
    make_team("Search")
    response = theirs.post(TEAM, {"name": "Search"})
    assert response.status_code == 422
    assert "There is a team of this name." in response.content.decode()
    assert 'value="Search"' in response.content.decode()


def test_an_owner_lets_somebody_in_makes_them_an_owner_and_leaves(theirs: Client, owner: User) -> None:
    team, ben = team_for(owner), make_user(Role.VIEWER, "ben")
    assert "ben is in the team now." in theirs.post(TEAM, {"do": "add", "name": "ben"}, follow=True).content.decode()
    member = team.memberships.get(user=ben)
    mine = team.memberships.get(user=owner)
    page = theirs.post(TEAM, {"do": "remove", "member": mine.pk}, follow=True).content.decode()
    assert "The last owner cannot leave." in page
    theirs.post(TEAM, {"do": "make_owner", "member": member.pk})
    page = theirs.post(TEAM, {"do": "remove", "member": mine.pk}, follow=True).content.decode()
    assert "You left the team." in page
    assert "Make a team" in page
    assert list(team.memberships.values_list("user__username", "is_owner")) == [("ben", True)]


def test_what_is_wrong_with_a_name_is_said_and_the_name_kept(theirs: Client, owner: User) -> None:
    team_for(owner)
    page = theirs.post(TEAM, {"do": "add", "name": "nobody"}).content.decode()
    assert "There is no account “nobody”." in page
    assert 'value="nobody"' in page


def test_a_member_sees_no_buttons_of_an_owner_and_is_refused_without_them(owner: User) -> None:
    ben = make_user(Role.ADMIN, "ben")
    team = team_for(owner, ben)
    client = Client()
    client.force_login(ben)
    page = text(client, TEAM)
    assert "Leave the team" in page
    assert "Let somebody in" not in page
    make_user(Role.VIEWER, "cem")
    assert client.post(TEAM, {"do": "add", "name": "cem"}).status_code == 403
    assert client.post(TEAM, {"do": "remove", "member": team.memberships.get(user=owner).pk}).status_code == 403
    assert team.memberships.count() == 2


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"do": "dissolve"}, 400),
        ({"do": "remove", "member": "x"}, 400),
        ({"do": "remove", "member": "9" * 30}, 400),
        ({"do": "remove", "member": "999"}, 404),
        ({"do": "make_owner", "member": "999"}, 404),
    ],
)
def test_what_the_page_does_not_know_is_refused(theirs: Client, owner: User, sent: dict[str, str], status: int) -> None:
    team_for(owner)
    assert theirs.post(TEAM, sent).status_code == status


def test_a_parameter_that_the_page_does_not_know_is_refused(theirs: Client, owner: User) -> None:
    team_for(owner)
    for address in (TEAM, COMPANY, f"/portfolio/workflows/{make_workflow(team_for(owner)).pk}/"):
        assert theirs.get(f"{address}?x=1").status_code == 400


def test_names_are_text(theirs: Client, owner: User) -> None:
    team = team_for(owner, name="<script>alert(1)</script>")
    workflow = make_workflow(team, "<img src=x>")
    assert "<script>alert" not in text(theirs, TEAM)
    page = text(theirs, f"/portfolio/workflows/{workflow.pk}/")
    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page


# The company --------------------------------------------------------------------------------------


def test_what_is_left_blank_stays_unknown_and_is_never_no(theirs: Client, owner: User) -> None:
    team = team_for(owner)
    page = theirs.post(COMPANY, {"monthly_users": "1200", "hosts_for_others": "false"}, follow=True).content.decode()
    assert "The profile is saved." in page
    company = Company.objects.get(team=team)
    assert (company.monthly_users, company.hosts_for_others) == (1200, False)
    assert (company.revenue, company.seats, company.redistributes, company.is_commercial) == (None,) * 4
    assert '<option value="unknown" selected>Unknown</option>' in page


def test_amounts_need_a_currency_and_codes_are_checked(theirs: Client, owner: User) -> None:
    team_for(owner)
    page = theirs.post(COMPANY, {"revenue": "5000000", "countries": "DE, Francia"}).content.decode()
    assert "Say in which currency the amounts are." in page
    assert "“FRANCIA” is not a two-letter code" in page
    assert 'value="5000000"' in page
    theirs.post(COMPANY, {"revenue": "5000000", "currency": "eur", "countries": "de, fr,de"})
    company = Company.objects.get()
    assert (company.currency, company.countries) == ("EUR", "DE,FR")


@pytest.mark.parametrize("name", ["monthly_users", "daily_users", "revenue", "person_day", "seats"])
def test_nothing_is_below_zero(theirs: Client, owner: User, name: str) -> None:
    team_for(owner)
    assert theirs.post(COMPANY, {name: "-1", "currency": "USD"}).status_code == 422
    assert not Company.objects.exists()


def test_the_second_saver_of_a_profile_sees_both_and_loses_nothing(theirs: Client, owner: User) -> None:
    Company.objects.create(team=team_for(owner), seats=7)
    response = theirs.post(COMPANY, {"version": "", "seats": "9"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Somebody saved this while you were typing" in page
    assert '<td data-label="It says now">7</td><td data-label="You typed">9</td>' in page
    assert Company.objects.get().seats == 7
    version = page.split('name="version" value="')[1].split('"', maxsplit=1)[0]
    theirs.post(COMPANY, {"version": version, "seats": "9"})
    assert Company.objects.get().seats == 9


# Workflows ----------------------------------------------------------------------------------------


def test_a_workflow_is_edited_and_says_what_nobody_knows(theirs: Client, owner: User) -> None:
    workflow = make_workflow(team_for(owner), "Chat")
    address = f"/portfolio/workflows/{workflow.pk}/"
    page = text(theirs, address)
    assert "tier unknown · nobody owns it yet · nobody said how long it may stand still" in page
    version = page.split('name="version" value="')[1].split('"', maxsplit=1)[0]
    sent = {"version": version, "name": "Chat", "owner": "Ops", "tier": "1", "tolerated_days": "0.5"}
    page = theirs.post(address, sent, follow=True).content.decode()
    assert "tier 1: critical · owned by Ops · may stand still for 0.5 days" in page
    response = theirs.post(address, sent | {"owner": "Nobody"})
    assert response.status_code == 409
    assert Workflow.objects.get().owner == "Ops"


def test_a_refused_name_stays_in_the_form_and_out_of_the_heading(theirs: Client, owner: User) -> None:
    team = team_for(owner)
    make_workflow(team, "Mail")
    workflow = make_workflow(team, "Chat")
    address = f"/portfolio/workflows/{workflow.pk}/"
    version = text(theirs, address).split('name="version" value="')[1].split('"', maxsplit=1)[0]
    response = theirs.post(address, {"version": version, "name": "Mail"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "The team has a workflow “Mail” already." in page
    assert "<h1>Chat</h1>" in page
    assert 'value="Mail"' in page
    assert theirs.post(address, {"version": version, "name": "Chat", "tolerated_days": "-1"}).status_code == 422


def test_an_empty_workflow_can_go_and_one_in_use_cannot(theirs: Client, owner: User) -> None:
    team = team_for(owner)
    empty, used = make_workflow(team), make_deployment(team).workflow
    theirs.post(f"/portfolio/workflows/{empty.pk}/", {"do": "remove"})
    page = theirs.post(f"/portfolio/workflows/{used.pk}/", {"do": "remove"}, follow=True).content.decode()
    assert "Something is or was deployed in it." in page
    assert list(team.workflows.all()) == [used]


def test_another_teams_workflow_is_not_there_even_for_an_admin(owner: User) -> None:
    admin = client_of(Role.ADMIN)
    team_for(User.objects.get(username="the-admin"))
    workflow = make_workflow(team_for(owner))
    address = f"/portfolio/workflows/{workflow.pk}/"
    assert admin.get(address).status_code == 404
    assert admin.post(address, {"name": "Mine"}).status_code == 404
    assert admin.post(address, {"do": "remove"}).status_code == 404
    assert Workflow.objects.get(pk=workflow.pk).name == workflow.name
    assert Team.objects.count() == 2
