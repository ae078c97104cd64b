"""How lines like each came out: what stands in for a likelihood until that is earned (docs/prereg.md, section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scoring.engine.comparator import Comparator, load_comparator
from scoring.engine.facts import Dossier
from scoring.engine.linecases import Standing, standings
from scoring.engine.rubric import SHIPPED, load_rubric


@dataclass(frozen=True, slots=True)
class Rate:
    """Of ``comparable`` lines at risk like it ``failed`` did so within 12 months; of all ``total``,
    ``hit``. ``band``: "below", "near" or "above" the usual; blank until it has told lines apart.
    """

    failed: int
    comparable: int
    hit: int
    total: int
    failed_before: bool
    launches: int
    band: str


def rates(dossiers: Mapping[str, Dossier], as_of: date) -> dict[str, Rate]:
    """By line, of those at risk on that day. Never for a past day: the counts were learnt from what came after."""
    return {each.line: _rate(each, load_comparator()) for each in standings(dossiers, load_rubric(SHIPPED), as_of)}


def _rate(each: Standing, comparator: Comparator) -> Rate:
    record = comparator.told(each.failed_before, each.launches)
    p = comparator.probability(each.failed_before, each.launches)
    return Rate(
        failed=record.failed,
        comparable=record.comparable,
        hit=comparator.failures,
        total=comparator.cases,
        failed_before=each.failed_before,
        launches=each.launches,
        band=comparator.band(p) if comparator.permits == "bands" else "",
    )
