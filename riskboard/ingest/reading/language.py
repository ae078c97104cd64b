"""Which language a headline is in, by its script and its commonest words."""

import re

from riskboard.ingest.reading.text import HAN
from riskboard.ingest.reading.words import word_map

READ = ("en", "zh")  # what the rules can judge

SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
LETTER = re.compile(r"[^\W\d_]")
WORD = re.compile(r"[^\W\d_]+")
SMALL_LATIN_WORD = re.compile(r"\b[a-z]")
# Particles and word endings, and characters that only Japan writes so; a lone "の" adorns Chinese brands.
JAPANESE = re.compile(r"[\u3041-\u306d\u306f-\u3096]|[発売価権検験対応読図気駅円働込戻楽単従効]")
SHARE, SHARE_AMONG_NAMES = 0.15, 0.04
COMMON_WORDS = {language: frozenset(words.split()) for language, words in word_map("common_words").items()}
TELLING_WORDS = {language: frozenset(words.split()) for language, words in word_map("telling_words").items()}
ACCENTS = {
    "de": frozenset("äöüß"),
    "fr": frozenset("éèêëàâçîïôûùœ"),
    "es": frozenset("áéíóúñ"),
    "it": frozenset("àèéìòù"),
    "pt": frozenset("ãõáâàéêíóôúç"),
    "nl": frozenset("ëï"),
}
COMMON, ACCENTED, PART_OF_A_NAME = 1.0, 1.0, 0.5
TELLING = dict.fromkeys(COMMON_WORDS, 2.0) | {"en": 3.0}  # its verbs stand in no other language; names do in all
ENOUGH = 2.0  # less is what a name in an English headline brings


def language_of(text: str) -> str:
    """Two letters, or "und" when it cannot be told. Mixed Chinese and English is Chinese."""
    letters = len(LETTER.findall(text))
    if letters == 0:
        return "und"
    weights = _weights(text)
    is_all_names = not weights["en"] and not SMALL_LATIN_WORD.search(text)
    for language, script in SCRIPTS:
        if len(script.findall(text)) > (SHARE_AMONG_NAMES if is_all_names else SHARE) * letters and _is_own(
            language, text
        ):
            return language
    if len(HAN.findall(text)) > 0.1 * letters:
        return "ja" if JAPANESE.search(text) else "zh"
    weight, other = max((weight, language) for language, weight in weights.items() if language != "en")
    return other if weight >= ENOUGH and weight > weights["en"] else "en"


def _is_own(language: str, text: str) -> bool:
    """Kana in a Chinese text may be no more than the "の" of a brand."""
    return language != "ja" or bool(JAPANESE.search(text)) or not HAN.search(text) or "の" not in text


def _weights(text: str) -> dict[str, float]:
    """What the words say for each language. Names keep "Le" and their accents in every language."""
    weights = dict.fromkeys(COMMON_WORDS, 0.0)
    for place, word in enumerate(WORD.findall(text)):
        small = word.lower()
        full = 1.0 if word == small or place == 0 else PART_OF_A_NAME
        for language, common in COMMON_WORDS.items():
            if small in TELLING_WORDS.get(language, ()):
                weights[language] += TELLING[language]
            elif small in common:
                weights[language] += COMMON * full
            elif word == small and ACCENTS.get(language, frozenset()) & set(small):
                weights[language] += ACCENTED
            elif ACCENTS.get(language, frozenset()) & set(small):
                weights[language] += ACCENTED * PART_OF_A_NAME
    return weights
