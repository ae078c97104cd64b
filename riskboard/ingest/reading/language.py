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
COMMON_WORDS = {language: frozenset(words.split()) for language, words in word_map("common_words").items()}


def language_of(text: str) -> str:
    """Two letters, or "und" when it cannot be told. Mixed Chinese and English is Chinese."""
    letters = len(LETTER.findall(text))
    if letters == 0:
        return "und"
    for language, script in SCRIPTS:
        if len(script.findall(text)) > 0.15 * letters:
            return language
    if len(HAN.findall(text)) > 0.1 * letters:
        return "zh"
    words = WORD.findall(text.lower())
    counts = {language: sum(word in known for word in words) for language, known in COMMON_WORDS.items()}
    others = max((count, language) for language, count in counts.items() if language != "en")
    accents = sum(not word.isascii() for word in words)
    if others[0] > counts["en"] + (1 if accents == 0 else 0):
        return others[1]
    return "en"
