"""The guarded client against servers that misbehave: checks C-01 and C-03 to C-17, each named in its test."""

import gzip
import time
import tomllib
import tracemalloc
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db.models import Model
from pytest_django import Settings

from riskboard.ingest.client import (
    Answer,
    BadAnswer,
    Blocked,
    BrokenAnswer,
    Client,
    FetchError,
    HostBusy,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
)
from riskboard.ingest.models import Feed, Host, Item
from tests.cast import make_release, make_signal
from tests.ingest.certificates import self_signed, server_side, trusting
from tests.ingest.raw_server import Heard, RawServer, Rerouted, Resolver, Script, answer, redirect, serving
from tests.ingest.test_guard import LOOPBACK_TEXTS

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PUBLIC = "93.184.215.14"


@dataclass
class Clock:
    """Stands still, except for sleeping."""

    instant: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.instant

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.instant += timedelta(seconds=seconds)


def client(clock: Clock | None = None, **given: Any) -> Client:
    clock = clock or Clock()
    return Client(**{"now": clock, "sleep": clock.sleep, "random": lambda: 0.5, "deadline": 10.0, **given})


@contextmanager
def allowed(settings: Settings, script: Script) -> Iterator[RawServer]:
    """A loopback server whose origin, and no other, the operator allows."""
    with serving(script) as server:
        settings.ALLOWED_FETCH_ORIGINS = [server.url]
        yield server


def pieces(*parts: bytes) -> Callable[[Heard], Iterable[bytes]]:
    return lambda heard: parts


def head(*headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1")


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


# Where it goes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", LOOPBACK_TEXTS)
def test_c01_nothing_connects_to_this_machine(host: str) -> None:
    with serving(pieces(*answer())) as listener:
        network = Rerouted(listener.port)
        for url in (f"http://{host}/", f"http://{host}:{listener.port}/"):
            with pytest.raises(Blocked) as refused:
                client(network=network).get(url)
            assert refused.value.reason == "blocked_address"
    assert (listener.connections, network.connected, Host.objects.count()) == (0, [], 0)


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "100.100.100.200", "::1", "64:ff9b::a9fe:a9fe"])
def test_c02_nothing_connects_to_where_a_name_secretly_leads(address: str) -> None:
    with serving(pieces(*answer())) as listener:
        network = Rerouted(listener.port)
        with pytest.raises(Blocked) as refused:
            client(network=network, resolve=Resolver([[address]])).get("https://news.example/")
    assert refused.value.reason == "blocked_address"
    assert (listener.connections, network.connected) == (0, [])


def test_c03_a_name_that_changes_its_address_gets_the_checked_one() -> None:
    with serving(pieces(*answer(b"news"))) as server:
        network, resolve = Rerouted(server.port), Resolver([[PUBLIC, "8.8.8.8"], ["127.0.0.1"]])
        answered = client(network=network, resolve=resolve).get("http://news.example/a?b=c#d")
    assert answered.body == b"news"
    assert (network.connected, resolve.asked) == ([(PUBLIC, 80)], ["news.example"])
    assert (server.heard[0].path, server.heard[0].headers["host"]) == ("/a?b=c", "news.example")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://bücher.example/é?q=ü", "xn--bcher-kva.example"),
        ("http://8.8.8.8/", "8.8.8.8"),
        ("http://[2606:4700::1111]/", "[2606:4700::1111]"),
        ("http://News.Example./", "news.example"),
    ],
)
def test_names_and_numbers_of_every_kind_are_fetched(url: str, host: str) -> None:
    with serving(pieces(*answer(b"news"))) as server:
        answered = client(network=Rerouted(server.port), resolve=Resolver([[PUBLIC]])).get(url)
    assert (answered.body, server.heard[0].headers["host"]) == (b"news", host)


