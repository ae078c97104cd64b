"""What the trained model looks at: words with names masked, concepts, rules that applied, and who is named."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from riskboard.ingest.reading.claims import Claim
from riskboard.ingest.reading.item import Read
from riskboard.ingest.reading.kinds import KindScores
from riskboard.ingest.reading.lexicon import Field
from riskboard.ingest.reading.relevance import dismissals, tells_of_an_old_year
from riskboard.ingest.reading.roles import Subject
from riskboard.ingest.reading.words import word_list

SUMMARY_COUNTS = 0.5
CHANNELS = ("issue", "docs", "reddit", "r/", "arxiv", "github", "hacker news", "blog", "status", "changelog")

DIVERSIFIED = word_list("diversified")  # most news about these is about other business

Features = dict[str, float]


def word_features(read: Read) -> Features:
    """Words and pairs of words; vendors and models are masked, so that no vendor stands for a kind."""
    found: Features = {}
    for index, field in enumerate(read.fields):
        worth = 1.0 if index == 0 else SUMMARY_COUNTS
        stems = _masked(field, read, index)
        for stem in stems:
            _at_least(found, f"w {stem}", worth)
            if index == 0:
                _at_least(found, f"t {stem}", worth)
        for first, second in pairwise(stems):
            _at_least(found, f"b {first} {second}", worth)
    publisher = read.publisher.lower()
    for channel in CHANNELS:
        if channel in publisher:
            found[f"p {channel}"] = 1.0
    return found


def spoken(names: Iterable[str]) -> list[str]:
    """The words among features, for people to read."""
    words = (name[2:] for name in names if name.startswith(("w ", "b ")))
    return list(dict.fromkeys(words))


def rule_features(read: Read, scores: KindScores, claim: Claim, subject: Subject) -> Features:
    found: Features = {}
    for index, field in enumerate(read.fields):
        worth = 1.0 if index == 0 else SUMMARY_COUNTS
        for concept in field.spans:
            if concept[0] not in "=<":
                _at_least(found, f"c {concept}", worth)
                if index == 0:
                    found[f"ct {concept}"] = 1.0
    for kind, score in scores.total.items():
        found[f"k {kind}"] = min(score / 6.0, 1.5)
    for kind, score in scores.title.items():
        found[f"kt {kind}"] = min(score / 6.0, 1.5)
    for kind in [scores.best] if scores.best else []:
        found[f"best {kind}"] = 1.0
    found["highest"] = min(scores.highest / 6.0, 1.5)
    found["against"] = min(sum(penalty for penalty, _ in dismissals(read)) / 4.0, 2.0)
    for name, holds in _facts(read, claim, subject):
        if holds:
            found[name] = 1.0
    return found


def _facts(read: Read, claim: Claim, subject: Subject) -> Iterator[tuple[str, bool]]:
    yield "vendor none", not subject.vendor
    yield "vendor guessed", bool(subject.vendor) and not subject.is_known
    yield "vendor platform", subject.is_platform
    yield "vendor catalog", subject.is_known and not subject.is_platform
    yield "vendor in title", bool(read.mentions[0])
    of_models = bool(subject.family) or read.has("opensource") or read.has("license") or read.has("weights")
    yield "diversified, of models", subject.vendor in DIVERSIFIED and of_models
    yield "diversified, of what", subject.vendor in DIVERSIFIED and not of_models
    yield "devoted", subject.is_known and not subject.is_platform and subject.vendor not in DIVERSIFIED
    yield "vendors several", len({one.name.vendor for listed in read.mentions for one in listed}) > 2
    yield "family", bool(subject.family)
    yield "denied", claim.is_denied
    yield "rumored", claim.is_rumored
    yield "reversed", claim.is_reversed
    yield "old year", tells_of_an_old_year(read)
    yield "no summary", not read.summary.tokens
    yield "chinese", read.language == "zh"
    yield "asks", read.title.has("?")


def _masked(field: Field, read: Read, index: int) -> list[str]:
    named = {
        at: "<model>" if mention.name.family else "<vendor>"
        for mention in read.mentions[index]
        for at in range(mention.first, mention.last + 1)
    }
    stems: list[str] = []
    for at, token in enumerate(field.tokens):
        stem = named.get(at) or ("<number>" if token.stem[0].isdigit() else token.stem)
        if not (stem in ("<vendor>", "<model>") and stems and stems[-1] == stem):
            stems.append(stem)
    return stems


def _at_least(found: Features, name: str, worth: float) -> None:
    found[name] = max(found.get(name, 0.0), worth)
