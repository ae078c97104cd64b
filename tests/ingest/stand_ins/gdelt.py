"""A stand-in for GDELT's articles: at most 250 between two instants; errors are sentences with status 200."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.ingest.stand_ins.serving import Asked, Reply, StandIn

MOST = 250


def article(number: int, crawled: datetime, title: str = "", **given: Any) -> dict[str, Any]:
    return {
        "url": f"https://news{number % 7}.example.org/story/{number}?utm_campaign=feed",
        "url_mobile": "",
        "title": title or f"Story {number}",
        "seendate": crawled.strftime("%Y%m%dT%H%M%SZ"),
        "socialimage": "https://images.example.org/1.jpg",
        "domain": f"news{number % 7}.example.org",
        "language": "English",
        "sourcecountry": "United States",
        **given,
    }


def told(sentence: str) -> Reply:
    return Reply(200, sentence.encode(), {"content-type": "text/html; charset=utf-8"})


@dataclass
class Gdelt(StandIn):
    articles: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Reply:
        if asked.path != "/api/v2/doc/doc":
            return Reply(404, b"Not found")
        if len(asked.first("query")) < 4:
            return told("The specified phrase is too short.\n")
        if "domainis:" in asked.first("query") and "-" in asked.first("query"):
            return Reply.json({})
        since, until = asked.first("startdatetime"), asked.first("enddatetime")
        found = [each for each in self.articles if since <= each["seendate"].replace("T", "").rstrip("Z") <= until]
        found.sort(key=lambda each: str(each["seendate"]), reverse=True)
        shown = found[: min(int(asked.first("maxrecords", "75")), MOST)]
        return Reply.json({"articles": shown} if shown else {})
