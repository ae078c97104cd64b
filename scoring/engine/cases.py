"""What the engine is told about commitments of the past (method section 14)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from scoring.engine.facts import Direction

FACT_FIELDS = ("governance", "funding", "cla")


@dataclass(frozen=True, slots=True)
class PastSignal:
    kind: str
    occurred: date
    direction: Direction
    severity: int  # 1..5
    blind: bool = True  # looked for without knowing the outcome


@dataclass(frozen=True, slots=True)
class PastFact:
    """A state in force over [valid_from, valid_to). ``value`` is None where it is known to be unknown."""

    name: Literal["governance", "funding", "cla"]
    value: str | None
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One commitment from ``started`` to ``ended``: the day its failure was announced, or the last day it was followed.

    ``last_known`` holds the states at the end, None where unknown: what an earlier day may know of them is for
    ``features`` to decide.
    """

    id: str
    vendor: str
    domain: str
    terms: str
    started: date
    ended: date
    failed: bool
    last_known: dict[str, str | None]
    signals: tuple[PastSignal, ...] = ()
    facts: tuple[PastFact, ...] = ()
    low_confidence: bool = False
