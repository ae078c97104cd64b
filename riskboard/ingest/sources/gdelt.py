"""GDELT, an index of the world's news. A feed's ``address`` is a query in its language.

Options: ``first_look_days``. GDELT says when it came across an article, never when that was published.
"""

import json
import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from riskboard.ingest.answers import Answer
from riskboard.ingest.cleaning import canonical_address, clean_line, clean_markup
from riskboard.ingest.client import BadAnswer, Client
from riskboard.ingest.drafts import Catch, Seen
from riskboard.ingest.feedparsing import identity_of
from riskboard.ingest.models import Feed
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.paging import Piece, Windows
from riskboard.ingest.sources.shapes import rows, text

MOST_ARTICLES = 250  # in one answer, and there is no second page
MOST_REQUESTS = 12
FIRST_LOOK_DAYS = 7
LONGEST_LOOK_DAYS = 90
OVERLAP = timedelta(hours=3)
SHORTEST = timedelta(minutes=15)  # it takes in news every fifteen minutes
DASHED_DOMAIN = re.compile(r"\bdomain(?:is)?:\"?[\w.]*-", re.IGNORECASE)
SEEN_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)T\d{6}Z\Z")
LANGUAGES = {
    "english": "en",
    "chinese": "zh",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "japanese": "ja",
    "korean": "ko",
    "russian": "ru",
    "arabic": "ar",
}
# Its titles are words and marks with spaces between all of them.
LOOSE = ((r"\s+([,.;:!?%)\]}’”])", r"\1"), (r"([(\[{‘“$€£])\s+", r"\1"), (r"(\w) ' (s|t|re|ve|ll|d|m)\b", r"\1'\2"))


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError."""
    if not feed.address.strip():
        raise BadAnswer("A GDELT feed needs a query as its address.")
    look = Gathering.begin(client, feed, now, token_env=None, most_requests=MOST_REQUESTS)
    if DASHED_DOMAIN.search(feed.address):
        look.warn("GDELT finds nothing for a domain with a dash in its name.")
    windows = Windows(look, FIRST_LOOK_DAYS, OVERLAP, SHORTEST, most_days=LONGEST_LOOK_DAYS)
    windows.walk(lambda start, end: _window(look, start, end))
    return look.catch()


def _window(look: Gathering, start: datetime, end: datetime) -> Piece:
    answer = look.get(
        f"{settings.GDELT_URL.rstrip('/')}/api/v2/doc/doc",
        params={
            "query": look.feed.address,
            "mode": "artlist",
            "format": "json",
            "sort": "datedesc",
            "maxrecords": MOST_ARTICLES,
            "startdatetime": f"{start:%Y%m%d%H%M%S}",
            "enddatetime": f"{end:%Y%m%d%H%M%S}",
        },
    ).expect_ok()
    articles = _articles(answer)
    snapshot = look.capture(answer)
    seen = [each for article in rows(articles) if (each := _seen(article, snapshot)) is not None]
    return Piece(seen, is_whole=len(articles) < MOST_ARTICLES)


def _articles(answer: Answer) -> list[Any]:
    """Errors are sentences with status 200; nothing found is an empty object."""
    try:
        found = json.loads(answer.body, strict=False)
    except (ValueError, RecursionError) as error:
        told = clean_markup(answer.text()[:500], 200)
        raise BadAnswer(f"GDELT says: {told or 'nothing'}", "not_json", status=answer.status) from error
    articles = found.get("articles", None if found else []) if isinstance(found, dict) else None
    if not isinstance(articles, list):
        raise BadAnswer("GDELT answered without a list of articles.", "wrong_shape", status=answer.status)
    return articles


def _seen(article: dict[str, Any], snapshot: str) -> Seen | None:
    url, title = canonical_address(text(article.get("url"), 2000)), text(article.get("title"), 2000)
    if not url or not title:
        return None
    for pattern, replacement in LOOSE:
        title = re.sub(pattern, replacement, title)
    crawled = SEEN_DATE.match(text(article.get("seendate"), 20))
    return Seen(
        identity=identity_of("", url, title, ""),
        title=clean_markup(title),
        url=url,
        summary=f"Came across on {'-'.join(crawled.groups())}." if crawled else "",
        publisher=clean_line(text(article.get("domain"), 80), 80),
        language=LANGUAGES.get(text(article.get("language")).lower(), ""),
        snapshot=snapshot,
    )
