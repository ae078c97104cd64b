"""A board that nobody feeds says so, calmly, on every page."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from riskboard.ingest.models import Feed
from riskboard.web.freshness import freshness
from tests import cast
from tests.ingest.releases import make_release

pytestmark = pytest.mark.django_db
NEWEST = date(2026, 3, 1)
NOTICE = "Evidence last arrived on"


@pytest.fixture(autouse=True)
def evidence(db: None) -> None:
    cache.clear()
    cast.make_signal(cast.make_vendor(), occurred_on=NEWEST)


def at(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)


def get(client: Client, address: str = "/licenses/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def fed_on(day: date) -> None:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    Feed.objects.create(slug=f"feed-{day}", name="Feed", connector="feeds", last_ok_at=at)
    Feed.objects.get_or_create(slug="never", name="Never", connector="feeds")


def test_every_page_says_when_evidence_last_arrived_and_how_to_get_more(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(NEWEST + timedelta(days=46), monkeypatch)
    for address in ("/", "/licenses/", "/data/", "/method/"):
        page = get(client, address)
        assert "Evidence last arrived on 1 Mar 2026: 46 days ago." in page
        assert 'href="/data/#fresh"' in page
        assert page.count('class="banner"') == 1
    assert 'id="fresh"' in get(client, "/data/")


def test_within_its_time_it_only_says_how_old_it_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at(NEWEST + timedelta(days=30), monkeypatch)
    page = get(client)
    assert "Newest evidence 1 Mar 2026, 30 days old." in page
    assert 'class="banner"' not in page
    at(NEWEST + timedelta(days=45), monkeypatch)
    page = get(client)
    assert NOTICE not in page
    assert "The newest evidence here is 45 days old" in page


def test_a_feed_that_answers_is_a_sign_that_nothing_was_missed(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at(NEWEST + timedelta(days=100), monkeypatch)
    fed_on(NEWEST + timedelta(days=54))
    assert NOTICE in get(client)
    cache.clear()
    fed_on(NEWEST + timedelta(days=55))
    page = get(client)
    assert NOTICE not in page
    assert "The newest evidence here is 100 days old" in page


def test_a_release_without_news_says_that_there_was_none(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = datetime(2026, 4, 10, tzinfo=UTC)
    make_release(made, newest_on=NEWEST)
    at(date(2026, 5, 25), monkeypatch)
    page = get(client)
    assert NOTICE not in page
    assert '<a href="/sources/releases/">Release 20260410000000</a> installed 10 Apr 2026.' in page
    at(date(2026, 5, 26), monkeypatch)
    assert "Evidence last arrived on 10 Apr 2026: 46 days ago." in get(client)


def test_the_operator_says_how_long_is_long(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    at(NEWEST + timedelta(days=10), monkeypatch)
    assert NOTICE not in get(client)
    settings.EVIDENCE_STALE_AFTER_DAYS = 9
    assert NOTICE in get(client)


def test_the_data_page_tells_where_evidence_comes_from(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at(date(2026, 4, 20), monkeypatch)
    page = get(client, "/data/")
    assert 'No <a href="/sources/releases/">signed release</a> was installed yet.' in page
    assert 'No <a href="/sources/">feed</a> ever answered.' in page
    cache.clear()
    make_release(datetime(2026, 4, 10, tzinfo=UTC))
    fed_on(date(2026, 4, 19))
    page = get(client, "/data/")
    assert '<a href="/sources/releases/">20260410000000</a>, was installed on 10 Apr 2026.' in page
    assert 'A <a href="/sources/">feed</a> last answered on 19 Apr 2026.' in page


def test_an_empty_board_is_not_called_stale(client: Client) -> None:
    cache.clear()
    from riskboard.catalog.models import Signal

    Signal.objects.all().delete()
    found = freshness(date(2026, 12, 1))
    assert (found.newest_on, found.arrived_on, found.is_stale, found.is_old) == (None, None, False, False)


def test_it_is_asked_for_once_and_kept(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    cache.clear()
    day = date(2026, 4, 1)
    with django_assert_num_queries(2):  # the version of the evidence, and this
        assert freshness(day).newest_on == NEWEST
    with django_assert_num_queries(1):
        assert freshness(day).newest_on == NEWEST
