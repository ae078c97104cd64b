"""What somebody asks of a row on record, beside what the row said then and says now."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from riskboard.ingest import amending, services
from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import find, texts_of
from riskboard.web.pages.fact import address_of


@dataclass(frozen=True, slots=True)
class AskedColumn:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a row on record."""

    what: str
    reference: str
    history: str  # address of the versions of that row
    by: str
    reason: str
    columns: tuple[AskedColumn, ...]  # that would say something else
    texts: tuple[tuple[str, str], ...]  # of what goes, or comes back: all it says


@dataclass(frozen=True, slots=True)
class MovedColumn:
    label: str
    then: str
    now: str
    asked: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The row was changed after something was asked of it."""

    is_gone: bool
    columns: tuple[MovedColumn, ...]
    anew: str  # where it can be asked for anew; blank: nowhere
    sends: tuple[tuple[str, str], ...]  # with that; empty: it is a page to go to


def told(texts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((name.replace("_", " "), text) for name, text in texts.items() if text)


def asked_of(proposal: Proposal) -> Asked:
    change = amending.change_of(proposal)
    is_whole = not change.former or not change.texts
    names = () if is_whole else (name for name in change.texts if change.texts[name] != change.former.get(name, ""))
    return Asked(
        what=proposal.get_deed_display(),
        reference=proposal.corrects,
        history=address_of("row_history", proposal.corrects),
        by=proposal.decided_by.get_username() if proposal.state == "second" and proposal.decided_by else "",
        reason=proposal.reason,
        columns=tuple(
            AskedColumn(name.replace("_", " "), change.former.get(name, ""), change.texts[name]) for name in names
        ),
        texts=told(proposal.fields) if is_whole else (),
    )


def moved_of(proposal: Proposal) -> Moved | None:
    """None: the row is as it was. One query."""
    change = amending.change_of(proposal)
    row = find(change.reference)
    if not change.former or (row is not None and services.version_of(row) == change.version):
        return None
    if row is None:
        return Moved(is_gone=True, columns=(), anew="", sends=())
    now = texts_of(row)
    wanted = {name: text for name, text in change.texts.items() if text != change.former.get(name, "")}
    names = [name for name in now if name in wanted or now[name] != change.former.get(name, "")]
    columns = (
        MovedColumn(name.replace("_", " "), change.former.get(name, ""), now[name], wanted.get(name, ""))
        for name in names
    )
    is_correction = change.deed == amending.Deed.CORRECT
    sends = {**now, **wanted, "reason": change.reason, "version": services.version_of(row), "then": "preview"}
    name = "rule" if change.deed == amending.Deed.RULE else "correct"
    anew = reverse("rule", args=[change.reference.partition(":")[2]]) if name == "rule" else ""
    return Moved(
        is_gone=False,
        columns=tuple(columns),
        anew=anew or address_of("correct", change.reference),
        sends=tuple(sends.items()) if is_correction else (),
    )
