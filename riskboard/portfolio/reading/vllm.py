"""vLLM and servers like it: command lines, and the YAML file behind ``vllm serve --config``."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading.commands import Command, commands_in, first_argument, many, options
from riskboard.portfolio.reading.documents import mapping, yaml_of
from riskboard.portfolio.reading.mentions import Fault, Mention, once
from riskboard.portfolio.reading.naming import commit, model_argument

# Each starts a server of one model: what is behind the program, or behind these options, names it.
SERVERS: dict[str, tuple[str, ...]] = {
    "vllm.entrypoints.openai.api_server": ("--model",),
    "vllm.entrypoints.api_server": ("--model",),
    "sglang.launch_server": ("--model-path", "--model"),
    "text-generation-launcher": ("--model-id",),
    "text-embeddings-router": ("--model-id",),
    "lmdeploy": ("--model-path",),
}


def is_one(tree: object) -> bool:
    return isinstance(tree, dict) and isinstance(tree.get("model", tree.get("model-tag")), str)


def read(name: str, text: str) -> list[Mention]:
    if name.lower().endswith((".yaml", ".yml")):
        return once(_configured(mapping(yaml_of(text), "$")))
    return once(mention for command in commands_in(text) for mention in in_command(command))


def in_command(command: Command) -> list[Mention]:
    """The model, its adapters and its tokenizer, where the line starts such a server."""
    behind = command.program("vllm")
    if behind > 0 and command.words[behind : behind + 1] in {("serve",), ("bench",), ("chat",), ("complete",)}:
        words = command.words[behind + 1 :]
        model = first_argument(words) or next(iter(options(words, "--model")), "")
        return list(_served(model, words, command, "vllm"))
    for program, names in SERVERS.items():
        behind = command.program(program)
        if behind > 0:
            words = command.words[behind:]
            return list(_served(next(iter(options(words, *names)), ""), words, command, program.split(".")[0]))
    return []


def _served(model: str, words: tuple[str, ...], command: Command, program: str) -> Iterator[Mention]:
    if not model:
        return
    revision = next(iter(options(words, "--revision")), "")
    served = model_argument(model).mention(command.where, f"{program} serves “{model}”", command.line, revision)
    yield _unpinned(served, revision)
    for adapter in many(words, "--lora-modules"):
        yield _adapter(adapter, served, command.where, command.line)
    for tokenizer in options(words, "--tokenizer"):
        yield from _tokenizer(tokenizer, served, command.where, command.line)
    for draft in options(words, "--speculative-model"):
        yield model_argument(draft).mention(command.where, f"{program} drafts with “{draft}”", command.line)


def _unpinned(mention: Mention, revision: str) -> Mention:
    if not revision or commit(revision):
        return mention
    return replace(mention, why=f"{mention.why[:250]}, at “{revision[:40]}”, which can move")


def _adapter(text: str, served: Mention, where: str, line: int) -> Mention:
    """``name=path``, or the same as a JSON object."""
    name, _, path = text.partition("=")
    base = served.reference if served.scheme == Scheme.HUGGING_FACE else ""
    if text.lstrip().startswith("{"):
        try:
            stated = json.loads(text)
        except (ValueError, RecursionError):
            stated = {}
        stated = stated if isinstance(stated, dict) else {}
        name, path = str(stated.get("name", "")), str(stated.get("path", ""))
        base = str(stated.get("base_model_name") or base)
    named = model_argument(path or name)
    mention = named.mention(where, f"adapter “{name}” on “{served.reference}”", line)
    return replace(mention, base=base[:300], relation=Relation.ADAPTER)


def _tokenizer(tokenizer: str, served: Mention, where: str, line: int) -> Iterator[Mention]:
    named = model_argument(tokenizer)
    if named.scheme == Scheme.HUGGING_FACE and named.reference.lower() != served.reference.lower():
        yield named.mention(where, f"the tokenizer of “{served.reference}”", line)


def _configured(tree: dict[str, Any]) -> Iterator[Mention]:
    settings = {key.replace("_", "-"): value for key, value in tree.items()}
    key = "model" if "model" in settings else "model-tag"
    model, revision = settings.get(key), settings.get("revision")
    if not isinstance(model, str):
        raise Fault("$.model", "is missing: it says which model is served")
    revision = revision if isinstance(revision, str) else ""
    served = model_argument(model).mention(f"$.{key}", f"vllm serves “{model}”", revision=revision)
    yield _unpinned(served, revision)
    adapters = settings.get("lora-modules")
    for number, adapter in enumerate(adapters if isinstance(adapters, list) else [adapters]):
        if isinstance(adapter, (dict, str)):
            stated = adapter if isinstance(adapter, str) else json.dumps(adapter)
            yield _adapter(stated, served, f"$.lora-modules[{number}]", 0)
    if isinstance(settings.get("tokenizer"), str):
        yield from _tokenizer(settings["tokenizer"], served, "$.tokenizer", 0)
