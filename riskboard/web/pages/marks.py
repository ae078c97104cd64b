"""Rows of evidence as marks in the lanes of a timeline: shape and words first, colour only beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects

from riskboard.catalog import kinds
from riskboard.catalog.models import LicenseChange, Pledge, Release, Signal
from riskboard.web.pages.line_rows import LineRows, Row, occurred_on, reference
from scoring.engine.assessment import Assessment, Contribution
from scoring.engine.rubric import Rubric

LANES = (("release", "Releases"), ("license", "License"), ("pledge", "Pledges"), ("signal", "Signals"))
PLEDGE_TONES = {"kept": "strong", "partly_kept": "watch", "at_risk": "watch", "broken": "weak"}
DIRECTION_TONES = {"strengthens": "strong", "weakens": "weak", "neutral": "flat"}
NOT_JUDGED = "not judged yet"


@dataclass(frozen=True, slots=True)
class Mark:
    reference: str
    lane: str
    on: date
    precision: str
    name: str
    reading: str  # what its shape and colour say, in words
    shape: str  # disc, ring, square, diamond, up, down, dash
    tone: str  # strong, weak, watch, flat
    is_large: bool
    weight: float  # 0..1, how much of it still counts
    points: float | None  # its own item of the sum today; None when it has none
    is_recalled: bool
    is_sibling: bool

    @property
    def lane_name(self) -> str:
        return dict(LANES)[self.lane]


def items_by_reference(assessment: Assessment) -> dict[str, Contribution]:
    """The item of the sum that a row alone, or with other reports of its event, stands for."""
    own = [item for item in assessment.contributions if item.code.startswith(("EV:", "PL:"))]
    return {reference: item for item in own for reference in item.evidence}


def marks(rows: LineRows, assessment: Assessment, rubric: Rubric, day: date) -> list[Mark]:
    """In time order; a row whose day nobody knows stands in the table of its kind only."""
    items = items_by_reference(assessment)
    found = [mark for row in rows if (mark := _mark(row, rows, items, rubric, day)) is not None]
    return sorted(found, key=lambda mark: (mark.on, [lane for lane, _ in LANES].index(mark.lane), mark.reference))


def _mark(row: Row, rows: LineRows, items: Mapping[str, Contribution], rubric: Rubric, day: date) -> Mark | None:
    on = occurred_on(row)
    if on is None:
        return None
    look = _look(row, day)
    item = items.get(reference(row))
    sibling = rows.is_sibling(row)
    return Mark(
        reference=reference(row),
        lane=look.lane,
        on=on,
        precision=getattr(row, "date_precision", "day"),
        name=look.name,
        reading=look.reading,
        shape=look.shape,
        tone=look.tone,
        is_large=isinstance(row, Release) and row.flagship,
        weight=_weight_left(row, rubric, day) * (rubric.inheritance.sibling if sibling else 1.0),
        points=item.points if item else None,
        is_recalled=not row.is_verified,
        is_sibling=sibling,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    lane: str
    name: str
    reading: str
    shape: str
    tone: str


def _look(row: Row, day: date) -> _Look:
    match row:
        case Release():
            return _release(row, day)
        case LicenseChange():
            tightened = row.direction == kinds.ChangeDirection.TIGHTENING
            return _Look(
                "license",
                f"{row.asset}: {row.from_license.name} to {row.to_license.name}",
                row.direction,
                "square",
                "weak" if tightened else "strong",
            )
        case Pledge():
            status = status_on(row, day)
            return _Look("pledge", row.summary, status.replace("_", " "), "diamond", PLEDGE_TONES.get(status, "flat"))
        case Signal():
            shape = {"strengthens": "up", "weakens": "down"}.get(row.direction, "dash")
            return _Look("signal", row.summary, row.direction, shape, DIRECTION_TONES[row.direction])


def _release(row: Release, day: date) -> _Look:
    access = access_on(row, day)
    shape = "disc" if access in OPEN_ACCESS else "ring"
    tone = {"API only": "weak", "withdrawn": "weak", UNKNOWN_ACCESS: "flat"}.get(access)
    flagship = ", flagship" if row.flagship else ""
    return _Look("release", row.name, access + flagship, shape, tone or ("strong" if shape == "disc" else "flat"))


OPEN_ACCESS = {"open weights", "gated", "restricted"}
UNKNOWN_ACCESS = "access unknown"


def access_on(row: Release, day: date) -> str:
    """The access of a release as it was on the day, in words."""
    if row.withdrawn_on and row.withdrawn_on <= day:
        return "withdrawn"
    if row.access == kinds.Access.API_ONLY or (row.weights_on and row.weights_on > day):
        return "API only"
    if row.access == kinds.Access.WITHDRAWN:
        return "withdrawn"
    if row.weights_on is None:
        return UNKNOWN_ACCESS  # nobody knows when, or whether, there were weights
    return kinds.Access(row.access).label


def status_on(row: Pledge, day: date) -> str:
    """The status as it was recorded for the day. Rows read for a past day come with their rulings."""
    if is_ruled_by(row, day):
        return row.status
    known = [ruling for ruling in row.rulings.all() if ruling.ruled_on and ruling.ruled_on <= day]
    newest = max(known, key=lambda ruling: (ruling.ruled_on or day, ruling.pk), default=None)
    return newest.status if newest else NOT_JUDGED


def is_ruled_by(row: Pledge, day: date) -> bool:
    """Did the present status already hold on the day?"""
    return row.status_on is None or row.status_on <= day


def with_rulings(pledges: Iterable[Pledge], day: date) -> list[Pledge]:
    """The pledges, with the rulings that ``status_on`` asks for. One query, and none where no status is newer."""
    rows = list(pledges)
    prefetch_related_objects([row for row in rows if not is_ruled_by(row, day)], "rulings")
    return rows


def _weight_left(row: Row, rubric: Rubric, day: date) -> float:
    """The share of an event that has not decayed by the day (method section 3)."""
    if not isinstance(row, Signal):
        return 1.0
    kind = rubric.kinds[row.kind]
    age = max(0, (day - row.occurred_on).days)
    return float(kind.plateau + (1 - kind.plateau) * 2.0 ** (-age / kind.half_life))
