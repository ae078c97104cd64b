"""The readers by kind, and which of them a file is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from riskboard.portfolio.reading import (
    archives,
    compose,
    cyclonedx,
    litellm,
    llamacpp,
    ollama,
    scanning,
    spdx,
    tables,
    vllm,
)
from riskboard.portfolio.reading.documents import Tree, json_of, text_of, yaml_of
from riskboard.portfolio.reading.mentions import Fault, Mention

ARCHIVE, SCAN = "archive", "scan"


@dataclass(frozen=True, slots=True)
class Reader:
    """Text in, mentions out; raises Fault and nothing else."""

    kind: str
    label: str
    read: Callable[[str, str], list[Mention]]


READERS: dict[str, Reader] = {
    reader.kind: reader
    for reader in (
        Reader("cyclonedx", "CycloneDX ML-BOM 1.5 to 1.7 (JSON)", cyclonedx.read),
        Reader("spdx", "SPDX 3 with AI packages (JSON-LD)", spdx.read),
        Reader("litellm", "LiteLLM proxy configuration", litellm.read),
        Reader("vllm", "vLLM command lines or configuration", vllm.read),
        Reader("ollama", "Ollama: Modelfile, “ollama list”, command lines", ollama.read),
        Reader("compose", "Docker Compose", compose.read),
        Reader("llamacpp", "llama.cpp command lines, presets, llama-swap", llamacpp.read),
        Reader("csv", "CSV of deployments", tables.read),
        Reader(SCAN, "source, requirements or a log, scanned", scanning.read),
    )
}
OF_JSON = {"cyclonedx": cyclonedx.is_one, "spdx": spdx.is_one}
OF_YAML = {
    "litellm": litellm.is_one,
    "compose": compose.is_one,
    "llamacpp": llamacpp.is_one,
    "vllm": vllm.is_one,
}
YAML_ENDINGS = {".yaml", ".yml"}
CALLED_COMPOSE = ("compose", "docker-compose")
LABELS: dict[str, str] = {ARCHIVE: "source tree (zip)", **{kind: reader.label for kind, reader in READERS.items()}}


def read(name: str, content: bytes, kind: str | None = None) -> list[Mention]:
    """What a file names, each model once where it is named first. Raises Fault, and ValueError for an unknown kind."""
    if kind is not None and kind not in LABELS:
        raise ValueError(f"{kind} is no kind of file; there are {', '.join(LABELS)}")
    chosen = kind or kind_of(name, content)
    if chosen == ARCHIVE:
        return archives.read(content, _inside)
    return READERS[chosen].read(name, text_of(content))


def kind_of(name: str, content: bytes) -> str:
    """By what a file holds, and where that leaves it open by its name. Raises Fault for what only looks like one."""
    if archives.is_one(content):
        return ARCHIVE
    text = text_of(content)
    ending = PurePosixPath(name.lower()).suffix
    if text.lstrip().startswith("{") or ending == ".json":
        return _by_tree(json_of, text, OF_JSON, strict=ending == ".json")
    if ending in YAML_ENDINGS:
        is_compose = name.lower().rsplit("/", 1)[-1].startswith(CALLED_COMPOSE)
        return "compose" if is_compose else _by_tree(yaml_of, text, OF_YAML, strict=True)
    return _by_text(name, ending, text)


def _by_tree(
    parse: Callable[[str], Tree], text: str, known: Mapping[str, Callable[[object], bool]], *, strict: bool
) -> str:
    try:
        tree = parse(text)
    except Fault:
        if strict:
            raise
        return SCAN
    return next((kind for kind, is_one in known.items() if is_one(tree)), SCAN)


def _by_text(name: str, ending: str, text: str) -> str:
    if ending == ".csv" or (ending in {".tsv", ".txt", ""} and tables.is_one(text)):
        return "csv"
    if ollama.is_list(text) or ollama.is_modelfile(name, text):
        return "ollama"
    return "llamacpp" if ending == ".ini" and llamacpp.is_presets(text) else SCAN


def _inside(name: str, content: bytes) -> list[Mention]:
    """Within a tree, what its own reader refuses is still scanned: a tree also holds templates and broken examples."""
    try:
        return read(name, content)
    except Fault:
        try:
            return scanning.read(name, content.decode("utf-8", "replace"))
        except Fault as fault:
            raise Fault(f"{name}, {fault.path}" if fault.path else name, fault.reason) from fault
