"""Commitments of the past as people read them: the shipped reference class with everything that its files say."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal

from scoring.engine.cases import Case
from scoring.histories import SHIPPED_CLASS, load_shipped
from scoring.historytables import read_table

Precision = Literal["day", "month", "year"]
Rows = dict[str, list[dict[str, Any]]]

# What was looked for in every commitment by the same list, without its outcome.
CHECKLIST = (
    "ipo", "acquisition", "funding", "leadership_departure", "governance_change:foundation", "governance_change:cla",
    "license_tightening", "license_loosening", "competitor_move",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Dated:
    """A day as it was written down. Of the first of a month or of a year, the rest may be filler."""

    day: date

    @property
    def precision(self) -> Precision:
        """What may be shown of it: never a day that could be filler."""
        if self.day.day > 1:
            return "day"
        return "month" if self.day.month > 1 else "year"

    @property
    def is_exact(self) -> bool:
        return self.precision == "day"


@dataclass(frozen=True, slots=True)
class CaseSource:
    """Blank ``url``: recalled, not looked up."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class CaseSignal:
    kind: str
    occurred: Dated
    direction: str
    severity: int | None
    summary: str
    source: CaseSource
    confidence: str
    collected: str  # "blind": looked for by the checklist without the outcome; "open": recalled in a first pass

    @property
    def is_recalled(self) -> bool:
        return self.confidence == "low" or not self.source.url


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A state over [valid_from, valid_to)."""

    name: str
    value: str
    valid_from: Dated | None
    valid_to: Dated | None
    source: CaseSource
    confidence: str

    @property
    def is_recalled(self) -> bool:
        return self.confidence == "low" or not self.source.url


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry of the checklist: looked for or not, and how many dated signals of its kind are on record."""

    entry: str
    was_checked: bool
    found: int

    @property
    def kind(self) -> str:
        return self.entry.partition(":")[0]

    @property
    def about(self) -> str:
        return self.entry.partition(":")[2]


@dataclass(frozen=True, slots=True)
class PastCase:
    """``case`` is what the engine is told; the rest is for readers. ``event`` is "none" for survivors."""

    case: Case
    subject: str
    commitment: str
    terms_before: str
    event: str
    terms_after: str
    started: Dated
    announced: Dated | None
    effect: Dated | None
    reversal: Dated | None
    reversal_terms: str
    followed_to: Dated
    governance: str
    funding: str
    cla: str
    source: CaseSource
    confidence: str
    signals: tuple[CaseSignal, ...] = field(default=(), repr=False)
    facts: tuple[CaseFact, ...] = field(default=(), repr=False)
    coverage: tuple[Checked, ...] = field(default=(), repr=False)

    @property
    def slug(self) -> str:
        return self.case.id

    @property
    def vendor(self) -> str:
        return self.case.vendor

    @property
    def domain(self) -> str:
        return self.case.domain

    @property
    def failed(self) -> bool:
        return self.case.failed

    @property
    def ended(self) -> Dated:
        """The day of failure, or the last day that it was followed."""
        return Dated(self.case.ended)

    @property
    def is_recalled(self) -> bool:
        """Not looked up: never to be shown as a fact."""
        return self.confidence == "low" or not self.source.url

    @property
    def years(self) -> float:
        return (self.case.ended - self.case.started).days / 365.25

    @property
    def notice_days(self) -> int | None:
        """From announcement to effect. None for survivors, and where both are known to the same month only."""
        if self.announced is None or self.effect is None:
            return None
        if self.announced == self.effect and not self.announced.is_exact:
            return None
        return (self.effect.day - self.announced.day).days

    @property
    def notice_is_exact(self) -> bool:
        return all(each is not None and each.is_exact for each in (self.announced, self.effect))

    @property
    def months_to_reversal(self) -> float | None:
        """From effect to reversal, in months; below 0 where it was reversed before it took effect."""
        if self.reversal is None or self.effect is None:
            return None
        return (self.reversal.day - self.effect.day).days / 30.4375


@lru_cache(maxsize=1)
def past_cases() -> tuple[PastCase, ...]:
    """The shipped class in the order of its file, read once in a process."""
    cases = {case.id: case for case in load_shipped().cases}
    signals, facts, coverage = (_by_subject(f"history_{name}.csv", name) for name in ("signals", "facts", "coverage"))
    rows = {str(row.values["id"]): row.values for row in read_table(SHIPPED_CLASS / "history.csv", "history").rows}
    return tuple(_past_case(cases[key], row, signals, facts, coverage) for key, row in rows.items() if key in cases)


def past_case(slug: str) -> PastCase | None:
    return _by_slug().get(slug)


@lru_cache(maxsize=1)
def _by_slug() -> dict[str, PastCase]:
    return {case.slug: case for case in past_cases()}


def _by_subject(file: str, name: str) -> Rows:
    rows: Rows = defaultdict(list)
    for row in read_table(SHIPPED_CLASS / file, name).rows:
        rows[str(row.values["subject_id"])].append(row.values)
    return rows


def _past_case(case: Case, row: dict[str, Any], signals: Rows, facts: Rows, coverage: Rows) -> PastCase:
    told = sorted((_signal(each) for each in signals[case.id]), key=lambda signal: signal.occurred)
    return PastCase(
        case=case,
        subject=row["subject"],
        commitment=row["commitment"],
        terms_before=row["terms_at_start"],
        event=row["event"],
        terms_after=row["terms_after"],
        started=Dated(case.started),
        announced=_dated(row["announced_on"]),
        effect=_dated(row["event_on"]),
        reversal=_dated(row["reversal_on"]),
        reversal_terms=row["reversal_terms"],
        followed_to=Dated(row["last_observed_on"] or case.ended),
        governance=row["governance"] or "unknown",
        funding=row["funding"] or "unknown",
        cla=row["cla"] or "unknown",
        source=CaseSource(row["source_url"], row["source_title"]),
        confidence=row["confidence"],
        signals=tuple(told),
        facts=tuple(_fact(each) for each in facts[case.id]),
        coverage=_coverage(coverage[case.id], [signal.kind for signal in told if signal.collected == "blind"]),
    )


def _dated(day: date | None) -> Dated | None:
    return Dated(day) if day else None


def _signal(row: dict[str, Any]) -> CaseSignal:
    return CaseSignal(
        kind=row["kind"],
        occurred=Dated(row["occurred_on"]),
        direction=row["direction"],
        severity=row["severity"],
        summary=row["summary"],
        source=CaseSource(row["source_url"]),
        confidence=row["confidence"],
        collected=row["collected"],
    )


def _fact(row: dict[str, Any]) -> CaseFact:
    return CaseFact(
        name=row["field"],
        value=row["value"],
        valid_from=_dated(row["valid_from"]),
        valid_to=_dated(row["valid_to"]),
        source=CaseSource(row["source_url"]),
        confidence=row["confidence"],
    )


def _coverage(rows: list[dict[str, Any]], kinds: list[str]) -> tuple[Checked, ...]:
    looked = {entry for row in rows for entry in str(row["kinds_checked"]).split(";")}
    return tuple(Checked(entry, entry in looked, kinds.count(entry.partition(":")[0])) for entry in CHECKLIST)
