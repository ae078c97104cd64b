"""What waits for a decision: what was read out of which words, what it would change, and who has to agree."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Max, Q
from django.forms import Form
from django.urls import reverse

from riskboard.audit.models import Entry
from riskboard.audit.selectors import history_of
from riskboard.catalog import kinds
from riskboard.catalog.models import Signal
from riskboard.ingest import amending, selectors, services
from riskboard.ingest.corroboration import origins
from riskboard.ingest.models import Feed, Item, Proposal
from riskboard.web.definitions import SIGNAL_KINDS
from riskboard.web.forms_inbox import EditForm, InboxForm
from riskboard.web.pages.asked import Asked, Moved, asked_of, moved_of, told
from riskboard.web.pages.listing import Pages, cut
from riskboard.web.pages.redline import Shown, redline_of
from riskboard.web.pages.second import because

User = AbstractBaseUser | AnonymousUser
OPEN = ("waiting", "second")
NEAR = timedelta(days=14)
LATELY = timedelta(days=7)
MOST_NEIGHBORS = 25
MOST_DUPLICATES = 3
MOST_LATELY = 40
LABELS = {"releases": "release", "license_changes": "license change", "revisions": "state of a repository"}
EVIDENCE_PAGES = {"signal": "signal", "pledge": "pledge", "license-change": "change"}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text; ``is_said``: it is among the words that decided."""

    text: str
    is_said: bool


@dataclass(frozen=True, slots=True)
class LineMove:
    name: str
    slug: str
    points: float
    on: date
    is_later: bool


@dataclass(frozen=True, slots=True)
class Row:
    proposal: Proposal
    label: str  # what sort of row it would become
    title: tuple[Part, ...]
    summary: tuple[Part, ...]
    url: str
    published_on: date | None
    precision: str
    kind: str
    severity: str
    words: tuple[str, ...]
    texts: tuple[tuple[str, str], ...]  # of rows other than signals, column by column
    moves: tuple[LineMove, ...]
    reports: tuple[Item, ...]
    origins: int
    duplicates: tuple[Signal, ...]
    neighbors: tuple[tuple[int, str], ...]  # what it can be merged into
    second: str
    is_open: bool
    may_accept: bool
    evidence_url: str
    asked: Asked | None  # of a row on record; None: it would be a new row
    problem: str = ""

    @property
    def sure(self) -> int | None:
        """Percent."""
        confidence = self.proposal.confidence
        return None if confidence is None else round(confidence * 100)

    @property
    def plain_title(self) -> str:
        return "".join(part.text for part in self.title)


@dataclass(frozen=True, slots=True)
class Decided:
    proposal: Proposal
    title: str
    evidence_url: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    form: InboxForm
    rows: tuple[Row, ...]
    pages: Pages
    last_look_at: datetime | None
    mine: tuple[Decided, ...]
    by_machine: tuple[Decided, ...]
    needs_second: bool
    severity_for_second: int
    effect_for_second: float


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    typed: str
    saved: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    row: Row
    form: EditForm
    definitions: Mapping[str, str]
    record: tuple[Entry, ...]
    redline: Shown | None = None
    moved: Moved | None = None
    problem: str = ""
    typed_reason: str = ""
    is_conflict: bool = False
    differences: tuple[Difference, ...] = ()


def inbox_page(form: InboxForm, user: User, now: datetime) -> InboxPage:
    found = selectors.inbox().filter(**form.lookups(vendor="vendor__slug"))
    first_looks_first = found.order_by("-state", *found.query.order_by)
    proposals, pages = cut(first_looks_first, form)
    mine, by_machine = _decided_lately(user, now)
    return InboxPage(
        form=form,
        rows=rows_of(proposals, user, now.date()),
        pages=pages,
        last_look_at=Feed.objects.aggregate(last=Max("last_ok_at"))["last"],
        mine=mine,
        by_machine=by_machine,
        needs_second=settings.SECOND_PERSON,
        severity_for_second=settings.SECOND_PERSON_SEVERITY,
        effect_for_second=settings.SECOND_PERSON_EFFECT,
    )


def proposal_page(
    proposal: Proposal,
    user: User,
    now: datetime,
    form: EditForm | None = None,
    *,
    problem: str = "",
    typed_reason: str = "",
) -> ProposalPage:
    neighbors = _neighbors_of(proposal, now)
    (row,) = rows_of([proposal], user, now.date(), neighbors)
    return ProposalPage(
        row=row,
        form=form or EditForm(None, proposal),
        definitions=SIGNAL_KINDS if proposal.table == "signals" else {},
        record=tuple(history_of(services.subject_of(proposal))[:30]),
        redline=redline_of(proposal),
        moved=moved_of(proposal) if proposal.deed and row.is_open else None,
        problem=problem,
        typed_reason=typed_reason,
    )


