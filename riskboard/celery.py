"""The Celery app and the whole schedule of periodic work."""

import os

from celery import Celery

from riskboard import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")

broker.install()
app = Celery("riskboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

EVERY_TEN_SECONDS = 10.0
EVERY_HALF_MINUTE = 30.0
EVERY_MINUTE = 60.0
EVERY_TEN_MINUTES = 10 * 60.0
HOURLY = 60 * 60.0
DAILY = 24 * 60 * 60.0

# What could not run before it is due again has nothing left to add: each entry expires with the next.
app.conf.beat_schedule = {
    "send jobs again": {
        "task": "riskboard.jobs.tasks.sweep_jobs",
        "schedule": EVERY_TEN_SECONDS,
        "options": {"expires": EVERY_TEN_SECONDS},
    },
    "forget old jobs": {
        "task": "riskboard.jobs.tasks.forget_jobs",
        "schedule": HOURLY,
        "options": {"expires": HOURLY},
    },
    "show that work gets done": {
        "task": "riskboard.jobs.tasks.heartbeat",
        "schedule": EVERY_HALF_MINUTE,
        "options": {"expires": EVERY_HALF_MINUTE},
    },
    "look at the feeds that are due": {
        "task": "riskboard.ingest.tasks.poll_due",
        "schedule": EVERY_MINUTE,
        "options": {"expires": EVERY_MINUTE},
    },
    "look again at cited pages": {
        "task": "riskboard.ingest.tasks.recheck_due",
        "schedule": HOURLY,
        "options": {"expires": HOURLY},
    },
    "tell which feeds fail or fell silent": {
        "task": "riskboard.ingest.tasks.sound_alarms",
        "schedule": DAILY,
        "options": {"expires": DAILY},
    },
    "forget looks and jobs of long ago": {
        "task": "riskboard.ingest.tasks.tidy",
        "schedule": DAILY,
        "options": {"expires": DAILY},
    },
    "measure what waits in the inbox": {
        "task": "riskboard.web.tasks.measure_waiting",
        "schedule": EVERY_MINUTE,
        "options": {"expires": EVERY_MINUTE},
    },
    "rescore stale lines": {
        "task": "scoring.tasks.rescore_stale",
        "schedule": EVERY_TEN_MINUTES,
        "options": {"expires": EVERY_TEN_MINUTES},
    },
}
