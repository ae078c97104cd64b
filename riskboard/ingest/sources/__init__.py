"""Every place that is looked at. A new one is a module with ``fetch`` and a line here."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from riskboard.ingest.client import Client
from riskboard.ingest.drafts import Catch
from riskboard.ingest.models import Feed
from riskboard.ingest.sources import (
    bluesky,
    feeds,
    gdelt,
    github,
    hacker_news,
    hugging_face,
    openrouter,
    reddit,
    sec_edgar,
)

CONTACT = "INGEST_USER_AGENT_CONTACT"
Fetch = Callable[[Client, Feed, datetime], Catch]


@dataclass(frozen=True, slots=True)
class Connector:
    """How one kind of place is read. ``fetch`` raises FetchError; then nothing of what is known changes."""

    fetch: Fetch
    name: str
    every_minutes: int
    token_env: str | None = None  # the environment variable that holds its token
    needs_token: bool = False  # without one it is not asked at all
    also_needs: tuple[str, ...] = ()  # further variables of the environment, such as the name that a secret belongs to
    needs_contact: bool = False  # its owner answers only those who say how to reach them, by mail
    terms: str = ""  # what its owner's terms and robots file allow

    @property
    def has_token(self) -> bool:
        return self.token_env is not None and bool(os.environ.get(self.token_env))

    @property
    def lacks(self) -> tuple[str, ...]:
        """The variables that have to be set before it is asked at all."""
        secrets = (*((self.token_env,) if self.needs_token and self.token_env else ()), *self.also_needs)
        contact = (CONTACT,) if self.needs_contact and "@" not in settings.INGEST_USER_AGENT_CONTACT else ()
        return (*(name for name in secrets if not os.environ.get(name)), *contact)


SOURCES: dict[str, Connector] = {
    "openrouter": Connector(
        openrouter.fetch,
        "OpenRouter",
        every_minutes=720,
        token_env=openrouter.TOKEN_ENV,
        terms="Public list of models, open without a token; no limit is published for it.",
    ),
    "github": Connector(
        github.fetch,
        "GitHub",
        every_minutes=360,
        token_env=github.TOKEN_ENV,
        terms="Public API with published limits: 60 requests an hour without a token, 5,000 with one, one at a time.",
    ),
    "hugging_face": Connector(
        hugging_face.fetch,
        "Hugging Face hub",
        every_minutes=360,
        token_env=hugging_face.TOKEN_ENV,
        terms="Public API with published limits: 500 requests in five minutes without a token, 1,000 with a free one.",
    ),
    "feeds": Connector(
        feeds.fetch,
        "News feeds",
        every_minutes=60,
        terms="Published for programs to read. Titles and summaries are kept, articles are not.",
    ),
    "hacker_news": Connector(
        hacker_news.fetch,
        "Hacker News",
        every_minutes=60,
        terms="Algolia's public search, no key; no published limit.",
    ),
    "reddit": Connector(
        reddit.fetch,
        "Reddit",
        every_minutes=60,
        token_env=reddit.SECRET_ENV,
        needs_token=True,
        also_needs=(reddit.ID_ENV,),
        terms="Its data API terms hold: a registered script only, no authors kept, what was deleted is not kept.",
    ),
    "bluesky": Connector(
        bluesky.fetch,
        "Bluesky",
        every_minutes=120,
        terms="Public posts through the public API, no account needed.",
    ),
    "gdelt": Connector(
        gdelt.fetch,
        "GDELT",
        every_minutes=180,
        terms="Open to everybody, at most one request in five seconds.",
    ),
    "sec_edgar": Connector(
        sec_edgar.fetch,
        "SEC EDGAR",
        every_minutes=240,
        needs_contact=True,
        terms="Public records; at most ten requests a second, and only from those who say how to reach them.",
    ),
}
