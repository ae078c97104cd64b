from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.catalog.models import Signal
from riskboard.ingest.models import Proposal
from riskboard.web import measuring
from tests import cast
from tests.browser.visiting import signed_in
from tests.ingest import desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def proposals(transactional_db: None) -> list[Proposal]:
    player = cast.keeper()
    made = []
    for title, severity in (("Keeper cuts staff", "3"), ("Keeper cuts more staff", "2"), ("Keeper cuts all", "5")):
        texts = desk.signal_texts(player, severity=severity)
        item = desk.make_item(desk.make_feed(), title, url=texts["source_url"], summary="In a note to staff.")
        made.append(
            desk.make_proposal(
                texts,
                item=item,
                vendor=player.vendor,
                family=player.family,
                words=["cuts", "vendor: Keeper"],
                confidence=0.7,
            )
        )
    cast.make_signal(player.vendor, "layoffs", date(2026, 5, 20), summary="Perhaps this.")
    measuring.measure_waiting(date(2026, 6, 1))
    return made


@pytest.fixture
def open_page(browser_page: Page, proposals: list[Proposal], live_server: LiveServer) -> Callable[[str], Page]:
    """As an analyst who is signed in."""
    user, client = User.objects.create_user("ann"), Client()
    user.groups.add(Group.objects.get_or_create(name="analyst")[0])
    client.force_login(user)
    return signed_in(browser_page, client, live_server)


def test_an_hour_at_the_keyboard(open_page: Callable[[str], Page], proposals: list[Proposal]) -> None:
    page = open_page("/inbox/")
    rows = page.locator("[data-proposal]")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Keys")).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("a")
    expect(rows.nth(1).get_by_role("button", name="Undo")).to_be_visible()
    expect(rows.nth(1)).to_be_focused()
    expect(page.get_by_role("heading", name="2 waiting")).to_be_visible()
    expect(page.locator("#said")).to_have_text("Accepted. 2 waiting.")
    accepted = Proposal.objects.get(state="accepted")
    assert Signal.objects.filter(key=accepted.fields["id"]).exists()

    page.keyboard.press("u")
    expect(rows.nth(1).get_by_role("button", name="Accept")).to_be_visible()
    assert not Signal.objects.filter(key=accepted.fields["id"]).exists()

    page.keyboard.press("x")
    page.keyboard.type("a rumor, exactly")
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_contain_text("a rumor, exactly")
    assert Proposal.objects.get(state="dismissed").reason == "a rumor, exactly"

    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("e")
    page.wait_for_url("**/inbox/*/#edit")


def test_a_chosen_few_are_accepted_together(open_page: Callable[[str], Page]) -> None:
    page = open_page("/inbox/")
    page.get_by_role("button", name="Choose all").click()
    page.locator("#many").get_by_role("button", name="Accept").click()
    expect(page.get_by_text("2 accepted.")).to_be_visible()
    expect(page.get_by_text("1 accepted; it waits for a second person.")).to_be_visible()


def test_the_definition_stands_beside_the_kind_that_is_chosen(
    open_page: Callable[[str], Page], proposals: list[Proposal]
) -> None:
    page = open_page(f"/inbox/{proposals[0].pk}/")
    expect(page.locator("#definition")).to_contain_text("Staff of the vendor are dismissed")
    page.get_by_label("Kind", exact=True).select_option("ipo")
    expect(page.locator("#definition")).to_contain_text("stock exchange")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(
    open_page: Callable[[str], Page], proposals: list[Proposal], scheme: str
) -> None:
    page = open_page("/inbox/")
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("/inbox/", f"/inbox/{proposals[0].pk}/"):
        page.goto(address)
        expect(page.get_by_role("button", name="Accept").first).to_be_visible()
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
