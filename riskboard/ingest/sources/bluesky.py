"""Bluesky, what one account posts. A feed's ``address`` is its handle or its DID; reading needs no account.

Options: ``filter`` (one of the API's, ``posts_no_replies`` unless given).
"""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from riskboard.ingest.cleaning import LONGEST_SUMMARY, clean_line, day_of
from riskboard.ingest.client import BadAnswer, Client
from riskboard.ingest.drafts import Catch, Seen
from riskboard.ingest.models import Feed
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.paging import Page, newest_first
from riskboard.ingest.sources.shapes import mapping, moment, rows, text, texts

PER_PAGE = 100
MOST_REQUESTS = 10
OVERLAP = timedelta(hours=1)
ACTOR = re.compile(r"did:[a-z]+:[A-Za-z0-9._:%-]{1,200}\Z|[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\Z")
POST = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]+)/app\.bsky\.feed\.post/([A-Za-z0-9._~:-]+)\Z")


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError."""
    actor = feed.address.strip().removeprefix("@")
    if not ACTOR.match(actor):
        raise BadAnswer(f"{feed.address!r} is neither a handle nor a DID.")
    look = Gathering.begin(client, feed, now, token_env=None, most_requests=MOST_REQUESTS)
    newest_first(look, lambda cursor: _page(look, actor, cursor), overlap=OVERLAP)
    return look.catch()


def _page(look: Gathering, actor: str, cursor: str) -> Page:
    params: dict[str, str | int] = {
        "actor": actor,
        "limit": PER_PAGE,
        "filter": text(look.feed.options.get("filter")) or "posts_no_replies",
    }
    answer = look.get(
        f"{settings.BLUESKY_URL.rstrip('/')}/xrpc/app.bsky.feed.getAuthorFeed",
        params=params | ({"cursor": cursor} if cursor else {}),
    )
    if answer.status in {400, 401, 403}:
        told = text(mapping(answer.json()).get("message"), 200)
        raise BadAnswer(f"Bluesky says of {actor}: {told or answer.status}", status=answer.status)
    found = mapping(answer.expect_ok().json())
    if not isinstance(found.get("feed"), list):
        raise BadAnswer("Bluesky answered without a feed.", "wrong_shape", status=answer.status)
    snapshot = look.capture(answer)
    # What was reposted is somebody else's; what is pinned stands first whenever it was written.
    posts = [mapping(entry.get("post")) for entry in rows(found["feed"]) if not entry.get("reason")]
    indexed = [at for post in posts if (at := moment(post.get("indexedAt"))) is not None]
    return Page(
        [each for post in posts if (each := _seen(post, look.now, snapshot)) is not None],
        newest=max(indexed, default=None),
        oldest=min(indexed, default=None),
        following=text(found.get("cursor"), 500),
    )


def _seen(post: dict[str, Any], now: datetime, snapshot: str) -> Seen | None:
    """Dated by ``indexedAt``: ``createdAt`` is whatever the author's program claims."""
    place, record = POST.match(text(post.get("uri"), 400)), mapping(post.get("record"))
    external = mapping(mapping(post.get("embed")).get("external"))
    words = [text(record.get("text"), 3000), text(external.get("title"), 300), text(external.get("description"), 1000)]
    said = next((word for word in words if word), "")
    indexed = moment(post.get("indexedAt"))
    if place is None or not said or indexed is None:
        return None
    author, key = place.groups()
    return Seen(
        identity=place[0],
        title=clean_line(said, 300),
        url=f"https://bsky.app/profile/{author}/post/{key}",
        summary=clean_line(" · ".join(word for word in words if word), LONGEST_SUMMARY),
        publisher=clean_line(f"@{text(mapping(post.get('author')).get('handle'), 70) or author}", 80),
        language=next(iter(texts(record.get("langs"))), "")[:10].lower(),
        published_on=day_of(indexed, now=now).on,
        snapshot=snapshot,
    )
