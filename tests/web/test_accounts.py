import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from html import unescape
from ipaddress import ip_network
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.db import connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.web.access import Role
from riskboard.web.accounts.addresses import client_address, local_path
from riskboard.web.accounts.models import RecoveryCode, SecondFactor, SignInAttempt
from riskboard.web.accounts.throttling import TooManyAttemptsError, admit
from tests.web.people import PASSWORD, make_user

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOSTILE = [
    "//evil.example",
    "https:evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\t//evil.example",
    "javascript:alert(1)",
    "///evil.example",
    "evil",
    "\\\\evil.example",
    " //evil.example",
    "/\t/evil.example",
]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ada(db: None) -> User:
    return make_user(Role.ANALYST, "ada")


def sign_in(client: Client, name: str = "ada", password: str = PASSWORD, then: str = "", **sent: str) -> HttpResponse:
    query = {"next": then} if then else {}
    return client.post("/sign-in/", {"name": name, "password": password}, query_params=query, **sent)  # type: ignore[return-value, arg-type]


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def what_it_says(response: HttpResponse) -> str:
    """Without what differs for each: the token, and the name that was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r'(name="name" value=)"[^"]*"', r"\1", text)


# Signing in ---------------------------------------------------------------------------------------


def test_the_right_password_opens_a_session_under_a_new_key(client: Client, ada: User) -> None:
    client.get("/")
    response = sign_in(client, then="/jobs/?page=1")
    assert response.headers["Location"] == "/jobs/?page=1"
    first = client.cookies["sessionid"].value
    assert "ada" in client.get("/").content.decode()
    sign_in(client)
    assert client.cookies["sessionid"].value != first


@pytest.mark.parametrize("then", HOSTILE)
def test_nobody_is_sent_elsewhere(client: Client, ada: User, then: str) -> None:
    assert sign_in(client, then=then).headers["Location"] == "/"
    assert client.get("/sign-in/", {"next": then}).headers["Location"] == "/"


def test_a_local_path_stays_as_it_is() -> None:
    assert local_path("/lines/qwen2.5/?as_of=2026-01-01#top") == "/lines/qwen2.5/?as_of=2026-01-01#top"


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: Client, ada: User) -> None:
    known, unknown = sign_in(client, password="wrong"), sign_in(client, name="nobody", password="wrong")
    assert known.status_code == unknown.status_code == 200
    assert "do not belong together" in what_it_says(known)
    assert what_it_says(known) == what_it_says(unknown)
    assert not is_signed_in(client)


def test_both_take_the_same_work(client: Client, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    former = MD5PasswordHasher.encode

    def encode(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return former(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)
    sign_in(client, password="guess one")
    sign_in(client, name="nobody", password="guess two")
    assert hashed == ["guess one", "guess two"]


def test_an_account_that_was_closed_stays_out(client: Client, ada: User) -> None:
    User.objects.update(is_active=False)
    assert "do not belong together" in sign_in(client).content.decode()


def test_a_name_with_nothing_or_a_null_byte_is_no_crash(client: Client, db: None) -> None:
    assert "This field is required." in sign_in(client, name="").content.decode()
    assert "Null characters are not allowed." in sign_in(client, name="a\0b").content.decode()
    assert client.get("/sign-in/?other=1").status_code == 400


# Too many guesses ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ada", "nobody"])
def test_after_ten_failures_nothing_is_judged_for_a_quarter_of_an_hour(
    client: Client, ada: User, clock: time_machine.Traveller, name: str
) -> None:
    for _ in range(10):
        assert sign_in(client, name=name, password="wrong").status_code == 200
    wrong, right = sign_in(client, name=name, password="wrong"), sign_in(client, name=name, password=PASSWORD)
    assert wrong.status_code == right.status_code == 429
    assert wrong.headers["Retry-After"] == right.headers["Retry-After"] == "900"
    assert what_it_says(wrong) == what_it_says(right)
    assert not is_signed_in(client)
    clock.shift(timedelta(minutes=15))
    assert sign_in(client).status_code == 302


def test_a_lock_says_the_same_of_known_and_unknown_names(client: Client, ada: User) -> None:
    for _ in range(10):
        sign_in(client, password="wrong")
        sign_in(client, name="nobody", password="wrong")
    assert what_it_says(sign_in(client)) == what_it_says(sign_in(client, name="nobody"))


def test_another_spelling_of_the_name_is_no_fresh_start(client: Client, ada: User) -> None:
    for name in ("ada", "Ada", "ADA", "ａda", "aDa") * 2:
        sign_in(client, name=name, password="wrong")
    assert sign_in(client).status_code == 429


def test_refused_guesses_do_not_keep_the_lock(client: Client, ada: User, clock: time_machine.Traveller) -> None:
    for _ in range(10):
        sign_in(client, password="wrong")
    clock.shift(timedelta(minutes=14))
    assert sign_in(client, password="wrong").status_code == 429
    clock.shift(timedelta(minutes=1))
    assert sign_in(client).status_code == 302


def test_signing_in_starts_the_count_of_the_account_afresh(client: Client, ada: User) -> None:
    for _ in range(2):
        for _ in range(9):
            assert sign_in(client, password="wrong").status_code == 200
        assert sign_in(client).status_code == 302


@pytest.mark.parametrize("claimed", [{}, {"HTTP_X_FORWARDED_FOR": "203.0.113.{}"}])
def test_an_address_has_fifty_failures_whatever_it_claims_and_whose_accounts_it_has(
    client: Client, ada: User, claimed: dict[str, str]
) -> None:
    for number in range(50):
        sent = {header: value.format(number) for header, value in claimed.items()}
        assert sign_in(client, name=f"guess-{number}", password="wrong", **sent).status_code == 200
        if number == 30:
            assert sign_in(client).status_code == 302
    assert sign_in(client).status_code == 429
    assert sign_in(client, REMOTE_ADDR="198.51.100.7").status_code == 302


@pytest.mark.usefixtures("many_connections")
def test_of_many_guesses_at_once_no_more_than_ten_are_judged() -> None:
    def guess(_number: int) -> bool:
        try:
            admit("ada", "198.51.100.7", NOW)
        except TooManyAttemptsError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        judged = sum(pool.map(guess, range(40)))
    assert 1 <= judged <= 10


def test_neither_names_nor_addresses_are_kept(client: Client, ada: User) -> None:
    sign_in(client, name="my secret, in the wrong field", password="x")
    kept = str(list(SignInAttempt.objects.values()))
    assert "secret" not in kept
    assert "127.0.0.1" not in kept


@pytest.mark.parametrize(
    ("peer", "forwarded", "counted"),
    [
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "192.0.2.66, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.7", "", "198.51.100.7"),
        ("", "203.0.113.9", ""),
    ],
)
def test_only_a_trusted_proxy_says_for_whom_it_asks(
    rf: RequestFactory, settings: Settings, peer: str, forwarded: str, counted: str
) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.0/8")]
    request = rf.get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded} if forwarded else {})
    assert client_address(request) == counted


# Sessions -----------------------------------------------------------------------------------------


def test_a_session_ends_when_nobody_uses_it(client: Client, ada: User, clock: time_machine.Traveller) -> None:
    sign_in(client)
    for _ in range(3):
        clock.shift(timedelta(hours=11, minutes=50))
        assert is_signed_in(client)
    clock.shift(timedelta(hours=12, minutes=1))
    assert not is_signed_in(client)
    clock.shift(-timedelta(hours=12))
    assert not is_signed_in(client)


def test_a_session_ends_after_a_week_however_busy(client: Client, ada: User, clock: time_machine.Traveller) -> None:
    sign_in(client)
    for _ in range(16):
        clock.shift(timedelta(hours=10))
        assert is_signed_in(client)
    clock.shift(timedelta(hours=9))
    assert not is_signed_in(client)


def test_signing_in_again_begins_a_new_week(client: Client, ada: User, clock: time_machine.Traveller) -> None:
    sign_in(client)
    for _ in range(15):
        clock.shift(timedelta(hours=11))
        assert is_signed_in(client)
    sign_in(client)
    clock.shift(timedelta(hours=11))
    assert is_signed_in(client)


def test_signing_out_ends_the_session_itself(client: Client, ada: User) -> None:
    sign_in(client)
    stolen = client.cookies["sessionid"].value
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/"
    thief = Client()
    thief.cookies["sessionid"] = stolen
    assert not is_signed_in(thief)


def test_changing_the_password_ends_every_other_session(client: Client, ada: User) -> None:
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    new = "another long pass phrase"
    sent = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    wrong = client.post("/account/password/", {**sent, "old_password": "wrong"})
    assert "entered incorrectly" in wrong.content.decode()
    assert is_signed_in(elsewhere)
    done = client.post("/account/password/", sent, follow=True)
    assert "Your password is changed." in done.content.decode()
    assert not is_signed_in(elsewhere)
    assert sign_in(elsewhere, password=new).status_code == 302


def test_a_borrowed_session_cannot_guess_the_password(client: Client, ada: User) -> None:
    sign_in(client)
    sent = {"old_password": "wrong", "new_password1": "x", "new_password2": "x"}
    for _ in range(10):
        assert client.post("/account/password/", sent).status_code == 200
    assert client.post("/account/password/", {**sent, "old_password": PASSWORD}).status_code == 429


def test_what_was_made_for_one_person_is_never_stored(client: Client, ada: User) -> None:
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
    assert "no-store" in client.get("/sign-in/").headers["Cache-Control"]
    sign_in(client)
    for address in ("/", "/account/", "/no/such/page/"):
        assert "no-store" in client.get(address).headers["Cache-Control"], address


def test_a_stranger_gets_no_cookie_for_reading(client: Client, db: None) -> None:
    client.get("/")
    assert client.cookies.output() == ""


# Second factor ------------------------------------------------------------------------------------


def code_of(secret: str, after: int = 0) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * after))


@pytest.fixture
def secret(client: Client, ada: User, clock: time_machine.Traveller) -> str:
    """Of a second factor that is set up but not yet on; ``client`` is signed in."""
    sign_in(client)
    page = unescape(client.post("/account/second-factor/").content.decode())
    address = re.search(r'href="(otpauth://[^"]+)"', page)
    assert address
    found = parse_qs(urlsplit(address[1]).query)
    assert found["issuer"] == ["RiskBoard"]
    assert f"<code>{found['secret'][0]}</code>" in page
    return found["secret"][0]


@pytest.fixture
def recovery_codes(client: Client, secret: str) -> list[str]:
    page = client.post("/account/second-factor/confirm/", {"code": code_of(secret)}).content.decode()
    codes = re.findall(r"<li><code>(\w{16})</code></li>", page)
    assert len(set(codes)) == 10
    client.post("/sign-out/")
    return codes


def test_it_is_on_only_after_a_first_right_code(client: Client, secret: str) -> None:
    page = client.post("/account/second-factor/confirm/", {"code": "000000"}).content.decode()
    assert "Nothing is on yet." in page
    assert secret not in page
    client.post("/sign-out/")
    assert sign_in(client).headers["Location"] == "/"


def test_then_a_password_is_not_enough(
    client: Client, secret: str, recovery_codes: list[str], clock: time_machine.Traveller
) -> None:
    assert sign_in(client, then="/jobs/").headers["Location"] == "/sign-in/code/"
    half_way = client.cookies["sessionid"].value
    assert not is_signed_in(client)
    assert "does not fit" in client.post("/sign-in/code/", {"code": "000000"}).content.decode()
    clock.shift(timedelta(seconds=30))
    assert client.post("/sign-in/code/", {"code": code_of(secret)}).headers["Location"] == "/jobs/"
    assert is_signed_in(client)
    assert client.cookies["sessionid"].value != half_way


def test_a_code_counts_once_and_a_clock_may_be_a_little_off(
    client: Client, secret: str, recovery_codes: list[str], clock: time_machine.Traveller
) -> None:
    sign_in(client)
    used = code_of(secret)
    assert "was used before" in client.post("/sign-in/code/", {"code": used}).content.decode()
    assert "does not fit" in client.post("/sign-in/code/", {"code": code_of(secret, 2)}).content.decode()
    ahead = code_of(secret, 1)
    assert client.post("/sign-in/code/", {"code": f"{ahead[:3]} {ahead[3:]}"}).status_code == 302


def test_a_recovery_code_stands_in_once(client: Client, recovery_codes: list[str]) -> None:
    typed = f"{recovery_codes[3][:8].upper()}-{recovery_codes[3][8:]}"
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": typed}).status_code == 302
    assert "9 recovery codes left" in client.get("/account/").content.decode()
    client.post("/sign-out/")
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": typed}).status_code == 200


def test_codes_cannot_be_guessed(client: Client, secret: str, recovery_codes: list[str]) -> None:
    sign_in(client)
    for _ in range(10):
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 200
    assert client.post("/sign-in/code/", {"code": recovery_codes[0]}).status_code == 429
    assert sign_in(client).status_code == 429


def test_the_right_password_in_between_does_not_allow_more_guesses(
    client: Client, secret: str, recovery_codes: list[str]
) -> None:
    for _ in range(10):
        sign_in(client)
        client.post("/sign-in/code/", {"code": "000000"})
    assert sign_in(client).status_code == 429


def test_half_way_ends_after_a_while_and_with_the_password(
    client: Client, ada: User, recovery_codes: list[str], clock: time_machine.Traveller
) -> None:
    sign_in(client)
    clock.shift(timedelta(minutes=11))
    assert client.post("/sign-in/code/", {"code": recovery_codes[0]}).headers["Location"] == "/sign-in/"
    sign_in(client)
    ada.set_password("changed in between")
    ada.save()
    assert client.post("/sign-in/code/", {"code": recovery_codes[0]}).headers["Location"] == "/sign-in/"
    assert Client().get("/sign-in/code/").headers["Location"] == "/sign-in/"


def test_it_is_removed_with_a_code_only_and_both_is_on_record(
    client: Client, ada: User, recovery_codes: list[str]
) -> None:
    sign_in(client)
    client.post("/sign-in/code/", {"code": recovery_codes[0]})
    again = client.post("/account/second-factor/", follow=True)
    assert "Remove it before you set up another." in again.content.decode()
    assert "It stays on." in client.post("/account/second-factor/remove/", {"code": "000000"}).content.decode()
    done = client.post("/account/second-factor/remove/", {"code": recovery_codes[1]}, follow=True)
    assert "Your second factor is removed." in done.content.decode()
    client.post("/sign-out/")
    assert sign_in(client).headers["Location"] == "/"
    assert list(Entry.objects.order_by("pk").values_list("action", "actor")) == [
        ("second factor on", ada.pk),
        ("second factor off", ada.pk),
    ]


def test_a_copy_of_the_database_holds_neither_secret_nor_codes(secret: str, recovery_codes: list[str]) -> None:
    kept = str([*SecondFactor.objects.values(), *RecoveryCode.objects.values()])
    assert secret not in kept
    assert not [code for code in recovery_codes if code in kept]


def test_with_another_signing_key_no_code_fits_and_nothing_crashes(
    client: Client, secret: str, recovery_codes: list[str], settings: Settings
) -> None:
    settings.SECRET_KEY = "another"
    sign_in(client)
    assert "does not fit" in client.post("/sign-in/code/", {"code": code_of(secret, 1)}).content.decode()


def test_an_admin_can_remove_it_and_sees_no_secret(client: Client, ada: User, recovery_codes: list[str]) -> None:
    client.force_login(make_user(Role.ADMIN))
    factor = SecondFactor.objects.get()
    page = client.get(f"/admin/accounts/secondfactor/{factor.pk}/change/").content.decode()
    assert factor.sealed_secret not in page
    assert client.post(f"/admin/accounts/secondfactor/{factor.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not SecondFactor.objects.exists()
