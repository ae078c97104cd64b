"""What may be said of a line's next flagship before percentages are earned (method sections 12 and 18).

Counts of comparable lines and, once the record tells lines apart, on which side of the usual rate a line lies. Never
for a past day: the counts were learnt from what came after it.
"""

from dataclasses import dataclass
from typing import Any

from riskboard.catalog.models import Line
from riskboard.web.templatetags.board import day
from scoring.engine.outcomes import OffRisk
from scoring.engine.rubric import Rubric
from scoring.models import History
from scoring.rates import Rate

SIDES = {"below": "below the usual", "near": "near the usual", "above": "above the usual"}
TONES = {"below": "up", "near": "flat", "above": "down"}
ONLY_TODAY = "Counts of comparable lines were learnt from what came after this day."
NOT_APART = (
    "On the record neither these counts nor the score tell lines apart well enough to call one safer than usual."
)
SCORES = frozenset({"bands", "grades"})


@dataclass(frozen=True, slots=True)
class Usual:
    rate: Rate

    @property
    def is_above(self) -> bool:
        return self.rate.band == "above"

    @property
    def is_told(self) -> bool:
        """In a list only what sets a line apart is worth its room."""
        return self.rate.band in {"below", "above"}

    @property
    def side(self) -> str:
        """Blank while the record does not tell lines apart."""
        return SIDES.get(self.rate.band, "")

    @property
    def tone(self) -> str:
        return TONES.get(self.rate.band, "flat")

    @property
    def counts(self) -> str:
        """ "14 of 40 comparable"."""
        return f"{self.rate.failed} of {self.rate.comparable} comparable"

    @property
    def sentence(self) -> str:
        told = self.rate
        record = "had failed before" if told.failed_before else "had not failed before"
        said = (
            f"{told.failed} of {told.comparable} times a line at risk whose vendor {record} closed a flagship or "
            f"tightened its terms within 12 months; {told.hit} of {told.total} times over all lines."
        )
        return f"{self.side.capitalize()}: {said}" if self.side else said

    @property
    def reasons(self) -> str:
        """What the counts can carry."""
        number = self.rate.launches
        launched = f"This line launched {number} flagship{'s' if number != 1 else ''} in 24 months."
        return launched if self.side else f"{launched} {NOT_APART}"


def why_no_rate(found: OffRisk | None) -> str:
    """In place of counts, for a line that is not at risk."""
    if found is None or found.launch is None:
        return "No flagship of it is open."
    name, on = found.launch.name, day(found.launch.announced)
    match found.reason:
        case "inactive":
            return f"Its newest open flagship, {name}, came out more than a year ago: nothing new may follow."
        case "under_way":
            return f"{name}, announced {on}, is closed or under tighter terms so far; it is judged after 90 days."
        case _:
            return f"It failed with {name}, announced {on}, and no flagship has been open for 180 days since."


def shows_scores(rubric: Rubric) -> bool:
    """Without any record a rubric shows states, facts and counts alone."""
    return rubric.precision in SCORES


def usual_of(line: Line) -> Usual | None:
    """Of today, as last stored; None for a line not at risk. Costs a query unless its timeline came with the line."""
    history: History | None = getattr(line, "timeline", None)
    return usual(history.rate) if history else None


def usual(rate: dict[str, Any] | None) -> Usual | None:
    return Usual(Rate(**rate)) if rate else None
