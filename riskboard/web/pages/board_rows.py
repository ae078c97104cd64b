"""A line in one row of the board: its state first, then the number, how it moved and on how much evidence it stands."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor

from django.urls import reverse

from riskboard.catalog.kinds import LicenseCategory
from riskboard.catalog.models import Line
from riskboard.web.pages.usual import Usual, shows_scores, usual
from scoring.engine.assessment import LineState
from scoring.engine.rubric import Rubric
from scoring.engine.stability import Placing
from scoring.selectors import BoardLine
from scoring.timelines import QUARTER, Move

LACKS = {
    "FEW_FACTS": "few facts",
    "FEW_SOURCES": "few sources",
    "STALE": "stale",
    "WIDE": "wide range",
}
SPARK_WIDTH, SPARK_HEIGHT, SPARK_WEEKS = 110, 26, 104
WEEKS_A_POINT = 4
# The higher, the less is open: a line that climbed here got worse.
STRICTNESS = {"open": 0, "reopened": 0, "tightened": 1, "mixed": 2, "closed": 3, "withdrawn": 4}


@dataclass(frozen=True, slots=True)
class StateTag:
    code: str
    label: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Cause:
    text: str
    points: float
    url: str


@dataclass(frozen=True, slots=True)
class BoardRow:
    line: Line
    name: str
    vendor: str
    url: str
    vendor_url: str
    modality: str
    category: str  # of the license; blank: unknown
    state: StateTag
    is_live: bool
    is_worse: bool  # closed or tightened within 90 days
    lacks: str  # what keeps it from being rated; blank: nothing
    grade: str
    durability: float | None
    low: float | None
    high: float | None
    change: float | None
    move: Cause | None
    weekly: tuple[float, ...]  # durability over the last two years
    origins: int
    ranked: float | None  # the durability that it ranks with, below its own where it was not examined far enough
    placing: Placing | None  # None: not live, or not placed yet
    usual: Usual | None
    spark: str = ""  # the same as a polyline, on the scale of all rows

    @property
    def license(self) -> str:
        return LicenseCategory(self.category).label if self.category else "license unknown"

    @property
    def is_thin(self) -> bool:
        return bool(self.lacks)

    @property
    def moved(self) -> int | None:
        """The change in whole points, as it is shown."""
        return None if self.change is None else round(self.change)

    @property
    def rated(self) -> float | None:
        """What a live line ranks with."""
        return self.ranked if self.is_live else None

    @property
    def lowest(self) -> float | None:
        """The lower end of its band, which widens by as much as the line ranks below its own score."""
        if self.low is None or self.durability is None or self.ranked is None:
            return self.low
        return max(0.0, self.low - (self.durability - self.ranked))

    @property
    def is_held_back(self) -> bool:
        """Does it rank lower than its own score, so that one sees it?"""
        return self.is_thin and self.ranked is not None and round(self.ranked) != round(self.durability or 0.0)

    @property
    def two_years(self) -> float | None:
        return self.weekly[-1] - self.weekly[0] if self.weekly else None

    @property
    def spark_words(self) -> str:
        first, last = self.weekly[0], self.weekly[-1]
        return f"from {first:.0f} to {last:.0f}, between {min(self.weekly):.0f} and {max(self.weekly):.0f}"


@dataclass(frozen=True, slots=True)
class SparkScale:
    """One for all rows, so that they can be compared."""

    low: int
    high: int

    @classmethod
    def over(cls, rows: Iterable[BoardRow]) -> "SparkScale":
        values = [value for row in rows for value in row.weekly] or [0.0, 100.0]
        low, high = 10 * floor(min(values) / 10), 10 * ceil(max(values) / 10)
        return cls(low, high if high > low else low + 10)

    def points(self, weekly: Sequence[float]) -> str:
        """A polyline; its right end is the last week."""
        places = range(len(weekly) - 1, -1, -WEEKS_A_POINT)
        return " ".join(
            f"{self._x(len(weekly) - 1 - place):.0f},{self._y(weekly[place]):.1f}" for place in reversed(places)
        )

    def _x(self, weeks_back: int) -> float:
        return SPARK_WIDTH * (1 - weeks_back / SPARK_WEEKS)

    def _y(self, value: float) -> float:
        return 1 + (SPARK_HEIGHT - 2) * (1 - (value - self.low) / (self.high - self.low))


def board_row(found: BoardLine, rubric: Rubric, day: date) -> BoardRow:
    line = found.line
    name, _, bracket = line.name.rpartition(" (")
    return BoardRow(
        line=line,
        name=name or line.name,
        vendor=bracket.rpartition(", ")[0] or line.vendor.name,
        url=line.get_absolute_url(),
        vendor_url=line.vendor.get_absolute_url(),
        modality=line.modality,
        category=found.license_category,
        state=_state(found, rubric),
        is_live=LineState(found.state, found.state_since).is_live,
        is_worse=_is_worse(found, day),
        lacks=", ".join(LACKS[code] for code in found.insufficient),
        grade=found.grade,
        durability=found.durability if shows_scores(rubric) else None,
        low=found.low,
        high=found.high,
        change=found.delta90,
        move=cause(line, found.moved_by) if found.moved_by else None,
        weekly=found.spark,
        origins=found.evidence,
        ranked=found.ranked,
        placing=found.placing,
        usual=usual(found.rate) if found.rate and not found.insufficient else None,
    )


def _state(found: BoardLine, rubric: Rubric) -> StateTag:
    if not found.state:
        return StateTag("unknown", "Not scored yet", None)
    return StateTag(found.state, rubric.state_label(found.state), found.state_since)


def _is_worse(found: BoardLine, day: date) -> bool:
    tightened = found.state == "tightened" and found.state_since is not None and found.state_since > day - QUARTER
    was_open = found.state90 in STRICTNESS
    return tightened or (was_open and STRICTNESS.get(found.state, -1) > STRICTNESS[found.state90])


def cause(line: Line, move: Move) -> Cause:
    return Cause(move.text.rstrip("."), move.points, evidence_url(line, move.reference))


def evidence_url(line: Line, reference: str) -> str:
    """Where a row of evidence is shown; the line's own page where several rows did it together."""
    kind, _, key = reference.partition(":")
    pages = {"signal": "signal", "license-change": "change", "pledge": "pledge", "license": "license"}
    if kind in pages and key:
        return reverse(pages[kind], args=[key])
    if kind == "release" and key:
        return f"{line.get_absolute_url()}?event={reference}"
    return f"{line.vendor.get_absolute_url()}#facts" if kind == "fact" else line.get_absolute_url()
