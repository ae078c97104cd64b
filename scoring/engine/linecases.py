"""Lines at risk on a day, with what the forecasts of a failure within 12 months are made from and judged by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scoring.engine.facts import Dossier
from scoring.engine.months import add_months
from scoring.engine.outcomes import Outcome, has_failed, is_at_risk, outcome_after, recent_launches
from scoring.engine.rubric import Rubric

MONTHS = 12
FIRST_HALF = date(2022, 1, 1)
FIRST_ORIGIN = date(2024, 1, 1)  # from here forecasts are judged; earlier half-years only train


@dataclass(frozen=True, slots=True)
class Standing:
    """What the comparator knows of a line on a day."""

    line: str
    vendor: str
    origin: date
    failed_before: bool
    launches: int
    events: int  # recorded by then, cited


@dataclass(frozen=True, slots=True)
class LineCase:
    standing: Standing
    outcome: Outcome

    @property
    def failed(self) -> bool:
        return self.outcome.kind == "failed"


def vendor_of(dossier: Dossier) -> str:
    return dossier.vendor or dossier.subject


def standings(
    dossiers: Mapping[str, Dossier],
    rubric: Rubric,
    day: date,
    inputs: Mapping[str, Dossier] | None = None,
) -> tuple[Standing, ...]:
    """The lines at risk on ``day`` by slug; ``inputs``, where given, is what a forecast may look at instead."""
    told = dossiers if inputs is None else inputs
    failed = {vendor_of(d) for d in told.values() if has_failed(d, rubric, day)}
    return tuple(
        Standing(
            line=slug,
            vendor=vendor_of(dossier),
            origin=day,
            failed_before=vendor_of(dossier) in failed,
            launches=recent_launches(told[slug], rubric, day),
            events=len({r.event for r in told[slug].reports if r.verified and r.published <= day}),
        )
        for slug, dossier in sorted(dossiers.items())
        if is_at_risk(dossier, rubric, day)
    )


def half_years(until: date, first: date = FIRST_HALF) -> tuple[date, ...]:
    """1 January and 1 July from ``first`` on whose 12 months have passed by ``until``."""
    days = (date(year, month, 1) for year in range(first.year, until.year + 1) for month in (1, 7))
    return tuple(day for day in days if first <= day and add_months(day, MONTHS) <= until)


def line_cases(
    dossiers: Mapping[str, Dossier],
    rubric: Rubric,
    origins: Iterable[date],
    known_by: date,
    inputs: Mapping[str, Dossier] | None = None,
) -> tuple[LineCase, ...]:
    """Lines at risk at each origin whose outcome is settled by ``known_by``."""
    found = (
        (each, _outcome(dossiers, rubric, each, known_by))
        for day in origins
        for each in standings(dossiers, rubric, day, inputs)
    )
    return tuple(LineCase(each, outcome) for each, outcome in found if outcome is not None)


def _outcome(dossiers: Mapping[str, Dossier], rubric: Rubric, each: Standing, known_by: date) -> Outcome | None:
    return outcome_after(dossiers[each.line], rubric, each.origin, months=MONTHS, known_by=known_by)
