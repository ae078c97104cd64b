"""Reads one feed from standard input and writes what it holds as JSON. A program of its own, without the rest of us.

It reads what strangers wrote: so it has little memory, little time, no files, no sockets, and none of our secrets. Its
parent (feedparsing.py) gives it the seconds and the character set that the host named, and believes none of its fields.
"""

import io
import json
import resource
import signal
import sys
from typing import Any

import feedparser

MEMORY = 512 * 1024 * 1024
MOST_ENTRIES = 500
# Nobody publishes more in one document; reading them is what would cost.
MOST_WRITTEN = 20_000
# Of each field, what the parent looks at.
LONGEST_TEXT = 20_000
LONGEST_WORD = 4_000
REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "urllib.")
PAGE = (b"<!doctype html", b"<html")
JSON_FEED = "jsonfeed.org/version/"

Entry = dict[str, str | bool]


def main() -> None:
    seconds, charset = float(sys.argv[1]), sys.argv[2]
    body = sys.stdin.buffer.read()
    _confine(seconds)
    json.dump(read(body, charset), sys.stdout)


def _confine(seconds: float) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)
    # Nobody handles its signal: it ends the process, wherever that is. It runs while we do, not while others keep the
    # machine busy: that must not make a good feed look hostile.
    signal.setitimer(signal.ITIMER_PROF, seconds)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Python itself loads codecs from its own files while it works; everything else stays shut."""
    if event == "open":
        path, mode = str(arguments[0]), arguments[1]
        is_code = path.startswith((sys.prefix, sys.base_prefix)) and path.endswith((".py", ".pyc"))
        if is_code and mode in {"r", "rb", None}:
            return
    elif not event.startswith(REFUSED):
        return
    raise PermissionError(f"{event} is not for a reader of feeds")


def read(body: bytes, charset: str) -> dict[str, Any]:
    """What the feed says of itself, its entries, and what was wrong with it; {} if it is no feed."""
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(PAGE):
        return {}
    return _json_feed(body) if start.startswith((b"{", b"[")) else _xml_feed(body, charset)


def _xml_feed(body: bytes, charset: str) -> dict[str, Any]:
    written = body.lower()
    if written.count(b"<item") + written.count(b"<entry") > MOST_WRITTEN:
        raise ValueError("more entries than anybody publishes")
    # As bytes in a stream: given anything else, the parser would open files and addresses of that name.
    parsed = feedparser.parse(
        io.BytesIO(body),
        response_headers={"content-type": f"application/xml; charset={charset}"} if charset else {},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        return {}
    warnings = []
    if parsed.bozo:
        warnings.append(_text(str(parsed.get("bozo_exception", "not well-formed")), 200))
    elif not parsed.get("version"):
        warnings.append("of no known format")
    channel = parsed.feed
    return {
        "title": _text(channel.get("title")),
        "language": _text(channel.get("language"), 20),
        "link": _text(channel.get("link"), LONGEST_WORD),
        "ttl": _text(channel.get("ttl"), 20),
        "period": _text(channel.get("sy_updateperiod"), 20),
        "frequency": _text(channel.get("sy_updatefrequency"), 20),
        "entries": [_xml_entry(entry) for entry in parsed.entries[:MOST_ENTRIES]],
        "count": len(parsed.entries),
        "warnings": warnings,
    }


def _xml_entry(entry: Any) -> Entry:  # noqa: ANN401 - the parser's own mapping, which is not typed
    return {
        "id": _text(entry.get("id"), LONGEST_WORD),
        "id_is_link": bool(entry.get("guidislink")),
        "link": _text(entry.get("link"), LONGEST_WORD),
        "title": _text(entry.get("title")),
        "summary": _text(entry.get("summary")) or _content(entry),
        "published": _text(_written_date(entry, "published"), 200),
        "updated": _text(_written_date(entry, "updated"), 200),
        "source": _text(_of(entry.get("source"), "title"), 200),
        "language": _text(_of(entry.get("title_detail"), "language"), 20),
    }


def _written_date(entry: Any, name: str) -> object:  # noqa: ANN401
    # Asked by get(), the parser would quietly answer "published" for "updated".
    return dict.get(entry, name)


def _content(entry: Any) -> str:  # noqa: ANN401
    contents = entry.get("content")
    return _text(_of(contents[0], "value")) if isinstance(contents, list) and contents else ""


def _of(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _json_feed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or JSON_FEED not in str(found.get("version")):
        return {}
    items = found.get("items")
    if not isinstance(items, list):
        return {}
    entries = [item for item in items if isinstance(item, dict)]
    skipped = len(items) - len(entries)
    return {
        "title": _text(found.get("title")),
        "language": _text(found.get("language"), 20),
        "link": _text(found.get("home_page_url"), LONGEST_WORD),
        "entries": [_json_entry(entry, found.get("language")) for entry in entries[:MOST_ENTRIES]],
        "count": len(entries),
        "warnings": [f"{skipped} items are no objects"] if skipped else [],
    }


def _json_entry(entry: dict[str, Any], language: object) -> Entry:
    identity = entry.get("id")
    written = next((entry[name] for name in ("summary", "content_text", "content_html") if entry.get(name)), None)
    return {
        # Numbers are not allowed, and common.
        "id": _text(str(identity) if isinstance(identity, int) else identity, LONGEST_WORD),
        "id_is_link": False,
        "link": _text(entry.get("url") or entry.get("external_url"), LONGEST_WORD),
        "title": _text(entry.get("title")),
        "summary": _text(written),
        "published": _text(entry.get("date_published"), 200),
        "updated": _text(entry.get("date_modified"), 200),
        "source": "",
        "language": _text(entry.get("language") or language, 20),
    }


def _text(value: object, at_most: int = LONGEST_TEXT) -> str:
    return value[:at_most] if isinstance(value, str) else ""


if __name__ == "__main__":
    main()
