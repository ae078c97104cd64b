"""What the engine answers: one frozen assessment per line and day."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Mode = Literal["withdrawn", "restricted", "closed_next"]
MODES: tuple[Mode, ...] = ("withdrawn", "restricted", "closed_next")


@dataclass(frozen=True, slots=True)
class Contribution:
    """One item of the sum. ``BASE`` + all others = the score, exactly (method section 6)."""

    dimension: str  # "base", one of the rubric's dimensions, or "bound"
    code: str  # BASE, EV:<kind>, ST:<fact>, BE:<feature>, PL:best_pledge, IN:reach_x_pressure, BOUND
    label: str
    points: float
    evidence: tuple[str, ...] = ()  # references of the rows it came from
    key: str = ""  # the same item on another day has the same key


@dataclass(frozen=True, slots=True)
class LineState:
    """The state of a line in words, derived from dated rows."""

    code: str  # no_open_model, withdrawn, reopened, closed, mixed, dormant, tightened, open
    since: date | None
    pending: tuple[str, ...] = ()  # names of closed launches younger than the rubric's grace
    evidence: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """Failed and dormant lines have nothing left to forecast and get no grade."""
        return self.code in {"open", "tightened", "mixed", "reopened"}


@dataclass(frozen=True, slots=True)
class PledgeReading:
    pledge: str
    status: str  # open, kept, at_risk, broken, superseded
    reason: str
    credibility: float  # 0..1
    points: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """Probabilities within ``months``, averaged over the score's own uncertainty."""

    months: int
    total: float
    withdrawn: float
    restricted: float
    closed_next: float
    low: float  # plausible range of ``total``: the 80 % band of the score read as probabilities
    high: float
    held: float  # the copy already held is hit
    next_version: float  # the next version is closed or restricted
    central: float  # ``total`` at the central score, for the identities


@dataclass(frozen=True, slots=True)
class Assessment:
    subject: str
    as_of: date
    rubric: str
    state: LineState
    durability: float  # 0..100, higher is more durable
    raw: float  # before the display bound
    low: float
    high: float
    sd: float
    grade: str  # "" until the rubric has earned grades, and for lines that are not live
    insufficient: tuple[str, ...]  # FEW_FACTS, FEW_SOURCES, STALE, WIDE
    forecasts: tuple[Forecast, ...]  # 12 months first, then 24
    contributions: tuple[Contribution, ...]
    pledges: tuple[PledgeReading, ...]
    pressure: float  # 0..1
    origins: int  # independent origins of the evidence
    newest: date | None  # newest evidence used
    examined: float  # 0..1: how far the evidence reaches what the rubric asks for
    ranked: float  # 0..100: the durability it ranks with; below its own where it was not examined far enough

    @property
    def is_rated(self) -> bool:
        """Something is left to forecast, and the evidence carries it."""
        return self.state.is_live and not self.insufficient

    def forecast(self, months: int) -> Forecast:
        return next(f for f in self.forecasts if f.months == months)
