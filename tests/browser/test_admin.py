import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect


@pytest.mark.django_db(transaction=True)
def test_the_admin_works_under_the_content_security_policy(browser_page: Page) -> None:
    get_user_model().objects.create_superuser("ada", password="correct horse")
    browser_page.goto("/admin/")
    browser_page.get_by_label("Name").fill("ada")
    browser_page.get_by_label("Password").fill("correct horse")
    browser_page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(browser_page.get_by_role("heading", name="Site administration")).to_be_visible()

    # The theme switch is a script of the admin's own; the user form has most of its widgets.
    browser_page.get_by_role("button", name="Toggle theme").first.click()
    expect(browser_page.locator("html")).to_have_attribute("data-theme", "dark")
    browser_page.goto("/admin/auth/user/add/")
    expect(browser_page.get_by_label("Username")).to_be_visible()
