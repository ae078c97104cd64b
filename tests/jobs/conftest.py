from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from riskboard.jobs import bell, services
from riskboard.jobs.models import Job

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def now(settings: Settings) -> datetime:
    settings.JOB_HANDLERS = {
        "note": "tests.jobs.doing.note",
        "note together": "tests.jobs.doing.note_together",
        "break": "tests.jobs.doing.break_down",
        "overstay": "tests.jobs.doing.overstay",
        "vanished": "tests.jobs.doing.no_such_handler",
    }
    return NOW


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """The bell, heard by nobody but the test."""
    heard: list[tuple[int, str]] = []
    monkeypatch.setattr(bell, "ring", lambda job_id, queue: heard.append((job_id, queue)))
    return heard


@pytest.fixture
def job(now: datetime, db: None) -> Job:
    return services.enqueue(kind="note", key="one", payload={"text": "hello"}, now=now)
