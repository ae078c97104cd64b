"""A strict reader: parsed TOML in, typed frozen dataclasses out, or an error that names the path.

The dataclass is the schema. Every field must be there, no other key may be, and a number must lie in the range that its
annotation states.
"""

import math
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Annotated, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

Built = TypeVar("Built")


class RubricError(ValueError):
    """The rubric is not usable; the message names the path and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Range:
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False

    def fault(self, number: float) -> str:
        if not math.isfinite(number):
            return "must be a finite number"
        if number < self.low or (self.open_low and number == self.low):
            return f"must be {'above' if self.open_low else 'at least'} {self.low:g}"
        return f"must be at most {self.high:g}" if number > self.high else ""


Points = Annotated[float, Range()]
NotNegative = Annotated[float, Range(low=0)]
NotPositive = Annotated[float, Range(high=0)]
Positive = Annotated[float, Range(low=0, open_low=True)]
Share = Annotated[float, Range(0, 1)]
Days = Annotated[int, Range(low=0)]
Count = Annotated[int, Range(low=1)]


def build(schema: type[Built], data: object, path: str) -> Built:
    """``data`` as ``schema``. Raises RubricError for a missing or unknown key, a wrong type or range."""
    if not isinstance(data, dict):
        raise RubricError(f"{path}: must be a table")
    known = {field.name: field for field in fields(schema)}  # type: ignore[arg-type]
    for key in data.keys() - known.keys():
        raise RubricError(f"{path}.{key}: unknown key")
    for name, field in known.items():
        if name not in data and field.default is MISSING and field.default_factory is MISSING:
            raise RubricError(f"{path}.{name}: missing")
    hints = get_type_hints(schema, include_extras=True)
    return schema(**{name: _value(hints[name], value, f"{path}.{name}") for name, value in data.items()})


def _value(hint: object, value: object, path: str) -> object:
    origin = get_origin(hint)
    if origin is Annotated:
        kind, limits = get_args(hint)
        return _number(kind, limits, value, path)
    if origin is dict:
        return _table(get_args(hint)[1], value, path)
    if origin is tuple:
        return _list(get_args(hint)[0], value, path)
    if origin is Literal:
        return _choice(get_args(hint), value, path)
    if is_dataclass(hint):
        return build(cast("type[object]", hint), value, path)
    return _text(value, path)


def _number(kind: type, limits: Range, value: object, path: str) -> float:
    accepted = (int,) if kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, accepted):
        raise RubricError(f"{path}: must be {'a whole number' if kind is int else 'a number'}, is {value!r}")
    if fault := limits.fault(value):
        raise RubricError(f"{path}: {fault}, is {value!r}")
    return cast("float", kind(value))


def _table(hint: object, value: object, path: str) -> dict[str, object]:
    if not isinstance(value, dict) or not value:
        raise RubricError(f"{path}: must be a table with at least one entry")
    return {key: _value(hint, entry, f"{path}.{key}") for key, entry in value.items()}


def _list(hint: object, value: object, path: str) -> tuple[object, ...]:
    if not isinstance(value, list) or not value:
        raise RubricError(f"{path}: must be a list with at least one entry")
    return tuple(_value(hint, entry, f"{path}[{index}]") for index, entry in enumerate(value))


def _choice(choices: tuple[object, ...], value: object, path: str) -> object:
    if value not in choices:
        raise RubricError(f"{path}: must be one of {', '.join(map(str, choices))}, is {value!r}")
    return value


def _text(value: object, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise RubricError(f"{path}: must be text")
    return value
