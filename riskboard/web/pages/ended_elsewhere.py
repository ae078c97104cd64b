"""How changes like this one ended elsewhere: counts of the reference class and of what is on record here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import LicenseChange
from riskboard.catalog.terms import tightened_weights
from riskboard.web.pages.change_kind import Kind
from scoring.baserates import Ending, Share, endings
from scoring.pastcases import PastCase, past_cases
from scoring.pastwords import ENDINGS

CASES = 6
EVENTS = {
    Kind.TIGHTER_FOR_NEW: "relicense_restrictive",
    Kind.TIGHTER_FOR_ALL: "relicense_restrictive",
    Kind.NEXT_CLOSED: "closed_source",
    Kind.WITHDRAWN: "withdrawn",
    Kind.SERVICE_ENDED: "discontinued",
    Kind.GATED: "distribution_restricted",
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """``ending`` None: such a change ends no commitment. ``models``: of model weights, reversed first."""

    words: str
    ending: Ending | None
    models: tuple[PastCase, ...]
    here: Share | None  # tightenings of weights on record that went back to the terms before


def ended_elsewhere(kind: Kind, changes: Iterable[LicenseChange], today: date) -> Elsewhere:
    event = EVENTS.get(kind, "")
    ending = next((each for each in endings(past_cases()) if each.kind == event), None) if event else None
    alike = [case for case in past_cases() if case.event == event and case.domain == "ai_model" and case.failed]
    alike.sort(key=lambda case: (case.reversal is None, -case.ended.day.toordinal(), case.slug))
    is_tighter = kind in {Kind.TIGHTER_FOR_NEW, Kind.TIGHTER_FOR_ALL}
    return Elsewhere(
        words=ENDINGS.get(event, ""),
        ending=ending,
        models=tuple(alike[:CASES]),
        here=taken_back(changes, today) if is_tighter else None,
    )


def taken_back(changes: Iterable[LicenseChange], today: date) -> Share:
    """Of verified tightenings of weights, those after which the same family went back to the license before."""
    known = [row for row in changes if row.is_verified and row.announced_on <= today and row.family_id is not None]
    tighter = tightened_weights(known, today)
    back = sum(any(_undoes(later, row) for later in known) for row in tighter)
    return Share(back, len(tighter))


def _undoes(later: LicenseChange, row: LicenseChange) -> bool:
    return (
        later.family_id == row.family_id
        and later.announced_on > row.announced_on
        and later.direction == kinds.ChangeDirection.LOOSENING
        and later.to_license_id == row.from_license_id
    )
