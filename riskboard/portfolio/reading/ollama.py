"""Ollama: a Modelfile, what ``ollama list`` prints, and command lines."""

import re
from collections.abc import Iterator
from dataclasses import replace

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading.commands import Command, commands_in
from riskboard.portfolio.reading.mentions import Fault, Mention, once
from riskboard.portfolio.reading.naming import Name, file_name, model_argument, ollama_name, other_name

HEADER = re.compile(r"\s*NAME\s+ID\s+SIZE\b")
FROM = re.compile(r"\s*FROM\s+(\S+)\s*\Z", re.IGNORECASE)
ADAPTER = re.compile(r"\s*ADAPTER\s+(\S+)\s*\Z", re.IGNORECASE)
# What `ollama show --modelfile` says above a path into its own store.
SAID_FROM = re.compile(r"#\s*FROM\s+(\S+)\s*\Z", re.IGNORECASE)
STORED = re.compile(r"[/\\]blobs[/\\]sha256-")
TAKES_A_MODEL = frozenset({"run", "pull", "show", "push", "cp", "stop", "launch"})


def is_list(text: str) -> bool:
    return HEADER.match(text.lstrip("\n")) is not None


def is_modelfile(name: str, text: str) -> bool:
    if "modelfile" in name.lower().rsplit("/", 1)[-1]:
        return True
    words = {"PARAMETER", "TEMPLATE", "SYSTEM", "ADAPTER", "LICENSE", "MESSAGE"}
    lines = [line.split(None, 1)[0].upper() for line in text.splitlines()[:200] if line.strip()]
    return "FROM" in lines and bool(words & set(lines))


def read(name: str, text: str) -> list[Mention]:
    if is_list(text):
        return once(_listed(text))
    if is_modelfile(name, text):
        return once(_modelfile(text))
    return once(mention for command in commands_in(text) for mention in in_command(command))


def _listed(text: str) -> Iterator[Mention]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or HEADER.match(line):
            continue
        named = ollama_name(words[0])
        if named is None:
            raise Fault(f"line {number}", f"begins with “{words[0][:80]}”, which Ollama would not take for a name")
        digest = f", digest {words[1][:20]}" if len(words) > 1 else ""
        yield named.mention(f"line {number}", f"listed by ollama{digest}", number)


def _modelfile(text: str) -> Iterator[Mention]:
    said, base, line = "", None, 0
    for number, content in enumerate(text.splitlines(), 1):
        if found := SAID_FROM.match(content):
            said = found[1]
        elif found := FROM.match(content):
            base, line = _from(found[1], said), number
            yield base.mention(f"line {number}", f"FROM {found[1]}", number)
        elif found := ADAPTER.match(content):
            adapter = model_argument(found[1]).mention(f"line {number}", f"ADAPTER {found[1]}", number)
            on = base.reference if base and base.scheme == Scheme.HUGGING_FACE else ""
            yield replace(adapter, base=on, relation=Relation.ADAPTER)
    if not line:
        raise Fault("", "has no FROM line: a Modelfile says there which model it builds on")


def _from(path: str, said: str) -> Name:
    if STORED.search(path) and said:
        path = said
    if path.startswith((".", "/", "~")) or path.lower().endswith((".gguf", ".safetensors", ".bin")):
        return file_name(path)
    return ollama_name(path) or other_name(path)


def in_command(command: Command) -> list[Mention]:
    behind = command.program("ollama")
    words = command.words[behind:] if behind > 0 else ()
    if len(words) < 2 or words[0] not in TAKES_A_MODEL:
        return []
    name = next((word for word in words[1:] if not word.startswith("-")), "")
    named = ollama_name(name)
    return [named.mention(command.where, f"ollama {words[0]} {name}", command.line)] if named else []
