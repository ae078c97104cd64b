"""The track record in a browser."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast
from tests.live import make_prediction, make_resolution

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def addresses(transactional_db: None) -> dict[str, str]:
    waiting = make_prediction(cast.keeper().line, date(2026, 10, 1))
    over = make_prediction(cast.hedger().line, date(2025, 4, 1))
    make_resolution(over, "failed", evidence=["release:gone"])
    return {
        "record": "/track-record/",
        "filtered": "/track-record/?forecast=full&governance=single_vendor&recalled=exclude",
        "empty": "/track-record/?domain=game_engine&governance=academic",
        "bin": "/track-record/bins/1/",
        "open forecast": f"/track-record/predictions/{waiting.pk}/",
        "forecast": f"/track-record/predictions/{over.pk}/",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anyone(browser_page: Page, addresses: dict[str, str], scheme: str) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name, address in addresses.items():
        browser_page.goto(address)
        for details in browser_page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        report = Axe().run(browser_page)
        assert not report.response["violations"], f"{name}: {report.generate_report()}"


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_screen(browser_page: Page, addresses: dict[str, str], width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 800})
    for name, address in addresses.items():
        browser_page.goto(address)
        browser_page.wait_for_load_state("networkidle")
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_from_the_diagram_to_the_cases_of_a_bin_by_keyboard(browser_page: Page, addresses: dict[str, str]) -> None:
    browser_page.goto(addresses["record"])
    browser_page.wait_for_function("[...document.querySelectorAll('canvas')].filter(Chart.getChart).length === 3")
    browser_page.get_by_role("link", name="Bin 5: its cases").focus()
    browser_page.keyboard.press("Enter")
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("Bin 5")
    browser_page.get_by_role("row").nth(1).get_by_role("link").focus()
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/histories/*/")


def test_a_click_on_a_point_opens_its_bin(browser_page: Page, addresses: dict[str, str]) -> None:
    browser_page.goto(addresses["record"])
    browser_page.wait_for_function("window.Chart && Chart.getChart('reliability-chart')")
    browser_page.locator("#reliability-chart").scroll_into_view_if_needed()
    point = browser_page.evaluate(
        "(() => { const { x, y } = Chart.getChart('reliability-chart').getDatasetMeta(0).data[4]; return { x, y } })()"
    )
    browser_page.locator("#reliability-chart").click(position=point)
    browser_page.wait_for_url("**/track-record/bins/5/")


def test_filters_need_no_script_and_keep_the_place(browser_page: Page, addresses: dict[str, str]) -> None:
    browser_page.goto(addresses["record"])
    browser_page.get_by_label("Recalled cases").select_option("exclude")
    browser_page.get_by_role("button", name="Apply").click()
    browser_page.wait_for_url("**recalled=exclude*#choose")
    expect(browser_page.get_by_label("Recalled cases")).to_have_value("exclude")
