from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from riskboard.ingest.client import BadAnswer, Client, FetchError
from riskboard.ingest.models import Feed
from riskboard.ingest.politeness import interval_of
from riskboard.ingest.sources import SOURCES
from tests.ingest.sources.outages import OUTAGES
from tests.ingest.stand_ins.gdelt import Gdelt, article, told
from tests.ingest.stand_ins.serving import Reply, serving
from tests.ingest.watching import START, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def gdelt(settings: Settings) -> Iterator[Gdelt]:
    with serving(Gdelt()) as stand_in:
        settings.GDELT_URL = stand_in.url
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        yield stand_in


@pytest.fixture
def watch(gdelt: Gdelt) -> Watch:
    return Watch(Feed.objects.create(slug="news", name="News", connector="gdelt", address='"open weights"'))


def test_an_article_has_no_date_of_publication_because_gdelt_does_not_know_it(gdelt: Gdelt, watch: Watch) -> None:
    gdelt.articles = [
        article(1, START - timedelta(days=1), "Acorn ' s Oak , the open model ( 3 ) !", language="Chinese")
    ]
    [seen] = watch.look().seen
    assert seen.published_on is None
    assert "2026-11-01" in seen.summary
    assert seen.title == "Acorn's Oak, the open model (3)!"
    assert (seen.url, seen.publisher, seen.language) == ("https://news1.example.org/story/1", "news1.example.org", "zh")


def test_an_article_that_was_never_dated_is_seen_all_the_same(gdelt: Gdelt, watch: Watch) -> None:
    gdelt.outage = Reply.json({"articles": [article(1, START, seendate="")]})
    [seen] = watch.look().seen
    assert (seen.summary, seen.published_on) == ("", None)


def test_nothing_found_is_an_empty_object_and_no_error(gdelt: Gdelt, watch: Watch) -> None:
    catch = watch.look()
    assert catch.seen == ()
    assert catch.cursor["read_until"] == START.isoformat()


def test_more_than_one_answer_holds_is_read_in_smaller_windows(gdelt: Gdelt, watch: Watch) -> None:
    gdelt.articles = [article(n, START - timedelta(minutes=15 * n)) for n in range(1, 601)]
    catch = watch.look()
    assert len(catch.seen) == 600
    assert catch.warnings == ()


def test_what_is_too_much_for_one_look_is_taken_up_by_the_next(gdelt: Gdelt, watch: Watch) -> None:
    gdelt.articles = [article(n, START - timedelta(minutes=4 * n)) for n in range(1, 2401)]
    found = {seen.identity for seen in watch.look().seen}
    assert 0 < len(found) < 2400
    for _ in range(4):
        found |= {seen.identity for seen in watch.look(minutes=5).seen}
    assert len(found) == 2400


def test_what_even_the_smallest_window_does_not_hold_is_told(gdelt: Gdelt, watch: Watch) -> None:
    watch.look()
    gdelt.articles = [article(n, START + timedelta(minutes=5, seconds=n)) for n in range(300)]
    warnings: list[str] = []
    for _ in range(3):
        warnings += watch.look(minutes=30).warnings
    assert "more from 2026-11-02" in warnings[0]


def test_it_looks_back_no_further_than_gdelt_does(gdelt: Gdelt, watch: Watch) -> None:
    watch.feed.options = {"first_look_days": 2000}
    watch.look()
    assert gdelt.asked[0].first("startdatetime") == (START - timedelta(days=90)).strftime("%Y%m%d%H%M%S")


@pytest.mark.parametrize(
    "sentence",
    ["The specified phrase is too short.\n", "Please limit requests to one every 5 seconds.", "<b>Invalid</b>"],
)
def test_an_error_in_a_sentence_with_status_200_is_told(gdelt: Gdelt, watch: Watch, sentence: str) -> None:
    gdelt.outage = told(sentence)
    with pytest.raises(BadAnswer, match=r"GDELT says: \w"):
        watch.look()
    assert watch.feed.cursor == {}


def test_the_domain_that_gdelt_cannot_search_is_warned_of(gdelt: Gdelt, watch: Watch) -> None:
    watch.feed.address = "oak domainis:the-news.example"
    assert "domain with a dash" in watch.look().warnings[0]


def test_a_query_with_a_dash_elsewhere_is_no_reason_to_warn(gdelt: Gdelt, watch: Watch) -> None:
    watch.feed.address = '"open-weights" domainis:news.example'
    assert watch.look().warnings == ()


def test_line_breaks_inside_its_json_are_read(gdelt: Gdelt, watch: Watch) -> None:
    body = b'{"articles": [{"url": "https://news.example/1", "title": "Oak\n\x01 opens"}]}'
    gdelt.outage = Reply(200, body, {"content-type": "application/json"})
    assert watch.look().seen[0].title == "Oak opens"


def test_gdelt_is_asked_no_more_often_than_every_five_seconds(gdelt: Gdelt, watch: Watch) -> None:
    assert interval_of("api.gdeltproject.org") >= timedelta(seconds=5)
    gdelt.articles = [article(n, START - timedelta(minutes=15 * n)) for n in range(1, 601)]
    waited: list[float] = []
    now = [watch.now]

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        now[0] += timedelta(seconds=seconds)

    client = Client(now=lambda: now[0], interval=interval_of("api.gdeltproject.org"), sleep=sleep)
    SOURCES["gdelt"].fetch(client, watch.feed, watch.now)
    assert sum(waited) >= 5 * (len(gdelt.asked) - 1) * 0.9


def test_without_a_query_it_says_so(gdelt: Gdelt, watch: Watch) -> None:
    watch.feed.address = " "
    with pytest.raises(BadAnswer, match="needs a query"):
        watch.look()


@OUTAGES
def test_an_outage_changes_nothing(gdelt: Gdelt, watch: Watch, outage: Reply) -> None:
    gdelt.outage = outage
    with pytest.raises(FetchError):
        watch.look()
    assert watch.feed.cursor == {}


@pytest.mark.parametrize("value", [None, 5, True, [], {}, "x", "\0", "https://[", "javascript:alert(1)"])
@pytest.mark.parametrize("name", list(article(1, START)))
def test_a_field_of_any_other_kind_is_no_trouble(gdelt: Gdelt, watch: Watch, name: str, value: object) -> None:
    gdelt.outage = Reply.json({"articles": [article(1, START) | {name: value}, 5, None]})
    assert all(seen.url.startswith("https://") for seen in watch.look().seen)
