"""From a headline to tokens that English and Chinese rules can share."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from riskboard.ingest.reading.words import word_list, word_map

TAG = re.compile(r"<[^<>]{1,200}>")
TOKEN = re.compile(
    r"(?P<money>(?:us\$|hk\$|a\$|[$€£¥₩₹])\s?\d[\d.,]*\s?(?:[kmbt]n?|million|billion|trillion)?\b"
    r"|(?:rmb|eur|usd|krw|hkd)\s?\d[\d.,]*\s?(?:[kmbt]n?|million|billion|trillion)?\b"
    r"|\d[\d.,]*\s?(?:million|billion|trillion|bn)?\s(?:dollars?|euros?|yuan|won|rupees)\b"
    r"|\d[\d.,]*\s?(?:[kmbt]n?|million|billion|trillion)?\s?[$€£¥₩₹](?!\w)"
    r"|\d[\d.,]*\s?[万亿]+\s?(?:元|美元|港元|人民币|欧元|日元|韩元|英镑))"
    r"|(?P<percent>\d[\d.,]*\s?(?:%|per\s?cent\b)|百分之[一二三四五六七八九十\d]+)"
    r"|(?P<year>(?<![\w.])(?:19[89]\d|20[0-4]\d)(?![\w.%])(?!\s?[亿万人]))"
    r"|(?P<han>[\u3400-\u4dbf\u4e00-\u9fff])"
    r"|(?P<word>[^\W_]+(?:[.'][^\W_]+)*)"
    r"|(?P<stop>[.!?;。！？；](?=\s|$|[\u4e00-\u9fff]))"
    r"|(?P<ask>\?)",
    re.IGNORECASE,
)
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
LATIN_BREAK = re.compile(r"(?<=[\u4e00-\u9fff])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\u4e00-\u9fff])", re.IGNORECASE)
SIMPLER = str.maketrans(word_map("simplified_characters"))
IRREGULAR = word_map("irregular")  # word -> stem
SUFFIXES = ("'s", "’s")
SMALL = word_list("no_distance")  # no distance between what stands around them
BRITISH = 6  # letters: longer words in -ise are read as -ize
VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Token:
    """``stem`` is what rules compare; ``place`` measures distance in words (a Chinese character is half a word)."""

    stem: str
    surface: str
    start: int
    end: int
    place: float
    sentence: int


def fold(text: str) -> str:
    """Plain text: entities and tags resolved, forms of characters and quotes unified, Chinese simplified."""
    plain = TAG.sub(" ", html.unescape(text))
    plain = unicodedata.normalize("NFKC", plain).replace("’", "'").replace("‘", "'")
    plain = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in plain)
    return LATIN_BREAK.sub(" ", plain.translate(SIMPLER)).strip()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A crude common form, so that one lexicon entry covers relicense, relicenses, relicensed and relicensing."""
    word = word.lower()
    for suffix in SUFFIXES:
        word = word.removesuffix(suffix)
    if word in IRREGULAR:
        return IRREGULAR[word]
    if not word.isascii() or any(letter.isdigit() for letter in word):
        return word
    bare = _without_e(_without_verb_ending(_singular(word)))
    return bare[:-1] + "z" if bare.endswith("is") and len(bare) > BRITISH else bare


def _singular(word: str) -> str:
    if len(word) <= 3 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    return word.removesuffix("s")


def _without_verb_ending(word: str) -> str:
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    for ending in ("ing", "ed"):
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= 3 and VOWELS & set(bare):
            is_doubled = bare[-1] == bare[-2] and bare[-1] not in "sl" and bare[-1] not in VOWELS
            return bare[:-1] if is_doubled else bare
    return word


def _without_e(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("e") and not word.endswith("ee") else word


OPEN_SOURCING = frozenset(("sources", "sourced", "sourcing"))


def _stem_in_place(surface: str, before: str) -> str:
    """What the word before changes: the verb "open-sources" is no "open source", the month of May is no "may"."""
    if before == "open" and surface.lower() in OPEN_SOURCING:
        return "opensourc"
    if surface == "May" and before in ("in", "on", "by", "since", "until", "of", "last", "from", "to"):
        return "<month>"
    return stem(surface)


def tokens(folded: str) -> list[Token]:
    found: list[Token] = []
    place, sentence = 0.0, 0
    for match in TOKEN.finditer(folded):
        group = match.lastgroup or "word"
        if group in ("stop", "ask"):
            if match.group() == "?":
                found.append(Token("?", "?", match.start(), match.end(), place, sentence))
            sentence += 1
            continue
        surface = match.group()
        place += 0.5 if group == "han" else 0.0 if surface.lower() in SMALL else 1.0
        before = found[-1].surface.lower() if found else ""
        word = {"money": "<money>", "percent": "<percent>", "year": "<year>"}.get(group) or _stem_in_place(
            surface, before
        )
        found.append(Token(word, surface, match.start(), match.end(), place, sentence))
    return found
