"""Every version of a row: who made it, when, why, and which columns it changed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from riskboard.audit.models import Entry
from riskboard.catalog.columns import Column, TableSpec
from riskboard.ingest.rows import SPECS, TABLE_OF, find
from riskboard.ingest.services import is_revertible
from riskboard.web.access import role_of
from riskboard.web.pages.corrections import NAMES, columns_of, who_did
from riskboard.web.pages.corrections import Column as Difference
from riskboard.web.pages.fact import Fact, fact_of, page_of

MOST = 100
WRITTEN = {"recorded", "corrected", "restored", "ruled", "withdrawn"}
PAST = {"+": "recorded", "~": "changed", "-": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Version:
    at: datetime
    action: str
    who: str
    reason: str
    columns: tuple[Difference, ...] = ()  # with what they said
    names: tuple[str, ...] = ()  # of columns, where only that is known
    number: int | None = None  # of its entry in the log
    may_undo: bool = False

    @property
    def is_withdrawal(self) -> bool:
        return self.action == "withdrawn"


@dataclass(frozen=True, slots=True)
class RowHistoryPage:
    table: str
    key: str
    kind: str
    title: str
    url: str  # of the row; blank: it is not on record any more
    fact: Fact | None
    versions: tuple[Version, ...]
    problem: str = ""


def row_history_page(reference: str, now: datetime, problem: str = "") -> RowHistoryPage | None:
    """None: nothing of that name ever was on record."""
    row = find(reference)
    prefix, _, key = reference.partition(":")
    spec = SPECS[TABLE_OF[prefix]]
    entries, past = _entries(reference, row), _past(spec, key)
    if row is None and not entries and not past:
        return None
    return RowHistoryPage(
        table=spec.name,
        key=key,
        kind=prefix.replace("-", " "),
        title=_title(row, entries, spec) or key,
        url=page_of(row) if row is not None else "",
        fact=fact_of(row, now) if row is not None else None,
        versions=tuple(sorted(_versions(entries, past, spec), key=lambda version: version.at, reverse=True)),
        problem=problem,
    )


def _entries(reference: str, row: Any) -> list[Entry]:  # noqa: ANN401 - any model
    """About the row, and about the page that it cites."""
    subjects = [reference]
    if getattr(row, "source_id", None):
        subjects.append(f"source:{row.source_id}")
    found = Entry.objects.filter(subject__in=subjects)
    return list(found.order_by("-pk")[:MOST])


def _past(spec: TableSpec, key: str) -> list[Any]:
    history = getattr(spec.model, "history", None)
    if history is None:
        return []
    if len(spec.key) == 1:
        named: dict[str, Any] = {spec.key_columns[0].path: key}
    elif key.isdecimal():
        named = {"id": int(key)}
    else:
        return []
    found = history.filter(**named).select_related("history_user").prefetch_related("history_user__groups")
    return list(found.order_by("-history_date", "-history_id")[: MOST + 1])


def _title(row: Model | None, entries: Iterable[Entry], spec: TableSpec) -> str:
    if row is not None:
        named = (getattr(row, name, "") for name in NAMES)
        return str(next((text for text in named if text), row))
    texts: Mapping[str, str] = next((entry.before for entry in entries if entry.before), {})
    return next((texts[name] for name in NAMES if name in spec.header and texts.get(name)), "")


def _versions(entries: list[Entry], past: list[Any], spec: TableSpec) -> Iterator[Version]:
    """What the log tells, and the versions that were written without it: from files, and on the admin's pages."""
    yield from (_logged(entry) for entry in entries)
    told = [entry for entry in entries if entry.action in WRITTEN]
    for record, former in pairwise([*past[:MOST], *past[MOST:], None]):
        entry = next((entry for entry in told if _is_of(entry, record)), None)
        if entry is not None:
            told.remove(entry)
        else:
            yield _unlogged(record, former, spec)


def _is_of(entry: Entry, record: Any) -> bool:  # noqa: ANN401 - a version of any model
    is_same_kind = (entry.action == "withdrawn") == (record.history_type == "-")
    reason = record.history_change_reason or ""
    return is_same_kind and entry.actor_id == record.history_user_id and entry.reason[: len(reason) or None] == reason


def _logged(entry: Entry) -> Version:
    is_written = entry.action in WRITTEN and entry.action != "recorded"
    return Version(
        at=entry.at,
        action=entry.action,
        who=who_did(entry),
        reason=entry.reason,
        columns=columns_of(entry) if is_written else (),
        number=entry.pk,
        may_undo=is_revertible(entry),
    )


def _unlogged(record: Any, former: Any, spec: TableSpec) -> Version:  # noqa: ANN401 - versions of any model
    user = record.history_user
    return Version(
        at=record.history_date,
        action=PAST[record.history_type],
        who=_who(user) if user is not None else "the board itself",
        reason=record.history_change_reason or "",
        names=tuple(_changed(record, former, spec)) if record.history_type == "~" and former is not None else (),
    )


def _who(user: User) -> str:
    return role_of(user).label if user.is_active else "a former member"


def _changed(record: Any, former: Any, spec: TableSpec) -> Iterator[str]:  # noqa: ANN401 - versions of any model
    for column in spec.columns:
        name = _attribute(column)
        if getattr(record, name, None) != getattr(former, name, None):
            yield column.name.replace("_", " ")


def _attribute(column: Column) -> str:
    head, _, rest = column.path.partition(".")
    return f"{head}_id" if rest else head.removeprefix("stated_")