def differences(typed: Mapping[str, str], saved: Mapping[str, str], form: Form) -> tuple[Difference, ...]:
    """Where what was typed is not what somebody else saved meanwhile."""
    return tuple(
        Difference(str(form.fields[name].label), text, saved.get(name, ""))
        for name, text in typed.items()
        if name in form.fields and text.strip() != saved.get(name, "")
    )


# Rows ---------------------------------------------------------------------------------------------


def rows_of(
    proposals: Sequence[Proposal], user: User, today: date, neighbors: Sequence[Proposal] | None = None
) -> tuple[Row, ...]:
    """Two queries, however many. Without ``neighbors`` they are each other's."""
    reports, duplicates = _reports(proposals), _duplicates(proposals)
    others = proposals if neighbors is None else neighbors
    return tuple(
        _row(each, reports[each.pk], duplicates[each.pk], _merge_choices(each, others), user, today)
        for each in proposals
    )


def _row(
    proposal: Proposal,
    reports: tuple[Item, ...],
    duplicates: tuple[Signal, ...],
    neighbors: tuple[tuple[int, str], ...],
    user: User,
    today: date,
) -> Row:
    item, texts = proposal.item, proposal.fields
    is_signal = proposal.table == "signals"
    published_on, precision = _published(proposal)
    is_first = proposal.state == "second" and proposal.decided_by_id == user.pk and settings.SECOND_PERSON
    return Row(
        proposal=proposal,
        label=LABELS.get(proposal.table, proposal.table.removesuffix("s").replace("_", " ")),
        title=parts(title_of(proposal), proposal.words),
        summary=parts(item.summary if item else "", proposal.words),
        url=item.url if item and item.url else texts.get("source_url", ""),
        published_on=published_on,
        precision=precision,
        kind=dict(kinds.SignalKind.choices).get(texts.get("kind", ""), texts.get("kind", "")) if is_signal else "",
        severity=texts.get("severity", "") if is_signal else "",
        words=tuple(proposal.words),
        texts=() if is_signal or proposal.deed else told(texts),
        moves=_moves(proposal, today),
        reports=reports,
        origins=origins(reports),
        duplicates=duplicates,
        neighbors=neighbors,
        second=_second(proposal, is_first=is_first),
        is_open=proposal.state in OPEN,
        may_accept=proposal.state in OPEN and not is_first,
        evidence_url=evidence_url(proposal.evidence),
        asked=asked_of(proposal) if proposal.deed else None,
    )


def title_of(proposal: Proposal) -> str:
    texts = proposal.former or proposal.fields
    if proposal.item is not None:
        return proposal.item.title
    named = ("summary", "name", "asset", "slug", "repository", "metric", "source_title", "id")
    return next((texts[name] for name in named if texts.get(name)), f"Proposal {proposal.pk}")


