"""Feeds as people publish them, as programs break them, and as enemies write them. All made here, none copied."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from random import Random

STORED, RECOVERED, NOT_A_FEED = "stored", "recovered", "not a feed"
TITLE = "Oak opens"
DECLARATION = '<?xml version="1.0" encoding="{}"?>'
ITEM = (
    f"<item><title>{TITLE}</title><link>https://acorn.example/oak</link><description>All sizes</description>"
    "<pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>"
)
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True)
class Shape:
    name: str
    body: bytes
    outcome: str = STORED
    titles: tuple[str, ...] = (TITLE,)


def rss(inside: str = ITEM, *, version: str = "2.0", names: str = "", before: str = "") -> str:
    return f'{before}<rss version="{version}" {names}><channel><title>Acorn</title>{inside}</channel></rss>'


def rdf(namespace: str) -> str:
    item = f'<item rdf:about="https://acorn.example/oak">{ITEM.removeprefix("<item>")}'
    return f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="{namespace}"><channel><title>Acorn</title></channel>{item}</rdf:RDF>'


def atom(inside: str = "", *, namespace: str = "http://www.w3.org/2005/Atom", title: str = TITLE) -> str:
    entry = f"<entry><id>tag:acorn,2026:1</id><title>{title}</title><updated>2026-03-02T10:00:00Z</updated>{inside}"
    return f'<feed xmlns="{namespace}"><title>Acorn</title><id>tag:acorn,2026:0</id>{entry}</entry></feed>'


def json_feed(*items: object, version: object = "https://jsonfeed.org/version/1.1", **more: object) -> bytes:
    listed = list(items) or [{"id": "1", "title": TITLE, "url": "https://acorn.example/oak"}]
    return json.dumps({"version": version, "title": "Acorn", "items": listed, **more}).encode()


def formats() -> Iterator[Shape]:
    for version in ("0.91", "0.92", "0.93", "0.94", "2.0", "2.0.1", "3.0", ""):
        yield Shape(f"RSS {version}", rss(version=version).encode())
    yield Shape("RSS without a version", f"<rss><channel>{ITEM}</channel></rss>".encode())
    yield Shape("RSS 0.90", rdf("http://my.netscape.com/rdf/simple/0.9/").encode())
    yield Shape("RSS 1.0", rdf("http://purl.org/rss/1.0/").encode())
    yield Shape("Atom 1.0", atom().encode())
    yield Shape("Atom 0.3", atom(namespace="http://purl.org/atom/ns#").encode())
    yield Shape("Atom of no namespace", atom(namespace="").encode())
    prefixed = '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Oak opens</a:title></a:entry></a:feed>'
    yield Shape("Atom with a prefix", prefixed.encode())
    yield Shape("JSON Feed 1", json_feed(version="https://jsonfeed.org/version/1"))
    yield Shape("JSON Feed 1.1", json_feed())
    yield Shape("JSON Feed after white space", b"\xef\xbb\xbf\n " + json_feed())


def encodings() -> Iterator[Shape]:
    for encoding, title in (
        ("utf-8", "通义千问 opens"),
        ("utf-16", "通义千问 opens"),
        ("iso-8859-1", "Chêne opens"),
        ("windows-1252", "Chêne “opens”"),
        ("gb2312", "通义千问 opens"),
        ("gb18030", "通义千问 opens"),
        ("big5", "橡樹 opens"),
        ("shift_jis", "樫 opens"),
        ("euc-kr", "참나무 opens"),
        ("koi8-r", "Дуб opens"),
    ):
        body = rss(ITEM.replace(TITLE, title), before=DECLARATION.format(encoding))
        yield Shape(f"in {encoding}", body.encode(encoding), titles=(title,))
    yield Shape("with a byte order mark", b"\xef\xbb\xbf" + rss(before=DECLARATION.format("utf-8")).encode())
    wrong = rss(ITEM.replace(TITLE, "Chêne opens"), before=DECLARATION.format("utf-8")).encode("iso-8859-1")
    yield Shape("Latin 1 that says it is UTF-8", wrong, RECOVERED, ("Chêne opens",))
    yield Shape("of an unheard-of encoding", rss(before=DECLARATION.format("klingon")).encode(), RECOVERED)


def slips() -> Iterator[Shape]:
    """What well-meaning publishers get wrong, or do in their own way."""
    yield Shape(
        "blank lines before the declaration", b"\n\n" + rss(before=DECLARATION.format("utf-8")).encode(), RECOVERED
    )
    yield Shape("a comment first", rss(before="<!-- made by hand -->").encode())
    yield Shape("a style sheet first", rss(before='<?xml-stylesheet href="a.xsl" type="text/xsl"?>').encode())
    old = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "https://my.netscape.com/rss-0.91.dtd">'
    yield Shape("an old document type", rss(version="0.91", before=old).encode())
    yield Shape(
        "something after the end", rss().encode() + b"<!-- page made in 0.1 s --><script>x()</script>", RECOVERED
    )
    yield Shape("a bare ampersand", rss(ITEM.replace(TITLE, "Oak & friends")).encode(), RECOVERED, ("Oak & friends",))
    yield Shape("an entity of HTML", rss(ITEM.replace(TITLE, "Oak&nbsp;opens")).encode(), RECOVERED)
    yield Shape("no end", rss().removesuffix("</channel></rss>").encode(), RECOVERED)
    yield Shape("tags that cross", rss(ITEM.replace(TITLE, "<b><i>Oak</b></i> opens")).encode(), RECOVERED)
    yield Shape("capital letters", rss().replace("item", "ITEM").replace("title", "TITLE").encode())
    yield Shape("an unknown prefix", rss(f"{ITEM}<dc:date>x</dc:date>").encode(), RECOVERED)
    yield Shape("CDATA", rss(ITEM.replace(TITLE, f"<![CDATA[<b>{TITLE}</b>]]>")).encode())
    yield Shape("markup in the title", rss(ITEM.replace(TITLE, "&lt;b&gt;Oak&lt;/b&gt; opens")).encode())
    yield Shape("markup of markup", rss(ITEM.replace(TITLE, "&amp;lt;b&amp;gt;Oak&amp;lt;/b&amp;gt; opens")).encode())
    yield Shape(
        "a title of XHTML", atom(title='<div xmlns="http://www.w3.org/1999/xhtml">Oak <b>opens</b></div>').encode()
    )
    yield Shape("no title", rss("<item><description>Oak opens</description></item>").encode())
    yield Shape(
        "only a link", rss("<item><link>https://a.example/1</link></item>").encode(), STORED, ("https://a.example/1",)
    )
    yield Shape("an entry that says nothing", rss(f"<item></item>{ITEM}").encode(), RECOVERED)
    yield Shape("the same entry twice", rss(ITEM * 2).encode(), RECOVERED)
    yield Shape("no entries", rss("").encode(), STORED, ())
    yield Shape("an empty element", b"<rss/>", STORED, ())
    yield Shape("entries beside the channel", f'<rss version="2.0"><channel/>{ITEM}</rss>'.encode())
    yield Shape("items that are no objects", json_feed({"id": 1, "title": TITLE}, 5, None, []), RECOVERED)
    yield Shape(
        "fields of other kinds", json_feed({"id": [], "title": TITLE, "url": 5, "date_published": {}, "summary": 1})
    )
    yield Shape(
        "a thousand entries",
        rss("".join(ITEM.replace("oak", f"oak-{n}") for n in range(1000))).encode(),
        RECOVERED,
        (TITLE,) * 500,
    )


def others() -> Iterator[Shape]:
    """What is found where a feed should be."""
    pages = {
        "an empty body": b"",
        "white space": b" \n\t ",
        "a sign-in page": b"<!DOCTYPE html><html><head><title>Sign in</title></head><body></body></html>",
        "a page after a blank line": b"\n<HTML><body><item><title>x</title></item></body></HTML>",
        "a page that names a feed": b'<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>',
        "a line of text": b"Service unavailable",
        "an error in JSON": b'{"error": {"code": 500, "message": "internal"}}',
        "a list in JSON": b"[1, 2, 3]",
        "JSON that is cut off": json_feed()[:-5],
        "JSON without a bottom": b'{"a":' * 100_000,
        "JSON Feed without items": b'{"version": "https://jsonfeed.org/version/1", "title": "Acorn"}',
        "JSON Feed with items of another kind": json_feed(items={"a": 1}),
        "a site map": b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>x</loc></url></urlset>',
        "a list of feeds": b'<opml version="2.0"><body><outline xmlUrl="https://a.example/feed"/></body></opml>',
        "an error in XML": b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        "a compressed feed": gzip.compress(rss().encode()),
        "zeros": bytes(5000),
        "noise": Random(3).randbytes(5000),
    }
    for name, body in pages.items():
        yield Shape(name, body, NOT_A_FEED, ())


def enemies() -> Iterator[Shape]:
    """What is meant to be run, shown or believed by whoever reads it."""
    yield Shape(
        "a script in the title", rss(ITEM.replace(TITLE, f"&lt;script&gt;steal()&lt;/script&gt;{TITLE}")).encode()
    )
    yield Shape("a script as the link", rss(ITEM.replace("https://acorn.example/oak", "javascript:steal()")).encode())
    yield Shape("a script in the summary", rss(ITEM.replace("All sizes", "&lt;img src=x onerror=steal()&gt;")).encode())
    yield Shape(
        "data as the link", json_feed({"id": "1", "title": TITLE, "url": "data:text/html,<script>steal()</script>"})
    )
    yield Shape("NUL", rss(ITEM.replace(TITLE, "Oak\0 opens")).encode(), RECOVERED)
    yield Shape(
        "lone surrogates",
        b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "\\ud800", "title": "Oak opens\\udfff"}]}',
        STORED,
        ("Oak opens\ufffd",),
    )
    yield Shape(
        "a turned direction", rss(ITEM.replace(TITLE, "Oak\u202e opens")).encode(), STORED, ("Oak[U+202E] opens",)
    )
    yield Shape("a line separator", rss(ITEM.replace(TITLE, "Oak\u2028opens")).encode())
    yield Shape(
        "a title without end", rss(ITEM.replace(TITLE, "oak" * 100_000)).encode(), STORED, ("oak" * 166 + "o…",)
    )
    yield Shape("a date in the future", rss(ITEM.replace("2026", "2099")).encode())
    attributes = " ".join(f"a{n}='1'" for n in range(1000))
    yield Shape("a thousand attributes", rss(f"<x {attributes}/>{ITEM}").encode())


def shapes() -> list[Shape]:
    return list(chain(formats(), encodings(), slips(), others(), enemies()))


def damaged(body: bytes, seed: str) -> Iterator[bytes]:
    """Cut off at 10, 50 and 90 percent, and with one percent of its bytes changed."""
    for percent in (10, 50, 90):
        yield body[: len(body) * percent // 100]
    random, changed = Random(seed), bytearray(body)
    for _ in range(-(-len(body) // 100)):
        changed[random.randrange(len(body))] = random.randrange(256)
    yield bytes(changed)


def bombs() -> dict[str, bytes]:
    laughs = "".join("<!ENTITY l{} '{}'>".format(n, f"&l{n - 1};" * 10) for n in range(1, 10))
    long = "a" * 50_000
    return {
        "billion laughs": f"<!DOCTYPE rss [<!ENTITY l0 'lol'>{laughs}]>{rss(ITEM.replace(TITLE, '&l9;'))}".encode(),
        "quadratic": f"<!DOCTYPE rss [<!ENTITY a '{long}'>]>{rss(ITEM.replace(TITLE, '&a;' * 18_000))}".encode(),
        "nested": rss(ITEM.replace("All sizes", "<a>" * 200_000)).encode(),
        "ampersands": rss(ITEM.replace("All sizes", "&" * 1_000_000)).encode(),
        "entries": rss("<item><title>x</title></item>" * 200_000).encode(),
        "a title of 20 MB": rss(ITEM.replace(TITLE, "x" * 20_000_000)).encode(),
        "quotes without end": rss("<item a='" + "<" * 500_000).encode(),
        "numbers without end": b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"9" * 2_000_000 + b"]}",
    }


def prying(file: str, address: str) -> dict[str, bytes]:
    """What asks its reader to open a file or an address on its behalf."""
    wanted = [file, address]
    title = ITEM.replace(TITLE, f"{TITLE}&x;")
    found = {
        f"entity {n}": f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{place}">]>{rss(title)}' for n, place in enumerate(wanted)
    }
    found |= {f"document type {n}": f'<!DOCTYPE rss SYSTEM "{place}">{rss()}' for n, place in enumerate(wanted)}
    found |= {
        f"parameter entity {n}": f'<!DOCTYPE rss [<!ENTITY % p SYSTEM "{place}">%p;]>{rss(title)}'
        for n, place in enumerate(wanted)
    }
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{}"/>'
    found |= {
        f"inclusion {n}": rss(ITEM.replace(TITLE, TITLE + include.format(place))) for n, place in enumerate(wanted)
    }
    found |= {f"style sheet {n}": rss(before=f'<?xml-stylesheet href="{place}"?>') for n, place in enumerate(wanted)}
    found |= {f"nothing but an address {n}": place for n, place in enumerate(wanted)}
    return {name: text.encode() for name, text in found.items()}
