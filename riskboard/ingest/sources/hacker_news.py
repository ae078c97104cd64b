"""Hacker News, through the search of Algolia. A feed's ``address`` is the query.

Options: ``tags`` (Algolia's, ``story`` unless given), ``first_look_days``.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from riskboard.ingest.cleaning import LONGEST_SUMMARY, canonical_address, clean_markup, day_of
from riskboard.ingest.client import BadAnswer, Client
from riskboard.ingest.drafts import Catch, Seen
from riskboard.ingest.models import Feed
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.paging import Piece, Windows
from riskboard.ingest.sources.shapes import instant, mapping, rows, text, whole

PER_PAGE = 100
MOST_HITS = 1000  # of one search, whatever it says that there are
MOST_REQUESTS = 30
FIRST_LOOK_DAYS = 30
OVERLAP = timedelta(hours=1)
SHORTEST = timedelta(minutes=1)
DISCUSSION = "https://news.ycombinator.com/item?id="


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError."""
    look = Gathering.begin(client, feed, now, token_env=None, most_requests=MOST_REQUESTS)
    windows = Windows(look, FIRST_LOOK_DAYS, OVERLAP, SHORTEST)
    windows.walk(lambda start, end: _window(look, start, end))
    return look.catch()


def _window(look: Gathering, start: datetime, end: datetime) -> Piece:
    seen: list[Seen] = []
    page, pages = 0, 1
    while page < pages:
        found, snapshot = _search(look, start, end, page)
        if (whole(found.get("nbHits")) or 0) > MOST_HITS and end - start > SHORTEST:
            return Piece((), is_whole=False)
        seen += [each for hit in rows(found["hits"]) if (each := _seen(hit, look.now, snapshot)) is not None]
        pages = min(whole(found.get("nbPages")) or 0, MOST_HITS // PER_PAGE)
        page += 1
    return Piece(seen)


def _search(look: Gathering, start: datetime, end: datetime, page: int) -> tuple[dict[str, Any], str]:
    answer = look.get(
        f"{settings.HACKER_NEWS_URL.rstrip('/')}/api/v1/search_by_date",
        params={
            "query": look.feed.address,
            "tags": text(look.feed.options.get("tags")) or "story",
            "numericFilters": f"created_at_i>={start.timestamp():.0f},created_at_i<{end.timestamp():.0f}",
            "hitsPerPage": PER_PAGE,
            "page": page,
        },
    ).expect_ok()
    found = mapping(answer.json())
    if not isinstance(found.get("hits"), list):
        raise BadAnswer("Hacker News search answered without a list of hits.", "wrong_shape", status=answer.status)
    return found, look.capture(answer)


def _seen(hit: dict[str, Any], now: datetime, snapshot: str) -> Seen | None:
    """Never from ``_highlightResult``: that is markup."""
    number = text(str(hit.get("objectID")), 20)
    title = clean_markup(text(hit.get("title"), 2000) or text(hit.get("comment_text"), 2000))
    created = instant(hit.get("created_at_i"))
    if not number.isdecimal() or not title or created is None:
        return None
    return Seen(
        identity=f"hn:{number}",
        title=title,
        url=canonical_address(text(hit.get("url"), 2000)) or DISCUSSION + number,
        summary=clean_markup(text(hit.get("story_text"), 20_000), LONGEST_SUMMARY),
        publisher="Hacker News",
        published_on=day_of(created, now=now).on,
        snapshot=snapshot,
    )
