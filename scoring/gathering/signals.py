"""Signals to reports, without those that only restate a release or a license change."""

from collections.abc import Iterator
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import Release, Signal
from riskboard.catalog.models.evidence import last_day
from scoring.engine import facts
from scoring.gathering.clocks import SAME_THING, near
from scoring.gathering.grades import UNVERIFIED, origin
from scoring.gathering.releases import announced_on, weights_on, withdrawn_on
from scoring.gathering.shelf import Folder

DIRECTIONS: dict[str, facts.Direction] = {"weakens": "weakens", "strengthens": "strengthens", "neutral": "neutral"}
RELEASED = {kinds.SignalKind.OPEN_RELEASE, kinds.SignalKind.CLOSED_FLAGSHIP}
RELICENSED = {
    kinds.SignalKind.LICENSE_TIGHTENING: kinds.ChangeDirection.TIGHTENING,
    kinds.SignalKind.LICENSE_LOOSENING: kinds.ChangeDirection.LOOSENING,
}


def signal_reports(folder: Folder) -> Iterator[facts.Report]:
    for signal in folder.signals:
        if signal.published_on and not _restates(signal, folder):
            yield _report(signal, signal.published_on, folder)


def _report(signal: Signal, published: date, folder: Folder) -> facts.Report:
    reliability, credibility = signal.source_reliability, signal.info_credibility
    if not signal.is_verified:
        reliability, credibility = UNVERIFIED
    return facts.Report(
        id=f"signal:{signal.key}",
        event=_event(signal, published, folder),
        kind=signal.kind,
        occurred=signal.occurred_on,
        published=_counts_from(signal, published),
        direction=DIRECTIONS[signal.direction],
        severity=signal.severity,
        reliability=reliability,
        credibility=credibility,
        origin=origin(signal.source, signal.publisher),
        label=signal.summary,
        weight=folder.weight(signal),
        verified=signal.is_verified,
    )


def _counts_from(signal: Signal, published: date) -> date:
    """A signal that a record may still restate waits for it, or a record that comes later would reach back in time."""
    if signal.kind in RELEASED or signal.kind in RELICENSED:
        return max(published, last_day(signal.occurred_on, signal.date_precision) + SAME_THING)
    return published


def _restates(signal: Signal, folder: Folder) -> bool:
    if signal.kind in RELEASED:
        return any(_tells(release, signal, folder) for release in folder.releases)
    return signal.kind in RELICENSED and _restates_change(signal, folder)


def _tells(release: Release, signal: Signal, folder: Folder) -> bool:
    """The release record says already that this line (or vendor) opened, or closed, a release then."""
    if not _same_subject(release, signal, folder):
        return False
    announced, opened = announced_on(release), weights_on(release)
    if signal.kind == kinds.SignalKind.OPEN_RELEASE:
        return opened is not None and near(opened, signal.occurred_on, signal.date_precision)
    return release.flagship and opened != announced and near(announced, signal.occurred_on, signal.date_precision)


def _restates_change(signal: Signal, folder: Folder) -> bool:
    assert signal.published_on is not None
    decided = _counts_from(signal, signal.published_on)
    return any(
        change.direction == RELICENSED[kinds.SignalKind(signal.kind)]
        and change.published_on is not None
        and change.published_on <= decided
        and near(change.announced_on, signal.occurred_on, signal.date_precision)
        and (signal.family_id is None or folder.line_id(change) in {None, folder.line_id(signal)})
        for change in folder.changes
    )


def _same_subject(release: Release, signal: Signal, folder: Folder) -> bool:
    return signal.family_id is None or folder.line_id(release) == folder.line_id(signal)


def _event(signal: Signal, published: date, folder: Folder) -> str:
    """The event of a signal: as stated, else its own; a late word on a withdrawal joins the event of the record."""
    if signal.kind == kinds.SignalKind.WITHDRAWAL:
        for release in folder.own(folder.releases):
            day = withdrawn_on(release)
            if day and published > day + SAME_THING and near(day, signal.occurred_on, signal.date_precision):
                return f"withdrawal:{folder.line.slug}:{day}"
    return f"event:{signal.event_id}" if signal.event_id else f"signal:{signal.key}"
