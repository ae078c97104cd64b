"""Copies and reports of one happening, grouped. Syndicated copies count as one source elsewhere; here they meet."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

from riskboard.ingest.reading.lexicon import Hit, lexicon
from riskboard.ingest.reading.subjects import names
from riskboard.ingest.reading.text import HAN, Token, fold, tokens
from riskboard.ingest.reading.words import word_list, word_map

WINDOW_DAYS = 10
COPY = 0.6  # share of shingles in common from which two titles are one text
ENOUGH = 1.6
STRONG = 5.0  # weight of a rule
TRACKING = re.compile(r"^(?:utm_|fbclid|gclid|mc_|ref$|ref_|source$|spm$|share|from$|cmp)", re.IGNORECASE)
SYNDICATED = re.compile(
    r"\((?:repost|stored copy|copy|digest|update\w*|via [^)]*|reuters|bloomberg|ap|afp|xinhua|转载|转)\)"
    r"|^(?:update \d+[-:]?|exclusive|breaking|scoop|report|reuters|bloomberg|afp|ap|快讯|独家|突发)\s?[-:：|]\s*"
    r"|\s[-–—|]\s(?:the )?[A-Z][\w.&' ]{1,30}$",
    re.IGNORECASE,
)
AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s?([a-z]+|[万亿]+)?")
UNITS = {
    "k": 1e3, "m": 1e6, "mn": 1e6, "million": 1e6, "b": 1e9, "bn": 1e9, "billion": 1e9, "t": 1e12, "tn": 1e12,
    "trillion": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12,
}  # fmt: skip
VERSION = re.compile(r"^(?:[a-z]+)?v?\d+(?:\.\d+)*[a-z]?$")
COMPATIBLE = tuple(
    frozenset(kinds.split())
    for kinds in (
        "monetization_shift gating price_increase",
        "closed_flagship pledge_reversal license_tightening",
        "leadership_departure governance_change",
        "restructuring layoffs",
        "restructuring governance_change",
        "acquisition restructuring",
        "withdrawal api_deprecation gating",
        "regulation export_control",
        "open_release license_loosening public_pledge",
        "competitor_move governance_change",
        "financial_stress acquisition",
        "price_cut monetization_shift",
    )
)
ABOUT_SOMEBODY = word_list("kinds_about_somebody")
REACTIONS = ("community_sentiment", "competitor_move")  # what others do about an event is a story of its own
GENERIC = word_list("no_parties")  # no parties
# Two such events of one vendor in two days are hardly ever two.
SELDOM = word_list("seldom_kinds")
COUNTRIES = word_map("countries")  # word -> country
PLAIN = word_list("plain")


@dataclass(frozen=True, slots=True)
class Report:
    """What grouping needs of an item. Vendor, family and kind as classified; blank when not relevant or unknown."""

    id: str
    title: str
    summary: str = ""
    url: str = ""
    published_on: date | None = None
    vendor: str = ""
    family: str = ""
    kind: str = ""
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Gist:
    """A report reduced to what can be compared."""

    url: str
    shingles: frozenset[str]
    words: frozenset[str]
    people: frozenset[str]  # capitalized words that are no known vendor or family
    amounts: frozenset[str]
    countries: frozenset[str]
    versions: frozenset[str]
    vendors: frozenset[str]  # all that are named
    kinds: frozenset[str]  # all that a strong rule speaks for
    is_chinese: bool


def same_story(first: Report, second: Report) -> bool:
    """Whether two reports tell of one happening: same address, same text, or same vendor, event and particulars."""
    one, other = gist(first), gist(second)
    if one.url and one.url == other.url:
        return True
    days = _days_between(first, second)
    if days is not None and days > WINDOW_DAYS:
        return False
    if (one.versions and other.versions and not one.versions & other.versions) or _are_other_amounts(one, other):
        return False
    if shared(one.shingles, other.shingles) >= COPY:
        return True
    if not _share_vendor(first, second, one, other):
        return False
    if {first.direction, second.direction} == {"weakens", "strengthens"}:
        return False
    return _likeness(first, second, one, other, days) >= ENOUGH


def group(reports: Sequence[Report]) -> dict[str, str]:
    """For every report's id the id of its story: that of its earliest report (undated ones last, then as given)."""
    ordered = sorted(reports, key=lambda report: report.published_on or date.max)
    stories: list[list[Report]] = []
    index: dict[str, set[int]] = defaultdict(set)
    for report in ordered:
        found = _best_story(report, stories, {at for key in _keys(report) for at in index[key]})
        if found is None:
            stories.append([])
            found = len(stories) - 1
        stories[found].append(report)
        for key in _keys(report):
            index[key].add(found)
    return {report.id: story[0].id for story in stories for report in story}


