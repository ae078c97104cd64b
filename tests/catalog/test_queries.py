from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count

import pytest
from django.apps import apps
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.loading import load_evidence
from riskboard.catalog.models import EvidenceVersion, Ruling, Signal, Source, Threshold, Tombstone, Vendor
from riskboard.catalog.queries import evidence_version, newest_publication
from riskboard.catalog.services import record, remove
from riskboard.catalog.versioning import lay_triggers, versioned_models
from tests import cast
from tests.catalog.evidence_folder import EvidenceFolder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, tzinfo=UTC)
_numbers = count(1)


def by_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_signal SET severity = 1")


WRITES: list[Callable[[], object]] = [
    cast.make_vendor,
    lambda: Vendor.objects.update(country="DE"),
    lambda: Vendor.objects.bulk_create([Vendor(slug="bulk", name="Bulk", kind="company", country="US")]),
    lambda: Signal.objects.update(severity=5),
    lambda: Signal.objects.all().delete(),
    lambda: Threshold.objects.all().delete(),
    lambda: Ruling.objects.update(reason="Otherwise."),
    lambda: Source.objects.create(url=f"https://new.example/{next(_numbers)}"),
    lambda: record(Signal.objects.first() or Signal(), by=None, why="Again"),
    lambda: remove(Signal.objects.first() or Signal(), by=None, why="Gone"),
    by_hand,
]


@pytest.mark.parametrize("write", WRITES)
def test_every_kind_of_write_changes_the_version(write: Callable[[], object]) -> None:
    cast.hedger()
    before = evidence_version()
    write()
    assert evidence_version() != before


def test_a_load_changes_the_version_only_when_it_changes_something(folder: EvidenceFolder) -> None:
    empty = evidence_version()
    load_evidence(folder.path, now=NOW)
    loaded = evidence_version()
    load_evidence(folder.path, now=NOW)
    assert empty != loaded == evidence_version()
    folder.empty("signals")
    load_evidence(folder.path, now=NOW, prune_left=True)
    assert evidence_version() != loaded


def test_a_version_is_never_used_twice() -> None:
    vendor = cast.make_vendor()
    before = evidence_version()
    with transaction.atomic():
        Vendor.objects.update(country="DE")
        rolled_back = evidence_version()
        transaction.set_rollback(True)
    assert evidence_version() == before
    vendor.delete()
    assert evidence_version() not in (before, rolled_back)


def test_every_table_that_pages_show_is_versioned() -> None:
    models = {model for model in apps.get_app_config("catalog").get_models() if "Historical" not in model.__name__}
    assert models - set(versioned_models()) == {EvidenceVersion, Tombstone}


def test_laying_the_triggers_again_changes_nothing() -> None:
    lay_triggers()
    before = evidence_version()
    cast.make_vendor()
    assert EvidenceVersion.objects.count() == 1
    assert evidence_version() != before


def test_the_version_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        evidence_version()


def test_the_newest_publication_is_no_later_than_the_day_asked_about() -> None:
    assert newest_publication(date(2026, 1, 1)) is None
    vendor = cast.make_vendor()
    cast.make_signal(vendor, occurred_on=date(2025, 3, 1))
    cast.make_pledge(vendor, made_on=date(2025, 6, 1))
    assert newest_publication(date(2025, 5, 1)) == date(2025, 3, 1)
    assert newest_publication(date(2026, 1, 1)) == date(2025, 6, 1)
