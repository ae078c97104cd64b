"""Which kind of event the rules see: the title decides, the summary breaks ties, then the order of the table."""

from dataclasses import dataclass

from riskboard.ingest.reading.item import Read
from riskboard.ingest.reading.lexicon import Hit, lexicon

SUMMARY_COUNTS = 0.8
SUMMARY_BREAKS_TIES = 0.6  # what it counts when the title speaks clearly
CLEAR = 4.0
FURTHER_COUNT = 0.15


@dataclass(frozen=True, slots=True)
class KindScores:
    """Per kind the weight of the rules that applied; ``title`` counts the title alone."""

    total: dict[str, float]
    title: dict[str, float]

    @property
    def best(self) -> str:
        """Blank when no rule applied. The first of equals in the order of the table wins."""
        kinds = [kind for kind in lexicon().kinds if self.total.get(kind, 0) > 0]
        return max(kinds, key=lambda kind: self.total[kind], default="")

    @property
    def highest(self) -> float:
        return max(self.total.values(), default=0.0)


def kind_scores(read: Read) -> KindScores:
    title = _field_scores(read.hits[0])
    summary = _field_scores(read.hits[1])
    worth = SUMMARY_BREAKS_TIES if max(title.values(), default=0.0) >= CLEAR else SUMMARY_COUNTS
    total = {
        kind: title.get(kind, 0.0) + worth * summary.get(kind, 0.0)
        for kind in lexicon().kinds
        if kind in title or kind in summary
    }
    return KindScores(total, title)


def deciding_words(read: Read, kind: str) -> list[str]:
    """The words of the title, else of the summary, that spoke most for the kind."""
    for hits in read.hits:
        of_kind = sorted((hit for hit in hits if hit.rule.kind == kind), key=lambda hit: -hit.rule.weight)
        if of_kind:
            return list(dict.fromkeys(hit.words for hit in of_kind))[:3]
    return []


def _field_scores(hits: list[Hit]) -> dict[str, float]:
    weights: dict[str, list[float]] = {}
    for hit in hits:
        if not hit.is_negated:
            weights.setdefault(hit.rule.kind, []).append(hit.rule.weight)
    return {kind: max(listed) + FURTHER_COUNT * (sum(listed) - max(listed)) for kind, listed in weights.items()}
