"""Model lines, reconstructed: how the comparator and the engine forecast the development data."""

from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import Line
from scoring.engine.comparator import BANDS, Comparator, Record, load_comparator
from scoring.engine.linetest import Alarms, Difference, LineFigures
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.linerecord import JUDGED, LineRecord, Miss, load_line_record

LABELS = {
    "comparator": "comparator",
    "engine": "engine, level learned from earlier lines",
    "engine_with_level": "engine, its own level kept",
    "single_bit": "vendor failed before, alone",
    "usual": "usual rate",
}
DIFFERENCES = {
    "engine-comparator": "engine minus comparator",
    "comparator-usual": "comparator minus usual rate",
    "engine-usual": "engine minus usual rate",
}
GATE = {
    "order": "order: AUC at least .60, its interval above .50",
    "level": "level: observed / expected .75 to 1.33",
    "log_score": "log score no worse than the usual rate's",
    "bands": "more failures above usual than below it",
}
VARIANTS = {
    "derived_dates_dropped": "rows with derived publication days dropped",
    "unread_outcomes_left_out": "outcomes that rest on an unread clause left out",
    "recalled_rows_counted": "recalled rows counted",
    "gating_not_counted": "gating not counted as narrower",
    "pledges_on": "pledge term at 9 points",
    "reach_x_pressure_on": "reach × pressure at −5 points",
    "legal_points_on": "legal points back on",
}
MODES = {"closed_next": "next version closed", "restricted": "terms narrower", "": "not told"}
BAND_WORDS = {"below": "below usual", "near": "near usual", "above": "above usual"}


@dataclass(frozen=True, slots=True)
class MissRow:
    """``address`` is blank where the line is no longer on the board."""

    name: str
    address: str
    origin: date
    failed_on: date | None
    mode: str
    p: float


@dataclass(frozen=True, slots=True)
class BandRows:
    label: str
    records: tuple[tuple[str, Record], ...]
    alarms: Alarms
    misses: tuple[MissRow, ...]


@dataclass(frozen=True, slots=True)
class LinesPart:
    record: LineRecord
    methods: tuple[tuple[str, LineFigures], ...]
    differences: tuple[tuple[str, Difference], ...]
    bands: tuple[BandRows, ...]
    gate: tuple[tuple[str, tuple[bool, ...]], ...]  # by condition: comparator, engine
    variants: tuple[tuple[str, LineFigures, LineFigures, Difference], ...]
    is_of_rubric: bool  # the one in force is the one that was judged

    @property
    def comparator(self) -> Comparator:
        return load_comparator()

    @property
    def shown(self) -> str:
        return self.record.shown

    @property
    def missed(self) -> list[str]:
        """Conditions of the gate that the forecast shown does not meet."""
        return [GATE[name] for name, held in self.record.gate[self.shown].items() if not held]


def lines_part() -> LinesPart:
    """One query."""
    record, rubric = load_line_record(), load_rubric(SHIPPED)
    wanted = {miss.line for misses in record.misses.values() for miss in misses}
    known = {line.slug: line for line in Line.objects.filter(slug__in=wanted)}
    return LinesPart(
        record=record,
        methods=tuple((label, record.methods[name]) for name, label in LABELS.items()),
        differences=tuple((label, record.differences[name]) for name, label in DIFFERENCES.items()),
        bands=tuple(_bands(record, name, known) for name in JUDGED),
        gate=tuple((label, tuple(record.gate[name][key] for name in JUDGED)) for key, label in GATE.items()),
        variants=tuple(
            (VARIANTS[each.name], each.methods["comparator"], each.methods["engine"], each.engine_over_comparator)
            for each in record.variants
        ),
        is_of_rubric=(record.rubric, record.rubric_sha256) == (rubric.name, rubric.sha256),
    )


def _bands(record: LineRecord, name: str, known: dict[str, Line]) -> BandRows:
    found = record.bands[name]
    records = tuple((BAND_WORDS[band], found.records[band]) for band in BANDS)
    return BandRows(name, records, found.alarms, tuple(_miss(each, known) for each in record.misses[name]))


def _miss(miss: Miss, known: dict[str, Line]) -> MissRow:
    line = known.get(miss.line)
    return MissRow(
        name=line.name if line else miss.line,
        address=line.get_absolute_url() if line else "",
        origin=miss.origin,
        failed_on=miss.failed_on,
        mode=MODES[miss.mode],
        p=miss.p,
    )
