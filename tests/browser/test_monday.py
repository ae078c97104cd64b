"""The page of a change as a team sees and prints it."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.portfolio.models import Company
from tests import cast
from tests.browser.visiting import signed_in
from tests.portfolio.making import make_deployment
from tests.web.people import team_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def address(transactional_db: None) -> str:
    hedger = cast.hedger()
    team = team_for(User.objects.create_user("ann"))
    make_deployment(team, hedger.releases[0], reference="a-rather-long-owner-name/a-rather-long-model-name-70b")
    Company.objects.create(team=team, monthly_users=200_000_000, is_commercial=True)
    return hedger.family.license_changes.get().get_absolute_url()


@pytest.fixture
def open_page(browser_page: Page, address: str, live_server: LiveServer) -> Callable[[str], Page]:
    client = Client()
    client.force_login(User.objects.get(username="ann"))
    return signed_in(browser_page, client, live_server)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(
    open_page: Callable[[str], Page], address: str, width: int, scheme: str, console_errors: list[str]
) -> None:
    page = open_page(address)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two
    page.set_viewport_size({"width": width, "height": 800})
    expect(page.locator("#ours")).to_contain_text("a-rather-long-model-name-70b")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert console_errors == []


def test_a_note_is_reached_from_its_claim_by_keyboard(open_page: Callable[[str], Page], address: str) -> None:
    page = open_page(address)
    page.locator(".brief sup a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"#note-1$"))
    expect(page.locator("#note-1")).to_be_in_viewport()


def test_it_prints_without_what_only_a_screen_needs(open_page: Callable[[str], Page], address: str) -> None:
    page = open_page(address)
    page.emulate_media(media="print")
    expect(page.locator(".jumps")).to_be_hidden()
    expect(page.locator("header nav")).to_be_hidden()
    for part in ("#ours", "#steps", ".brief >> nth=0", ".brief >> nth=1", "#note-1"):
        expect(page.locator(part)).to_be_visible()
