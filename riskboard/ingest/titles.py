"""The title that a page gives itself, for people who cite it."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

from riskboard.ingest.answers import CHARSET, Answer
from riskboard.ingest.cleaning import clean_markup
from riskboard.ingest.client import BadAnswer, Client

TITLE = re.compile(rb"<title\b[^>]*>(.*?)</title\s*>", re.IGNORECASE | re.DOTALL)
LARGEST_READ = 500_000
LONGEST = 300


def page_title(url: str, client: Client) -> str:
    """In one line. Raises FetchError, whose text says why there is none."""
    answer = client.get(url, accept="text/html,application/xhtml+xml").expect_ok()
    found = TITLE.search(answer.body[:LARGEST_READ])
    title = clean_markup(_text(answer, found[1]), LONGEST) if found else ""
    if not title:
        raise BadAnswer(f"{urlsplit(answer.url).hostname} answered, but its page has no title.", "no_title")
    return title


def _text(answer: Answer, body: bytes) -> str:
    """By the encoding of the answer, or else by what the page says of itself."""
    declared = CHARSET.search(answer.body[:2000].decode("latin-1"))
    header = answer.headers.get("content-type", "")
    if declared and not CHARSET.search(header):
        header = declared[0]
    return replace(answer, body=body, headers={"content-type": header}).text()
