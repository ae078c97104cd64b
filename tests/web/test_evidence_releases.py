from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.audit.models import Entry
from riskboard.catalog.models import Signal
from riskboard.catalog.services import record
from riskboard.ingest.evidence_releases.models import ReleaseDifference
from riskboard.web.access import Role
from riskboard.web.pages.evidence_releases import SHOWN
from tests import cast
from tests.ingest.releases import MADE, make_difference, make_release
from tests.web.people import client_of

pytestmark = pytest.mark.django_db
ADDRESS = "/sources/releases/"


@pytest.fixture
def signal(db: None) -> Signal:
    return cast.make_signal(cast.make_vendor(), key="layoffs", severity=3, summary="A <fifth> leaves.")


@pytest.fixture
def difference(signal: Signal) -> ReleaseDifference:
    return make_difference(signal, severity="5", summary="A quarter leaves.")


def get(client: Client, address: str = ADDRESS) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def send(client: Client, difference: ReleaseDifference, status: int, **sent: object) -> str:
    response = client.post(f"{ADDRESS}differences/{difference.pk}/", sent, follow=True)
    assert response.status_code == status
    return unescape(response.content.decode())


def test_a_board_without_releases_says_where_its_evidence_comes_from(client: Client) -> None:
    assert "None yet: the evidence here is what ships with the code" in get(client)


def test_everybody_sees_what_was_installed_newest_first(client: Client) -> None:
    make_release(origin="https://mirror.intranet.example/r.zip")
    made = datetime(2026, 11, 22, 9, tzinfo=UTC)
    make_release(made, counts={"signals": {"added": 1200}, "reach": {"added": 34, "changed": 2, "removed": 1}})
    page = get(client)
    newest, older = page.index("20261122090000"), page.rindex("20261120090000")
    assert page.index("Release", page.index("2 installed")) < newest < older
    assert "1,234 added, 2 changed, 1 removed" in page
    assert "made 22 Nov 2026, 09:00 UTC" in page
    assert "intranet" not in page


def test_who_may_not_decide_sees_only_how_many_rows_differ(client: Client, difference: ReleaseDifference) -> None:
    for reader in (client, client_of(Role.VIEWER)):
        page = get(reader)
        assert "1 row otherwise here than in the last release" in page
        assert "A quarter leaves." not in page


def test_an_analyst_sees_both_texts_and_takes_what_is_ticked(signal: Signal, difference: ReleaseDifference) -> None:
    client = client_of(Role.ANALYST)
    page = get(client)
    assert f'<a href="{signal.get_absolute_url()}">layoffs</a>' in page
    assert '<td data-label="Here">A <fifth> leaves.</td><td data-label="In the release">A quarter leaves.</td>' in page
    assert "A <fifth> leaves." not in client.get(ADDRESS).content.decode()
    page = send(client, difference, 200, do="take", columns=["severity"], reason="They read the filing.")
    assert "Taken from the release: “layoffs”." in page
    assert "otherwise here than in the last release" not in page
    signal.refresh_from_db()
    assert (signal.severity, signal.summary) == (5, "A <fifth> leaves.")
    entry = Entry.objects.get()
    assert (entry.action, entry.reason, entry.is_public) == (
        "corrected",
        "Release 20261120090000: They read the filing.",
        True,
    )


def test_an_analyst_keeps_ours(signal: Signal, difference: ReleaseDifference) -> None:
    assert "Kept as it is here: “layoffs”." in send(client_of(Role.ANALYST), difference, 200, do="keep")
    signal.refresh_from_db()
    difference.refresh_from_db()
    assert (signal.severity, difference.state) == (3, "kept")
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose to take it or to keep ours."),
        ({"do": "burn"}, "Choose to take it or to keep ours."),
        ({"do": "take", "reason": "typed"}, "Choose at least one column to take"),
        ({"do": "take", "columns": ["severity"], "reason": " "}, "A correction says why."),
        ({"do": "take", "columns": ["is_local"], "reason": "typed"}, "“is_local” is no column that differs."),
        ({"do": "take", "columns": ["severity"], "reason": "x" * 401}, "in at most 400 characters"),
    ],
)
def test_what_cannot_be_done_is_said_beside_it_and_nothing_typed_is_lost(
    sent: dict[str, object], said: str, signal: Signal, difference: ReleaseDifference
) -> None:
    page = send(client_of(Role.ANALYST), difference, 422, **sent)
    assert said in page[page.index(f'id="difference-{difference.pk}"') :]
    assert f'name="reason" maxlength="400" value="{sent.get("reason", "")}"' in page
    assert f'value="summary"{" checked" if "summary" in str(sent.get("columns")) else ""}>' in page
    signal.refresh_from_db()
    assert signal.severity == 3


def test_a_value_that_breaks_a_rule_here_is_refused_by_column(signal: Signal) -> None:
    difference = make_difference(signal, severity="9")
    page = send(client_of(Role.ANALYST), difference, 422, do="take", columns=["severity"], reason="Why not")
    assert "Severity: " in page


def test_a_row_that_changed_meanwhile_is_shown_anew(signal: Signal, difference: ReleaseDifference) -> None:
    signal.severity = 1
    record(signal, by=None, why="Once more")
    page = send(client_of(Role.ANALYST), difference, 409, do="take", columns=["severity"], reason="They are right.")
    assert "The row was changed meanwhile." in page
    assert '<td data-label="Here">1</td><td data-label="In the release">5</td>' in page
    assert 'value="They are right."' in page


def test_what_somebody_decided_meanwhile_is_not_decided_twice(difference: ReleaseDifference) -> None:
    client = client_of(Role.ANALYST)
    send(client, difference, 200, do="keep")
    page = send(client, difference, 200, do="take", columns=["severity"], reason="They are right.")
    assert "was decided meanwhile, so nothing was changed" in page


def test_a_row_deleted_here_can_only_be_left_so(signal: Signal) -> None:
    release = make_release()
    one = ReleaseDifference.objects.create(
        release=release, table="signals", key="gone", what="not added: it was deleted here"
    )
    client = client_of(Role.ANALYST)
    page = get(client)
    assert "Not added: it was deleted here." in page
    assert "Take what is ticked" not in page
    assert "Kept as it is here: “gone”." in send(client, one, 200, do="keep")


def test_a_newer_release_asks_anew(signal: Signal, difference: ReleaseDifference) -> None:
    make_release(MADE + timedelta(days=1))
    assert "A quarter leaves." not in get(client_of(Role.ANALYST))
    page = send(client_of(Role.ANALYST), difference, 200, do="take", columns=["severity"], reason="They are right.")
    assert "was decided meanwhile" in page


def test_many_differences_and_releases_take_few_queries(
    signal: Signal, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        release = make_release(MADE + timedelta(hours=number))
    for number in range(SHOWN + 1):
        ReleaseDifference.objects.create(
            release=release, table="signals", key=f"s {number}", columns={"severity": ["1", "2"]}
        )
    client = client_of(Role.ANALYST)
    with django_assert_max_num_queries(12):
        page = get(client)
    assert f"The first {SHOWN} are shown." in page
    assert page.count("Take what is ticked") == SHOWN
    assert "51–60 of 60" in get(client, f"{ADDRESS}?page=2")
    assert client.get(f"{ADDRESS}?page=9").status_code == 404
    assert client.get(f"{ADDRESS}?page=x").status_code == 400
    assert client.get(f"{ADDRESS}?q=1").status_code == 400


def test_what_is_not_there_cannot_be_decided(db: None) -> None:
    assert client_of(Role.ANALYST).post(f"{ADDRESS}differences/99/", {"do": "keep"}).status_code == 404
