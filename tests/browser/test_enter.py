"""Entering evidence in a real browser: from the keyboard alone, with what changes while typing."""

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from riskboard.catalog.models import Signal
from tests import cast
from tests.browser.visiting import signed_in
from tests.web.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
FORMS = ("signal", "pledge", "license-change", "release")


@pytest.fixture
def player(transactional_db: None) -> cast.Player:
    cast.breaker()
    return cast.keeper()


@pytest.fixture
def open_page(browser_page: Page, player: cast.Player, live_server: LiveServer) -> Callable[[str], Page]:
    """As an analyst who is signed in."""
    user, client = User.objects.create_user("ann", password=PASSWORD), Client()
    user.groups.add(Group.objects.get_or_create(name="analyst")[0])
    client.force_login(user)
    return signed_in(browser_page, client, live_server)


def focus(page: Page, field: str) -> None:
    """Forward with the tab key alone, as far as it takes."""
    target = page.locator(f"#id_{field}")
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("field => field === document.activeElement"):
            return
    raise AssertionError(f"the tab key does not get to {field}")


def test_a_signal_is_entered_from_the_keyboard_alone(open_page: Callable[[str], Page], player: cast.Player) -> None:
    cast.make_signal(player.vendor, "layoffs", date(2026, 5, 20), summary="Perhaps this.")
    page = open_page("/enter/signal/")
    focus(page, "vendor")
    page.keyboard.type("break")
    options = page.get_by_role("listbox", name="Vendor").get_by_role("option")
    expect(options).to_have_count(1)
    page.keyboard.press("Escape")
    expect(options).to_have_count(0)
    vendor = page.get_by_role("combobox", name="Vendor")
    expect(vendor).to_have_value("break")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("e")
    expect(options).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = page.locator(f"#{vendor.get_attribute('aria-activedescendant')}").inner_text()
    page.keyboard.press("Enter")
    expect(vendor).to_have_value(chosen)
    expect(vendor).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("keep")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(vendor).to_have_value(player.vendor.name)

    focus(page, "kind")
    page.keyboard.type("layoffs")
    expect(page.locator("[data-meaning=kind]")).to_contain_text("Staff of the vendor are dismissed")
    focus(page, "summary")
    page.keyboard.type("A fifth of the staff leaves.")
    focus(page, "direction")
    page.keyboard.type("weakens")
    focus(page, "severity")
    page.keyboard.type("3")
    focus(page, "occurred_on")
    page.keyboard.type("2026-05-29")
    expect(page.locator("#preview")).to_contain_text("Perhaps this.")
    expect(page.locator("#preview")).to_contain_text("Still needed:")
    focus(page, "source_url")
    page.keyboard.type("https://news.example/fifth")
    focus(page, "source_reliability")
    page.keyboard.type("B")
    focus(page, "info_credibility")
    page.keyboard.type("2")
    focus(page, "confidence")
    page.keyboard.type("High")
    expect(page.locator("#preview .moves")).to_contain_text("Keeper")
    expect(page.locator("#told")).to_contain_text("Keeper")
    expect(page.locator("#cited")).to_have_text("This page was never cited here before.")
    expect(page.locator("#made-key")).to_contain_text(f"{player.vendor.slug}-20260529-layoffs")
    save = page.get_by_role("button", name="Save", exact=True)
    for _ in range(20):
        page.keyboard.press("Tab")
        if save.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("Recorded: A fifth of the staff leaves.")).to_be_visible()
    recorded = Signal.objects.get(is_local=True)
    assert (recorded.vendor, recorded.kind, recorded.severity) == (player.vendor, "layoffs", 3)


