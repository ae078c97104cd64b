"""How lines like each came out: what stands in for a likelihood until that is earned (docs/prereg.md, section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scoring.engine.comparator import load_comparator
from scoring.engine.facts import Dossier
from scoring.lineforecasts import forecast_lines
from scoring.precision import of_lines


@dataclass(frozen=True, slots=True)
class Rate:
    """Of ``comparable`` lines at risk with such a vendor ``failed`` did so within 12 months; of all ``total``,
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
    comparator = load_comparator()
    found = {}
    for slug, one in forecast_lines(dossiers, as_of).items():
        alike = comparator.alike(one.failed_before)
        found[slug] = Rate(
            failed=alike.failed,
            comparable=alike.comparable,
            hit=comparator.failures,
            total=comparator.cases,
            failed_before=one.failed_before,
            launches=one.launches,
            band=one.band if of_lines() == "bands" else "",
        )
    return found
