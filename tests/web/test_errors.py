"""What a reader sees when something is wrong, and what a monitor sees when it only asks whether a page is there."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_an_unknown_page_offers_to_search_for_its_last_word(client: Client) -> None:
    response = client.get("/lines/qwen-9000/")
    assert response.status_code == 404
    assert 'value="qwen-9000"' in response.text
    assert "Nothing here" in response.text


def test_an_unknown_parameter_is_named(client: Client) -> None:
    response = client.get("/vendors/?colour=blue")
    assert response.status_code == 400
    assert "colour" in response.text


def test_a_hostile_address_is_only_text(client: Client) -> None:
    response = client.get("/vendors/", {"<script>alert(1)</script>": "1"})
    assert response.status_code == 400
    assert "<script>alert" not in response.text


@pytest.mark.parametrize("name", ["board", "vendors", "pledges", "licenses", "signals", "method", "data", "search"])
def test_a_page_can_be_asked_for_without_its_body(client: Client, name: str) -> None:
    response = client.head(reverse(name))
    assert response.status_code == 200
    assert response.content == b""


def test_a_failure_of_ours_says_so_without_the_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("riskboard.web.views.method.method_page", fail)
    client.raise_request_exception = False
    response = client.get("/method/")
    assert response.status_code == 500
    assert "Something failed on our side" in response.text
    assert "secret detail" not in response.text
