from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast

TODAY = date(2026, 4, 20)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def closed(browser_page: Page, transactional_db: None) -> Page:
    """The page of a line that closed, with everything unfolded."""
    browser_page.goto(cast.breaker().line.get_absolute_url())
    for card in ("#reopening", "#like"):
        browser_page.locator(f"{card} summary").click()
    return browser_page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_bars_anyone(closed: Page, scheme: str) -> None:
    closed.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found = Axe().run(closed)
    assert found.violations_count == 0, found.generate_report()


def test_a_narrow_screen_needs_no_sideways_scroll(closed: Page) -> None:
    closed.set_viewport_size({"width": 360, "height": 740})
    expect(closed.locator("#like .weights").first).to_be_visible()
    assert closed.evaluate(TOO_WIDE) <= 0


def test_recalled_cases_go_and_come_back_by_keyboard(closed: Page) -> None:
    closed.get_by_role("link", name="Leave out recalled cases").focus()
    closed.keyboard.press("Enter")
    expect(closed.get_by_role("link", name="Show recalled cases too")).to_be_visible()
    assert closed.url.endswith("?recalled=without#like")
    expect(closed.locator("#like .unverified")).to_have_count(0)
