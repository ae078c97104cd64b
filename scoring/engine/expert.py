"""What is believed of past commitments before they are looked at: features with their priors (method section 14)."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

import numpy as np

from scoring.engine.evidence import Floats
from scoring.engine.schema import Count, NotNegative, Points, Positive, RubricError, build

EXPERT = "expert-0.1.0"
NATS_PER_POINT = -float(np.log(2.0)) / 10.0


@dataclass(frozen=True, slots=True)
class Base:
    nats: Points
    spread: Positive


@dataclass(frozen=True, slots=True)
class Era:
    nats: Points
    center: Count


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is chosen inside the rolling origin. ``recency`` in years; 0 weighs every period alike."""

    era_spread: Positive
    recency: NotNegative


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the fit: a dated fact, a domain, the terms at the start, age, or decayed events."""

    label: str
    points: Points
    spread: Positive
    sign: Literal["+", "-", ""]
    fact: Literal["governance", "funding", "cla", "none"] = "none"
    values: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    age_half_life: NotNegative = 0.0
    kinds: tuple[str, ...] = ()
    direction: Literal["weakens", "strengthens", "neutral", "none"] = "none"
    half_life: NotNegative = 0.0


@dataclass(frozen=True, slots=True)
class Expert:
    name: str
    severity: tuple[NotNegative, ...]
    base: Base
    era: Era
    candidates: tuple[Candidate, ...]
    features: dict[str, Feature]
    sha256: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the coefficients: base, era, then the features."""
        return ("base", "era", *self.features)


@dataclass(frozen=True, slots=True)
class Prior:
    """Independent normals on the coefficients in nats; ``side`` is +1 or -1 where one must keep that sign, else 0."""

    mean: Floats
    spread: Floats
    side: Floats


def prior(expert: Expert, candidate: Candidate) -> Prior:
    features = expert.features.values()
    sides = {"+": -1.0, "-": 1.0, "": 0.0}  # more points, lower rate
    return Prior(
        np.array([expert.base.nats, expert.era.nats, *(NATS_PER_POINT * feature.points for feature in features)]),
        np.array([expert.base.spread, candidate.era_spread, *(-NATS_PER_POINT * f.spread for f in features)]),
        np.array([0.0, 0.0, *(sides[feature.sign] for feature in features)]),
    )


@lru_cache(maxsize=4)
def load_expert(name: str = EXPERT) -> Expert:
    """The packaged priors of that name. Raises RubricError that names the path of what is wrong."""
    return parse_expert((resources.files("scoring.engine") / "fits" / f"{name}.toml").read_bytes())


def parse_expert(content: bytes) -> Expert:
    try:
        data = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RubricError(f"expert: not readable as TOML: {error}") from error
    expert = build(Expert, data | {"sha256": hashlib.sha256(content).hexdigest()}, "expert")
    if len(expert.severity) != 5:
        raise RubricError("expert.severity: must be five numbers")
    for name, feature in expert.features.items():
        _check(feature, f"expert.features.{name}")
    return expert


def _check(feature: Feature, path: str) -> None:
    sources = [bool(feature.values), bool(feature.domains), bool(feature.terms), feature.age_half_life > 0]
    if sum([*sources, bool(feature.kinds)]) != 1:
        raise RubricError(f"{path}: must read exactly one of values, domains, terms, age_half_life, kinds")
    if bool(feature.values) != (feature.fact != "none"):
        raise RubricError(f"{path}.fact: goes with values")
    if feature.kinds and (feature.half_life <= 0 or feature.direction == "none"):
        raise RubricError(f"{path}: kinds need a direction and a half_life")
