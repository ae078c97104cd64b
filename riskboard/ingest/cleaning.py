"""Turns what strangers wrote into one line of plain text, a canonical address, and a date that is right or unknown."""

import html
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_tz
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import nh3

LONGEST_LINE = 500
LONGEST_SUMMARY = 2000
LONGEST_ADDRESS = 1000
# Of what is longer, only the beginning is looked at.
LONGEST_READ = 20_000

BLOCK = re.compile(
    r"<(?=/?(?:address|article|blockquote|br|caption|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|img|li"
    r"|main|nav|ol|option|p|pre|section|table|tbody|td|tfoot|th|thead|title|tr|ul)\b)",
    re.IGNORECASE,
)
SILENT = {"script", "style", "template", "noscript", "iframe", "object", "svg", "math"}
ELEMENT = re.compile(r"<[a-zA-Z/!?]")
ESCAPED = re.compile(r"&(?:amp;)*lt;[a-zA-Z/!?]")
MOST_LAYERS = 4  # of markup escaped inside markup

TRACKING = re.compile(
    r"utm_|mtm_|pk_|hsa_|(?:fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_hsenc|_hsmi"
    r"|vero_id|oly_anon_id|oly_enc_id|ref_src|ref_url|cmpid|ocid|spm|share_token|guccounter|s_cid|__twitter_impression"
    r"|at_medium|at_campaign)\Z",
    re.IGNORECASE,
)
PORTS = {"http": 80, "https": 443}
SAFE_IN_PATH = ":@!$&'()*+,;=-._~"
HOST = re.compile(r"[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?\Z|\[[0-9a-f:.]+\]\Z")

EARLIEST_YEAR = 1990
# The world's clocks are a day apart at most; a publisher's own may be off a little.
LATEST_AHEAD = timedelta(days=1)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?=[T ]|\Z)|(\d{4})(\d\d)(\d\d)\Z|(\d{4})/(\d{1,2})/(\d{1,2})\Z")
ISO_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?\Z", re.IGNORECASE
)
CJK_DAY = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
CJK_MONTH = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*\Z")
MONTH_FIRST = re.compile(r"(?:[a-z]+,?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.IGNORECASE)
DAY_FIRST = re.compile(r"(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})[.,\s-]+(\d{4})\b", re.IGNORECASE)
TWO_DIGIT_YEAR = re.compile(r"(?:[a-z]+,?\s+)?\d{1,2}[\s-]+[a-z]{3}[\s-]+\d\d\s", re.IGNORECASE)
ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})\Z")
WORDED_MONTH = re.compile(r"([a-z]{3,9})\.?,?\s+(\d{4})\Z", re.IGNORECASE)
YEAR = re.compile(r"(\d{4})\Z")


class Dated(NamedTuple):
    on: date | None
    precision: str = "day"


UNDATED = Dated(None)


def clean_line(text: str, at_most: int = LONGEST_LINE) -> str:
    """One line of plain text, as text: entities and markup in it mean themselves.

    Controls are gone, what would turn the reading direction is shown by its code point, lone surrogates are replaced.
    """
    normal = unicodedata.normalize("NFC", text[:LONGEST_READ])
    line = " ".join("".join(map(_shown, normal)).split())
    return line if len(line) <= at_most else line[: at_most - 1].rstrip() + "…"


def clean_markup(text: str, at_most: int = LONGEST_LINE) -> str:
    """The words of a piece of HTML as one line, however often it was escaped."""
    text = _whole(text[:LONGEST_READ])
    for _layer in range(MOST_LAYERS):
        words = _words(text)
        if words == text or not (ELEMENT.search(words) or ESCAPED.search(words)):
            return clean_line(words, at_most)
        text = words
    # Whoever escapes it more often than that hides something.
    return clean_line(ELEMENT.sub(" ", text), at_most)


def _words(text: str) -> str:
    return html.unescape(nh3.clean(BLOCK.sub(" <", text), tags=set(), clean_content_tags=SILENT))


