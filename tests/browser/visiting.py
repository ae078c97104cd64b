"""Opening pages as somebody who is signed in."""

from collections.abc import Callable

from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer


def signed_in(page: Page, client: Client, server: LiveServer) -> Callable[[str], Page]:
    """Opens addresses with the session of ``client``."""

    def go(address: str) -> Page:
        cookie = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": server.url}])
        page.goto(address)
        return page

    return go
