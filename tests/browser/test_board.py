import re
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from riskboard.catalog.loading import SHIPPED, load_evidence
from scoring.services import refresh
from tests.browser.waiting import wait_until

COMPARISON = "/compare/?l=alibaba-language,meta-language,deepseek-language"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("evidence")]


@pytest.fixture
def evidence(transactional_db: None) -> None:
    """The shipped evidence, scored today: the live server reads the real clock."""
    load_evidence(SHIPPED, now=datetime(2026, 11, 24, tzinfo=UTC))
    refresh(as_of=timezone.localdate(), now=timezone.now())


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def is_wider_than_its_window(page: Page) -> bool:
    wider: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_board_and_comparison_are_accessible_and_fit_a_phone(browser_page: Page, scheme: str) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for address in ("/", "/?show=thin", "/?vendor=alibaba&modality=science", "/compare/", COMPARISON):
        browser_page.goto(address)
        assert faults(browser_page) == [], address
        browser_page.set_viewport_size({"width": 360, "height": 740})
        assert not is_wider_than_its_window(browser_page), address
        browser_page.set_viewport_size({"width": 1280, "height": 800})


def test_a_filter_swaps_the_table_keeps_focus_and_is_an_address(browser_page: Page) -> None:
    browser_page.goto("/")
    rows = browser_page.locator("table.board tbody tr")
    everything = rows.count()
    vendor = browser_page.locator("#id_vendor")
    vendor.focus()
    vendor.select_option("alibaba")
    expect(rows).to_have_count(4)
    expect(browser_page).to_have_url(re.compile(r"/\?vendor=alibaba$"))
    expect(vendor).to_be_focused()

    browser_page.get_by_role("link", name="Durability").click()
    header = browser_page.get_by_role("columnheader", name="Durability")
    expect(header).to_have_attribute("aria-sort", "descending")
    browser_page.go_back()
    expect(header).to_have_attribute("aria-sort", "ascending")
    expect(rows).to_have_count(4)
    browser_page.go_back()
    expect(rows).to_have_count(everything)


def test_a_comparison_draws_its_lines_and_redraws_in_the_dark(browser_page: Page) -> None:
    browser_page.goto(COMPARISON)
    drawn = "Chart.getChart('curves').data.datasets.map(line => [line.label, line.borderDash.length, line.borderColor])"
    light = browser_page.evaluate(drawn)
    assert [name for name, *_ in light] == ["Qwen", "Llama", "DeepSeek"]
    assert len({dash for _, dash, _ in light}) > 1
    browser_page.emulate_media(color_scheme="dark")
    wait_until(browser_page, f"{drawn}[0][2] !== '{light[0][2]}'")
    browser_page.get_by_text("The same as a table").click()
    expect(browser_page.get_by_role("region", name="Durability by day").locator("tbody tr")).to_have_count(157)


def test_lines_are_compared_without_a_script(browser_page: Page) -> None:
    browser_page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    browser_page.goto("/compare/")
    first, second = browser_page.get_by_label("First line"), browser_page.get_by_label("Second line")
    first.select_option("alibaba-language")
    second.select_option("meta-language")
    browser_page.get_by_role("button", name="Compare").click()
    expect(browser_page).to_have_url(re.compile(r"/compare/\?l=alibaba-language,meta-language$"))
    expect(browser_page.get_by_role("heading", name="Qwen, Llama: side by side")).to_be_visible()