def _published(proposal: Proposal) -> tuple[date | None, str]:
    if proposal.item is not None:
        return proposal.item.published_on, proposal.item.date_precision
    texts = proposal.fields
    if texts.get("published_on"):
        return _day(texts["published_on"]), "day"
    columns = ("occurred_on", "released_on", "announced_on", "made_on", "measured_on", "captured_on")
    first = next((texts[name] for name in columns if texts.get(name)), "")
    return _day(first), texts.get("date_precision") or "day"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parts(text: str, words: Iterable[str]) -> tuple[Part, ...]:
    """``text`` cut where the words that decided begin and end, whatever their case."""
    said = sorted({word.rpartition(": ")[2].strip() for word in words} - {""}, key=len, reverse=True)
    if not said:
        return (Part(text, False),) if text else ()
    pieces = re.split(f"({'|'.join(re.escape(word) for word in said)})", text, flags=re.IGNORECASE)
    return tuple(Part(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)


def _moves(proposal: Proposal, today: date) -> tuple[LineMove, ...]:
    noted = proposal.measured.get("lines", [])
    return tuple(
        LineMove(one["name"], one["slug"], one["points"], on := date.fromisoformat(one["on"]), on > today)
        for one in noted
    )


def _second(proposal: Proposal, *, is_first: bool) -> str:
    did = "asked for it" if proposal.deed else "accepted it first"
    why = because(_reasons(proposal))
    if proposal.state not in OPEN or not why:
        return ""
    if not settings.SECOND_PERSON:
        return f"One person decides on this board, though: {why}. The record will say so."
    if proposal.state == "second" and is_first:
        return f"You {did}. Somebody else has to accept it too: {why}."
    if proposal.state == "second" and proposal.decided_by is not None:
        return f"{proposal.decided_by.get_username()} {did}. It needs you as the second person: {why}."
    return f"It needs two people: {why}."


def _reasons(proposal: Proposal) -> list[str]:
    if proposal.deed:
        return amending.reasons_of(proposal)
    return services.second_person_reasons(proposal.table, proposal.fields, proposal.effect)


def evidence_url(reference: str) -> str:
    prefix, _, key = reference.partition(":")
    return reverse(EVIDENCE_PAGES[prefix], args=[key]) if prefix in EVIDENCE_PAGES else ""


# What stands near ---------------------------------------------------------------------------------


def _reports(proposals: Iterable[Proposal]) -> dict[int, tuple[Item, ...]]:
    """Every report of the story of each proposal, first ones first. One query."""
    own = {each.pk: each.item for each in proposals if each.item is not None}
    stories = {item.story_id for item in own.values()} - {None}
    told: dict[int | None, list[Item]] = defaultdict(list)
    for item in Item.objects.filter(story__in=stories).defer("earlier").order_by("published_on", "pk"):
        told[item.story_id].append(item)
    found = {pk: tuple(told[item.story_id]) if item.story_id else (item,) for pk, item in own.items()}
    return defaultdict(tuple, found)


def _duplicates(proposals: Iterable[Proposal]) -> dict[int, tuple[Signal, ...]]:
    """Signals on record of the same vendor and the same fortnight, of the same kind or source. One query."""
    days = {each.pk: _day(each.fields.get("occurred_on", "")) for each in proposals if _is_new_signal(each)}
    dated = [day for day in days.values() if day is not None]
    found: dict[int, tuple[Signal, ...]] = defaultdict(tuple)
    if not dated:
        return found
    around = Q(occurred_on__range=(min(dated) - NEAR, max(dated) + NEAR))
    vendors = {each.vendor_id for each in proposals}
    known = list(Signal.objects.filter(around, vendor__in=vendors).select_related("source").order_by("occurred_on"))
    for each in proposals:
        day = days.get(each.pk)
        if day is not None:
            alike = (signal for signal in known if _is_alike(signal, each, day))
            found[each.pk] = tuple(alike)[:MOST_DUPLICATES]
    return found


def _is_new_signal(proposal: Proposal) -> bool:
    return proposal.table == "signals" and not proposal.deed


def _is_alike(signal: Signal, proposal: Proposal, day: date) -> bool:
    is_itself = proposal.evidence == f"signal:{signal.key}"
    if is_itself or signal.vendor_id != proposal.vendor_id or abs(signal.occurred_on - day) > NEAR:
        return False
    texts = proposal.fields
    return signal.kind == texts.get("kind") or (
        bool(signal.source.url) and signal.source.url == texts.get("source_url")
    )


def _merge_choices(proposal: Proposal, others: Iterable[Proposal]) -> tuple[tuple[int, str], ...]:
    if proposal.deed:
        return ()
    near = (each for each in others if not each.deed and each.pk != proposal.pk)
    same = [each for each in near if each.vendor_id == proposal.vendor_id]
    return tuple((each.pk, f"{title_of(each)[:90]} ({each.get_state_display()})") for each in same[:MOST_NEIGHBORS])


def _neighbors_of(proposal: Proposal, now: datetime) -> list[Proposal]:
    """What waits, and what was accepted within two months, about the same vendor."""
    accepted = Q(state="accepted", decided_at__gt=now - timedelta(days=60))
    near = Proposal.objects.filter(accepted | Q(state__in=OPEN), vendor=proposal.vendor_id).exclude(pk=proposal.pk)
    return list(near.select_related("item").order_by("-created_at")[:MOST_NEIGHBORS])


def _decided_lately(user: User, now: datetime) -> tuple[tuple[Decided, ...], tuple[Decided, ...]]:
    """What this person decided within a week, and what machines recorded by themselves. One query."""
    by_machine = Q(is_machine_verified=True, decided_by=None)
    decided = Proposal.objects.filter(by_machine | Q(decided_by=user.pk) | Q(seconded_by=user.pk))
    lately = decided.filter(decided_at__gt=now - LATELY).exclude(state="waiting")
    found = lately.select_related("item", "vendor").order_by("-decided_at", "-pk")[:MOST_LATELY]
    listed = [Decided(each, title_of(each), evidence_url(each.evidence)) for each in found]
    mine = tuple(one for one in listed if one.proposal.decided_by_id is not None)
    return mine, tuple(one for one in listed if one.proposal.decided_by_id is None)
