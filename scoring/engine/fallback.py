"""How far a line was examined, and what it ranks with where that is not far enough (method section 17).

Nobody knows that an unexamined line is better than others, so what speaks for it counts only as far as it was examined;
what speaks against it counts in full. Without any evidence a line ranks where every line starts.
"""

from datetime import date

from scoring.engine.constants import Sufficiency


def reached(
    limits: Sufficiency, *, facts: int, origins: int, newest: date | None, half_width: float, as_of: date
) -> dict[str, float]:
    """By code of what may be lacking: the share of what the rubric asks for, 1 or more where it is met."""
    age = None if newest is None else (as_of - newest).days
    return {
        "FEW_FACTS": _share(facts, limits.facts),
        "FEW_SOURCES": _share(origins, limits.sources),
        "STALE": 0.0 if age is None else _share(limits.days, age),
        "WIDE": _share(limits.half_width, half_width),
    }


def _share(having: float, needed: float) -> float:
    return 1.0 if having >= needed else having / needed


def ranked(raw: float, start: float, examined: float) -> float:
    """The raw score that a line ranks with; ``start`` is where every line starts, ``examined`` runs from 0 to 1.

    Never above the raw score, and not above ``start`` without evidence.
    """
    return raw if raw <= start else start + examined * (raw - start)
