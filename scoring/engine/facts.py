"""What the engine is told about one line: frozen rows, already filtered to nothing but truth and dates.

Every row carries the day it became public (``published`` or ``known``); the engine uses a row on a day only when that
day is not earlier. Unknown values are ``None``, never a default.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from scoring.engine.grants import Grant

Direction = Literal["weakens", "strengthens", "neutral"]


@dataclass(frozen=True, slots=True)
class Report:
    """One publication about one event; reports that share ``event`` are pooled by ``origin`` (method section 3)."""

    id: str  # evidence reference, "signal:<id>" or "license-change:<id>" or "release:<slug>"
    event: str
    kind: str
    occurred: date
    published: date
    direction: Direction
    severity: int  # 1..5
    reliability: str  # Admiralty source reliability A..F
    credibility: str  # Admiralty information credibility 1..6
    origin: str
    label: str = ""
    weight: float = 1.0  # inheritance: 1 for the line itself and its vendor, the rubric's sibling weight otherwise
    denies: bool = False
    verified: bool = True  # recalled rows are listed but weigh nothing


@dataclass(frozen=True, slots=True)
class StateFact:
    """A dated fact in force over [valid_from, valid_to): license, governance, cla, funding, business_model."""

    id: str
    name: str
    value: str
    valid_from: date
    known: date
    valid_to: date | None = None
    flags: frozenset[str] = frozenset()  # license only: threshold, territory, terminable, irrevocable
    label: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Release:
    """One release. ``launch`` groups flagships that came out together; the largest of known size decides a launch."""

    id: str
    name: str
    announced: date
    weights: date | None  # the day the weights could be downloaded
    launch: str
    flagship: bool = True
    closed: bool = False  # hosted only from the start: a missing ``weights`` then means closed, otherwise unknown
    size: float | None = None  # billions of parameters
    withdrawn: date | None = None
    verified: bool = True
    grants: tuple[Grant, ...] = ()  # terms of the weights, oldest first; empty: unknown


@dataclass(frozen=True, slots=True)
class Pledge:
    id: str
    made: date
    specificity: str
    channel: str
    label: str = ""
    due: date | None = None
    expires: date | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Breach:
    """An act that contradicts a pledge; counted against that pledge and once in the line's record."""

    id: str
    on: date
    known: date
    pledge: str | None = None  # None: against every pledge of the line


@dataclass(frozen=True, slots=True)
class Dossier:
    """All evidence on one line, of every day; ``assess`` looks at what was public on its day."""

    subject: str
    reports: tuple[Report, ...] = ()
    facts: tuple[StateFact, ...] = ()
    releases: tuple[Release, ...] = ()
    pledges: tuple[Pledge, ...] = ()
    breaches: tuple[Breach, ...] = ()
    tightenings: tuple[date, ...] = field(default=())  # days on which the line's terms got tighter (for its state)
    vendor: str = ""
