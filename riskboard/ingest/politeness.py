"""How we behave towards one host, kept in its row so that it survives a restart.

One request in flight, a minimum interval, the pauses a host asks for, and a breaker that leaves a failing host alone.
Calls are single statements that commit at once: do not fetch inside a transaction.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from uuid import uuid4

from django.db.models import Q

from riskboard.ingest.failures import HostBusy
from riskboard.ingest.models import Host

INTERVAL = timedelta(seconds=1)
# Where owners publish a limit, or answer with errors above one.
INTERVALS = {
    "api.gdeltproject.org": timedelta(seconds=5),
    "oauth.reddit.com": timedelta(seconds=2),
}
SHORTEST_PAUSE = timedelta(seconds=10)  # after a refusal, whatever the host says
USUAL_PAUSE = timedelta(seconds=60)  # after a refusal that says nothing
LONGEST_PAUSE = timedelta(days=7)  # a mistaken header must not silence a source for good
FAILURES_ALLOWED = 5
FIRST_CLOSURE = timedelta(minutes=10)
LONGEST_CLOSURE = timedelta(hours=24)
JITTER = 0.1
EPOCH_FROM = 1_000_000_000  # a larger number of seconds is a date
RATE_LIMIT_WORDS = re.compile(rb"rate.?limit|too many requests", re.IGNORECASE)
NO_MORE = re.compile(r"(?:\br|\bremaining)\s*=\s*0\b")
IN_SECONDS = re.compile(r"(?:\bt|\breset)\s*=\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Visit:
    """The right to send one request to a host, until it is given back or runs out."""

    name: str
    lease: str
    failures: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a visit taught about the host: in good health or not (None: nothing), and when to come back."""

    is_failure: bool | None = None
    not_before: datetime | None = None
    is_refusal: bool = False


def interval_of(name: str) -> timedelta:
    return INTERVALS.get(name, INTERVAL)


def begin(name: str, *, now: datetime, until: datetime) -> Visit:
    """Takes the host until `until` at the latest. Raises HostBusy."""
    Host.objects.get_or_create(name=name)
    lease = uuid4().hex
    is_free = Q()
    for column in ("not_before", "closed_until", "next_at", "leased_until"):
        is_free &= Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lte": now})
    if Host.objects.filter(is_free, name=name).update(lease=lease, leased_until=until):
        return Visit(name, lease, Host.objects.values_list("failures", flat=True).get(name=name))
    raise _busy(Host.objects.get(name=name), now)


def _busy(host: Host, now: datetime) -> HostBusy:
    """The longest-lasting reason of all that hold."""
    reasons = (
        (host.not_before, "host_busy", "asked us to come back later"),
        (host.closed_until, "host_failing", "keeps failing and is left alone"),
        (host.leased_until, "in_flight", "is answering another request of ours"),
        (host.next_at, "too_soon", "was asked only a moment ago"),
    )
    until, reason, words = max(
        ((until, reason, words) for until, reason, words in reasons if until is not None and until > now),
        key=lambda each: (each[1] in {"host_busy", "host_failing"}, each[0]),
        default=(now, "in_flight", "is answering another request of ours"),  # it became free this moment
    )
    for_how_long = f" until {until:%Y-%m-%d %H:%M} UTC" if reason == "host_failing" else ""
    return HostBusy(f"{host.name} {words}{for_how_long}.", reason, not_before=until)


def end(visit: Visit, verdict: Verdict, *, now: datetime, interval: timedelta, random: Callable[[], float]) -> None:
    """Gives the host back. A visit that outlived its lease changes nothing any more."""
    changes: dict[str, object] = {"lease": "", "leased_until": None, "next_at": now + interval}
    if verdict.not_before is not None:
        changes["not_before"] = verdict.not_before
    if verdict.is_failure is not None:
        failures = visit.failures + 1 if verdict.is_failure else 0
        changes |= {"failures": failures, "closed_until": closed_until(failures, now, random)}
    Host.objects.filter(name=visit.name, lease=visit.lease).update(**changes)


def closed_until(failures: int, now: datetime, random: Callable[[], float]) -> datetime | None:
    """Ten minutes from the fifth failure in a row, doubled by each further one up to a day; give or take a tenth."""
    if failures < FAILURES_ALLOWED:
        return None
    closure = min(FIRST_CLOSURE * 2.0 ** min(failures - FAILURES_ALLOWED, 30), LONGEST_CLOSURE)
    return now + closure * (1 + JITTER * (2 * random() - 1))


def judge(status: int, headers: Mapping[str, str], body: bytes, *, failures: int, now: datetime) -> Verdict:
    """What an answer says about coming back. `headers` have lower-case names; `body` may be its beginning."""
    asked = _asked_pause(status, headers, now)
    is_refusal = status in {429, 503} or (
        status == 403 and (asked is not None or RATE_LIMIT_WORDS.search(body) is not None)
    )
    if not is_refusal:
        return Verdict(is_failure=status >= 500, not_before=asked)
    if asked is None:
        return Verdict(is_failure=True, not_before=now + _usual_pause(failures), is_refusal=True)
    return Verdict(is_failure=False, not_before=max(asked, now + SHORTEST_PAUSE), is_refusal=True)


def _usual_pause(failures: int) -> timedelta:
    return min(USUAL_PAUSE * 2.0 ** min(failures, 30), LONGEST_CLOSURE)


def _asked_pause(status: int, headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The latest instant that any of the headers in use for it names."""
    instants = [*_used_up(headers, now)]
    if status >= 400:
        instants.append(_retry_after(headers.get("retry-after", ""), now))
    latest = max((instant for instant in instants if instant is not None), default=None)
    return None if latest is None else min(latest, now + LONGEST_PAUSE)


def _retry_after(text: str, now: datetime) -> datetime | None:
    """Seconds or an HTTP date."""
    seconds = _number(text)
    if seconds is not None:
        return now + _seconds(seconds)
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _used_up(headers: Mapping[str, str], now: datetime) -> list[datetime | None]:
    """Resets of the budgets that are spent, in the several spellings of rate-limit headers."""
    instants = [
        _reset(headers.get(f"{prefix}-reset", ""), now)
        for prefix in ("x-ratelimit", "ratelimit", "x-rate-limit")
        if _number(headers.get(f"{prefix}-remaining", "")) == 0
    ]
    for policy in headers.get("ratelimit", "").split('"'):
        seconds = IN_SECONDS.search(policy)
        if seconds and NO_MORE.search(policy):
            instants.append(now + _seconds(float(seconds[1])))
    return instants


def _reset(text: str, now: datetime) -> datetime | None:
    number = _number(text)
    if number is None:
        return None
    if number < EPOCH_FROM:
        return now + _seconds(number)
    return now + _seconds(number - now.timestamp())


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=min(number, LONGEST_PAUSE.total_seconds()))
