"""What happened: the dated stream, and one signal with what it counts for."""

from collections.abc import Iterator
from dataclasses import dataclass

from riskboard.catalog.models import Line, Signal
from riskboard.web.definitions import SIGNAL_KINDS, spelled_grade
from riskboard.web.forms_catalog import SignalsForm
from riskboard.web.pages.changes import change_url
from riskboard.web.pages.line_rows import reference
from riskboard.web.pages.listing import Pages, cut
from riskboard.web.pages.standings import latest_scores
from scoring.models import Score


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


def signals_page(form: SignalsForm) -> SignalsPage:
    rows = form.narrow(Signal.objects.all()).select_related("source", "vendor", "family")
    signals, pages = cut(rows.order_by("-occurred_on", "-pk"), form)
    return SignalsPage(form, signals, pages)


def signal_page(signal: Signal) -> SignalPage:
    return SignalPage(
        signal=signal,
        definition=SIGNAL_KINDS[signal.kind],
        grade=spelled_grade(signal.source_reliability, signal.info_credibility),
        effects=tuple(_effects(signal)),
        reports=tuple(_other_reports(signal)),
        change_url=change_url(signal),
    )


def _effects(signal: Signal) -> Iterator[Effect]:
    """Its own lines, counted or not, then the sibling lines in which it counts."""
    lines = list(Line.objects.filter(vendor=signal.vendor_id).order_by("name"))
    own = {line.pk for line in lines if signal.family is None or signal.family.line_id == line.pk}
    scores, ours = latest_scores(lines, with_items=True), reference(signal)
    for line in sorted(lines, key=lambda line: line.pk not in own):
        points = _points(scores.get(line.pk), ours)
        if line.pk in own or points is not None:
            yield Effect(line, points, line.pk not in own)


def _points(score: Score | None, ours: str) -> float | None:
    if score is None:
        return None
    counted = [item["points"] for item in score.items if item["code"].startswith("EV:") and ours in item["evidence"]]
    return sum(counted) if counted else None


def _other_reports(signal: Signal) -> list[Signal]:
    if not signal.event_id:
        return []
    same = Signal.objects.filter(event_id=signal.event_id).exclude(pk=signal.pk)
    return list(same.select_related("source", "vendor", "family").order_by("published_on", "key"))
