"""The rolling origin's forecasts as they are stored, so that a page need not run the back-test (method section 14).

Two files beside the fit: a row per forecast (``.csv``), and what the rows stand for (``.toml``). Probabilities are kept
to four decimals; every figure is computed from them again.
"""

import csv
import io
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scoring.engine.backtest import ENGINE, Comparison, paired
from scoring.engine.evidence import Floats
from scoring.engine.metrics import Metrics, judge
from scoring.engine.periods import new_year
from scoring.engine.reference import REFERENCE
from scoring.engine.schema import Count, Days, NotNegative, Points, RubricError, Share, build

RECORD = f"record-{REFERENCE}"
STATES = "states_only"
BASE = "base_rate"
METHODS = (
    STATES,
    ENGINE,
    BASE,
    "governance_km",
    "license_only",
    "era_only",
    "weighted_sum",
    "weighted_sum_era",
    "expert_points",
    "unpenalized",
)
COLUMNS = ("case", "vendor", "domain", "governance", "recalled", "year", "days", "hit", *METHODS)

Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Probe:
    """The engine's figures with something taken away or spoiled."""

    n: Count
    events: Count
    log_loss: NotNegative
    bss: Points
    auc24: Share


@dataclass(frozen=True, slots=True)
class Truncated:
    """Forecasts recomputed from records cut at each origin, and the largest difference."""

    origins: Count
    forecasts: Count
    difference: NotNegative


@dataclass(frozen=True, slots=True)
class Head:
    name: str
    made_on: str
    fit: str
    expert: str
    expert_sha256: str
    class_sha256: str
    rows_sha256: str
    cases: Count
    failures: Count
    recalled: Days
    truncation: Truncated
    probes: dict[str, Probe]


@dataclass(frozen=True, slots=True)
class Rows:
    """One entry per forecast, in order of the year. ``days`` followed, at most 24 months; ``recalled``: a case of low
    confidence; ``chances`` by method."""

    case: Texts
    vendor: Texts
    domain: Texts
    governance: Texts
    recalled: Flags
    year: NDArray[np.int64]
    days: Floats
    hit: Flags
    chances: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.hit)

    def where(self, keep: Flags) -> "Rows":
        columns = {field.name: getattr(self, field.name)[keep] for field in fields(self) if field.name != "chances"}
        return Rows(**columns, chances={name: chance[keep] for name, chance in self.chances.items()})

    @property
    def ended(self) -> NDArray[np.int64]:
        """Day numbers: of the failure where there was one, else the last day of the 24 months that was followed."""
        begun = np.array([new_year(int(year)) for year in self.year], dtype=np.int64)
        return begun + self.days.astype(np.int64)


@dataclass(frozen=True, slots=True)
class Record:
    head: Head
    rows: Rows


def figures(rows: Rows) -> dict[str, Metrics]:
    """Every method's figures; skill is over the base rate known at each origin."""
    return {name: judge(chance, rows.hit, rows.days, rows.chances[BASE]) for name, chance in rows.chances.items()}


def comparisons(rows: Rows, against: str) -> dict[str, Comparison]:
    """Log loss of every other method minus that of ``against``, with intervals over vendors drawn whole."""
    return paired(rows.chances, rows.hit, rows.vendor.astype(str), against)


# Reading and writing ------------------------------------------------------------------------------


@lru_cache(maxsize=2)
def load_record(name: str = RECORD) -> Record:
    """The packaged record. Raises RubricError where a file is not usable or the two do not belong together."""
    folder = resources.files("scoring.engine") / "fits"
    return parse_record((folder / f"{name}.csv").read_bytes(), (folder / f"{name}.toml").read_bytes())


def parse_record(rows: bytes, head: bytes) -> Record:
    try:
        parsed = build(Head, tomllib.loads(head.decode()), "record")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RubricError(f"record: not readable as TOML: {error}") from error
    if sha256(rows).hexdigest() != parsed.rows_sha256:
        raise RubricError("record.rows_sha256: is not that of the rows; write the record again")
    return Record(parsed, parse_rows(rows))


def parse_rows(content: bytes) -> Rows:
    header, *lines = csv.reader(io.StringIO(content.decode(), newline=""))
    if tuple(header) != COLUMNS:
        raise RubricError(f"record: its columns must be {', '.join(COLUMNS)}")
    cells = dict(zip(COLUMNS, zip(*lines, strict=True), strict=True))
    texts = {name: np.array(cells[name], dtype=object) for name in COLUMNS[:4]}
    return Rows(
        **texts,
        recalled=np.array(cells["recalled"]) == "yes",
        year=np.array(cells["year"], dtype=np.int64),
        days=np.array(cells["days"], dtype=np.float64),
        hit=np.array(cells["hit"]) == "yes",
        chances={name: np.array(cells[name], dtype=np.float64) for name in METHODS},
    )


def render_rows(rows: Rows) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(cells(rows))
    return written.getvalue().encode()


def cells(rows: Rows) -> Iterable[list[str]]:
    """Each forecast as text, in the order of ``COLUMNS``."""
    for at in range(len(rows)):
        yield [
            *(str(column[at]) for column in (rows.case, rows.vendor, rows.domain, rows.governance)),
            _yes(rows.recalled[at]),
            str(rows.year[at]),
            f"{rows.days[at]:.0f}",
            _yes(rows.hit[at]),
            *(f"{rows.chances[name][at]:.4f}" for name in METHODS),
        ]


def _yes(flag: np.bool_) -> str:
    return "yes" if flag else "no"


def render_head(head: Head) -> str:
    plain = [field.name for field in fields(head) if field.name not in {"truncation", "probes"}]
    cut = head.truncation
    truncation = f"origins = {cut.origins}, forecasts = {cut.forecasts}, difference = {cut.difference:.9f}"
    return "\n".join(
        [
            "# The back-test's forecasts by rolling origin, written by `manage.py trackrecord --write`.",
            *(f"{name} = {_quoted(getattr(head, name))}" for name in plain),
            f"truncation = {{ {truncation} }}",
            "",
            "[probes]",
            *(f"{name} = {_probe(probe)}" for name, probe in head.probes.items()),
            "",
        ]
    )


def _quoted(value: Any) -> str:  # noqa: ANN401 - a text or a number
    return f'"{value}"' if isinstance(value, str) else str(value)


def _probe(probe: Probe) -> str:
    counts = f"n = {probe.n}, events = {probe.events}"
    return f"{{ {counts}, log_loss = {probe.log_loss:.6f}, bss = {probe.bss:.6f}, auc24 = {probe.auc24:.6f} }}"
