"""Looking at feeds: who looks, what stays, and that a look that fails touches nothing but health."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.catalog.models import Signal
from riskboard.ingest import polling, tasks
from riskboard.ingest.classify import Label
from riskboard.ingest.client import BadAnswer, Client, FetchError, HostBusy
from riskboard.ingest.drafts import Capture, Catch, Seen
from riskboard.ingest.holds import HOLD
from riskboard.ingest.models import Feed, Item, Proposal, Run, Snapshot
from riskboard.ingest.polling import enqueue_due, poll, poll_soon
from riskboard.ingest.services import due_feeds
from riskboard.jobs import bell, running
from riskboard.jobs import services as jobs
from riskboard.jobs.models import Job
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import HOUR, NOW

pytestmark = pytest.mark.django_db
TITLE = "Keeper to move KeeperLM to a non-commercial license"


@pytest.fixture(autouse=True)
def _quiet_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "ring", lambda _job_id, _queue: None)


@pytest.fixture(autouse=True)
def _simple_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """How items are read is another matter."""
    about_mistral = Label(True, "mistral", "", "license_tightening", "weakens", 3, 0.9, ("license",), "en")
    irrelevant = Label(False, "", "", "", "", None, 0.9, (), "en")
    monkeypatch.setattr(polling, "classify", lambda title, *_rest: about_mistral if "Mistral" in title else irrelevant)


def look(feed: Feed, now: datetime = NOW, *, random: float = 0.5, **options: Any) -> Run:
    return poll(feed, now, client=desk.client(now), random=lambda: random, **options)


def capture(body: bytes, **fields: Any) -> Capture:
    return Capture("https://feed.example/a", NOW, 200, {"etag": '"1"'}, body, **fields)


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that a failing look must leave alone."""
    models: tuple[type[Model], ...] = (Item, Proposal, Snapshot, Signal, Entry)
    return {model.__name__: list(model._default_manager.values()) for model in models}


# When ----------------------------------------------------------------------------------------------


def test_due_is_what_was_never_looked_at_and_what_has_reached_its_time() -> None:
    never = desk.make_feed("never")
    due = desk.make_feed("due", next_run_at=NOW)
    desk.make_feed("later", next_run_at=NOW + timedelta(seconds=1))
    desk.make_feed("off", is_enabled=False)
    assert list(due_feeds(NOW)) == [never, due]


@pytest.mark.parametrize(("random", "minutes"), [(0.0, 54), (0.5, 60), (1.0, 66)])
def test_the_next_look_comes_a_cadence_later_give_or_take_a_tenth(
    monkeypatch: pytest.MonkeyPatch, random: float, minutes: int
) -> None:
    desk.connect(monkeypatch, Catch())
    feed = desk.make_feed(every_minutes=60)
    look(feed, random=random)
    feed.refresh_from_db()
    assert feed.next_run_at == NOW + timedelta(minutes=minutes)


def test_the_owner_of_a_feed_may_ask_for_fewer_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(every_minutes=600))
    feed = desk.make_feed(every_minutes=60)
    look(feed)
    feed.refresh_from_db()
    assert feed.next_run_at == NOW + timedelta(minutes=600)


def test_a_feed_that_is_not_due_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = desk.connect(monkeypatch, Catch())
    feed = desk.make_feed(next_run_at=NOW + HOUR)
    assert look(feed).outcome == "not_due"
    assert look(desk.make_feed(is_enabled=False)).outcome == "not_due"
    assert asked == []
    assert not Run.objects.exists()


def test_of_many_who_look_at_once_one_asks(many_connections: None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = desk.connect(monkeypatch, Catch(seen=(desk.seen("One"),)))
    feed = desk.make_feed()

    def try_it(_number: int) -> str:
        try:
            return look(feed).outcome
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(try_it, range(6)))
    assert outcomes == ["new", *["not_due"] * 5]
    assert len(asked) == 1
    assert Item.objects.count() == 1


def test_a_look_that_is_overtaken_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """It stood still for so long that somebody else looked meanwhile."""

    def stand_still(client: Client, feed: Feed, now: datetime) -> Catch:
        later = now + 2 * HOLD
        assert look(feed, later).outcome == "new"
        return Catch(seen=(desk.seen("Late"),), cursor={"page": 1})

    def be_quick(client: Client, feed: Feed, now: datetime) -> Catch:
        return Catch(seen=(desk.seen("In time"),), cursor={"page": 2})

    fetches = iter([stand_still, be_quick])

    def one_after_the_other(client: Client, feed: Feed, now: datetime) -> Catch:
        return next(fetches)(client, feed, now)

    desk.connect(monkeypatch, one_after_the_other)
    feed = desk.make_feed()
    assert look(feed).outcome == "not_due"
    assert [item.title for item in Item.objects.all()] == ["In time"]
    feed.refresh_from_db()
    assert feed.cursor == {"page": 2}


