"""Cross-validation: how rules, model and both together do on rows that neither vendor nor wording gave away."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from riskboard.ingest.classify import Choice, Evidence, decide, evidence_of, label_of, softmax
from riskboard.ingest.reading.features import word_features
from riskboard.ingest.reading.item import read
from riskboard.ingest.reading.model import Model
from riskboard.ingest.reading.stories import COPY, Report, gist, group, shared
from riskboard.ingest.training.fitting import Example, fit
from riskboard.ingest.training.rows import Row

FOLDS = 5
NO_KIND = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """What was said of a row. The event is guessed for every relevant row, so that each field is measured alone."""

    row: Row
    relevant: bool
    vendor: str
    kind: str
    direction: str
    severity: int


@dataclass(frozen=True, slots=True)
class Figures:
    rows: int
    precision: float
    recall: float
    relevance_f1: float
    vendor: float
    kind_macro_f1: float
    kind: float
    direction: float
    severity_within_one: float


def examples_of(rows: Iterable[Row]) -> list[Example]:
    found = []
    for row in rows:
        evidence = evidence_of(read(row.title, row.summary, row.publisher, row.published_on))
        found.append(Example(row, evidence, evidence.features()))
    return found


def cross_validate(examples: Sequence[Example]) -> dict[str, list[Guess]]:
    """By "rules", "model" (words alone) and "both": guesses for every row, made without its vendor and near-copies."""
    guesses: dict[str, list[Guess]] = defaultdict(list)
    folds = _folds([example.row for example in examples])
    for fold in range(FOLDS):
        tested = [one for one, at in zip(examples, folds, strict=True) if at == fold]
        learned = _without_copies([one for one, at in zip(examples, folds, strict=True) if at != fold], tested)
        both = fit(learned)
        words = fit([_words_only(one) for one in learned])
        guesses["rules"].extend(_guess(one, _by_rules(one.evidence)) for one in tested)
        guesses["model"].extend(_guess(one, _by_words(one, words)) for one in tested)
        guesses["both"].extend(_guess(one, _by_both(one.evidence, both)) for one in tested)
    return guesses


def judge(examples: Sequence[Example], model: Model) -> list[Guess]:
    return [_guess(one, _by_both(one.evidence, model)) for one in examples]


def figures(guesses: Sequence[Guess]) -> Figures:
    relevant = [guess for guess in guesses if guess.row.relevant]
    true = sum(guess.relevant for guess in relevant)
    said = sum(guess.relevant for guess in guesses)
    precision, recall = true / said if said else 0.0, true / len(relevant)

    def share(name: str) -> float:
        right = [bool(getattr(one, name) == getattr(one.row, name)) for one in relevant]
        return right.count(True) / len(right)

    return Figures(
        len(guesses),
        precision,
        recall,
        2 * precision * recall / (precision + recall) if true else 0.0,
        share("vendor"),
        macro_f1([(one.row.kind, one.kind) for one in relevant]),
        share("kind"),
        share("direction"),
        sum(abs(one.severity - (one.row.severity or 0)) <= 1 for one in relevant) / len(relevant),
    )


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Mean over the kinds that occur of the F1 of each; pairs are (true, said)."""
    right = Counter(true for true, said in pairs if true == said)
    truth = Counter(true for true, _ in pairs)
    claims = Counter(said for _, said in pairs)
    return float(np.mean([2 * right[kind] / (truth[kind] + claims[kind]) for kind in truth]))


def story_f1(told: Sequence[tuple[str, Report]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs; ``told`` pairs the true story with each report."""
    found = group([report for _, report in told])
    true = said = right = 0
    for at, (story, report) in enumerate(told):
        for other_story, other in told[at + 1 :]:
            is_true, is_said = story == other_story, found[report.id] == found[other.id]
            true, said, right = true + is_true, said + is_said, right + (is_true and is_said)
    precision, recall = right / said if said else 0.0, right / true if true else 0.0
    return precision, recall, 2 * right / (true + said) if true + said else 0.0


def _folds(rows: Sequence[Row]) -> list[int]:
    """A fold for every row: a vendor's rows stay together; rows without a vendor are spread by their id."""
    sizes = Counter(row.vendor for row in rows if row.vendor)
    load, where = [0] * FOLDS, {}
    for vendor, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        where[vendor] = load.index(min(load))
        load[where[vendor]] += size
    return [where[row.vendor] if row.vendor else crc32(row.id.encode()) % FOLDS for row in rows]


def _without_copies(learned: list[Example], tested: list[Example]) -> list[Example]:
    known = [gist(Report(one.row.id, one.row.title)).shingles for one in tested]
    return [
        one
        for one in learned
        if not any(shared(gist(Report(one.row.id, one.row.title)).shingles, shingles) >= COPY for shingles in known)
    ]


def _words_only(example: Example) -> Example:
    return Example(example.row, example.evidence, word_features(example.evidence.read))


def _by_rules(evidence: Evidence) -> Choice:
    return Choice(evidence.relevance.is_relevant, evidence.scores.best, 0.0)


def _by_words(example: Example, model: Model) -> Choice:
    features = word_features(example.evidence.read)
    kinds = softmax(model.kind.scores(features))
    return Choice(bool(model.relevance.scores(features)[0] > 0), model.kind.classes[int(np.argmax(kinds))], 0.0)


def _by_both(evidence: Evidence, model: Model) -> Choice:
    return decide(evidence, model)


def _guess(example: Example, chosen: Choice) -> Guess:
    row = example.row
    if not chosen.kind:
        return Guess(row, chosen.is_relevant, example.evidence.subject.vendor, NO_KIND, "", 0)
    label = label_of(example.evidence, chosen)
    return Guess(row, chosen.is_relevant, label.vendor, label.kind, label.direction, label.severity or 0)


def by_origin(guesses: Sequence[Guess]) -> Iterator[tuple[str, list[Guess]]]:
    for origin in ("written", "evidence", "decision"):
        of_origin = [guess for guess in guesses if guess.row.origin == origin]
        if of_origin:
            yield origin, of_origin
