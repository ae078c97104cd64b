"""The one client that fetches from the outside: guarded, bounded, polite. No cookies, no proxy; POST is for tokens."""

import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlencode, urljoin

import httpcore
import httpx
from django.conf import settings

from riskboard import __version__
from riskboard.ingest import politeness
from riskboard.ingest.answers import Answer
from riskboard.ingest.bodies import RAW_LIMIT, read_body
from riskboard.ingest.connection import Allowance, PinnedTransport
from riskboard.ingest.failures import (
    BadAnswer,
    Blocked,
    BrokenAnswer,
    FetchError,
    HostBusy,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    Unreachable,
)
from riskboard.ingest.guard import Resolver, Target, allowed_origins, parse_address, pin, system_resolver

__all__ = [
    "Answer",
    "BadAnswer",
    "Blocked",
    "BrokenAnswer",
    "Client",
    "FetchError",
    "HostBusy",
    "TooLarge",
    "TooManyRedirects",
    "TooSlow",
    "Unreachable",
]

Parameters = Mapping[str, str | int | Sequence[str]]

DEADLINE = 20.0  # seconds on the wire, redirects included
PATIENCE = 15.0  # seconds of waiting for our own turn
MOST_REDIRECTS = 3
REDIRECTS = {301, 302, 303, 307, 308}
FOR_GOOD = {301, 308}
HEADER_LIMIT = 32 * 1024
MOST_HEADERS = 200
FRAMING = 256 * 1024  # of chunks, beside the body itself
LEASE_MARGIN = 10.0


@cache
def public_tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class _Hop:
    """One request of a chain of redirects."""

    target: Target
    headers: Mapping[str, str]  # for the host of the first address only
    validators: Mapping[str, str]
    accept: str
    seconds: float
    form: bytes | None = None  # to be posted; without it, a GET

    def request(self) -> httpx.Request:
        sent = {
            **{name.lower(): value for name, value in self.headers.items()},
            **self.validators,
            "user-agent": user_agent(),
            "accept": self.accept,
            "accept-encoding": "gzip",
            "connection": "close",
        }
        # Validators go back byte for byte as they came.
        headers = [(name.encode(), value.encode("latin-1")) for name, value in sent.items()]
        if self.form is None:
            return httpx.Request("GET", self.target.url, headers=headers)
        headers.append((b"content-type", b"application/x-www-form-urlencoded"))
        return httpx.Request("POST", self.target.url, headers=headers, content=self.form)


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed: float


def user_agent() -> str:
    contact = settings.INGEST_USER_AGENT_CONTACT
    return f"RiskBoard/{__version__} ({contact})" if contact else f"RiskBoard/{__version__}"


