"""Who and what an item names: vendors and families of the catalog, other platforms, and homonyms left out."""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from riskboard.catalog.loading import SHIPPED
from riskboard.ingest.reading.lexicon import Field
from riskboard.ingest.reading.text import Token, fold, tokens

FILE = Path(__file__).parent.parent / "classifier" / "aliases.json"
VERSIONED = re.compile(r"([a-z]{2,}?)-?(v?\d[\w.]*)$")
VERSION = re.compile(r"v?\d[\w.]*$")
PRODUCT = frozenset(("model", "weight", "licens", "llm", "checkpoint"))  # "Yi models"
PARENTHESES = re.compile(r"\(([^)]*)\)")
# A model's version alone names its family once the vendor is known.
VERSIONS_OF = (
    ("deepseek", "deepseek", re.compile(r"(?:v[234](?:\.\d)?|r[12])$")),
    ("moonshot", "kimi", re.compile(r"k[1-4](?:\.\d)?$")),
    ("minimax", "minimax-m", re.compile(r"m[1-4](?:\.\d)?$")),
    ("minimax", "minimax-h", re.compile(r"h[1-4]$")),
    ("tencent", "hunyuan", re.compile(r"hy\d")),
    ("openai", "gpt", re.compile(r"o[134]$")),
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for."""

    vendor: str
    family: str = ""
    is_platform: bool = False
    is_fork: bool = False
    is_person: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a field, by token index."""

    name: Name
    first: int
    last: int
    alias: str
    is_distinct: bool = False  # written as only a product is: "Wan2.5", "FLUX"


Entry = tuple[tuple[str, ...], Name, str]  # words, what they name, alias


class Names:
    """Every alias, with what guards it."""

    def __init__(self, data: dict[str, object], shipped: Path) -> None:
        self.entries: dict[str, list[Entry]] = defaultdict(list)
        self.family_vendor: dict[str, str] = {}
        self.namesakes: dict[str, str] = {}  # vendor -> the family that bears its name ("DeepSeek")
        self._read_catalog(shipped)
        for slug, listed in _section(data, "vendors").items():
            self._add_all(listed, Name(slug))
        for slug, listed in _section(data, "families").items():
            self._add_all(listed, Name(self.family_vendor[slug], slug))
        for slug, listed in _section(data, "platforms").items():
            self._add_all(listed, Name(slug, is_platform=True))
        for slug, listed in _section(data, "people").items():
            self._add_all(listed, Name(slug, is_person=True))
        for alias, slug in _section(data, "forks").items():
            self._add_all(alias, Name(slug, is_platform=True, is_fork=True))
        self.needs_context = _keys(str(data["needs_context"]))
        self.needs_vendor = _keys(str(data["needs_vendor"]))
        self.wary = _keys(str(data["wary"]))
        self.places = frozenset(str(data["places"]).split(", "))
        self.not_before: dict[str, frozenset[str]] = {
            alias: frozenset(words) for alias, words in _section(data, "not_before").items()
        }
        for entries in self.entries.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    def _read_catalog(self, shipped: Path) -> None:
        vendors: set[str] = set()
        for row in _rows(shipped / "vendors.csv"):
            for alias in _catalog_names(row["name"]):
                vendors.add(alias.lower())
                self._add_all(alias, Name(row["slug"]))
        for row in _rows(shipped / "families.csv"):
            self.family_vendor[row["slug"]] = row["vendor"]
            name = PARENTHESES.sub("", row["name"]).split(" / ")[0].strip()
            if name.lower() in vendors:
                self.namesakes[row["vendor"]] = row["slug"]
            elif len(name.split()) == 1:
                self._add_all(name, Name(row["vendor"], row["slug"]))

    def _add_all(self, listed: str, name: Name) -> None:
        for alias in listed.split(", "):
            words = tuple(_word(token) for token in tokens(fold(alias)))
            if words:
                entry = (words, name, " ".join(words))
                self.entries[words[0]] = [old for old in self.entries[words[0]] if old[0] != words or old[1] == name]
                if entry not in self.entries[words[0]]:
                    self.entries[words[0]].append(entry)

    def find(self, folded: str) -> list[Mention]:
        found = tokens(folded)
        mentions = []
        index = 0
        while index < len(found):
            mention = self._at(found, index)
            if mention is None:
                index += 1
            else:
                mentions.append(mention)
                index = mention.last + 1
        return mentions

    def _at(self, found: list[Token], index: int) -> Mention | None:
        word = _word(found[index])
        versioned = VERSIONED.match(word)
        for base in (word, versioned[1] if versioned else ""):
            for words, name, alias in self.entries.get(base, ()):
                last = _match(found, index, words)
                if last is not None and not self._is_homonym(found, index, last, words, alias):
                    return Mention(name, index, last, alias, _is_distinct(found, index, last))
        return None

    def _is_homonym(self, found: list[Token], first: int, last: int, words: tuple[str, ...], alias: str) -> bool:
        following = _word(found[last + 1]) if last + 1 < len(found) else ""
        if following in self.not_before.get(alias, ()):
            return True
        surface = found[first].surface
        is_name = surface[0].isupper() or surface[0].isdigit() or not surface.isascii() or len(words) > 1
        return (alias in self.needs_context or alias in self.wary) and not is_name


def guarded(mentions: list[list[Mention]], fields: list[Field], speaker: AbstractSet[str]) -> list[list[Mention]]:
    """Without the names that are common words and stand in no fitting company. One list a field.

    ``speaker`` holds the vendors the publisher's name names: on IBM's own page "Granite 5" is no rock.
    """
    known = names()
    context, other = _company(mentions, fields, ("context",))
    business = _company(mentions, fields, ("context", "business"))[0]

    def stands(mention: Mention) -> bool:
        if mention.alias in known.wary:
            return mention.is_distinct or business >= other
        if mention.alias not in known.needs_context and mention.alias not in known.needs_vendor:
            return True
        return mention.is_distinct or (not mention.name.family and 0 < business >= other)

    sure = {mention.name.vendor for listed in mentions for mention in listed if stands(mention)} | speaker

    def stays(mention: Mention) -> bool:
        return (
            mention.name.vendor in sure
            or mention.is_distinct
            or (mention.alias not in known.needs_vendor and 0 < context >= other)
        )

    return [[mention for mention in listed if stays(mention)] for listed in mentions]


def _company(mentions: list[list[Mention]], fields: list[Field], concepts: tuple[str, ...]) -> tuple[int, int]:
    """How many words outside the names speak of software, AI (or business), and how many of other things."""
    fitting = homonyms = 0
    for listed, field in zip(mentions, fields, strict=True):
        named = {index for mention in listed for index in range(mention.first, mention.last + 1)}
        fitting += len({span.first for concept in concepts for span in field.spans.get(concept, ())} - named)
        homonyms += len({span.first for span in field.spans.get("x_homonym", ())} - named)
    return fitting, homonyms


def _is_distinct(found: list[Token], first: int, last: int) -> bool:
    surface = found[first].surface
    letters = surface.rstrip("0123456789.-")
    is_versioned = letters != surface and len(letters) > 1
    is_shouted = len(surface) > 3 and surface.isascii() and surface.isupper()
    return is_versioned or is_shouted or (last + 1 < len(found) and found[last + 1].stem in PRODUCT)


def _match(found: list[Token], index: int, words: tuple[str, ...]) -> int | None:
    """The last token of the alias, which may carry a version inside or after ("Qwen3.5-Omni", "Qwen 3 Coder")."""
    at = index
    for word in words[1:]:
        at += 1
        if at < len(found) and VERSION.match(_word(found[at])) and not VERSION.match(word):
            at += 1
        if at >= len(found) or _base(_word(found[at]), word) != word:
            return None
    return at


def _base(word: str, wanted: str) -> str:
    versioned = VERSIONED.match(word)
    return versioned[1] if versioned and word != wanted else word


def _word(token: Token) -> str:
    return token.surface.lower().removesuffix("'s").removesuffix("'")


def version_family(vendor: str, fields: list[Field]) -> str:
    for slug, family, pattern in VERSIONS_OF:
        if slug == vendor and any(pattern.match(token.surface.lower()) for field in fields for token in field.tokens):
            return family
    return ""


def _catalog_names(name: str) -> list[str]:
    """ "Alibaba (Qwen / Wan / Tongyi)" names the vendor before the parentheses; families have their own rows."""
    outside = PARENTHESES.sub("", name)
    return [part.strip() for part in outside.split(" / ") if part.strip()]


def _section(data: dict[str, object], name: str) -> dict[str, str]:
    section = data[name]
    assert isinstance(section, dict)
    return section


def _keys(listed: str) -> frozenset[str]:
    return frozenset(" ".join(_word(token) for token in tokens(fold(alias))) for alias in listed.split(", "))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def names() -> Names:
    return Names(json.loads(FILE.read_text(encoding="utf-8")), SHIPPED)
