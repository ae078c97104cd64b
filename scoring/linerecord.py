"""How forecasts of model lines were judged on the past, as it is stored for pages (docs/prereg.md, section 5)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Any

from scoring.engine.comparator import Record
from scoring.engine.linetest import Alarms, Difference, LineFigures
from scoring.engine.schema import RubricError

LINE_RECORD = "record-lines-0.1.0"
DIGITS = 6
LEFT_OUT = "forecasts"  # the figures of a page follow from them, not the other way round
JUDGED = ("comparator", "engine")


@dataclass(frozen=True, slots=True)
class Outcomes:
    failed: int
    no_next_version: int
    kept: int
    vendors: int
    vendors_failed: int

    @property
    def n(self) -> int:
        return self.failed + self.no_next_version + self.kept


@dataclass(frozen=True, slots=True)
class Miss:
    """A failure that was forecast below the usual rate of the day."""

    line: str
    origin: date
    failed_on: date | None
    mode: str
    p: float


@dataclass(frozen=True, slots=True)
class Bands:
    records: Mapping[str, Record]
    alarms: Alarms


@dataclass(frozen=True, slots=True)
class Origin:
    """``log_scores`` by method."""

    day: date
    outcomes: Outcomes
    log_scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Variant:
    """The run again with something changed."""

    name: str
    outcomes: Outcomes
    methods: Mapping[str, LineFigures]
    engine_over_comparator: Difference


@dataclass(frozen=True, slots=True)
class LineRecord:
    rubric: str
    rubric_sha256: str
    known_through: date
    outcomes: Outcomes
    origins: tuple[Origin, ...]
    methods: Mapping[str, LineFigures]
    differences: Mapping[str, Difference]  # "engine-comparator" and the like
    bands: Mapping[str, Bands]
    misses: Mapping[str, tuple[Miss, ...]]
    gate: Mapping[str, Mapping[str, bool]]
    variants: tuple[Variant, ...]
    shown: str
    permits: str


def render_lines(found: Mapping[str, Any]) -> str:
    """The report of ``scoring.linejudging`` as it is stored."""
    kept = {key: value for key, value in found.items() if key != LEFT_OUT}
    return json.dumps(_rounded(kept), indent=1, allow_nan=False) + "\n"


def _rounded(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, float):
        return round(value, DIGITS)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=2)
def load_line_record(name: str = LINE_RECORD) -> LineRecord:
    """The packaged record. Raises RubricError where it is not usable."""
    return parse_lines((resources.files("scoring.engine") / "fits" / f"{name}.json").read_text(encoding="utf-8"))


def parse_lines(content: str) -> LineRecord:
    try:
        return _record(json.loads(content))
    except (ValueError, KeyError, TypeError) as error:
        raise RubricError(f"record of lines: not usable: {error!r}") from error


def _record(found: dict[str, Any]) -> LineRecord:
    return LineRecord(
        rubric=found["rubric"],
        rubric_sha256=found["rubric_sha256"],
        known_through=date.fromisoformat(found["known_through"]),
        outcomes=_outcomes(found["outcomes"]),
        origins=tuple(_origin(each) for each in found["origins"]),
        methods=_methods(found["methods"]),
        differences={name: Difference(**each) for name, each in found["differences"].items()},
        bands={name: _bands(each) for name, each in found["bands"].items()},
        misses={name: tuple(_miss(each) for each in rows) for name, rows in found["misses"].items()},
        gate=found["gate"],
        variants=tuple(_variant(name, each) for name, each in found["runs"].items()),
        shown=found["shown"],
        permits=found["permits"],
    )


def _outcomes(found: dict[str, int]) -> Outcomes:
    return Outcomes(**{field.name: found[field.name] for field in fields(Outcomes)})


def _methods(found: dict[str, Any]) -> dict[str, LineFigures]:
    return {name: LineFigures(**each) for name, each in found.items()}


def _origin(found: dict[str, Any]) -> Origin:
    scores = {name: each["log_score"] for name, each in found["methods"].items()}
    return Origin(date.fromisoformat(found["origin"]), _outcomes(found["outcomes"]), scores)


def _bands(found: dict[str, Any]) -> Bands:
    records = {name: Record(**each) for name, each in found.items() if name != "alarms"}
    return Bands(records, Alarms(**found["alarms"]))


def _miss(found: dict[str, Any]) -> Miss:
    on = found["failed_on"] and date.fromisoformat(found["failed_on"])
    return Miss(found["line"], date.fromisoformat(found["origin"]), on, found["mode"], found["p"])


def _variant(name: str, found: dict[str, Any]) -> Variant:
    engine = Difference(**found["differences"]["engine-comparator"])
    return Variant(name, _outcomes(found["outcomes"]), _methods(found["methods"]), engine)
