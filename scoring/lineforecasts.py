"""Forecasts of the lines at risk on a day: what the board's score says, and what the comparator does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from scoring.engine.assess import assess
from scoring.engine.comparator import BandName, Comparator, load_comparator
from scoring.engine.facts import Dossier
from scoring.engine.linecases import MONTHS, Standing, standings
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric


@dataclass(frozen=True, slots=True)
class LineForecast:
    """Of a failure within 12 months. ``failed`` of ``comparable`` lines of the past failed: those whose vendor had such
    a record or, once bands are permitted, those in the same band.
    """

    line: str
    as_of: date
    engine: float
    comparator: float
    usual: float
    band: BandName
    failed: int
    comparable: int
    failed_before: bool
    launches: int


def forecast_lines(dossiers: Mapping[str, Dossier], as_of: date) -> dict[str, LineForecast]:
    """By line, for those at risk only. ``dossiers`` must hold every line of a vendor: siblings make its record."""
    rubric, comparator = load_rubric(SHIPPED), load_comparator()
    return {
        each.line: _forecast(each, dossiers[each.line], rubric, comparator)
        for each in standings(dossiers, rubric, as_of)
    }


def _forecast(each: Standing, dossier: Dossier, rubric: Rubric, comparator: Comparator) -> LineForecast:
    p = comparator.probability(each.failed_before, each.launches)
    record = comparator.told(each.failed_before, each.launches)
    return LineForecast(
        line=each.line,
        as_of=each.origin,
        engine=assess(dossier, rubric, each.origin).forecast(MONTHS).total,
        comparator=p,
        usual=comparator.usual,
        band=comparator.band(p),
        failed=record.failed,
        comparable=record.comparable,
        failed_before=each.failed_before,
        launches=each.launches,
    )
