"""The product's Celery app with its schedule of the queue run quickly, and the task of tests/jobs/tasks.py."""

from django.core.wsgi import get_wsgi_application

from riskboard.celery import app

app.autodiscover_tasks(["tests.jobs"])
app.conf.beat_schedule = {
    **{
        name: {**entry, "schedule": 1.0}
        for name, entry in app.conf.beat_schedule.items()
        if entry["task"].startswith("riskboard.jobs.")
    },
    "tick": {"task": "tests.jobs.tasks.tick", "schedule": 0.5},
}


def web() -> object:
    return get_wsgi_application()
