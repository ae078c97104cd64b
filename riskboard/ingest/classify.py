"""From a headline to a proposed label. Rules decide together with a small trained model; see docs/classifier.md."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from riskboard.ingest.reading.claims import BENEFICIAL_OR_NEUTRAL, Claim, claim_of
from riskboard.ingest.reading.direction import direction_of
from riskboard.ingest.reading.features import Features, rule_features, spoken, word_features
from riskboard.ingest.reading.item import Read, read
from riskboard.ingest.reading.kinds import KindScores, deciding_words, kind_scores
from riskboard.ingest.reading.language import READ
from riskboard.ingest.reading.model import Floats, Model, model
from riskboard.ingest.reading.relevance import ENOUGH, Relevance, relevance_of
from riskboard.ingest.reading.roles import Subject, subject_of
from riskboard.ingest.reading.severity import severity_of
from riskboard.ingest.reading.stories import Report, group

RULES_COUNT_FOR_KIND = 0.5  # a rule's weight in the model's logits
RULES_COUNT_FOR_RELEVANCE = 0.3
EVEN = 0.5
MODEL_WORDS = 3
UNREAD_CONFIDENCE = 0.05


@dataclass(frozen=True, slots=True)
class Label:
    """A proposal, never a fact. The five fields of the event are blank (severity None) when it is not relevant."""

    relevant: bool
    vendor: str
    family: str
    kind: str
    direction: str
    severity: int | None
    confidence: float  # that relevance and kind are right, 0 to 1
    words: tuple[str, ...]  # what decided
    language: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything read from an item before relevance and kind are decided."""

    read: Read
    scores: KindScores
    claim: Claim
    subject: Subject
    relevance: Relevance

    def features(self) -> Features:
        return word_features(self.read) | rule_features(self.read, self.scores, self.claim, self.subject)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as a feed or a file gives it."""

    id: str
    title: str
    summary: str = ""
    publisher: str = ""
    published_on: date | None = None
    url: str = ""


def classify(title: str, summary: str = "", publisher: str = "", published_on: date | None = None) -> Label:
    """Any text is accepted. Languages other than English and Chinese are named and left unjudged."""
    return _classified(read(title, summary, publisher, published_on), model())[0]


def classify_all(entries: Sequence[Entry]) -> list[tuple[Entry, Label, str]]:
    """Each entry with its label and the id of its story, which is the id of the earliest report of the happening."""
    trained = model()
    labels = [_labels(entry, trained) for entry in entries]
    stories = group([_report(entry, supposed) for entry, (_, supposed) in zip(entries, labels, strict=True)])
    return [(entry, label, stories[entry.id]) for entry, (label, _) in zip(entries, labels, strict=True)]


def reports_of(entries: Sequence[Entry], trained: Model) -> list[Report]:
    """The entries as stories compare them."""
    return [_report(entry, _labels(entry, trained)[1]) for entry in entries]


def _labels(entry: Entry, trained: Model) -> tuple[Label, Label]:
    return _classified(read(entry.title, entry.summary, entry.publisher, entry.published_on), trained)


def _report(entry: Entry, label: Label) -> Report:
    return Report(
        id=entry.id,
        title=entry.title,
        summary=entry.summary,
        url=entry.url,
        published_on=entry.published_on,
        vendor=label.vendor,
        family=label.family,
        kind=label.kind,
        direction=label.direction,
    )


def _classified(item: Read, trained: Model) -> tuple[Label, Label]:
    """The label, and what it would be if the item were relevant: stories are told by irrelevant items too."""
    if item.language not in READ:
        unread = _unread(item)
        return unread, unread
    evidence = evidence_of(item)
    chosen = decide(evidence, trained)
    supposed = label_of(evidence, chosen)
    if chosen.is_relevant:
        return supposed, supposed
    return Label(False, "", "", "", "", None, chosen.confidence, _against(evidence), item.language), supposed


def evidence_of(item: Read) -> Evidence:
    scores = kind_scores(item)
    subject = subject_of(item, scores.best)
    return Evidence(item, scores, claim_of(item), subject, relevance_of(item, scores, subject))


@dataclass(frozen=True, slots=True)
class Choice:
    """``kind`` is what it would be, also where the item is held irrelevant."""

    is_relevant: bool
    kind: str
    confidence: float
    words: tuple[str, ...] = ()  # what the model went by, for want of a rule


def decide(evidence: Evidence, trained: Model) -> Choice:
    """Rules and model together: their logits are added."""
    features = evidence.features()
    rules = np.array([evidence.scores.total.get(kind, 0.0) for kind in trained.kind.classes])
    kinds = softmax(trained.kind.scores(features) + RULES_COUNT_FOR_KIND * rules)
    lean = trained.relevance.scores(features)[0] + RULES_COUNT_FOR_RELEVANCE * (evidence.relevance.score - ENOUGH)
    relevant = float(1 / (1 + np.exp(-lean)))
    best = int(np.argmax(kinds))
    if relevant < EVEN:
        return Choice(False, trained.kind.classes[best], round(1 - relevant, 3))
    words = tuple(f"model: {word}" for word in spoken(trained.kind.strongest(features, best)))
    return Choice(True, trained.kind.classes[best], round(relevant * float(kinds[best]), 3), words[:MODEL_WORDS])


def softmax(logits: Floats) -> Floats:
    raised: Floats = np.exp(logits - logits.max())
    raised /= raised.sum()
    return raised


def label_of(evidence: Evidence, chosen: Choice) -> Label:
    item, claim = evidence.read, evidence.claim
    kind = settled_kind(evidence, chosen.kind)
    subject = subject_of(item, kind)
    decided = deciding_words(item, kind) or chosen.words
    words = (*decided, *([f"vendor: {subject.words}"] if subject.words else []), *claim.words)
    return Label(
        True,
        subject.vendor,
        subject.family,
        kind,
        direction_of(item, kind, claim),
        severity_of(item, kind, claim),
        chosen.confidence,
        words,
        item.language,
    )


def settled_kind(evidence: Evidence, kind: str) -> str:
    """What a denial or a reversal makes of the kind."""
    claim = evidence.claim
    if claim.is_denied and claim.reaffirms_openness and kind not in BENEFICIAL_OR_NEUTRAL:
        return "public_pledge"
    if claim.is_reversed and kind == "license_tightening":
        return "license_loosening"
    if claim.is_reversed and kind == "price_increase":
        return "price_cut"
    return kind


def _against(evidence: Evidence) -> tuple[str, ...]:
    if evidence.relevance.against:
        return evidence.relevance.against
    if not evidence.subject.vendor:
        return ("no vendor of open models or platforms is named",)
    return ("no event that bears on an open offer",)


def _unread(item: Read) -> Label:
    said = "its language could not be told" if item.language == "und" else f"language {item.language} is not read"
    return Label(False, "", "", "", "", None, UNREAD_CONFIDENCE, (said,), item.language)
