"""Redlines, revisions and hosts in a browser."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from riskboard.ingest.drafts import SeenOffer
from riskboard.ingest.hosting import keep_offers
from riskboard.web.pages.redline import redline_url
from scoring.services import refresh
from tests import cast
from tests.ingest.desk import make_feed
from tests.web.redlining import APACHE, RESEARCH
from tests.web.test_redline import keep

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def addresses(transactional_db: None) -> dict[str, str]:
    release = cast.make_release(cast.make_family(slug="oak"), slug="oak-7b", name="Oak 7B", hf_repo="acorn/Oak-7B")
    before, after = keep(APACHE), keep(f"{RESEARCH}\n5. {'unbroken' * 40}\n")
    edited = keep(RESEARCH.replace("Acornville", "Oaktown"))
    for number, digest in enumerate((before, after, edited)):
        cast.make_revision(release, license_text_sha256=digest, captured_on=date(2026, 11, 1 + number))
    feed = make_feed("openrouter", connector="openrouter")
    for price in ("0.0000004", "0.0000005"):
        offered = [SeenOffer("x", "a-host-with-a-very-long-name" * 2, release.hf_repo, "up", Decimal(price), None)]
        keep_offers(feed, offered, NOW if price.endswith("5") else NOW.replace(month=9))
    gone = SeenOffer("x", "Past", release.hf_repo, ends_on=date(2026, 12, 1))
    keep_offers(feed, [gone], NOW)
    keep_offers(feed, [SeenOffer("x", "Past", release.hf_repo, ended_on=date(2026, 11, 10))], NOW)
    refresh(as_of=timezone.localdate(), now=timezone.now())
    return {
        "tighter": redline_url(before, after),
        "looser": redline_url(after, before),
        "small": redline_url(after, edited),
        "release": release.get_absolute_url(),
        "hosting": f"{release.get_absolute_url()}hosting/",
        "family": release.family.get_absolute_url(),
        "license": str(release.license and release.license.get_absolute_url()),
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_stands_in_the_way_of_anyone(browser_page: Page, addresses: dict[str, str], scheme: str) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for name, address in addresses.items():
        browser_page.goto(address)
        browser_page.wait_for_load_state("networkidle")
        for details in browser_page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        report = Axe().run(browser_page)
        assert report.violations_count == 0, f"{name}: {report.generate_report()}"


@pytest.mark.parametrize("width", [390, 360])
def test_a_narrow_screen_never_scrolls_sideways(browser_page: Page, addresses: dict[str, str], width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 740})
    for name, address in addresses.items():
        browser_page.goto(address)
        browser_page.wait_for_load_state("networkidle")
        for details in browser_page.locator("details").all():
            details.evaluate("element => { element.open = true }")
        assert browser_page.evaluate("document.documentElement.scrollWidth") == width, name


def test_the_hosts_come_into_the_page_of_the_release(browser_page: Page, addresses: dict[str, str]) -> None:
    browser_page.goto(addresses["release"])
    hosting = browser_page.get_by_role("region", name="Hosted by")
    expect(hosting.get_by_role("row")).to_have_count(3)
    expect(hosting).to_contain_text("hosted access ended, 10 Nov 2026")
    expect(hosting).to_have_count(1)


def test_from_a_revision_to_its_redline_and_the_raw_text_is_saved_not_drawn(
    browser_page: Page, addresses: dict[str, str]
) -> None:
    browser_page.goto(addresses["release"])
    browser_page.get_by_role("link", name="the text changed: how").last.click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("How the text changed: tighter")
    folded = browser_page.locator("details.same")
    expect(folded).to_have_count(0)
    with browser_page.expect_download() as saved:
        browser_page.get_by_role("link", name="Raw text before").click()
    assert saved.value.path().read_text(encoding="utf-8") == APACHE
    assert saved.value.suggested_filename.startswith("license-")


def test_unchanged_clauses_open_from_the_keyboard(browser_page: Page, addresses: dict[str, str]) -> None:
    browser_page.goto(addresses["small"])
    summary = browser_page.locator("details.same summary").first
    summary.focus()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("details.same").first).to_have_attribute("open", "")
