from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from pytest_django import Settings

from riskboard.ingest.client import BadAnswer, FetchError, HostBusy
from riskboard.ingest.feedparsing import NotAFeed
from riskboard.ingest.models import Feed, Item
from riskboard.ingest.polling import poll
from tests.ingest.sources.outages import OUTAGES
from tests.ingest.stand_ins.publisher import LAST_CHANGED, Publisher, channel, entry
from tests.ingest.stand_ins.serving import Reply, serving
from tests.ingest.watching import Watch

pytestmark = pytest.mark.django_db

SYNDICATION = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
NEWS = channel(
    entry(
        "Oak 3 opens its weights",
        "https://acorn.example/oak-3?utm_source=rss",
        guid="acorn-17",
        published="Mon, 02 Nov 2026 08:00:00 GMT",
        summary="<p>All sizes.</p>",
    )
)


@pytest.fixture
def publisher(settings: Settings) -> Iterator[Publisher]:
    with serving(Publisher(documents={"/feed.xml": NEWS})) as stand_in:
        settings.ALLOWED_FETCH_ORIGINS = [stand_in.url]
        yield stand_in


@pytest.fixture
def watch(publisher: Publisher) -> Watch:
    address = f"{publisher.url}/feed.xml"
    return Watch(Feed.objects.create(slug="acorn", name="Acorn", connector="feeds", address=address))


def test_an_entry_is_seen_with_what_the_publisher_said_of_it(watch: Watch) -> None:
    [seen] = watch.look().seen
    assert (seen.title, seen.summary) == ("Oak 3 opens its weights", "All sizes.")
    assert (seen.url, seen.publisher) == ("https://acorn.example/oak-3", "Acorn news")
    assert (seen.published_on, seen.date_precision) == (date(2026, 11, 2), "day")


def test_the_answer_is_kept_as_evidence_of_each_entry(watch: Watch) -> None:
    catch = watch.look()
    [capture] = catch.captures
    assert capture.body == NEWS
    assert catch.seen[0].snapshot == capture.sha256


def test_validators_go_back_verbatim_and_nothing_new_is_not_read_again(publisher: Publisher, watch: Watch) -> None:
    watch.look()
    second = watch.look(hours=1)
    assert publisher.asked[1].headers["if-modified-since"] == LAST_CHANGED
    assert publisher.asked[1].headers["if-none-match"].startswith('"')
    assert second.not_modified
    assert not second.seen
    assert not second.captures
    assert watch.look(hours=1).not_modified


def test_a_weak_validator_with_odd_letters_goes_back_as_it_came(publisher: Publisher, watch: Watch) -> None:
    publisher.outages["/feed.xml"] = Reply(200, NEWS, {"etag": 'W/"a b;ü"'})
    watch.look()
    watch.look(hours=1)
    assert publisher.asked[1].headers["if-none-match"] == 'W/"a b;ü"'


def test_validators_of_another_address_are_not_sent(publisher: Publisher, watch: Watch) -> None:
    watch.look()
    publisher.documents["/other.xml"] = NEWS
    watch.feed.address = f"{publisher.url}/other.xml"
    watch.feed.save()
    assert len(watch.look(hours=1).seen) == 1
    assert "if-none-match" not in publisher.asked[1].headers


def test_what_is_gone_for_good_says_so_and_keeps_what_was_known(publisher: Publisher, watch: Watch) -> None:
    cursor = watch.look().cursor
    publisher.gone.add("/feed.xml")
    catch = watch.look(hours=1)
    assert catch.is_gone
    assert catch.cursor == cursor


def test_a_move_is_believed_once_three_looks_confirm_it(publisher: Publisher, watch: Watch) -> None:
    publisher.documents["/new.xml"] = NEWS
    publisher.moved["/feed.xml"] = (301, "/new.xml")
    assert [watch.look(hours=1).moved_to for _ in range(3)] == ["", "", f"{publisher.url}/new.xml"]


def test_a_move_for_the_time_being_is_followed_and_never_believed(publisher: Publisher, watch: Watch) -> None:
    publisher.documents["/new.xml"] = NEWS
    publisher.moved["/feed.xml"] = (302, "/new.xml")
    assert [watch.look(hours=1).moved_to for _ in range(4)] == [""] * 4


def test_a_move_that_is_taken_back_counts_from_the_start(publisher: Publisher, watch: Watch) -> None:
    publisher.documents["/new.xml"] = NEWS
    for is_moved in (True, True, False, True, True):
        publisher.moved = {"/feed.xml": (301, "/new.xml")} if is_moved else {}
        assert watch.look(hours=1).moved_to == ""


