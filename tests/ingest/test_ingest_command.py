"""``manage.py ingest`` and ``manage.py loadfeeds``: what they do, and what they say."""

import csv
import io
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from riskboard.catalog.models import Vendor
from riskboard.ingest import polling
from riskboard.ingest.classify import Label
from riskboard.ingest.client import Client, FetchError
from riskboard.ingest.drafts import Catch
from riskboard.ingest.guard import parse_address
from riskboard.ingest.holds import HOLD, due_feeds
from riskboard.ingest.models import Feed, Item
from riskboard.ingest.seeding import SHIPPED, load_feeds
from riskboard.ingest.sources import (
    SOURCES,
    Connector,
    bluesky,
    github,
    hugging_face,
    reddit,
    sec_edgar,
)
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import HOUR

pytestmark = pytest.mark.django_db
HEADER = "slug,name,connector,address,vendor,reliability,expected_per_month,options\n"


@pytest.fixture(autouse=True)
def _simple_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "classify", lambda *_: Label(False, "", "", "", "", None, 0.9, (), "en"))


def said(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_once_looks_at_every_due_feed_and_sums_up_by_source(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(seen=(desk.seen("One"), desk.seen("Two")), warnings=("Recovered: a tag.",)))
    desk.make_feed("first")
    desk.make_feed("second")
    desk.make_feed("off", is_enabled=False)
    desk.make_feed("broken", connector="carrier-pigeon")
    text = said("ingest", "--once")
    assert "[1/3] First: 2 new of 2\n    Recovered: a tag.\n" in text
    assert "[3/3] Broken: FAILED: There is no connector called 'carrier-pigeon'.\n" in text
    table = {line.split()[0]: line.split()[1:] for line in text.splitlines()[-2:]}
    assert table == {"Desk": ["2", "4", "4", "0"], "carrier-pigeon": ["1", "0", "0", "1"]}
    assert Item.objects.count() == 4


def test_a_second_round_finds_nothing_due_and_says_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch())
    desk.make_feed("first")
    assert "nothing new of 0" in said("ingest", "--once")
    assert "No feed is due before" in said("ingest", "--once")


def test_one_feed_or_one_connector_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = desk.connect(monkeypatch, Catch())
    desk.make_feed("first")
    desk.make_feed("second")
    desk.make_feed("other", connector="feeds")
    said("ingest", "--source", "second", "--once")
    assert [feed.slug for feed in asked] == ["second"]
    said("ingest", "--source", "desk", "--once")
    assert [feed.slug for feed in asked] == ["second", "first"]
    with pytest.raises(CommandError, match="no feed and no connector called 'nothing'"):
        said("ingest", "--source", "nothing", "--once")


def test_when_every_feed_fails_so_does_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, FetchError("The host does not answer."))
    desk.make_feed("first")
    out = io.StringIO()
    with pytest.raises(CommandError, match="No feed could be read"):
        call_command("ingest", "--once", stdout=out)
    assert "[1/1] First: FAILED: The host does not answer." in out.getvalue()


def test_without_once_it_goes_on_until_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = desk.connect(monkeypatch, Catch(seen=(desk.seen("One"),)))
    feed = desk.make_feed("first")
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        Feed.objects.filter(pk=feed.pk).update(next_run_at=timezone.now())
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", pause)
    text = said("ingest")
    assert "\nStopped." in text
    assert text.splitlines()[-1].split() == ["Desk", "2", "2", "1", "0"]
    assert (len(asked), pauses) == (2, [10.0, 10.0])


def test_stopped_in_the_middle_of_a_look_it_leaves_the_feed_due_and_sums_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(_client: Client, feed: Feed, _now: datetime) -> Catch:
        if feed.slug == "second":
            raise KeyboardInterrupt
        return Catch(seen=(desk.seen("One"),))

    desk.connect(monkeypatch, fetch)
    for name in ("first", "second", "third"):
        desk.make_feed(name)
    text = said("ingest", "--once")
    assert "[2/3] Second: \nStopped." in text
    assert text.splitlines()[-1].split() == ["Desk", "1", "1", "1", "0"]
    assert [feed.slug for feed in due_feeds(timezone.now())] == ["second", "third"]


def test_stopped_in_its_first_look_it_says_no_more_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(_client: Client, _feed: Feed, _now: datetime) -> Catch:
        raise KeyboardInterrupt

    desk.connect(monkeypatch, fetch)
    desk.make_feed("first")
    assert said("ingest", "--once") == ("[1/1] First: \nStopped. What a look had not finished is looked at again.\n")


def test_what_was_proposed_is_counted_by_table(monkeypatch: pytest.MonkeyPatch) -> None:
    player = cast.keeper()
    drafts = tuple(
        desk.draft(f"signals:{number}", "signals", desk.signal_texts(player), is_machine_verified=False)
        for number in range(3)
    )
    desk.connect(monkeypatch, Catch(drafts=drafts))
    desk.make_feed("first")
    assert said("ingest", "--once").endswith("Proposed: 3 signals.\n")
    assert "Proposed" not in said("ingest", "--once", "--now")


