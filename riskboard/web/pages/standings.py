"""A line in one row: its state first, then the number, and whether the evidence carries it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from riskboard.catalog.models import Family, Line
from scoring.engine.assessment import LineState
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.stability import Placing
from scoring.models import Score

NO_PLACINGS: Mapping[str, Placing] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Standing:
    line: Line
    code: str
    label: str
    since: date | None
    durability: float | None  # None: never assessed
    low: float | None
    high: float | None
    newest: date | None
    is_thin: bool  # too little evidence to rate: shown greyed, never as safe
    is_live: bool = True  # failed and dormant lines have nothing left to forecast
    origins: int = 0  # independent ones
    placing: Placing | None = None  # None: not live, or not asked for


def standings(
    lines: Iterable[Line], scores: Mapping[int, Score], placings: Mapping[str, Placing] = NO_PLACINGS
) -> tuple[Standing, ...]:
    """``scores``: by line id, as ``latest_scores`` reads them; ``placings``: by slug."""
    return tuple(_standing(line, scores.get(line.pk), placings.get(line.slug)) for line in lines)


def latest_scores(lines: Iterable[Line], *, with_items: bool = False) -> dict[int, Score]:
    """What the board last said about each line, as the board itself shows it; ``with_items`` with what it sums."""
    scores = Score.objects.newest().filter(line__in=list(lines))
    return {score.line_id: score for score in (scores if with_items else scores.defer("items", "pledges"))}


def _standing(line: Line, score: Score | None, placing: Placing | None) -> Standing:
    if score is None:
        return Standing(line, "unknown", "Not examined", None, None, None, None, None, is_thin=True)
    return Standing(
        line=line,
        code=score.state,
        label=load_rubric(SHIPPED).state_label(score.state),
        since=score.state_since,
        durability=score.durability,
        low=score.low,
        high=score.high,
        newest=score.newest_on,
        is_thin=bool(score.insufficient),
        is_live=LineState(score.state, score.state_since).is_live,
        origins=score.evidence,
        placing=placing,
    )


def lines_reached(vendor_id: int, family: Family | None) -> list[Line]:
    """The line of the family; all lines of the vendor when a row names no family."""
    if family is not None:
        return [family.line]
    return list(Line.objects.filter(vendor=vendor_id).order_by("name"))
