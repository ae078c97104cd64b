"""What a team stands to lose, in a real browser."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.portfolio.models import Company
from riskboard.web.access import Role
from scoring.services import refresh
from tests import cast
from tests.browser.visiting import signed_in
from tests.portfolio.making import make_acceptance, make_deployment, make_workflow
from tests.web.people import make_user, team_for

TODAY = date(2026, 4, 20)
NOW = datetime(2026, 4, 20, 6, tzinfo=UTC)
LONG = "a-very-long-organization-name/" + "model-" * 20
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def open_page(browser_page: Page, transactional_db: None, live_server: LiveServer) -> Callable[[str], Page]:
    """A portfolio with something counted, something not matched, something accepted and something that came back."""
    ann = make_user(Role.VIEWER, "ann")
    team, release = team_for(ann), cast.rated_hedger().releases[0]
    refresh(as_of=TODAY, now=NOW)
    Company.objects.create(team=team, currency="EUR", person_day=900)
    known = {"embed_depth": 3, "switch_low": 20, "switch_likely": 40, "switch_high": 120, "switch_days": 45}
    chat = make_deployment(team, release, workflow=make_workflow(team, "Chat"), **known)
    make_deployment(team, reference=LONG)
    make_acceptance(chat, TODAY, mode="closed_next")
    make_acceptance(chat, TODAY - timedelta(days=99), mode="restricted", expires_on=TODAY)
    client = Client()
    client.force_login(ann)
    return signed_in(browser_page, client, live_server)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_bars_anyone(open_page: Callable[[str], Page], scheme: str) -> None:
    page = open_page("/portfolio/")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    for find in ("/portfolio/", page.get_by_role("link", name="Look at it again").get_attribute("href") or ""):
        page.goto(find)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_a_narrow_screen_needs_no_sideways_scroll(open_page: Callable[[str], Page]) -> None:
    page = open_page("/portfolio/")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_role("heading", name="If one announcement lands tomorrow")).to_be_visible()
    assert page.evaluate(TOO_WIDE) <= 0


def test_a_risk_is_accepted_and_withdrawn_by_keyboard(open_page: Callable[[str], Page]) -> None:
    page = open_page("/portfolio/")
    page.get_by_role("link", name="may be withdrawn").press("Enter")
    page.get_by_label("Why the team takes this risk").focus()
    page.keyboard.type("We hold a copy.")
    page.get_by_label("Until").fill("2026-07-01")
    page.get_by_role("button", name="Accept", exact=True).press("Enter")
    expect(page.get_by_text("Withdrawn, until 1 Jul 2026")).to_be_visible()
    page.get_by_role("button", name="Withdraw the acceptance: withdrawn").press("Enter")
    expect(page.get_by_text("Withdrawn, until 1 Jul 2026")).to_have_count(0)
