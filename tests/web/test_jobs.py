from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from riskboard.audit.models import Entry
from riskboard.jobs.models import Job
from riskboard.jobs.services import note_pulse
from riskboard.web.access import Role
from tests.web.people import client_of

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def make_job(key: str, state: str = "dead", **fields: object) -> Job:
    usual: dict[str, object] = {"kind": "poll feed", "run_at": NOW, "attempts": 3, "last_error": "It does not answer."}
    if state in {"dead", "done"}:
        usual["finished_at"] = NOW
    return Job.objects.create(key=key, state=state, **{**usual, **fields})


@pytest.fixture
def analyst() -> Client:
    return client_of(Role.ANALYST)


def get(client: Client, address: str = "/jobs/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_queues_are_counted(analyst: Client) -> None:
    make_job("a", "queued", attempts=0)
    make_job("b", "queued", attempts=0)
    make_job("c", "leased", attempts=1, leased_until=NOW)
    make_job("d")
    make_job("e", "done")
    row = next(row for row in get(analyst).split("<tr>") if '"row">fetch<' in row)
    assert [cell.split("<")[0] for cell in row.split('"num">')[1:]] == ["2", "1", "1"]


def test_it_says_whether_anything_gets_through(analyst: Client) -> None:
    assert "Nothing ever got through." in get(analyst)
    note_pulse(timezone.now() - timedelta(hours=1))
    assert ">not working<" in get(analyst)
    note_pulse(timezone.now())
    assert ">working<" in get(analyst)


def test_a_dead_letter_shows_its_error_as_text(analyst: Client) -> None:
    make_job("poll:7", last_error="Traceback:\n  <script>alert(1)</script>")
    page = analyst.get("/jobs/").content.decode()
    assert "poll:7" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_trying_again_is_one_click_and_on_record(analyst: Client) -> None:
    job = make_job("poll:7")
    page = unescape(analyst.post(f"/jobs/{job.pk}/retry/", follow=True).content.decode())
    assert "“poll feed” is tried again now." in page
    job.refresh_from_db()
    assert job.state == "queued"
    assert job.retried_by is not None
    entry = Entry.objects.get()
    assert (entry.actor, entry.action, entry.subject) == (job.retried_by, "retried", f"job:{job.pk}")
    assert entry.before == {"attempts": 3, "error": "It does not answer."}
    assert not entry.is_public


def test_the_second_of_two_clicks_does_nothing_and_says_so(analyst: Client) -> None:
    job = make_job("poll:7")
    analyst.post(f"/jobs/{job.pk}/retry/")
    page = analyst.post(f"/jobs/{job.pk}/retry/", follow=True).content.decode()
    assert "somebody tried it again before you" in page
    assert Entry.objects.count() == 1
    assert analyst.post("/jobs/999/retry/").status_code == 404


def test_many_dead_letters_have_pages_and_take_few_queries(
    analyst: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        make_job(f"poll:{number}")
    with django_assert_max_num_queries(12):
        assert "1–50 of 60" in get(analyst)
    assert "51–60 of 60" in get(analyst, "/jobs/?page=2")
    assert analyst.get("/jobs/?page=3").status_code == 404
    assert analyst.get("/jobs/?q=1").status_code == 400


def test_a_monitor_is_told_when_no_work_gets_done(client: Client) -> None:
    """C-52: red without a heartbeat within two minutes, though the process that answers lives."""
    answer = client.get("/health/progress/")
    assert (answer.status_code, answer.content) == (503, b"no work gets done\nlast heartbeat: never\n")
    note_pulse(timezone.now() - timedelta(minutes=1))
    assert client.get("/health/progress/").status_code == 200
    note_pulse(timezone.now() - timedelta(minutes=3))
    assert client.get("/health/progress/").status_code == 503


def test_a_dead_letter_is_dismissed_with_a_reason_and_on_record(analyst: Client) -> None:
    job = make_job("poll:7")
    page = unescape(analyst.post(f"/jobs/{job.pk}/dismiss/", {"reason": " "}, follow=True).content.decode())
    assert "Say why nobody needs it." in page
    assert "poll:7" in page
    page = analyst.post(f"/jobs/{job.pk}/dismiss/", {"reason": "The feed is gone"}, follow=True).content.decode()
    assert "is dismissed" in page
    assert "poll:7" not in page
    entry = Entry.objects.get()
    assert (entry.action, entry.subject, entry.reason) == ("dismissed", f"job:{job.pk}", "The feed is gone")
    assert entry.before is not None
    assert entry.before["error"] == "It does not answer."
    page = analyst.post(f"/jobs/{job.pk}/dismiss/", {"reason": "Again"}, follow=True).content.decode()
    assert "somebody decided about it before you" in page
    assert Entry.objects.count() == 1
