"""Docker Compose: top-level models, and the images, commands and environment of services."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from riskboard.portfolio.kinds import Relation
from riskboard.portfolio.reading import llamacpp, ollama, vllm
from riskboard.portfolio.reading.commands import Command, Finder, words_of
from riskboard.portfolio.reading.documents import mapping, sequence, yaml_of
from riskboard.portfolio.reading.mentions import Fault, Mention, once, plain
from riskboard.portfolio.reading.naming import (
    Name,
    addressed,
    hub_name,
    model_argument,
    ollama_name,
    other_name,
    relation_in,
)

FINDERS: tuple[Finder, ...] = (vllm.in_command, ollama.in_command, llamacpp.in_command)
# What such an image starts by itself, before the arguments of the service.
STARTED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("vllm", ("vllm", "serve")),
    ("llama.cpp", ("llama-server",)),
    ("llama-cpp", ("llama-server",)),
    ("text-generation-inference", ("text-generation-launcher",)),
    ("text-embeddings-inference", ("text-embeddings-router",)),
    ("sglang", ("sglang.launch_server",)),
    ("ollama/ollama", ("ollama",)),
)
VARIABLE = re.compile(r"(?:\w+_)?(?:MODELS?|MODEL_(?:ID|NAME|URL|PATH|REPO)|HF_REPO|HUB_ID)", re.ASCII | re.IGNORECASE)
HUB_VARIABLES = frozenset({"MODEL_ID", "HF_MODEL_ID", "LLAMA_ARG_HF_REPO"})
MODEL_IMAGE = re.compile(r"(?:docker\.io/)?ai/[\w.-]+(?::[\w.-]+)?|nvcr\.io/nim/[\w.-]+/[\w.-]+(?::[\w.-]+)?", re.ASCII)
DEFAULTED = re.compile(r"\$\{\w+:?-([^{}]*)\}")


def is_one(tree: object) -> bool:
    return isinstance(tree, dict) and isinstance(tree.get("services"), dict)


def read(name: str, text: str) -> list[Mention]:  # noqa: ARG001 -- as every reader is called
    document = mapping(yaml_of(text), "$")
    if "services" not in document and "models" not in document:
        raise Fault("$.services", "is missing: Compose lists its services there")
    return once(_mentions(document))


def _mentions(document: dict[str, Any]) -> Iterator[Mention]:
    for key, one in _entries(document, "models"):
        path = f"$.models.{key}"
        model = mapping(one, path).get("model")
        if not isinstance(model, str) or not model:
            raise Fault(f"{path}.model", "is missing: it says which model is meant")
        yield image_name(_defaulted(model)).mention(f"{path}.model", f"the model “{key}” is “{model}”")
    for key, one in _entries(document, "services"):
        if one is not None:
            yield from _service(mapping(one, f"$.services.{key}"), f"$.services.{key}")


def _entries(document: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    found = document.get(name)
    return [] if found is None else [(plain(key, 60), one) for key, one in mapping(found, f"$.{name}").items()]


def _service(service: dict[str, Any], path: str) -> Iterator[Mention]:
    image = service.get("image")
    image = _defaulted(image) if isinstance(image, str) else ""
    if MODEL_IMAGE.fullmatch(image):
        yield image_name(image).mention(f"{path}.image", f"the image {image} is a model")
    yield from _provided(service, path)
    yield from _started(service, image, path)
    for name, value in _environment(service, path):
        yield from _variable(name, _defaulted(value), image, f"{path}.environment.{name}")


def _provided(service: dict[str, Any], path: str) -> Iterator[Mention]:
    provider = service.get("provider")
    if not isinstance(provider, dict) or provider.get("type") != "model":
        return
    chosen = provider.get("options")
    model = chosen.get("model") if isinstance(chosen, dict) else None
    if isinstance(model, str) and model:
        yield image_name(_defaulted(model)).mention(f"{path}.provider.options.model", f"the provider runs “{model}”")


def _started(service: dict[str, Any], image: str, path: str) -> Iterator[Mention]:
    """The command as it is written; where that starts no server, as what the image starts takes it."""
    words = [*_words(service, "entrypoint", path), *_words(service, "command", path)]
    if not words:
        return
    where = f"{path}.command"
    found = in_words(tuple(words), where)
    for part, program in STARTED:
        if not found and part in image:
            found = in_words((*program, *words), where)
    yield from found


def in_words(words: tuple[str, ...], where: str, line: int = 0) -> list[Mention]:
    """What a command names; of a shell that is given one, what that names."""
    found = [mention for finder in FINDERS for mention in finder(Command(words, where, line))]
    if not found and len(words) > 2 and words[1].startswith("-") and words[1].endswith("c"):
        inner = " ".join(words[2:]).replace("\\\n", " ")
        for part in re.split(r"&&|\|\||[;|&\n]", inner):
            for finder in FINDERS:
                found += finder(Command(tuple(words_of(part)), where, line))
    return found


def _words(service: dict[str, Any], name: str, path: str) -> list[str]:
    given = service.get(name)
    if isinstance(given, str):
        return words_of(_defaulted(given).replace("\n", " "))
    return [_defaulted(word) for word in sequence(given, f"{path}.{name}") if isinstance(word, str)]


def _environment(service: dict[str, Any], path: str) -> list[tuple[str, str]]:
    given = service.get("environment")
    if isinstance(given, dict):
        return [(name, value) for name, value in given.items() if isinstance(value, str)]
    listed = [one.partition("=") for one in sequence(given, f"{path}.environment") if isinstance(one, str)]
    return [(name, value) for name, _, value in listed]


def _variable(name: str, value: str, image: str, where: str) -> Iterator[Mention]:
    """Only names are looked at whose variable speaks of a model: keys and passwords stand here too."""
    if not VARIABLE.fullmatch(name) or not value:
        return
    where = plain(where)
    for part in re.split(r"[,;\s]+", value)[:50]:
        named = _valued(name, part, image)
        if named:
            yield named.mention(where, f"{name} = {part}")


def _valued(name: str, part: str, image: str) -> Name | None:
    if "OLLAMA" in name.upper() or "ollama" in image:
        return ollama_name(part)
    if name.upper() in HUB_VARIABLES:
        return model_argument(part)
    return addressed(part) or hub_name(part.partition(":")[0])


def image_name(text: str) -> Name:
    """A model as Docker's registry names it, or as the hub does."""
    named = addressed(text)
    if named:
        return named
    return replace(other_name(text), relation=relation_in(text) if ":" in text else Relation.SAME)


def _defaulted(text: str) -> str:
    """A variable with a default stands for that."""
    return DEFAULTED.sub(lambda found: found[1], text)
