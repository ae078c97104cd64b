"""What the broker carries: the number of a job, or that it is time to look."""

import os
import socket
import threading

from celery import shared_task
from django.utils import timezone

from riskboard.jobs import running, services


@shared_task(acks_late=True)
def run_job(job_id: int) -> None:
    worker = f"{socket.gethostname()}:{os.getpid()}:{threading.get_native_id()}"
    running.run(job_id, worker=worker, clock=timezone.now)


@shared_task(acks_late=True)
def sweep_jobs() -> None:
    services.sweep(timezone.now())


@shared_task(acks_late=True)
def forget_jobs() -> None:
    services.forget(timezone.now())


@shared_task(acks_late=True)
def heartbeat() -> None:
    services.note_pulse(timezone.now())
