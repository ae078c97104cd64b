import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskboard.ingest.cleaning import canonical_address, clean_line, clean_markup, day_of, read_date

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def is_fit_to_store(text: str) -> bool:
    return not any(
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or unicodedata.bidirectional(character) in BIDI
        for character in text
    )


# Text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("  Oak \t 3\r\n opens ", "Oak 3 opens"),
        ("nul\0l", "null"),
        ("bell\a", "bell"),
        ("two\u2028lines\u2029here", "two lines here"),
        ("next\x85line", "next line"),
        ("evil \u202egpj.exe", "evil [U+202E]gpj.exe"),
        ("isolate \u2066x\u2069", "isolate [U+2066]x[U+2069]"),
        ("mark\u200f", "mark[U+200F]"),
        ("half \ud800 a pair", "half \ufffd a pair"),
        ("not a letter \uffff", "not a letter \ufffd"),
        ("e\u0301", "é"),
        ("通义千问 开源", "通义千问 开源"),
        ("a < b &amp; <i>c</i>", "a < b &amp; <i>c</i>"),
    ],
)
def test_a_line_of_text_is_kept_as_it_reads(written: str, line: str) -> None:
    assert clean_line(written) == line


def test_c24_a_title_of_twenty_megabytes_becomes_five_hundred_characters() -> None:
    line = clean_line("oak " * 5_000_000)
    assert len(line) <= 500
    assert line.endswith("…")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("<p>One</p><p>two</p>", "One two"),
        ("wor<b>d</b>s", "words"),
        ("a<br>b<br/>c", "a b c"),
        ("Q&amp;A &#8212; caf&eacute;", "Q&A — café"),
        ("a &lt;b&gt;bold&lt;/b&gt; claim", "a bold claim"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("<script>alert(1)</script>Oak", "Oak"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Oak", "Oak"),
        ("&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;Oak", "Oak"),
        ("<style>p{}</style><img src=x onerror=alert(1)>Oak", "Oak"),
        ("<![CDATA[Oak]]> 3", "3"),
        ("<!-- hidden -->Oak", "Oak"),
        ("<a href='javascript:alert(1)'>Oak</a>", "Oak"),
        ("<unclosed", ""),
        ("&#0;&#x202e;&#xd800;", "[U+202E]\ufffd"),
        ("", ""),
    ],
)
def test_the_words_of_markup_are_kept_and_nothing_else(written: str, words: str) -> None:
    found = clean_markup(written)
    assert found.replace("\ufffd", "") == words.replace("\ufffd", "")
    assert is_fit_to_store(found)


@pytest.mark.parametrize("depth", range(1, 12))
def test_a_script_escaped_any_number_of_times_never_becomes_an_element(depth: int) -> None:
    text = "<script>alert(1)</script>"
    for _ in range(depth):
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert "<script" not in clean_markup(text)


PIECES = st.sampled_from(
    ["<", ">", "&", "&lt;", "&amp;", "script", "<p>", "</", "\0", "\u202e", "\ud83d", '"', " ", "x", "&#0;"]
)


@given(st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join)))
def test_c24_whatever_is_written_comes_out_fit_to_store(text: str) -> None:
    for found in (clean_line(text), clean_markup(text)):
        assert is_fit_to_store(found)
        assert len(found) <= 500
        found.encode()
        assert clean_line(found) == found
    assert "<script" not in clean_markup(text).lower()


# Addresses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "https://acorn.example/oak?a=1&b=2",
        "https://acorn.example/oak?b=2&a=1",
        "https://ACORN.example:443/oak?a=1&b=2#top",
        "HTTPS://acorn.example./oak?utm_source=x&a=1&utm_medium=y&b=2",
        "  https://acorn.example/%6Fak?a=1&b=2&fbclid=abc&gclid=1&mc_cid=2&ref_src=twsrc ",
        "/oak?a=1&b=2",
        "oak?b=2&a=1",
    ],
)
def test_spellings_of_one_address_are_one(written: str) -> None:
    assert canonical_address(written, "https://acorn.example/blog") == "https://acorn.example/oak?a=1&b=2"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://acorn.example/a", "https://acorn.example/A"),
        ("https://acorn.example/a", "https://acorn.example/a/"),
        ("https://acorn.example/watch?v=AbC", "https://acorn.example/watch?v=aBc"),
        ("https://acorn.example/?p=1", "https://acorn.example/?p=2"),
        ("https://acorn.example/a%2Fb", "https://acorn.example/a/b"),
        ("https://acorn.example/", "https://oak.acorn.example/"),
    ],
)
def test_different_addresses_stay_different(first: str, second: str) -> None:
    assert canonical_address(first) != canonical_address(second)


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/hostname",
        "ftp://acorn.example/",
        "https://user:password@acorn.example/",
        "https://user@acorn.example/",
        "https://",
        "https:///path",
        "https://[::1",
        "https://acorn.example:99999/",
        "https://acorn.example:x/",
        "https://ac orn.example/",
        'https://acorn.example"onclick="x/',
        "https://" + "a" * 5000 + ".example/",
        "https://acorn.example/" + "é" * 900,
        "oak",
        "",
    ],
)
def test_what_is_no_address_of_the_web_is_none(written: str) -> None:
    assert canonical_address(written) == ""


