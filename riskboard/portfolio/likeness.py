"""Names that differ only by how the weights were packed: who quantizes a model keeps its name and adds an ending."""

import re
from dataclasses import dataclass

from riskboard.portfolio.kinds import Scheme

MARK = r"[-_.:]"
PACKED = re.compile(
    rf"{MARK}(?:gguf|ggml|awq|gptq|exl[23]|bnb|mlx|[234568]-?bits?|int[48]|w[48]a(?:8|16)|fp8|nvfp4|mxfp4"
    r"|i?q\d(?:_\w+)?|quantized|dynamic|imatrix|i1|ud|unsloth)\Z",
    re.ASCII | re.IGNORECASE,
)
PLAIN = re.compile(rf"{MARK}(?:hf|bf16|[bf]p?16|fp?32|safetensors|latest|free)\Z", re.ASCII | re.IGNORECASE)
TUNED = re.compile(rf"{MARK}(?:instruct|chat|it|text)\Z", re.ASCII | re.IGNORECASE)
NO_SIZE = re.compile(r"(?:[^:]*|.*:latest)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Likeness:
    """``key`` is equal for names of one model; ``loose`` also for its tuned variant, and blank for one that is none."""

    key: str
    loose: str
    is_packed: bool


def likeness(name: str) -> Likeness:
    """Of a repository or a file, with or without an owner."""
    bare = name.rpartition("/")[2]
    kept, is_packed = _without_endings(bare)
    tuned = TUNED.sub("", kept)
    return Likeness(_squash(kept), _squash(tuned) if tuned != kept else "", is_packed)


def says_no_size(name: str, scheme: Scheme) -> bool:
    """In Ollama a name without a tag is whatever size was made the default there, often a smaller model."""
    return scheme == Scheme.OLLAMA and NO_SIZE.match(name) is not None


def _without_endings(name: str) -> tuple[str, bool]:
    is_packed = False
    while found := PACKED.search(name) or PLAIN.search(name):
        is_packed = is_packed or PACKED.search(name) is not None
        name = name[: found.start()]
    return name, is_packed


def _squash(name: str) -> str:
    """Points stay: 2.5 is not 25."""
    return re.sub(r"[^a-z0-9.]", "", name.lower().removeprefix("meta-"))
