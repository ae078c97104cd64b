"""A stand-in for Reddit: a token for a client's secret, and listings of a subreddit, newest first."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

CLIENT_ID, SECRET, TOKEN = "script", "hush", "token-of-an-hour"
LIMITS = {"x-ratelimit-used": "3", "x-ratelimit-remaining": "97.0", "x-ratelimit-reset": "240"}


def post(name: str, created: datetime, title: str = "", **given: Any) -> dict[str, Any]:
    permalink = f"/r/LocalLLaMA/comments/{name}/a_post/"
    return {
        "name": f"t3_{name}",
        "id": name,
        "title": title or f"Post {name}",
        "permalink": permalink,
        "url": f"https://www.reddit.com{permalink}",
        "created_utc": created.timestamp(),
        "created": created.timestamp(),
        "score": 17,
        "ups": 17,
        "upvote_ratio": 0.92,
        "num_comments": 5,
        "author": "somebody",
        "subreddit": "LocalLLaMA",
        "over_18": False,
        "stickied": False,
        "removed_by_category": None,
        "selftext": "",
        "selftext_html": None,
        "is_self": True,
        **given,
    }


@dataclass
class Reddit(StandIn):
    posts: list[dict[str, Any]] = field(default_factory=list)  # newest first
    subreddit: str = "LocalLLaMA"

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/api/v1/access_token":
            return self._token(asked)
        if asked.token != TOKEN:
            return Reply.json({"message": "Unauthorized", "error": 401}, 401)
        if asked.path != f"/r/{self.subreddit}/new":
            return Reply.json({"reason": "private", "message": "Forbidden", "error": 403}, 403)
        return self._listing(asked)

    def _token(self, asked: Asked) -> Reply:
        credentials = b64encode(f"{CLIENT_ID}:{SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {credentials}":
            return Reply.json({"message": "Unauthorized", "error": 401}, 401)
        if asked.form != {"grant_type": ["client_credentials"]}:
            return Reply.json({"error": "unsupported_grant_type"})
        return Reply.json({"access_token": TOKEN, "token_type": "bearer", "expires_in": 86400, "scope": "*"})

    def _listing(self, asked: Asked) -> Reply:
        names = [each["name"] for each in self.posts]
        after = asked.first("after")
        start = names.index(after) + 1 if after in names else 0
        limit = int(asked.first("limit", "25"))
        shown = self.posts[start : start + limit]
        is_raw = asked.first("raw_json") == "1"
        children = [{"kind": "t3", "data": each if is_raw else escaped(each)} for each in shown]
        more = shown[-1]["name"] if start + limit < len(self.posts) else None
        data = {
            "after": more,
            "before": None,
            "dist": len(shown),
            "modhash": "",
            "geo_filter": "",
            "children": children,
        }
        return Reply.json({"kind": "Listing", "data": data}, headers=LIMITS)


def escaped(each: dict[str, Any]) -> dict[str, Any]:
    return {name: value.replace("&", "&amp;") if isinstance(value, str) else value for name, value in each.items()}
