"""A stand-in for Bluesky's public API: what one account posted and reposted, with a cursor."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

DID, HANDLE = "did:plc:acorn123", "acorn.example"


def stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def said(key: str, indexed: datetime, words: str, *, created: str = "", **given: Any) -> dict[str, Any]:
    return {
        "post": {
            "uri": f"at://{DID}/app.bsky.feed.post/{key}",
            "cid": f"bafyrei{key}",
            "author": {"did": DID, "handle": HANDLE, "displayName": "Acorn", "labels": []},
            "record": {
                "$type": "app.bsky.feed.post",
                "createdAt": created or stamp(indexed),
                "langs": ["en"],
                "text": words,
            },
            "replyCount": 1,
            "repostCount": 2,
            "likeCount": 3,
            "indexedAt": stamp(indexed),
            "labels": [],
            **given,
        }
    }


@dataclass
class Bluesky(StandIn):
    entries: list[dict[str, Any]] = field(default_factory=list)  # as the API orders them

    def answer(self, asked: Asked) -> Reply:
        if asked.path != "/xrpc/app.bsky.feed.getAuthorFeed":
            return Reply.json({"error": "MethodNotImplemented", "message": "Method Not Implemented"}, 501)
        if asked.first("actor") not in {DID, HANDLE}:
            return Reply.json({"error": "InvalidRequest", "message": "Profile not found"}, 400)
        start, limit = int(asked.first("cursor", "0")), int(asked.first("limit", "50"))
        following = {"cursor": str(start + limit)} if start + limit < len(self.entries) else {}
        return Reply.json({"feed": self.entries[start : start + limit], **following})
