"""A stand-in for a publisher's web site: documents at addresses, with validators, moves and farewells."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

RSS = "application/rss+xml; charset=utf-8"
LAST_CHANGED = format_datetime(datetime(2026, 11, 1, 8, 0, tzinfo=UTC), usegmt=True)


def entry(title: str, link: str = "", *, guid: str = "", published: str = "", summary: str = "", more: str = "") -> str:
    parts = {"title": title, "link": link, "description": summary, "pubDate": published}
    written = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)
    identifier = f'<guid isPermaLink="false">{escape(guid)}</guid>' if guid else ""
    return f"<item>{written}{identifier}{more}</item>"


def channel(*entries: str, title: str = "Acorn news", more: str = "") -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
    return f"{head}<title>{title}</title>{more}{''.join(entries)}</channel></rss>".encode()


@dataclass
class Publisher(StandIn):
    documents: dict[str, bytes] = field(default_factory=dict)
    moved: dict[str, tuple[int, str]] = field(default_factory=dict)  # path -> status, new path
    gone: set[str] = field(default_factory=set)
    content_type: str = RSS

    def answer(self, asked: Asked) -> Reply:
        if asked.path in self.gone:
            return Reply(410, b"Gone")
        if asked.path in self.moved:
            status, path = self.moved[asked.path]
            return Reply(status, b"", {"location": path})
        if asked.path not in self.documents:
            return Reply(404, b"Not found")
        headers = {"content-type": self.content_type, "last-modified": LAST_CHANGED}
        return Reply(200, self.documents[asked.path], headers).validated(asked)
