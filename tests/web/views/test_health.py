from datetime import date

import pytest
from django.test import Client

from tests import cast


@pytest.mark.django_db
def test_it_answers_and_is_never_cached(client: Client) -> None:
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, b"ok\nevidence: none\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 3, 2), b"ok\nevidence: fresh, newest 2026-03-01, 1 days\n"),
        (date(2026, 4, 5), b"ok\nevidence: old, newest 2026-03-01, 35 days\n"),
        (date(2026, 6, 1), b"ok\nevidence: stale, newest 2026-03-01, 92 days\n"),
    ],
)
def test_it_says_how_old_the_evidence_is_and_is_well_all_the_same(
    day: date, said: bytes, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.make_signal(cast.make_vendor(), occurred_on=date(2026, 3, 1))
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)
    response = client.get("/health/")
    assert (response.status_code, response.content) == (200, said)


def test_it_takes_no_posts(client: Client) -> None:
    assert client.post("/health/").status_code == 405