def _whole(text: str) -> str:
    """Without NUL, and without halves of characters."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _shown(character: str) -> str:
    match unicodedata.category(character):
        case "Cc" | "Zl" | "Zp":
            return " " if character.isspace() else ""
        case "Cs":
            return "\N{REPLACEMENT CHARACTER}"
        case "Cn" if ord(character) & 0xFFFE == 0xFFFE:
            return "\N{REPLACEMENT CHARACTER}"
    return f"[U+{ord(character):04X}]" if _turns_direction(character) else character


def _turns_direction(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"} or (
        character in "\u200e\u200f\u061c"
    )


def canonical_address(address: str, base: str = "") -> str:
    """The address without tracking, fragment and accidents of spelling; "" unless it is http or https."""
    address = address.strip()
    if len(address) > 4 * LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(urljoin(base, address))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.scheme not in PORTS or parts.username is not None:
        return ""
    host = _ascii_host(host)
    if not host:
        return ""
    if port and port != PORTS[parts.scheme]:
        host += f":{port}"
    canonical = urlunsplit((parts.scheme, host, _path(parts.path), _query(parts.query), ""))
    return canonical if len(canonical) <= LONGEST_ADDRESS and canonical.isascii() else ""


def _ascii_host(host: str) -> str:
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    if ":" in ascii_host:
        ascii_host = f"[{ascii_host}]"
    return ascii_host if HOST.match(ascii_host) else ""


def _path(path: str) -> str:
    """The same escapes for the same path: those that mean nothing are undone."""
    plain = (unquote(segment, errors="surrogateescape") for segment in path.split("/"))
    return "/".join(quote(segment, safe=SAFE_IN_PATH, errors="surrogateescape") for segment in plain) or "/"


def _query(query: str) -> str:
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100, errors="surrogateescape")
    except ValueError:
        return ""
    return urlencode(
        sorted((name, value) for name, value in pairs if not TRACKING.match(name)), errors="surrogateescape"
    )


def read_date(text: str, *, now: datetime) -> Dated:
    """The day, month or year that a text names; of an instant, its day in UTC. Without a date that can be true: None.

    Of a month or a year, the first day stands for it, as ``precision`` says.
    """
    text = " ".join(text[:100].split())
    for read in (_iso, _day, _rfc_2822, _month, _year):
        found = read(text)
        if found is not None:
            return found if _is_plausible(found, now) else UNDATED
    return UNDATED


def _is_plausible(found: Dated, now: datetime) -> bool:
    return found.on is not None and found.on.year >= EARLIEST_YEAR and found.on <= (now + LATEST_AHEAD).date()


def day_of(moment: datetime, *, now: datetime) -> Dated:
    found = Dated(moment.astimezone(UTC).date())
    return found if _is_plausible(found, now) else UNDATED


def _made(year: str, month: str | int, day: str | int, precision: str = "day") -> Dated:
    try:
        return Dated(date(int(year), int(month), int(day)), precision)
    except ValueError:
        return UNDATED


def _iso(text: str) -> Dated | None:
    found = ISO_INSTANT.match(text)
    if not found:
        return None
    zone = (found[3] or "").upper()
    offset = "+00:00" if zone in {"", "Z", "UTC", "GMT"} else zone
    try:
        instant = datetime.fromisoformat(f"{found[1]}T{found[2].replace('24:00', '00:00')}{offset}")
        return Dated(instant.astimezone(UTC).date())
    except (ValueError, OverflowError):
        return _made(*found[1].split("-"))


def _day(text: str) -> Dated | None:
    for pattern in (ISO_DAY, CJK_DAY):
        if found := pattern.match(text):
            year, month, day = (part for part in found.groups() if part is not None)
            return _made(year, month, day)
    if (found := MONTH_FIRST.match(text)) and found[1].lower() in MONTHS:
        return _made(found[3], MONTHS[found[1].lower()], found[2])
    if (found := DAY_FIRST.match(text)) and found[2].lower() in MONTHS and ":" not in text:
        return _made(found[3], MONTHS[found[2].lower()], found[1])
    return None


def _rfc_2822(text: str) -> Dated | None:
    """With a time of day and, mostly, a zone. Names of zones that mean different things to different people are
    taken as UTC: the day as written."""
    try:
        fields = parsedate_tz(text)
        if fields is None or ":" not in text:
            return None
        # The standard library reads the year 0000 as 2000, and so on.
        if f"{fields[0]:04}" not in text and not TWO_DIGIT_YEAR.match(text):
            return UNDATED
        instant = datetime(*fields[:5], tzinfo=UTC) - timedelta(seconds=fields[9] or 0)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return Dated(instant.date())


def _month(text: str) -> Dated | None:
    for pattern in (ISO_MONTH, CJK_MONTH):
        if found := pattern.match(text):
            return _made(found[1], found[2], 1, "month")
    if (found := WORDED_MONTH.match(text)) and found[1].lower() in MONTHS:
        return _made(found[2], MONTHS[found[1].lower()], 1, "month")
    return None


def _year(text: str) -> Dated | None:
    found = YEAR.match(text)
    return _made(found[1], 1, 1, "year") if found else None
