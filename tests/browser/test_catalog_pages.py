"""Vendors, pledges, licenses, changes, signals and sources in a browser."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from riskboard.web.pages.changes import change_url
from scoring.services import refresh
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def addresses(transactional_db: None) -> dict[str, str]:
    cast.keeper()
    hedger, breaker = cast.hedger(), cast.breaker()
    recalled = cast.make_signal(
        breaker.vendor, "litigation", date(2025, 8, 1), source=cast.make_source("", "recalled"), summary="A lawsuit."
    )
    unread = cast.make_license(
        "unread-1.0",
        text_read=False,
        commercial_use="",
        osi_approved=None,
        use_restrictions=None,
        output_training_restriction=None,
        naming_obligation=None,
        terminable=None,
        irrevocable=None,
    )
    change = cast.make_license_change(hedger.family, cast.make_license(), unread, date(2026, 1, 1))
    refresh(as_of=timezone.localdate(), now=timezone.now())
    return {
        "vendors": "/vendors/",
        "vendor": breaker.vendor.get_absolute_url(),
        "pledges": "/pledges/",
        "pledge": breaker.pledge.get_absolute_url(),
        "licenses": "/licenses/",
        "license": unread.get_absolute_url(),
        "license changes": "/license-changes/",
        "license change": change.get_absolute_url(),
        "closure": str(change_url(breaker.releases[2])),
        "signals": "/signals/",
        "signal": recalled.get_absolute_url(),
        "source": recalled.source.get_absolute_url(),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anyone(browser_page: Page, addresses: dict[str, str], scheme: str) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name, address in addresses.items():
        browser_page.goto(address)
        for details in browser_page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        report = Axe().run(browser_page)
        assert report.violations_count == 0, f"{name}: {report.generate_report()}"


def test_a_narrow_screen_never_scrolls_sideways(browser_page: Page, addresses: dict[str, str]) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    for name, address in addresses.items():
        browser_page.goto(address)
        assert browser_page.evaluate("document.documentElement.scrollWidth") == 360, name


def test_a_filter_swaps_the_list_and_keeps_focus_and_address(browser_page: Page) -> None:
    browser_page.goto("/signals/")
    vendor = browser_page.get_by_role("combobox", name="Vendor")
    vendor.focus()
    vendor.select_option("breaker")
    expect(browser_page).to_have_url(f"{browser_page.url.split('?')[0]}?vendor=breaker")
    expect(browser_page.get_by_role("heading", level=2)).to_have_text("4 signals")
    expect(browser_page.get_by_role("combobox", name="Vendor")).to_be_focused()
    expect(browser_page.get_by_role("link", name="Export CSV")).to_have_attribute(
        "href", "/export/signals.csv?vendor=breaker"
    )
    browser_page.go_back()
    expect(browser_page.get_by_role("heading", level=2)).to_have_text("7 signals")


def test_a_column_sorts_from_the_keyboard(browser_page: Page) -> None:
    browser_page.goto("/vendors/")
    browser_page.get_by_role("link", name="Country").focus()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("th[aria-sort=ascending]")).to_have_text("Country")
    expect(browser_page.locator("tbody tr").first).to_contain_text("China")


def test_filters_work_without_scripts(browser_page: Page) -> None:
    context = browser_page.context.browser
    assert context is not None
    plain = context.new_context(java_script_enabled=False)
    page = plain.new_page()
    browser_page.goto("/pledges/")
    page.goto(browser_page.url)
    page.get_by_role("combobox", name="Status").select_option("broken")
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pledges")
    expect(page.locator("tbody tr")).to_have_count(1)
    plain.close()
