"""Does a cited page still say what was cited? What a machine cannot tell, it leaves to a person."""

import html
import re
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, QuerySet

from riskboard.audit.services import record as note
from riskboard.catalog.models import Source
from riskboard.ingest.answers import Answer
from riskboard.ingest.client import Client, FetchError, HostBusy
from riskboard.ingest.holds import Together
from riskboard.ingest.models import Check, Feed
from riskboard.ingest.sources.absence import is_established, noted
from riskboard.jobs.models import Job
from riskboard.jobs.services import enqueue

EVERY = timedelta(days=90)
AGAIN = timedelta(days=1)  # what did not answer, or gave no answer to go by
GONE = {404, 410}
HEADLINES = re.compile(rb"<(title|h1)\b[^>]*>(.*?)</\1\s*>", re.IGNORECASE | re.DOTALL)
MARKUP = re.compile(r"<[^>]*>")
LARGEST_READ = 2_000_000
RECHECK = "recheck source"  # the kind of job
AT_ONCE = 30

Status = Check.Status


def due(now: datetime, limit: int) -> QuerySet[Source]:
    """Sources to look at: those never looked at first, then those looked at longest ago."""
    unsettled = Q(check_up__status=Status.UNKNOWN) | ~Q(check_up__missing=[])
    waits = Q(check_up__checked_at__lte=now - EVERY) | (unsettled & Q(check_up__checked_at__lte=now - AGAIN))
    asked = Source.objects.filter(is_recalled=False).exclude(url="")
    found = asked.filter(Q(check_up=None) | Q(check_up__checked_at=None) | waits)
    return found.order_by("check_up__checked_at", "pk")[:limit]


def enqueue_due(now: datetime, limit: int = AT_ONCE) -> int:
    """One job a source and day: those of a host that asked us to wait do not keep the others waiting until then."""
    day = f"@{now:%Y-%m-%d}"
    asked = set(Job.objects.filter(kind=RECHECK, key__endswith=day).values_list("key", flat=True))
    waiting = due(now, limit + len(asked)).values_list("pk", flat=True)
    keys = {f"recheck:{pk}{day}": pk for pk in waiting}
    new = [key for key in keys if key not in asked][:limit]
    for key in new:
        enqueue(kind=RECHECK, key=key, payload={"source": keys[key]}, now=now)
    return len(new)


def recheck(source: Source, now: datetime, *, client: Client, together: Together = transaction.atomic) -> Check:
    """One look. Nothing is ever changed in the evidence: a page that is gone, moved or changed is queued."""
    found: Answer | FetchError
    try:
        found = client.get(source.url)
    except HostBusy:
        return Check.objects.get_or_create(source=source)[0]
    except FetchError as error:
        found = error
    with together():
        # Read only now: a person may have confirmed the page while it was fetched.
        check, _ = Check.objects.select_for_update().get_or_create(source=source)
        if isinstance(found, FetchError):
            _judge_failure(check, found, now)
        else:
            _judge(check, source, found, now)
        check.checked_at = now
        check.save()
    return check


def _judge_failure(check: Check, error: FetchError, now: datetime) -> None:
    if error.reason == "unknown_host" and _reaches_others(check, now):
        _missing(check, str(error), now)
    else:
        _unclear(check, str(error))


def _reaches_others(check: Check, now: datetime) -> bool:
    """To a machine without a network, no host has a name: another one has to have answered lately."""
    lately = now - AGAIN
    others = Check.objects.exclude(pk=check.pk).filter(last_verified_at__gt=lately)
    return Feed.objects.filter(last_ok_at__gt=lately).exists() or others.exists()


def _judge(check: Check, source: Source, answer: Answer, now: datetime) -> None:
    if answer.status in GONE:
        _missing(check, f"The page answers with status {answer.status}.", now)
    elif answer.status != 200:
        _unclear(check, f"The page answers with status {answer.status}.")
    elif answer.moved_to and not _is_same_place(source.url, answer.moved_to):
        check.status, check.moved_to, check.missing = Status.MOVED, answer.moved_to[:1000], []
        check.note = ""
    else:
        _compare(check, fingerprint(answer), now)


def _compare(check: Check, found: str, now: datetime) -> None:
    check.missing, check.moved_to, check.note = [], "", ""
    if check.sha256 in {"", found}:
        check.status, check.sha256, check.found_sha256, check.last_verified_at = Status.OK, found, "", now
    else:
        check.status, check.found_sha256 = Status.CHANGED, found


def _missing(check: Check, sentence: str, now: datetime) -> None:
    """Gone only after three looks over two days: a server may be set up wrong for an hour."""
    check.missing = noted(check.missing, now)
    check.note = sentence[:300]
    if is_established(check.missing):
        check.status = Status.DEAD


def _unclear(check: Check, sentence: str) -> None:
    """Says nothing about the page: many answer programs with a refusal."""
    check.note = sentence[:300]


def fingerprint(answer: Answer) -> str:
    """Of a page, its title and headlines: the rest of a page differs at every look. Of anything else, all of it."""
    body = answer.body[:LARGEST_READ]
    headlines = (
        [words for _, words in HEADLINES.findall(body)] if "html" in answer.headers.get("content-type", "") else []
    )
    if not headlines:
        return sha256(answer.body).hexdigest()
    text = replace(answer, body=b"\n".join(headlines)).text()
    return sha256(" ".join(html.unescape(MARKUP.sub(" ", text)).casefold().split()).encode()).hexdigest()


def _is_same_place(before: str, after: str) -> bool:
    """TLS, "www." and a trailing slash are no move."""
    return _place(before) == _place(after)


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query


def confirm(check: Check, *, by: AbstractBaseUser, now: datetime, reason: str = "") -> Check:
    """A person read the page, or a copy of it, and found that it says what is cited."""
    with transaction.atomic():
        before = {"status": check.status, "moved_to": check.moved_to}
        check.status, check.last_verified_at, check.missing, check.note = Status.OK, now, [], ""
        check.sha256, check.found_sha256 = check.found_sha256 or check.sha256, ""
        check.save()
        note(
            actor=by,
            action="verified",
            subject=f"source:{check.source_id}",
            at=now,
            before=before,
            after={"status": check.status},
            reason=reason,
        )
    return check
