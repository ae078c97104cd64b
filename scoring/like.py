"""Cases like this one: what the reference class holds that was most like a line, and how it ended."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scoring.engine.cases import Case
from scoring.engine.facts import Dossier
from scoring.engine.likeness import PRESSURES, STATES, Pattern, Weighed, line_pattern, weigh
from scoring.engine.months import add_months, whole_months
from scoring.engine.nearest import Moments, Near, moments_of, nearest
from scoring.pastcases import PastCase, past_case, past_cases
from scoring.pastwords import AGREEMENT, ENDINGS, FUNDING, GOVERNANCE

HORIZON = 24  # months
CASES = 8
# What the notes on coverage call each pressure.
CHECKED = {
    "ipo": "listing",
    "acquisition": "acquisition",
    "competitor_move": "competitor",
    "license_tightening": "tightening",
    "leadership_departure": "departure",
    "governance_change:cla": "unbound",
    "governance_change:foundation": "bound",
    "license_loosening": "loosening",
}
VALUES = {
    **GOVERNANCE,
    **FUNDING,
    **AGREEMENT,
    "own": "the vendor’s own",
    "free": "free of charge, no open license",
    "ai_model": "AI model",
    "platform_api": "platform interface",
    "os": "operating system",
}
RENAMED = {"facebook": "meta"}
LABELS = {item.name: item.label for item in (*STATES, *PRESSURES)}
MET, NOT_MET, UNKNOWN = "yes", "none on record", "unknown"


@dataclass(frozen=True, slots=True)
class Unlike:
    """An item on which the two differ, or that one of them leaves unknown."""

    label: str
    there: str
    here: str

    @property
    def words(self) -> str:
        if MET in {self.there, self.here}:
            return f"{self.label}: {'there' if self.there == MET else 'here'} only"
        return f"{self.label}: {self.there} there, {self.here} here"


@dataclass(frozen=True, slots=True)
class LikeCase:
    past: PastCase
    moment: date
    weighed: Weighed
    agrees: tuple[str, ...]
    differs: tuple[Unlike, ...]
    unknown: tuple[Unlike, ...]
    ended: str  # how, in words; empty where it held
    last: date  # the day it failed was announced, or the last day it was followed as far as known then
    months: int  # whole months from the moment to that day
    counts: bool  # the moment lies so far back that the horizon has passed, and it was followed that long
    ended_within: bool

    @property
    def failed(self) -> bool:
        return bool(self.ended)

    @property
    def is_recalled(self) -> bool:
        return self.past.is_recalled


@dataclass(frozen=True, slots=True)
class LikeCases:
    as_of: date
    cases: tuple[LikeCase, ...]
    considered: int  # cases that could have been compared
    own: int  # cases of the line's own vendor, left out
    recalled: int  # cases recalled without a source, left out or among those considered
    with_recalled: bool

    @property
    def counted(self) -> int:
        return sum(case.counts for case in self.cases)

    @property
    def ended(self) -> int:
        return sum(case.ended_within for case in self.cases)

    @property
    def uncounted(self) -> int:
        """Too recent, or not followed to the horizon."""
        return len(self.cases) - self.counted

    @property
    def held_so_far(self) -> int:
        return sum(not case.counts and not case.failed for case in self.cases)

    @property
    def ended_too_recent(self) -> int:
        return self.uncounted - self.held_so_far

    @property
    def has_recalled(self) -> bool:
        return any(case.is_recalled for case in self.cases)


def cases_like(dossier: Dossier, as_of: date, *, vendor: str, n: int = CASES, with_recalled: bool = True) -> LikeCases:
    """The ``n`` likest cases of other vendors, from what was known on ``as_of``: of the line and of each case."""
    pattern, moments = line_pattern(dossier, as_of), shipped_moments()
    begun = [case for case in moments.cases if case.started < as_of]
    own = {case.id for case in begun if is_same_vendor(case.vendor, vendor)}
    others = [case for case in begun if case.id not in own]

    def counts(case: Case) -> bool:
        return case.id not in own and (with_recalled or case.id not in _recalled())

    found = nearest(pattern, moments, as_of, n, counts)
    return LikeCases(
        as_of=as_of,
        cases=tuple(_like_case(near, pattern, as_of) for near in found),
        considered=sum(map(counts, others)),
        own=len(own),
        recalled=sum(case.id in _recalled() for case in others),
        with_recalled=with_recalled,
    )


@lru_cache(maxsize=1)
def shipped_moments() -> Moments:
    """Made once in a process: about a tenth of a second."""
    checked = {
        case.slug: frozenset(CHECKED[row.entry] for row in case.coverage if row.was_checked and row.entry in CHECKED)
        for case in past_cases()
    }
    return moments_of([case.case for case in past_cases()], checked)


@lru_cache(maxsize=1)
def _recalled() -> frozenset[str]:
    return frozenset(case.slug for case in past_cases() if case.is_recalled)


def is_same_vendor(of_case: str, of_line: str) -> bool:
    """The name in the class stands as whole words in the name on the board: "Zhipu AI" in "Zhipu AI (Z.ai)"."""
    name = _plain(of_case)
    return f" {RENAMED.get(name, name)} " in f" {_plain(of_line)} "


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.lower()))


def _like_case(near: Near, here: Pattern, as_of: date) -> LikeCase:
    case, past = near.case, past_case(near.case.id)
    assert past is not None
    failed, last = case.failed and case.ended <= as_of, min(case.ended, as_of)
    due = add_months(near.moment, HORIZON)
    counts = due <= (as_of if failed else last)
    unlike = {name: _unlike(name, near.pattern, here) for name, reading in near.readings.items() if reading != "agrees"}
    return LikeCase(
        past=past,
        moment=near.moment,
        weighed=weigh(near.readings),
        agrees=tuple(_agreement(name, here) for name, reading in near.readings.items() if reading == "agrees"),
        differs=tuple(unlike[name] for name in unlike if near.readings[name] == "differs"),
        unknown=tuple(unlike[name] for name in unlike if near.readings[name] == "unknown"),
        ended=ENDINGS[past.event] if failed else "",
        last=last,
        months=whole_months(near.moment, last),
        counts=counts,
        ended_within=counts and failed and last <= due,
    )


def _agreement(name: str, pattern: Pattern) -> str:
    said = said_of(name, pattern)
    return LABELS[name] if said == MET else f"{LABELS[name]}: {said}"


def _unlike(name: str, there: Pattern, here: Pattern) -> Unlike:
    return Unlike(LABELS[name], said_of(name, there), said_of(name, here))


def said_of(name: str, pattern: Pattern) -> str:
    """The value of an item in words."""
    for state, value in zip(STATES, pattern.states, strict=True):
        if state.name == name:
            return UNKNOWN if value is None else VALUES.get(value, value.replace("_", " "))
    met = next(met for pressure, met in zip(PRESSURES, pattern.pressures, strict=True) if pressure.name == name)
    return UNKNOWN if met is None else MET if met else NOT_MET
