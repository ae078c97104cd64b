from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from riskboard.catalog.loading import SHIPPED, load_evidence
from scoring.services import refresh

SCORED_ON = date(2026, 11, 24)


@pytest.fixture(scope="module")
def scored(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The shipped evidence with its scores and timelines of one day, for the tests of one module; gone after it."""
    now = datetime(2026, 11, 24, 6, tzinfo=UTC)
    with django_db_blocker.unblock(), transaction.atomic():
        load_evidence(SHIPPED, now=now)
        refresh(as_of=SCORED_ON, now=now)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def on_that_day(monkeypatch: pytest.MonkeyPatch) -> date:
    """Pages are asked for on the day that ``scored`` was scored."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: SCORED_ON)
    return SCORED_ON
