from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from riskboard.ingest.client import FetchError
from riskboard.ingest.models import Feed
from tests.ingest.sources.outages import OUTAGES
from tests.ingest.stand_ins.hacker_news import HackerNews, story
from tests.ingest.stand_ins.serving import Asked, Reply, serving
from tests.ingest.watching import START, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def hacker_news(settings: Settings) -> Iterator[HackerNews]:
    with serving(HackerNews()) as stand_in:
        settings.HACKER_NEWS_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        yield stand_in


@pytest.fixture
def watch(hacker_news: HackerNews) -> Watch:
    return Watch(Feed.objects.create(slug="hn", name="Stories", connector="hacker_news", address=""))


def test_a_story_is_seen_with_the_article_it_links_to(hacker_news: HackerNews, watch: Watch) -> None:
    hacker_news.stories = [story(17, START - timedelta(days=2), "Oak 3 &amp; friends", story_text="<p>I&#x27;m in</p>")]
    [seen] = watch.look().seen
    assert seen.identity == "hn:17"
    assert (seen.title, seen.summary) == ("Oak 3 & friends", "I'm in")
    assert seen.url == "https://news.example.org/17"
    assert seen.published_on == date(2026, 10, 31)


def test_a_question_links_to_its_discussion(hacker_news: HackerNews, watch: Watch) -> None:
    asking = story(18, START - timedelta(days=2), "Ask HN: which model?")
    del asking["url"]
    hacker_news.stories = [asking]
    assert watch.look().seen[0].url == "https://news.ycombinator.com/item?id=18"


def test_marked_up_highlights_are_never_read(hacker_news: HackerNews, watch: Watch) -> None:
    hacker_news.stories = [story(19, START - timedelta(days=2), "Plain")]
    assert "<em>" not in repr(watch.look().seen)


def test_every_page_of_a_window_is_read(hacker_news: HackerNews, watch: Watch) -> None:
    hacker_news.stories = [story(n, START - timedelta(hours=n)) for n in range(1, 251)]
    assert len(watch.look().seen) == 250
    assert [asked.first("page") for asked in hacker_news.asked] == ["0", "1", "2"]


def test_what_no_search_hands_out_whole_is_read_in_smaller_windows(hacker_news: HackerNews, watch: Watch) -> None:
    hacker_news.stories = [story(n, START - timedelta(minutes=n * 15)) for n in range(1, 2501)]
    catch = watch.look()
    assert {seen.identity for seen in catch.seen} == {f"hn:{n}" for n in range(1, 2501)}
    assert catch.warnings == ()


def test_what_is_too_much_for_one_look_is_taken_up_by_the_next(hacker_news: HackerNews, watch: Watch) -> None:
    hacker_news.stories = [story(n, START - timedelta(minutes=n * 5)) for n in range(1, 6001)]
    first = {seen.identity for seen in watch.look().seen}
    assert 0 < len(first) < 6000
    found = first
    for _ in range(3):
        found |= {seen.identity for seen in watch.look(minutes=1).seen}
    assert len(found) == 6000


def test_the_next_look_begins_where_the_last_one_ended(hacker_news: HackerNews, watch: Watch) -> None:
    hacker_news.stories = [story(1, START - timedelta(days=2))]
    watch.look()
    hacker_news.stories.append(story(2, START + timedelta(hours=3)))
    assert [seen.identity for seen in watch.look(hours=6).seen] == ["hn:2"]


def test_what_was_listed_late_is_still_found(hacker_news: HackerNews, watch: Watch) -> None:
    watch.look()
    hacker_news.stories.append(story(2, START - timedelta(minutes=20)))
    assert [seen.identity for seen in watch.look(hours=6).seen] == ["hn:2"]


def test_only_the_query_is_asked_for(hacker_news: HackerNews, watch: Watch) -> None:
    watch.feed.address, watch.feed.options = "oak", {"tags": "(story,poll)"}
    watch.look()
    assert hacker_news.asked[0].first("query") == "oak"
    assert hacker_news.asked[0].first("tags") == "(story,poll)"


def test_an_outage_half_way_keeps_what_was_read_and_goes_on_from_there(hacker_news: HackerNews, watch: Watch) -> None:
    hacker_news.stories = [story(n, START - timedelta(minutes=n * 15)) for n in range(1, 2501)]
    answer = hacker_news.answer

    def fail_later(asked: Asked) -> Reply:
        return answer(asked) if len(hacker_news.asked) < 8 else Reply(503, b"")

    hacker_news.answer = fail_later  # type: ignore[method-assign]
    first = watch.look()
    assert 0 < len(first.seen) < 2500
    assert "left for the next look" in first.warnings[0]
    hacker_news.answer = answer  # type: ignore[method-assign]
    second = watch.look(hours=1)
    assert len({seen.identity for seen in (*first.seen, *second.seen)}) == 2500


@OUTAGES
def test_an_outage_changes_nothing(hacker_news: HackerNews, watch: Watch, outage: Reply) -> None:
    hacker_news.outage = outage
    with pytest.raises(FetchError):
        watch.look()
    assert watch.feed.cursor == {}


@pytest.mark.parametrize("value", [None, 5, -1, True, [], {}, "x", "\0", 10**30, "https://["])
@pytest.mark.parametrize("name", list(story(1, START)))
def test_a_field_of_any_other_kind_is_no_trouble(
    hacker_news: HackerNews, watch: Watch, name: str, value: object
) -> None:
    odd = story(17, START - timedelta(days=1))
    hacker_news.outage = Reply.json({"hits": [odd | {name: value}, 5, None], "nbHits": 1, "nbPages": 1})
    for seen in watch.look().seen:
        assert seen.identity.startswith("hn:")
        assert seen.published_on is None or seen.published_on <= START.date()
