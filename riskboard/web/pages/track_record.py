"""The track record: what was forecast and what came, live and reconstructed kept apart."""

from dataclasses import dataclass
from datetime import date

from riskboard.web.forms_record import RecordForm
from riskboard.web.pages.criteria import Alarm, Criterion, alarms, criteria
from riskboard.web.pages.record import RecordPart, record_part
from riskboard.web.pages.record_lines import LinesPart, lines_part
from scoring.engine.months import add_months
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.precision import exceeds, of_lines, of_scores
from scoring.track import (
    FAILURES_NEEDED,
    RESOLVED_NEEDED,
    MethodRecord,
    Round,
    Standing,
    live_forecasts,
    rounds,
    standing,
)

HORIZON = 12  # months
ROUNDS = 8
METHODS = {"engine": "the engine", "comparator": "the comparator", "usual": "the usual rate"}
LEVELS = {
    "facts": "states, facts and counts with their denominators; no likelihood",
    "bands": "a score from 0 to 100 with its band, called reconstructed; where the record on lines permits it, below, "
    "near or above the usual with “k of n comparable lines”; no percentages, no letters",
    "grades": "letters and percentages",
}


@dataclass(frozen=True, slots=True)
class Permitted:
    """What pages may show today."""

    level: str
    means: str
    resolved_needed: int = RESOLVED_NEEDED
    failures_needed: int = FAILURES_NEEDED


@dataclass(frozen=True, slots=True)
class LivePart:
    standing: Standing
    rounds: tuple[Round, ...]  # the newest
    older: int  # rounds that are not shown
    earliest: date  # day on which a forecast recorded today would come due

    @property
    def methods(self) -> list[tuple[str, MethodRecord]]:
        return [(METHODS[each.name], each) for each in self.standing.methods]


@dataclass(frozen=True, slots=True)
class TrackRecordPage:
    live: LivePart
    lines: LinesPart
    record: RecordPart
    criteria: tuple[Criterion, ...]
    alarms: tuple[Alarm, ...]
    permitted: Permitted

    @property
    def form(self) -> RecordForm:
        return self.record.form

    @property
    def claims_too_much(self) -> bool:
        return exceeds(load_rubric(SHIPPED).precision, of_scores())

    @property
    def counts_only(self) -> bool:
        """Of one line no side of the usual rate is said."""
        return of_lines() == "facts"

    @property
    def csv(self) -> str:
        return self.form.csv_query

    @property
    def met(self) -> int:
        return len(self.criteria) - len(self.missed)

    @property
    def missed(self) -> list[Criterion]:
        return [each for each in self.criteria if not each.all_met]


def track_record_page(form: RecordForm, today: date) -> TrackRecordPage:
    record = record_part(form)
    return TrackRecordPage(live_part(today), lines_part(), record, criteria(), alarms(record.head), permitted())


def permitted() -> Permitted:
    level = load_rubric(SHIPPED).precision
    return Permitted(level, LEVELS[level])


def live_part(today: date) -> LivePart:
    made = live_forecasts()
    grouped = rounds(made)
    return LivePart(
        standing(made, today=today), grouped[:ROUNDS], max(0, len(grouped) - ROUNDS), add_months(today, HORIZON)
    )
