"""The reference of the API and the page of tokens in a browser: readable, reachable, made and revoked by hand."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from riskboard.web.access import Role
from tests.web.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/api/v1/docs/", "/account/tokens/")


@pytest.fixture
def signed_in(transactional_db: None, browser_page: Page) -> Page:
    make_user(Role.VIEWER, "ada")
    browser_page.goto("/sign-in/")
    browser_page.get_by_label("Name").fill("ada")
    browser_page.get_by_label("Password").fill(PASSWORD)
    browser_page.get_by_role("main").get_by_role("button", name="Sign in").click()
    return browser_page


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anyone(signed_in: Page, address: str, scheme: str) -> None:
    signed_in.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    signed_in.goto(address)
    report = Axe().run(signed_in)
    assert report.violations_count == 0, report.generate_report()


@pytest.mark.parametrize("address", PAGES)
def test_a_narrow_screen_scrolls_tables_not_the_page(signed_in: Page, address: str) -> None:
    signed_in.set_viewport_size({"width": 360, "height": 740})
    signed_in.goto(address)
    assert signed_in.evaluate("document.documentElement.scrollWidth") == 360


def test_a_token_is_made_used_and_revoked(signed_in: Page) -> None:
    signed_in.goto("/account/")
    signed_in.get_by_role("link", name="Your tokens").click()
    signed_in.get_by_label("What it is for").fill("Nightly check")
    signed_in.get_by_role("checkbox", name=re.compile("portfolio")).check()
    signed_in.get_by_role("button", name="Make a token").press("Enter")
    token = signed_in.get_by_role("status").locator(".secret code").inner_text()
    headers = {"Authorization": f"Bearer {token}"}
    assert signed_in.request.get("/api/v1/vendors", headers=headers).status == 200
    signed_in.goto("/account/tokens/")
    expect(signed_in.get_by_text(token)).to_have_count(0)
    signed_in.get_by_role("button", name="Revoke Nightly check").press("Enter")
    expect(signed_in.get_by_text("Nothing gets in with it any more")).to_be_visible()
    assert signed_in.request.get("/api/v1/vendors", headers=headers).status == 401
