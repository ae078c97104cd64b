from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.audit.services import record
from riskboard.catalog.models import Signal
from riskboard.ingest.services import close_contest, contest, correct, version_of, withdraw
from riskboard.web.access import Role
from tests import cast
from tests.web.people import make_user

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user(Role.REVIEWER, "ada-lovelace")


def get(client: Client, address: str = "/corrections/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def entries(page: str) -> list[str]:
    return page.split('<li id="entry-')[1:]


def put_right(signal: Signal, ada: User, severity: str = "2", minutes: int = 0) -> None:
    reason, now = "The filing says otherwise.", NOW + timedelta(minutes=minutes)
    correct(signal, {"severity": severity}, by=ada, reason=reason, now=now, version=version_of(signal))


def test_a_correction_says_what_was_what_is_who_why_when_and_what_it_bears_on(client: Client, ada: User) -> None:
    vendor = cast.make_vendor()
    lines = [cast.make_line(vendor, modality) for modality in ("language", "image")]
    signal = cast.make_signal(vendor, severity=4, summary="They closed <it>")
    put_right(signal, ada)
    (entry,) = entries(get(client))
    assert "24 Nov 2026, 12:00 UTC" in entry
    assert "corrected by reviewer" in entry
    assert "ada" not in entry
    assert "The filing says otherwise." in entry
    assert "<del>4</del>" in entry
    assert "<ins>2</ins>" in entry
    assert entry.count("<tr>") == 2
    assert f'<a href="{signal.get_absolute_url()}">They closed <it></a>' in entry
    assert "They closed <it>" not in client.get("/corrections/").content.decode()
    for line in lines:
        assert f'href="{line.get_absolute_url()}"' in entry


def test_of_a_family_only_its_line_is_named(client: Client, ada: User) -> None:
    family = cast.make_family()
    other = cast.make_line(family.line.vendor, "image")
    put_right(cast.make_signal(family.line.vendor, family=family, severity=4), ada)
    (entry,) = entries(get(client))
    assert f'href="{family.line.get_absolute_url()}"' in entry
    assert other.get_absolute_url() not in entry


def test_of_a_license_every_line_under_it_is_named(client: Client, ada: User) -> None:
    family, license_ = cast.make_family(), cast.make_license("odd-1.0")
    cast.make_release(family, license=license_)
    correct(license_, {"use_restrictions": "true"}, by=ada, reason="Clause 7.", now=NOW, version=version_of(license_))
    (entry,) = entries(get(client))
    assert f'href="{family.line.get_absolute_url()}"' in entry
    assert f'href="{license_.get_absolute_url()}"' in entry


def test_what_was_withdrawn_is_told_without_a_link_to_nowhere(client: Client, ada: User) -> None:
    signal = cast.make_signal(cast.make_vendor(), summary="It never happened")
    withdraw(signal, by=ada, reason="A hoax.", now=NOW, version=version_of(signal))
    (entry,) = entries(get(client))
    assert "withdrawn by reviewer" in entry
    assert "It never happened" in entry
    assert f'href="{signal.get_absolute_url()}"' not in entry
    assert "<summary>What it said</summary>" in entry


def test_contests_are_told_with_how_they_ended(client: Client, ada: User) -> None:
    line = cast.make_line()
    signal = cast.make_signal(line.vendor, summary="They closed it")
    opened = contest(f"signal:{signal.key}", reason="We did not.", now=NOW)
    close_contest(opened, outcome="They did.", by=ada, now=NOW + timedelta(days=1))
    closed, begun = entries(get(client))
    assert "contested by a reader" in begun
    assert "We did not." in begun
    assert "contest closed by reviewer" in closed
    assert "They did." in closed
    for entry in (begun, closed):
        assert f'href="{signal.get_absolute_url()}">They closed it' in entry
        assert f'href="{line.get_absolute_url()}"' in entry


def test_what_is_not_public_does_not_show(client: Client, ada: User) -> None:
    record(actor=ada, action="dismissed", subject="proposal:1", at=NOW, reason="internal words")
    page = get(client)
    assert "internal words" not in page
    assert "Nothing was corrected or disputed yet." in page


def test_whoever_is_given_another_role_keeps_what_they_were_in_the_log(client: Client, ada: User) -> None:
    signal = cast.make_signal(cast.make_vendor(), severity=4)
    put_right(signal, ada)
    ada.groups.clear()
    for address in ("/corrections/", f"/evidence/signals/{signal.key}/history/"):
        page = get(client, address)
        assert "corrected by reviewer" in " ".join(page.split())
        assert "viewer" not in page.replace("reviewer", "")


def test_a_correction_by_the_program_and_by_who_left(client: Client, ada: User) -> None:
    record(
        actor=None, action="corrected", subject="vendor:none", at=NOW, before={}, after={"name": "x"}, is_public=True
    )
    record(actor=ada, action="corrected", subject="odd:none", at=NOW, before={}, after={}, is_public=True)
    User.objects.update(is_active=False)
    gone, machine = entries(get(client))
    assert "corrected by reviewer" in gone
    assert "corrected by the board itself" in machine


def test_a_long_log_has_pages_and_takes_few_queries(
    client: Client, ada: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(26):
        family = cast.make_family()
        put_right(cast.make_signal(family.line.vendor, family=family, severity=4), ada, minutes=number)
        pledge = cast.make_pledge(family.line.vendor)
        contest(f"pledge:{pledge.key}", reason="Not so.", now=NOW)
    license_ = cast.make_license("odd-1.0")
    correct(license_, {"use_restrictions": "true"}, by=ada, reason="Clause 7.", now=NOW, version=version_of(license_))
    change = cast.make_license_change(cast.make_family(), license_, cast.make_license("b"), date(2026, 1, 1))
    contest(f"license-change:{change.key}", reason="Not so.", now=NOW)
    with django_assert_max_num_queries(12):
        assert len(entries(get(client))) == 50
    assert len(entries(get(client, "/corrections/?page=2"))) == 4
    assert client.get("/corrections/?page=3").status_code == 404
    assert client.get("/corrections/?q=1").status_code == 400
