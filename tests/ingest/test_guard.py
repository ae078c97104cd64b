"""Which addresses are refused: checks C-01, C-02 and C-07, and the resolving part of C-03 and C-04."""

import threading

import pytest
from pytest_django import Settings

from riskboard.ingest.failures import Blocked, TooSlow, Unreachable
from riskboard.ingest.guard import allowed_origins, is_public, parse_address, pin, system_resolver, validate_address
from tests.ingest.raw_server import Resolver

LOOPBACK_TEXTS = [
    "127.0.0.1",
    "0",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "localhost",
    "LOCALHOST.",
    "board.localhost",
    "127.0.0.1.",
    "１２７.0.0.1",
    "127。0。0。1",
    "redis",
    "db.internal",
]
PRIVATE = [
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.0.170",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "192.0.2.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "100::1",
    "::127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:127.0.0.1",
    "not an address",
]
PUBLIC = [
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "192.0.1.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


def reason(url: str) -> str:
    with pytest.raises(Blocked) as refused:
        validate_address(url)
    return refused.value.reason


@pytest.mark.parametrize("host", LOOPBACK_TEXTS)
def test_c01_no_spelling_of_this_machine_passes(host: str) -> None:
    assert reason(f"http://{host}/feed.xml") == "blocked_address"
    assert reason(f"https://{host}/feed.xml") == "blocked_address"


@pytest.mark.parametrize("address", PRIVATE)
def test_c02_addresses_that_are_not_public_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PRIVATE[:-1])
def test_c02_a_name_that_leads_to_one_is_refused(address: str) -> None:
    with pytest.raises(Blocked) as refused:
        pin(parse_address("https://news.example/", ()), Resolver([[address]]), 5)
    assert refused.value.reason == "blocked_address"


@pytest.mark.parametrize("address", PUBLIC)
def test_c02_public_addresses_are_not_refused(address: str) -> None:
    assert is_public(address)
    assert pin(parse_address("https://news.example/", ()), Resolver([[address]]), 5) == address


def test_c03_the_resolver_is_asked_once_and_its_first_answer_is_pinned() -> None:
    resolver = Resolver([["8.8.8.8", "8.8.4.4"], ["127.0.0.1"]])
    assert pin(parse_address("https://news.example/", ()), resolver, 5) == "8.8.8.8"
    assert resolver.asked == ["news.example"]


@pytest.mark.parametrize("addresses", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::1"]])
def test_c04_one_private_answer_among_public_ones_refuses_the_host(addresses: list[str]) -> None:
    with pytest.raises(Blocked):
        pin(parse_address("https://news.example/", ()), Resolver([addresses]), 5)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "ftp://example.org/",
        "gopher://example.org/",
        "data:text/html,hello",
        "javascript:alert(1)",
        "jar:http://example.org/a.jar!/",
        "//example.org/",
        "example.org",
        "",
        "http://",
        "http:///x",
        "http://user@example.org/",
        "http://user:password@example.org/",
        "http://@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://exa%20mple.org/",
        "http://exa_mple..org/",
        "http://-example.org/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 140}example/",
        "http://exam\u200bple.org:x/",
        "http://[2606:4700::1111/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:-1/",
        *(f"http://example.org:{port}/" for port in (22, 25, 6379, 5432, 11211, 8080)),
        "http://example.org/\r\nHost: x",
        "http://example.org/a\tb",
        "http://example.org/a b",
        " http://example.org/",
        "http://example.org/\n",
        "http://example.org/\u2028",
        "http://exam\tple.org/",
        "java\nscript:alert(1)",
        f"http://example.org/{'a' * 2000}",
    ],
)
def test_c07_what_is_no_plain_web_address_is_refused_when_it_is_typed(url: str) -> None:
    assert reason(url) == "bad_address"


@pytest.mark.parametrize(
    ("typed", "fetched"),
    [
        ("https://Example.ORG", "https://example.org/"),
        ("https://example.org./a?b=c&d=%20#part", "https://example.org/a?b=c&d=%20"),
        ("http://example.org:80/", "http://example.org/"),
        ("http://example.org:443/", "http://example.org:443/"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/é"),
        ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700::1111]/x", "https://[2606:4700::1111]/x"),
        ("https://_dmarc.exa-mple.org/", "https://_dmarc.exa-mple.org/"),
    ],
)
def test_ordinary_addresses_pass_in_one_normal_form(typed: str, fetched: str) -> None:
    assert validate_address(typed) == fetched


def test_a_refusal_is_a_sentence_for_the_person_who_typed_the_address() -> None:
    with pytest.raises(Blocked, match=r"^The address lies inside a private network\.$"):
        validate_address("http://10.0.0.1/")


def test_an_allowed_origin_is_allowed_exactly(settings: Settings) -> None:
    settings.ALLOWED_FETCH_ORIGINS = ["http://127.0.0.1:9001", "https://Mirror.intranet:443"]
    assert validate_address("http://127.0.0.1:9001/feed") == "http://127.0.0.1:9001/feed"
    assert validate_address("https://mirror.intranet/x") == "https://mirror.intranet/x"
    for other in ("http://127.0.0.1:9002/", "https://127.0.0.1:9001/", "http://localhost:9001/", "http://127.1:9001/"):
        assert reason(other) == "blocked_address"
    assert reason("http://u@127.0.0.1:9001/") == "bad_address"


def test_an_allowed_origin_may_resolve_to_the_inside(settings: Settings) -> None:
    settings.ALLOWED_FETCH_ORIGINS = ["https://mirror.example"]
    allowed, inside = allowed_origins(), Resolver([["10.1.2.3"]])
    assert pin(parse_address("https://mirror.example/x", allowed), inside, 5) == "10.1.2.3"
    with pytest.raises(Blocked):
        pin(parse_address("http://mirror.example/x", allowed), inside, 5)


def test_nothing_is_allowed_unless_the_operator_says_so(settings: Settings) -> None:
    assert settings.ALLOWED_FETCH_ORIGINS == []


def test_the_system_resolver_reads_loopback_where_the_text_check_saw_it() -> None:
    assert set(system_resolver("2130706433", 80)) == {"127.0.0.1"}


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("label too long")])
def test_a_name_that_does_not_resolve_is_unreachable(error: Exception) -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise error

    with pytest.raises(Unreachable) as failed:
        pin(parse_address("https://news.example/", ()), resolve, 5)
    assert failed.value.reason == "unknown_host"


def test_a_name_without_an_address_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        pin(parse_address("https://news.example/", ()), Resolver([[]]), 5)


def test_a_name_server_that_stays_silent_does_not_hold_us() -> None:
    released = threading.Event()

    def resolve(host: str, port: int) -> list[str]:
        released.wait(30)
        return ["8.8.8.8"]

    with pytest.raises(TooSlow):
        pin(parse_address("https://news.example/", ()), resolve, 0.05)
    released.set()
