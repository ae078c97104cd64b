from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from riskboard.ingest.client import BadAnswer, FetchError
from riskboard.ingest.models import Feed
from tests.ingest.sources.outages import OUTAGES
from tests.ingest.stand_ins.bluesky import DID, HANDLE, Bluesky, said, stamp
from tests.ingest.stand_ins.serving import Reply, serving
from tests.ingest.watching import START, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def bluesky(settings: Settings) -> Iterator[Bluesky]:
    with serving(Bluesky()) as stand_in:
        settings.BLUESKY_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        yield stand_in


@pytest.fixture
def watch(bluesky: Bluesky) -> Watch:
    return Watch(Feed.objects.create(slug="acorn", name="Acorn", connector="bluesky", address=f"@{HANDLE}"))


def identities(*keys: str) -> set[str]:
    return {f"at://{DID}/app.bsky.feed.post/{key}" for key in keys}


def test_a_post_is_seen_at_an_address_that_outlives_a_change_of_handle(bluesky: Bluesky, watch: Watch) -> None:
    bluesky.entries = [said("3k1", START - timedelta(days=1), "Oak stays open.\nPromised.")]
    [seen] = watch.look().seen
    assert seen.url == f"https://bsky.app/profile/{DID}/post/3k1"
    assert seen.title == "Oak stays open. Promised."
    assert (seen.publisher, seen.language, seen.published_on) == (f"@{HANDLE}", "en", date(2026, 11, 1))


@pytest.mark.parametrize("claimed", ["1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "", "yesterday"])
def test_what_the_author_claims_to_be_the_date_is_not_believed(bluesky: Bluesky, watch: Watch, claimed: str) -> None:
    bluesky.entries = [said("3k1", START - timedelta(days=1), "Oak", created=claimed)]
    assert watch.look().seen[0].published_on == date(2026, 11, 1)


def test_pages_are_turned_with_the_cursor(bluesky: Bluesky, watch: Watch) -> None:
    bluesky.entries = [said(f"k{n}", START - timedelta(hours=n), f"Post {n}") for n in range(230)]
    assert len(watch.look().seen) == 230
    assert [asked.first("cursor") for asked in bluesky.asked] == ["", "100", "200"]


def test_the_next_look_ends_where_the_last_one_began(bluesky: Bluesky, watch: Watch) -> None:
    bluesky.entries = [said(f"k{n}", START - timedelta(hours=n), f"Post {n}") for n in range(230)]
    watch.look()
    bluesky.entries.insert(0, said("new", START + timedelta(minutes=5), "New"))
    assert identities("new") <= {seen.identity for seen in watch.look(hours=1).seen}
    assert len(bluesky.asked) == 3 + 1


def test_what_others_wrote_is_left_to_them(bluesky: Bluesky, watch: Watch) -> None:
    repost = said("theirs", START - timedelta(days=900), "Not ours")
    repost["reason"] = {"$type": "app.bsky.feed.defs#reasonRepost", "by": {"did": DID}, "indexedAt": stamp(START)}
    bluesky.entries = [repost, said("ours", START - timedelta(hours=1), "Ours")]
    assert {seen.identity for seen in watch.look().seen} == identities("ours")


def test_an_old_pinned_post_does_not_end_the_look(bluesky: Bluesky, watch: Watch) -> None:
    pinned = said("pinned", START - timedelta(days=900), "Who we are")
    pinned["reason"] = {"$type": "app.bsky.feed.defs#reasonPin"}
    bluesky.entries = [pinned, said("old", START - timedelta(hours=1), "Old")]
    watch.look()
    fresh = [said(f"k{n}", START + timedelta(minutes=200 - n), f"Post {n}") for n in range(150)]
    bluesky.entries = [pinned, *fresh, *bluesky.entries[1:]]
    assert identities(*(f"k{n}" for n in range(150))) <= {seen.identity for seen in watch.look(hours=4).seen}


def test_a_post_that_only_points_says_what_it_points_at(bluesky: Bluesky, watch: Watch) -> None:
    external = {"uri": "https://acorn.example/oak", "title": "Oak 3", "description": "Open weights"}
    embed = {"$type": "app.bsky.embed.external#view", "external": external}
    bluesky.entries = [said("3k1", START, "", embed=embed), said("3k2", START, "")]
    [seen] = watch.look().seen
    assert (seen.title, seen.summary) == ("Oak 3", "Oak 3 · Open weights")


def test_an_unknown_account_is_told_in_the_words_of_the_host(bluesky: Bluesky, watch: Watch) -> None:
    watch.feed.address = "nobody.example"
    with pytest.raises(BadAnswer, match="Profile not found"):
        watch.look()


@pytest.mark.parametrize("address", ["", "acorn", "did:plc:", "a.example&limit=1", "acorn.example/x"])
def test_an_address_that_is_no_account_is_refused(bluesky: Bluesky, watch: Watch, address: str) -> None:
    watch.feed.address = address
    with pytest.raises(BadAnswer, match="neither a handle nor a DID"):
        watch.look()
    assert bluesky.asked == []


@OUTAGES
def test_an_outage_changes_nothing(bluesky: Bluesky, watch: Watch, outage: Reply) -> None:
    bluesky.entries = [said("3k1", START - timedelta(days=1), "Oak")]
    cursor = watch.look().cursor
    bluesky.outage = outage
    with pytest.raises(FetchError):
        watch.look(hours=1)
    assert watch.feed.cursor == cursor


@pytest.mark.parametrize("value", [None, 5, True, [], {}, "x", "\0", 10**30, [[5]], {"text": 7}])
@pytest.mark.parametrize("name", ["uri", "author", "record", "indexedAt", "embed"])
def test_a_field_of_any_other_kind_is_no_trouble(bluesky: Bluesky, watch: Watch, name: str, value: object) -> None:
    odd = said("3k1", START, "Oak")
    odd["post"][name] = value
    bluesky.outage = Reply.json({"feed": [odd, 5, {"post": 5}], "cursor": 5})
    assert {seen.identity for seen in watch.look().seen} <= identities("3k1")


def test_a_cursor_that_leads_in_a_circle_ends_the_look(bluesky: Bluesky, watch: Watch) -> None:
    bluesky.outage = Reply.json({"feed": [said("3k1", START, "Oak")], "cursor": "same"})
    assert len(watch.look().seen) == 1
    assert len(bluesky.asked) == 2
