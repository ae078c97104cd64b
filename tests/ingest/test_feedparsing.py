import textwrap
import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from riskboard.ingest import feedreader
from riskboard.ingest.feedparsing import NotAFeed, ParsedFeed, cleaned, identity_of, parse_feed
from riskboard.ingest.models import Feed, Item
from tests.ingest.odd_feeds import (
    ITEM,
    NOT_A_FEED,
    RECOVERED,
    STORED,
    TITLE,
    Shape,
    atom,
    bombs,
    damaged,
    encodings,
    enemies,
    json_feed,
    prying,
    rss,
    shapes,
)
from tests.ingest.raw_server import answer, serving

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ADDRESS = "https://acorn.example/blog/feed.xml"
SHAPES = pytest.mark.parametrize("shape", shapes(), ids=lambda shape: shape.name)
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def parsed(body: bytes | str, content_type: str = "") -> ParsedFeed:
    body = body.encode() if isinstance(body, str) else body
    return parse_feed(body, address=ADDRESS, now=NOW, content_type=content_type)


def outcome(body: bytes) -> tuple[str, ParsedFeed | None]:
    try:
        found = parsed(body)
    except NotAFeed:
        return NOT_A_FEED, None
    return (RECOVERED if found.warnings else STORED), found


def assert_fit_to_store(found: ParsedFeed) -> None:
    for seen in found.seen:
        item = Item(feed=Feed(pk=1), identity=seen.identity, url=seen.url, title=seen.title, summary=seen.summary)
        item.publisher, item.language = seen.publisher, seen.language
        item.published_on, item.date_precision = seen.published_on, seen.date_precision
        item.seen_at = NOW
        item.clean_fields(exclude=["feed"])
        for text in (seen.identity, seen.url, seen.title, seen.summary, seen.publisher, seen.language):
            assert not any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text)
            assert not any(unicodedata.bidirectional(character) in BIDI for character in text)
            assert "<script" not in text.lower()
        assert len(seen.title) <= 500
        assert seen.url == "" or seen.url.startswith(("https://", "http://"))
        assert seen.published_on is None or date(1990, 1, 1) <= seen.published_on <= date(2026, 11, 25)


# Any file ends in exactly one of three -------------------------------------------------------------


@SHAPES
def test_c20_a_feed_of_any_shape_is_stored_recovered_or_no_feed(shape: Shape) -> None:
    how, found = outcome(shape.body)
    assert how == shape.outcome
    if found is not None:
        assert tuple(seen.title for seen in found.seen) == shape.titles
        assert_fit_to_store(found)


@SHAPES
def test_c21_a_damaged_feed_of_any_shape_ends_in_one_of_the_three_too(shape: Shape) -> None:
    """In this process, for speed: what the parser cannot take ends in the child, as another test shows."""
    for body in damaged(shape.body, shape.name):
        assert_fit_to_store(cleaned(feedreader.read(body, ""), address=ADDRESS, now=NOW))


def test_what_the_parser_itself_cannot_take_is_malformed() -> None:
    body = b'<?xml version="1.0" encoding="utf-\xff"?>' + rss().encode()
    with pytest.raises(UnicodeDecodeError):
        feedreader.read(body, "")
    with pytest.raises(NotAFeed) as caught:
        parsed(body)
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("name", list(bombs()))
def test_c22_a_bomb_harms_nobody(name: str) -> None:
    how, found = outcome(bombs()[name])
    assert how in {STORED, RECOVERED, NOT_A_FEED}
    if found is not None:
        assert_fit_to_store(found)
        assert all(len(seen.title) <= 500 for seen in found.seen)
    assert parsed(rss()).seen[0].title == TITLE


def test_c22_laughter_is_not_expanded() -> None:
    _, found = outcome(bombs()["billion laughs"])
    assert found is None or "lollol" not in repr(found)


def test_too_many_entries_to_read_are_malformed() -> None:
    with pytest.raises(NotAFeed) as caught:
        parsed(rss("<entry/>" * 20_001))
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("number", range(12))
def test_c23_no_feed_makes_us_open_a_file_or_an_address(tmp_path: Path, number: int) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-of-this-machine")
    with serving(lambda heard: answer(b"the-secret-of-this-machine")) as listener:
        name, body = list(prying(secret.as_uri(), f"{listener.url}/x.dtd").items())[number]
        _, found = outcome(body)
    assert listener.connections == 0, name
    assert "the-secret-of-this-machine" not in repr(found)


