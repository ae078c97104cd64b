"""What a form sent when its session or its token was gone is not lost, and no other site can make use of that."""

import html
import re
from html.parser import HTMLParser

import pyotp
import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from riskboard.ingest.models import Proposal
from riskboard.web.access import Role
from riskboard.web.accounts import second_factor
from riskboard.web.accounts.carrying import MOST_CHARACTERS, MOST_FIELDS
from tests import cast
from tests.ingest import desk
from tests.web.people import PASSWORD, make_user

pytestmark = pytest.mark.django_db
OURS = {"Origin": "http://testserver"}
NASTY = '"><script>alert(1)</script> & two\nlines'


@pytest.fixture
def ada(db: None) -> User:
    return make_user(Role.ANALYST, "ada")


@pytest.fixture
def proposal(db: None) -> Proposal:
    return desk.make_proposal(desk.signal_texts(cast.keeper()))


class Form(HTMLParser):
    """The form of a page that is no header's: where it goes, and what it would send as it is."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.action, self.is_inside = "", False
        self.sends: dict[str, str] = {}
        text = response.content.decode()
        self.feed(text[text.index('<main id="main"') :])

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.action, self.is_inside = given.get("action", ""), True
        elif tag == "input" and self.is_inside and given.get("name"):
            self.sends[given["name"]] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = self.is_inside and tag != "form"


def edit(proposal: Proposal, **columns: str) -> dict[str, str]:
    return {"version": str(proposal.version), "then": "save", **proposal.fields, **columns}


def send(client: Client, proposal: Proposal, **columns: str) -> HttpResponse:
    return client.post(f"/inbox/{proposal.pk}/edit/", edit(proposal, **columns), headers=OURS)  # type: ignore[return-value]


def go_on(client: Client, response: HttpResponse, **typed: str) -> HttpResponse:
    form = Form(response)
    return client.post(form.action, {**form.sends, **typed}, headers=OURS)  # type: ignore[return-value]


def browser() -> Client:
    """One that has been on a page of ours, as whoever fills a form has, and that is held to its token."""
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in/")
    return client


def with_token(client: Client, sent: dict[str, str]) -> dict[str, str]:
    return {**sent, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}


# Signed out ---------------------------------------------------------------------------------------


def test_what_was_typed_survives_signing_in(ada: User, proposal: Proposal) -> None:
    client = browser()
    sent = with_token(client, edit(proposal, summary=NASTY))
    asked: HttpResponse = client.post(f"/inbox/{proposal.pk}/edit/", sent, headers=OURS)  # type: ignore[assignment]
    assert asked.status_code == 403
    assert "What you typed is kept" in asked.content.decode()
    assert "<script>alert" not in asked.content.decode()
    wrong = go_on(client, asked, name="ada", password="wrong")
    assert "do not belong together" in wrong.content.decode()
    there = go_on(client, wrong, name="ada", password=PASSWORD)
    assert "Your text is still here" in there.content.decode()
    assert html.escape(NASTY.split("\n", maxsplit=1)[0]) in there.content.decode()
    proposal.refresh_from_db()
    assert proposal.fields["summary"] != NASTY  # nothing is sent on by itself
    assert go_on(client, there).status_code == 302
    proposal.refresh_from_db()
    assert proposal.fields["summary"] == NASTY


def test_it_survives_the_second_factor_too(client: Client, ada: User, proposal: Proposal) -> None:
    secret = second_factor.begin(ada)
    codes = second_factor.confirm(ada, pyotp.TOTP(secret).now(), timezone.now())
    asked = go_on(client, send(client, proposal, summary=NASTY), name="ada", password=PASSWORD)
    assert "Your password was right" in asked.content.decode()
    wrong = go_on(client, asked, code="000000")
    assert "does not fit" in wrong.content.decode()
    assert go_on(client, go_on(client, wrong, code=codes[0])).status_code == 302
    proposal.refresh_from_db()
    assert proposal.fields["summary"] == NASTY


def test_a_code_that_came_too_late_begins_again_with_it(client: Client, ada: User, proposal: Proposal) -> None:
    second_factor.confirm(ada, pyotp.TOTP(second_factor.begin(ada)).now(), timezone.now())
    asked = go_on(client, send(client, proposal, summary=NASTY), name="ada", password=PASSWORD)
    client.cookies.pop("sessionid")
    again = go_on(client, asked, code="000000")
    assert Form(again).sends["carried:summary"] == NASTY


def test_where_reading_takes_an_account_too(client: Client, proposal: Proposal, settings: Settings) -> None:
    settings.ANONYMOUS_READING = False
    assert Form(send(client, proposal, summary=NASTY)).sends["carried:summary"] == NASTY


def test_who_lacks_the_role_is_told_so_at_the_end(client: Client, proposal: Proposal) -> None:
    make_user(Role.VIEWER, "vic")
    there = go_on(client, send(client, proposal), name="vic", password=PASSWORD)
    assert go_on(client, there).status_code == 403


def test_a_part_of_a_page_keeps_what_it_has(client: Client, proposal: Proposal) -> None:
    headers = {**OURS, "HX-Request": "true"}
    response = client.post(f"/inbox/{proposal.pk}/edit/", edit(proposal), headers=headers)
    assert response.status_code == 403
    assert "carried:" not in response.content.decode()


# A token that is stale -----------------------------------------------------------------------------


def test_a_page_that_was_too_old_sends_again(ada: User, proposal: Proposal) -> None:
    client = browser()
    client.force_login(ada)
    response = send(client, proposal, summary=NASTY)  # without its token
    assert response.status_code == 403
    assert "Send again" in response.content.decode()
    proposal.refresh_from_db()
    assert proposal.fields["summary"] != NASTY
    assert go_on(client, response).status_code == 302
    proposal.refresh_from_db()
    assert proposal.fields["summary"] == NASTY


def test_who_lost_every_cookie_signs_in_first(ada: User, proposal: Proposal) -> None:
    client = Client(enforce_csrf_checks=True)
    asked = send(client, proposal, summary=NASTY)
    assert Form(asked).sends["carried:summary"] == NASTY
    client.cookies["csrftoken"] = "x" * 32  # signed in from another window meanwhile
    again = go_on(client, asked, name="ada", password=PASSWORD)
    assert Form(again).sends["carried:summary"] == NASTY
    assert go_on(client, go_on(client, again, name="ada", password=PASSWORD)).status_code == 302


# What other sites send -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.elsewhere.example"},
        {"Origin": "https://testserver"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Referer": "https://elsewhere.example/http://testserver/"},
        {"Referer": "http://[half"},
        {},
    ],
)
@pytest.mark.parametrize("reading", [True, False])
def test_nothing_of_theirs_is_carried(
    ada: User, proposal: Proposal, headers: dict[str, str], reading: bool, settings: Settings
) -> None:
    settings.ANONYMOUS_READING = reading
    stranger, analyst = browser(), browser()
    analyst.force_login(ada)
    for victim in (stranger, analyst):
        url = f"/inbox/{proposal.pk}/edit/"
        response = victim.post(url, edit(proposal, summary="Words of theirs"), headers=headers)
        assert response.status_code == 403
        assert "Words of theirs" not in response.content.decode()


def test_signing_in_takes_on_nothing_from_elsewhere(ada: User, proposal: Proposal) -> None:
    client = browser()
    sent = {
        "name": "ada",
        "password": PASSWORD,
        "carried_to": f"/inbox/{proposal.pk}/edit/",
        "carried:summary": "Theirs",
    }
    page = client.post("/sign-in/", sent, headers={"Origin": "https://elsewhere.example"})
    assert page.status_code == 403
    assert "Theirs" not in page.content.decode()


@pytest.mark.parametrize(
    "to",
    ["//evil.example/", "https://evil.example/inbox/1/edit/", "/sign-out/", "/no/such/", "/vendors/", "", "/\\evil"],
)
def test_it_goes_only_where_a_role_is_asked_for(client: Client, ada: User, to: str) -> None:
    sent = {"name": "ada", "password": PASSWORD, "carried_to": to, "carried:summary": "Words"}
    assert client.post("/sign-in/", sent).status_code == 302


def test_secrets_are_not_carried(client: Client, ada: User) -> None:
    sent = {"old_password": "secret one", "new_password1": "secret two", "new_password2": "secret two"}
    page = client.post("/account/password/", sent, headers=OURS).content.decode()
    assert "secret" not in page
    assert "You are signed out, and nothing was changed." in page
    asked = client.post("/account/second-factor/confirm/", {"code": "123456", "note": "Words"}, headers=OURS)
    assert "123456" not in asked.content.decode()
    assert Form(asked).sends["carried:note"] == "Words"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sent",
    [
        {"summary": "x" * (MOST_CHARACTERS + 1)},
        {f"field-{number}": "x" for number in range(MOST_FIELDS + 1)},
        {},
    ],
)
def test_what_is_too_much_or_nothing_is_refused_as_before(client: Client, db: None, sent: dict[str, str]) -> None:
    response = client.post("/inbox/1/edit/", sent, headers=OURS)
    assert response.status_code == 403
    assert not re.search("carried", response.content.decode())


def test_the_page_that_carries_is_kept_by_no_cache(client: Client, proposal: Proposal) -> None:
    assert "no-store" in send(client, proposal).headers["Cache-Control"]
