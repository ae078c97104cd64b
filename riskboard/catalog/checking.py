"""Parsed rows against each other, against the rules of their models, and against what is stored."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

from riskboard.catalog.cells import Value, quoted
from riskboard.catalog.columns import Column, TableSpec
from riskboard.catalog.models.evidence import Ruled
from riskboard.catalog.reading import Reading, Row
from riskboard.catalog.tables import TABLES


def check(readings: Mapping[str, Reading]) -> None:
    """Note on each reading what its rows break."""
    keys = {name: _keys(spec, readings.get(name)) for name, spec in TABLES.items()}
    line_vendors = _pairs("lines", "vendor", readings)
    family_lines = _pairs("families", "line", readings)
    family_vendors = {family: line_vendors.get(line, "") for family, line in family_lines.items()}
    for reading in readings.values():
        _check_names(reading)
        for row in reading.rows:
            _check_references(reading, row, keys)
            _check_model(reading, row)
            _check_owner(reading, row, "family", family_vendors)
            if reading.spec.name == "families":
                _check_owner(reading, row, "line", line_vendors)


def _pairs(table: str, column: str, readings: Mapping[str, Reading]) -> dict[Value, Value]:
    """Key to the value of ``column``, stored rows first, offered rows over them."""
    spec = TABLES[table]
    (key,) = spec.key
    pairs = {spec.column(key).value(stored): spec.column(column).value(stored) for stored in spec.rows()}
    if table in readings:
        pairs.update(
            {row.values[key]: row.values[column] for row in readings[table].rows if {key, column} <= row.values.keys()}
        )
    return pairs


def _keys(spec: TableSpec, reading: Reading | None) -> set[Value]:
    """Keys that a reference may name; only tables with a key of one column can be referred to."""
    if len(spec.key) > 1:
        return set()
    (name,) = spec.key
    stored = set(spec.model._default_manager.values_list(spec.column(name).path, flat=True))
    return stored | {row.values.get(name) for row in (reading.rows if reading else ())}


def _check_references(reading: Reading, row: Row, keys: Mapping[str, set[Value]]) -> None:
    for column in reading.spec.columns:
        value = row.values.get(column.name)
        if column.refers_to and value and value not in keys[column.refers_to]:
            known = f"neither in {TABLES[column.refers_to].file} nor loaded before"
            reading.refuse(row.line, column.name, f"{quoted(str(value))} is {known}")


def _check_owner(reading: Reading, row: Row, owned: str, vendors: Mapping[Value, Value]) -> None:
    """A family or line that a row names beside a vendor must be that vendor's."""
    vendor, name = row.values.get("vendor"), row.values.get(owned)
    if vendor and name and vendors.get(name) not in (vendor, None, ""):
        reading.refuse(row.line, owned, f"{quoted(str(name))} belongs to {vendors[name]}, not to {vendor}")


def _check_model(reading: Reading, row: Row) -> None:
    """What the model's own fields and rules say. Rows with refused cells are judged without them."""
    filled = [column for column in _plain(reading.spec) if column.name in row.values]
    built = reading.spec.model()
    for column in filled:
        setattr(built, column.path, row.values[column.name])
    judged = {column.path for column in filled}
    excluded = {field.name for field in built._meta.fields} - judged
    try:
        built.clean_fields(exclude=excluded)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            reading.refuse(row.line, _column_of(reading.spec, name), " ".join(messages))
        return
    if isinstance(built, Ruled) and len(row.values) == len(reading.spec.columns):
        for name, reason in built.faults().items():
            reading.refuse(row.line, _column_of(reading.spec, name), reason)


def _plain(spec: TableSpec) -> Iterable[Column]:
    return (column for column in spec.columns if "." not in column.path)


def _column_of(spec: TableSpec, field: str) -> str:
    return next((column.name for column in spec.columns if column.path.removeprefix("stated_") == field), field)


def _check_names(reading: Reading) -> None:
    """What occurs once must not be taken by a stored row of another key."""
    spec = reading.spec
    offered = {spec.key_text(row.values) for row in reading.rows if set(spec.key) <= row.values.keys()}
    for names in spec.unique:
        columns = [spec.column(name) for name in names]
        taken = {tuple(column.value(stored) for column in columns): stored for stored in spec.rows()}
        for row in reading.rows:
            if not {*names, *spec.key} <= row.values.keys():
                continue
            owner = taken.get(tuple(row.values[name] for name in names))
            if owner is None or spec.key_of(owner) == spec.key_text(row.values):
                continue
            # An owner that is offered anew, under another name, gives this one up, unless it was edited here.
            if owner.is_local or spec.key_of(owner) not in offered:
                reading.refuse(row.line, ", ".join(names), f"is taken by {quoted(spec.key_of(owner))}, which is stored")
