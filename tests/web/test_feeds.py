from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from riskboard.ingest.models import Feed, Run
from tests import cast

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def make_feed(name: str, connector: str = "feeds", **fields: object) -> Feed:
    usual: dict[str, object] = {"last_ok_at": NOW - timedelta(hours=1), "next_run_at": NOW + timedelta(minutes=30)}
    slug = name.lower().replace(" ", "-")
    return Feed.objects.create(slug=slug, name=name, connector=connector, **{**usual, **fields})


def look(feed: Feed, ago: timedelta, outcome: str = "new", **fields: object) -> Run:
    at = NOW - ago
    return Run.objects.create(feed=feed, started_at=at, finished_at=at, outcome=outcome, **fields)


def get(client: Client, address: str = "/sources/", status: int = 200, headers: dict[str, str] | None = None) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == status
    return unescape(response.content.decode())


def row_of(page: str, name: str) -> str:
    return next(row for row in page.split("<tr>") if f">{name}</a>" in row)


def test_a_feed_says_when_it_last_worked_what_it_brought_and_when_it_is_next(client: Client) -> None:
    vendor = cast.make_vendor()
    feed = make_feed("Daily news", vendor=vendor, expected_per_month=40, reliability="B")
    look(feed, timedelta(days=2), new=7)
    look(feed, timedelta(days=20), new=5)
    look(feed, timedelta(days=31), new=100)
    row = row_of(get(client), "Daily news")
    assert "24 Nov 2026<small>11:00 UTC" in row
    assert "12<small>of about 40" in row
    assert "24 Nov 2026<small>12:30 UTC" in row
    assert "B: usually reliable" in row
    assert f'href="{vendor.get_absolute_url()}"' in row
    assert ">fine<" in row


def test_a_failing_feed_says_since_when_and_why(client: Client) -> None:
    make_feed("Broken", failing_since=NOW - timedelta(days=3), failures=9, last_error="It answers <503>.")
    row = row_of(get(client), "Broken")
    assert ">failing<" in row
    assert "since 21 Nov 2026, 12:00 UTC, 9 times in a row: It answers <503>." in row
    assert b"&lt;503&gt;" in client.get("/sources/").content


def test_a_feed_that_fell_silent_raises_an_alarm(client: Client) -> None:
    feed = make_feed("Silent", expected_per_month=40)
    look(feed, timedelta(days=45), new=3)
    look(feed, timedelta(days=1), "nothing_new")
    assert ">quiet<" in row_of(get(client), "Silent")


