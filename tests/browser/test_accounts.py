from datetime import UTC, datetime

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from riskboard.ingest.models import Feed, Run
from riskboard.ingest.services import contest, correct, version_of
from riskboard.jobs.models import Job
from riskboard.web.access import Role
from tests import cast
from tests.web.people import PASSWORD, make_user

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG = "a-name-that-has-no-place-to-break-and-goes-on-and-on-for-ever"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> User:
    return make_user(Role.REVIEWER, "ada")


@pytest.fixture
def busy_board(ada: User) -> Feed:
    """Feeds in every state, a dead letter, a correction and a contest."""
    vendor = cast.make_vendor()
    cast.make_line(vendor)
    signal = cast.make_signal(vendor, severity=4)
    correct(signal, {"severity": "2", "summary": LONG}, by=ada, reason=LONG, now=NOW, version=version_of(signal))
    contest(f"signal:{signal.key}", reason="Not so.", now=NOW)
    Job.objects.create(kind="poll feed", key=LONG, state="dead", run_at=NOW, finished_at=NOW, last_error=LONG * 9)
    Feed.objects.create(slug="off", name="Off", connector="feeds", is_enabled=False)
    Feed.objects.create(slug="reddit", name="LocalLLaMA", connector="reddit")
    failing = {"failing_since": NOW, "failures": 3, "last_error": LONG}
    feed = Feed.objects.create(slug="bad", name=LONG, connector="feeds", vendor=vendor, **failing)
    Run.objects.create(feed=feed, started_at=NOW, finished_at=NOW, outcome="failed", error=LONG)
    return feed


def sign_in(page: Page, address: str = "/sign-in/") -> None:
    page.goto(address)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]


def fits(page: Page) -> bool:
    fitting: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return fitting


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits_a_phone(browser_page: Page, busy_board: Feed, scheme: str) -> None:
    browser_page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    def check(address: str) -> None:
        browser_page.set_viewport_size({"width": 1280, "height": 800})
        browser_page.goto(address)
        assert faults(browser_page) == [], address
        browser_page.set_viewport_size({"width": 360, "height": 740})
        assert fits(browser_page), address

    for address in ("/sign-in/", "/sources/", f"/sources/feeds/{busy_board.pk}/", "/corrections/"):
        check(address)
    sign_in(browser_page)
    for address in ("/account/", "/account/password/", "/jobs/", "/corrections/"):
        check(address)


def test_signing_in_leads_back_and_signing_out_leaves_nothing_behind(browser_page: Page, ada: User) -> None:
    browser_page.goto("/jobs/")
    expect(browser_page).to_have_url("/sign-in/?next=%2Fjobs%2F")
    browser_page.get_by_label("Name").fill("ada")
    browser_page.get_by_label("Password").fill("wrong")
    browser_page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(browser_page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(browser_page.get_by_label("Name")).to_have_value("ada")
    browser_page.get_by_label("Password").fill(PASSWORD)
    browser_page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(browser_page.get_by_role("heading", name="Jobs")).to_be_visible()
    browser_page.get_by_role("button", name="Menu").click()
    browser_page.get_by_role("button", name="Sign out").click()
    expect(browser_page.get_by_role("link", name="Sign in")).to_be_visible()
    browser_page.go_back()
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()
    kept = browser_page.evaluate("Object.values({...sessionStorage, ...localStorage})")
    assert kept == ["/sign-in/?next=%2Fjobs%2F"]  # where we are, and no page


def test_a_dead_letter_is_tried_again_by_keyboard(browser_page: Page, busy_board: Feed) -> None:
    sign_in(browser_page, "/sign-in/?next=/jobs/")
    browser_page.get_by_role("button", name="Try again").focus()
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator(".notice")).to_contain_text("is tried again now")
    expect(browser_page.get_by_text("No job was given up on")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for(browser_page: Page, ada: User) -> None:
    sign_in(browser_page, "/sign-in/?next=/account/")
    browser_page.get_by_role("button", name="Set it up").click()
    secret = browser_page.locator(".secret code").first.inner_text()
    assert faults(browser_page) == []
    browser_page.get_by_label("Code").fill(pyotp.TOTP(secret).at(timezone.now()))
    browser_page.get_by_role("button", name="Turn it on").click()
    expect(browser_page.locator("ol.secret li")).to_have_count(10)
    assert faults(browser_page) == []
    code = browser_page.locator("ol.secret code").first.inner_text()
    browser_page.get_by_role("button", name="Menu").click()
    browser_page.get_by_role("button", name="Sign out").click()
    sign_in(browser_page)
    expect(browser_page.get_by_role("heading", name="Second factor")).to_be_visible()
    assert faults(browser_page) == []
    browser_page.get_by_label("Code").fill(code)
    browser_page.get_by_label("Code").press("Enter")
    browser_page.get_by_role("button", name="Menu").click()
    expect(browser_page.get_by_role("link", name="ada")).to_be_visible()
