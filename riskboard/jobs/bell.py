"""Tells workers that there may be something to claim. What is not heard is not lost: the sweep rings again."""

import logging
from collections.abc import Iterable
from typing import Any

from celery import current_app
from django.conf import settings
from kombu import Connection
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

RUN_JOB = "riskboard.jobs.tasks.run_job"
# A reader must not wait for a broker that is away.
IMPATIENT = {"max_retries": 0, "connect_retries_timeout": 1, "socket_connect_timeout": 1, "socket_timeout": 2}


def ring(job_id: int, queue: str) -> None:
    try:
        with _connect() as connection:
            send([job_id], queue, connection)
    except OperationalError as error:
        logger.warning("The broker does not answer (%s); the next sweep sends job %s.", error, job_id)


def send(job_ids: Iterable[int], queue: str, connection: Connection) -> None:
    """Raises OperationalError when the broker does not answer."""
    with connection.Producer() as producer:
        for job_id in job_ids:
            current_app.send_task(RUN_JOB, (job_id,), queue=queue, producer=producer, retry=False)


def top_up(queue: str, job_ids: list[int]) -> int:
    """Sends as many of the due jobs as the broker's queue is short of, first ones first; how many that were.

    A job whose message still waits needs no second one, and a slow worker must not find ever more of them.
    """
    with _connect() as connection:
        channel: Any = connection.default_channel  # kombu's types know only what all transports share
        waiting = channel.queue_declare(queue=queue, durable=True).message_count
        missing = job_ids[: max(0, len(job_ids) - waiting)]
        send(missing, queue, connection)
    return len(missing)


def _connect() -> Connection:
    options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **IMPATIENT}
    return current_app.connection_for_write(connect_timeout=1, transport_options=options)
