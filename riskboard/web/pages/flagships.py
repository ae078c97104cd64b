"""What a vendor's flagships did: open or not by year, how long weights took, how often one came."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from riskboard.catalog import kinds
from riskboard.catalog.models import Line, Release

OPEN = "open"
LIMITED = "limited"
HOSTED = "hosted"
GONE = "gone"
CLASS_OF = {
    kinds.Access.OPEN_WEIGHTS: OPEN,
    kinds.Access.GATED: OPEN,
    kinds.Access.RESTRICTED: LIMITED,
    kinds.Access.API_ONLY: HOSTED,
    kinds.Access.WITHDRAWN: GONE,
}
STACK = (OPEN, LIMITED, HOSTED, GONE)  # from the bottom up
BAR, STEP, HEIGHT, TOP = 34, 48, 120, 16
FEWEST_UNITS = 4  # so that one flagship alone does not fill the chart


@dataclass(frozen=True, slots=True)
class Segment:
    kind: str
    number: int
    x: float
    y: float
    height: float

    @property
    def text_x(self) -> float:
        return self.x + BAR / 2

    @property
    def text_y(self) -> float:
        return self.y + self.height / 2 + 4


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    open: int
    limited: int
    hosted: int
    gone: int
    segments: tuple[Segment, ...]
    label_x: float


@dataclass(frozen=True, slots=True)
class YearChart:
    years: tuple[Year, ...]
    bar: int = BAR
    base: int = TOP + HEIGHT

    @property
    def width(self) -> int:
        return max(1, len(self.years)) * STEP

    @property
    def height(self) -> int:
        return self.base + 20


@dataclass(frozen=True, slots=True)
class FlagshipRow:
    release: Release
    kind: str
    lag_days: int | None  # from the first offer to the weights; None when either is unknown


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One line: medians always stand beside how many they are over."""

    line: Line
    opened: int
    closed: int
    lags: tuple[int, ...]
    gaps: tuple[int, ...]
    last_open_on: date | None

    @property
    def hosted_first(self) -> int:
        return sum(1 for lag in self.lags if lag > 0)

    @property
    def lag(self) -> float | None:
        return median(self.lags) if self.lags else None

    @property
    def gap(self) -> float | None:
        return median(self.gaps) if self.gaps else None


def flagship_row(release: Release) -> FlagshipRow:
    lag = None if release.weights_on is None else max(0, (release.weights_on - release.announced_on).days)
    return FlagshipRow(release, CLASS_OF[kinds.Access(release.access)], lag)


def year_chart(rows: Sequence[FlagshipRow]) -> YearChart:
    """Flagships by the year they were announced in; years without one stand in the row too."""
    by_year: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows:
        by_year[row.release.announced_on.year][row.kind] += 1
    if not by_year:
        return YearChart(())
    most = max(FEWEST_UNITS, *(counter.total() for counter in by_year.values()))
    span = range(min(by_year), max(by_year) + 1)
    return YearChart(tuple(_year(year, by_year[year], place, HEIGHT / most) for place, year in enumerate(span)))


def _year(year: int, counted: Counter[str], place: int, unit: float) -> Year:
    x = place * STEP + (STEP - BAR) / 2
    segments, top = [], float(TOP + HEIGHT)
    for kind in STACK:
        if counted[kind]:
            height = counted[kind] * unit
            top -= height
            segments.append(Segment(kind, counted[kind], x, round(top, 2), round(height, 2)))
    shown = (counted[OPEN], counted[LIMITED], counted[HOSTED], counted[GONE])
    return Year(year, *shown, segments=tuple(segments), label_x=x + BAR / 2)


def rhythms(lines: Iterable[Line], rows: Sequence[FlagshipRow]) -> tuple[Rhythm, ...]:
    return tuple(_rhythm(line, [row for row in rows if row.release.family.line_id == line.pk]) for line in lines)


def _rhythm(line: Line, rows: list[FlagshipRow]) -> Rhythm:
    announced = sorted({row.release.announced_on for row in rows})
    opened = [row.release.weights_on for row in rows if row.release.weights_on is not None]
    return Rhythm(
        line=line,
        opened=sum(1 for row in rows if row.kind in {OPEN, LIMITED}),
        closed=sum(1 for row in rows if row.kind in {HOSTED, GONE}),
        lags=tuple(sorted(row.lag_days for row in rows if row.lag_days is not None)),
        gaps=tuple((later - earlier).days for earlier, later in pairwise(announced)),
        last_open_on=max(opened, default=None),
    )
