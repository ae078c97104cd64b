"""Kept answers, limits, errors, and who may read from where."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from pytest_django import Settings

from riskboard.audit.services import record
from riskboard.catalog.models import Signal
from riskboard.web.accounts.models import ApiCalls
from tests import cast
from tests.web.api.conftest import START, Program
from tests.web.people import make_api_token

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


# Kept answers ---------------------------------------------------------------------------------------


def test_an_answer_stays_good_until_the_evidence_changes(stranger: Program) -> None:
    signal = cast.make_signal(cast.make_vendor())
    first = stranger.ask("signals")
    tag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = stranger.ask("signals", **{"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "Content-Type" not in again.headers
    assert stranger.ask("signals?limit=1", **{"If-None-Match": tag}).status_code == 200, "another question"
    Signal.objects.filter(pk=signal.pk).update(severity=5)
    assert stranger.ask("signals", **{"If-None-Match": tag}).status_code == 200


def test_an_answer_is_good_for_its_day_only(stranger: Program) -> None:
    with time_machine.travel(NOON, tick=False):
        tag = stranger.ask("signals").headers["ETag"]
        assert stranger.ask("signals", **{"If-None-Match": tag}).status_code == 304
    with time_machine.travel(datetime(2026, 11, 25, 0, 1, tzinfo=UTC), tick=False):
        assert stranger.ask("signals", **{"If-None-Match": tag}).status_code == 200


def test_the_log_of_corrections_follows_the_log(stranger: Program) -> None:
    tag = stranger.ask("corrections").headers["ETag"]
    assert stranger.ask("corrections", **{"If-None-Match": tag}).status_code == 304
    record(
        actor=None,
        action="corrected",
        subject="signal:one",
        at=NOON,
        before={"severity": "3"},
        after={"severity": "4"},
        reason="Read again.",
        is_public=True,
    )
    record(actor=None, action="accepted", subject="proposal:1", at=NOON)
    response = stranger.ask("corrections", **{"If-None-Match": tag})
    (row,) = stranger.json(response)["items"]
    assert row["columns"] == [{"name": "severity", "old": "3", "new": "4"}]
    assert (row["subject"], row["by"], row["reason"]) == ("signal:one", "the board itself", "Read again.")
    assert stranger.read("corrections?as_of=2026-11-23")["items"] == []


@pytest.mark.parametrize("known", ["*", "\x7f", '"', 'W/"x', ","])
def test_a_strange_tag_gives_the_whole_answer(known: str, stranger: Program) -> None:
    assert stranger.ask("signals", **{"If-None-Match": known}).status_code == 200


def test_what_is_refused_is_not_kept(stranger: Program) -> None:
    response = stranger.ask("signals?limit=0")
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "private, no-store"


# Errors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_is_written_here(method: str, client: Client) -> None:
    response = client.generic(method, f"{START}signals")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET"
    assert response.json()["detail"]


def test_head_is_get_without_a_body(stranger: Program) -> None:
    whole, head = stranger.ask("signals"), stranger.client.head(f"{START}signals")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize("path", ["", "nothing", "lines/", "signals/x", "lines/%2e%2e", "portfolio"])
def test_an_address_that_is_none_says_so_in_json(path: str, stranger: Program) -> None:
    response = stranger.ask(path)
    assert response.status_code == 404
    assert "/api/v1/docs/" in stranger.json(response)["detail"]


def test_a_crash_says_nothing_of_itself(stranger: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("The secret inside.")

    monkeypatch.setattr("riskboard.web.api.tables.cut", crash)
    stranger.client.raise_request_exception = False
    response = stranger.ask("signals")
    assert response.status_code == 500
    assert b"secret" not in response.content
    assert stranger.json(response)["field"] is None


def test_a_host_that_is_not_ours_is_refused_in_json(stranger: Program) -> None:
    response = stranger.ask("signals", host="elsewhere.example")
    assert response.status_code == 400
    assert stranger.json(response)["detail"]


# Limits ---------------------------------------------------------------------------------------------


def test_who_asks_too_often_is_told_when_to_come_back(stranger: Program, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 3
    with time_machine.travel(NOON, tick=False) as clock:
        assert [stranger.ask("vendors").status_code for _ in range(4)] == [200, 200, 200, 429]
        clock.shift(20)
        response = stranger.ask("vendors?limit=0")
        assert response.headers["Retry-After"] == "40"
        assert stranger.json(response)["detail"] == "At most 3 calls a minute. Ask again in 40 s."
        clock.shift(40)
        assert stranger.ask("vendors").status_code == 200


def test_a_token_counts_apart_from_its_address(stranger: Program, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE, settings.API_CALLS_A_MINUTE_WITH_TOKEN = 1, 2
    bearer = Program(make_api_token().text)
    with time_machine.travel(NOON, tick=False):
        assert [stranger.ask("vendors").status_code for _ in range(2)] == [200, 429]
    with time_machine.travel(NOON, tick=False):
        assert [bearer.ask("vendors").status_code for _ in range(3)] == [200, 200, 429]


def test_guesses_at_tokens_count_for_their_address(stranger: Program, settings: Settings) -> None:
    settings.API_CALLS_A_MINUTE = 2
    guesser = Program("rb_00000000_guess")
    with time_machine.travel(NOON, tick=False):
        assert [guesser.ask("vendors").status_code for _ in range(3)] == [401, 401, 429]
        assert stranger.ask("vendors").status_code == 429


def test_counts_are_kept_without_addresses_and_not_for_long(stranger: Program) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        stranger.ask("vendors")
        (row,) = ApiCalls.objects.all()
        assert (row.calls, len(row.digest)) == (1, 64)
        assert "127" not in str(row)
        clock.shift(2 * 3600)
        stranger.ask("vendors")
        assert ApiCalls.objects.count() == 1


def test_a_count_that_cannot_be_written_keeps_nobody_from_reading(
    stranger: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: object) -> int:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr("riskboard.web.api.counting._count", fail)
    assert stranger.ask("vendors").status_code == 200
    assert "could not be counted: The disk is full." in caplog.text


# From where -----------------------------------------------------------------------------------------


def test_scripts_elsewhere_read_what_everybody_may(stranger: Program, settings: Settings) -> None:
    for path in ("vendors", "vendors?limit=0", "nothing", "openapi.json"):
        response = stranger.ask(path, origin="https://elsewhere.example")
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers
        assert "Authorization" in response.headers["Vary"]
    bearer = Program(make_api_token().text)
    response = bearer.ask("vendors", origin="https://elsewhere.example")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.headers["Cache-Control"] == "private, max-age=60"
