"""SPDX 3 in JSON-LD: its ai_AIPackage elements, what they descend from, and the license declared.

A small reader, because the generated bindings refuse a whole document for one property that they do not know.
"""

from collections.abc import Iterator
from typing import Any

from riskboard.portfolio.kinds import Relation
from riskboard.portfolio.reading.documents import json_of, mapping, sequence, text_at
from riskboard.portfolio.reading.mentions import Fault, Mention, once, plain
from riskboard.portfolio.reading.naming import Name, addressed, commit, hub_name, other_name

PACKAGES = frozenset({"ai_AIPackage", "https://spdx.org/rdf/3.0.1/terms/AI/AIPackage", "ai:AIPackage"})
ADDRESSES = ("software_packageUrl", "software_downloadLocation", "software_homePage")
Tree = dict[str, Any]


def is_one(tree: object) -> bool:
    return isinstance(tree, dict) and "@graph" in tree and "spdx.org/rdf/3" in str(tree.get("@context"))[:2000]


def read(name: str, text: str) -> list[Mention]:  # noqa: ARG001 -- as every reader is called
    document = mapping(json_of(text), "$")
    if "@graph" not in document:
        raise Fault("$.@graph", "is missing: SPDX 3 lists its elements there")
    listed = sequence(document["@graph"], "$.@graph")
    elements = [(f"$.@graph[{n}]", mapping(one, f"$.@graph[{n}]")) for n, one in enumerate(listed)]
    return once(_mentions(elements))


def _mentions(elements: list[tuple[str, Tree]]) -> Iterator[Mention]:
    packages = {_id(one): (path, one) for path, one in elements if _kind(one) in PACKAGES}
    names = {key: _name(one, path) for key, (path, one) in packages.items()}
    labels = {_id(one): _label(one) for _, one in elements}
    bases = {start: names[ends[0]].reference for start, ends in _related(elements, "descendantOf") if ends[0] in names}
    bases |= {
        end: names[start].reference
        for start, ends in _related(elements, "ancestorOf")
        for end in ends
        if start in names
    }
    stated = {start: labels.get(ends[0], ends[0]) for start, ends in _related(elements, "hasDeclaredLicense")}
    for key, (path, one) in packages.items():
        yield _mention(one, path, names[key], bases.get(key, ""), stated.get(key, ""))


def _mention(one: Tree, path: str, name: Name, base: str, stated: str) -> Mention:
    version = text_at(one, "software_packageVersion", path)
    relation = Relation.FINE_TUNE if base and name.relation == Relation.SAME else name.relation
    return Mention(
        name.reference,
        name.scheme,
        path,
        plain(f"AI package “{text_at(one, 'name', path)}”"),
        revision=name.revision or (commit(version) if len(version) >= 40 else ""),
        base=base,
        relation=relation,
        license=plain(stated),
    )


def _name(one: Tree, path: str) -> Name:
    for field in ADDRESSES:
        if named := addressed(text_at(one, field, path)):
            return named
    title = text_at(one, "name", path)
    if not title:
        raise Fault(f"{path}.name", "is missing, and every AI package has one")
    return hub_name(title) or other_name(title)


def _related(elements: list[tuple[str, Tree]], how: str) -> Iterator[tuple[str, list[str]]]:
    """From which element to which, for every relationship of this kind."""
    for path, one in elements:
        if text_at(one, "relationshipType", path) != how:
            continue
        ends = [end for end in sequence(one.get("to"), f"{path}.to") if isinstance(end, str)]
        if ends:
            yield text_at(one, "from", path), ends


def _kind(one: Tree) -> str:
    kind = one.get("type", one.get("@type"))
    return kind if isinstance(kind, str) else ""


def _id(one: Tree) -> str:
    key = one.get("spdxId", one.get("@id"))
    return key if isinstance(key, str) else ""


def _label(one: Tree) -> str:
    for field in ("simplelicensing_licenseExpression", "name"):
        if isinstance(one.get(field), str):
            return str(one[field])
    return _id(one)
