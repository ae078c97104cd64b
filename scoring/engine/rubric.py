"""The rubric: every constant of the method as data, checked on load (method section 5)."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

from scoring.engine.assessment import MODES
from scoring.engine.constants import (
    Admiralty,
    Band,
    Behavior,
    Dimension,
    FactTable,
    Held,
    Inheritance,
    Interaction,
    Interval,
    Kind,
    LicenseChange,
    ModeMix,
    Pledges,
    Scale,
    Severity,
    StateLimits,
    StateRow,
    Storage,
    Sufficiency,
    Words,
)
from scoring.engine.schema import RubricError, build

SHIPPED = "durability-0.4.0"
FOLDER = resources.files("scoring.engine") / "rubrics"
STATE_CODES = ("no_open_model", "withdrawn", "reopened", "closed", "mixed", "dormant", "tightened", "open")


@dataclass(frozen=True, slots=True)
class Rubric:
    """``fit`` names the fit that the magnitudes marked as fitted come from; blank: all are judgments."""

    name: str
    precision: Literal["facts", "bands", "grades"]
    scale: Scale
    dimensions: dict[str, Dimension]
    severity: Severity
    kinds: dict[str, Kind]
    admiralty: Admiralty
    facts: dict[str, FactTable]
    behavior: Behavior
    pledges: Pledges
    interaction: Interaction
    modes: dict[str, ModeMix]
    held: Held
    interval: Interval
    sufficiency: Sufficiency
    grades: tuple[Band, ...]
    likelihood: tuple[Band, ...]
    frequencies: tuple[Band, ...]
    state_limits: StateLimits
    states: tuple[StateRow, ...]
    inheritance: Inheritance
    license_change: LicenseChange
    storage: Storage
    words: Words
    sha256: str
    made_on: str = ""
    fit: str = ""

    def state_label(self, code: str) -> str:
        return next(row.label for row in self.states if row.code == code)


def load_rubric(source: str | bytes) -> Rubric:
    """The rubric of that packaged name, or the one in these bytes of TOML. Raises RubricError that names the path."""
    return _packaged(source) if isinstance(source, str) else _parse(source)


def rubric_names() -> tuple[str, ...]:
    """Those that come with the program, by name."""
    files = (entry.name for entry in FOLDER.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml")))


def rubric_file(name: str) -> bytes:
    """A packaged rubric as it stands in its file; the hash stored with every score is of these bytes."""
    return (FOLDER / f"{name}.toml").read_bytes()


@lru_cache(maxsize=8)
def _packaged(name: str) -> Rubric:
    known = rubric_names()
    if name not in known:
        raise RubricError(f"no rubric named {name!r}; there are {', '.join(known)}")
    rubric = _parse(rubric_file(name))
    if rubric.name != name:
        raise RubricError(f"{name}.name: the file of this name calls itself {rubric.name!r}")
    return rubric


def _parse(content: bytes) -> Rubric:
    try:
        data = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RubricError(f"rubric: not readable as TOML: {error}") from error
    if "sha256" in data:
        raise RubricError("rubric.sha256: unknown key")
    rubric = build(Rubric, data | {"sha256": hashlib.sha256(content).hexdigest()}, "rubric")
    _check_dimensions(rubric)
    _check_tables(rubric)
    _check_modes(rubric)
    for path in ("grades", "likelihood", "frequencies"):
        _check_bands(getattr(rubric, path), f"rubric.{path}")
    return rubric


def _check_dimensions(rubric: Rubric) -> None:
    named = {f"kinds.{name}.dimension": kind.dimension for name, kind in rubric.kinds.items()}
    named |= {f"facts.{name}.dimension": table.dimension for name, table in rubric.facts.items()}
    named |= {f"modes.{name}.slopes.{slope}": slope for name, mode in rubric.modes.items() for slope in mode.slopes}
    named |= {"behavior.dimension": rubric.behavior.dimension, "pledges.dimension": rubric.pledges.dimension}
    named |= {"interaction.reach": rubric.interaction.reach, "interaction.pressure": rubric.interaction.pressure}
    for path, dimension in named.items():
        if dimension not in rubric.dimensions:
            raise RubricError(f"rubric.{path}: {dimension!r} is not a dimension")


def _check_tables(rubric: Rubric) -> None:
    steps = rubric.severity.steps
    if len(steps) != 5 or list(steps) != sorted(steps):
        raise RubricError("rubric.severity.steps: must be five numbers that do not fall")
    _check_keys(rubric.admiralty.reliability, "ABCDEF", "rubric.admiralty.reliability")
    _check_keys(rubric.admiralty.credibility, "123456", "rubric.admiralty.credibility")
    _check_keys({row.code: 0.0 for row in rubric.states}, STATE_CODES, "rubric.states")
    if len(rubric.states) != len(STATE_CODES):
        raise RubricError("rubric.states: every state stands in it once")
    if rubric.states[-1].code != "open":
        raise RubricError("rubric.states: the last row must be open, which always holds")
    if "license" not in rubric.facts:
        raise RubricError("rubric.facts.license: missing")
    _check_keys(rubric.held.category, tuple(rubric.facts["license"].points), "rubric.held.category")


def _check_modes(rubric: Rubric) -> None:
    _check_keys(dict.fromkeys(rubric.modes, 0.0), MODES, "rubric.modes")
    if abs(sum(mode.share for mode in rubric.modes.values()) - 1.0) > 1e-9:
        raise RubricError("rubric.modes: the shares must sum to 1")
    if any(mode.share == 0 for mode in rubric.modes.values()):
        raise RubricError("rubric.modes: no share may be 0")
    if not 0 < rubric.scale.anchor_probability < 1:
        raise RubricError("rubric.scale.anchor_probability: must lie between 0 and 1")


def _check_keys(table: dict[str, float], expected: str | tuple[str, ...], path: str) -> None:
    for key in table.keys() - set(expected):
        raise RubricError(f"{path}.{key}: unknown key")
    for key in set(expected) - table.keys():
        raise RubricError(f"{path}.{key}: missing")


def _check_bands(bands: tuple[Band, ...], path: str) -> None:
    limits = [band.below for band in bands]
    if limits != sorted(set(limits)) or limits[-1] <= 1:
        raise RubricError(f"{path}: limits must rise and the last must be above 1")
