"""Looking at feeds: when, and what a look leaves behind. One that fails touches nothing but the feed's health."""

import random as randomness
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from riskboard.ingest.classify import classify
from riskboard.ingest.client import Client, FetchError, HostBusy
from riskboard.ingest.drafts import Catch
from riskboard.ingest.failures import NotConfigured
from riskboard.ingest.holds import HOLD, Hold, HoldLostError, Together, due_feeds
from riskboard.ingest.hosting import keep_offers
from riskboard.ingest.keeping import keep_answers, keep_edited, keep_new, sort
from riskboard.ingest.models import Feed, Run
from riskboard.ingest.proposing import adopt, propose
from riskboard.ingest.sources import SOURCES
from riskboard.jobs.models import Job
from riskboard.jobs.services import LeaseLostError, enqueue

POLL = "poll feed"  # the kind of job
JITTER = 0.1
LONGEST_DELAY = timedelta(days=1)
ERROR_LENGTH = 500
BROKE_OFF = "The look broke off in a way that was not foreseen: its job, among the dead letters in the end, says how."
OVER = {Job.State.DEAD, Job.State.DISMISSED, Job.State.DONE}
OUR_TURN = {"too_soon", "in_flight"}  # no fault of the host

Random = Callable[[], float]


def enqueue_due(now: datetime) -> int:
    """One job for a feed and the time at which it fell due, however often and by however many that is noticed."""
    _spread_first_looks(now)
    return sum(_enqueue(feed, now) for feed in due_feeds(now))


def _enqueue(feed: Feed, now: datetime) -> bool:
    slot = f"{feed.next_run_at:%Y-%m-%dT%H:%M:%S.%fZ}" if feed.next_run_at else "first"
    job = enqueue(kind=POLL, key=f"poll:{feed.pk}@{slot}", payload={"feed": feed.pk}, now=now)
    if job.state in OVER:  # the next slot is another job
        Feed.objects.filter(pk=feed.pk, next_run_at=feed.next_run_at).update(next_run_at=now + delay_of(feed))
    return job.state == Job.State.QUEUED


def _spread_first_looks(now: datetime) -> None:
    """Feeds nobody looked at yet get their turns over one cadence: hosts have limits, most of all for strangers."""
    never = Feed.objects.filter(next_run_at=None, is_enabled=True)
    turns: dict[str, list[tuple[int, int]]] = {}
    for connector, *turn in never.order_by("pk").values_list("connector", "pk", "every_minutes"):
        turns.setdefault(connector, []).append((turn[0], turn[1]))
    for of_one_kind in turns.values():
        for place, (pk, minutes) in enumerate(of_one_kind):
            at = now + place * timedelta(minutes=minutes) / len(of_one_kind)
            never.filter(pk=pk).update(next_run_at=at)


def poll_soon(feed: Feed, now: datetime) -> None:
    """Somebody wants it looked at now. A look that goes on already is that look."""
    with transaction.atomic():
        soonest = Feed.objects.filter(pk=feed.pk, next_run_at__gt=now + HOLD).update(next_run_at=now)
        current = Feed.objects.get(pk=feed.pk)
        if soonest and current.is_enabled:
            _enqueue(current, now)


def delay_of(feed: Feed) -> timedelta:
    """Its cadence; from the second failure in a row on doubled by each, up to a day."""
    cadence = timedelta(minutes=feed.every_minutes)
    doublings = min(max(feed.failures - 1, 0), 16)
    return max(cadence, min(cadence * 2.0**doublings, LONGEST_DELAY))


def poll(
    feed: Feed,
    now: datetime,
    *,
    client: Client,
    alive: Callable[[], None] = lambda: None,
    together: Together = transaction.atomic,
    random: Random = randomness.random,
) -> Run:
    """One look at a feed; a Run that is not stored, ``not_due``, if it is not due or somebody looks already.

    ``alive`` is called now and then while it goes on, and may raise to end it; all that it leaves behind is written
    inside one ``together()``. What a connector raises beside FetchError is a fault of ours: the feed stays due, and
    whoever called is told.
    """
    hold = Hold.take(feed, now, clock=client.now, alive=alive, together=together)
    if hold is None:
        return Run(feed=feed, started_at=now, finished_at=now, outcome="not_due")
    due_at, is_over = feed.next_run_at, False
    try:
        run = _look(hold, now, replace(client, now=hold.tick), random)
        is_over = True
    except HoldLostError:
        is_over = True
        run = Run(feed=feed, started_at=now, finished_at=client.now(), outcome="not_due")
    except LeaseLostError:  # no fault of the feed: whoever has the job now looks at it
        is_over = True
        hold.give_back(due_at)
        raise
    finally:
        if not is_over:
            _break_off(hold, now, due_at)
    return run


