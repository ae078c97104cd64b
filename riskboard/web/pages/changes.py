"""What changed for people who depend on a model: terms, a closure, a gate, a withdrawal, the end of hosted access."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import assert_never
from urllib.parse import urlsplit

from django.urls import reverse

from riskboard.catalog import kinds
from riskboard.catalog.models import LicenseChange, Line, Release, Signal, Vendor
from riskboard.web.definitions import SIGNAL_KINDS, spelled_grade
from riskboard.web.pages.change import Change
from riskboard.web.pages.license_changes import license_change
from riskboard.web.pages.release_changes import change_of_release, release_changes
from riskboard.web.pages.told import Told, told
from scoring.board import board_lines
from scoring.kept import shelf

HUBS = {"huggingface.co", "github.com"}
RECALLED = "recalled, unverified"
SIGNAL_HEADINGS = {
    kinds.SignalKind.GATING: "Access narrowed",
    kinds.SignalKind.WITHDRAWAL: "Withdrawal",
    kinds.SignalKind.API_DEPRECATION: "Retirement",
}


@dataclass(frozen=True, slots=True)
class ChangePage:
    change: Change
    lines: tuple[Line, ...]
    report: str
    grade: str
    told: tuple[Told, ...]
    reports: tuple[Signal, ...]
    today: date

    @property
    def is_doubtful(self) -> bool:
        return self.report in {"rumor", RECALLED}

    @property
    def unknown(self) -> int:
        return sum(1 for pair in self.change.pairs if pair.differs is None)

    @property
    def different(self) -> int:
        return sum(1 for pair in self.change.pairs if pair.differs)


def change_url(row: LicenseChange | Release | Signal) -> str | None:
    """The page of the change that a row tells, None when it tells none."""
    match row:
        case LicenseChange():
            return row.get_absolute_url()
        case Signal():
            return reverse("change", args=[row.key]) if row.kind in SIGNAL_HEADINGS else None
        case Release():
            return next((url for _, url in release_changes(row)), None)
        case _:
            assert_never(row)


def find_change(key: str) -> Change | None:
    """The change of that key: a license change, a signal of a kind that changes access, or a release's own."""
    kept = shelf()
    for change in kept.changes:
        if change.key == key:
            return license_change(change, kept)
    for signal in kept.signals:
        if signal.key == key and signal.kind in SIGNAL_HEADINGS:
            return _signal(signal)
    return change_of_release(key, kept.releases)


def change_page(change: Change, today: date) -> ChangePage:
    lines = _lines_reached(change)
    return ChangePage(
        change=change,
        lines=lines,
        report=report_kind(change),
        grade=spelled_grade(change.reliability, change.credibility),
        told=told(lines, change.occurred_on, today),
        reports=tuple(_reports(change.signal)),
        today=today,
    )


def _lines_reached(change: Change) -> tuple[Line, ...]:
    """The line of the family; all lines of the vendor when the change names no family."""
    if change.family is not None:
        return (change.family.line,)
    return tuple(line for line in board_lines() if line.vendor_id == change.vendor.pk)


def report_kind(change: Change) -> str:
    """Primary text, press or rumor, as judged from the grade and from whose page it is."""
    if not change.row.is_verified:
        return RECALLED
    if change.reliability in "DEF" or change.credibility in "456":
        return "rumor"
    is_firm = change.reliability == "A" and change.credibility in "12"
    # A signal's grade is of its source; any other row has only our confidence, which a third party's page can earn too.
    is_primary = is_firm and (change.signal is not None or is_own_channel(change.row.source.url, change.vendor))
    return "primary text" if is_primary else "press"


def is_own_channel(url: str, vendor: Vendor) -> bool:
    """On the vendor's own site, or under its name on a hub."""
    parts, website = urlsplit(url), urlsplit(vendor.website)
    host, owner = (parts.hostname or "").removeprefix("www."), parts.path.strip("/").partition("/")[0].lower()
    own_host = (website.hostname or "").removeprefix("www.")
    if own_host and (host == own_host or host.endswith(f".{own_host}")) and host not in HUBS:
        return True
    return host in HUBS and bool(owner) and owner in {vendor.hf_org.lower(), vendor.github_org.lower()}


def _reports(signal: Signal | None) -> Iterable[Signal]:
    if signal is None or not signal.event_id:
        return ()
    return [row for row in shelf().signals if row.event_id == signal.event_id and row != signal]


def _signal(signal: Signal) -> Change:
    kind = kinds.SignalKind(signal.kind)
    return Change(
        key=signal.key,
        heading=SIGNAL_HEADINGS[kind],
        title=signal.summary,
        row=signal,
        vendor=signal.vendor,
        family=signal.family,
        direction=signal.direction,
        occurred_on=signal.occurred_on,
        precision=signal.date_precision,
        announced_on=None,
        effective_on=None,
        published_on=signal.published_on,
        reliability=signal.source_reliability,
        credibility=signal.info_credibility,
        pairs=(),
        reaches=(),
        note=SIGNAL_KINDS[signal.kind],
        signal=signal,
    )
