"""What a record permits the pages to show (docs/prereg.md, sections 8 and 12)."""

from functools import lru_cache
from typing import Literal

from scoring.engine.backtest import ENGINE
from scoring.engine.comparator import load_comparator
from scoring.record import BASE, Record, comparisons, figures, load_record

Level = Literal["facts", "bands", "grades"]
LEVELS: tuple[Level, ...] = ("facts", "bands", "grades")

LEAST_AUC, MOST_ECE, MOST_INTERCEPT = 0.75, 0.04, 0.3
SLOPE = (0.8, 1.25)


def class_gate(record: Record) -> dict[str, bool]:
    """What the test on past commitments had to show, and whether it does."""
    found = figures(record.rows)[ENGINE]
    over_base = comparisons(record.rows, ENGINE)[BASE]
    return {
        "log loss better than the base rate's": over_base.low > 0,
        "order": found.auc24 is not None and found.auc24 >= LEAST_AUC,
        "slope": found.slope is not None and SLOPE[0] <= found.slope <= SLOPE[1],
        "intercept": found.intercept is not None and abs(found.intercept) <= MOST_INTERCEPT,
        "calibration": found.ece is not None and found.ece <= MOST_ECE,
    }


@lru_cache(maxsize=1)
def of_scores() -> Level:
    """For the score and its band. Percentages and letters wait for the live record, whatever the past says."""
    return "bands" if all(class_gate(load_record()).values()) else "facts"


def of_lines() -> Level:
    """For what is said of one line's next flagship: counts, or a side of the usual rate."""
    return load_comparator().permits


def exceeds(claimed: Level, permitted: Level) -> bool:
    return LEVELS.index(claimed) > LEVELS.index(permitted)
