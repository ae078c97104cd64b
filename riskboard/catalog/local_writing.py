"""Rows that people here bring in bulk. Unlike those that ship they go over what was edited here, and are local then."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.deletion import Collector

from riskboard.catalog import cells
from riskboard.catalog.columns import TableSpec
from riskboard.catalog.models import Ruling
from riskboard.catalog.reading import Reading, Row
from riskboard.catalog.tables import TABLES
from riskboard.catalog.writing import SourceBook, TableWriter

M = TypeVar("M", bound=Model)
HISTORY_LENGTH = 100  # what the history of a row keeps of a reason


class LocalWriter(TableWriter):
    """Records rows that were judged by all their rules. Those that were not on record by their key are new."""

    def __init__(
        self, spec: TableSpec, rows: list[Row], *, by: AbstractBaseUser | None, why: str, now: datetime
    ) -> None:
        super().__init__(Reading(spec, rows), sources=SourceBook(), now=now)
        self.by, self.why = by, why[:HISTORY_LENGTH]

    def _is_local(self, stored: Model) -> bool:  # noqa: ARG002 - whatever it is
        return False

    def _local_owners(self) -> set[cells.Value]:
        return set()

    def _filled(self, built: M, row: Row) -> M:
        written: Any = super()._filled(built, row)
        written.is_local = True
        written._history_user, written._change_reason = self.by, self.why
        return written  # type: ignore[no-any-return]


def whose_mark(spec: TableSpec) -> type[Model]:
    """The model whose rows say whether a row of the table is local: that of its owner, where it has one."""
    return TABLES[spec.column(spec.owner).refers_to].model if spec.owner else spec.model


def marked_id(spec: TableSpec, row: Any) -> int:  # noqa: ANN401 - any evidence
    """The row of ``whose_mark`` for this one."""
    return int(getattr(row, f"{spec.column(spec.owner).field}_id") if spec.owner else row.pk)


def mark_local(spec: TableSpec, marks: Mapping[bool, Iterable[int]]) -> None:
    for is_local, ids in marks.items():
        model = whose_mark(spec)
        chosen = set(ids)
        if chosen:
            model._default_manager.filter(pk__in=chosen).update(is_local=is_local)


def remove_rows(rows: Iterable[Any], *, by: AbstractBaseUser | None, why: str, now: datetime) -> list[type[Model]]:
    """Deletes them with their history, as if they had never been loaded: they may come with shipped evidence later.

    Deletes nothing when something else belongs to them, and gives the models of that. Raises ProtectedError.
    """
    listed = list(rows)
    if not listed:
        return []
    collector = Collector(using=DEFAULT_DB_ALIAS)
    collector.collect(listed)
    own = {type(listed[0]), Ruling}
    others = [model for model in collector.data if model not in own]
    others += [each.model for each in collector.fast_deletes if each.model not in own and each.exists()]
    if others:
        return others
    for row in listed:
        row._history_user, row._change_reason, row._history_date = by, why[:HISTORY_LENGTH], now
    collector.delete()
    return []
