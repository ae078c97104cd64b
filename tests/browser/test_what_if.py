import re
from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.catalog.models import Signal
from tests import cast

TODAY = date(2026, 4, 20)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def hedger(transactional_db: None) -> cast.Player:
    return cast.hedger()


@pytest.fixture
def visit(browser_page: Page, hedger: cast.Player) -> Callable[[str], Page]:
    def visit(place: str) -> Page:
        browser_page.goto(hedger.line.get_absolute_url() + place)
        return browser_page

    return visit


def test_a_scenario_is_built_with_the_keyboard_and_its_address_holds_it(visit: Callable[[str], Page]) -> None:
    page = visit("what-if/")
    signal = Signal.objects.get(kind="monetization_shift")
    switch = page.get_by_role("checkbox", name=signal.summary)
    switch.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(rf"\?without=signal(:|%3A){signal.key}"))
    expect(page.get_by_role("checkbox", name=signal.summary)).to_be_checked()
    expect(page.get_by_role("checkbox", name=signal.summary)).to_be_focused()
    page.get_by_role("link", name="IPO", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("add=ipo"))
    page.get_by_label("said in").select_option("contract")
    page.get_by_role("button", name="Add promise").press("Enter")
    expect(page).to_have_url(re.compile("add=pledge.binding.contract"))
    total = page.locator("[data-total]")
    expect(total).to_have_attribute("data-difference", str(total.get_attribute("data-total")))
    shown = page.locator(".move").inner_text()
    page.goto(page.url)
    assert page.locator(".move").inner_text() == shown
    page.get_by_role("link", name="Remove IPO").click()
    expect(page).not_to_have_url(re.compile("add=ipo"))
    expect(page.get_by_role("link", name="Remove IPO")).to_have_count(0)


def test_without_scripts_forms_and_links_do_the_same(
    browser: Browser, live_server: LiveServer, hedger: cast.Player
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{hedger.line.get_absolute_url()}what-if/")
    page.locator(".switches input").first.check()
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("without="))
    page.locator("#new-kind").select_option("layoffs")
    page.get_by_role("button", name="Add signal").click()
    expect(page).to_have_url(re.compile(r"without=.*&add=signal.layoffs.weakens.3$"))
    page.goto(f"{hedger.line.get_absolute_url()}changes/")
    page.get_by_label("From").fill("2025-01-01")
    page.get_by_role("button", name="List").click()
    expect(page).to_have_url(re.compile("from=2025-01-01"))
    context.close()


def test_the_ledger_follows_its_days(visit: Callable[[str], Page]) -> None:
    page = visit("changes/")
    page.get_by_label("From").fill("2025-01-01")
    page.get_by_label("From").press("Enter")
    expect(page).to_have_url(re.compile("from=2025-01-01"))
    expect(page.locator(".sub")).to_contain_text("From 1 Jan 2025 to 20 Apr 2026")
    total = page.locator("[data-total]")
    assert total.get_attribute("data-total") == total.get_attribute("data-difference")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["what-if/", "what-if/?add=hosted_next&add=foundation", "changes/?from=2025-01-01"])
def test_anybody_can_read_it_on_any_screen(visit: Callable[[str], Page], place: str, scheme: str) -> None:
    page = visit("")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 360, "height": 740})
    visit(place)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
