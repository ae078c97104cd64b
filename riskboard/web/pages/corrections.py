"""The public log of what was wrong, what is disputed, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from riskboard.audit.models import Entry
from riskboard.audit.selectors import public_log
from riskboard.catalog.models import Family, License, Line, Release
from riskboard.ingest.rows import SPECS, TABLE_OF, texts_of
from riskboard.ingest.services import is_revertible
from riskboard.web.forms_feeds import PageForm
from riskboard.web.pages.fact import address_of
from riskboard.web.pages.listing import Pages, cut

NAMES = ("summary", "name", "asset", "value", "metric", "repository")  # columns that say what a row is, best first
CONTESTS = {"contested", "contest closed"}
ABOUT_A_ROW = CONTESTS | {"seconded", "not seconded"}  # these say nothing that the row would say

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Correction:
    entry: Entry
    kind: str  # of row
    title: str
    url: str  # of the row's page; blank: it has none any more
    who: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    history: str  # address of every version of the row
    may_undo: bool

    @property
    def is_withdrawal(self) -> bool:
        return self.entry.action == "withdrawn"


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    corrections: tuple[Correction, ...]
    pages: Pages


def corrections_page(form: PageForm) -> CorrectionsPage:
    entries, pages = cut(public_log(), form)
    subjects = rows_of(entry.subject for entry in entries)
    told = {entry.pk: _told(entry, subjects.get(entry.subject)) for entry in entries}
    reach = _Reach.of([(entry.subject, told[entry.pk]) for entry in entries])
    return CorrectionsPage(
        tuple(
            _correction(entry, told[entry.pk], subjects.get(entry.subject), reach.of_row(entry.subject, told[entry.pk]))
            for entry in entries
        ),
        pages,
    )


def _correction(entry: Entry, texts: Texts, row: Any, lines: tuple[Line, ...]) -> Correction:  # noqa: ANN401 - any model
    prefix, _, key = entry.subject.partition(":")
    return Correction(
        entry=entry,
        kind=prefix.replace("-", " "),
        title=_named_in(texts, key),
        url=row.get_absolute_url() if hasattr(row, "get_absolute_url") else "",
        who=who_did(entry),
        columns=() if entry.action in ABOUT_A_ROW else columns_of(entry),
        history=_history(entry.subject),
        may_undo=is_revertible(entry),
        lines=lines,
    )


def _named_in(texts: Texts, key: str) -> str:
    return next((texts[name] for name in NAMES if texts.get(name)), key)


def title_in(row: Model | None, key: str) -> str:
    return key if row is None else _named_in(texts_of(row), key)


def who_did(entry: Entry) -> str:
    """By the role at that time: the log is about the evidence, not about people."""
    if entry.actor_id is not None:
        return entry.role or "a member"
    return "a reader" if entry.action in CONTESTS else "the board itself"


def columns_of(entry: Entry) -> tuple[Column, ...]:
    return tuple(_columns(entry))


def _history(subject: str) -> str:
    return address_of("row_history", subject) if subject.partition(":")[0] in TABLE_OF else ""


def _columns(entry: Entry) -> Iterator[Column]:
    before, after = entry.before or {}, entry.after or {}
    for name in before | after:
        old, new = str(before.get(name, "")), str(after.get(name, ""))
        if old != new:
            yield Column(name.replace("_", " "), old, new)


def _told(entry: Entry, row: Model | None) -> Texts:
    """What the row says, or last said."""
    if entry.action not in ABOUT_A_ROW:
        return entry.after or entry.before or {}
    return texts_of(row) if row is not None else {}


# The rows that entries are about, and the lines that those reach, in a few queries for all ---------


def rows_of(subjects: Iterable[str]) -> dict[str, Model]:
    """By reference; one query a table."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        prefix, _, key = subject.partition(":")
        if prefix in TABLE_OF:
            wanted[prefix].add(key)
    return {subject: row for prefix, keys in wanted.items() for subject, row in _rows_of(prefix, keys)}


def _rows_of(prefix: str, keys: set[str]) -> Iterator[tuple[str, Model]]:
    spec = SPECS[TABLE_OF[prefix]]
    if len(spec.key) > 1:
        numbers = [int(key) for key in keys if key.isdecimal()]
        yield from ((f"{prefix}:{row.pk}", row) for row in spec.rows().filter(pk__in=numbers))
    else:
        path = spec.key_columns[0].path
        yield from ((f"{prefix}:{getattr(row, path)}", row) for row in spec.rows().filter(**{f"{path}__in": keys}))


@dataclass(frozen=True, slots=True)
class _Reach:
    of_family: Mapping[str, tuple[Line, ...]]
    of_vendor: Mapping[str, tuple[Line, ...]]
    of_license: Mapping[str, tuple[Line, ...]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Texts]]) -> "_Reach":
        named = [_named(subject, texts) for subject, texts in rows]
        return cls(
            _by((family.slug, family.line) for family in _families(names["family"] for names in named)),
            _by((line.vendor.slug, line) for line in _lines(names["vendor"] for names in named)),
            _by(_under(names["license"] for names in named)),
        )

    def of_row(self, subject: str, texts: Texts) -> tuple[Line, ...]:
        """The line of the family; all lines of the vendor when a row names no family."""
        names = _named(subject, texts)
        if names["license"]:
            return self.of_license.get(names["license"], ())
        if names["family"]:
            return self.of_family.get(names["family"], ())
        return self.of_vendor.get(names["vendor"], ())


def _named(subject: str, texts: Texts) -> dict[str, str]:
    prefix, _, key = subject.partition(":")
    names = {name: texts.get(name, "") for name in ("family", "vendor")}
    names["license"] = key if prefix == "license" else texts.get("license", "") if prefix == "threshold" else ""
    return {**names, **({prefix: key} if prefix in {"family", "vendor"} else {})}


def _by(pairs: Iterable[tuple[str, Line]]) -> dict[str, tuple[Line, ...]]:
    grouped: dict[str, dict[int, Line]] = defaultdict(dict)
    for key, line in pairs:
        grouped[key][line.pk] = line
    return {key: tuple(lines.values()) for key, lines in grouped.items()}


def _families(slugs: Iterable[str]) -> Iterable[Family]:
    return Family.objects.filter(slug__in=set(slugs) - {""}).select_related("line")


def _lines(slugs: Iterable[str]) -> Iterable[Line]:
    return Line.objects.filter(vendor__slug__in=set(slugs) - {""}).select_related("vendor").order_by("name")


def _under(keys: Iterable[str]) -> Iterator[tuple[str, Line]]:
    wanted = set(keys) - {""}
    if not wanted:
        return
    releases = Release.objects.filter(license__key__in=wanted).select_related("license", "family__line")
    for release in releases.order_by("family__line__name"):
        assert isinstance(release.license, License)
        yield release.license.key, release.family.line
