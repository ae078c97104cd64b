"""The queue of record. Every change of a row is one conditional UPDATE: who comes second changes nothing.

SQLite has no SKIP LOCKED; a conditional UPDATE means the same on both databases.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q, QuerySet

from riskboard.jobs import bell
from riskboard.jobs.models import Job, Pulse

logger = logging.getLogger(__name__)

MORE_ATTEMPTS = 3
LONGEST_DELAY = timedelta(hours=1)
ERROR_LENGTH = 2000
WORKER_LENGTH = 80
SWEPT_AT_ONCE = 1000
DONE_KEPT = timedelta(days=30)
FORGETTABLE = (Job.State.DONE, Job.State.DISMISSED)
FORGET_BATCH = 500
FORGOTTEN_AT_ONCE = 40
LOST = "The worker was lost, or took longer than its lease."


class LeaseLostError(Exception):
    """The lease ended and the job is another claim's, or a dead letter."""


def enqueue(
    *,
    kind: str,
    key: str,
    payload: dict[str, Any],
    queue: str = "fetch",
    run_at: datetime | None = None,
    now: datetime,
) -> Job:
    """Writes the job in the caller's transaction; asking again with the same key gives the row that is there.

    Raises ValueError for a kind that no handler does and a queue that no worker reads.
    """
    if kind not in settings.JOB_HANDLERS:
        raise ValueError(f"No handler does jobs of the kind {kind!r}.")
    if queue not in settings.JOB_QUEUES:
        raise ValueError(f"No worker reads the queue {queue!r}.")
    job, is_new = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "payload": payload, "queue": queue, "run_at": run_at or now}
    )
    if is_new and job.run_at <= now:
        _ring_on_commit(job)
    return job


def claim(job_id: int, *, worker: str, now: datetime) -> Job | None:
    """The job, leased to `worker`; None when it is done, not due, or somebody else's."""
    claimed = (
        _claimable(now)
        .filter(pk=job_id)
        .update(
            state=Job.State.LEASED,
            attempts=F("attempts") + 1,
            leased_until=now + settings.JOB_LEASE,
            leased_by=worker[-WORKER_LENGTH:],
        )
    )
    # Nobody else can claim it before the lease ends, so what is read here is what was written.
    return Job.objects.get(pk=job_id) if claimed else None


def renew(job: Job, *, lease: timedelta, now: datetime) -> None:
    """Raises LeaseLostError when the job is no longer this claim's."""
    if not _held(job).update(leased_until=now + lease):
        raise LeaseLostError(job)


def complete(job: Job, *, now: datetime) -> None:
    """Raises LeaseLostError when the job is no longer this claim's: what was done for it must be rolled back."""
    if not _held(job).update(state=Job.State.DONE, finished_at=now, leased_until=None, last_error=""):
        raise LeaseLostError(job)


def fail(job: Job, *, error: str, now: datetime) -> None:
    """Queues the job again after 30 s, 1 min, 2 min ... or, with its attempts used up, makes it a dead letter."""
    text = error.replace("\x00", "")[:ERROR_LENGTH]  # PostgreSQL stores no NUL
    if job.attempts < job.max_attempts:
        _held(job).update(
            state=Job.State.QUEUED, run_at=now + delay_after(job.attempts), leased_until=None, last_error=text
        )
    elif _held(job).update(state=Job.State.DEAD, finished_at=now, leased_until=None, last_error=text):
        logger.error("Job %s (%s) failed %s times and is a dead letter now.", job.pk, job.key, job.attempts)


def delay_after(attempts: int) -> timedelta:
    delay: timedelta = settings.JOB_RETRY_DELAY * 2 ** min(attempts - 1, 16)
    return min(delay, LONGEST_DELAY)


def retry(job: Job, *, actor: AbstractBaseUser, now: datetime) -> bool:
    """Gives a dead letter three more attempts, at once; False when it is none (any more)."""
    with transaction.atomic():
        revived = Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(
            state=Job.State.QUEUED,
            max_attempts=F("attempts") + MORE_ATTEMPTS,
            run_at=now,
            finished_at=None,
            retried_by=actor.pk,
        )
        if revived:
            _ring_on_commit(job)
    return bool(revived)


def dismiss(job: Job, *, now: datetime) -> bool:
    """Nobody wants it done any more; False when it is no dead letter (any more)."""
    return bool(Job.objects.filter(pk=job.pk, state=Job.State.DEAD).update(state=Job.State.DISMISSED, finished_at=now))


def forget(now: datetime) -> int:
    """Deletes what was done or dismissed JOB_RETENTION ago, a batch in a transaction, so that nobody waits for long.

    How many; no more than FORGOTTEN_AT_ONCE batches. Dead letters stay until somebody retries or dismisses them.
    """
    over = Job.objects.filter(state__in=FORGETTABLE, finished_at__lte=now - settings.JOB_RETENTION)
    forgotten = 0
    for _batch in range(FORGOTTEN_AT_ONCE):
        batch = list(over.order_by("finished_at").values_list("pk", flat=True)[:FORGET_BATCH])
        if not batch:
            break
        forgotten += Job.objects.filter(pk__in=batch, state__in=FORGETTABLE).delete()[0]
    return forgotten


def sweep(now: datetime) -> int:
    """Buries what was lost too often and sends what is due and has no message waiting; how many it sent."""
    _overdue(now).filter(attempts__gte=F("max_attempts")).update(
        state=Job.State.DEAD, finished_at=now, leased_until=None, last_error=LOST
    )
    return sum(bell.top_up(queue, _due(queue, now)) for queue in settings.JOB_QUEUES)


def forget_done(now: datetime) -> int:
    """Jobs done long ago: their keys name times that have passed, so nobody asks for them again."""
    forgotten, _ = Job.objects.filter(state=Job.State.DONE, finished_at__lt=now - DONE_KEPT).delete()
    return forgotten


def note_pulse(now: datetime) -> None:
    Pulse.objects.update_or_create(pk=Pulse.ONLY, defaults={"finished_at": now})


def _overdue(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.LEASED, leased_until__lte=now)


def _due(queue: str, now: datetime) -> list[int]:
    due = _claimable(now).filter(queue=queue).order_by("run_at", "pk")
    return list(due.values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def _claimable(now: datetime) -> QuerySet[Job]:
    waiting = Q(state=Job.State.QUEUED, run_at__lte=now)
    overdue = Q(state=Job.State.LEASED, leased_until__lte=now)
    return Job.objects.filter(waiting | overdue, attempts__lt=F("max_attempts"))


def _held(job: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=job.pk, state=Job.State.LEASED, attempts=job.attempts)


def _ring_on_commit(job: Job) -> None:
    transaction.on_commit(partial(bell.ring, job.pk, job.queue))
