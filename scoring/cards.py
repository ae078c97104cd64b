"""References that the engine names, resolved to what a page shows of each row."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from riskboard.catalog import kinds
from riskboard.catalog.models import Evidence, License
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gathering.grades import grade
from scoring.gathering.terms import severity
from scoring.kept import shelf


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """One row of evidence. ``None`` and blank: not stated, or not a thing that this kind of row has."""

    reference: str
    title: str
    kind: str
    occurred: date | None
    published: date | None
    recorded: date
    grade: str  # Admiralty code such as B2
    verified: bool
    source_url: str
    source_title: str
    url: str  # of its page here
    direction: str
    severity: int | None


def evidence_index(references: Iterable[str]) -> dict[str, EvidenceCard]:
    """The card of every reference that exists, from the rows that are kept; licenses alone are asked for."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for reference in references:
        kind, _, key = reference.partition(":")
        if kind in READERS and key:
            wanted[kind].add(key)
    return {card.reference: card for kind, keys in wanted.items() for card in READERS[kind](keys)}


def _signals(keys: set[str]) -> list[EvidenceCard]:
    return [
        _card(
            f"signal:{row.key}",
            row,
            title=row.summary,
            kind=kinds.SignalKind(row.kind).label,
            occurred=row.occurred_on,
            code=row.admiralty if row.is_verified else "".join(grade(row)),
            url=row.get_absolute_url(),
            direction=row.direction,
            severity_=row.severity,
        )
        for row in shelf().signals
        if row.key in keys
    ]


def _changes(keys: set[str]) -> list[EvidenceCard]:
    limited, rubric = shelf().limited, load_rubric(SHIPPED)
    return [
        _card(
            f"license-change:{row.key}",
            row,
            title=f"{row.asset}: {row.from_license} to {row.to_license}",
            kind=f"license {row.direction}",
            occurred=row.effective_on or row.announced_on,
            code="".join(grade(row)),
            url=row.get_absolute_url(),
            direction="weakens" if row.direction == kinds.ChangeDirection.TIGHTENING else "strengthens",
            severity_=severity(row, limited, rubric),
        )
        for row in shelf().changes
        if row.key in keys
    ]


def _releases(keys: set[str]) -> list[EvidenceCard]:
    return [
        _card(
            f"release:{row.slug}",
            row,
            title=row.name,
            kind=f"release, {kinds.Access(row.access).label}",
            occurred=row.announced_on,
            code="".join(grade(row)),
            url=row.get_absolute_url(),
        )
        for row in shelf().releases
        if row.slug in keys
    ]


def _pledges(keys: set[str]) -> list[EvidenceCard]:
    return [
        _card(
            f"pledge:{row.key}",
            row,
            title=row.summary,
            kind=f"pledge, {kinds.PledgeStatus(row.status).label}",
            occurred=row.made_on,
            code="".join(grade(row)),
            url=row.get_absolute_url(),
        )
        for row in shelf().pledges
        if row.key in keys
    ]


def _facts(keys: set[str]) -> list[EvidenceCard]:
    return [
        _card(
            f"fact:{row.pk}",
            row,
            title=f"{kinds.FactField(row.field).label}: {row.value.replace('_', ' ')}",
            kind="fact about the vendor",
            occurred=row.valid_from,
            code="".join(grade(row)),
            url=row.vendor.get_absolute_url(),
        )
        for row in shelf().facts
        if str(row.pk) in keys
    ]


def _licenses(keys: set[str]) -> list[EvidenceCard]:
    return [
        _card(
            f"license:{row.key}",
            row,
            title=row.name,
            kind=f"license, {kinds.LicenseCategory(row.category).label}",
            occurred=None,
            code="",
            url=row.get_absolute_url(),
        )
        for row in License.objects.filter(key__in=keys).cited()
    ]


READERS: Mapping[str, Callable[[set[str]], list[EvidenceCard]]] = {
    "signal": _signals,
    "license-change": _changes,
    "release": _releases,
    "pledge": _pledges,
    "fact": _facts,
    "license": _licenses,
}


def _card(
    reference: str,
    row: Evidence,
    *,
    title: str,
    kind: str,
    occurred: date | None,
    code: str,
    url: str,
    direction: str = "",
    severity_: int | None = None,
) -> EvidenceCard:
    return EvidenceCard(
        reference=reference,
        title=title,
        kind=kind,
        occurred=occurred,
        published=row.published_on,
        recorded=row.recorded_at.date(),
        grade=code,
        verified=row.is_verified,
        source_url=row.source.url,
        source_title=row.source.title,
        url=url,
        direction=direction,
        severity=severity_,
    )
