"""A team at its desk, in a real browser."""

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.portfolio.models import Deployment, Team
from riskboard.web.access import Role
from tests import cast
from tests.browser.visiting import signed_in
from tests.portfolio.making import make_deployment, make_workflow
from tests.web.people import make_user, team_for

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/portfolio/deployments/"
NEW = "/portfolio/deployments/new/"
LONG = "a-very-long-organization-name/" + "model-" * 20


@pytest.fixture
def ann(transactional_db: None) -> User:
    return make_user(Role.VIEWER, "ann")


@pytest.fixture
def open_page(browser_page: Page, ann: User, live_server: LiveServer) -> Callable[[str], Page]:
    client = Client()
    client.force_login(ann)
    return signed_in(browser_page, client, live_server)


@pytest.fixture
def team(ann: User) -> Team:
    return team_for(ann)


def test_from_no_team_to_a_listed_model_by_keyboard(open_page: Callable[[str], Page], ann: User) -> None:
    release = cast.keeper().releases[0]
    page = open_page(LIST)
    page.get_by_label("Name of the team").focus()
    page.keyboard.type("Search")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Pick a model").press("Enter")
    page.wait_for_url(f"**{NEW}")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Which models do you run?")).to_be_focused()
    page.keyboard.type(release.name)
    page.wait_for_selector("#found h2:has-text('named like')")
    page.get_by_role("link", name=f"Choose {release.name}", exact=True).press("Enter")
    page.get_by_label("Name of the new workflow").focus()
    page.keyboard.type("Chat")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What it stands on")).to_be_visible()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert Deployment.objects.get().release == release


def test_a_filter_replaces_the_list_and_the_address(open_page: Callable[[str], Page], team: Team) -> None:
    make_deployment(team, reference="acme/one", environment="staging")
    make_deployment(team, reference="acme/two")
    page = open_page(LIST)
    page.get_by_label("Environment").select_option("staging")
    expect(page.get_by_role("heading", name="1 deployment")).to_be_visible()
    expect(page.get_by_text("acme/two")).to_have_count(0)
    assert page.url.endswith("?environment=staging")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(open_page: Callable[[str], Page], team: Team, scheme: str) -> None:
    release = cast.keeper().releases[0]
    team_for(User.objects.get(username="ann"), make_user(Role.VIEWER, "somebody-with-a-rather-long-account-name"))
    full = make_deployment(
        team,
        release,
        reference=LONG,
        workflow=make_workflow(team, "W" * 110, owner="Operations", tier=1),
        mirror="verified",
        mirror_sha256="0123456789abcdef" * 4,
        mirror_checked_on=date(2026, 5, 4),
        license_text="You may.",
        revision="0123456789abcdef" * 4,
    )
    bare = make_deployment(team)
    page = open_page(LIST)
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.set_viewport_size({"width": 360, "height": 740})
    detail = full.get_absolute_url()
    addresses = [LIST, NEW, f"{NEW}?q=nobody/nothing", f"{NEW}?by=hand", detail, f"{detail}edit/"]
    workflow = f"/portfolio/workflows/{full.workflow_id}/"
    for address in [*addresses, bare.get_absolute_url(), workflow, "/portfolio/team/", "/portfolio/company/"]:
        page.goto(address)
        expect(page.locator("h1")).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert Axe().run(page).response["violations"] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_the_ways_in_and_the_making_of_a_team_are_accessible_on_a_phone(
    open_page: Callable[[str], Page], ann: User
) -> None:
    page = open_page("/portfolio/team/")
    page.set_viewport_size({"width": 360, "height": 740})
    assert Axe().run(page).response["violations"] == []
    team_for(ann)
    page.goto(LIST)
    expect(page.get_by_text("Pick from the list")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_who_saves_second_keeps_what_they_typed(
    open_page: Callable[[str], Page], team: Team, console_errors: list[str]
) -> None:
    deployment = make_deployment(team, note="as it was")
    page = open_page(f"{deployment.get_absolute_url()}edit/")
    page.get_by_label("Note").fill("mine")
    Deployment.objects.update(note="of another")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Somebody saved this while you were typing")).to_be_visible()
    console_errors.clear()  # the browser notes the refusal
    expect(page.get_by_label("Note")).to_have_value("mine")
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Save over what is on record").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
    assert Deployment.objects.get().note == "mine"
