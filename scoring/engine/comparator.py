"""The forecast to beat: has this vendor failed before, and how often does the line launch (docs/prereg.md, section 4).

    logit P(fails within 12 months) = intercept + a x [vendor failed before] + b x (log(1 + launches) - log 4)

The maximum of likelihood times normal priors, by Newton's method; the usual rate is the same with the intercept alone.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray

from scoring.engine.evidence import Floats
from scoring.engine.linecases import LineCase, Standing
from scoring.engine.schema import Count, Points, Range, RubricError, build

COMPARATOR = "comparator-0.1.0"
PROTOCOL = "lines-0.2.0"
USUAL = 0.15  # center of the prior for the level
SPREAD = 1.0  # of every prior, nats
BELOW, ABOVE = 0.75, 1.33  # of the usual rate
CENTER = float(np.log(4.0))

BandName = Literal["below", "near", "above"]
BANDS: tuple[BandName, ...] = ("below", "near", "above")
RECORDS = ("clean", "failed_before")


@dataclass(frozen=True, slots=True)
class Record:
    """Of the development forecasts in one band, made without the vendor's own lines: so many failed."""

    failed: Annotated[int, Range(low=0)]
    comparable: Annotated[int, Range(low=0)]


@dataclass(frozen=True, slots=True)
class Comparator:
    """Coefficients in nats."""

    name: str
    protocol: str
    made_on: str
    known_through: str
    rubric: str  # whose limits say what a closed launch is
    cases_sha256: str
    cases: Count
    failures: Count
    intercept: Points
    failed_before: Points
    launches: Points
    usual: Points  # rate among lines at risk
    permits: Literal["facts", "bands"]  # what the test on the past permits to be said of a line
    records: dict[str, Record]  # by the vendor's record: how often lines at risk failed
    bands: dict[str, Record]
    sha256: str

    def probability(self, failed_before: bool, launches: int) -> float:
        x = np.array([[float(failed_before), _rate(launches)]])
        return float(predict(np.array([self.intercept, self.failed_before, self.launches]), x)[0])

    def alike(self, failed_before: bool) -> Record:
        """How lines at risk whose vendor had such a record came out."""
        return self.records[RECORDS[failed_before]]

    def told(self, failed_before: bool, launches: int) -> Record:
        """What is told of such a line: how those in its band came out where bands are permitted, else those alike."""
        p = self.probability(failed_before, launches)
        return self.record(p) if self.permits == "bands" else self.alike(failed_before)

    def band(self, p: float) -> BandName:
        return band_of(p, self.usual)

    def record(self, p: float) -> Record:
        """How the development forecasts in the same band came out."""
        return self.bands[self.band(p)]


def band_of(p: float, usual: float) -> BandName:
    return "below" if p < BELOW * usual else "above" if p > ABOVE * usual else "near"


def _rate(launches: int) -> float:
    return float(np.log1p(launches)) - CENTER


def columns(rows: Sequence[Standing]) -> Floats:
    """[rows, 2]: failed before, launches."""
    return np.array([[float(row.failed_before), _rate(row.launches)] for row in rows]).reshape(len(rows), 2)


def logit(p: Floats | float) -> Floats:
    odds: Floats = np.log(np.asarray(p) / (1.0 - np.asarray(p)))
    return odds


def predict(b: Floats, x: Floats, offset: Floats | float = 0.0) -> Floats:
    chance: Floats = 1.0 / (1.0 + np.exp(-(b[0] + x @ b[1:] + offset)))
    return chance


def fit_logistic(x: Floats, hit: NDArray[np.bool_], center: float, offset: Floats | float = 0.0) -> Floats:
    """Intercept ~ N(center, 1) and a coefficient ~ N(0, 1) for each column of ``x``, at the maximum."""
    matrix = np.column_stack([np.ones(len(x)), x])
    mean: Floats = np.zeros(matrix.shape[1])
    mean[0] = center
    b = mean.copy()
    for _ in range(100):
        chance = predict(b, x, offset)
        slope = matrix.T @ (hit - chance) - (b - mean) / SPREAD**2
        curvature = (matrix * (chance * (1.0 - chance))[:, None]).T @ matrix + np.eye(len(b)) / SPREAD**2
        step = np.linalg.solve(curvature, slope)
        b = b + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    return b