@dataclass(frozen=True, kw_only=True)
class Client:
    """`now` is the caller's clock. `interval` replaces the minimum interval of every host; the rest is for tests."""

    now: Callable[[], datetime]
    interval: timedelta | None = None
    deadline: float = DEADLINE
    patience: float = PATIENCE
    resolve: Resolver = system_resolver
    network: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    tls: ssl.SSLContext = field(default_factory=public_tls)
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Parameters | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        token: str | None = None,
        accept: str | None = None,
    ) -> Answer:
        """Fetches one address. `headers` and `token` never leave its origin; validators go back as they came.

        Raises FetchError: Blocked, HostBusy, TooSlow, TooLarge, TooManyRedirects, Unreachable, BadAnswer (5xx too).
        """
        if params:
            url += ("&" if "?" in url else "?") + urlencode(params, doseq=True)
        validators = {"if-none-match": etag, "if-modified-since": last_modified}
        first = _Hop(
            target=parse_address(url, allowed_origins()),
            headers={**(headers or {}), **({"authorization": f"Bearer {token}"} if token else {})},
            validators={name: value for name, value in validators.items() if value},
            accept=accept or "*/*",
            seconds=self.deadline,
        )
        return self._follow(first)

    def post_form(self, url: str, form: Mapping[str, str], *, headers: Mapping[str, str]) -> Answer:
        """Posts a form, for those who give out tokens that way; follows nothing. Raises FetchError as `get` does."""
        hop = _Hop(parse_address(url, allowed_origins()), headers, {}, "*/*", self.deadline, urlencode(form).encode())
        return self._answer(hop, self._visit(hop, is_first=True), "")

    def _follow(self, hop: _Hop) -> Answer:
        seen = {hop.target.url}
        moved_to, is_for_good = "", True
        while True:
            reply = self._visit(hop, is_first=len(seen) == 1)
            if reply.status not in REDIRECTS:
                return self._answer(hop, reply, moved_to)
            hop = _next_hop(hop, reply)
            if hop.target.url in seen or len(seen) > MOST_REDIRECTS:
                raise TooManyRedirects(f"{hop.target.name} redirects in a circle or more than {MOST_REDIRECTS} times.")
            seen.add(hop.target.url)
            is_for_good = is_for_good and reply.status in FOR_GOOD
            moved_to = hop.target.url if is_for_good else moved_to

    def _answer(self, hop: _Hop, reply: _Reply, moved_to: str) -> Answer:
        not_modified = reply.status == 304 and bool(hop.validators)
        if not not_modified and not (200 <= reply.status < 300 or 400 <= reply.status < 500):
            raise BadAnswer(f"{hop.target.name} answered with status {reply.status}.", status=reply.status)
        elapsed = self.deadline - hop.seconds + reply.elapsed
        return Answer(hop.target.url, reply.status, reply.headers, reply.body, not_modified, elapsed, moved_to)

    def _visit(self, hop: _Hop, *, is_first: bool) -> _Reply:
        """One request, with what it taught about the host on record."""
        with self._turn(hop.target.name) as turn:
            try:
                reply = self._ask(hop)
            except Blocked as error:
                if is_first:
                    raise
                raise _blocked_redirect(error) from error
            turn.verdict = politeness.judge(
                reply.status, reply.headers, reply.body[:2000], failures=turn.visit.failures, now=self.now()
            )
        if turn.verdict.is_refusal and turn.verdict.not_before is not None:
            raise HostBusy(f"{hop.target.name} asked us to come back later.", not_before=turn.verdict.not_before)
        return reply

    @contextmanager
    def _turn(self, name: str) -> Iterator["_Turn"]:
        turn = _Turn(self._begin(name))
        try:
            yield turn
        except FetchError as error:
            turn.verdict = politeness.Verdict(is_failure=True if error.blames_host else None)
            raise
        finally:
            interval = politeness.interval_of(name) if self.interval is None else self.interval
            politeness.end(turn.visit, turn.verdict, now=self.now(), interval=interval, random=self.random)

    def _begin(self, name: str) -> politeness.Visit:
        """Waits for our own turn a little, but never for a host that asked for a pause."""
        waited = 0.0
        while True:
            now = self.now()
            try:
                return politeness.begin(name, now=now, until=now + timedelta(seconds=self.deadline + LEASE_MARGIN))
            except HostBusy as busy:
                pause = (busy.not_before - now).total_seconds()
                if busy.reason == "in_flight":
                    pause = 0.2
                waited += pause
                if busy.reason not in {"in_flight", "too_soon"} or waited > self.patience:
                    raise
            self.sleep(pause)

    def _ask(self, hop: _Hop) -> _Reply:
        begun = time.monotonic()
        allowance = Allowance(begun + hop.seconds, RAW_LIMIT + HEADER_LIMIT + FRAMING)
        request = hop.request()
        read = (request.url.raw_host.decode("ascii"), request.url.port or hop.target.port)
        if read != (hop.target.host, hop.target.port):
            raise Blocked("The address reads differently to different readers.")
        address = pin(hop.target, self.resolve, allowance.seconds())
        try:
            with PinnedTransport(address, allowance, tls=self.tls, network=self.network) as transport:
                response = transport.handle_request(request)
                headers = _bounded_headers(response)
                encoding = headers.get("content-encoding", "")
                body = read_body(response.iter_raw(), encoding) if _has_use(response) else b""
        except httpx.LocalProtocolError as error:
            raise Blocked("A header of ours cannot be sent.", "bad_header") from error
        except httpx.TransportError as error:
            raise BrokenAnswer(f"{hop.target.name} gave an answer that is not HTTP, or broke off.") from error
        return _Reply(response.status_code, headers, body, time.monotonic() - begun)


@dataclass(slots=True)
class _Turn:
    visit: politeness.Visit
    verdict: politeness.Verdict = field(default_factory=politeness.Verdict)


def _has_use(response: httpx.Response) -> bool:
    """Redirects, "not modified", server errors and refusals are told by their headers."""
    status = response.status_code
    return 200 <= status < 300 or (400 <= status < 500 and status != 429)


def _bounded_headers(response: httpx.Response) -> dict[str, str]:
    raw = response.headers.raw
    if len(raw) > MOST_HEADERS or sum(len(name) + len(value) for name, value in raw) > HEADER_LIMIT:
        raise TooLarge("The answer has too many headers.", "too_many_headers")
    headers: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    headers.pop("set-cookie", None)
    if _has_use(response) and int(headers.get("content-length", "0")) > RAW_LIMIT:
        raise TooLarge("The answer is too large.")
    return headers


def _next_hop(hop: _Hop, reply: _Reply) -> _Hop:
    location = reply.headers.get("location", "")
    if not location:
        raise BadAnswer(f"{hop.target.name} redirects to nowhere.", status=reply.status)
    try:
        # Sent as UTF-8 by those who do not escape. Fit to be read before it is joined: joining hides faults.
        location = location.encode("latin-1").decode("utf-8", "replace")
        target = _redirect_target(hop.target, location)
    except Blocked as error:
        raise _blocked_redirect(error) from error
    return replace(
        hop,
        target=target,
        headers=hop.headers if target.origin == hop.target.origin else {},
        seconds=hop.seconds - reply.elapsed,
    )


def _redirect_target(current: Target, location: str) -> Target:
    if any(character.isspace() or not character.isprintable() for character in location):
        raise Blocked("The address holds a space, a line break or a control character.")
    # A public host must not send us to an origin that was allowed for its own sake.
    allowed = allowed_origins() if current.is_listed else frozenset[str]()
    target = parse_address(urljoin(current.url, location), allowed)
    if current.scheme == "https" and target.scheme == "http":
        raise Blocked("It would give up TLS.")
    return target


def _blocked_redirect(error: Blocked) -> Blocked:
    return Blocked(f"Redirected to where we do not go: {error}", "blocked_redirect")