def test_a_missing_token_is_said_by_its_name(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REDDIT_CLIENT_SECRET", "REDDIT_CLIENT_ID", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    make_feed("LocalLLaMA", "reddit", last_ok_at=None)
    code = make_feed("Their code", "github")
    page = get(client)
    both = "Set <code>REDDIT_CLIENT_SECRET</code> and <code>REDDIT_CLIENT_ID</code> for it to be read."
    assert both in row_of(page, "LocalLLaMA")
    assert "GITHUB_TOKEN" not in row_of(page, "Their code"), "said once for all of its kind"
    wider = "set <code>GITHUB_TOKEN</code> for wider ones"
    assert page.count(wider) == 1
    assert wider in get(client, f"/sources/feeds/{code.pk}/")
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_canary")
    monkeypatch.setenv("REDDIT_CLIENT_ID", "script")
    page = get(client)
    assert "Set <code>REDDIT_CLIENT_SECRET</code> for it to be read." in row_of(page, "LocalLLaMA")
    assert "GITHUB_TOKEN" not in page
    assert "ghp_canary" not in page


def test_who_does_not_say_how_to_be_reached_is_told_what_that_costs(client: Client, settings: Settings) -> None:
    settings.INGEST_USER_AGENT_CONTACT = ""
    make_feed("Acorn filings", "sec_edgar", last_ok_at=None)
    page = get(client)
    assert "Set <code>INGEST_USER_AGENT_CONTACT</code> for it to be read." in row_of(page, "Acorn filings")
    assert "SEC EDGAR is not asked without it." in page
    settings.INGEST_USER_AGENT_CONTACT = "mailto:operator@example.org"
    page = get(client)
    assert ">not looked at yet<" in row_of(page, "Acorn filings")
    assert "how to reach whoever runs it." in page
    assert "operator@" not in page


def test_a_feed_of_which_nobody_says_what_to_expect_is_measured_by_its_past(client: Client) -> None:
    feed = make_feed("Silent")
    for days, new in ((200, 50), (150, 30), (80, 30)):
        look(feed, timedelta(days=days), new=new)
    row = row_of(get(client, "/sources/?state=quiet"), "Silent")
    assert "0<small>usually about 15" in row
    assert "usually about 15" in get(client, f"/sources/feeds/{feed.pk}/")
    make_feed("New here")
    assert "usual number not known yet" in row_of(get(client), "New here")


def test_what_is_switched_off_says_so(client: Client, settings: Settings) -> None:
    make_feed("Daily news")
    assert "Polling is switched off" not in get(client)
    settings.INGEST_ENABLED = False
    page = get(client)
    assert "Polling is switched off here" in page
    assert ">none<" in row_of(page, "Daily news")


def test_a_machine_without_a_way_out_is_told_from_a_place_that_fails(client: Client) -> None:
    failing: dict[str, object] = {"failing_since": NOW, "last_error": "Its name is not known.", "last_ok_at": None}
    make_feed("News", "feeds", **failing)
    make_feed("More news", "feeds", **failing)
    assert "No place can be reached" not in get(client)
    make_feed("Code", "github", **failing)
    make_feed("Not yet", "gdelt", last_ok_at=None)
    assert "No place can be reached" in get(client)
    make_feed("Fine", "hacker_news")
    assert "No place can be reached" not in get(client)


def test_each_kind_of_place_is_summed_up(client: Client) -> None:
    look(make_feed("First", "hacker_news", last_ok_at=NOW - timedelta(days=2)), timedelta(days=2), new=4)
    look(make_feed("Second", "hacker_news"), timedelta(days=3), new=5)
    make_feed("Third", "hacker_news", failing_since=NOW, failures=1, last_error="It does not answer.")
    kinds = get(client).split('id="kinds"')[1]
    row = next(row for row in kinds.split("<tr>") if "Hacker News" in row)
    assert 'href="?connector=hacker_news"' in row
    assert ">3<" in row
    assert "failing 1" in row
    assert "fine 2" in row
    assert "11:00 UTC" in row
    assert ">9<" in row


def test_what_needs_somebody_comes_first(client: Client) -> None:
    make_feed("Fine")
    make_feed("Off", is_enabled=False)
    make_feed("Failing", failing_since=NOW, failures=1, last_error="It does not answer.")
    page = get(client)
    assert page.index(">Failing</a>") < page.index(">Off</a>") < page.index(">Fine</a>")


def test_filters_are_addresses_and_parts(client: Client) -> None:
    make_feed("Fine")
    make_feed("Off", is_enabled=False)
    make_feed("Code", "github")
    page = get(client, "/sources/?state=off")
    assert ">Off</a>" in page
    assert ">Fine</a>" not in page
    acorn = cast.make_vendor()
    make_feed("Acorn news", vendor=acorn)
    page = get(client, f"/sources/?vendor={acorn.slug}")
    assert ">Acorn news</a>" in page
    assert ">Fine</a>" not in page
    part = get(client, "/sources/?connector=github", headers={"HX-Request": "true"})
    assert "<html" not in part
    assert ">Code</a>" in part
    assert ">Fine</a>" not in part
    assert "HX-Request" in client.get("/sources/").headers["Vary"]
    assert "No place passes these filters." in get(client, "/sources/?state=quiet")


def test_what_the_page_does_not_know_is_refused(client: Client) -> None:
    get(client, "/sources/?state=odd", 400)
    get(client, "/sources/?order_by=password", 400)
    get(client, "/sources/?page=9", 404)
    get(client, "/sources/feeds/999/", 404)


def test_without_any_feed_it_says_what_that_means(client: Client) -> None:
    assert "nothing new arrives by itself" in get(client)


def test_every_look_is_on_the_page_of_the_feed(client: Client) -> None:
    feed = make_feed("Daily news", address="https://news.example/feed?key=secret", note="Free for all.")
    for hours in range(51):
        look(feed, timedelta(hours=hours), "nothing_new", seen=hours)
    look(feed, timedelta(hours=60), "failed", error="It answers <b>.")
    page = get(client, f"/sources/feeds/{feed.pk}/")
    assert "52 looks" in page
    assert "1–50 of 52" in page
    assert "news.example" in page
    assert "secret" not in page
    assert "Free for all." in page
    last = get(client, f"/sources/feeds/{feed.pk}/?page=2")
    assert "failed<small>It answers <b>.</small>" in last
    assert "<b>." not in client.get(f"/sources/feeds/{feed.pk}/?page=2").content.decode()


def test_a_feed_whose_connector_is_gone_still_shows(client: Client) -> None:
    feed = make_feed("Relic", "gopher")
    assert "gopher" in row_of(get(client), "Relic")
    assert "gopher" in get(client, f"/sources/feeds/{feed.pk}/")


def test_many_feeds_take_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(60):
        look(make_feed(f"Feed {number}", vendor=cast.make_vendor()), timedelta(days=1), new=1)
    with django_assert_max_num_queries(12):
        assert "1–50 of 60" in get(client)


def test_the_page_of_a_cited_source_stays_where_it_was(client: Client) -> None:
    source = cast.make_source()
    assert source.get_absolute_url() == f"/sources/{source.pk}/"
    get(client, source.get_absolute_url())
