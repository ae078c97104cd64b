import logging
from collections.abc import Callable
from datetime import datetime

from riskboard.jobs import handlers, services
from riskboard.jobs.leases import Lease
from riskboard.jobs.models import Job

logger = logging.getLogger(__name__)


def run(job_id: int, *, worker: str, clock: Callable[[], datetime]) -> None:
    """Claims the job and does it; nothing happens when there is nothing to claim."""
    job = services.claim(job_id, worker=worker, now=clock())
    if job is None:
        logger.debug("Job %s is done, not due, or somebody else's.", job_id)
        return
    try:
        do(job, clock)
    except services.LeaseLostError:
        logger.warning("Job %s (%s) took longer than its lease; what it did is undone.", job.pk, job.key)
    except Exception as error:  # whatever a handler raises, its job must not be lost
        logger.warning("Job %s (%s) failed.", job.pk, job.key, exc_info=True)
        services.fail(job, error=f"{type(error).__name__}: {error}", now=clock())


def do(job: Job, clock: Callable[[], datetime]) -> None:
    handle = handlers.find(job.kind)
    lease = Lease(job, clock)
    handle(job.payload, clock(), lease)
    if not lease.is_settled:
        services.complete(job, now=clock())
