"""A stand-in for Algolia's search of Hacker News: newest first, in pages, and never more than a thousand hits."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

MOST = 1000


def story(number: int, created: datetime, title: str = "", **given: Any) -> dict[str, Any]:
    title = title or f"Story {number}"
    highlighted = {"value": f"<em>{title}</em>", "matchLevel": "full", "matchedWords": ["story"]}
    return {
        "_highlightResult": {"title": highlighted, "author": {"value": "somebody", "matchLevel": "none"}},
        "_tags": ["story", "author_somebody", f"story_{number}"],
        "author": "somebody",
        "created_at": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "created_at_i": int(created.timestamp()),
        "num_comments": 3,
        "objectID": str(number),
        "points": 12,
        "story_id": number,
        "title": title,
        "updated_at": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "url": f"https://news.example.org/{number}?utm_source=hn",
        **given,
    }


@dataclass
class HackerNews(StandIn):
    stories: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Reply:
        if asked.path != "/api/v1/search_by_date":
            return Reply.json({"message": "Not found", "status": 404}, 404)
        since, until = (
            int(number) for number in re.findall(r"created_at_i(?:>=|<)(\d+)", asked.first("numericFilters"))
        )
        query = asked.first("query").lower()
        found = sorted(
            (each for each in self.stories if since <= each["created_at_i"] < until and query in each["title"].lower()),
            key=lambda each: -each["created_at_i"],
        )
        per_page, page = int(asked.first("hitsPerPage", "20")), int(asked.first("page", "0"))
        reachable = found[:MOST]
        return Reply.json(
            {
                "exhaustive": {"nbHits": True, "typo": True},
                "exhaustiveNbHits": True,
                "exhaustiveTypo": True,
                "hits": reachable[page * per_page : (page + 1) * per_page],
                "hitsPerPage": per_page,
                "nbHits": len(found),
                "nbPages": ceil(len(reachable) / per_page),
                "page": page,
                "params": "query=...",
                "processingTimeMS": 3,
                "query": query,
                "serverTimeMS": 4,
            }
        )
