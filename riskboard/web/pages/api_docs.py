"""The reference of the API, from the schema that programs read too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    meaning: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    meaning: str
    of: str  # the shape it is made of; blank: a plain value


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    meaning: str
    fields: tuple[Field, ...]

    @property
    def anchor(self) -> str:
        return f"shape-{self.name}"


@dataclass(frozen=True, slots=True)
class Operation:
    key: str
    method: str
    path: str
    summary: str
    meaning: str
    parameters: tuple[Parameter, ...]
    gives: str  # the shape of the answer
    takes: str  # the shape of what is sent; blank: nothing
    statuses: tuple[tuple[str, str], ...]
    needs_token: bool

    @property
    def anchor(self) -> str:
        return f"call-{self.key}"


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class ReferencePage:
    description: str
    parts: tuple[Part, ...]
    shapes: tuple[Shape, ...]


def reference_page(schema: Json) -> ReferencePage:
    parts: dict[str, list[Operation]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            part = operation.get("tags", ["Other"])[0]
            parts.setdefault(part, []).append(_operation(path, method, operation))
    shapes = schema.get("components", {}).get("schemas", {})
    return ReferencePage(
        description=schema["info"]["description"],
        parts=tuple(Part(name, tuple(operations)) for name, operations in parts.items()),
        shapes=tuple(_shape(name, shape) for name, shape in sorted(shapes.items()) if "properties" in shape),
    )


def _operation(path: str, method: str, operation: Json) -> Operation:
    responses: Json = operation["responses"]
    return Operation(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        meaning=" ".join(operation.get("description", "").split()),
        parameters=tuple(_parameter(each) for each in operation["parameters"]),
        gives=next((_named(_body(each)) for code, each in responses.items() if int(code) < 300), ""),
        takes=_named(_body(operation.get("requestBody", {}))),
        statuses=tuple((str(code), each["description"]) for code, each in sorted(responses.items(), key=_code)),
        needs_token={} not in operation["security"],
    )


def _code(pair: tuple[Any, Any]) -> int:
    return int(pair[0])


def _body(said: Json) -> Json:
    contents: Json = said.get("content", {})
    return next((each.get("schema", {}) for each in contents.values()), {})


def _parameter(said: Json) -> Parameter:
    usual, meaning = said["schema"].get("default"), said.get("description", "")
    told = meaning if usual is None else f"{meaning} Without it: {str(usual).lower()}."
    return Parameter(said["name"], _kind(said["schema"]), told, said["required"])


def _shape(name: str, said: Json) -> Shape:
    fields = tuple(
        Field(key, _kind(field), field.get("description", ""), _named(field))
        for key, field in said["properties"].items()
    )
    return Shape(name, " ".join(said.get("description", "").split()), fields)


def _named(said: Json) -> str:
    """The shape that a value is, or is a list of; blank: a plain one."""
    return next((reference.rsplit("/", 1)[-1] for reference in _references(said)), "")


def _references(said: Json) -> Iterator[str]:
    if "$ref" in said:
        yield said["$ref"]
    for each in (*said.get("anyOf", ()), *said.get("allOf", ()), *([said["items"]] if "items" in said else ())):
        yield from _references(each)


def _kind(said: Json) -> str:
    """In words: "day", "list of Item", "number or null", one of the words that there are."""
    if "anyOf" in said:
        return " or ".join(_kind(each) for each in said["anyOf"])
    if "enum" in said:
        return "one of " + ", ".join(map(str, said["enum"]))
    if "const" in said:
        return f"always {said['const']}"
    if said.get("type") == "array":
        return f"list of {_kind(said['items'])}"
    if "allOf" in said:
        return _kind(said["allOf"][0])
    if "$ref" in said:
        return _named(said)
    plain = {"date": "day", "date-time": "time"}.get(said.get("format", "")) or str(said.get("type", "any"))
    return f"{plain}, {said['minimum']} to {said['maximum']}" if {"minimum", "maximum"} <= said.keys() else plain