def test_c04_a_private_address_among_public_ones_refuses_the_host() -> None:
    with serving(pieces(*answer())) as listener:
        network = Rerouted(listener.port)
        with pytest.raises(Blocked):
            client(network=network, resolve=Resolver([[PUBLIC, "10.0.0.1"]])).get("https://news.example/")
    assert (listener.connections, network.connected) == (0, [])


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//127.0.0.1/",
        "//169.254.169.254",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://localhost/",
        "http://inside.example/",
        "http://user:password@news.example/",
        "http://news.example:6379/",
        "file:///etc/hostname",
        "gopher://news.example/",
        "http://news.example\\@127.0.0.1/",
        "http://news.example/a b",
        "/a\tb",
    ],
)
def test_c05_a_redirect_is_checked_like_an_address(location: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return ["10.0.0.1"] if host == "inside.example" else [PUBLIC]

    with serving(pieces(*redirect(location))) as server:
        network = Rerouted(server.port)
        with pytest.raises(Blocked) as refused:
            client(network=network, resolve=resolve).get("http://news.example/")
    assert refused.value.reason == "blocked_redirect"
    assert network.connected == [(PUBLIC, 80)]


def test_c05_the_third_redirect_is_checked_like_the_first() -> None:
    steps = {"/": "/1", "/1": "http://other.example/2", "/2": "http://169.254.169.254/"}
    with (
        serving(lambda heard: redirect(steps[heard.path])) as server,
        pytest.raises(Blocked) as refused,
    ):
        client(network=Rerouted(server.port), resolve=Resolver([[PUBLIC]])).get("http://news.example/")
    assert refused.value.reason == "blocked_redirect"
    assert [heard.path for heard in server.heard] == ["/", "/1", "/2"]


def test_c05_a_redirect_that_gives_up_tls_is_refused(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "news.example", now=datetime.now(UTC))
    with serving(pieces(*redirect("http://news.example/")), tls=server_side(certificate)) as server:
        network = Rerouted(server.port)
        with pytest.raises(Blocked) as refused:
            client(network=network, resolve=Resolver([[PUBLIC]]), tls=trusting(certificate)).get(
                "https://news.example/"
            )
    assert refused.value.reason == "blocked_redirect"
    assert network.connected == [(PUBLIC, 443)]


def test_c05_a_public_host_cannot_send_us_to_an_origin_that_was_allowed(settings: Settings) -> None:
    with serving(pieces(*answer(b"secret"))) as inside:
        settings.ALLOWED_FETCH_ORIGINS = [inside.url]
        with (
            serving(pieces(*redirect(inside.url))) as server,
            pytest.raises(Blocked) as refused,
        ):
            client(network=Rerouted(server.port), resolve=Resolver([[PUBLIC]])).get("http://news.example/")
    assert (refused.value.reason, inside.connections) == ("blocked_redirect", 0)


def test_c05_an_allowed_origin_cannot_send_us_to_its_neighbor(settings: Settings) -> None:
    with (
        serving(pieces(*answer(b"secret"))) as neighbor,
        allowed(settings, pieces(*redirect(neighbor.url))) as server,
        pytest.raises(Blocked) as refused,
    ):
        client().get(server.url)
    assert (refused.value.reason, neighbor.connections) == ("blocked_redirect", 0)


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_c06_three_redirects_are_followed(settings: Settings, status: str) -> None:
    steps = {"/": "1", "/1": "/2", "/2": "?q=3"}
    with allowed(
        settings, lambda heard: redirect(steps[heard.path], status) if heard.path in steps else answer(b"here")
    ) as server:
        answered = client().get(server.url)
    assert (answered.body, answered.url) == (b"here", f"{server.url}/2?q=3")
    assert answered.moved_to == (answered.url if status[:3] in {"301", "308"} else "")


def test_c06_a_fourth_redirect_is_not_followed(settings: Settings) -> None:
    with (
        allowed(settings, lambda heard: redirect(f"{heard.path}x")) as server,
        pytest.raises(TooManyRedirects) as refused,
    ):
        client().get(server.url)
    assert refused.value.reason == "too_many_redirects"
    assert [heard.path for heard in server.heard] == ["/", "/x", "/xx", "/xxx"]


def test_c06_a_circle_of_redirects_is_left_at_once(settings: Settings) -> None:
    with (
        allowed(settings, lambda heard: redirect("/b" if heard.path == "/a" else "/a")) as server,
        pytest.raises(TooManyRedirects),
    ):
        client().get(f"{server.url}/a")
    assert [heard.path for heard in server.heard] == ["/a", "/b"]


def test_a_move_for_good_is_known_as_far_as_it_was_for_good(settings: Settings) -> None:
    steps = {"/": ("/1", "301 Moved"), "/1": ("/2", "302 Found"), "/2": ("/3", "301 Moved")}
    with allowed(
        settings, lambda heard: redirect(*steps[heard.path]) if heard.path in steps else answer(b"here")
    ) as server:
        assert client().get(server.url).moved_to == f"{server.url}/1"


@pytest.mark.parametrize("status", ["302 Found", "300 Multiple Choices", "305 Use Proxy"])
def test_a_redirect_to_nowhere_is_a_bad_answer(settings: Settings, status: str) -> None:
    with allowed(settings, pieces(*answer(status=status))) as server, pytest.raises(BadAnswer):
        client().get(server.url)


@pytest.mark.parametrize(
    "url", ["file:///etc/hostname", "gopher://news.example/", "http://u:p@news.example/", "http://news.example:22/"]
)
def test_c07_what_is_no_plain_web_address_is_not_fetched(url: str) -> None:
    network = Rerouted(1)
    with pytest.raises(Blocked) as refused:
        client(network=network, resolve=Resolver([[PUBLIC]])).get(url)
    assert (refused.value.reason, network.connected) == ("bad_address", [])


def test_c08_a_proxy_in_the_environment_is_not_used(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(pieces(*answer(b"from the proxy"))) as proxy, allowed(settings, pieces(*answer(b"direct"))) as server:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
            monkeypatch.setenv(name.lower(), proxy.url)
        assert client().get(server.url).body == b"direct"
    assert proxy.connections == 0


# How long and how much -------------------------------------------------------------------------------------------


def test_c09_the_deadline_is_twenty_seconds() -> None:
    assert Client(now=Clock()).deadline == 20


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX: ", head("Content-Length: 1000000"), head("Transfer-Encoding: chunked")]
)
def test_c09_drops_add_up_to_the_deadline_and_the_next_fetch_works(settings: Settings, first: bytes) -> None:
    drop = b"1\r\na\r\n" if b"chunked" in first else b"a"

    def drip(heard: Heard) -> Iterator[bytes]:
        if heard.path == "/fast":
            yield from answer(b"fast")
            return
        yield first
        for _ in range(200):
            time.sleep(0.05)
            yield drop

    with allowed(settings, drip) as server:
        with pytest.raises(TooSlow) as aborted:
            client(deadline=0.4).get(server.url)
        assert aborted.value.reason == "too_slow"
        assert client(Clock(NOW + timedelta(seconds=1))).get(f"{server.url}/fast").body == b"fast"
        assert Host.objects.get().lease == ""


def test_c09_redirects_share_one_deadline(settings: Settings) -> None:
    def delayed(heard: Heard) -> Iterator[bytes]:
        time.sleep(0.25)
        yield from redirect(f"{heard.path}x")

    with allowed(settings, delayed) as server, pytest.raises(TooSlow):
        client(deadline=0.6).get(server.url)


def test_c09_a_handshake_that_never_comes_is_given_up(settings: Settings) -> None:
    with serving(lambda heard: ()) as silent:
        settings.ALLOWED_FETCH_ORIGINS = [silent.url.replace("http:", "https:")]
        with pytest.raises(TooSlow):
            client(deadline=0.3).get(silent.url.replace("http:", "https:"))


def test_c10_a_gigabyte_is_given_up_at_five_megabytes_without_being_kept(settings: Settings) -> None:
    block = chunk(b"x" * 65536)
    gigabyte = [head("Transfer-Encoding: chunked"), *repeat(block, 16_384)]
    with allowed(settings, lambda heard: gigabyte) as server:
        tracemalloc.start()
        with pytest.raises(TooLarge) as aborted:
            client().get(server.url)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert aborted.value.reason == "too_large"
    assert peak < 30_000_000
    # What lies in the buffers of two sockets was sent, and not read.
    assert server.bytes_sent < 50_000_000


def test_c10_a_body_of_just_the_limit_is_read_and_one_byte_more_is_not(settings: Settings) -> None:
    blocks = [head("Transfer-Encoding: chunked"), *repeat(chunk(b"x" * 50_000), 100)]

    def script(heard: Heard) -> list[bytes]:
        return [*blocks, *([chunk(b"x")] if heard.path == "/more" else []), b"0\r\n\r\n"]

    with allowed(settings, script) as server:
        fetching = client()
        assert fetching.get(server.url).body == b"x" * 5_000_000
        with pytest.raises(TooLarge):
            fetching.get(f"{server.url}/more")


def test_c10_a_declared_length_above_the_limit_is_refused_before_reading(settings: Settings) -> None:
    def promise(heard: Heard) -> Iterator[bytes]:
        yield head("Content-Length: 1000000000000")
        # Who waits for the body waits until the deadline, and fails with another reason.
        server.stopped.wait(20)

    with allowed(settings, promise) as server, pytest.raises(TooLarge):
        client().get(server.url)


def test_c10_what_frames_a_body_is_limited_as_well(settings: Settings) -> None:
    crumbs = b"1;%s\r\nx\r\n" % (b"comment=" + b"y" * 2000) * 100
    with (
        allowed(settings, lambda heard: [head("Transfer-Encoding: chunked"), *repeat(crumbs, 100)]) as server,
        pytest.raises(TooLarge),
    ):
        client().get(server.url)


@cache
def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1_000_000)
    return b"".join(packer.compress(zeros) for _ in range(size // len(zeros))) + packer.flush()


def test_c11_a_gzip_bomb_is_given_up_within_a_few_megabytes(settings: Settings) -> None:
    packed = bomb(200_000_000)
    with allowed(settings, pieces(*answer(packed, "Content-Encoding: gzip"))) as server:
        tracemalloc.start()
        with pytest.raises(TooLarge):
            client().get(server.url)
        _now, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 50_000_000


def test_c11_growth_above_a_hundredfold_is_given_up(settings: Settings) -> None:
    with (
        allowed(settings, pieces(*answer(bomb(3_000_000), "Content-Encoding: gzip"))) as server,
        pytest.raises(TooLarge, match="grows too much"),
    ):
        client().get(server.url)


def test_c11_twenty_megabytes_decoded_are_the_most(settings: Settings) -> None:
    # 25 times smaller when packed: only the absolute limit can stop it.
    line = bytes(range(256)) * 8
    packed = gzip.compress(b"".join(bytes([n % 256, n // 256 % 256]) + line[: 80 + n % 40] for n in range(220_000)), 1)
    assert 250_000 < len(packed) < 5_000_000
    with (
        allowed(settings, pieces(*answer(packed, "Content-Encoding: gzip"))) as server,
        pytest.raises(TooLarge, match="once decoded"),
    ):
        client().get(server.url)


@pytest.mark.parametrize("encoding", ["br", "zstd", "deflate", "gzip, gzip", "gzip, br", "compress", "gzip;x"])
def test_c11_an_encoding_that_we_did_not_ask_for_is_not_decoded(settings: Settings, encoding: str) -> None:
    body = gzip.compress(bomb(200_000_000))
    with (
        allowed(settings, pieces(*answer(body, f"Content-Encoding: {encoding}"))) as server,
        pytest.raises(BadAnswer) as refused,
    ):
        client().get(server.url)
    assert refused.value.reason == "bad_encoding"
    assert server.heard[0].headers["accept-encoding"] == "gzip"


def test_c11_two_encodings_in_two_headers_are_two(settings: Settings) -> None:
    with (
        allowed(
            settings, pieces(*answer(gzip.compress(b"x"), "Content-Encoding: gzip", "Content-Encoding: gzip"))
        ) as server,
        pytest.raises(BadAnswer),
    ):
        client().get(server.url)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_ordinary_gzip_is_decoded_in_any_portions(settings: Settings, encoding: str) -> None:
    text = b"".join(b"line %d\n" % number for number in range(40_000))
    packed = gzip.compress(text) + gzip.compress(b"a second member")
    parts = [chunk(packed[start : start + 997]) for start in range(0, len(packed), 997)]
    headers = head("Transfer-Encoding: chunked", f"Content-Encoding: {encoding}")
    with allowed(settings, pieces(headers, *parts, b"0\r\n\r\n")) as server:
        assert client().get(server.url).body == text + b"a second member"


@pytest.mark.parametrize(
    "body",
    [gzip.compress(b"cut short" * 100, mtime=0)[:-12], b"not gzip at all", b"\x1f\x8b\x08"],
    ids=["cut short", "plain", "cut at once"],
)
def test_broken_gzip_is_a_bad_answer(settings: Settings, body: bytes) -> None:
    with (
        allowed(settings, pieces(*answer(body, "Content-Encoding: gzip"))) as server,
        pytest.raises(BadAnswer) as refused,
    ):
        client().get(server.url)
    assert refused.value.reason == "bad_encoding"


def test_an_empty_body_may_call_itself_gzip(settings: Settings) -> None:
    with allowed(settings, pieces(*answer(b"", "Content-Encoding: gzip"))) as server:
        assert client().get(server.url).body == b""


@pytest.mark.parametrize(
    "headers",
    [
        [f"X-Large: {'x' * 65_536}"],
        [f"X-{number}: y" for number in range(10_000)],
        [f"X-{number}: y" for number in range(201)],
        [f"X-Huge: {'x' * 1_000_000}"],
    ],
)
def test_c12_too_many_headers_are_refused(settings: Settings, headers: list[str]) -> None:
    with allowed(settings, pieces(*answer(b"body", *headers))) as server:
        with pytest.raises((TooLarge, BrokenAnswer)) as refused:
            client().get(server.url)
        assert refused.value.reason in {"too_many_headers", "broken_answer"}
        assert Host.objects.get().lease == ""


@pytest.mark.parametrize(
    "endless", [b"X: y\r\n" * 1000, (b"HTTP/1.1 100 Continue\r\nX: " + b"y" * 5000 + b"\r\n\r\n") * 10]
)
def test_c12_headers_without_end_are_refused(settings: Settings, endless: bytes) -> None:
    start = b"HTTP/1.1 200 OK\r\n" if endless.startswith(b"X") else b""
    with (
        allowed(settings, lambda heard: [start, *repeat(endless, 20_000)]) as server,
        pytest.raises((TooLarge, BrokenAnswer)),
    ):
        client().get(server.url)
    assert server.bytes_sent < 50_000_000


# Whom it trusts, and what it tells -------------------------------------------------------------------------------


def test_a_pinned_connection_keeps_the_name_for_tls_and_host(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, "news.example", now=datetime.now(UTC))
    names: list[str | None] = []
    context = server_side(certificate)
    context.sni_callback = lambda connection, name, _context: names.append(name)
    with serving(pieces(*answer(b"news")), tls=context) as server:
        network = Rerouted(server.port)
        answered = client(network=network, resolve=Resolver([[PUBLIC]]), tls=trusting(certificate)).get(
            "https://news.example/"
        )
    assert (answered.body, names, network.connected) == (b"news", ["news.example"], [(PUBLIC, 443)])
    assert server.heard[0].headers["host"] == "news.example"


@pytest.mark.parametrize("fault", ["self-signed", "expired", "wrong host"])
def test_c13_tls_that_cannot_be_trusted_is_an_error_and_never_a_plain_request(tmp_path: Path, fault: str) -> None:
    host = "other.example" if fault == "wrong host" else "news.example"
    certificate = self_signed(tmp_path, host, now=datetime.now(UTC), is_expired=fault == "expired")
    tls: dict[str, Any] = {} if fault == "self-signed" else {"tls": trusting(certificate)}
    with serving(pieces(*answer(b"news")), tls=server_side(certificate)) as server:
        network = Rerouted(server.port)
        with pytest.raises(Unreachable) as refused:
            client(network=network, resolve=Resolver([[PUBLIC]]), **tls).get("https://news.example/")
    assert refused.value.reason == "bad_tls"
    assert (network.connected, server.heard) == ([(PUBLIC, 443)], [])


def test_c14_no_cookie_is_ever_sent_or_kept(settings: Settings) -> None:
    def script(heard: Heard) -> list[bytes]:
        if heard.path == "/":
            return answer(b"", "Location: /next", "Set-Cookie: a=b; Path=/", status="302 Found")
        return answer(b"x", "Set-Cookie: c=d; Path=/", "Set-Cookie: e=f")

    with allowed(settings, script) as server:
        fetching = client()
        answers = [fetching.get(server.url), fetching.get(server.url)]
    assert len(server.heard) == 4
    assert not any("cookie" in heard.headers for heard in server.heard)
    assert not any("set-cookie" in answered.headers for answered in answers)


def test_c14_a_token_stays_with_its_host() -> None:
    def script(heard: Heard) -> list[bytes]:
        steps = {"/": "/own", "/own": "http://other.example/", "/back": "http://news.example/end"}
        path = "/back" if heard.headers["host"] == "other.example" else heard.path
        return redirect(steps[path]) if path in steps else answer(b"x")

    with serving(script) as server:
        client(network=Rerouted(server.port), resolve=Resolver([[PUBLIC]])).get(
            "http://news.example/", token="canary-token", headers={"X-Key": "canary-key"}, etag='"1"', accept="text/x"
        )
    told = [(heard.headers["host"], heard.path, heard.headers.get("authorization")) for heard in server.heard]
    assert told == [
        ("news.example", "/", "Bearer canary-token"),
        ("news.example", "/own", "Bearer canary-token"),
        ("other.example", "/", None),
        ("news.example", "/end", None),
    ]
    assert [heard.headers.get("x-key") for heard in server.heard] == ["canary-key", "canary-key", None, None]
    assert {(heard.headers["if-none-match"], heard.headers["accept"]) for heard in server.heard} == {('"1"', "text/x")}


def test_c14_another_port_is_another_owner(settings: Settings) -> None:
    with serving(pieces(*answer(b"x"))) as other, serving(pieces(*redirect(other.url))) as server:
        settings.ALLOWED_FETCH_ORIGINS = [server.url, other.url]
        client().get(server.url, token="canary-token")
    assert "authorization" not in other.heard[0].headers


@pytest.mark.parametrize("contact", ["", "+https://board.example.org/about; mailto:operator@example.org"])
def test_it_says_who_asks(settings: Settings, contact: str) -> None:
    settings.INGEST_USER_AGENT_CONTACT = contact
    with allowed(settings, pieces(*answer(b"x"))) as server:
        client().get(server.url, headers={"User-Agent": "Mozilla/5.0"})
    project = tomllib.loads((Path(django_settings.BASE_DIR) / "pyproject.toml").read_text())["project"]
    expected = f"RiskBoard/{project['version']}"
    assert server.heard[0].headers["user-agent"] == (f"{expected} ({contact})" if contact else expected)


def test_parameters_join_those_of_the_address(settings: Settings) -> None:
    with allowed(settings, pieces(*answer(b"x"))) as server:
        fetching = client()
        fetching.get(f"{server.url}/a", params={"expand": ["sha", "gated"], "limit": 5, "q": "a b&c"})
        fetching.get(f"{server.url}/a?x=y", params={"z": "1"})
    assert [heard.path for heard in server.heard] == ["/a?expand=sha&expand=gated&limit=5&q=a+b%26c", "/a?x=y&z=1"]


def test_a_header_that_would_break_the_request_is_not_sent(settings: Settings) -> None:
    with allowed(settings, pieces(*answer(b"x"))) as server, pytest.raises(Blocked):
        client().get(server.url, etag='"1"\r\nX-Injected: yes')
    assert server.heard == []
    assert Host.objects.get().failures == 0


# Politeness ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        ("429 Too Many Requests", "Retry-After: 120", 120),
        ("429 Too Many Requests", "Retry-After: Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("429 Too Many Requests", 'RateLimit: "api";r=0;t=55', 55),
        ("503 Service Unavailable", "Retry-After: 120", 120),
        ("403 Forbidden", "Retry-After: 120", 120),
        ("429 Too Many Requests", "X-Nothing: 0", 60),
    ],
)
def test_c15_a_host_that_asks_for_a_pause_gets_it(settings: Settings, status: str, header: str, seconds: int) -> None:
    clock = Clock()
    until = NOW + timedelta(seconds=seconds)
    with allowed(settings, pieces(*answer(b"x", header, status=status))) as server:
        with pytest.raises(HostBusy) as busy:
            client(clock).get(server.url)
        assert (busy.value.reason, busy.value.not_before) == ("host_busy", until)
        clock.instant = until - timedelta(seconds=1)
        with pytest.raises(HostBusy) as busy:
            client(clock).get(f"{server.url}/another")
        assert (busy.value.not_before, len(server.heard), clock.slept) == (until, 1, [])
        clock.instant = until
        with pytest.raises(HostBusy):
            client(clock).get(server.url)
        assert len(server.heard) == 2


def test_c15_the_last_answer_of_a_budget_is_kept_and_the_next_waits(settings: Settings) -> None:
    clock = Clock()
    with allowed(settings, pieces(*answer(b"last", 'RateLimit: "api";r=0;t=55'))) as server:
        assert client(clock).get(server.url).body == b"last"
        with pytest.raises(HostBusy) as busy:
            client(clock).get(server.url)
    assert (busy.value.not_before, len(server.heard)) == (NOW + timedelta(seconds=55), 1)


def test_the_minimum_interval_is_waited_for(settings: Settings) -> None:
    clock = Clock()
    with allowed(settings, pieces(*answer(b"x"))) as server:
        for _ in range(3):
            client(clock).get(server.url)
    assert clock.slept == [1, 1]


def test_an_interval_longer_than_our_patience_is_a_busy_host(settings: Settings) -> None:
    with allowed(settings, pieces(*answer(b"x"))) as server:
        client(interval=timedelta(minutes=1)).get(server.url)
        with pytest.raises(HostBusy) as busy:
            client(interval=timedelta(minutes=1)).get(server.url)
    assert (busy.value.reason, busy.value.not_before) == ("too_soon", NOW + timedelta(minutes=1))


def test_a_host_that_is_answering_somebody_else_is_waited_for_a_while(settings: Settings) -> None:
    clock = Clock()
    with allowed(settings, pieces(*answer(b"x"))) as server:
        name = server.url.removeprefix("http://")
        Host.objects.create(name=name, lease="other", leased_until=NOW + timedelta(seconds=3))
        assert client(clock).get(server.url).body == b"x"
        assert sum(clock.slept) == pytest.approx(3, abs=0.21)
        Host.objects.update(lease="other", leased_until=clock.instant + timedelta(minutes=1))
        with pytest.raises(HostBusy) as busy:
            client(clock).get(server.url)
    assert (busy.value.reason, len(server.heard)) == ("in_flight", 1)


def test_five_failures_close_a_host_and_the_first_success_opens_it(settings: Settings) -> None:
    clock = Clock()
    replies = iter([*repeat("500 Internal Server Error", 5), *repeat("200 OK", 2)])
    with allowed(settings, lambda heard: answer(b"x", status=next(replies))) as server:
        for _ in range(5):
            with pytest.raises(BadAnswer):
                client(clock).get(server.url)
        with pytest.raises(HostBusy) as busy:
            client(clock).get(server.url)
        assert (busy.value.reason, len(server.heard)) == ("host_failing", 5)
        assert busy.value.not_before == clock.instant + timedelta(minutes=10)
        clock.instant = busy.value.not_before
        assert client(clock).get(server.url).status == 200
        assert client(clock).get(server.url).status == 200


def test_hosts_do_not_pay_for_each_other(settings: Settings) -> None:
    with (
        serving(pieces(*answer(b"", "Retry-After: 60", status="429 Too Many Requests"))) as busy,
        serving(pieces(*answer(b"x"))) as free,
    ):
        settings.ALLOWED_FETCH_ORIGINS = [busy.url, free.url]
        with pytest.raises(HostBusy):
            client().get(busy.url)
        assert client().get(free.url).body == b"x"


# What an answer means --------------------------------------------------------------------------------------------


def test_c16_validators_go_back_as_they_came_and_a_304_is_not_read(settings: Settings) -> None:
    etag, last_modified = 'W/"a, b; \xe9"', "Tue, 24 Nov 2026 11:59:60 +0000"

    def script(heard: Heard) -> list[bytes]:
        if heard.headers.get("if-none-match") == etag and heard.headers.get("if-modified-since") == last_modified:
            return [head(f"ETag: {etag}", status="304 Not Modified"), b"<html>a body that must not be there"]
        return answer(b"news", f"ETag: {etag}", f"Last-Modified: {last_modified}")

    with allowed(settings, script) as server:
        fetching = client()
        first = fetching.get(server.url)
        again = fetching.get(server.url, etag=first.etag, last_modified=first.last_modified)
    assert (first.status, first.body, first.not_modified) == (200, b"news", False)
    assert (again.status, again.body, again.not_modified, again.etag) == (304, b"", True, etag)
    assert not {"if-none-match", "if-modified-since"} & server.heard[0].headers.keys()


def test_a_304_that_nobody_asked_for_is_a_bad_answer(settings: Settings) -> None:
    with allowed(settings, pieces(head(status="304 Not Modified"))) as server, pytest.raises(BadAnswer):
        client().get(server.url)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 451])
def test_a_refusal_by_status_is_an_answer_with_its_body(settings: Settings, status: int) -> None:
    with allowed(
        settings, pieces(*answer(b'{"error": "gone"}', "X-Error-Code: RepoNotFound", status=f"{status} No"))
    ) as server:
        answered = client().get(server.url)
    assert (answered.status, answered.json(), answered.headers["x-error-code"]) == (
        status,
        {"error": "gone"},
        "RepoNotFound",
    )
    with pytest.raises(BadAnswer) as bad:
        answered.expect_ok()
    assert bad.value.status == status


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(pieces(*answer(b"oops", status="500 Internal Server Error")), id="500"),
        pytest.param(pieces(*answer(b"oops", status="502 Bad Gateway")), id="502"),
        pytest.param(pieces(*answer(b"oops", status="503 Service Unavailable")), id="503"),
        pytest.param(pieces(*answer(b'{"error": "bad token"}', status="401 Unauthorized")), id="401"),
        pytest.param(pieces(), id="hangs up"),
        pytest.param(pieces(b"SSH-2.0-OpenSSH_9.2\r\n"), id="not HTTP"),
        pytest.param(pieces(head("Content-Length: 100"), b"cut"), id="cut short"),
        pytest.param(pieces(head("Transfer-Encoding: chunked"), b"zz\r\n"), id="bad chunk"),
        pytest.param(pieces(*answer()), id="empty"),
        pytest.param(pieces(*answer(b"<!doctype html><form>Sign in</form>", "Content-Type: text/html")), id="sign-in"),
        pytest.param(pieces(*answer(b"phrase too short", "Content-Type: text/plain")), id="error in words"),
        pytest.param(pieces(*answer(b"[" * 100_000)), id="deep"),
        pytest.param(pieces(*answer(b'{"price": NaN}')), id="NaN"),
        pytest.param(pieces(*answer(b"\xff\xfe\xfd")), id="bytes"),
        pytest.param(pieces(*answer(b"9" * 5000)), id="a number without end"),
    ],
)
def test_c17_a_fetch_that_failed_changes_no_evidence(settings: Settings, script: Script) -> None:
    make_signal(make_release().family.line.vendor)
    feed = Feed.objects.create(slug="news", name="News", connector="feeds")
    Item.objects.create(feed=feed, identity="1", title="An item", seen_at=NOW)
    before = everything_but_hosts()
    with (
        allowed(settings, script) as server,
        pytest.raises((BadAnswer, HostBusy, Unreachable)),
    ):
        client().get(server.url).expect_ok().json()
    assert everything_but_hosts() == before
    assert Host.objects.get().lease == ""


def everything_but_hosts() -> dict[type[Model], list[dict[str, Any]]]:
    models = [model for model in apps.get_models() if model is not Host]
    return {model: list(model._default_manager.order_by("pk").values()) for model in models}


def test_c17_a_host_that_does_not_listen_is_unreachable(settings: Settings) -> None:
    with serving(pieces()) as gone:
        settings.ALLOWED_FETCH_ORIGINS = [gone.url]
    with pytest.raises(Unreachable) as failed:
        client().get(gone.url)
    assert (failed.value.reason, Host.objects.get().failures) == ("unreachable", 1)


def test_c17_an_error_says_nothing_of_tokens(settings: Settings) -> None:
    with (
        allowed(settings, pieces(*answer(status="500 Oops"))) as server,
        pytest.raises(FetchError) as failed,
    ):
        client().get(f"{server.url}/?key=canary-key", token="canary-token")
    assert "canary" not in f"{failed.value} {failed.value!r}"


def test_what_is_said_of_an_answer_says_nothing_of_a_key_in_its_address() -> None:
    answer = Answer("https://news.example/feed?key=hush", 404, {}, b"<html>", not_modified=False, elapsed=0.1)
    for read in (answer.expect_ok, answer.json):
        with pytest.raises(BadAnswer, match=r"^https://news\.example/feed ") as told:
            read()
        assert "hush" not in str(told.value)


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html; charset=utf-8", "naïve 中文".encode(), "naïve 中文"),
        ('text/html; charset="GB18030"', "中文".encode("gb18030"), "中文"),
        ("text/html; charset=iso-8859-1", b"na\xefve", "naïve"),
        ("text/plain", b"\xef\xbb\xbfmarked", "marked"),
        ("text/plain", b"na\xefve", "na\ufffdve"),
        # Names that Python takes for decoders of something else, or for none.
        ("text/plain; charset=zlib_codec", b"plain", "plain"),
        ("text/plain; charset=punycode", b"b-", "b-"),
        ("text/plain; charset=unicode_escape", rb"\u0041", r"\u0041"),
        ("text/plain; charset=iso-8859-99", b"plain", "plain"),
    ],
)
def test_text_is_read_in_its_own_encoding(content_type: str, body: bytes, text: str) -> None:
    headers = {"content-type": content_type}
    assert Answer("https://news.example/", 200, headers, body, not_modified=False, elapsed=0.1).text() == text