def test_what_names_nothing_stays_and_says_so(open_page: Callable[[str], Page], player: cast.Player) -> None:
    page = open_page("/enter/signal/")
    vendor = page.get_by_role("combobox", name="Vendor")
    vendor.fill("nobody at all")
    expect(page.locator("#id_vendor_none")).to_have_text("There is no vendor called so.")
    vendor.blur()
    expect(vendor).to_have_value("nobody at all")
    expect(page.locator("#id_vendor_none")).to_contain_text("There is no vendor called “nobody at all”")
    vendor.fill(player.vendor.name.upper())
    vendor.blur()
    expect(page.locator("#id_vendor_choice")).to_have_value(player.vendor.slug)
    expect(page.locator("#id_vendor_none")).to_be_hidden()


FAMILIES = (
    ("CodeQwen", "Alpha"),
    ("Big Qwen", "Beta"),
    ("Qwen", "Zeta"),
    ("Qwen Image", "Gamma"),
    ("Codestral", "Mistral AI"),
    ("Mistral 7B", "Mistral"),
    ("Llama", "Meta"),
    ("AllLlama", "Delta"),
    ("Code Llama", "Meta Labs"),
)


def test_a_vendor_that_is_none_is_not_overlooked_beside_a_family(
    open_page: Callable[[str], Page], player: cast.Player, console_errors: list[str]
) -> None:
    page = open_page(f"/enter/signal/?family={player.family.slug}")
    expect(page.locator("#preview")).to_contain_text("Still needed")
    vendor = page.get_by_role("combobox", name="Vendor")
    vendor.press_sequentially("nobody at all")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#problems")).to_contain_text("There is no vendor called 'nobody at all'.")
    expect(vendor).to_have_value("nobody at all")
    vendor.click()
    expect(page.get_by_role("option", name="nobody")).to_have_count(0)
    console_errors.clear()  # the browser notes the status of a refused form


def test_the_panel_says_why_it_knows_no_effect(open_page: Callable[[str], Page], console_errors: list[str]) -> None:
    page = open_page("/enter/signal/")
    page.route("**/enter/signal/preview/", lambda route: route.abort())
    page.get_by_label("Summary").fill("One")
    expect(page.locator("#preview")).to_contain_text("The server cannot be reached")
    page.unroute("**/enter/signal/preview/")
    page.route("**/enter/signal/preview/", lambda route: route.fulfill(status=500, body="no"))
    page.get_by_label("Summary").fill("Two")
    expect(page.locator("#preview")).to_contain_text("The effect could not be computed.")
    page.unroute("**/enter/signal/preview/")
    page.get_by_label("Summary").fill("Three")
    expect(page.locator("#preview")).to_contain_text("Still needed")
    Session.objects.all().delete()
    page.get_by_label("Summary").fill("Four")
    expect(page.locator("#preview")).to_contain_text("You are signed out; what you typed stays here.")
    expect(page.locator("#told")).to_contain_text("You are signed out")
    expect(page.get_by_label("Summary")).to_have_value("Four")
    console_errors.clear()  # the browser notes the status of what was refused


@pytest.mark.parametrize("key", ["Enter", "Tab"])
@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("qwen", "Qwen (Zeta)"),
        ("mistral", "Mistral 7B (Mistral)"),
        ("llama", "Llama (Meta)"),
        ("code ll", "Code Llama (Meta Labs)"),
    ],
)
def test_the_best_named_is_chosen_whichever_key_chooses(
    open_page: Callable[[str], Page], typed: str, label: str, key: str
) -> None:
    for number, (name, vendor) in enumerate(FAMILIES):
        line = cast.make_line(cast.make_vendor(f"maker-{number}", name=vendor))
        cast.make_family(line, f"model-{number}", name=name)
    page = open_page("/enter/signal/")
    family = page.get_by_role("combobox", name="Family")
    family.press_sequentially(typed)
    family.press(key)
    expect(family).to_have_value(label)


def test_a_long_list_is_no_stop_of_the_tab_key(open_page: Callable[[str], Page]) -> None:
    for number in range(30):
        cast.make_vendor(f"alike-{number}", name=f"Alike {number:02}")
    page = open_page("/enter/signal/")
    vendor = page.get_by_role("combobox", name="Vendor")
    vendor.press_sequentially("a")
    expect(page.get_by_role("option", name="Alike 29")).to_be_attached()
    vendor.press("Tab")
    expect(page.get_by_role("combobox", name="Family")).to_be_focused()
    expect(vendor).to_have_value("Alike 00")


