"""News feeds: RSS, RDF, Atom and JSON Feed. A feed's ``address`` is where it is."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from riskboard.ingest.answers import Answer
from riskboard.ingest.client import Client
from riskboard.ingest.drafts import Catch
from riskboard.ingest.feedparsing import parse_feed
from riskboard.ingest.models import Feed
from riskboard.ingest.sources.gathering import Gathering

ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
# A server that is set up wrong for an hour must not make us forget the address.
CONFIRMATIONS = 3
LONGEST_ADDRESS = 500
GONE = 410


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError, NotAFeed among them."""
    look = Gathering.begin(client, feed, now, token_env=None, most_requests=1)
    # Validators belong to the address that gave them.
    known: dict[str, Any] = look.cursor if look.cursor.get("address") == feed.address else {}
    answer = look.client.get(
        feed.address, accept=ACCEPT, etag=known.get("etag"), last_modified=known.get("last_modified")
    )
    if answer.status == GONE:
        return Catch(cursor=look.cursor, is_gone=True, warnings=("The publisher says that it is gone for good.",))
    answer.expect_ok()
    look.cursor = {**known, "address": feed.address, **_moves(known, answer)}
    if answer.not_modified:
        look.not_modified = True
    else:
        _read(look, answer)
    moved_to = look.cursor["moved_to"] if look.cursor["moves"] >= CONFIRMATIONS else ""
    return replace(look.catch(), moved_to=moved_to, every_minutes=look.cursor.get("every_minutes", 0))


def _read(look: Gathering, answer: Answer) -> None:
    parsed = parse_feed(
        answer.body,
        address=answer.url,
        now=look.now,
        content_type=answer.headers.get("content-type", ""),
        publisher=look.feed.name,
    )
    snapshot = look.capture(answer)
    look.seen += [replace(each, snapshot=snapshot) for each in parsed.seen]
    for warning in parsed.warnings:
        look.warn(warning)
    # Verbatim: some servers compare the text.
    look.cursor |= {
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "every_minutes": parsed.every_minutes,
    }


def _moves(known: dict[str, Any], answer: Answer) -> dict[str, Any]:
    """How many looks in a row were sent to the same new address, for good."""
    moved_to = answer.moved_to if len(answer.moved_to) <= LONGEST_ADDRESS else ""
    if not moved_to:
        return {"moved_to": "", "moves": 0}
    return {"moved_to": moved_to, "moves": known.get("moves", 0) + 1 if known.get("moved_to") == moved_to else 1}
