"""Which reports belong together, how many are independent, and that merging can be taken back."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from riskboard.ingest import services
from riskboard.ingest.corroboration import origins, place
from riskboard.ingest.models import Item
from riskboard.ingest.selectors import reports_of
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW

pytestmark = pytest.mark.django_db
TITLE = "Keeper moves KeeperLM weights to a non-commercial license"


def placed(*items: Item) -> list[int | None]:
    place(items)
    return [Item.objects.get(pk=item.pk).story_id for item in items]


def test_reports_of_one_happening_share_a_story_whether_they_come_together_or_one_after_the_other() -> None:
    feed, other = desk.make_feed(), desk.make_feed()
    first = desk.make_item(feed, TITLE)
    second = desk.make_item(other, "Keeper moves its KeeperLM weights to non-commercial license")
    (story, same) = placed(first, second)
    assert story == same
    later = desk.make_item(other, TITLE.upper() + "!", published_on=date(2026, 6, 1))
    assert placed(later) == [story]


def test_the_same_address_is_the_same_story_whatever_the_title() -> None:
    feed = desk.make_feed()
    first = desk.make_item(feed, TITLE, url="https://news.example/a")
    second = desk.make_item(feed, "So it begins", url="https://news.example/a")
    assert len(set(placed(first, second))) == 1


def test_reports_in_other_words_meet_by_vendor_event_and_particulars() -> None:
    feed = desk.make_feed()
    label = {"vendor": "keeper", "family": "keeper-lm", "kind": "license_tightening", "direction": "weakens"}
    other_vendor = {**label, "vendor": "hedger", "family": "hedger-lm"}
    first = desk.make_item(feed, TITLE, label=label)
    second = desk.make_item(feed, "KeeperLM weights get a non-commercial license, developers are angry", label=label)
    third = desk.make_item(feed, "HedgerLM weights get new terms, developers are angry", label=other_vendor)
    stories = placed(first, second, third)
    assert stories[0] == stories[1] != stories[2]


@pytest.mark.parametrize(
    ("title", "published_on"),
    [("Breaker lays off a fifth of its staff", date(2026, 5, 30)), (TITLE, date(2026, 5, 10))],
)
def test_another_happening_or_another_time_is_another_story(title: str, published_on: date) -> None:
    feed = desk.make_feed()
    first, second = desk.make_item(feed, TITLE), desk.make_item(feed, title, published_on=published_on)
    assert len(set(placed(first, second))) == 2


def test_chinese_titles_are_compared_too() -> None:
    feed = desk.make_feed()
    first = desk.make_item(feed, "阿里巴巴宣布通义千问新模型不再开源")
    second = desk.make_item(feed, "阿里巴巴宣布:通义千问新模型将不再开源")
    third = desk.make_item(feed, "腾讯发布混元新版本并开放权重")
    stories = placed(first, second, third)
    assert stories[0] == stories[1] != stories[2]


def test_an_item_without_a_date_is_placed_by_when_it_was_seen() -> None:
    feed = desk.make_feed()
    first = desk.make_item(feed, TITLE)
    second = desk.make_item(feed, TITLE, published_on=None, seen_at=NOW + timedelta(days=1))
    assert len(set(placed(first, second))) == 1


def test_copies_and_one_publishers_reports_count_once() -> None:
    feed = desk.make_feed()
    agency = desk.make_item(feed, TITLE, publisher="Agency")
    copy = desk.make_item(feed, TITLE + ".", publisher="Local Paper")
    again = desk.make_item(feed, "What the new terms of Keeper mean", publisher="agency")
    link = desk.make_item(feed, "Keeper goes closed", publisher="Hacker News", url="https://a.example/1")
    linked = desk.make_item(feed, "The end of open Keeper", publisher="Blog", url="https://a.example/1")
    assert origins([agency, copy, again]) == 1
    assert origins([link, linked]) == 1
    assert origins([agency, copy, again, link, linked]) == 2
    assert origins([]) == 0


def test_a_chain_of_copies_counts_once_in_whatever_order() -> None:
    feed = desk.make_feed()
    first = desk.make_item(feed, TITLE, publisher="A", url="https://a.example/1")
    bridge = desk.make_item(feed, TITLE, publisher="B")
    last = desk.make_item(feed, "Quite another headline", publisher="B")
    assert origins([first, last, bridge]) == origins([bridge, last, first]) == 1


def test_merging_brings_the_reports_together_and_undoing_it_parts_them(ann: User) -> None:
    player = cast.keeper()
    feed = desk.make_feed()
    mine, extra = desk.make_item(feed, TITLE), desk.make_item(feed, TITLE, publisher="Other")
    target = desk.make_item(feed, "A wholly different headline about it")
    stories = placed(mine, extra, target)
    proposal = desk.make_proposal(desk.signal_texts(player), item=mine)
    into = desk.make_proposal(desk.signal_texts(player), item=target)
    merged = services.merge(proposal, into=into, by=ann, now=NOW, version=1)
    assert (merged.state, merged.merged_into) == ("merged", into)
    into.refresh_from_db()
    assert set(reports_of(into)) == {mine, extra, target}
    services.undo(merged, by=ann, now=NOW, version=merged.version)
    assert [Item.objects.get(pk=item.pk).story_id for item in (mine, extra, target)] == stories
    merged.refresh_from_db()
    assert (merged.state, merged.merged_into) == ("waiting", None)


def test_only_what_stands_can_be_merged_into(ann: User) -> None:
    player = cast.keeper()
    proposal, other = (desk.make_proposal(desk.signal_texts(player)) for _ in range(2))
    with pytest.raises(ValidationError):
        services.merge(proposal, into=proposal, by=ann, now=NOW, version=1)
    gone = services.dismiss(other, by=ann, reason="Rumor", now=NOW, version=1)
    with pytest.raises(ValidationError):
        services.merge(proposal, into=gone, by=ann, now=NOW, version=1)


def test_an_item_that_was_grouped_by_mistake_is_split_off_and_can_rejoin(ann: User) -> None:
    feed = desk.make_feed()
    first, second = desk.make_item(feed, TITLE), desk.make_item(feed, TITLE, publisher="Other")
    (story, _) = placed(first, second)
    second.refresh_from_db()
    former = second.story
    assert former is not None
    assert services.split(second, by=ann, now=NOW).pk != story
    services.rejoin(second, former, by=ann, now=NOW)
    assert Item.objects.get(pk=second.pk).story_id == story
