"""Tokens: made and shown once, kept as a hash, for the API alone, and only as long as they stand."""

import hashlib
import logging
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.web.access import Role
from riskboard.web.accounts.models import ApiScope, ApiToken
from riskboard.web.accounts.tokens import LONGEST, make_token, revoke
from tests.web.api.conftest import Program
from tests.web.people import client_of, make_api_token, make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
GIVEN = {"name": "Nightly check", "scopes": ["read", "portfolio"], "days": "90"}


@pytest.fixture
def closed(settings: Settings, stranger: Program) -> Program:
    """Where strangers do not read."""
    settings.ANONYMOUS_READING = False
    return stranger


# Bearing one ----------------------------------------------------------------------------------------


def test_where_strangers_do_not_read_a_token_does(closed: Program) -> None:
    for path in ("vendors", "lines/nobody", "nothing", "openapi.json", ""):
        response = closed.ask(path)
        assert response.status_code == 401, path
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert closed.json(response)["detail"]
        assert "Access-Control-Allow-Origin" not in response.headers
    bearer = Program(make_api_token().text)
    assert bearer.read("vendors")["items"] == []
    assert bearer.ask("lines/nobody").status_code == 404


def test_a_session_is_not_asked_for(closed: Program) -> None:
    closed.client = client_of(Role.ADMIN)
    assert closed.ask("vendors").status_code == 401
    assert closed.client.get("/").status_code == 200


def test_a_token_opens_no_page(closed: Program) -> None:
    headers = {"Authorization": f"Bearer {make_api_token().text}"}
    for page in ("/", "/account/", "/account/tokens/", "/api/v1/docs/"):
        assert closed.client.get(page, headers=headers).status_code == 302, page


def test_a_token_without_the_scope_is_refused(stranger: Program) -> None:
    response = Program(make_api_token().text).ask("portfolio/deployments")
    assert response.status_code == 403
    assert "portfolio" in stranger.json(response)["detail"]


def test_reading_takes_the_scope_read_where_strangers_do_not_read(closed: Program) -> None:
    user = make_user(Role.VIEWER)
    assert Program(make_api_token(user, ApiScope.ALERTS).text).ask("vendors").status_code == 403
    assert Program(make_api_token(user, ApiScope.READ).text).ask("vendors").status_code == 200


def test_what_is_no_token_gets_in_nowhere(stranger: Program) -> None:
    good = make_api_token().text
    for text in (
        "",
        "x",
        good[:-1],
        good + "x",
        good.upper(),
        good[:11],
        "rb_00000000_x",
        "a\x00b",
        "é" * 40,
        "x" * 9000,
    ):
        response = stranger.ask("vendors", Authorization=f"Bearer {text}")
        assert response.status_code == 401, text
    for header in (good, f"Basic {good}", f"Token {good}"):
        assert stranger.ask("vendors", Authorization=header).status_code == 401
    assert stranger.ask("vendors", Authorization=f"bearer  {good}").status_code == 200


def test_a_token_ends(stranger: Program) -> None:
    user = make_user(Role.VIEWER)
    made = make_token(user, "Script", [ApiScope.READ], timedelta(days=30), NOON)
    bearer = Program(made.text)
    with time_machine.travel(NOON + timedelta(days=29), tick=False):
        assert bearer.ask("vendors").status_code == 200
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        assert bearer.ask("vendors").status_code == 401


def test_a_revoked_token_and_one_of_a_closed_account_get_in_nowhere(stranger: Program) -> None:
    made = make_api_token()
    revoke(made.token, made.token.user, NOON)
    assert Program(made.text).ask("vendors").status_code == 401
    other = make_api_token(make_user(Role.ADMIN))
    User.objects.filter(pk=other.token.user_id).update(is_active=False)
    assert Program(other.text).ask("vendors").status_code == 401


