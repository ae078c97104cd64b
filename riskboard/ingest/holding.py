"""Holding a proposal while it is decided about, and putting on record what was before and after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import F

from riskboard.audit.services import record as note
from riskboard.catalog.models import Family, Vendor
from riskboard.ingest.models import Proposal
from riskboard.ingest.recording import Texts
from riskboard.ingest.seconding import SamePersonError, switched_off

State = Proposal.State
OPEN = (State.WAITING, State.SECOND)


class Conflict(Exception):  # noqa: N818 - named after what happened
    """Somebody decided or edited meanwhile. ``proposal`` is how it stands now."""

    def __init__(self, proposal: Proposal) -> None:
        super().__init__("This proposal was changed meanwhile.")
        self.proposal = proposal

    @property
    def fields(self) -> dict[str, str]:
        return dict(self.proposal.fields)

    @property
    def version(self) -> int:
        return self.proposal.version


def subject_of(proposal: Proposal) -> str:
    return f"proposal:{proposal.pk}"


def claim(proposal: Proposal, version: int, states: tuple[str, ...] = OPEN) -> tuple[Proposal, dict[str, Any]]:
    """The proposal as it stands, for us alone until the transaction ends, and what is put on record of it."""
    mine = Proposal.objects.filter(pk=proposal.pk, version=version, state__in=states)
    claimed = mine.update(version=F("version") + 1)
    current = Proposal.objects.select_related("item__story").get(pk=proposal.pk)
    if not claimed:
        raise Conflict(current)
    return current, snapshot(current)


def snapshot(proposal: Proposal) -> dict[str, Any]:
    return {
        "state": proposal.state,
        "fields": proposal.fields,
        "decided_by": proposal.decided_by_id,
        "seconded_by": proposal.seconded_by_id,
        "decided_at": proposal.decided_at.isoformat() if proposal.decided_at else None,
        "reason": proposal.reason,
        "evidence": proposal.evidence,
        "merged_into": proposal.merged_into_id,
    }


def settle(
    current: Proposal,
    before: dict[str, Any],
    *,
    action: str,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str,
    said: Mapping[str, Any] | None = None,
) -> Proposal:
    current.save()
    after = {**snapshot(current), **(said or {})}
    note(actor=by, action=action, subject=subject_of(current), at=now, before=before, after=after, reason=reason)
    return current


def changed_by(fields: Texts, edits: Texts | None) -> dict[str, str]:
    return {name: text.strip() for name, text in (edits or {}).items() if text.strip() != fields.get(name, "")}


def point(current: Proposal) -> None:
    """Whom it is about, as its columns say."""
    current.vendor = Vendor.objects.filter(slug=current.fields.get("vendor", "")).first()
    current.family = Family.objects.filter(slug=current.fields.get("family", "")).select_related("line").first()
    if current.vendor is None and current.family is not None:
        current.vendor = current.family.line.vendor


def is_first(current: Proposal, by: AbstractBaseUser, *, has_edits: bool = False) -> bool:
    """Whether who accepts now is the first person. Raises SamePersonError."""
    if current.state == State.WAITING or has_edits:
        return True
    if current.decided_by_id == by.pk:
        raise SamePersonError("You accepted this first: somebody else has to accept it too.")
    return False


def sign(current: Proposal, by: AbstractBaseUser) -> None:
    """Who decides, as the second person or alone."""
    if current.state == State.SECOND and current.decided_by_id != by.pk:
        current.seconded_by_id = by.pk
    else:
        current.decided_by_id = by.pk


def said_of_second(current: Proposal, reasons: list[str]) -> dict[str, str]:
    if not reasons:
        return {}
    if current.seconded_by_id:
        return {"second_person": f"accepted too: {', '.join(reasons)}"}
    return {"second_person": switched_off(reasons)}
