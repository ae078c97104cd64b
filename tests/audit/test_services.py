"""What is appended, in which order, and that many at once make one chain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from riskboard.audit.chain import BEGINNING
from riskboard.audit.models import Entry
from riskboard.audit.services import Event, record, record_many
from riskboard.audit.verifying import verify
from tests.audit.conftest import NOW


def test_an_entry_says_who_did_what_to_what_when_and_why(log: list[Entry]) -> None:
    entry = Entry.objects.get(pk=2)
    assert entry.actor == User.objects.get(username="ben")
    assert (entry.action, entry.subject, entry.reason) == ("corrected", "signal:s-2", "Read the source again.")
    assert entry.at == NOW + timedelta(minutes=2)
    assert entry.before == {"severity": "3", "nested": [1, 2.5, 3, None, True]}
    assert entry.after == {"severity": "4", "title": "Ünïcode 开源"}
    assert entry.is_public


def test_entries_keep_the_role_of_their_time_and_ask_for_it_once(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ann = User.objects.create_user("ann")
    ann.groups.set([Group.objects.get_or_create(name="reviewer")[0]])
    with django_assert_max_num_queries(6):
        record_many([Event("recorded", f"signal:{number}") for number in range(50)], actor=ann, at=NOW)
    ann.groups.clear()
    record(actor=User.objects.get(pk=ann.pk), action="recorded", subject="a", at=NOW)
    record(actor=None, action="recorded", subject="a", at=NOW)
    roles = list(Entry.objects.order_by("pk").values_list("role", flat=True))
    assert roles == ["reviewer"] * 50 + ["viewer", ""]
    assert verify() == []


def test_each_entry_follows_from_the_one_before_it(log: list[Entry]) -> None:
    assert [entry.pk for entry in log] == [1, 2, 3, 4, 5]
    assert log[0].previous_hash == BEGINNING
    assert [entry.previous_hash for entry in log[1:]] == [entry.hash for entry in log[:-1]]
    assert len({entry.hash for entry in log}) == 5


@pytest.mark.django_db
def test_what_is_read_back_has_the_same_hash_in_whatever_zone_it_was_recorded() -> None:
    shifted = NOW.astimezone(timezone(timedelta(hours=14)))
    record(actor=None, action="recorded", subject="a", at=shifted, after={"b": -0.0, "c": 1e15, "d": 0.1 + 0.2})
    assert verify() == []


@pytest.mark.django_db
@pytest.mark.parametrize("content", [float("nan"), float("inf"), 10**30, {1, 2}, NOW])
def test_what_no_database_would_give_back_the_same_is_refused(content: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        record(actor=None, action="recorded", subject="a", at=NOW, after={"value": content})
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap() -> None:
    record(actor=None, action="recorded", subject="a", at=NOW)
    with transaction.atomic():
        record(actor=None, action="recorded", subject="b", at=NOW)
        transaction.set_rollback(True)
    record(actor=None, action="recorded", subject="c", at=NOW)
    assert list(Entry.objects.order_by("pk").values_list("pk", "subject")) == [(1, "a"), (2, "c")]
    assert verify() == []


def test_many_at_once_make_one_chain_without_gaps(many_connections: None) -> None:
    def append(number: int) -> None:
        for step in range(5):
            record(actor=None, action="recorded", subject=f"{number}-{step}", at=NOW)
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(8)))
    assert Entry.objects.count() == 40
    assert len(set(Entry.objects.values_list("subject", flat=True))) == 40
    assert verify() == []
