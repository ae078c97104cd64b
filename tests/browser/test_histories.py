"""The histories in a browser: for everyone, on a phone, by keyboard, without scripts."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESSES = ("/histories/", "/histories/terraform/", "/histories/docker-free-team/", "/histories/jenkins/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anyone(browser_page: Page, scheme: str) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in ADDRESSES:
        browser_page.goto(address)
        report = Axe().run(browser_page)
        assert report.violations_count == 0, f"{address}: {report.generate_report()}"


def test_a_narrow_screen_never_scrolls_sideways(browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    for address in (*ADDRESSES, "/histories/?by=domain&among=all"):
        browser_page.goto(address)
        assert browser_page.evaluate("document.documentElement.scrollWidth") == 360, address


def test_the_curves_are_drawn(browser_page: Page) -> None:
    browser_page.goto("/histories/?by=domain")
    names = "Chart.getChart('survival-curves').data.datasets.filter(one => !one.isBand).map(one => one.label)"
    browser_page.wait_for_function("window.Chart && Chart.getChart('survival-curves')")
    drawn = browser_page.evaluate(names)
    assert len(drawn) == 5
    table = browser_page.get_by_role("region", name="How long they stood, as a table")
    for name in drawn:
        expect(table.get_by_role("link", name=name, exact=True)).to_be_visible()


def test_a_filter_swaps_the_list_and_keeps_focus_and_address(browser_page: Page) -> None:
    browser_page.goto("/histories/?by=funding")
    domain = browser_page.get_by_role("combobox", name="Domain")
    domain.focus()
    domain.select_option("game_engine")
    expect(browser_page).to_have_url(f"{browser_page.url.split('?')[0]}?domain=game_engine&by=funding")
    expect(browser_page.locator("#list h2")).to_have_text("5 histories")
    expect(browser_page.get_by_role("combobox", name="Domain")).to_be_focused()
    expect(browser_page.get_by_role("link", name="Export CSV")).to_have_attribute(
        "href", "/export/histories.csv?domain=game_engine"
    )


def test_a_case_is_reached_from_the_keyboard(browser_page: Page) -> None:
    browser_page.goto("/histories/?q=terraform")
    browser_page.get_by_role("link", name="Years").press("Enter")
    expect(browser_page.locator("th[aria-sort=ascending]")).to_have_text("Years")
    browser_page.get_by_role("link", name="Terraform", exact=True).press("Enter")
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Terraform")


def test_everything_is_there_without_scripts(browser_page: Page) -> None:
    browser_page.goto("/histories/")
    browser = browser_page.context.browser
    assert browser is not None
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(browser_page.url)
    page.get_by_role("combobox", name="How it ended").select_option("open_core_shift")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#list tbody tr")).to_have_count(5)
    plain.close()