def _look(hold: Hold, now: datetime, client: Client, random: Random) -> Run:
    feed, run = hold.feed, Run(feed=hold.feed, started_at=now)
    connector = SOURCES.get(feed.connector)
    try:
        if connector is None:
            return _fail(hold, run, f"There is no connector called {feed.connector!r}.", random)
        if connector.lacks:
            return _go_without(hold, run, f"It is not asked without {' and '.join(connector.lacks)}.", random)
        catch = connector.fetch(client, feed, now)
    except NotConfigured as error:
        return _go_without(hold, run, str(error), random)
    except HostBusy as busy:
        return _put_off(hold, run, busy, random)
    except FetchError as error:
        return _fail(hold, run, str(error), random)
    return _keep(hold, run, catch, random)


# What came of it ----------------------------------------------------------------------------------


def _keep(hold: Hold, run: Run, catch: Catch, random: Random) -> Run:
    """All of it or nothing: what was found, where to go on, and that it went well."""
    feed, now = hold.feed, run.started_at
    feed.failures = 0
    fresh = sort(feed, catch.seen)
    labels = {
        each.identity: classify(each.title, each.summary, each.publisher, each.published_on) for each in fresh.new
    }
    with hold.together():
        health = {"failing_since": None, "failures": 0, "last_error": "", "last_ok_at": now, "last_checked_at": now}
        following = _next(hold, random, catch.every_minutes)
        hold.change(**{**health, **_told(catch), "cursor": catch.cursor, "next_run_at": following})
        snapshots = keep_answers(catch, fresh)
        items = keep_new(feed, fresh.new, labels, snapshots, now)
        keep_edited(fresh.edited, snapshots, now)
        keep_offers(feed, catch.offers, now)
        propose(items, labels)
        run.seen, run.new = len(catch.seen) + len(catch.drafts), len(items) + len(adopt(catch.drafts, feed, now))
        if run.new:
            Feed.objects.filter(pk=feed.pk).update(last_new_at=now)
        unmodified = "not_modified" if catch.not_modified else "nothing_new"
        return _end(hold, run, "new" if run.new else unmodified, " ".join(catch.warnings))


def _told(catch: Catch) -> dict[str, object]:
    """What its owner told us about the feed itself."""
    told: dict[str, object] = {}
    if catch.is_gone:
        told = {"is_enabled": False, "last_error": " ".join(catch.warnings)[:ERROR_LENGTH]}
    if catch.moved_to:
        told["address"] = catch.moved_to
    return told


def _fail(hold: Hold, run: Run, sentence: str, random: Random) -> Run:
    hold.feed.failures += 1
    return _stay(hold, run, "failed", sentence, next_run_at=_next(hold, random))


def _put_off(hold: Hold, run: Run, busy: HostBusy, random: Random) -> Run:
    """Until its host can be asked again. That another feed has the host just now is no failure."""
    soonest = busy.not_before + (busy.not_before - run.started_at) * JITTER * random()
    if busy.reason in OUR_TURN:
        with hold.together():
            hold.change(next_run_at=soonest)
            return _end(hold, run, "put_off", str(busy))
    hold.feed.failures += 1
    return _stay(hold, run, "failed", str(busy), next_run_at=max(soonest, _next(hold, random)))


def _stay(hold: Hold, run: Run, outcome: str, sentence: str, *, next_run_at: datetime) -> Run:
    with hold.together():
        hold.change(
            failures=F("failures") + 1,
            failing_since=Coalesce("failing_since", run.started_at),
            last_error=sentence[:ERROR_LENGTH],
            last_checked_at=run.started_at,
            next_run_at=next_run_at,
        )
        return _end(hold, run, outcome, sentence)


def _go_without(hold: Hold, run: Run, sentence: str, random: Random) -> Run:
    """Nothing is asked, so nothing fails."""
    with hold.together():
        hold.change(last_error=sentence, next_run_at=_next(hold, random))
        return _end(hold, run, "no_token", sentence)


def _break_off(hold: Hold, now: datetime, due_at: datetime | None) -> None:
    """It stays due as it was, so that its job, tried again, finds it so."""
    hold.give_back(
        due_at,
        failures=F("failures") + 1,
        failing_since=Coalesce("failing_since", now),
        last_error=BROKE_OFF,
        last_checked_at=now,
    )


def _next(hold: Hold, random: Random, at_least_minutes: int = 0) -> datetime:
    """A little sooner or later than its cadence says, so that feeds do not fall into step."""
    delay = max(delay_of(hold.feed), timedelta(minutes=at_least_minutes))
    return hold.last_sign + delay * (1 + JITTER * (2 * random() - 1))


def _end(hold: Hold, run: Run, outcome: str, sentence: str) -> Run:
    run.outcome, run.error, run.finished_at = outcome, sentence[:ERROR_LENGTH], hold.clock()
    run.save()
    return run
