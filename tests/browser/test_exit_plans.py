from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.portfolio import plans
from riskboard.portfolio.models import Deployment
from tests import cast
from tests.browser.visiting import signed_in
from tests.portfolio.making import make_deployment
from tests.web.people import team_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deployment(transactional_db: None) -> Deployment:
    user = User.objects.create_user("ann")
    deployment = make_deployment(team_for(user), cast.keeper().releases[0], switch_days=20)
    other = plans.name_alternative(deployment, cast.make_release(name="A release with a rather long name 70B"))
    other.plan.rehearsals.create(held_on=date(2025, 1, 1), outcome="passed", took_days=12, found="Tool calls failed.")
    cast.make_release(params_total_b=8)
    return deployment


@pytest.fixture
def open_page(browser_page: Page, deployment: Deployment, live_server: LiveServer) -> Callable[[str], Page]:
    client = Client()
    client.force_login(User.objects.get(username="ann"))
    return signed_in(browser_page, client, live_server)


@pytest.mark.parametrize("place", ["exit", "alternatives"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(
    open_page: Callable[[str], Page], deployment: Deployment, place: str, width: int, scheme: str
) -> None:
    page = open_page(f"/portfolio/deployments/{deployment.pk}/{place}/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 800})
    for summary in page.locator("main details > summary").all():
        summary.click()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_an_answer_is_kept_from_the_keyboard_and_the_page_stays(
    open_page: Callable[[str], Page], deployment: Deployment
) -> None:
    page = open_page(f"/portfolio/deployments/{deployment.pk}/exit/")
    state = page.get_by_label("State of Prompts under version control")
    state.focus()
    page.keyboard.type("done")
    expect(page.locator("#state-prompts")).to_have_text("done")
    expect(page.locator("#readiness")).to_contain_text("2 of 15")
    expect(state).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.get_by_label("What proves it: Prompts under version control").fill("in git")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.keyboard.press("Tab")
    page.reload()
    expect(page.get_by_label("What proves it: Prompts under version control")).to_have_value("in git")


def test_a_wrong_day_is_said_at_once_and_not_kept(open_page: Callable[[str], Page], deployment: Deployment) -> None:
    page = open_page(f"/portfolio/deployments/{deployment.pk}/exit/")
    page.get_by_label("Done on: Prompts under version control").fill("2026-01-01")
    page.get_by_label("What proves it: Prompts under version control").focus()
    expect(page.locator("#readiness")).to_contain_text("Only what is done has a day")


def test_on_paper_there_are_answers_and_no_fields(open_page: Callable[[str], Page], deployment: Deployment) -> None:
    plans.answer(deployment, {"prompts": {"state": "done", "note": "in git", "done_on": date(2026, 1, 1)}})
    page = open_page(f"/portfolio/deployments/{deployment.pk}/exit/")
    page.emulate_media(media="print")
    expect(page.get_by_text("Done on 1 Jan 2026.")).to_be_visible()
    assert page.locator("main :is(input, select, textarea, button):visible").count() == 0
