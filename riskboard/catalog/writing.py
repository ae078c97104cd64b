"""Checked rows into the database, in bulk. What was edited or deleted here stays as it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import CharField, Model, ProtectedError, Value
from django.db.models.functions import Cast, Concat
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from riskboard.catalog import cells
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.models import Evidence, Pledge, Source, Tombstone
from riskboard.catalog.reading import Reading, Row
from riskboard.catalog.rulings import write_rulings
from riskboard.catalog.tables import TABLES

M = TypeVar("M", bound=Model)
REASON = "Loaded from evidence files"


@dataclass(frozen=True)
class Difference:
    """Something that is otherwise here than in the files, for a person to decide."""

    table: str
    key: str
    column: str
    here: str
    offered: str

    def __str__(self) -> str:
        if not self.column:
            return f"{self.table} {self.key}: {self.here}"
        return f"{self.table} {self.key}, {self.column}: here {self.here!r}, in the file {self.offered!r}"


@dataclass
class Count:
    """What became of the rows of one table: how many, and which were added, changed and deleted."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    kept_local: int = 0
    deleted_here: int = 0
    pruned: int = 0
    left: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    changes: list[Difference] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    @property
    def is_quiet(self) -> bool:
        return not (self.added or self.changed or self.pruned)


@dataclass
class Plan:
    """What one table needs."""

    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Any, Row]] = field(default_factory=list)
    renamed: list[int] = field(default_factory=list)
    left: list[Any] = field(default_factory=list)


class SourceBook:
    """Sources by address and title; what is cited for the first time is added."""

    def __init__(self) -> None:
        self._ids = {(url, title): pk for pk, url, title in Source.objects.values_list("pk", "url", "title")}

    def add(self, cited: Iterable[tuple[str, str]]) -> None:
        missing = [Source.citing(url, title) for url, title in sorted(set(cited) - self._ids.keys())]
        for source in Source.objects.bulk_create(missing):
            self._ids[source.url, source.title] = source.pk

    def id_of(self, cited: tuple[str, str]) -> int:
        return self._ids[cited]


