import pytest
from django.test import Client


@pytest.mark.django_db
def test_it_answers_and_is_never_cached(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


def test_it_takes_no_posts(client: Client) -> None:
    assert client.post("/health/").status_code == 405