# The child ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "program",
    [
        "raise ValueError",
        "import sys; sys.exit(3)",
        "import os; os.kill(os.getpid(), 9)",
        "print('no JSON')",
        "print('{')",
        "",
        "x = ' ' * 2**60",
    ],
)
def test_a_reader_that_fails_in_any_way_is_a_malformed_feed(tmp_path: Path, program: str) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text(program)
    with pytest.raises(NotAFeed) as caught:
        parse_feed(b"", address=ADDRESS, now=NOW, reader=reader)
    assert caught.value.reason == "malformed"


@pytest.mark.parametrize("value", ["None", "5", "'x'", "[]", "{}", "[5, None, 'x']", "[{}]", "{'title': 5}"])
@pytest.mark.parametrize("name", ["title", "entries", "count", "warnings", "ttl", "period", "frequency", "language"])
def test_nothing_that_a_reader_says_is_believed(tmp_path: Path, name: str, value: str) -> None:
    said = {"title": "Acorn", "entries": [{"title": TITLE, "id": "1"}], "count": 1, "warnings": []}
    reader = tmp_path / "reader.py"
    reader.write_text(f"import json; print(json.dumps({said!r} | {{{name!r}: {value}}}))")
    assert_fit_to_store(parse_feed(b"", address=ADDRESS, now=NOW, reader=reader))


def confined(tmp_path: Path, program: str) -> Path:
    """A reader that does what a hijacked one would try once it is confined."""
    reader = tmp_path / "reader.py"
    source = Path(feedreader.__file__).read_text(encoding="utf-8")
    body = (
        f"def read(body, charset):\n{textwrap.indent(program, '    ')}\n    return {{'entries': [], 'count': 0}}\n\n\n"
    )
    head, main = source.split('if __name__ == "__main__":')
    reader.write_text(f'{head}\n\n{body}if __name__ == "__main__":{main}')
    return reader


@pytest.mark.parametrize(
    "program",
    [
        "open('/etc/hostname').read()",
        "open('/dev/shm/x.py', 'w')",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('acorn.example', 80)",
        "import subprocess; subprocess.run(['/bin/true'])",
        "import os; os.system('true')",
        "import os; os.execv('/bin/true', ['true'])",
        "import os; os.fork()",
        "x = bytearray(600 * 1024 * 1024)",
        "while True: pass",
    ],
)
def test_a_hijacked_reader_gets_nowhere(tmp_path: Path, program: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse_feed(b"", address=ADDRESS, now=NOW, reader=confined(tmp_path, program))
    assert caught.value.reason == "malformed"


def test_a_reader_is_confined_and_no_more(tmp_path: Path) -> None:
    assert parse_feed(b"", address=ADDRESS, now=NOW, reader=confined(tmp_path, "pass")).seen == ()


def test_the_reader_knows_none_of_our_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDDIT_CLIENT_SECRET", "hush")
    reader = tmp_path / "reader.py"
    told = "os.environ.get('REDDIT_CLIENT_SECRET', 'none')"
    reader.write_text(f"import json, os; print(json.dumps({{'title': {told}, 'count': 0}}))")
    assert parse_feed(b"", address=ADDRESS, now=NOW, reader=reader).title == "none"


# What an entry is ----------------------------------------------------------------------------------


def identity(item: str) -> str:
    [seen] = parsed(rss(item)).seen
    return seen.identity


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "<item><title>A</title><link>https://a.example/1?utm_source=x&amp;b=1&amp;a=2</link></item>",
            "<item><title>A, edited</title><link>https://A.example/1?a=2&amp;b=1&amp;utm_medium=y#top</link></item>",
        ),
        (
            '<item><guid isPermaLink="false">Post-17</guid><title>A</title><link>https://a.example/1</link></item>',
            '<item><title>A!</title><link>https://a.example/2</link><guid isPermaLink="false"> POST-17\n</guid></item>',
        ),
        (
            "<item><guid>https://a.example/1?utm_source=x</guid><title>A</title></item>",
            "<item><guid>http://a.example/1</guid><title>A</title><link>https://a.example/1</link></item>",
        ),
        (
            "<item><title>A  b</title><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>",
            "<item><title>a B</title><pubDate>Mon, 02 Mar 2026  10:00:00 GMT</pubDate></item>",
        ),
    ],
)
def test_c26_an_entry_stays_itself_when_it_is_edited(first: str, second: str) -> None:
    assert identity(first) == identity(second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            '<item><guid isPermaLink="false">1</guid><link>https://a.example/</link></item>',
            '<item><guid isPermaLink="false">2</guid><link>https://a.example/</link></item>',
        ),
        (
            "<item><title>A</title><link>https://a.example/?p=1</link></item>",
            "<item><title>A</title><link>https://a.example/?p=2</link></item>",
        ),
        (
            "<item><title>Weekly</title><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>",
            "<item><title>Weekly</title><pubDate>Mon, 09 Mar 2026 10:00:00 GMT</pubDate></item>",
        ),
    ],
)
def test_c26_different_entries_stay_different(first: str, second: str) -> None:
    assert identity(first) != identity(second)


