"""What happened: the dated stream, and one signal with what it counts for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from riskboard.catalog.models import Line, Signal
from riskboard.web.definitions import SIGNAL_KINDS, spelled_grade
from riskboard.web.forms_catalog import SignalsForm
from riskboard.web.pages.changes import change_url
from riskboard.web.pages.line_rows import reference
from riskboard.web.pages.listing import Pages, cut
from riskboard.web.pages.standings import lines_reached
from scoring import selectors
from scoring.engine.assessment import Assessment


@dataclass(frozen=True, slots=True)
class SignalsPage:
    form: SignalsForm
    signals: list[Signal]
    pages: Pages


@dataclass(frozen=True, slots=True)
class Effect:
    """The share of a line's score today that the event of this signal makes up; None: it counts for nothing today."""

    line: Line
    points: float | None
    is_sibling: bool


@dataclass(frozen=True, slots=True)
class SignalPage:
    signal: Signal
    definition: str
    grade: str
    effects: tuple[Effect, ...]
    reports: tuple[Signal, ...]
    change_url: str | None
    today: date


def signals_page(form: SignalsForm) -> SignalsPage:
    rows = form.narrow(Signal.objects.all()).select_related("source", "vendor", "family")
    signals, pages = cut(rows.order_by("-occurred_on", "-pk"), form)
    return SignalsPage(form, signals, pages)


def signal_page(signal: Signal, today: date) -> SignalPage:
    return SignalPage(
        signal=signal,
        definition=SIGNAL_KINDS[signal.kind],
        grade=spelled_grade(signal.source_reliability, signal.info_credibility),
        effects=tuple(_effects(signal, today)),
        reports=tuple(_other_reports(signal)),
        change_url=change_url(signal),
        today=today,
    )


def _effects(signal: Signal, today: date) -> Iterable[Effect]:
    """Its own lines, counted or not, then the sibling lines in which it counts."""
    assessed, ours = selectors.assessments(today), reference(signal)
    own = {line.pk for line in lines_reached(signal.vendor_id, signal.family)}
    lines = Line.objects.filter(vendor=signal.vendor_id).order_by("name")
    for line in sorted(lines, key=lambda line: line.pk not in own):
        points = _points(assessed.get(line.slug), ours)
        if line.pk in own or points is not None:
            yield Effect(line, points, line.pk not in own)


def _points(assessment: Assessment | None, ours: str) -> float | None:
    if assessment is None:
        return None
    counted = [
        item.points for item in assessment.contributions if item.code.startswith("EV:") and ours in item.evidence
    ]
    return sum(counted) if counted else None


def _other_reports(signal: Signal) -> list[Signal]:
    if not signal.event_id:
        return []
    same = Signal.objects.filter(event_id=signal.event_id).exclude(pk=signal.pk)
    return list(same.select_related("source", "vendor", "family").order_by("published_on", "key"))