def test_an_address_in_other_letters_is_written_in_ascii() -> None:
    assert canonical_address("https://bücher.example/ä?ö=ü") == "https://xn--bcher-kva.example/%C3%A4?%C3%B6=%C3%BC"


@given(st.text(max_size=200), st.sampled_from(["", "https://acorn.example/blog/"]))
def test_whatever_is_written_is_a_web_address_or_none(text: str, base: str) -> None:
    found = canonical_address(text, base)
    assert found == "" or found.startswith(("https://", "http://"))
    assert found.isascii()
    assert not set(found) & set("<>\"'\\ \n\r\t\0") - {"'"}
    assert canonical_address(found) == found


# Dates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Mon, 02 Mar 2026 10:00:00 GMT", date(2026, 3, 2)),
        ("Mon, 02 Mar 2026 23:30:00 -0800", date(2026, 3, 3)),
        ("Mon, 02 Mar 2026 23:30:00 PST", date(2026, 3, 3)),
        ("Mon, 02 Mar 2026 23:30:00 JST", date(2026, 3, 2)),
        ("Mon, 02 Mar 2026 23:30:00 Middle Earth Time", date(2026, 3, 2)),
        ("02 Mar 2026 10:00", date(2026, 3, 2)),
        ("Mon, 02 Mar 26 10:00:00 GMT", date(2026, 3, 2)),
        ("2 March 2026", date(2026, 3, 2)),
        ("March 2nd, 2026", date(2026, 3, 2)),
        ("Monday, March 2, 2026 10:00 PM", date(2026, 3, 2)),
        ("Mon Mar  2 10:00:00 2026", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        ("2026-03-02T10:00:00Z", date(2026, 3, 2)),
        ("2026-03-02 10:00:00.123456", date(2026, 3, 2)),
        ("2026-03-02T23:30:00-08:00", date(2026, 3, 3)),
        ("2026-03-02T00:30:00+0800", date(2026, 3, 1)),
        ("2026-03-02T10:00:00 EST", date(2026, 3, 2)),
        ("2026年3月2日", date(2026, 3, 2)),
        ("2026년 3월 2일 10:00", date(2026, 3, 2)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_a_day_is_read_in_whatever_way_it_is_written(written: str, day: date) -> None:
    assert read_date(written, now=NOW) == (day, "day")


@pytest.mark.parametrize(
    ("written", "on", "precision"),
    [
        ("2026-03", date(2026, 3, 1), "month"),
        ("March 2026", date(2026, 3, 1), "month"),
        ("2026年3月", date(2026, 3, 1), "month"),
        ("2026", date(2026, 1, 1), "year"),
    ],
)
def test_a_date_is_no_more_precise_than_it_was_written(written: str, on: date, precision: str) -> None:
    assert read_date(written, now=NOW) == (on, precision)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "now",
        "today",
        "Today",
        "yesterday, 10:00",
        "0000-00-00T00:00:00Z",
        "0000-01-01",
        "Thu, 01 Jan 0000 00:00:00 GMT",
        "Wed, 01 Jan 0001 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "1969-12-31T23:59:59Z",
        "Mon, 02 Mar 69 10:00:00 GMT",
        "2099-01-01",
        "Thu, 01 Jan 2099 00:00:00 GMT",
        "2026-11-26",
        "2026-02-30",
        "2026-13-01",
        "Mon, 32 Mar 2026 10:00:00 GMT",
        "02-03-26",
        "02/03/26",
        "03/02/2026",
        "99999999999",
        "10:00",
        "Mon",
        "\0",
    ],
)
def test_c25_a_date_that_cannot_be_known_is_none_and_never_today(written: str) -> None:
    assert read_date(written, now=NOW).on is None


def test_a_publisher_may_be_ahead_of_us_by_the_width_of_the_world() -> None:
    assert read_date("2026-11-25", now=NOW).on == date(2026, 11, 25)


@given(
    st.one_of(
        st.text(max_size=60), st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{2,4} \d\d:\d\d:\d\d .{0,6}")
    )
)
def test_whatever_is_written_is_a_date_that_can_be_or_none(text: str) -> None:
    found = read_date(text, now=NOW).on
    assert found is None or date(1990, 1, 1) <= found <= date(2026, 11, 25)


def test_a_day_is_read_in_utc() -> None:
    moment = datetime.fromisoformat("2026-03-02T23:30:00-08:00")
    assert day_of(moment, now=NOW).on == date(2026, 3, 3)
    assert day_of(datetime(1970, 1, 1, tzinfo=UTC), now=NOW).on is None