def test_an_identifier_of_any_length_fits() -> None:
    for guid in ("x" * 3000, "https://a.example/" + "x" * 800):
        assert len(identity_of(guid, "", "A", "")) <= 300
        assert identity_of(guid, "", "A", "") != identity_of(guid + "y", "", "A", "")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ("<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>", (date(2026, 3, 2), "day")),
        ("<dc:date>2026-03</dc:date>", (date(2026, 3, 1), "month")),
        ("<dc:date>2026</dc:date>", (date(2026, 1, 1), "year")),
        ("<pubDate>now</pubDate>", (None, "day")),
        ("<pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate>", (None, "day")),
        ("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>", (None, "day")),
        ("<pubDate></pubDate>", (None, "day")),
        ("", (None, "day")),
    ],
)
def test_c25_the_date_of_an_entry_is_what_it_says_or_unknown(dates: str, expected: tuple[date | None, str]) -> None:
    item = f"<item><title>A</title>{dates}</item>"
    [seen] = parsed(rss(item, names='xmlns:dc="http://purl.org/dc/elements/1.1/"')).seen
    assert (seen.published_on, seen.date_precision) == expected


def test_an_atom_entry_is_dated_by_its_publication_and_else_by_its_update() -> None:
    [seen] = parsed(atom("<published>2026-02-01T00:00:00Z</published>")).seen
    assert seen.published_on == date(2026, 2, 1)
    [seen] = parsed(atom("<published>2099-02-01T00:00:00Z</published>")).seen
    assert seen.published_on == date(2026, 3, 2)


def test_the_date_of_the_feed_is_not_the_date_of_its_entries() -> None:
    [seen] = parsed(rss(f"<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate><item><title>{TITLE}</title></item>")).seen
    assert seen.published_on is None


def test_links_are_relative_to_the_feed_or_to_what_it_says() -> None:
    [seen] = parsed(rss("<item><title>A</title><link>../oak</link></item>")).seen
    assert seen.url == "https://acorn.example/oak"
    [seen] = parsed(atom('<link xml:base="https://oak.example/b/" href="c"/>')).seen
    assert seen.url == "https://oak.example/b/c"


def test_a_feed_that_collects_from_others_names_them() -> None:
    source = '<source url="https://other.example/feed">Other News</source>'
    [seen] = parsed(rss(ITEM.replace("</item>", f"{source}</item>"))).seen
    assert seen.publisher == "Other News"


def test_the_language_of_an_entry_is_that_of_its_feed() -> None:
    [seen] = parsed(rss(f"<language>zh-CN</language>{ITEM}")).seen
    assert seen.language == "zh-cn"


def test_content_stands_in_for_a_missing_summary() -> None:
    [seen] = parsed(atom('<content type="html">&lt;p&gt;All sizes&lt;/p&gt;&lt;p&gt;and more&lt;/p&gt;</content>')).seen
    assert seen.summary == "All sizes and more"
    [seen] = parsed(json_feed({"id": "1", "title": TITLE, "content_html": "<p>All</p><p>sizes</p>"})).seen
    assert seen.summary == "All sizes"


def test_the_character_set_of_the_answer_counts() -> None:
    body = rss(ITEM.replace(TITLE, "通义千问")).encode("gb18030")
    assert parsed(body, "text/xml; charset=gb18030").seen[0].title == "通义千问"


@pytest.mark.django_db
@pytest.mark.parametrize("shape", [*encodings(), *enemies()], ids=lambda shape: shape.name)
def test_c24_what_is_read_can_be_stored(shape: Shape) -> None:
    _, found = outcome(shape.body)
    feed = Feed.objects.create(slug="acorn", name="Acorn", connector="feeds")
    for seen in found.seen if found else ():
        Item.objects.create(
            feed=feed,
            identity=seen.identity,
            url=seen.url,
            title=seen.title,
            summary=seen.summary,
            publisher=seen.publisher,
            language=seen.language,
            published_on=seen.published_on,
            date_precision=seen.date_precision,
            seen_at=NOW,
        )
    assert feed.items.count() == len(shape.titles)
