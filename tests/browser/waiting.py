import time

from playwright.sync_api import Page

PATIENCE = 20.0


def wait_until(page: Page, expression: str) -> None:
    """Asks from outside the page: Playwright's wait_for_function evaluates text inside, which the policy refuses."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"waited in vain for {expression}"
        page.wait_for_timeout(50)