def failures(cases: Sequence[LineCase]) -> NDArray[np.bool_]:
    return np.array([case.failed for case in cases], dtype=np.bool_)


def fit_comparator(cases: Sequence[LineCase]) -> tuple[Floats, float]:
    """Coefficients, and the usual rate."""
    hit, prior = failures(cases), float(logit(USUAL))
    level = fit_logistic(np.zeros((len(cases), 0)), hit, prior)
    usual = float(predict(level, np.zeros((1, 0)))[0])
    return fit_logistic(columns([case.standing for case in cases]), hit, prior), usual


def cases_digest(cases: Sequence[LineCase]) -> str:
    """SHA-256, in hexadecimal, of what the fit was made from."""
    rows = [
        (one.line, one.vendor, one.origin.isoformat(), one.failed_before, one.launches, case.outcome.kind)
        for case in cases
        for one in (case.standing,)
    ]
    return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()


def make_comparator(
    cases: Sequence[LineCase],
    bands: Mapping[str, Record],
    rubric: str,
    made_on: date,
    known_through: date,
    permits: Literal["facts", "bands"] = "facts",
) -> Comparator:
    """Fitted on all development data. ``bands``: how judged forecasts came out, see ``linetest``."""
    b, usual = fit_comparator(cases)
    apart = {RECORDS[before]: [c for c in cases if c.standing.failed_before == before] for before in (False, True)}
    return Comparator(
        name=COMPARATOR,
        protocol=PROTOCOL,
        made_on=made_on.isoformat(),
        known_through=known_through.isoformat(),
        rubric=rubric,
        cases_sha256=cases_digest(cases),
        cases=len(cases),
        failures=int(failures(cases).sum()),
        intercept=float(b[0]),
        failed_before=float(b[1]),
        launches=float(b[2]),
        usual=usual,
        permits=permits,
        records={name: Record(int(failures(rows).sum()), len(rows)) for name, rows in apart.items()},
        bands=dict(bands),
        sha256="",
    )


def render(made: Comparator) -> str:
    """The file, rounded to nine digits."""
    texts = ("name", "protocol", "made_on", "known_through", "rubric", "cases_sha256", "permits")
    numbers = ("intercept", "failed_before", "launches", "usual")
    return "\n".join(
        [
            "# Fitted to model lines up to known_through by `manage.py fitlines --write`: development data.",
            "# The protocol is docs/prereg.md. Nats of log odds of a failure within 12 months.",
            *(f'{key} = "{getattr(made, key)}"' for key in texts),
            f"cases = {made.cases}",
            f"failures = {made.failures}",
            *(f"{key} = {getattr(made, key):.9e}" for key in numbers),
            "",
            "# Lines at risk by whether their vendor had failed before.",
            "[records]",
            *(_row(name, made.records[name]) for name in RECORDS),
            "",
            "# Forecasts of the past in each band, made without the vendor's own lines and from what was known then.",
            "[bands]",
            *(_row(name, made.bands[name]) for name in BANDS),
            "",
        ]
    )


def _row(name: str, record: Record) -> str:
    return f"{name} = {{ failed = {record.failed}, comparable = {record.comparable} }}"


@lru_cache(maxsize=4)
def load_comparator(name: str = COMPARATOR) -> Comparator:
    """The packaged comparator of that name. Raises RubricError that names the path of what is wrong."""
    return parse_comparator((resources.files("scoring.engine") / "fits" / f"{name}.toml").read_bytes())


def parse_comparator(content: bytes) -> Comparator:
    try:
        data = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RubricError(f"comparator: not readable as TOML: {error}") from error
    made = build(Comparator, data | {"sha256": hashlib.sha256(content).hexdigest()}, "comparator")
    if sorted(made.bands) != sorted(BANDS):
        raise RubricError(f"comparator.bands: must be {', '.join(BANDS)}")
    if sorted(made.records) != sorted(RECORDS):
        raise RubricError(f"comparator.records: must be {', '.join(RECORDS)}")
    if not 0 < made.usual < 1:
        raise RubricError("comparator.usual: must lie between 0 and 1")
    for table in ("bands", "records"):
        if any(record.failed > record.comparable for record in getattr(made, table).values()):
            raise RubricError(f"comparator.{table}: no more can fail than there are")
    return made
