"""What people enter by hand: the forms, and what saving would do, before it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q
from django.forms import BoundField, Select
from django.urls import reverse

from riskboard.catalog.cells import CellError, guard
from riskboard.catalog.models import Pledge, Source
from riskboard.ingest import services
from riskboard.ingest.entering import ENTERED
from riskboard.ingest.happened import ahead
from riskboard.ingest.likeness import Alike, alike
from riskboard.ingest.models import Proposal
from riskboard.ingest.naming import named
from riskboard.ingest.reading.stories import canonical
from riskboard.ingest.recording import Texts
from riskboard.ingest.rows import SPECS, texts_of
from riskboard.ingest.ruling import RULING
from riskboard.ingest.seconding import second_person_reasons, second_person_reasons_of_change
from riskboard.web.definitions import MEANINGS
from riskboard.web.effects import LineEffect, effects_of, largest
from riskboard.web.forms_entering import KINDS, EntryForm, Group, Kind, RowForm, RulingForm
from riskboard.web.forms_rows import LABELS, LONG, is_required
from riskboard.web.pages.inbox import Difference, differences, evidence_url, title_of
from riskboard.web.pages.second import before_saving

LATELY = 15
MOST_TITLES = 3
WIDE = ("kind", "severity", "direction", "source_url", "source_title", "asset")
SCALES = ("severity", "source_reliability", "info_credibility")
SEARCHED = ("vendors", "families", "licenses")  # too many to look through: found by typing


@dataclass(frozen=True, slots=True)
class EntryField:
    bound: BoundField
    meanings: Mapping[str, str]
    is_required: bool
    is_wide: bool
    is_scale: bool  # its meanings are read as a whole

    @property
    def meaning(self) -> str:
        """Of what is chosen."""
        return self.meanings.get(str(self.bound.value() or ""), "")


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    note: str
    fields: tuple[EntryField, ...]


@dataclass(frozen=True, slots=True)
class Cited:
    """How a page was cited before. No title: it never was."""

    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Something on record, or waiting, that is like what is typed."""

    title: str
    url: str
    on: date | None
    why: str
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """``moves`` None: not known, because of what ``lacking`` and ``wrong`` say."""

    moves: tuple[LineEffect, ...] | None
    lacking: tuple[str, ...]
    wrong: tuple[str, ...]
    second: str
    looks: tuple[Look, ...]
    cited: Cited | None
    key: str
    is_recalled: bool
    today: date


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is on record beside what was typed."""

    title: str
    url: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class EntryPage:
    kind: Kind
    form: EntryForm
    sections: tuple[Section, ...]
    preview: Preview | None
    conflict: Conflict | None = None
    problem: str = ""
    offer: str = ""  # a title that was fetched
    offer_fault: str = ""  # why none was

    @property
    def meanings(self) -> dict[str, Mapping[str, str]]:
        return _meanings(self.sections)


@dataclass(frozen=True, slots=True)
class RulingPage:
    pledge: Pledge
    form: RulingForm
    section: Section
    moves: tuple[LineEffect, ...] | None
    is_previewed: bool
    second: str
    today: date
    conflict: Conflict | None = None

    @property
    def meanings(self) -> dict[str, Mapping[str, str]]:
        return _meanings((self.section,))


@dataclass(frozen=True, slots=True)
class Entered:
    proposal: Proposal
    title: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class EnterPage:
    kinds: tuple[Kind, ...]
    mine: tuple[Entered, ...]


def enter_page(user: AbstractBaseUser | AnonymousUser) -> EnterPage:
    by_hand = Proposal.objects.filter(key__startswith=ENTERED, decided_by=user.pk).exclude(state="waiting")
    found = by_hand.select_related("item", "vendor").order_by("-decided_at", "-pk")[:LATELY]
    names = {kind.table: kind.name for kind in KINDS.values()}
    return EnterPage(
        tuple(KINDS.values()),
        tuple(
            Entered(each, title_of(each), names.get(each.table, each.table), evidence_url(each.evidence))
            for each in found
        ),
    )


def entry_page(form: EntryForm, preview: Preview | None = None, **more: Any) -> EntryPage:
    kind = form.kind
    sections = tuple(_section(kind.table, group, form) for group in kind.groups)
    return EntryPage(kind, form, sections, preview, **more)


def conflict_page(form: EntryForm, row: Any, typed: Texts, preview: Preview, problem: str) -> EntryPage:  # noqa: ANN401 - any row
    """What was typed, fit to be saved over the row, beside what the row says."""
    saved = texts_of(row)
    data = {**typed, form.kind.key: saved[form.kind.key], "version": services.version_of(row)}
    again = EntryForm(form.kind, {**data, "sent_as": form["sent_as"].initial, "why": form.data.get("why", "")}, {})
    differing = differences({name: data[name] for name in form.kind.columns}, saved, again)
    conflict = Conflict(str(row), row.get_absolute_url(), differing)
    return entry_page(again, preview, conflict=conflict, problem=problem)


def _section(table: str, group: Group, form: RowForm) -> Section:
    return Section(group.title, group.note, tuple(_field(table, name, form) for name in group.columns))


def _field(table: str, name: str, form: RowForm) -> EntryField:
    column, bound = SPECS[table].column(name), form[name]
    required = is_required(column) and name != SPECS[table].key[0]
    required = required or (isinstance(form, RulingForm) and name in {"status_on", "status_reason"})
    is_searched = column.refers_to in SEARCHED and isinstance(bound.field.widget, Select)
    bound.field.widget.attrs |= {"aria-required": "true"} if required else {}
    bound.field.widget.attrs |= {"data-combobox": ""} if is_searched else {}
    wide = name in LONG or name in WIDE
    return EntryField(bound, MEANINGS.get((table, name), {}), required, wide, name in SCALES)


def _meanings(sections: Iterable[Section]) -> dict[str, Mapping[str, str]]:
    found = (field for section in sections for field in section.fields)
    return {field.bound.name: field.meanings for field in found if field.meanings}


# Before it is saved -------------------------------------------------------------------------------


def preview_of(kind: Kind, typed: Texts, today: date, over: Model | None = None) -> Preview:
    """``over``: the row on record that it would be saved over. Seven queries, and a few
    more when the evidence has just changed.
    """
    texts = named(kind.table, typed)
    lacking, wrong = _faults(kind, texts, today)
    moves = None if lacking or wrong else effects_of(kind.table, texts, today)
    return Preview(
        moves=moves,
        lacking=tuple(lacking),
        wrong=tuple(wrong),
        second=before_saving(_reasons(kind, texts, moves, over)),
        looks=tuple(_look(one, kind) for one in alike(kind.table, typed)),
        cited=_cited(typed.get("source_url", "")),
        key="" if typed[kind.key] else texts[kind.key],
        is_recalled=not typed.get("source_url") or typed.get("source_title", "").lower().startswith("recalled"),
        today=today,
    )


def _faults(kind: Kind, texts: Texts, today: date) -> tuple[list[str], list[str]]:
    """What is not there yet, and what is there and not right, column by column."""
    lacking, wrong, values = [], [], {}
    for name in kind.columns:
        column, text = SPECS[kind.table].column(name), texts.get(name, "")
        if not text and is_required(column) and name != kind.key:
            lacking.append(_label(name))
        elif text:
            try:
                values[name] = column.parse(guard(text))
            except CellError as error:
                wrong.append(f"{_label(name)}: {error}")
    early = ahead(kind.table, values, today)
    return lacking, [*wrong, *(f"{_label(name)}: {said[:1].lower()}{said[1:-1]}" for name, said in early.items())]


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ")).lower()


def _reasons(kind: Kind, texts: Texts, moves: tuple[LineEffect, ...] | None, over: Model | None) -> list[str]:
    points = largest(moves) if moves else 0.0
    if over is None:
        return second_person_reasons(kind.table, texts, points)
    former = texts_of(over)
    return second_person_reasons_of_change(kind.table, former, {**former, **texts}, points)


def _look(one: Alike, kind: Kind) -> Look:
    row: Any = one.row
    is_waiting = isinstance(row, Proposal)
    url = reverse("proposal", args=[row.pk]) if is_waiting else row.get_absolute_url()
    said = (one.texts.get(name) for name in ("summary", "name", "asset", kind.key))
    return Look(next((text for text in said if text), ""), url, one.on, one.why, is_waiting)


def _cited(url: str) -> Cited | None:
    page = canonical(url) if url.startswith(("http://", "https://")) else ""
    if not page:
        return None
    near = Source.objects.filter(Q(url=url) | Q(url__icontains=page.partition("?")[0])).order_by("pk")[:50]
    titles = dict.fromkeys(source.title for source in near if source.title and canonical(source.url) == page)
    return Cited(tuple(titles)[:MOST_TITLES])


# Rulings ------------------------------------------------------------------------------------------


def ruling_page(
    pledge: Pledge, form: RulingForm, today: date, texts: Texts | None = None, row: Model | None = None
) -> RulingPage:
    """``texts``: what was typed, to be tried. ``row``: the pledge as somebody else ruled on it meanwhile."""
    conflict = None
    if row is not None and texts is not None:
        conflict = Conflict(str(row), pledge.get_absolute_url(), differences(texts, texts_of(row), form))
    former = texts_of(pledge)
    ruled = {**former, **(texts or {})}
    moves = None if texts is None else effects_of("pledges", ruled, today)
    points = largest(moves) if moves else None
    return RulingPage(
        pledge=pledge,
        form=form,
        section=_section("pledges", Group("", RULING), form),
        moves=moves,
        is_previewed=texts is not None,
        second=before_saving(second_person_reasons_of_change("pledges", former, ruled, points)),
        today=today,
        conflict=conflict,
    )
