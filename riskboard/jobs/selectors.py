from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from riskboard.jobs.models import Job, Pulse

SILENT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class QueueCount:
    queue: str
    queued: int
    leased: int
    dead: int


@dataclass(frozen=True, slots=True)
class Progress:
    """When a heartbeat last finished (None: never yet), and whether that is recent enough."""

    finished_at: datetime | None
    is_alive: bool


def dead_letters() -> QuerySet[Job]:
    return Job.objects.filter(state=Job.State.DEAD).select_related("retried_by").order_by("-finished_at", "-pk")


def queue_counts() -> list[QueueCount]:
    """Every queue that workers read, empty ones too, and any other that holds unfinished work."""
    open_jobs = Job.objects.exclude(state__in=[Job.State.DONE, Job.State.DISMISSED])
    rows = open_jobs.values("queue").annotate(
        queued=Count("pk", filter=Q(state=Job.State.QUEUED)),
        leased=Count("pk", filter=Q(state=Job.State.LEASED)),
        dead=Count("pk", filter=Q(state=Job.State.DEAD)),
    )
    counted = {row["queue"]: QueueCount(**row) for row in rows}
    names = sorted({*settings.JOB_QUEUES, *counted})
    return [counted.get(name, QueueCount(name, 0, 0, 0)) for name in names]


def progress(now: datetime) -> Progress:
    pulse = Pulse.objects.filter(pk=Pulse.ONLY).first()
    if pulse is None:
        return Progress(None, is_alive=False)
    return Progress(pulse.finished_at, is_alive=now - pulse.finished_at <= SILENT_AFTER)
