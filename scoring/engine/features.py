"""What was known of a commitment on a day, as numbers (method section 14).

Everything here is dated *before* the day: an event of that very day is not known yet, and a day may be filler for a
date known to the month. A state known only as of the end is used for earlier days no further back than dated events
allow: a listing, an acquisition or a move of governance that explains it ends its reach. Where dated facts exist but
none covers the day, the state is unknown.
"""

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from scoring.engine.cases import FACT_FIELDS, Case, PastSignal
from scoring.engine.evidence import Floats
from scoring.engine.expert import Expert

Days = NDArray[np.int64]

FREE = ("free", "open api")
COPYLEFT = ("gpl", "mpl", "cddl", "epl", "osl")


def terms_of(case: Case) -> str:
    """The terms at the start in four classes: free (of charge, no open license), copyleft, permissive, other."""
    text = case.terms.lower()
    if text.startswith(FREE):
        return "free"
    if any(name in text for name in COPYLEFT):
        return "copyleft"
    permissive = ("apache", "mit", "bsd", "isc", "postgres", "cc0", "cc by")
    return "permissive" if text.startswith(permissive) else "other"


def values_on(case: Case, name: str, days: Days) -> NDArray[np.object_]:
    """The state on each day, None where unknown."""
    found = np.full(len(days), None, dtype=object)
    facts = [fact for fact in case.facts if fact.name == name]
    if not facts:
        return _reached_back(case, name, days)
    start = case.started.toordinal()
    for fact in facts:
        since = fact.valid_from.toordinal()
        holds = (since < days) | (since <= start)
        if fact.valid_to is not None:
            holds &= days <= fact.valid_to.toordinal()
        found[holds] = fact.value
    return found


def _reached_back(case: Case, name: str, days: Days) -> NDArray[np.object_]:
    """The state at the end, taken back to the event that brought it; before that, what it then must have been."""
    value = case.last_known.get(name)
    since, before = _origin(case, name, value)
    found = np.full(len(days), value, dtype=object)
    if since is not None:
        found[days <= since.toordinal()] = before
    return found


def _origin(case: Case, name: str, value: str | None) -> tuple[date | None, str | None]:
    match name, value:
        case "funding", "public":
            listed = _first(case, "ipo")
            return (listed, "vc") if listed else (_first(case, "acquisition"), "vc")
        case "funding", "bigtech":
            return _first(case, "acquisition"), "vc"
        case "governance", "foundation":
            return _first(case, "governance_change", "strengthens"), "single_vendor"
        case "cla", "yes":
            return _first(case, "governance_change", "weakens"), "no"
    return None, None


def _first(case: Case, kind: str, direction: str = "weakens") -> date | None:
    days = [signal.occurred for signal in case.signals if signal.kind == kind and signal.direction == direction]
    return min(days, default=None)


def describe(case: Case, days: Days, expert: Expert) -> Floats:
    """Features of a case on each day, shape (days, features), in the order of the expert's."""
    found = np.zeros((len(days), len(expert.features)))
    states = {name: values_on(case, name, days) for name in FACT_FIELDS}
    for place, feature in enumerate(expert.features.values()):
        if feature.kinds:
            wanted = [s for s in case.signals if s.direction == feature.direction and s.kind in feature.kinds]
            if wanted:
                found[:, place] = _events(wanted, feature.half_life, days, expert.severity)
        elif feature.fact != "none":
            state = states[feature.fact]
            found[:, place] = np.logical_or.reduce([state == value for value in feature.values])
        elif feature.age_half_life:
            found[:, place] = np.exp2(-(days - case.started.toordinal()) / feature.age_half_life)
        else:
            found[:, place] = case.domain in feature.domains or terms_of(case) in feature.terms
    return found


def _events(signals: Sequence[PastSignal], half_life: float, days: Days, severity: Sequence[float]) -> Floats:
    age = days[:, None] - np.array([signal.occurred.toordinal() for signal in signals])
    weight = np.array([severity[signal.severity - 1] for signal in signals])
    total = np.where(age > 0, weight * np.exp2(-np.maximum(age, 0) / half_life), 0.0).sum(axis=1)
    together: Floats = 1.0 - np.exp(-total)
    return together


def count_of_signals(case: Case, days: Days) -> Floats:
    """How much, not what, was recorded before each day: log(1 + n). Only for the leak probe."""
    occurred = np.array([signal.occurred.toordinal() for signal in case.signals], dtype=np.int64)
    count: Floats = np.log1p((occurred[None, :] < days[:, None]).sum(axis=1).astype(np.float64))
    return count


Describe = Callable[[Case, Days], Floats]
