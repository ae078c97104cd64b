"""llama.cpp: command lines, presets of its server (INI), and configurations of llama-swap (YAML)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from riskboard.portfolio.kinds import Relation
from riskboard.portfolio.reading.commands import Command, commands_in, options, words_of
from riskboard.portfolio.reading.documents import mapping, yaml_of
from riskboard.portfolio.reading.mentions import Mention, once
from riskboard.portfolio.reading.naming import Name, addressed, file_name, hub_name, model_argument, on_hub, other_name

PROGRAMS = (
    "llama-server",
    "llama-cli",
    "llama-run",
    "llama-mtmd-cli",
    "llama-embedding",
    "llama-bench",
    "llama-perplexity",
    "llama-simple",
    "llama-swap",
    "llama_cpp.server",
    "llamafile",
    "koboldcpp",
)
REPOSITORY = ("-hf", "-hfr", "--hf-repo", "-hfd", "-hfrd", "--hf-repo-draft")
FILE = ("-m", "--model", "-md", "--model-draft", "-mu", "--model-url")
ADAPTER = ("--lora", "--lora-scaled")
SECTION = re.compile(r"\s*\[([^\]]+)\]\s*\Z")
SETTING = re.compile(r"\s*([A-Za-z][\w-]*)\s*=\s*(.*?)\s*\Z", re.ASCII)
OF_REPOSITORY = frozenset({"hf", "hfr", "hf-repo", "llama-arg-hf-repo", "hf-repo-draft"})
OF_FILE = frozenset({"m", "model", "llama-arg-model", "model-url", "mu", "llama-arg-model-url", "model-draft", "md"})


def is_presets(text: str) -> bool:
    """An INI file with a section and a setting that names a model."""
    return any(SECTION.match(line) for line in text.splitlines()[:200]) and next(_presets(text), None) is not None


def is_one(tree: object) -> bool:
    """Of llama-swap: models, each with a command."""
    models = tree.get("models") if isinstance(tree, dict) else None
    return isinstance(models, dict) and any(isinstance(one, dict) and "cmd" in one for one in models.values())


def read(name: str, text: str) -> list[Mention]:
    if name.lower().endswith((".yaml", ".yml")):
        return once(_swapped(mapping(yaml_of(text), "$")))
    if is_presets(text):
        return once(_presets(text))
    return once(mention for command in commands_in(text) for mention in in_command(command))


def in_command(command: Command) -> list[Mention]:
    behind = command.program(*PROGRAMS)
    if behind < 0:
        return []
    words = command.words[behind:]
    program = command.words[behind - 1].rsplit("/", 1)[-1]
    return [
        *(
            _repository(value).mention(command.where, f"{program} loads “{value}”", command.line)
            for value in options(words, *REPOSITORY)
        ),
        *(
            _file(value).mention(command.where, f"{program} loads “{value}”", command.line)
            for value in options(words, *FILE)
        ),
        *(
            replace(
                model_argument(value).mention(command.where, f"{program} adapts by “{value}”", command.line),
                relation=Relation.ADAPTER,
            )
            for value in options(words, *ADAPTER)
        ),
    ]


def _repository(value: str) -> Name:
    """owner/name, and behind a colon which of its quantizations."""
    repository, mark, tag = value.partition(":")
    named = hub_name(repository)
    if named is None:
        return on_hub(value) or other_name(value)
    return replace(named, relation=Relation.QUANTIZATION) if mark and tag else named


def _file(value: str) -> Name:
    return addressed(value) or file_name(value)


def _presets(text: str) -> Iterator[Mention]:
    section, line = "", 0
    named: list[Mention] = []
    for number, content in enumerate([*text.splitlines(), "[*]"], 1):
        if found := SECTION.match(content):
            yield from named or _by_section(section, line)
            section, line, named = found[1].strip(), number, []
        elif found := SETTING.match(content):
            named += _set(found[1].lower().replace("_", "-"), found[2].strip("\"'"), number)


def _set(key: str, value: str, line: int) -> Iterator[Mention]:
    if value and key in OF_REPOSITORY:
        yield _repository(value).mention(f"line {line}", f"{key} = {value}", line)
    elif value and key in OF_FILE:
        yield _file(value).mention(f"line {line}", f"{key} = {value}", line)


def _by_section(section: str, line: int) -> Iterator[Mention]:
    """A section without a model of its own is called like the repository it means."""
    repository = section.partition(":")[0]
    if hub_name(repository):
        yield _repository(section).mention(f"line {line}", f"the section [{section}]", line)


def _swapped(tree: dict[str, Any]) -> Iterator[Mention]:
    for key, one in mapping(tree.get("models"), "$.models").items():
        path = f"$.models.{key}.cmd"
        line = one.get("cmd") if isinstance(one, dict) else None
        if isinstance(line, str):
            yield from in_command(Command(tuple(words_of(line.replace("\\\n", " ").replace("\n", " "))), path))
