"""How a license text changed: the verdict and the clause that decided it first, then clause by clause."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Subquery
from django.urls import reverse

from riskboard.catalog.models import Evidence, LicenseChange, Revision, Source
from riskboard.ingest.licenserules import Finding, Verdict
from riskboard.ingest.licensetext import ClauseChange, Redline
from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import reference_of
from riskboard.ingest.texts import HeldText, compared, held, observed, pair_in, texts_of
from riskboard.web.freshness import asked_along

MOST_CHANGES = 300
MOST_CHARACTERS = 300_000  # of clauses on one page
MOST_FINDINGS = 12
MOST_PLACES = 20
VERDICTS = {
    Verdict.TIGHTER: "Tighter for those who hold the license",
    Verdict.LOOSER: "Looser for those who hold the license",
    Verdict.COSMETIC: "Cosmetic: it asks and allows what it did before",
    Verdict.UNCLEAR: "Not classified: a person has to read it",
}


@dataclass(frozen=True, slots=True)
class Block:
    """One clause that changed, or a stretch of clauses that did not."""

    kind: str
    clauses: tuple[ClauseChange, ...]
    is_deciding: bool = False

    @property
    def change(self) -> ClauseChange:
        return self.clauses[0]


@dataclass(frozen=True, slots=True)
class Shown:
    """A redline as pages draw it. ``left_out``: changed clauses that do not fit on one page."""

    verdict: Verdict
    heading: str
    reason: str
    decided_by: Finding | None
    deciding: ClauseChange | None  # None: it is no single clause
    others: tuple[Finding, ...]
    blocks: tuple[Block, ...]
    changed: int
    left_out: int
    url: str


@dataclass(frozen=True, slots=True)
class RedlinePage:
    before: HeldText
    after: HeldText
    shown: Shown
    changes: tuple[LicenseChange, ...]  # on record, that rest on these two texts
    waiting: int  # proposals that nobody decided yet
    seen_in: tuple[Revision, ...]

    @property
    def is_cut(self) -> bool:
        return self.before.is_cut or self.after.is_cut


def redline_page(before: str, after: str) -> RedlinePage | None:
    """None: one of the two is not held. Four queries."""
    texts = held(before, after)
    if before not in texts or after not in texts:
        return None
    proposals = list(observed(before, after))
    keys = [each.evidence.partition(":")[2] for each in proposals if each.evidence.startswith("license-change:")]
    changes = LicenseChange.objects.filter(key__in=keys).select_related("from_license", "to_license")
    revisions = Revision.objects.filter(license_text_sha256__in={before, after}).select_related("release__family")
    return RedlinePage(
        before=texts[before],
        after=texts[after],
        shown=_shown(texts[before], texts[after]),
        changes=tuple(changes.order_by("announced_on", "key")),
        waiting=sum(each.state in {"waiting", "second"} for each in proposals),
        seen_in=tuple(revisions.order_by("captured_on", "pk")[:MOST_PLACES]),
    )


def redline_of(proposal: Proposal) -> Shown | None:
    """Of the texts that a proposal rests on. One query, none where it rests on no two texts."""
    pair = texts_of(proposal)
    texts = held(*pair) if pair else {}
    return _shown(texts[pair[0]], texts[pair[1]]) if pair and len(texts) == len(set(pair)) else None


def with_texts(row: Evidence, today: date) -> tuple[Evidence, str]:
    """A row of evidence that comes with its source's check, and the address of the redline that it rests on, or "".

    One query for both, and for how fresh the evidence is; ``row`` itself, which may be kept in memory, stays as it is.
    """
    became = Proposal.objects.filter(evidence=reference_of(row), table="license_changes").order_by("pk")
    found = Source.objects.select_related("check_up").annotate(texts=Subquery(became.values("snapshots")[:1]))
    source: Any = asked_along(found.filter(pk=row.source_id), today)
    if source is None:
        return row, ""
    known = copy(row)
    known.source = source
    pair = pair_in(source.texts)
    return known, redline_url(*pair) if pair else ""


def redline_url(before: str, after: str) -> str:
    return reverse("redline", args=[before, after])


def _shown(before: HeldText, after: HeldText) -> Shown:
    found = compared(before, after)
    deciding = _deciding(found)
    blocks, left_out = _fitting(_blocks(found.clauses, deciding))
    others = [finding for finding in found.findings if finding is not found.decided_by]
    return Shown(
        verdict=found.verdict,
        heading=VERDICTS[found.verdict],
        reason=found.reason,
        decided_by=found.decided_by,
        deciding=deciding,
        others=tuple(others[:MOST_FINDINGS]),
        blocks=blocks,
        changed=len(found.changes),
        left_out=left_out,
        url=redline_url(before.sha256, after.sha256),
    )


def _deciding(found: Redline) -> ClauseChange | None:
    if found.decided_by is None:
        return None
    clause = found.decided_by.clause
    sides = ((change, side) for change in found.changes for side in (change.after, change.before) if side)
    return next((change for change, side in sides if side.whole == clause), None)


def _blocks(clauses: Iterable[ClauseChange], deciding: ClauseChange | None) -> list[Block]:
    blocks: list[Block] = []
    for is_same, of_kind in groupby(clauses, key=lambda change: change.kind == "same"):
        if is_same:
            blocks.append(Block("same", tuple(of_kind)))
        else:
            blocks += [Block(change.kind, (change,), is_deciding=change is deciding) for change in of_kind]
    return blocks


def _fitting(blocks: list[Block]) -> tuple[tuple[Block, ...], int]:
    """The blocks that fit on a page, and how many changed clauses do not. Unchanged ones get the room that is left."""
    changed = [number for number, block in enumerate(blocks) if block.kind != "same"]
    same = [number for number, block in enumerate(blocks) if block.kind == "same"]
    room, fits = MOST_CHARACTERS, set[int]()
    for number in (*changed[:MOST_CHANGES], *same):
        size = sum(len(text) for change in blocks[number].clauses for _, text in change.words)
        if size <= room:
            room -= size
            fits.add(number)
    shown = (
        block if number in fits else Block("hidden", block.clauses)  # counted only
        for number, block in enumerate(blocks)
        if number in fits or block.kind == "same"
    )
    return tuple(shown), len(set(changed) - fits)
