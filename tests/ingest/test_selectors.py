"""What pages ask: how feeds are doing, and what waits."""

import logging
from datetime import timedelta

import pytest

from riskboard.ingest.drafts import Catch
from riskboard.ingest.models import Feed, Run
from riskboard.ingest.selectors import feed_health, inbox, log_alarms, reports_of
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ran(feed: Feed, days_ago: float, new: int = 0) -> None:
    Run.objects.create(feed=feed, started_at=NOW - days_ago * DAY, outcome="new" if new else "nothing_new", new=new)


@pytest.mark.parametrize(
    ("expected", "runs", "is_quiet"),
    [
        (40, {40: 30, 20: 9}, True),  # 9 in 30 days, a quarter would be 10
        (40, {40: 30, 20: 10}, False),
        (40, {20: 1}, False),  # not watched for a month yet
        (40, {}, False),
        (None, {40: 0}, False),
        (1, {100: 1, 40: 0}, True),  # nothing in 90 days
        (1, {100: 1, 80: 1}, False),
        (1, {40: 0}, False),
    ],
)
def test_a_feed_that_says_much_less_than_it_used_to_is_quiet(
    expected: int | None, runs: dict[int, int], is_quiet: bool
) -> None:
    feed = desk.make_feed(expected_per_month=expected)
    for days_ago, new in runs.items():
        ran(feed, days_ago, new)
    (health,) = feed_health(NOW)
    assert health.is_quiet is is_quiet
    assert ("quieter" in health.alarm) is is_quiet


@pytest.mark.parametrize(
    ("runs", "expected", "is_quiet"),
    [
        ({200: 50, 170: 20, 110: 20, 50: 10}, 10, True),  # 50 in the five months after the first look, nothing since
        ({200: 50, 170: 20, 110: 20, 50: 10, 5: 3}, 10, False),
        ({900: 50, 870: 12, 840: 12}, 12, True),  # silent for more than two years, and still told
        ({200: 50, 170: 2, 110: 3, 40: 2}, 1, False),  # of so few, a month says nothing
        ({300: 50, 250: 3, 200: 3, 110: 3}, 1, True),  # and three months do
        ({200: 50}, 0, False),  # never anything since the first look
        ({59: 50, 50: 20}, None, False),  # not watched for long enough
        ({}, None, False),
    ],
)
def test_what_is_expected_where_nobody_says_is_what_used_to_come(
    runs: dict[int, int], expected: int | None, is_quiet: bool
) -> None:
    feed = desk.make_feed()
    for days_ago, new in runs.items():
        ran(feed, days_ago, new)
    (health,) = feed_health(NOW)
    assert (health.expected, health.is_quiet) == (expected, is_quiet)


def test_health_says_what_is_expected_and_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(), token_env="DESK_TOKEN", needs_token=True, terms="Be polite.")
    monkeypatch.delenv("DESK_TOKEN", raising=False)
    feed = desk.make_feed(expected_per_month=30)
    for days_ago, new in ((1, 3), (29, 4), (31, 50)):
        ran(feed, days_ago, new)
    (health,) = feed_health(NOW)
    assert (health.feed, health.seen_in_month, health.is_quiet) == (feed, 7, True)
    assert health.connector is not None
    assert (health.connector.terms, health.lacks, health.is_failing) == ("Be polite.", ("DESK_TOKEN",), False)


def test_health_of_many_feeds_is_one_query(django_assert_num_queries: object) -> None:
    vendor = cast.make_vendor()
    for _ in range(5):
        ran(desk.make_feed(vendor=vendor), 1, 1)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert [health.feed.vendor for health in feed_health(NOW)] == [vendor] * 5


def test_quiet_and_failing_feeds_raise_an_alarm_and_others_do_not(caplog: pytest.LogCaptureFixture) -> None:
    quiet = desk.make_feed("quiet", expected_per_month=100)
    ran(quiet, 40, 10)
    desk.make_feed("failing", failing_since=NOW - 2 * DAY, last_error="Nothing came.")
    desk.make_feed("well")
    off = desk.make_feed("off", is_enabled=False, expected_per_month=100, failing_since=NOW)
    ran(off, 40)
    with caplog.at_level(logging.WARNING, logger="riskboard.ingest.selectors"):
        assert log_alarms(NOW) == 2
    said = sorted(record.getMessage() for record in caplog.records)
    assert said == [
        "Failing has been failing since 2026-05-30 12:00 UTC: Nothing came.",
        "Quiet is quieter than it is used to: 0 new in 30 days, 100 expected.",
    ]


def test_a_board_without_a_network_does_not_flood_its_log(caplog: pytest.LogCaptureFixture) -> None:
    for number in range(50):
        desk.make_feed(f"feed-{number:02}", failing_since=NOW, last_error="Its name is not known.")
    with caplog.at_level(logging.WARNING, logger="riskboard.ingest.selectors"):
        assert log_alarms(NOW) == 50
    assert len(caplog.records) == 21
    assert caplog.records[-1].getMessage() == "30 more feeds fail or fell silent: /sources/ lists them."


def test_the_inbox_holds_what_waits_most_consequential_first() -> None:
    player = cast.keeper()
    effects = (1.0, None, -7.5, 3.0)
    for effect in effects:
        desk.make_proposal(desk.signal_texts(player), effect=effect)
    desk.make_proposal(desk.signal_texts(player), effect=99.0, state="dismissed", decided_at=NOW)
    assert [proposal.effect for proposal in inbox()] == [-7.5, 3.0, 1.0, None]


def test_what_was_observed_or_entered_has_no_reports() -> None:
    assert not reports_of(desk.make_proposal(desk.signal_texts(cast.keeper()))).exists()
