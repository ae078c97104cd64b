import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests import cast

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("players")]


@pytest.fixture
def players(transactional_db: None) -> None:
    cast.keeper()
    cast.hedger()


def test_a_model_is_found_from_the_keyboard_alone(browser_page: Page) -> None:
    browser_page.goto("/")
    browser_page.keyboard.press("/")
    box = browser_page.get_by_label("Which model do you run?")
    expect(box).to_be_focused()
    browser_page.keyboard.type("keeper")
    result = browser_page.locator("#found").get_by_role("link", name="KeeperLM")
    expect(result).to_be_visible()
    expect(browser_page.locator("#found-count")).to_contain_text("found for “keeper”.")
    assert Axe().run(browser_page).response["violations"] == []

    for _ in range(4):
        browser_page.keyboard.press("Tab")
        if result.evaluate("link => link === document.activeElement"):
            break
    expect(result).to_be_focused()
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/models/keeper-lm/")


def test_enter_lands_on_the_one_release_of_a_hub_id(browser_page: Page) -> None:
    vendor = cast.make_vendor("acme")
    cast.make_release(cast.make_family(cast.make_line(vendor), slug="acme-lm"), slug="acme-7b", hf_repo="Acme/Acme-7B")
    browser_page.goto("/")
    browser_page.get_by_label("Which model do you run?").fill("https://huggingface.co/Acme/Acme-7B")
    browser_page.keyboard.press("Enter")
    browser_page.wait_for_url("**/models/acme-lm/acme-7b/")


@pytest.mark.parametrize("query", ["keeper", "hedger/unheard-of", "nobody-at-all", ""])
def test_results_are_accessible_and_fit_a_phone(browser_page: Page, query: str) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.goto(f"/search/?q={query}")
    assert Axe().run(browser_page).response["violations"] == []
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 360