class TableWriter:
    """Brings one table to what its file says."""

    def __init__(self, reading: Reading, *, sources: SourceBook, now: datetime) -> None:
        self.spec: TableSpec = reading.spec
        self.rows: Sequence[Row] = reading.rows
        self.sources = sources
        self.now = now
        self.count = Count()

    def write(self) -> Count:
        plan = self._plan()
        self.sources.add(self._cited([*plan.new, *(row for _, row in plan.changed)]))
        self._parents = self._parent_ids()
        orphans = [row for row in plan.new if self._orphaned(row)]
        for row in orphans:
            self._note_deleted(row, "not added: it refers to a row that was deleted here")
        created = [self._filled(self.spec.model(), row) for row in plan.new if row not in orphans]
        self.count.new = [self.spec.key_text(row.values) for row in plan.new if row not in orphans]
        updated = [self._filled(stored, row) for stored, row in plan.changed]
        self._step_aside(plan.renamed)
        self._save(created, updated)
        self.count.left = [self.spec.key_of(stored) for stored in plan.left]
        return self.count

    def _plan(self) -> Plan:
        plan = Plan()
        stored = {self.spec.key_of(row): row for row in self.spec.rows()}
        buried = set(Tombstone.objects.filter(table=self.spec.name).values_list("key", flat=True))
        local_owners = self._local_owners()
        for row in self.rows:
            key = self.spec.key_text(row.values)
            found = stored.pop(key, None)
            if found is not None:
                self._compare(plan, found, row, key)
            elif key in buried:
                self._note_deleted(row, "not added: it was deleted here")
            elif self.spec.owner and row.values[self.spec.owner] in local_owners:
                self._note_local(
                    Difference(self.spec.name, key, "", "not added: what it belongs to was edited here", "")
                )
            else:
                plan.new.append(row)
        plan.left = [row for row in stored.values() if not self._is_local(row)]
        return plan

    def _compare(self, plan: Plan, found: Model, row: Row, key: str) -> None:
        differing = [column for column in self.spec.columns if column.value(found) != row.values[column.name]]
        if self._is_local(found):
            self.count.kept_local += 1
            self.count.differences += [self._difference(key, column, found, row) for column in differing]
        elif differing or _published_otherwise(found):
            self.count.changed += 1
            self.count.changes += [self._difference(key, column, found, row) for column in differing]
            plan.changed.append((found, row))
            if {column.name for column in differing} & {name for names in self.spec.unique for name in names}:
                plan.renamed.append(found.pk)
        else:
            self.count.unchanged += 1

    def _difference(self, key: str, column: Column, found: Model, row: Row) -> Difference:
        offered = column.cell.render(row.values[column.name])
        return Difference(self.spec.name, key, column.name, column.render(found), offered)

    def _note_deleted(self, row: Row, what: str) -> None:
        self.count.deleted_here += 1
        self.count.differences.append(Difference(self.spec.name, self.spec.key_text(row.values), "", what, ""))

    def _note_local(self, difference: Difference) -> None:
        self.count.kept_local += 1
        self.count.differences.append(difference)

    def _is_local(self, stored: Model) -> bool:
        owner = getattr(stored, self.spec.column(self.spec.owner).field) if self.spec.owner else stored
        return bool(getattr(owner, "is_local"))  # noqa: B009  # every evidence model has it

    def _local_owners(self) -> set[cells.Value]:
        if not self.spec.owner:
            return set()
        owner = TABLES[self.spec.column(self.spec.owner).refers_to]
        (key,) = owner.key_columns
        return set(owner.model._default_manager.filter(is_local=True).values_list(key.path, flat=True))

    def _parent_ids(self) -> Mapping[str, Mapping[cells.Value, int]]:
        """Per table that this one refers to: key to primary key."""
        parents = {}
        for name in {column.refers_to for column in self.spec.columns if column.refers_to and column.field}:
            (key,) = TABLES[name].key_columns
            parents[name] = dict(TABLES[name].model._default_manager.values_list(key.path, "pk"))
        return parents

    def _orphaned(self, row: Row) -> bool:
        return any(
            row.values[column.name] and row.values[column.name] not in self._parents[column.refers_to]
            for column in self.spec.columns
            if column.refers_to and column.field
        )

    def _cited(self, rows: Iterable[Row]) -> list[tuple[str, str]]:
        return [cited for row in rows for cited in self._citations(row).values() if cited is not None]

    def _citations(self, row: Row) -> dict[str, tuple[str, str] | None]:
        """Source field to what it cites. A blank address cites nothing, unless the field must cite something."""
        cited: dict[str, tuple[str, str] | None] = {}
        if "source_url" in self.spec.header:
            cited["source"] = (str(row.values["source_url"]), str(row.values["source_title"]))
        if "status_source_url" in self.spec.header:
            address = str(row.values["status_source_url"])
            cited["status_source"] = (address, "") if address else None
        return cited

    def _filled(self, built: M, row: Row) -> M:
        for column in self.spec.columns:
            value = row.values[column.name]
            if column.refers_to and column.field:
                setattr(built, f"{column.field}_id", self._parents[column.refers_to][value] if value else None)
            elif "." not in column.path:
                setattr(built, column.path, value)
        for name, cited in self._citations(row).items():
            setattr(built, f"{name}_id", None if cited is None else self.sources.id_of(cited))
        if isinstance(built, Evidence):
            built.settle_publication()
        if hasattr(built, "changed_at"):
            built.changed_at = self.now  # bulk writes leave auto_now alone
        return built

    def _step_aside(self, renamed: Sequence[int]) -> None:
        """Free what occurs once before others take it: two rows may swap their names in one load."""
        if not renamed:
            return
        for names in self.spec.unique:
            path = self.spec.column(names[-1]).path
            away = Concat(Value("~"), Cast("pk", CharField()))
            self.spec.model._default_manager.filter(pk__in=renamed).update(**{path: away})

    def _save(self, created: list[Any], updated: list[Any]) -> None:
        model = self.spec.model
        self.count.added = len(created)
        if hasattr(model, "history"):
            said = {"default_change_reason": REASON, "default_date": self.now}
            created = bulk_create_with_history(created, model, **said) if created else []
            if updated:
                bulk_update_with_history(updated, model, _written_fields(model), **said)
        else:
            created = model._default_manager.bulk_create(created)
            model._default_manager.bulk_update(updated, _written_fields(model))
        if model is Pledge:
            write_rulings([*created, *updated])


def prune(spec: TableSpec, count: Count) -> None:
    """Delete what left the files, but for what something here still refers to."""
    gone = set(count.left)
    for stored in [row for row in spec.rows() if spec.key_of(row) in gone]:
        key, stored._change_reason = spec.key_of(stored), "Left the evidence files"
        try:
            stored.delete()
        except ProtectedError:
            continue
        count.pruned += 1
        count.gone.append(key)
        count.left.remove(key)


def _written_fields(model: type[Model]) -> list[str]:
    return [
        field.name for field in model._meta.concrete_fields if not field.primary_key and field.name != "recorded_at"
    ]


def _published_otherwise(stored: Model) -> bool:
    return isinstance(stored, Evidence) and stored.publication() != (stored.published_on, stored.published_is_derived)