def test_a_long_look_that_gives_signs_of_life_keeps_its_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [NOW]
    signs: list[datetime] = []

    def take_long(client: Client, feed: Feed, now: datetime) -> Catch:
        for _ in range(10):
            clock[0] += timedelta(minutes=1)
            assert client.now() == clock[0]
            assert not due_feeds(clock[0]).filter(pk=feed.pk).exists()
        return Catch(seen=(desk.seen("At last"),))

    desk.connect(monkeypatch, take_long)
    feed = desk.make_feed()
    client = Client(now=lambda: clock[0])
    run = poll(feed, NOW, client=client, alive=lambda: signs.append(clock[0]), random=lambda: 0.5)
    assert (run.outcome, run.finished_at, len(signs)) == ("new", NOW + timedelta(minutes=10), 10)


# What stays ----------------------------------------------------------------------------------------


def test_what_was_seen_is_stored_once_with_the_answer_it_was_read_from(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = capture(b"<rss/>")
    seen = tuple(replace(desk.seen(title), snapshot=answer.sha256) for title in ("One", "Two"))
    desk.connect(monkeypatch, Catch(seen=seen, captures=(answer,), cursor={"etag": "1"}))
    feed = desk.make_feed()
    run = look(feed)
    assert (run.outcome, run.seen, run.new) == ("new", 2, 2)
    snapshot = Snapshot.objects.get()
    assert (bytes(snapshot.body), snapshot.headers, snapshot.sha256) == (b"<rss/>", {"etag": '"1"'}, answer.sha256)
    assert {item.snapshot for item in Item.objects.all()} == {snapshot}
    feed.refresh_from_db()
    assert (feed.cursor, feed.last_ok_at, feed.last_new_at) == ({"etag": "1"}, NOW, NOW)
    again = look(feed, NOW + 2 * HOUR)
    assert (again.outcome, again.new, Item.objects.count()) == ("nothing_new", 0, 2)
    feed.refresh_from_db()
    assert (feed.last_ok_at, feed.last_new_at) == (NOW + 2 * HOUR, NOW)


def test_an_answer_that_shows_nothing_new_is_not_kept_again(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = desk.make_feed()
    for place, body in enumerate((b"first", b"second, with another advertisement")):
        answer = capture(body)
        seen = (replace(desk.seen("One"), snapshot=answer.sha256),)
        desk.connect(monkeypatch, Catch(seen=seen, captures=(answer,)))
        look(feed, NOW + 2 * place * HOUR)
    assert [bytes(row.body) for row in Snapshot.objects.all()] == [b"first"]


def test_an_answer_without_anything_in_it_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that finds nothing says so in other words each time, every hour of the year."""
    desk.connect(monkeypatch, Catch(captures=(capture(b'{"hits": [], "took": 3}'),)))
    look(desk.make_feed())
    assert not Snapshot.objects.exists()


def test_a_license_text_is_kept_with_its_clean_version_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = desk.make_feed()
    desk.connect(monkeypatch, Catch(captures=(capture(b"LICENSE  text", cleaned="license text"),)))
    look(feed)
    look(feed, NOW + 2 * HOUR)
    assert [row.cleaned for row in Snapshot.objects.all()] == ["license text"]


def test_an_edited_title_is_the_same_item_with_one_revision_more(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = desk.make_feed()
    for place, title in enumerate(("One", "One, corrected", "One, corrected")):
        desk.connect(monkeypatch, Catch(seen=(desk.seen(title, "guid:1"),)))
        look(feed, NOW + 2 * place * HOUR)
    item = Item.objects.get()
    assert (item.title, item.revision) == ("One, corrected", 2)
    assert [(former["revision"], former["title"]) for former in item.earlier] == [(1, "One")]


def test_the_same_identity_twice_in_one_answer_is_one_item(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(seen=(desk.seen("One", "guid:1"), desk.seen("One", "guid:1"))))
    look(desk.make_feed())
    assert Item.objects.count() == 1


def test_relevant_news_is_proposed_and_other_news_only_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    line = cast.make_line(cast.make_vendor("mistral", name="Mistral AI"))
    cast.make_family(line, "mistral-large")
    relevant = desk.seen("Mistral AI moves Mistral Large weights to a non-commercial license")
    desk.connect(monkeypatch, Catch(seen=(relevant, desk.seen("Ten recipes for a lighter summer salad"))))
    run = look(desk.make_feed())
    assert (run.new, Item.objects.count()) == (2, 2)
    proposal = Proposal.objects.get()
    assert (proposal.vendor.slug if proposal.vendor else "", proposal.state) == ("mistral", "waiting")
    assert proposal.item is not None
    assert (proposal.item.title, proposal.item.label["kind"]) == (relevant.title, "license_tightening")
    assert Item.objects.get(title__contains="salad").label["relevant"] is False
    assert not Signal.objects.exists()


def test_drafts_become_proposals_and_count_as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    player = cast.keeper()
    draft = desk.draft("signals:one", "signals", desk.signal_texts(player, id="observed-1"))
    desk.connect(monkeypatch, Catch(drafts=(draft,)))
    feed = desk.make_feed()
    assert (look(feed).new, Proposal.objects.get().feed) == (1, feed)
    assert Signal.objects.filter(key="observed-1").exists()
    assert look(feed, NOW + 2 * HOUR).outcome == "nothing_new"


def test_c16_not_modified_touches_health_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(cursor={"etag": "1"}, not_modified=True))
    feed = desk.make_feed()
    before = everything()
    assert look(feed).outcome == "not_modified"
    assert everything() == before
    feed.refresh_from_db()
    assert (feed.last_checked_at, feed.last_new_at) == (NOW, None)


def test_warnings_are_kept_with_the_look(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(warnings=("Malformed, recovered: a tag.",)))
    assert look(desk.make_feed()).error == "Malformed, recovered: a tag."


def test_what_is_gone_for_good_is_switched_off_and_what_moved_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(is_gone=True, warnings=("Gone for good.",)))
    gone = desk.make_feed()
    look(gone)
    gone.refresh_from_db()
    assert (gone.is_enabled, gone.last_error) == (False, "Gone for good.")
    desk.connect(monkeypatch, Catch(moved_to="https://new.example/feed"))
    moved = desk.make_feed(address="https://old.example/feed")
    look(moved)
    moved.refresh_from_db()
    assert moved.address == "https://new.example/feed"


def test_an_overlong_headline_does_not_stop_its_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    long = desk.seen("x" * 900, "guid:1", publisher="y" * 200, language="z" * 40)
    desk.connect(monkeypatch, Catch(seen=(long,)))
    feed = desk.make_feed()
    look(feed)
    item = Item.objects.get()
    assert (len(item.title), len(item.publisher), len(item.language)) == (500, 80, 10)
    look(feed, NOW + 2 * HOUR)
    assert Item.objects.get().revision == 1


def test_a_look_that_cannot_be_stored_whole_is_not_stored_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Seen("guid:2", "Two", date_precision="day", url="x" * 3000, published_on="never")  # type: ignore[arg-type]
    desk.connect(monkeypatch, Catch(seen=(desk.seen("One"), broken), cursor={"page": 2}))
    feed = desk.make_feed()
    before = everything()
    with pytest.raises(Exception, match=r".+"):
        look(feed)
    assert everything() == before
    feed.refresh_from_db()
    assert feed.cursor == {}


# Failing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [BadAnswer("It answered with status 503.", status=503), FetchError("Nothing came."), BadAnswer("Not JSON.")],
)
def test_c17_a_failure_touches_health_alone(monkeypatch: pytest.MonkeyPatch, error: FetchError) -> None:
    feed = desk.make_feed(cursor={"etag": "1"}, last_ok_at=NOW - HOUR)
    desk.make_item(feed, "Known")
    before = everything()
    desk.connect(monkeypatch, error)
    run = look(feed)
    assert (run.outcome, run.error) == ("failed", str(error))
    assert everything() == before
    feed.refresh_from_db()
    assert (feed.cursor, feed.last_ok_at, feed.is_enabled) == ({"etag": "1"}, NOW - HOUR, True)
    assert (feed.failing_since, feed.failures, feed.last_error) == (NOW, 1, str(error))


def test_failures_in_a_row_are_asked_about_less_and_less_often_and_success_forgets_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed = desk.make_feed(every_minutes=60)
    desk.connect(monkeypatch, FetchError("Nothing came."))
    now, delays = NOW, []
    for _ in range(8):
        look(feed, now)
        feed.refresh_from_db()
        assert feed.next_run_at is not None
        delays.append((feed.next_run_at - now) / HOUR)
        now = feed.next_run_at
    assert delays == [1, 2, 4, 8, 16, 24, 24, 24]
    assert (feed.failing_since, feed.failures) == (NOW, 8)
    desk.connect(monkeypatch, Catch())
    look(feed, now)
    feed.refresh_from_db()
    assert (feed.failing_since, feed.failures, feed.last_error) == (None, 0, "")
    assert feed.next_run_at == now + HOUR


def test_c15_no_look_before_the_host_allows_one(monkeypatch: pytest.MonkeyPatch) -> None:
    until = NOW + 5 * HOUR
    desk.connect(monkeypatch, HostBusy("It asked us to come back later.", not_before=until))
    feed = desk.make_feed(every_minutes=60)
    assert look(feed).outcome == "failed"
    feed.refresh_from_db()
    assert feed.next_run_at is not None
    assert feed.next_run_at >= until


def test_waiting_for_a_host_that_serves_another_feed_of_ours_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    until = NOW + timedelta(seconds=30)
    desk.connect(monkeypatch, HostBusy("Another request is under way.", "in_flight", not_before=until))
    feed = desk.make_feed()
    assert look(feed, random=0.0).outcome == "put_off"
    feed.refresh_from_db()
    assert (feed.next_run_at, feed.failures, feed.failing_since) == (until, 0, None)


def test_a_place_that_needs_a_token_is_not_asked_without(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = desk.connect(monkeypatch, Catch(), token_env="DESK_TOKEN", needs_token=True)
    monkeypatch.delenv("DESK_TOKEN", raising=False)
    feed = desk.make_feed()
    assert look(feed).outcome == "no_token"
    feed.refresh_from_db()
    assert (asked, feed.last_error, feed.failing_since) == ([], "It is not asked without DESK_TOKEN.", None)
    monkeypatch.setenv("DESK_TOKEN", "secret")
    assert look(feed, NOW + 2 * HOUR).outcome == "nothing_new"


def test_an_unknown_connector_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    run = look(desk.make_feed(connector="carrier-pigeon"))
    assert (run.outcome, run.error) == ("failed", "There is no connector called 'carrier-pigeon'.")


# Jobs ----------------------------------------------------------------------------------------------


def test_each_time_a_feed_falls_due_is_one_job_however_often_it_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch())
    feed = desk.make_feed(next_run_at=NOW)
    desk.make_feed(next_run_at=NOW + HOUR)
    for minutes in (0, 1, 2):
        enqueue_due(NOW + timedelta(minutes=minutes))
    job = Job.objects.get()
    assert (job.kind, job.payload, job.queue) == ("poll feed", {"feed": feed.pk}, "fetch")


def test_first_looks_are_spread_over_one_cadence_of_their_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch())
    alike = [desk.make_feed(every_minutes=120) for _ in range(4)]
    desk.make_feed(is_enabled=False)
    alone = desk.make_feed(connector="feeds", every_minutes=60)
    assert enqueue_due(NOW) == 2
    assert enqueue_due(NOW + timedelta(minutes=1)) == 2, "the same two, which are still queued"
    turns = [Feed.objects.get(pk=feed.pk).next_run_at for feed in (*alike, alone)]
    assert turns == [NOW, NOW + HOUR / 2, NOW + HOUR, NOW + 1.5 * HOUR, NOW]
    enqueue_due(NOW + HOUR)
    assert Job.objects.count() == 4


def test_many_schedulers_make_one_job(many_connections: None) -> None:
    for number in range(3):
        desk.make_feed(next_run_at=NOW if number else None)

    def notice(_number: int) -> None:
        enqueue_due(NOW)
        connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(notice, range(6)))
    assert Job.objects.count() == 3


def work(now: datetime) -> None:
    for job in Job.objects.filter(state="queued"):
        running.run(job.pk, worker="test", clock=lambda: now)


def test_a_job_looks_at_its_feed_and_the_next_slot_is_another_job(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch(seen=(desk.seen("One"),)))
    feed = desk.make_feed()
    enqueue_due(NOW)
    work(NOW)
    assert (Job.objects.get().state, Item.objects.count()) == ("done", 1)
    enqueue_due(NOW)
    assert Job.objects.count() == 1
    feed.refresh_from_db()
    assert feed.next_run_at is not None
    enqueue_due(feed.next_run_at)
    assert Job.objects.filter(state="queued").count() == 1


def test_a_connector_with_a_fault_is_tried_again_then_a_dead_letter_and_later_another_job(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    asked = desk.connect(monkeypatch, KeyError("a shape that nobody foresaw"))
    feed = desk.make_feed(next_run_at=NOW, cursor={"etag": "1"})
    now = NOW
    for _ in range(3):
        enqueue_due(now)
        work(now)
        now += 10 * timedelta(minutes=1)
    job = Job.objects.get()
    assert (job.state, job.attempts, len(asked)) == ("dead", 3, 3)
    assert "a shape that nobody foresaw" in job.last_error
    feed.refresh_from_db()
    assert (feed.failing_since, feed.failures, feed.cursor) == (NOW, 3, {"etag": "1"})
    enqueue_due(now)  # finds the dead letter, and moves on
    feed.refresh_from_db()
    assert feed.next_run_at is not None
    assert feed.next_run_at > now
    enqueue_due(feed.next_run_at)
    assert Job.objects.filter(state="queued").count() == 1


def test_a_job_for_a_feed_that_was_deleted_is_done() -> None:
    feed = desk.make_feed()
    enqueue_due(NOW)
    feed.delete()
    work(NOW)
    assert Job.objects.get().state == "done"


def test_a_worker_that_dies_in_the_middle_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its job and its feed are free again after the hold; what it began is done once."""
    desk.connect(monkeypatch, Catch(seen=(desk.seen("One"),)))
    feed = desk.make_feed(next_run_at=NOW)
    enqueue_due(NOW)
    job = jobs.claim(Job.objects.get().pk, worker="dies", now=NOW)
    assert job is not None
    Feed.objects.filter(pk=feed.pk).update(next_run_at=NOW + HOLD)  # its hold
    later = NOW + HOLD
    enqueue_due(later)
    for each in Job.objects.exclude(state="done"):
        running.run(each.pk, worker="lives", clock=lambda: later)
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert (Item.objects.count(), Run.objects.count()) == (1, 1)


def test_somebody_can_have_a_feed_looked_at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = desk.connect(monkeypatch, Catch())
    feed = desk.make_feed(next_run_at=NOW + 5 * HOUR)
    poll_soon(feed, NOW)
    poll_soon(feed, NOW)
    work(NOW)
    assert (len(asked), Job.objects.count()) == (1, 1)


def test_the_tasks_of_the_schedule_read_the_clock_and_do_their_work(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch())
    desk.make_feed()
    cast.make_source("https://news.example/cited", "Cited")
    tasks.poll_due()
    tasks.recheck_due()
    tasks.sound_alarms()
    assert sorted(Job.objects.values_list("kind", flat=True)) == ["poll feed", "recheck source"]


def test_where_nothing_may_be_asked_for_outside_the_schedule_rests(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    asked = desk.connect(monkeypatch, Catch())
    feed = desk.make_feed(failing_since=NOW, last_error="It does not answer.")
    cast.make_source("https://news.example/cited", "Cited")
    tasks.poll_due()
    tasks.recheck_due()
    settings.INGEST_ENABLED = False
    work(timezone.now())
    tasks.poll_due()
    tasks.recheck_due()
    tasks.sound_alarms()
    assert (asked, Job.objects.filter(state="done").count(), Job.objects.count()) == ([], 2, 2)
    assert not Run.objects.exists()
    assert caplog.text == ""
    settings.INGEST_ENABLED = True
    feed.refresh_from_db()
    assert feed.next_run_at is not None
    enqueue_due(timezone.now())
    feed.refresh_from_db()
    enqueue_due(feed.next_run_at)
    work(feed.next_run_at)
    assert len(asked) == 1, "what was switched off goes on once it is switched on"


def test_looks_and_jobs_of_long_ago_are_forgotten_but_not_what_they_brought(monkeypatch: pytest.MonkeyPatch) -> None:
    desk.connect(monkeypatch, Catch())
    feed, now = desk.make_feed(), timezone.now()
    for days, new in ((200, 0), (200, 3), (100, 0)):
        Run.objects.create(feed=feed, started_at=now - timedelta(days=days), outcome="new", new=new)
    for days, state in ((40, "done"), (20, "done"), (40, "dead")):
        at = now - timedelta(days=days)
        Job.objects.create(kind="poll feed", key=f"{days} {state}", state=state, run_at=at, finished_at=at)
    tasks.tidy()
    assert sorted(Run.objects.values_list("new", flat=True)) == [0, 3]
    assert sorted(Job.objects.values_list("key", flat=True)) == ["20 done", "40 dead"]
