"""CycloneDX ML-BOM 1.5 to 1.7 in JSON: components of type machine-learning-model, wherever they are nested."""

import re
from collections.abc import Iterator
from typing import Any

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading.documents import json_of, mapping, sequence, text_at
from riskboard.portfolio.reading.mentions import Fault, Mention, once, plain
from riskboard.portfolio.reading.naming import Name, addressed, commit, hub_name, other_name

VERSIONS = ("1.5", "1.6", "1.7")
MODEL = "machine-learning-model"
# As model cards of the hub tag a derivative, and tools copy it into properties.
TAGGED = re.compile(
    r"base_model:(?P<how>finetune|adapter|quantized|merge):(?P<base>[\w.-]{1,96}/[\w.-]{1,96})", re.ASCII
)
HOW = {
    "finetune": Relation.FINE_TUNE,
    "adapter": Relation.ADAPTER,
    "quantized": Relation.QUANTIZATION,
    "merge": Relation.MERGE,
}
Tree = dict[str, Any]


def is_one(tree: object) -> bool:
    return isinstance(tree, dict) and ("bomFormat" in tree or "specVersion" in tree)


def read(name: str, text: str) -> list[Mention]:  # noqa: ARG001 -- as every reader is called
    document = mapping(json_of(text), "$")
    if document.get("bomFormat") != "CycloneDX":
        raise Fault("$.bomFormat", "must be “CycloneDX”")
    version = document.get("specVersion")
    if version not in VERSIONS:
        said = plain(version, 20) or "missing"
        raise Fault("$.specVersion", f"is {said}; models are read from versions {', '.join(VERSIONS)}")
    return once(_mentions(document))


def _mentions(document: Tree) -> Iterator[Mention]:
    metadata = document.get("metadata")
    if metadata is not None:
        subject = mapping(metadata, "$.metadata").get("component")
        if subject is not None:
            yield from _component(subject, "$.metadata.component")
    yield from _components(document, "$")


def _components(holder: Tree, path: str) -> Iterator[Mention]:
    for number, component in enumerate(sequence(holder.get("components"), f"{path}.components")):
        yield from _component(component, f"{path}.components[{number}]")


def _component(tree: object, path: str) -> Iterator[Mention]:
    component = mapping(tree, path)
    if text_at(component, "type", path) == MODEL:
        yield _model(component, path)
    yield from _components(component, path)


def _model(component: Tree, path: str) -> Mention:
    title = text_at(component, "name", path)
    if not title:
        raise Fault(f"{path}.name", "is missing, and every component has one")
    name, why = _name(component, path)
    base, relation = _base(component, name, path)
    version = text_at(component, "version", path)
    revision = name.revision or (commit(version) if len(version) >= 40 else "")
    return Mention(
        name.reference,
        name.scheme,
        path,
        plain(why),
        revision=revision,
        base=base,
        relation=relation,
        license=_license(component, path),
    )


def _name(component: Tree, path: str) -> tuple[Name, str]:
    """A package URL says it best, then an address, then group and name."""
    purl = text_at(component, "purl", path)
    if purl and (named := addressed(purl)):
        return named, f"its purl is {purl}"
    title, group = text_at(component, "name", path), text_at(component, "group", path)
    full = f"{group}/{title}" if group else title
    for address in _addresses(component, path):
        named = addressed(address)
        if named and named.scheme != Scheme.GITHUB and named.reference.rsplit("/", 1)[-1].lower() in full.lower():
            return named, f"component “{full}”, at {address}"
    named = hub_name(full)
    if named:
        return named, f"component “{full}” of type {MODEL}"
    publisher = text_at(component, "publisher", path) or text_at(component, "author", path)
    return other_name(full), f"component “{full}” of type {MODEL}" + (f", by {publisher}" if publisher else "")


def _addresses(component: Tree, path: str) -> list[str]:
    path = f"{path}.externalReferences"
    listed = sequence(component.get("externalReferences"), path)
    return [text_at(mapping(one, f"{path}[{n}]"), "url", f"{path}[{n}]") for n, one in enumerate(listed)]


def _base(component: Tree, name: Name, path: str) -> tuple[str, Relation]:
    """What its pedigree calls its first ancestor, and what copied tags say it is to that."""
    tags = TAGGED.search(_properties(component, path))
    ancestor = _ancestor(component, path)
    if ancestor is None:
        return (tags["base"], HOW[tags["how"]]) if tags else ("", name.relation)
    if tags and tags["base"].lower() == ancestor.lower():
        return ancestor, HOW[tags["how"]]
    return ancestor, Relation.FINE_TUNE if name.relation == Relation.SAME else name.relation


def _ancestor(component: Tree, path: str) -> str | None:
    pedigree = component.get("pedigree")
    if pedigree is None:
        return None
    path = f"{path}.pedigree"
    listed = sequence(mapping(pedigree, path).get("ancestors"), f"{path}.ancestors")
    for number, one in enumerate(listed):
        place = f"{path}.ancestors[{number}]"
        ancestor = mapping(one, place)
        if text_at(ancestor, "type", place) in {MODEL, ""} and text_at(ancestor, "name", place):
            return _name(ancestor, place)[0].reference
    return None


def _properties(component: Tree, path: str) -> str:
    path = f"{path}.properties"
    listed = sequence(component.get("properties"), path)
    return " ".join(text_at(mapping(one, f"{path}[{n}]"), "value", f"{path}[{n}]") for n, one in enumerate(listed))


def _license(component: Tree, path: str) -> str:
    path = f"{path}.licenses"
    for number, one in enumerate(sequence(component.get("licenses"), path)):
        place = f"{path}[{number}]"
        choice = mapping(one, place)
        if expression := text_at(choice, "expression", place):
            return plain(expression)
        if choice.get("license") is not None:
            stated = mapping(choice["license"], f"{place}.license")
            return plain(text_at(stated, "id", f"{place}.license") or text_at(stated, "name", f"{place}.license"))
    return ""
