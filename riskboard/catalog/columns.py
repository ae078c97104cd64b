"""What a table of evidence is: its columns, its key, and how a row of it becomes a line of CSV."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from riskboard.catalog.cells import Cell, Value


@dataclass(frozen=True)
class Column:
    """One column. ``path`` leads from a row's object to the value; ``refers_to`` names the table whose key it holds."""

    name: str
    path: str
    cell: Cell
    doc: str
    refers_to: str = ""

    def parse(self, text: str) -> Value:
        """The value of a cell. Raises CellError with the reason when there is none."""
        return self.cell.parse(text)

    def render(self, row: Model) -> str:
        """The cell of a row; ``parse`` reads it back to ``value``."""
        return self.cell.render(self.value(row))

    def value(self, row: Model) -> Value:
        found: Any = row
        for name in self.path.split("."):
            found = getattr(found, name)
            if found is None:
                return self.cell.blank
        return found  # type: ignore[no-any-return]

    @property
    def field(self) -> str:
        """The model field that the column fills; blank when the column only repeats what another one implies."""
        head, *rest = self.path.split(".")
        return head if len(rest) <= 1 else ""


@dataclass(frozen=True)
class TableSpec:
    """A table: one CSV file, one model. ``key`` and each of ``unique`` name columns whose values occur together once.

    ``owner`` names the column of the row that this one is a part of: an edit here of either is an edit of both.
    """

    name: str
    doc: str
    model: type[Model]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    owner: str = ""

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @cached_property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def key_columns(self) -> tuple[Column, ...]:
        return tuple(self.column(name) for name in self.key)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def rows(self) -> QuerySet[Any]:
        """All rows in the order of the key; one query, and none more to render them."""
        related = {column.path.rsplit(".", 1)[0].replace(".", "__") for column in self.columns if "." in column.path}
        queryset = self.model._default_manager.select_related(*sorted(related))
        return queryset.order_by(*(column.path.replace(".", "__") for column in self.key_columns))

    def key_of(self, row: Model) -> str:
        """How a row is named in reports, and among the rows that were deleted here."""
        return self.key_text({column.name: column.value(row) for column in self.key_columns})

    def key_text(self, values: dict[str, Value]) -> str:
        return " | ".join(column.cell.render(values[column.name]) for column in self.key_columns)
