"""Reddit, newest posts first. A feed's ``address`` is a subreddit, or several joined by "+".

Reddit answers programs only with a token, which it gives for the two values it shows when a script is registered.
"""

import os
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from riskboard.ingest.cleaning import LONGEST_SUMMARY, canonical_address, clean_line, day_of
from riskboard.ingest.client import BadAnswer, Client
from riskboard.ingest.drafts import Catch, Seen
from riskboard.ingest.failures import NotConfigured
from riskboard.ingest.models import Feed
from riskboard.ingest.sources.gathering import Gathering
from riskboard.ingest.sources.paging import Page, newest_first
from riskboard.ingest.sources.shapes import mapping, rows, text

SECRET_ENV = "REDDIT_CLIENT_SECRET"  # noqa: S105 - the name of the variable
ID_ENV = "REDDIT_CLIENT_ID"
PER_PAGE = 100
MOST_REQUESTS = 12  # Reddit lists a thousand posts and no more
OVERLAP = timedelta(hours=6)  # moderators approve late
SUBREDDITS = re.compile(r"[A-Za-z0-9_]{2,50}(\+[A-Za-z0-9_]{2,50})*\Z")
LINK = "t3"
GONE = {"[deleted]", "[removed]", "[deleted by user]", "[ removed by moderator ]"}
SITE = "https://www.reddit.com"


def fetch(client: Client, feed: Feed, now: datetime) -> Catch:
    """Raises FetchError, NotConfigured among them."""
    subreddits = feed.address.strip().removeprefix("r/")
    if not SUBREDDITS.match(subreddits):
        raise BadAnswer(f"{feed.address!r} is not the name of a subreddit.")
    look = Gathering.begin(client, feed, now, token_env=None, most_requests=MOST_REQUESTS)
    look.token = _token(client)
    newest_first(look, lambda after: _page(look, subreddits, after), overlap=OVERLAP)
    return look.catch()


def _token(client: Client) -> str:
    identifier, secret = os.environ.get(ID_ENV, ""), os.environ.get(SECRET_ENV, "")
    if not (identifier and secret):
        raise NotConfigured(f"Reddit needs {ID_ENV} and {SECRET_ENV} in the environment.")
    credentials = b64encode(f"{identifier}:{secret}".encode()).decode()
    answer = client.post_form(
        f"{settings.REDDIT_URL.rstrip('/')}/api/v1/access_token",
        {"grant_type": "client_credentials"},
        headers={"authorization": f"Basic {credentials}"},
    )
    if answer.status in {401, 403}:
        raise BadAnswer("Reddit refused the client id and secret.", "bad_token", status=answer.status)
    token = mapping(answer.expect_ok().json()).get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise BadAnswer("Reddit answered without a token.", "bad_token", status=answer.status)
    return token


def _page(look: Gathering, subreddits: str, after: str) -> Page:
    params: dict[str, str | int] = {"limit": PER_PAGE, "raw_json": 1}
    answer = look.get(
        f"{settings.REDDIT_API_URL.rstrip('/')}/r/{subreddits}/new",
        params=params | ({"after": after} if after else {}),
    ).expect_ok()
    listing = mapping(answer.json())
    if listing.get("kind") != "Listing":
        raise BadAnswer("Reddit answered without a listing.", "wrong_shape", status=answer.status)
    found = mapping(listing.get("data"))
    snapshot = look.capture(answer)
    posts = [mapping(child.get("data")) for child in rows(found.get("children")) if child.get("kind") == LINK]
    created = [at for post in posts if (at := _created(post)) is not None]
    return Page(
        [each for post in posts if (each := _seen(post, look.now, snapshot)) is not None],
        newest=max(created, default=None),
        # Pinned posts stand first, whenever they were written.
        oldest=min((at for post in posts if not post.get("stickied") and (at := _created(post))), default=None),
        following=text(found.get("after"), 40),
    )


def _created(post: dict[str, Any]) -> datetime | None:
    seconds = post.get("created_utc")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _seen(post: dict[str, Any], now: datetime, snapshot: str) -> Seen | None:
    """None for what its author or a moderator took back. Scores are blurred and authors are people: neither is kept."""
    name, created = text(post.get("name"), 20), _created(post)
    title, permalink = clean_line(text(post.get("title"), 2000)), text(post.get("permalink"), 500)
    if not name or created is None or not title or title.lower() in GONE or post.get("removed_by_category"):
        return None
    outside = canonical_address(text(post.get("url"), 2000))
    if outside.partition("://")[2].partition("/")[0].endswith(("reddit.com", "redd.it")):
        outside = ""
    selftext = text(post.get("selftext"), 20_000)
    return Seen(
        identity=f"reddit:{name}",
        title=title,
        url=outside or canonical_address(permalink, SITE),
        summary="" if selftext.lower() in GONE else clean_line(selftext, LONGEST_SUMMARY),
        publisher=f"r/{text(post.get('subreddit'), 60)}",
        published_on=day_of(created, now=now).on,
        snapshot=snapshot,
    )
