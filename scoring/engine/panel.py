"""Scores of many lines over many days: the path of an assessment, over an array of days (method section 9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scoring.engine.evidence import Floats
from scoring.engine.facts import Dossier
from scoring.engine.hazard import averaged
from scoring.engine.reading import read
from scoring.engine.rubric import Rubric


@dataclass(frozen=True, slots=True)
class Panel:
    """Arrays are [lines, days], float64: points, and probabilities of a failure within 12 and 24 months."""

    subjects: tuple[str, ...]
    first: date
    durability: Floats
    raw: Floats
    low: Floats
    high: Floats
    sd: Floats
    p12: Floats
    p24: Floats

    def days(self) -> tuple[date, ...]:
        start = self.first.toordinal()
        return tuple(date.fromordinal(start + offset) for offset in range(self.raw.shape[1]))


def panel(dossiers: Sequence[Dossier], rubric: Rubric, first: date, last: date) -> Panel:
    """Every day from ``first`` to ``last``, both included; equal to ``assess`` on each. Raises ValueError when
    ``last`` is before ``first``."""
    if last < first:
        raise ValueError(f"a panel from {first} to {last} has no days")
    days = np.arange(first.toordinal(), last.toordinal() + 1, dtype=np.int64)
    raw, sd = np.empty((len(dossiers), len(days))), np.empty((len(dossiers), len(days)))
    p12, p24 = np.empty_like(raw), np.empty_like(raw)
    for row, dossier in enumerate(dossiers):
        reading = read(dossier, rubric, days)
        raw[row], sd[row] = reading.raw(), reading.spread()
        p12[row], p24[row] = (averaged(raw[row], sd[row], rubric, months) for months in (12, 24))
    reach, (lowest, highest) = rubric.interval.z * sd, (rubric.scale.lowest, rubric.scale.highest)
    return Panel(
        subjects=tuple(dossier.subject for dossier in dossiers),
        first=first,
        durability=np.clip(raw, lowest, highest),
        raw=raw,
        low=np.clip(raw - reach, lowest, highest),
        high=np.clip(raw + reach, lowest, highest),
        sd=sd,
        p12=p12,
        p24=p24,
    )
