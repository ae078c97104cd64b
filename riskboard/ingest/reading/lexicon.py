"""Concepts and rules, kept as data in classifier/lexicon.json.

A concept is a list of words and phrases. A rule is a weight and a sequence of concepts or literal words; ``..5`` allows
five words in between, ``not:price`` refuses a field that mentions the concept.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from riskboard.ingest.reading.text import Token, tokens

FILE = Path(__file__).parent.parent / "classifier" / "lexicon.json"
NEXT_TO = 1.0
NEGATION_REACH = 4.0


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens ``first`` to ``last`` (inclusive) of a field."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    weight: float
    steps: tuple[str, ...]
    gaps: tuple[float, ...]  # the gap before each step but the first
    refused: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applied, the words it applied to, and whether a "not" stands before them."""

    rule: Rule
    words: str
    first: int
    is_negated: bool


@dataclass(slots=True)
class Field:
    """One field of an item: its tokens and where each concept was found."""

    text: str
    tokens: list[Token]
    spans: dict[str, list[Span]]

    def has(self, concept: str) -> bool:
        return concept in self.spans

    def words(self, span: Span) -> str:
        return self.text[self.tokens[span.first].start : self.tokens[span.last].end]

    def first_words(self, concept: str) -> str:
        return self.words(self.spans[concept][0])

    def is_negated(self, index: int) -> bool:
        """Whether a "not" stands shortly before the token, in the same sentence."""
        here = self.tokens[index]
        for span in self.spans.get("negator", ()):
            before = self.tokens[span.last]
            if before.sentence == here.sentence and 0 < here.place - before.place <= NEGATION_REACH:
                return True
        return False


Phrases = dict[str, list[tuple[tuple[str, ...], str]]]  # first stem -> (the other stems, concept)


class Lexicon:
    def __init__(self, concepts: dict[str, str], kinds: dict[str, list[str]]) -> None:
        self.names = frozenset(concepts)
        self.phrases: Phrases = defaultdict(list)
        for name, listed in concepts.items():
            for phrase in listed.split(", "):
                self._add(phrase, name)
        self.kinds = tuple(kinds)
        rules = [self._rule(kind, text) for kind, texts in kinds.items() for text in texts]
        self.by_first: dict[str, list[Rule]] = defaultdict(list)
        for rule in rules:
            self.by_first[rule.steps[0]].append(rule)

    def field(self, folded: str) -> Field:
        found = tokens(folded)
        spans: dict[str, list[Span]] = defaultdict(list)
        for index, token in enumerate(found):
            mark = "<number>" if token.stem[0].isdigit() else token.stem
            if mark[0] == "<":
                spans[mark].append(Span(index, index))
            for rest, concept in self.phrases.get(token.stem, ()):
                last = index + len(rest)
                if last < len(found) and all(found[index + 1 + at].stem == word for at, word in enumerate(rest)):
                    spans[concept].append(Span(index, last))
        return Field(folded, found, dict(spans))

    def hits(self, field: Field) -> list[Hit]:
        found = []
        for name in field.spans:
            for rule in self.by_first.get(name, ()):
                hit = _apply(rule, field)
                if hit is not None:
                    found.append(hit)
        return found

    def _add(self, phrase: str, concept: str) -> None:
        stems = [token.stem for token in tokens(phrase)]
        if stems:
            entry = (tuple(stems[1:]), concept)
            if entry not in self.phrases[stems[0]]:
                self.phrases[stems[0]].append(entry)

    def _rule(self, kind: str, text: str) -> Rule:
        weight, *parts = text.split()
        steps: list[str] = []
        gaps: list[float] = []
        refused: list[str] = []
        gap = NEXT_TO
        for part in parts:
            if part.startswith(".."):
                gap = float(part[2:]) + NEXT_TO
            elif part.startswith("not:"):
                refused.append(self._step(part[4:]))
            else:
                steps.append(self._step(part))
                gaps.append(gap)
                gap = NEXT_TO
        return Rule(kind, float(weight), tuple(steps), tuple(gaps[1:]), tuple(refused), text)

    def _step(self, word: str) -> str:
        if word in self.names or word.startswith("<"):
            return word
        literal = f"={word}"
        self._add(word, literal)
        return literal


def _apply(rule: Rule, field: Field) -> Hit | None:
    if any(concept in field.spans for concept in rule.refused):
        return None
    if any(step not in field.spans for step in rule.steps):
        return None
    for span in field.spans[rule.steps[0]]:
        last = _follow(rule, field, span)
        if last is not None:
            is_negated = "negator" not in rule.steps and field.is_negated(span.first)
            return Hit(rule, field.words(Span(span.first, last)), span.first, is_negated)
    return None


def _follow(rule: Rule, field: Field, span: Span) -> int | None:
    """The last token of the rule's match that begins with ``span``; None when the rest does not follow in reach."""
    for step, gap in zip(rule.steps[1:], rule.gaps, strict=True):
        after = field.tokens[span.last]
        for candidate in field.spans[step]:
            token = field.tokens[candidate.first]
            if candidate.first > span.last and token.sentence == after.sentence and token.place - after.place <= gap:
                span = candidate
                break
        else:
            return None
    return span.last


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return Lexicon(content["concepts"], content["kinds"])
