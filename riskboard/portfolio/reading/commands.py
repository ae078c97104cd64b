"""Command lines in scripts, units, Dockerfiles and logs, and the options in them."""

import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from riskboard.portfolio.reading.mentions import Mention

LONGEST_LINE = 20_000
INSTRUCTION = re.compile(r"\s*(?:CMD|ENTRYPOINT|RUN)\s+", re.ASCII)
SETTING = re.compile(r"\s*(?:ExecStart|ExecStartPre)=[-@:+!]*", re.ASCII)
# What is worth taking apart: scripts and logs are long, and few of their lines start a model.
PROGRAM = re.compile(r"vllm|sglang|text-generation|text-embeddings|lmdeploy|llama|kobold", re.ASCII)
SEPARATORS = frozenset({"&&", "||", ";", "|", "&"})


@dataclass(frozen=True, slots=True)
class Command:
    words: tuple[str, ...]
    where: str
    line: int = 0

    def program(self, *names: str) -> int:
        """The place behind the program of one of these names; -1: it is not started here."""
        for place, word in enumerate(self.words):
            if word.rsplit("/", 1)[-1].removesuffix(".exe") in names:
                return place + 1
        return -1


Finder = Callable[[Command], list[Mention]]


def commands_in(text: str) -> Iterator[Command]:
    """One a line; a line that ends in a backslash goes on in the next."""
    joined, began = "", 1
    for number, line in enumerate(text.splitlines(), 1):
        began = began if joined else number
        joined += line[:LONGEST_LINE]
        if joined.endswith("\\") and len(joined) < LONGEST_LINE:
            joined = joined[:-1] + " "
            continue
        if PROGRAM.search(joined):
            for words in _split(words_of(joined)):
                yield Command(words, f"line {began}", began)
        joined = ""


def words_of(line: str) -> list[str]:
    """As a shell takes them apart, or a list in JSON; what is quoted wrongly is taken apart at spaces."""
    bare = SETTING.sub("", INSTRUCTION.sub("", line, count=1), count=1).strip()
    if bare.startswith("[") and bare.endswith("]"):
        try:
            listed = json.loads(bare)
        except (ValueError, RecursionError):
            listed = []
        if isinstance(listed, list) and all(isinstance(word, str) for word in listed):
            return listed
    try:
        return shlex.split(bare, comments=True)
    except ValueError:
        return bare.split()


def _split(words: Iterable[str]) -> Iterator[tuple[str, ...]]:
    part: list[str] = []
    for word in words:
        if word in SEPARATORS:
            yield tuple(part)
            part = []
        else:
            part.append(word.rstrip(";"))
    if part:
        yield tuple(part)


def options(words: Iterable[str], *names: str) -> list[str]:
    """The value of each option of these names, as ``--name value`` or ``--name=value``; ``_`` is ``-``."""
    found, wanted, is_next = [], {_folded(name) for name in names}, False
    for word in words:
        if is_next and not (word.startswith("-") and len(word) > 1):
            found.append(word)
            is_next = False
            continue
        name, mark, value = word.partition("=")
        is_wanted = name.startswith("-") and _folded(name) in wanted
        is_next = is_wanted and not mark
        if is_wanted and value:
            found.append(value)
    return found


def many(words: Iterable[str], name: str) -> list[str]:
    """All values behind an option that takes several: up to the next option."""
    found, is_inside = [], False
    for word in words:
        head, mark, value = word.partition("=")
        if word.startswith("--"):
            is_inside = _folded(head) == _folded(name)
            if is_inside and mark:
                found.append(value)
        elif is_inside:
            found.append(word)
    return found


def _folded(name: str) -> str:
    return name.replace("_", "-") if name.startswith("--") else name


def first_argument(words: Iterable[str]) -> str:
    """The word that stands right behind the program; blank where an option stands there."""
    word = next(iter(words), "")
    return "" if word.startswith("-") else word
