"""The method and the data page in a browser: readable, reachable, and what they offer arrives."""

import csv
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("/method/", "/data/")


@pytest.fixture(autouse=True)
def players(transactional_db: None) -> list[cast.Player]:
    return [cast.keeper(), cast.hedger(), cast.breaker()]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anyone(browser_page: Page, address: str, scheme: str) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    browser_page.goto(address)
    for details in browser_page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    report = Axe().run(browser_page)
    assert report.violations_count == 0, report.generate_report()


@pytest.mark.parametrize("address", PAGES)
def test_a_narrow_screen_scrolls_tables_not_the_page(browser_page: Page, address: str) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(address)
    assert browser_page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_contents_lead_there_from_the_keyboard(browser_page: Page) -> None:
    browser_page.goto("/method/")
    browser_page.get_by_role("navigation", name="On this page").get_by_role("link", name="Pledges").focus()
    browser_page.keyboard.press("Enter")
    expect(browser_page).to_have_url(f"{browser_page.url.split('#')[0]}#pledges")
    expect(browser_page.get_by_role("heading", name="Pledges")).to_be_in_viewport()


def test_a_timeline_is_downloaded_from_the_form(browser_page: Page, tmp_path: Path) -> None:
    browser_page.goto("/data/")
    card = browser_page.locator("#table-timeline")
    card.get_by_role("combobox", name="Line").select_option("breaker-language")
    with browser_page.expect_download() as started:
        card.get_by_role("button", name="Download").press("Enter")
    assert started.value.suggested_filename == "riskboard-timeline-breaker-language.csv"
    started.value.save_as(tmp_path / "timeline.csv")
    with (tmp_path / "timeline.csv").open(newline="") as file:
        assert {row["line"] for row in csv.DictReader(file)} == {"breaker-language"}
