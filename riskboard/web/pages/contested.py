"""The score of a line with and without the facts about it that are contested."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

from riskboard.catalog.queries import evidence_version
from riskboard.web.disputes import open_disputes
from riskboard.web.pages.citing import Cited
from riskboard.web.without import folder_without
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment
from scoring.engine.rubric import Rubric
from scoring.gather import dossier_of
from scoring.gathering.shelf import Folder


@dataclass(frozen=True, slots=True)
class WithoutFact:
    cited: Cited
    score: float


@dataclass(frozen=True, slots=True)
class ContestedScore:
    score: float
    without: float  # any of them
    each: tuple[WithoutFact, ...]  # left out alone


def contested_score(
    folder: Folder, cited: Mapping[str, Cited], assessment: Assessment, rubric: Rubric
) -> ContestedScore | None:
    """None: nothing that the page cites is contested."""
    contested = sorted(open_disputes().keys() & cited.keys())
    if not contested:
        return None
    groups = [contested, *([reference] for reference in contested)]
    key = f"contested:{evidence_version()}:{folder.line.slug}:{assessment.as_of}:{_digest(contested)}"
    scores = cache.get_or_set(key, lambda: [_score(folder, group, assessment, rubric) for group in groups], None)
    assert scores is not None
    without, *each = scores
    told = (WithoutFact(cited[reference], score) for reference, score in zip(contested, each, strict=True))
    return ContestedScore(assessment.durability, without, tuple(told))


def _digest(references: Collection[str]) -> str:
    return sha256("\n".join(references).encode()).hexdigest()


def _score(folder: Folder, references: Collection[str], assessment: Assessment, rubric: Rubric) -> float:
    return assess(dossier_of(folder_without(folder, references)), rubric, assessment.as_of).durability
