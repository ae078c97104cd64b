"""How like a commitment of the past was to a line: states in force and pressures of two years (method section 15).

One fixed rule, chosen before any outcome was looked at. Every item carries a weight and either agrees, differs, or
cannot be compared because one side is unknown; a pressure that neither side met is not asked about, because having
nothing in common is no likeness. Likeness is the weight of what agrees over the weight of everything asked: what is
unknown is asked and never agrees.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.engine.cases import FACT_FIELDS, Case
from scoring.engine.evidence import Floats
from scoring.engine.facts import Direction, Dossier
from scoring.engine.features import terms_of, values_on
from scoring.engine.launches import NEVER, opened_on
from scoring.engine.standing import in_force

WINDOW = 730  # days that a pressure is looked back at
LEAST_SEVERITY = 2
LINE_DOMAIN = "ai_model"
UNKNOWN, UNSEEN = -1, -2  # codes of what nobody knows, and of a value that no row of a table has

Reading = Literal["agrees", "differs", "unknown"]
Codes = NDArray[np.int64]


class State(NamedTuple):
    name: str
    label: str
    weight: int


class Pressure(NamedTuple):
    """``listed`` pressures were looked for by checklist; for others that none is on record says nothing."""

    name: str
    label: str
    weight: int
    kinds: tuple[str, ...]
    direction: Direction = "weakens"
    listed: bool = True


STATES = (
    State("governance", "Governance", 2),
    State("funding", "Who pays", 2),
    State("cla", "Contributor agreement", 1),
    State("terms", "License terms", 2),
    State("domain", "Field", 2),
)
PRESSURES = (
    Pressure("listing", "Stock market listing", 1, ("ipo",)),
    Pressure("acquisition", "Acquisition", 1, ("acquisition",)),
    Pressure("competitor", "Competitor's move", 1, ("competitor_move",)),
    Pressure("tightening", "Earlier tightening or closing", 1, ("license_tightening", "closed_flagship", "withdrawal")),
    Pressure("departure", "Leadership departure", 1, ("leadership_departure",)),
    Pressure("unbound", "Governance weakened", 1, ("governance_change",)),
    Pressure("bound", "Governance strengthened", 1, ("governance_change",), "strengthens"),
    Pressure("loosening", "Terms loosened", 1, ("license_loosening",), "strengthens"),
    Pressure(
        "strain",
        "News of strain",
        1,
        (
            "layoffs", "financial_stress", "monetization_shift", "restructuring", "price_increase", "gating",
            "litigation", "community_sentiment", "revenue_target",
        ),
        listed=False,
    ),
)  # fmt: skip
WEIGHTS = {item.name: item.weight for item in (*STATES, *PRESSURES)}

# What the license of a line is in the terms of the class; "proprietary" is no offer of weights and stays unknown.
TERMS = {
    "permissive": "permissive",
    "weak_copyleft": "copyleft",
    "copyleft": "copyleft",
    "source_available": "own",
    "restricted_open_weights": "own",
    "noncommercial": "own",
}
# Of the terms that fit no class: those a vendor wrote for itself. The rest is too mixed to agree with anything.
OWN_TERMS = (
    "rail", "model licence", "community licence", "gemma terms", "yi licence", "source-available", "busl",
    "modified mit", "binary code license", "truecrypt licence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pattern:
    """A commitment on a day: values of STATES and whether each of PRESSURES was met, None where unknown. ``age``: days
    since it began, None before."""

    states: tuple[str | None, ...]
    pressures: tuple[bool | None, ...]
    age: int | None = None


def line_pattern(dossier: Dossier, as_of: date) -> Pattern:
    """A line on a day, from what was public by then; rows recalled without a source do not count."""
    day = as_of.toordinal()
    values: dict[str, str | None] = {"domain": LINE_DOMAIN}
    for name in (*FACT_FIELDS, "license"):
        fact = in_force((fact for fact in dossier.facts if fact.name == name), day)
        values[name] = fact.value if fact is not None and fact.verified else None
    values["terms"] = TERMS.get(values["license"] or "")
    seen = {
        (report.kind, report.direction)
        for report in dossier.reports
        if report.verified
        and not report.denies
        and report.weight >= 1.0
        and report.severity >= LEAST_SEVERITY
        and report.published <= as_of
        and day - WINDOW <= report.occurred.toordinal() < day
    }
    opened = min((opened_on(release) for release in dossier.releases), default=NEVER)
    return Pattern(
        states=tuple(values[state.name] for state in STATES),
        pressures=tuple(_met(pressure, seen, pressure.listed) for pressure in PRESSURES),
        age=day - opened if opened < day else None,
    )


def _met(pressure: Pressure, seen: Iterable[tuple[str, str]], was_checked: bool) -> bool | None:
    if any(kind in pressure.kinds and direction == pressure.direction for kind, direction in seen):
        return True
    return False if was_checked else None


def case_terms(case: Case) -> str | None:
    found = terms_of(case)
    if found != "other":
        return found
    return "own" if any(name in case.terms.lower() for name in OWN_TERMS) else None


def case_patterns(case: Case, days: Sequence[date], checked: frozenset[str]) -> list[Pattern]:
    """A case as it was known before each day; ``checked`` names the pressures that were looked for in it."""
    numbers = np.array([day.toordinal() for day in days], dtype=np.int64)
    held = {name: values_on(case, name, numbers) for name in FACT_FIELDS}
    fixed = {"terms": case_terms(case), "domain": None if case.domain == "other" else case.domain}
    patterns = []
    for place, day in enumerate(numbers.tolist()):
        seen = {
            (signal.kind, signal.direction)
            for signal in case.signals
            if signal.severity >= LEAST_SEVERITY and day - WINDOW <= signal.occurred.toordinal() < day
        }
        patterns.append(
            Pattern(
                states=tuple(fixed[s.name] if s.name in fixed else held[s.name][place] for s in STATES),
                pressures=tuple(_met(p, seen, p.listed and p.name in checked) for p in PRESSURES),
                age=day - case.started.toordinal(),
            )
        )
    return patterns


def compare(one: Pattern, other: Pattern) -> dict[str, Reading]:
    """What was asked and how it reads, by name of the item."""
    readings: dict[str, Reading] = {}
    for state, mine, theirs in zip(STATES, one.states, other.states, strict=True):
        known = mine is not None and theirs is not None
        readings[state.name] = ("agrees" if mine == theirs else "differs") if known else "unknown"
    for pressure, met, met_too in zip(PRESSURES, one.pressures, other.pressures, strict=True):
        if met or met_too:
            known = met is not None and met_too is not None
            readings[pressure.name] = ("agrees" if met == met_too else "differs") if known else "unknown"
    return readings


class Weighed(NamedTuple):
    """Weights of what agrees, of what could be compared and of everything asked."""

    agreeing: int
    compared: int
    asked: int

    @property
    def likeness(self) -> float:
        """0 to 1: what is unknown is asked and never agrees."""
        return self.agreeing / self.asked


def weigh(readings: Mapping[str, Reading]) -> Weighed:
    return Weighed(
        agreeing=sum(WEIGHTS[name] for name, reading in readings.items() if reading == "agrees"),
        compared=sum(WEIGHTS[name] for name, reading in readings.items() if reading != "unknown"),
        asked=sum(WEIGHTS[name] for name in readings),
    )


@dataclass(frozen=True, slots=True)
class PatternTable:
    """Patterns as numbers: ``states`` and ``pressures`` shape (rows, items), UNKNOWN where unknown."""

    states: Codes
    pressures: Codes
    values: dict[str, int]

    def codes(self, pattern: Pattern) -> tuple[Codes, Codes]:
        states = [UNKNOWN if value is None else self.values.get(value, UNSEEN) for value in pattern.states]
        return np.array(states, dtype=np.int64), _flags([pattern])[0]


def pattern_table(patterns: Sequence[Pattern]) -> PatternTable:
    values: dict[str, int] = {}
    rows = [
        [UNKNOWN if value is None else values.setdefault(value, len(values)) for value in pattern.states]
        for pattern in patterns
    ]
    states = np.array(rows, dtype=np.int64).reshape(len(patterns), len(STATES))
    return PatternTable(states, _flags(patterns), values)


def _flags(patterns: Sequence[Pattern]) -> Codes:
    rows = [[UNKNOWN if met is None else int(met) for met in pattern.pressures] for pattern in patterns]
    return np.array(rows, dtype=np.int64).reshape(len(patterns), len(PRESSURES))


def likeness_to_all(pattern: Pattern, table: PatternTable) -> tuple[Floats, Floats]:
    """Likeness to each row of a table and the share of what was asked that could be compared, shape (rows,) both."""
    states, pressures = table.codes(pattern)
    state_weights = np.array([state.weight for state in STATES], dtype=np.float64)
    weights = np.array([pressure.weight for pressure in PRESSURES], dtype=np.float64)
    known = (table.states >= 0) & (states != UNKNOWN)
    same = known & (table.states == states)
    met = (table.pressures == 1) | (pressures == 1)
    settled = met & (table.pressures >= 0) & (pressures >= 0)
    both = (table.pressures == 1) & (pressures == 1)
    asked = state_weights.sum() + met @ weights
    return (same @ state_weights + both @ weights) / asked, (known @ state_weights + settled @ weights) / asked
