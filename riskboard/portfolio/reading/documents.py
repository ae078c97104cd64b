"""Text, JSON and YAML of strangers: read within bounds, or refused with the place."""

import json
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

import yaml

from riskboard.portfolio.reading.mentions import LARGEST, Fault

DEEPEST = 64
MOST_NODES = 200_000
MOST_ALIASES = 200
# Strings are skipped whole, also one that never ends.
BRACKET = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
NULL = "tag:yaml.org,2002:null"
MERGE = "tag:yaml.org,2002:merge"
Tree: TypeAlias = Any
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def text_of(content: bytes) -> str:
    """Raises Fault for what is no text in UTF-8, or too large."""
    if len(content) > LARGEST:
        raise Fault("", f"has {len(content):,} bytes; at most {LARGEST:,} are read")
    if b"\0" in content:
        raise Fault(_line_of(content, content.index(b"\0")), "holds a NUL byte: this is no text file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Fault(_line_of(content, error.start), f"is not UTF-8: {error.reason}") from error


def _line_of(content: bytes, place: int) -> str:
    return f"line {content[:place].count(10) + 1}"


# JSON ---------------------------------------------------------------------------------------------


def json_of(text: str) -> Tree:
    """Raises Fault for what is no JSON, or nested too deep."""
    _refuse_deep(text)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Fault(f"line {error.lineno}, column {error.colno}", f"is no JSON: {error.msg}") from error
    except ValueError as error:
        raise Fault("", "is no JSON that can be read: a number in it is too long") from error


def _refuse_deep(text: str) -> None:
    depth = 0
    for found in BRACKET.finditer(text):
        mark = found[0]
        if mark[0] == '"':
            continue
        depth += 1 if mark in "[{" else -1
        if depth > DEEPEST:
            line = text.count("\n", 0, found.start()) + 1
            raise Fault(f"line {line}", f"is nested deeper than {DEEPEST} levels")


# YAML ---------------------------------------------------------------------------------------------


def yaml_of(text: str) -> Tree:
    """One document. Every scalar is text, but null is None: what a number means is for whoever reads it.

    Nothing is constructed by the library, so no tag means anything. Raises Fault.
    """
    try:
        _refuse_large(text)
        loader = Loader(text)
        try:
            node = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}" if mark else ""
        raise Fault(where, f"is no YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise Fault("", "is no YAML: it holds a letter that YAML does not allow") from error
    return None if node is None else _Building().value(node)


def _refuse_large(text: str) -> None:
    """Looks at events alone, so that depth and aliases are known before anything is built."""
    depth = aliases = 0
    events: Iterable[Any] = yaml.parse(text, Loader=Loader)
    for count, event in enumerate(events):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        where = f"line {event.start_mark.line + 1}"
        if depth > DEEPEST:
            raise Fault(where, f"is nested deeper than {DEEPEST} levels")
        if aliases > MOST_ALIASES:
            raise Fault(where, f"has more than {MOST_ALIASES} aliases")
        if count > MOST_NODES:
            raise Fault(where, f"has more than {MOST_NODES:,} parts")


class _Building:
    """Of nodes, trees. What an alias repeats counts each time that it is repeated."""

    def __init__(self) -> None:
        self.built: dict[int, tuple[Tree, int]] = {}
        self.open: set[int] = set()

    def value(self, node: Any) -> Tree:  # noqa: ANN401 -- the library does not type its nodes
        return self._sized(node)[0]

    def _sized(self, node: Any) -> tuple[Tree, int]:  # noqa: ANN401
        key = id(node)
        if key in self.built:
            return self.built[key]
        if key in self.open:
            raise Fault(_line(node), "holds itself by an alias")
        self.open.add(key)
        made = self._made(node)
        self.open.discard(key)
        if made[1] > MOST_NODES:
            raise Fault(_line(node), f"grows to more than {MOST_NODES:,} parts by its aliases")
        self.built[key] = made
        return made

    def _made(self, node: Any) -> tuple[Tree, int]:  # noqa: ANN401
        if isinstance(node, yaml.ScalarNode):
            return (None if node.tag == NULL else node.value), 1
        if isinstance(node, yaml.SequenceNode):
            parts = [self._sized(part) for part in node.value]
            return [part for part, _ in parts], 1 + sum(size for _, size in parts)
        return self._mapping(node)

    def _mapping(self, node: Any) -> tuple[Tree, int]:  # noqa: ANN401
        own: dict[str, Tree] = {}
        merged: dict[str, Tree] = {}
        total = 1
        for name, part in node.value:
            value, size = self._sized(part)
            total += size + 1
            if name.tag == MERGE:
                for each in reversed(value if isinstance(value, list) else [value]):
                    merged.update(each if isinstance(each, dict) else {})
            elif isinstance(name, yaml.ScalarNode):
                own[name.value] = value
            else:
                raise Fault(_line(name), "has a key that is no text")
        return merged | own, total


def _line(node: Any) -> str:  # noqa: ANN401
    return f"line {node.start_mark.line + 1}"


# Trees --------------------------------------------------------------------------------------------


def mapping(tree: Tree, path: str) -> dict[str, Tree]:
    if not isinstance(tree, dict):
        raise Fault(path, f"must be an object, and is {_kind(tree)}")
    return tree


def sequence(tree: Tree, path: str) -> list[Tree]:
    """A list, or nothing where it is left out."""
    if tree is None:
        return []
    if not isinstance(tree, list):
        raise Fault(path, f"must be a list, and is {_kind(tree)}")
    return tree


def text_at(tree: dict[str, Tree], name: str, path: str) -> str:
    """A text, or blank where it is left out."""
    value = tree.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Fault(f"{path}.{name}", f"must be text, and is {_kind(value)}")
    return value


def _kind(tree: Tree) -> str:
    kinds = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "null"}
    return kinds.get(type(tree), "a number")
