"""Whether an item bears on how durable one vendor's open offer is, as the rules alone see it."""

from dataclasses import dataclass

from riskboard.ingest.reading.item import Read
from riskboard.ingest.reading.kinds import KindScores
from riskboard.ingest.reading.roles import Subject

# What makes an item irrelevant, and how much it counts when the title says it (the summary counts half).
DISMISSED_BY = {
    "x_benchmark": 3.0,
    "x_tutorial": 4.0,
    "x_docs": 3.0,
    "x_review": 4.0,
    "x_paper": 3.0,
    "x_roundup": 4.0,
    "x_opinion": 2.0,
    "x_lookback": 4.0,
    "x_shares": 2.5,
    "x_chips": 3.0,
    "x_feature": 2.5,
    "x_partner": 2.0,
    "x_profile": 4.0,
    "x_directory": 4.0,
    "x_explainer": 4.0,
    "x_hiring": 4.0,
    "x_event": 4.0,
    "x_award": 3.0,
    "x_release": 1.5,
    "x_question": 4.0,
    "x_ops": 4.0,
    "x_homonym": 2.0,
    "x_otherindustry": 3.0,
    "x_policy": 2.0,
}
SUMMARY_COUNTS = 0.4
ENOUGH = 3.0


@dataclass(frozen=True, slots=True)
class Relevance:
    """``score`` at or above ENOUGH is relevant; ``against`` holds the words that spoke against it."""

    score: float
    against: tuple[str, ...]

    @property
    def is_relevant(self) -> bool:
        return self.score >= ENOUGH


def relevance_of(read: Read, scores: KindScores, subject: Subject) -> Relevance:
    penalties = dismissals(read)
    score = min(scores.highest, 8.0) - sum(penalty for penalty, _ in penalties)
    if not subject.vendor:
        score -= 5.0
    elif not subject.is_known:
        score -= 1.5
    elif subject.is_platform and not read.has("devtool") and not read.has("context"):
        score -= 1.0
    return Relevance(score, tuple(words for _, words in penalties))


def dismissals(read: Read) -> list[tuple[float, str]]:
    found = []
    for concept, weight in DISMISSED_BY.items():
        name = concept.removeprefix("x_")
        if read.title.has(concept):
            found.append((weight, f"{name}: {read.title.first_words(concept)}"))
        elif read.summary.has(concept):
            found.append((weight * SUMMARY_COUNTS, f"{name}: {read.summary.first_words(concept)}"))
    if tells_of_an_old_year(read):
        found.append((2.0, "lookback: an earlier year"))
    return found


def tells_of_an_old_year(read: Read) -> bool:
    """The latest year the title names lies before the year of publication."""
    years = [int(token.surface) for token in read.title.tokens if token.stem == "<year>"]
    if not years or read.published_on is None:
        return False
    return max(years) < read.published_on.year - (1 if read.published_on.month <= 6 else 0)