def test_faults_get_the_focus_and_lead_to_their_fields(
    open_page: Callable[[str], Page], console_errors: list[str]
) -> None:
    page = open_page("/enter/signal/")
    page.get_by_label("Summary").fill("Kept as it was typed.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#problems")).to_be_focused()
    page.get_by_role("link", name="Vendor: Must not be blank.").click()
    expect(page.get_by_role("combobox", name="Vendor")).to_be_focused()
    expect(page.get_by_label("Summary")).to_have_value("Kept as it was typed.")
    console_errors.clear()  # the browser notes the status of a refused form


def test_a_known_title_is_taken_over_in_place(open_page: Callable[[str], Page]) -> None:
    cast.make_source("https://news.example/known", "As it was cited")
    page = open_page("/enter/signal/")
    page.get_by_label("Address of the source").fill("https://news.example/known")
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_label("Title of the source")).to_have_value("As it was cited")
    expect(page.get_by_label("Title of the source")).to_be_focused()


def test_a_lost_session_loses_no_text(open_page: Callable[[str], Page], console_errors: list[str]) -> None:
    page = open_page("/enter/signal/")
    page.get_by_label("Summary").fill('Typed "for" <an> hour.')
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Your text is still here")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_label("Summary")).to_have_value('Typed "for" <an> hour.')
    console_errors.clear()  # the browser notes the status of what was refused


def test_it_works_without_a_script(browser: Browser, open_page: Callable[[str], Page], player: cast.Player) -> None:
    opened = open_page("/enter/")
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(
        [{"name": each["name"], "value": each["value"], "url": opened.url} for each in opened.context.cookies()]
    )
    page = context.new_page()
    page.goto(f"{opened.url}signal/")
    page.locator("select[name=vendor]").select_option(player.vendor.slug)
    page.get_by_label("Summary").fill("Plainly sent.")
    page.get_by_label("Occurred on").press("Enter")
    expect(page.locator("#preview")).to_contain_text("Still needed: kind")
    expect(page.get_by_label("Summary")).to_have_value("Plainly sent.")
    expect(page.locator("select[name=vendor]")).to_have_value(player.vendor.slug)
    context.close()


def test_on_a_phone_the_effect_is_in_sight_and_covers_no_field(
    open_page: Callable[[str], Page], player: cast.Player
) -> None:
    cast.make_signal(player.vendor, "layoffs", date(2026, 5, 20), summary="Perhaps this.")
    page = open_page("/enter/signal/")
    page.set_viewport_size({"width": 390, "height": 740})
    page.locator("select[name=kind]").select_option("layoffs")
    vendor = page.get_by_role("combobox", name="Vendor")
    vendor.press_sequentially("keep")
    vendor.press("Tab")
    page.get_by_label("Occurred on").fill("2026-05-29")
    line = page.locator(".glance a")
    expect(line).to_have_text("Effect not known yet · 1 looks alike")
    expect(line).to_be_in_viewport(ratio=1)
    for _ in range(12):
        page.keyboard.press("Tab")
        lowest = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
        assert lowest <= page.evaluate("document.querySelector('.glance').getBoundingClientRect().top")
    line.click()
    expect(page.locator("#look")).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_are_accessible_and_fit_a_phone(
    open_page: Callable[[str], Page], player: cast.Player, scheme: str
) -> None:
    page = open_page("/enter/")
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.set_viewport_size({"width": 360, "height": 740})
    made = cast.make_pledge(player.vendor)
    for address in ("/enter/", *(f"/enter/{kind}/" for kind in FORMS), f"/pledges/{made.key}/rule/"):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
        for box in page.locator("input[role=combobox]").all()[:1]:
            box.click()
        assert Axe().run(page).response["violations"] == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
