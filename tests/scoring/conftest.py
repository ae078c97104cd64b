from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from riskboard.catalog.loading import SHIPPED, load_evidence


@pytest.fixture(scope="module")
def shipped(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The whole shipped evidence base, for the tests of one module; gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_evidence(SHIPPED, now=datetime(2026, 11, 24, tzinfo=UTC))
        yield
        transaction.set_rollback(True)