def test_a_move_to_somewhere_else_each_time_is_never_believed(publisher: Publisher, watch: Watch) -> None:
    for number in range(5):
        publisher.documents[f"/new-{number}.xml"] = NEWS
        publisher.moved["/feed.xml"] = (301, f"/new-{number}.xml")
        assert watch.look(hours=1).moved_to == ""


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("<ttl>180</ttl>", 180),
        ("", 0),
        ("<ttl>soon</ttl>", 0),
        ("<ttl>-5</ttl>", 0),
        ("<ttl>999999999999</ttl>", 0),
        ("<ttl>600000</ttl>", 1440),
        (
            f"<x {SYNDICATION}><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></x>",
            360,
        ),
    ],
)
def test_how_often_a_publisher_wants_to_be_asked(publisher: Publisher, watch: Watch, said: str, minutes: int) -> None:
    publisher.documents["/feed.xml"] = channel(entry("News"), more=said)
    assert watch.look().every_minutes == minutes
    assert watch.look(hours=1).every_minutes == minutes  # although not modified


def test_a_refusal_is_obeyed(publisher: Publisher, watch: Watch) -> None:
    publisher.outage = Reply(429, b"", {"retry-after": "120"})
    with pytest.raises(HostBusy):
        watch.look()
    with pytest.raises(HostBusy):
        watch.look(seconds=60)
    publisher.outage = None
    assert len(watch.look(seconds=61).seen) == 1
    assert len(publisher.asked) == 2


@OUTAGES
def test_c17_an_outage_changes_nothing(publisher: Publisher, watch: Watch, outage: Reply) -> None:
    watch.look()
    cursor = watch.feed.cursor
    publisher.outage = outage
    with pytest.raises(FetchError):
        watch.look(hours=1)
    publisher.outage = None
    watch.feed.refresh_from_db()
    assert watch.feed.cursor == cursor
    assert watch.look(hours=1).not_modified


def test_a_page_that_is_no_feed_says_so(publisher: Publisher, watch: Watch) -> None:
    publisher.outage = Reply.page()
    with pytest.raises(NotAFeed) as caught:
        watch.look()
    assert caught.value.reason == "not_a_feed"


def test_a_missing_feed_says_with_which_status(publisher: Publisher, watch: Watch) -> None:
    publisher.documents.clear()
    with pytest.raises(BadAnswer, match="404"):
        watch.look()


def test_a_broken_feed_is_recovered_with_a_warning(publisher: Publisher, watch: Watch) -> None:
    publisher.documents["/feed.xml"] = NEWS[:-30]
    catch = watch.look()
    assert [seen.title for seen in catch.seen] == ["Oak 3 opens its weights"]
    assert catch.warnings[0].startswith("Malformed, recovered: ")


def test_relative_links_are_relative_to_where_the_feed_came_from(publisher: Publisher, watch: Watch) -> None:
    publisher.documents["/blog/new.xml"] = channel(entry("News", "posts/1"))
    publisher.moved["/feed.xml"] = (302, "/blog/new.xml")
    assert watch.look().seen[0].url == f"{publisher.url}/blog/posts/1"


# What stays of it ---------------------------------------------------------------------------------


def kept(watch: Watch, **later: float) -> str:
    """Looks as the board does; the outcome."""
    watch.now += timedelta(**later)
    return poll(Feed.objects.get(pk=watch.feed.pk), watch.now, client=watch.client()).outcome


def test_c26_an_edited_entry_stays_one_with_a_revision(publisher: Publisher, watch: Watch) -> None:
    assert kept(watch) == "new"
    publisher.documents["/feed.xml"] = NEWS.replace(b"opens its weights", b"opens some weights").replace(
        b"utm_source=rss", b"utm_medium=feed&amp;utm_source=other"
    )
    assert kept(watch, hours=3) == "nothing_new"
    item = Item.objects.get()
    assert (item.title, item.revision) == ("Oak 3 opens some weights", 2)
    assert item.earlier[0]["title"] == "Oak 3 opens its weights"


def test_c16_nothing_new_makes_no_row(watch: Watch) -> None:
    kept(watch)
    assert kept(watch, hours=3) == "not_modified"
    assert Item.objects.count() == 1


def test_a_feed_that_is_gone_is_looked_at_no_more_and_what_it_said_stays(publisher: Publisher, watch: Watch) -> None:
    kept(watch)
    publisher.gone.add("/feed.xml")
    kept(watch, hours=3)
    assert not Feed.objects.get().is_enabled
    assert kept(watch, hours=3) == "not_due"
    assert Item.objects.count() == 1


def test_a_confirmed_move_is_followed_from_then_on(publisher: Publisher, watch: Watch) -> None:
    publisher.documents["/new.xml"] = NEWS
    publisher.moved["/feed.xml"] = (308, "/new.xml")
    for _ in range(3):
        kept(watch, hours=3)
    assert Feed.objects.get().address == f"{publisher.url}/new.xml"
    publisher.moved.clear()
    publisher.documents.pop("/feed.xml")
    assert kept(watch, hours=3) == "nothing_new"
    assert Item.objects.count() == 1


def test_a_publisher_who_wants_to_be_asked_less_often_is(publisher: Publisher, watch: Watch) -> None:
    publisher.documents["/feed.xml"] = channel(entry("News"), more="<ttl>600</ttl>")
    kept(watch)
    assert kept(watch, hours=8) == "not_due"
    assert kept(watch, hours=4) == "not_modified"
