"""Correcting, contesting and looking again in a browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.catalog.models import Signal
from riskboard.ingest import services
from riskboard.ingest.models import Check
from riskboard.web.access import Role
from scoring.services import refresh
from tests import cast
from tests.browser.visiting import signed_in
from tests.web.people import client_of

pytestmark = pytest.mark.django_db(transaction=True)
Go = Callable[..., Page]


@pytest.fixture
def signal(transactional_db: None) -> Signal:
    """Contested, and a year old; its source is gone."""
    hedger, now = cast.hedger(), timezone.now()
    found: Signal = hedger.vendor.signals.get(kind="monetization_shift")
    services.contest(f"signal:{found.key}", reason="We deny it.", url="https://hedger.example/denial", now=now)
    services.contest(f"pledge:{hedger.pledge.key}", reason="Nobody said so.", now=now)
    Signal.objects.filter(pk=found.pk).update(recorded_at=now - timedelta(days=500))
    Check.objects.create(source=found.source, status="dead", checked_at=now, note="The page answers with status 404.")
    Check.objects.create(
        source=hedger.pledge.source, status="moved", checked_at=now, moved_to="https://hedger.example/elsewhere"
    )
    refresh(as_of=timezone.localdate(), now=now)
    return Signal.objects.get(pk=found.pk)


@pytest.fixture
def go(browser_page: Page, signal: Signal, live_server: LiveServer) -> Go:
    """Opens an address as somebody with that role."""

    def open_page(address: str, role: Role = Role.REVIEWER) -> Page:
        return signed_in(browser_page, client_of(role), live_server)(address)

    return open_page


def test_a_correction_is_previewed_saved_and_undone(go: Go, signal: Signal) -> None:
    page = go(f"/signals/{signal.key}/", Role.ANALYST)
    page.get_by_role("link", name="Correct", exact=True).click()
    page.get_by_label("Severity").select_option("1")
    page.get_by_role("button", name="Show what it does to scores").first.click()
    expect(page.locator("#preview")).to_contain_text("If it is saved")
    expect(page.locator("#preview")).to_contain_text("Hedger models")
    expect(page.get_by_label("Severity")).to_have_value("1")
    assert Signal.objects.get(pk=signal.pk).severity == signal.severity
    page.get_by_label("Reason").first.fill("Read it again.")
    page.get_by_role("button", name="Save the correction").click()
    expect(page.get_by_text("Corrected.")).to_be_visible()
    assert Signal.objects.get(pk=signal.pk).severity == 1
    page.get_by_role("button", name="Undo this").first.click()
    expect(page.get_by_text("Undid entry")).to_have_count(2)
    assert Signal.objects.get(pk=signal.pk).severity == signal.severity


def test_a_withdrawal_is_previewed_in_its_own_place(go: Go, signal: Signal) -> None:
    page = go(f"/evidence/signals/{signal.key}/correct/")
    page.get_by_role("button", name="Show what it does to scores").last.click()
    expect(page.locator("#withdrawal-preview")).to_contain_text("If it is withdrawn")
    assert Signal.objects.filter(pk=signal.pk).exists()


def test_a_contest_is_settled_by_a_reviewer(go: Go, signal: Signal) -> None:
    page = go(signal.vendor.lines.get().get_absolute_url())
    expect(page.get_by_text("without the 2 contested facts")).to_be_visible()
    page.goto("/contests/")
    page.get_by_label("How it is settled").last.fill("The filing confirms it.")
    page.get_by_role("button", name="Settle it").last.click()
    expect(page.get_by_text("Settled. The log tells how.")).to_be_visible()
    page.goto(signal.vendor.lines.get().get_absolute_url())
    expect(page.get_by_text("without the contested fact.")).to_be_visible()


def addresses(signal: Signal) -> list[str]:
    row = f"/evidence/signals/{signal.key}"
    pages = ["/contests/", "/sources/recheck/", "/sources/recheck/?list=unchecked", "/corrections/"]
    lists = ["/signals/", "/pledges/", signal.vendor.get_absolute_url(), signal.vendor.lines.get().get_absolute_url()]
    own = [signal.get_absolute_url(), f"{row}/correct/", f"{row}/history/", f"{row}/contest/"]
    return [*pages, *lists, *own, signal.source.get_absolute_url()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(go: Go, signal: Signal, scheme: str) -> None:
    pledge = signal.vendor.pledges.get()
    services.correct(
        pledge,
        {"made_by": "Ada"},
        by=None,  # type: ignore[arg-type]
        reason="Read again",
        now=timezone.now(),
        version=services.version_of(pledge),
    )
    page = go("/contests/")
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.set_viewport_size({"width": 390, "height": 800})
    for address in (*addresses(signal), f"/evidence/pledges/{pledge.key}/history/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        report = Axe().run(page)
        assert report.violations_count == 0, f"{address}: {report.generate_report()}"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{address} is {width} wide"


def test_a_stranger_is_asked_to_sign_in_before_contesting(browser_page: Page, signal: Signal) -> None:
    pledge = cast.make_pledge(signal.vendor)
    browser_page.goto(pledge.get_absolute_url())
    browser_page.get_by_role("link", name="Contest", exact=True).click()
    expect(browser_page.get_by_role("heading", name="Sign in")).to_be_visible()