def test_now_does_not_wait_until_feeds_are_due(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = desk.connect(monkeypatch, Catch())
    desk.make_feed("first", next_run_at=timezone.now() + HOUR)
    desk.make_feed("taken", next_run_at=timezone.now() + HOLD / 2)
    desk.make_feed("off", next_run_at=timezone.now() + HOUR, is_enabled=False)
    assert "--now does not wait" in said("ingest", "--once")
    said("ingest", "--once", "--now")
    assert [feed.slug for feed in asked] == ["first"], "not what another look has in hand, not what is switched off"


def test_where_nothing_may_be_asked_for_outside_it_says_so(settings: Settings) -> None:
    settings.INGEST_ENABLED = False
    with pytest.raises(CommandError, match="INGEST_ENABLED is false"):
        said("ingest", "--once")


def test_a_source_that_is_not_there_is_told_with_what_is() -> None:
    desk.make_feed("hub-qwen")
    with pytest.raises(CommandError, match=r"connectors: bluesky, .*; feeds called alike: hub-qwen"):
        said("ingest", "--source", "hub-qwne", "--once")
    with pytest.raises(CommandError, match="feeds are listed at /sources/"):
        said("ingest", "--source", "xyz", "--once")


def test_an_empty_board_says_how_to_get_feeds() -> None:
    assert "loadfeeds" in said("ingest", "--once")


# Seeds ---------------------------------------------------------------------------------------------


def test_what_ships_is_loaded_once_and_what_was_changed_here_stays() -> None:
    with SHIPPED.open(encoding="utf-8") as file:
        vendors = sorted({row["vendor"] for row in csv.DictReader(file) if row["vendor"]})
    for slug in vendors:
        cast.make_vendor(slug)
    first = load_feeds()
    assert first.skipped == []
    assert first.added == Feed.objects.count() > 100
    Feed.objects.filter(slug="openrouter").update(is_enabled=False, every_minutes=5)
    again = load_feeds()
    assert (again.added, again.there) == (0, first.added)
    feed = Feed.objects.get(slug="openrouter")
    assert (feed.is_enabled, feed.every_minutes) == (False, 5)


def test_every_shipped_feed_has_a_connector_a_vendor_we_ship_and_the_terms_of_its_place() -> None:
    call_command("loadevidence", stdout=io.StringIO())
    assert load_feeds().skipped == []
    for feed in Feed.objects.select_related("vendor"):
        connector = SOURCES[feed.connector]
        assert (feed.every_minutes, feed.note) == (connector.every_minutes, connector.terms[:300])
        assert feed.address or feed.connector == "openrouter", feed.slug
        is_search = feed.connector == "sec_edgar" and not sec_edgar.CIK.match(feed.address)
        if feed.connector in {"hugging_face", "github", "sec_edgar"} and not is_search:
            assert feed.vendor is not None, feed.slug
    with_hub = set(Vendor.objects.exclude(hf_org="").values_list("hf_org", flat=True))
    assert with_hub <= set(Feed.objects.filter(connector="hugging_face").values_list("address", flat=True))
    places = Feed.objects.values_list("connector", "address")
    assert len(set(places)) == len(places)


def test_every_connector_has_a_feed_and_every_address_is_one_of_its_kind() -> None:
    with SHIPPED.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    by_connector = {name: [row["address"] for row in rows if row["connector"] == name] for name in SOURCES}
    assert all(by_connector.values())
    patterns = {"bluesky": bluesky.ACTOR, "github": github.ADDRESS, "reddit": reddit.SUBREDDITS}
    for name, pattern in {**patterns, "hugging_face": hugging_face.ORGANIZATION}.items():
        assert all(pattern.match(address) for address in by_connector[name]), name
    for address in by_connector["feeds"]:
        assert parse_address(address, frozenset()).scheme == "https"


def test_a_feed_of_an_unknown_vendor_or_connector_is_skipped_in_a_sentence(tmp_path: Path) -> None:
    listed = tmp_path / "feeds.csv"
    listed.write_text(
        HEADER + "a,A,feeds,https://a.example,nobody,C,,\nb,B,pigeon,x,,C,,\nc,C,feeds,https://c.example,,C,12,\n"
    )
    text = said("loadfeeds", str(listed))
    assert "1 feeds added" in text
    assert "there is no vendor 'nobody'" in text
    assert "there is no connector called 'pigeon'" in text
    assert Feed.objects.get().expected_per_month == 12


@pytest.mark.parametrize("content", ["slug,name\na,b\n", HEADER + "a,A,feeds,https://a.example,,C,many,\n", "\x00"])
def test_what_is_no_list_of_feeds_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    listed = tmp_path / "feeds.csv"
    listed.write_text(content)
    if content == "\x00":
        listed.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="is no list of feeds"):
        said("loadfeeds", str(listed))
    assert not Feed.objects.exists()


def test_a_connector_is_one_line_for_the_command_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOURCES, "another", Connector(lambda *_: Catch(), "Another place", every_minutes=60))
    desk.make_feed("first", connector="another")
    assert "Another place" in said("ingest", "--once")
