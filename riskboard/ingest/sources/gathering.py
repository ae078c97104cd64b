"""One look at a feed while it goes on: what was asked, kept and drafted so far."""

import os
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from riskboard.ingest.client import Answer, Client, FetchError, HostBusy
from riskboard.ingest.drafts import Capture, Catch, Draft, Seen, SeenOffer
from riskboard.ingest.models import Feed
from riskboard.ingest.sources.shapes import moment

# What identifies an answer; the rest of its headers is about the connection.
KEPT_HEADERS = ("content-type", "date", "etag", "last-modified", "x-repo-commit", "x-error-code", "x-error-message")
MOST_WARNINGS = 20


@dataclass(slots=True)
class Gathering:
    client: Client
    feed: Feed
    now: datetime
    token: str | None
    cursor: dict[str, Any]
    requests_left: int
    drafts: list[Draft] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    offers: list[SeenOffer] = field(default_factory=list)
    captures: dict[str, Capture] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    not_modified: bool = False

    @classmethod
    def begin(cls, client: Client, feed: Feed, now: datetime, *, token_env: str | None, most_requests: int) -> Self:
        token = os.environ.get(token_env) if token_env else None
        return cls(client, feed, now, token or None, deepcopy(feed.cursor), most_requests)

    @property
    def is_first(self) -> bool:
        """Nothing was seen before: what is found now is where we start from, not news."""
        return not self.feed.cursor

    @property
    def last_look(self) -> datetime | None:
        return moment(self.feed.cursor.get("looked_at"))

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Answer:
        """Fetch, with our token. Raises FetchError."""
        self.requests_left -= 1
        return self.client.get(
            url, headers=headers, params=params, etag=etag, last_modified=last_modified, token=self.token
        )

    def attempt(self, url: str, *, headers: Mapping[str, str] | None = None, etag: str | None = None) -> Answer | None:
        """None when it failed, or this look has asked enough: the next look tries again."""
        if self.requests_left <= 0:
            return None
        try:
            return self.get(url, headers=headers, etag=etag)
        except HostBusy as busy:
            self.requests_left = 0
            self.warn(str(busy))
        except FetchError as error:
            self.warn(str(error))
        return None

    def capture(self, answer: Answer, *, body: bytes | None = None, cleaned: str = "") -> str:
        """Keep an answer as evidence; its hash. ``body``: what the answer carried, if packed in something else."""
        capture = Capture(
            url=answer.url,
            fetched_at=self.now,
            status=answer.status,
            headers={name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers},
            body=answer.body if body is None else body,
            cleaned=cleaned,
        )
        self.captures[capture.sha256] = capture
        return capture.sha256

    def warn(self, sentence: str) -> None:
        if len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(sentence)

    def catch(self) -> Catch:
        return Catch(
            seen=tuple(self.seen),
            drafts=tuple(self.drafts),
            offers=tuple(self.offers),
            cursor=self.cursor,
            not_modified=self.not_modified,
            warnings=tuple(self.warnings),
            captures=tuple(self.captures.values()),
        )
