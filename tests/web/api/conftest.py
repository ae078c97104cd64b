"""Asking the API as programs do."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

START = "/api/v1/"


class Program:
    """One that asks, with or without a token."""

    def __init__(self, token: str = "") -> None:
        self.client = Client()
        self.token = token

    def ask(self, path: str, **headers: str) -> HttpResponse:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        response: Any = self.client.get(START + path, headers=headers)
        answer: HttpResponse = response
        return answer

    def read(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        response = self.ask(path)
        assert response.status_code == 200, (path, response.content)
        return self.json(response)

    def json(self, response: HttpResponse) -> Any:  # noqa: ANN401
        assert response.headers["Content-Type"].startswith("application/json")
        told: Any = response
        return told.json()

    def walk(self, path: str, limit: int = 7) -> Iterator[Any]:
        """The rows of all pages, in their order."""
        after = ""
        while True:
            page = self.read(f"{path}{'&' if '?' in path else '?'}limit={limit}{after}")
            assert len(page["items"]) <= limit
            yield from page["items"]
            if page["next"] is None:
                return
            after = f"&after={page['next']}"


@pytest.fixture
def stranger(settings: Settings) -> Program:
    """Nobody is kept from asking often, unless the test is about that."""
    settings.API_CALLS_A_MINUTE = settings.API_CALLS_A_MINUTE_WITH_TOKEN = 100_000
    return Program()
