"""Feeds in any of their formats, read by a child process that may fail, hang or grow without harm to anybody.

Every body ends in exactly one of three: entries, entries with warnings ("malformed, recovered"), or NotAFeed.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from riskboard.ingest import feedreader
from riskboard.ingest.answers import CHARSET
from riskboard.ingest.cleaning import LONGEST_SUMMARY, canonical_address, clean_line, clean_markup, read_date
from riskboard.ingest.drafts import Seen
from riskboard.ingest.failures import BadAnswer

READER = Path(feedreader.__file__)
SMALL = 200_000
# Of the child's own time; of everybody's, PATIENCE.
SECONDS_IF_SMALL = 2.0
SECONDS = 10.0
PATIENCE = 30.0  # on a busy machine
LONGEST_IDENTITY = 300
# Publishers who want to be asked less often are heard, within reason.
LONGEST_NUMBER = 9
LONGEST_PERIOD = 24 * 60
PERIODS = {"hourly": 60, "daily": 24 * 60, "weekly": 7 * 24 * 60, "monthly": 30 * 24 * 60, "yearly": 365 * 24 * 60}


class NotAFeed(BadAnswer):
    """Nothing was read: not_a_feed, or malformed if reading took too much time or memory."""

    reason = "not_a_feed"


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed holds, cleaned. ``every_minutes``: its publisher wants to be asked no more often; 0: says nothing."""

    title: str
    seen: tuple[Seen, ...]
    every_minutes: int = 0
    warnings: tuple[str, ...] = ()


def parse_feed(
    body: bytes, *, address: str, now: datetime, content_type: str = "", publisher: str = "", reader: Path = READER
) -> ParsedFeed:
    """``address``: what relative links are relative to. ``publisher``: who it is if the feed names nobody.

    Raises NotAFeed.
    """
    charset = CHARSET.search(content_type)
    found = _read_in_child(body, charset[1] if charset else "", reader)
    if not found:
        raise NotAFeed("This is not a feed.")
    return cleaned(found, address=address, now=now, publisher=publisher)


def _read_in_child(body: bytes, charset: str, reader: Path) -> dict[str, Any]:
    seconds = SECONDS_IF_SMALL if len(body) <= SMALL else SECONDS
    try:
        child = subprocess.run(  # noqa: S603 - our own program, the body is its input
            [sys.executable, "-I", "-X", "utf8", str(reader), str(seconds), charset],
            input=body,
            capture_output=True,
            timeout=PATIENCE,
            env={},  # our secrets are none of its business
            cwd="/",
            check=True,
        )
        found = json.loads(child.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        # Too much memory, too much time, or a fault of the parser's own: all the same to us.
        raise NotAFeed("This is broken beyond repair, or too costly to read.", "malformed") from error
    return found if isinstance(found, dict) else {}


def cleaned(found: Mapping[str, Any], *, address: str, now: datetime, publisher: str = "") -> ParsedFeed:
    """What a reader found, of which nothing is believed: only what is fit to be stored remains."""
    title = clean_markup(_text(found, "title"))
    entries = [entry for entry in _list(found, "entries") if isinstance(entry, dict)]
    warnings = [f"Malformed, recovered: {clean_line(str(warning), 300)}." for warning in _list(found, "warnings")]
    if (count := found.get("count")) != len(entries):
        warnings.append(f"Only the first {len(entries)} of {count} entries were read.")
    feed = ParsedFeed(title or clean_line(publisher), (), _period(found))
    language = _text(found, "language")
    seen: dict[str, Seen] = {}
    for entry in entries:
        each = _seen(entry, address=address, language=language, publisher=feed.title, now=now)
        if each is not None:
            seen.setdefault(each.identity, each)
    if len(seen) < len(entries):
        warnings.append(f"{len(entries) - len(seen)} entries are repeated or say nothing.")
    return replace(feed, seen=tuple(seen.values()), warnings=tuple(warnings))


def _seen(entry: Mapping[str, Any], *, address: str, language: str, publisher: str, now: datetime) -> Seen | None:
    link = _text(entry, "link").strip()
    url = canonical_address(link, address) if link else ""
    summary = clean_markup(_text(entry, "summary"), LONGEST_SUMMARY)
    title = clean_markup(_text(entry, "title")) or clean_line(summary, 120) or url
    if not title:
        return None
    published, updated = _text(entry, "published"), _text(entry, "updated")
    dated = read_date(published, now=now)
    if dated.on is None:
        dated = read_date(updated, now=now)
    return Seen(
        identity=identity_of(_text(entry, "id"), url, title, published or updated),
        title=title,
        url=url,
        summary=summary,
        publisher=clean_markup(_text(entry, "source"), 80) or clean_line(publisher, 80),
        language=clean_line(_text(entry, "language") or language, 10).lower(),
        published_on=dated.on,
        date_precision=dated.precision,
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _list(found: Mapping[str, Any], name: str) -> list[Any]:
    value = found.get(name)
    return value if isinstance(value, list) else []


def identity_of(guid: str, url: str, title: str, date: str) -> str:
    """What stays the same when an entry is edited: its own identifier, else its address, else its title and date.

    An identifier that is an address is one without tracking; any other one whatever its case and spacing.
    """
    guid = clean_line(guid, feedreader.LONGEST_WORD)
    if address := canonical_address(guid) or ("" if guid else url):
        return _bounded(address.partition("://")[2], "link")
    if guid:
        return _bounded(guid.casefold(), "guid")
    return _bounded(f"{title.casefold()}\n{' '.join(date.split())}", "text", is_text=True)


def _bounded(text: str, kind: str, *, is_text: bool = False) -> str:
    identity = f"{kind}:{text}"
    if not is_text and len(identity) <= LONGEST_IDENTITY:
        return identity
    return f"{kind}:{sha256(text.encode()).hexdigest()}"


def _period(found: Mapping[str, Any]) -> int:
    """Minutes, from <ttl> or the syndication module."""
    period = PERIODS.get(_text(found, "period").strip().lower(), 0)
    minutes = max(_number(found, "ttl"), period // max(_number(found, "frequency"), 1))
    return min(minutes, LONGEST_PERIOD)


def _number(found: Mapping[str, Any], name: str) -> int:
    written = _text(found, name).strip()
    return int(written) if written.isascii() and written.isdecimal() and len(written) <= LONGEST_NUMBER else 0
