"""License texts that were captured: as the host gave them, and as comparisons use them. A sha256 names one for ever."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Length

from riskboard.ingest.licensetext import LONGEST, Redline, redline
from riskboard.ingest.models import Proposal, Snapshot

KEPT_FOR = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class HeldText:
    """``cleaned``: what comparisons use, of a long text its beginning."""

    sha256: str
    url: str
    captured_at: datetime  # the first time
    size: int  # bytes
    cleaned: str

    @property
    def is_cut(self) -> bool:
        return self.size > LONGEST


def captured() -> "QuerySet[Snapshot]":
    """Answers that were kept as license texts: no other answer of a host is shown to anybody as one."""
    return Snapshot.objects.exclude(cleaned="")


def held(*hashes: str) -> dict[str, HeldText]:
    """Those of them that we hold, by hash. One query."""
    rows = captured().filter(sha256__in=hashes).annotate(size=Length("body")).order_by("-fetched_at", "-pk")
    found = rows.values_list("sha256", "url", "fetched_at", "size", "cleaned")
    return {row[0]: HeldText(*row) for row in found}


def raw(sha256: str) -> bytes | None:
    """Byte for byte as it was answered; None: not held."""
    bodies = captured().filter(sha256=sha256).order_by("fetched_at", "pk").values_list("body", flat=True)
    found = bodies.first()
    return None if found is None else bytes(found)


def is_held(field: str) -> Exists:
    """For a query over rows that name a text by its hash in ``field``."""
    return Exists(captured().filter(sha256=OuterRef(field)))


def compared(before: HeldText, after: HeldText) -> Redline:
    key = f"redline:{before.sha256}:{after.sha256}"
    found: Redline | None = cache.get(key)
    if found is None:
        found = redline(before.cleaned, after.cleaned)
        cache.set(key, found, KEPT_FOR)
    return found


def texts_of(proposal: Proposal) -> tuple[str, str] | None:
    """The hashes of the text before and after the change that it proposes; None: it rests on no two texts."""
    return pair_in(proposal.snapshots) if proposal.table == "license_changes" else None


def pair_in(snapshots: Sequence[str] | None) -> tuple[str, str] | None:
    return (snapshots[0], snapshots[1]) if snapshots and len(snapshots) == 2 else None


def observed(before: str, after: str) -> "QuerySet[Proposal]":
    """What was proposed when one text took the place of the other."""
    return Proposal.objects.filter(table="license_changes", snapshots=[before, after]).order_by("pk")
