import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.web.access import Role
from tests.browser.visiting import signed_in
from tests.web.people import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_on_a_phone_the_links_are_a_menu_for_the_keyboard_too(browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 390, "height": 740})
    browser_page.goto("/method/")
    assert browser_page.locator("header.bar").evaluate("bar => bar.offsetHeight") < 90
    link = browser_page.get_by_role("link", name="Vendors", exact=True)
    expect(link).to_be_hidden()
    browser_page.get_by_role("button", name="Menu").press("Enter")
    expect(link).to_be_visible()
    assert [fault["id"] for fault in Axe().run(browser_page).response["violations"]] == []
    browser_page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    browser_page.get_by_role("button", name="Menu").press("Enter")
    link.press("Enter")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Vendors")


def test_a_wide_header_shows_the_links(browser_page: Page) -> None:
    browser_page.goto("/method/")
    expect(browser_page.get_by_role("link", name="Vendors", exact=True)).to_be_visible()
    expect(browser_page.get_by_role("button", name="Menu")).to_be_hidden()


@pytest.mark.parametrize("width", [861, 1000, 1180, 1181, 1280])
def test_the_header_takes_one_row(browser_page: Page, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 740})
    browser_page.goto("/method/")
    assert browser_page.locator("header.bar").evaluate("bar => bar.offsetHeight") < 70


@pytest.mark.parametrize("width", [390, 1181, 1280, 1439, 1440, 1839, 1840])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.ANALYST])
def test_the_header_takes_one_row_for_who_is_signed_in(
    browser_page: Page, client: Client, live_server: LiveServer, role: Role, width: int
) -> None:
    client.force_login(make_user(role, "ada"))
    browser_page.set_viewport_size({"width": width, "height": 740})
    signed_in(browser_page, client, live_server)("/method/")
    assert browser_page.locator("header.bar").evaluate("bar => bar.offsetHeight") < 70
    if browser_page.get_by_role("button", name="Menu").is_visible():
        browser_page.get_by_role("button", name="Menu").press("Enter")
    expect(browser_page.get_by_role("link", name="My exposure")).to_be_visible()
    expect(browser_page.get_by_role("button", name="Sign out")).to_be_visible()
