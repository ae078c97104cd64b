"""A process that asks for work, as a web request does: python -m tests.jobs.produce KIND NAME COUNT PAUSE [WAY]

WAY "thrice" rings three times for each job; "cut off" dies between the commit and the ringing.
"""

import os
import sys

import django
from django.utils import timezone

CUT_OFF = 9


def produce(kind: str, name: str, count: int, pause: float, way: str) -> None:
    from riskboard.jobs import bell, services

    ring = bell.ring
    if way == "cut off":
        bell.ring = lambda job_id, queue: os._exit(CUT_OFF)
    for number in range(count):
        entry = f"{name}-{number}"
        payload = {"entry": entry, "pause": pause}
        job = services.enqueue(kind=kind, key=entry, payload=payload, now=timezone.now())
        for _again in range(2 if way == "thrice" else 0):
            ring(job.pk, job.queue)


if __name__ == "__main__":
    django.setup()
    kind, name, count, pause, *ways = sys.argv[1:]
    produce(kind, name, int(count), float(pause), *(ways or [""]))