def test_use_is_noted_at_most_once_a_minute(stranger: Program) -> None:
    made = make_api_token()
    bearer = Program(made.text)
    with time_machine.travel(NOON, tick=False) as clock:
        for seconds, noted in ((0, 0), (30, 0), (60, 60)):
            clock.move_to(NOON + timedelta(seconds=seconds))
            bearer.ask("vendors")
            assert ApiToken.objects.get().last_used_at == NOON + timedelta(seconds=noted)


def test_a_token_is_never_logged(
    stranger: Program, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    settings.DEBUG = True
    caplog.set_level(logging.DEBUG)
    made = make_api_token()
    bearer = Program(made.text)
    bearer.client.raise_request_exception = False
    for path in ("vendors", "nothing", "vendors?limit=0", "portfolio/deployments"):
        bearer.ask(path)
    stranger.ask("vendors", Authorization=f"Basic {made.text}")
    told = caplog.text + "".join(capsys.readouterr())
    assert "/api/v1/nothing" in told
    assert made.text not in told
    assert made.text[12:] not in told


# Making one -----------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_kept_as_a_hash() -> None:
    client = client_of(Role.VIEWER)
    response = client.post("/account/tokens/", GIVEN)
    text = response.context["made"].text
    assert text in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store, private"
    token = ApiToken.objects.get()
    assert token.digest == hashlib.sha256(text.encode()).hexdigest()
    assert text.startswith(f"{token.prefix}_")
    assert (token.scopes, token.expires_at - token.created_at) == (["portfolio", "read"], timedelta(days=90))
    page = client.get("/account/tokens/").content.decode()
    assert text not in page
    assert token.prefix in page
    assert text not in str(list(Entry.objects.values()))
    assert Entry.objects.filter(action="token made", is_public=False).count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "366"}, {"days": ""}, {"days": "x"}]
)
def test_a_form_that_says_too_little_or_too_much_makes_none(wrong: dict[str, object]) -> None:
    response = client_of(Role.VIEWER).post("/account/tokens/", GIVEN | wrong)
    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_no_token_lasts_for_more_than_a_year_or_opens_nothing() -> None:
    user = make_user(Role.VIEWER)
    for scopes, lasts in (
        ([ApiScope.READ], LONGEST + timedelta(days=1)),
        ([ApiScope.READ], timedelta(0)),
        ([], LONGEST),
    ):
        with pytest.raises(ValueError, match="within a year"):
            make_token(user, "Script", scopes, lasts, NOON)


def test_the_database_takes_no_token_that_is_over_before_it_begins() -> None:
    token = make_api_token().token
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(expires_at=token.created_at)


def test_one_revokes_ones_own_and_nobody_elses() -> None:
    client = client_of(Role.VIEWER)
    client.post("/account/tokens/", GIVEN)
    own, others = ApiToken.objects.get(), make_api_token().token
    assert client.post(f"/account/tokens/{own.pk}/revoke/").headers["Location"] == "/account/tokens/"
    assert client_of(Role.ADMIN).post(f"/account/tokens/{others.pk}/revoke/").status_code == 404
    own.refresh_from_db()
    others.refresh_from_db()
    assert own.revoked_at is not None
    assert others.revoked_at is None
    assert "revoked" in client.get("/account/tokens/").content.decode()


def test_only_ones_own_tokens_are_listed() -> None:
    others = make_api_token().token
    assert others.prefix not in client_of(Role.ADMIN).get("/account/tokens/").content.decode()


def test_an_admin_revokes_those_of_others() -> None:
    made = make_api_token()
    client = client_of(Role.ADMIN)
    lists = "/admin/accounts/apitoken/"
    client.post(lists, {"action": "revoke_all", "_selected_action": [made.token.pk]})
    assert Program(made.text).ask("vendors").status_code == 401
    assert Entry.objects.filter(action="token revoked", subject=f"account:{made.token.user_id}").exists()
    page = client.get(f"{lists}{made.token.pk}/change/").content.decode()
    assert made.token.prefix in page
    assert made.token.digest not in page