def canonical(url: str) -> str:
    """An address without scheme, "www.", tracking parameters, fragment and trailing slash; blank when it is none."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
    except ValueError:
        return ""
    query = sorted(pair for pair in parse_qsl(parts.query) if not TRACKING.match(pair[0]))
    return f"{host}{parts.path.rstrip('/')}{'?' + urlencode(query) if query else ''}" if host else ""


@lru_cache(maxsize=20_000)
def gist(report: Report) -> Gist:
    title = SYNDICATED.sub("", SYNDICATED.sub("", fold(report.title)))
    summary = fold(report.summary)
    title_tokens, summary_tokens = tokens(title), tokens(summary)
    stems = [token.stem for token in title_tokens if token.stem not in PLAIN]
    everything = [*title_tokens, *summary_tokens]
    named = _named_words(title) | _named_words(summary)
    words = frozenset(token.stem for token in everything if token.stem not in PLAIN and _bare(token) not in named)
    people = frozenset(_people(title_tokens, named)) | frozenset(_people(summary_tokens, named))
    return Gist(
        canonical(report.url),
        frozenset(f"{a} {b}" for a, b in pairwise(stems)) | frozenset(stems),
        words,
        people - COUNTRIES.keys(),
        frozenset(_amount(token) for token in everything if token.stem in ("<money>", "<percent>")),
        frozenset(COUNTRIES[_bare(token)] for token in title_tokens if _bare(token) in COUNTRIES),
        frozenset(_version(token) for token in title_tokens if _version(token)),
        frozenset(mention.name.vendor for text in (title, summary) for mention in names().find(text)),
        frozenset(hit.rule.kind for text in (title, summary) for hit in _strong_hits(text)),
        bool(HAN.search(title)),
    )


def _strong_hits(text: str) -> Iterator[Hit]:
    return (hit for hit in lexicon().hits(lexicon().field(text)) if hit.rule.weight >= STRONG and not hit.is_negated)


def _best_story(report: Report, stories: list[list[Report]], candidates: set[int]) -> int | None:
    """The story most of whose reports tell the same; the window is counted from its first report."""
    best, best_share = None, 0.0
    for at in sorted(candidates):
        days = _days_between(report, stories[at][0])
        if days is not None and days > WINDOW_DAYS:
            continue
        share = sum(same_story(report, other) for other in stories[at]) / len(stories[at])
        if share >= 0.5 and share > best_share:
            best, best_share = at, share
    return best


def _keys(report: Report) -> Iterator[str]:
    """Two reports that share no key are no story."""
    one = gist(report)
    if one.url:
        yield f"u {one.url}"
    yield from (f"v {vendor}" for vendor in {report.vendor, *one.vendors} if vendor)
    yield from (f"s {shingle}" for shingle in one.shingles if " " in shingle)


def _likeness(first: Report, second: Report, one: Gist, other: Gist, days: int | None) -> float:
    score = 3.0 * _contained(one.words, other.words)
    score += _kinship(first, second, one, other)
    score += min(1.5, 0.8 * len(one.people & other.people))
    score += 1.0 if one.amounts & other.amounts else 0.0
    if days is not None:
        score += 0.8 if days <= 1 else 0.6 if days == 2 else -0.3 if days <= 5 else -0.8
    if first.family and second.family:
        score += 0.3 if first.family == second.family else -2.0
    if first.kind in ABOUT_SOMEBODY and one.people and other.people and not one.people & other.people:
        score -= 0.8 if first.kind in ("leadership_departure", "litigation") else 0.3
    if one.is_chinese != other.is_chinese:
        score += 0.6  # they can share no words
    if one.countries and other.countries:
        score += 0.5 if one.countries & other.countries else -2.0
    return score


def _share_vendor(first: Report, second: Report, one: Gist, other: Gist) -> bool:
    """One vendor, or two that both reports name: a takeover may be filed under either."""
    if not first.vendor or not second.vendor:
        return False
    return first.vendor == second.vendor or (first.vendor in other.vendors and second.vendor in one.vendors)


def _kinship(first: Report, second: Report, one: Gist, other: Gist) -> float:
    if not first.kind or not second.kind:
        return 0.0
    if first.kind == second.kind:
        return 1.5 if first.kind in SELDOM else 1.0
    if (first.kind in REACTIONS) != (second.kind in REACTIONS):
        return -1.5
    if first.kind in other.kinds or second.kind in one.kinds:
        return 1.0
    is_akin = any(first.kind in kinds and second.kind in kinds for kinds in COMPATIBLE)
    return 0.6 if is_akin else -0.5


def _are_other_amounts(one: Gist, other: Gist) -> bool:
    """Both name sums or shares, and none in common."""
    return bool(
        one.amounts and other.amounts and not one.amounts & other.amounts and len(one.amounts | other.amounts) < 3
    )


def shared(one: frozenset[str], other: frozenset[str]) -> float:
    """What two sets have in common, as a share of all they hold (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _contained(one: frozenset[str], other: frozenset[str]) -> float:
    """Common of the smaller."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _days_between(first: Report, second: Report) -> int | None:
    if first.published_on is None or second.published_on is None:
        return None
    return abs((first.published_on - second.published_on).days)


def _named_words(text: str) -> frozenset[str]:
    found = tokens(text)
    return frozenset(
        _bare(found[at])
        for mention in names().find(text)
        if not mention.name.is_person
        for at in range(mention.first, mention.last + 1)
    )


def _people(found: list[Token], named: frozenset[str]) -> Iterator[str]:
    """Names of people and other parties: capitalized words that are not just the first of a sentence."""
    for at, token in enumerate(found):
        follows = found[at + 1] if at + 1 < len(found) else None
        is_first = at == 0 or found[at - 1].sentence != token.sentence
        is_name = not is_first or (
            follows is not None and follows.surface[:1].isupper() and _bare(follows) not in named
        )
        if token.surface[:1].isupper() and token.surface.isascii() and is_name and _bare(token) not in named | GENERIC:
            yield _bare(token)


def _bare(token: Token) -> str:
    return token.surface.lower().removesuffix("'s")


def _amount(token: Token) -> str:
    """A sum or share to two digits, so that "HK$4.3bn" and "43亿港元" are one."""
    match = AMOUNT.search(token.surface.lower().replace(",", ""))
    if match is None:
        return token.surface
    value = float(match[1]) * UNITS.get(match[2], 1.0)
    return f"{value:.1e}" + ("%" if token.stem == "<percent>" else "")


def _version(token: Token) -> str:
    """The version in a title ("Qwen3.5", "K2", "4.5"), without what is a sum, a share, a year or a count."""
    word = _bare(token)
    if token.stem[0] == "<" or not VERSION.match(word) or (word.isdigit() and len(word) > 2):
        return ""
    return re.sub(r"^[a-z]+(?=\d)", "", word) if word[-1:].isdigit() else ""
