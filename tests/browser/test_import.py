from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.catalog.models import Signal
from tests import cast
from tests.browser.visiting import signed_in
from tests.ingest import desk
from tests.ingest.imports.test_importing import as_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def open_page(browser_page: Page, live_server: LiveServer) -> Callable[[str], Page]:
    """As an analyst who is signed in."""
    user, client = User.objects.create_user("ann"), Client()
    user.groups.add(Group.objects.get_or_create(name="analyst")[0])
    client.force_login(user)
    return signed_in(browser_page, client, live_server)


def send(page: Page, content: bytes) -> None:
    page.get_by_label("Table", exact=True).select_option("signals")
    page.get_by_label("CSV file").set_input_files(FilePayload(name="rows.csv", mimeType="text/csv", buffer=content))
    page.get_by_role("button", name="Show what it would do").click()


def test_a_file_is_sent_looked_through_recorded_and_undone(open_page: Callable[[str], Page]) -> None:
    player = cast.keeper()
    page = open_page("/import/")
    send(page, as_file([desk.signal_texts(player, id="new-row", severity="2")]))
    expect(page.get_by_role("row", name="new-row")).to_be_visible()
    page.get_by_role("button", name="Record 1 row").click()
    expect(page.get_by_text("Recorded.", exact=True)).to_be_visible()
    assert Signal.objects.filter(key="new-row").exists()
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("Undone: every row is as it was before.")).to_be_visible()
    assert not Signal.objects.filter(key="new-row").exists()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(open_page: Callable[[str], Page], scheme: str) -> None:
    player = cast.keeper()
    signal = cast.make_signal(player.vendor, severity=2)
    rows = [desk.signal_texts(player, id="new-row"), desk.signal_texts(player, id="bad-row", severity="9")]
    page = open_page("/import/")
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    send(page, as_file([*rows, desk.signal_texts(player, id=signal.key)]))
    page.set_viewport_size({"width": 390, "height": 740})
    for address in (page.url, "/import/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        assert Axe().run(page).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
