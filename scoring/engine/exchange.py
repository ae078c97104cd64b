"""Dossiers and assessments as JSON, out and strictly in again: the dataclasses are the schema (method section 9).

Written canonically: keys in order, no spaces, UTF-8, numbers with the shortest digits that give them back. The reader
takes exactly the fields of the dataclass with exactly their types, or names the path that is wrong.
"""

import json
import math
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

Read = TypeVar("Read")
Json: TypeAlias = Any  # what stands in JSON: dicts, lists, text, numbers, booleans and None
Hint: TypeAlias = Any

LONGEST = 32 * 1024 * 1024  # bytes of a file; the largest dossier takes less than a hundredth
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)
LARGEST = 10**15  # beyond it, not every whole number is a float


class UnreadableError(ValueError):
    """The file is not one of ours; the message names the path and what is wrong there."""


def plain(value: object) -> Json:
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        return sorted(plain(entry) for entry in value)
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def canonical(value: object) -> bytes:
    """Raises ValueError for a number that is not finite."""
    text = json.dumps(plain(value), allow_nan=False, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def parse(content: bytes) -> Json:
    """JSON without NaN, without repeated keys and without text that is no Unicode. Raises UnreadableError."""
    if len(content) > LONGEST:
        raise UnreadableError(f"file: {len(content)} bytes; at most {LONGEST} are read")
    try:
        text = content.decode()
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise UnreadableError(f"file: not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise UnreadableError(f"file: not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise UnreadableError("file: nested too deeply") from error
    except UnreadableError:
        raise
    except ValueError as error:  # a whole number of thousands of digits
        raise UnreadableError("file: a number has too many digits") from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise UnreadableError(f"file: the key {key[:80]!r} stands twice in one object")
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise UnreadableError(f"file: {name} is not a number that JSON has")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise UnreadableError(f"file: {digits[:40]} is beyond the range of numbers")
    return number


def read_as(schema: type[Read], value: object, path: str) -> Read:
    """``value`` as the dataclass ``schema``. Raises UnreadableError for a missing or unknown field or a wrong type."""
    hints = _hints(cast("Hint", schema))
    if not isinstance(value, dict):
        raise UnreadableError(f"{path}: must be an object, is {_named(value)}")
    for key in sorted(value.keys() - hints.keys()):
        raise UnreadableError(f"{path}.{key[:80]}: unknown field")
    for name in hints.keys() - value.keys():
        raise UnreadableError(f"{path}.{name}: missing")
    return schema(**{name: _value(hint, value[name], f"{path}.{name}") for name, hint in hints.items()})


@lru_cache
def _hints(schema: Hint) -> dict[str, Hint]:
    hints = get_type_hints(schema)
    return {field.name: hints[field.name] for field in fields(schema)}


def _value(hint: Hint, value: object, path: str) -> object:
    origin: Hint = get_origin(hint)
    inside = get_args(hint)
    if origin in (UnionType, Union):
        return None if value is None else _value(next(each for each in inside if each is not NoneType), value, path)
    if origin in (tuple, frozenset):
        entries = _list(value, path)
        return origin(_value(inside[0], entry, f"{path}[{number}]") for number, entry in enumerate(entries))
    if origin is Literal:
        return _choice(inside, value, path)
    if is_dataclass(hint):
        return read_as(cast("type[object]", hint), value, path)
    return _SIMPLE[hint](value, path)


def _list(value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise UnreadableError(f"{path}: must be a list, is {_named(value)}")
    return value


def _choice(choices: tuple[object, ...], value: object, path: str) -> object:
    if not isinstance(value, str) or value not in choices:
        raise UnreadableError(f"{path}: must be one of {', '.join(map(str, choices))}, is {_named(value)}")
    return value


def text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise UnreadableError(f"{path}: must be text, is {_named(value)}")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise UnreadableError(f"{path}: holds half of a character")
    return value


def day(value: object, path: str) -> date:
    try:
        found = date.fromisoformat(text(value, path))
    except ValueError as error:
        raise UnreadableError(f"{path}: must be a day as YYYY-MM-DD, is {_named(value)}") from error
    if found.isoformat() != value or not FIRST <= found <= LAST:
        raise UnreadableError(f"{path}: must be a day as YYYY-MM-DD from {FIRST} to {LAST}, is {_named(value)}")
    return found


def _truth(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise UnreadableError(f"{path}: must be true or false, is {_named(value)}")
    return value


def _number(value: object, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST:
        raise UnreadableError(f"{path}: must be a number up to 10^15, is {_named(value)}")
    return float(value)


def _whole(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        raise UnreadableError(f"{path}: must be a whole number up to 10^15, is {_named(value)}")
    return value


_SIMPLE: dict[Hint, Callable[[object, str], object]] = {
    str: text,
    date: day,
    bool: _truth,
    float: _number,
    int: _whole,
}


def _named(value: object) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST:
        return "a very large number"
    written = json.dumps(value)
    return written if len(written) <= 60 else f"{written[:57]}..."
