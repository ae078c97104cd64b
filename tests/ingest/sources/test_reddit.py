from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from riskboard.ingest.client import BadAnswer, FetchError, HostBusy
from riskboard.ingest.failures import NotConfigured
from riskboard.ingest.models import Feed
from riskboard.ingest.sources import SOURCES
from tests.ingest.sources.outages import OUTAGES
from tests.ingest.stand_ins.reddit import CLIENT_ID, SECRET, TOKEN, Reddit, post
from tests.ingest.stand_ins.serving import Reply, serving
from tests.ingest.watching import START, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def reddit(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reddit]:
    with serving(Reddit()) as stand_in:
        settings.REDDIT_URL = settings.REDDIT_API_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        monkeypatch.setenv("REDDIT_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("REDDIT_CLIENT_SECRET", SECRET)
        yield stand_in


@pytest.fixture
def watch(reddit: Reddit) -> Watch:
    return Watch(Feed.objects.create(slug="llama", name="LocalLLaMA", connector="reddit", address="LocalLLaMA"))


def test_a_post_is_seen_without_its_author(reddit: Reddit, watch: Watch) -> None:
    reddit.posts = [post("a1", START - timedelta(hours=30), "Q&A: Oak <3", selftext="It opens\n\nits weights")]
    [seen] = watch.look().seen
    assert (seen.identity, seen.title, seen.summary) == ("reddit:t3_a1", "Q&A: Oak <3", "It opens its weights")
    assert seen.url == "https://www.reddit.com/r/LocalLLaMA/comments/a1/a_post/"
    assert (seen.publisher, seen.published_on) == ("r/LocalLLaMA", date(2026, 11, 1))
    assert "somebody" not in repr(seen)


def test_a_post_about_an_article_has_the_address_of_the_article(reddit: Reddit, watch: Watch) -> None:
    reddit.posts = [
        post("a1", START, url="https://acorn.example/oak?utm_source=reddit"),
        post("a2", START, url="https://i.redd.it/44f42a.png"),
    ]
    about, image = watch.look().seen
    assert about.url == "https://acorn.example/oak"
    assert image.url == "https://www.reddit.com/r/LocalLLaMA/comments/a2/a_post/"


def test_the_token_is_asked_for_with_the_secret_and_goes_to_the_listing_only(reddit: Reddit, watch: Watch) -> None:
    watch.look()
    asking, listing = reddit.asked
    assert asking.form == {"grant_type": ["client_credentials"]}
    assert asking.headers["authorization"].startswith("Basic ")
    assert listing.token == TOKEN
    assert TOKEN not in repr(watch.feed.cursor)


def test_pages_are_turned_until_there_are_no_more(reddit: Reddit, watch: Watch) -> None:
    reddit.posts = [post(f"a{n}", START - timedelta(minutes=n)) for n in range(250)]
    assert len(watch.look().seen) == 250
    assert [asked.first("after") for asked in reddit.asked[1:]] == ["", "t3_a99", "t3_a199"]


def test_the_next_look_ends_where_the_last_one_began(reddit: Reddit, watch: Watch) -> None:
    reddit.posts = [post(f"a{n}", START - timedelta(hours=n)) for n in range(250)]
    watch.look()
    reddit.posts.insert(0, post("new", START + timedelta(minutes=30)))
    assert "reddit:t3_new" in {seen.identity for seen in watch.look(hours=1).seen}
    assert len(reddit.asked) == 4 + 2


def test_an_old_pinned_post_does_not_end_the_look(reddit: Reddit, watch: Watch) -> None:
    reddit.posts = [post("rules", START - timedelta(days=400), stickied=True), post("a0", START - timedelta(hours=1))]
    watch.look()
    fresh = [post(f"b{n}", START + timedelta(minutes=200 - n)) for n in range(150)]
    reddit.posts = [reddit.posts[0], *fresh, reddit.posts[1]]
    assert {f"reddit:t3_b{n}" for n in range(150)} <= {seen.identity for seen in watch.look(hours=4).seen}


def test_a_gap_that_cannot_be_closed_is_told(reddit: Reddit, watch: Watch) -> None:
    reddit.posts = [post("a0", START - timedelta(hours=1))]
    watch.look()
    reddit.posts = [post(f"b{n}", START + timedelta(days=2, seconds=-n)) for n in range(1500)] + reddit.posts
    assert "more since the last look" in watch.look(days=3).warnings[0]


@pytest.mark.parametrize(
    "taken_back",
    [
        {"title": "[deleted by user]"},
        {"title": "[removed]"},
        {"removed_by_category": "moderator"},
        {"removed_by_category": "deleted"},
    ],
)
def test_what_was_taken_back_is_not_kept(reddit: Reddit, watch: Watch, taken_back: dict[str, str]) -> None:
    reddit.posts = [post("a1", START, **taken_back)]
    assert watch.look().seen == ()


@pytest.mark.parametrize("word", ["[deleted]", "[removed]"])
def test_a_text_that_was_taken_back_is_not_kept(reddit: Reddit, watch: Watch, word: str) -> None:
    reddit.posts = [post("a1", START, "Oak is open", selftext=word, author="[deleted]")]
    [seen] = watch.look().seen
    assert (seen.title, seen.summary) == ("Oak is open", "")


@pytest.mark.parametrize("missing", ["REDDIT_CLIENT_ID", "REDDIT_CLIENT_SECRET"])
def test_without_its_token_it_says_what_is_missing_and_asks_nobody(
    reddit: Reddit, watch: Watch, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(NotConfigured, match=missing):
        watch.look()
    assert reddit.asked == []


def test_the_registry_knows_whether_there_is_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDDIT_CLIENT_SECRET", raising=False)
    assert SOURCES["reddit"].needs_token
    assert not SOURCES["reddit"].has_token
    monkeypatch.setenv("REDDIT_CLIENT_SECRET", SECRET)
    assert SOURCES["reddit"].has_token


def test_a_wrong_secret_is_told_without_showing_it(
    reddit: Reddit, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDDIT_CLIENT_SECRET", "wrong-secret")
    with pytest.raises(BadAnswer) as caught:
        watch.look()
    assert caught.value.reason == "bad_token"
    assert "wrong-secret" not in str(caught.value)


def test_a_redirect_does_not_carry_the_secret_away(reddit: Reddit, watch: Watch) -> None:
    reddit.outages["access_token"] = Reply(307, b"", {"location": f"{reddit.url}/elsewhere"})
    with pytest.raises(BadAnswer):
        watch.look()
    assert reddit.paths() == ["/api/v1/access_token"]


@pytest.mark.parametrize("address", ["", "a/../b", "LocalLLaMA/new?x=", "r/", "привет"])
def test_an_address_that_is_no_subreddit_is_refused(reddit: Reddit, watch: Watch, address: str) -> None:
    watch.feed.address = address
    with pytest.raises(BadAnswer, match="not the name of a subreddit"):
        watch.look()
    assert reddit.asked == []


def test_a_spent_allowance_is_waited_for(reddit: Reddit, watch: Watch) -> None:
    headers = {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "240", "content-type": "application/json"}
    reddit.outages["/new"] = Reply(200, b'{"kind": "Listing", "data": {"children": []}}', headers)
    watch.look()
    with pytest.raises(HostBusy):
        watch.look(seconds=200)
    watch.look(seconds=41)


@OUTAGES
@pytest.mark.parametrize("part", ["access_token", "/new"])
def test_an_outage_changes_nothing(reddit: Reddit, watch: Watch, outage: Reply, part: str) -> None:
    reddit.outages[part] = outage
    with pytest.raises(FetchError):
        watch.look()
    assert watch.feed.cursor == {}


@pytest.mark.parametrize("value", [None, 5, -1, True, [], {}, "x", "\0", 10**30, 1e300, "https://["])
@pytest.mark.parametrize(
    "name", ["name", "title", "permalink", "url", "created_utc", "subreddit", "selftext", "stickied"]
)
def test_a_field_of_any_other_kind_is_no_trouble(reddit: Reddit, watch: Watch, name: str, value: object) -> None:
    child = {"kind": "t3", "data": post("a1", START) | {name: value}}
    reddit.outages["/new"] = Reply.json({"kind": "Listing", "data": {"children": [child, 5], "after": 7}})
    assert all(seen.identity.startswith("reddit:") for seen in watch.look().seen)
