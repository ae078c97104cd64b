"""Source, requirements and logs, scanned line by line for names of models."""

import re
from collections.abc import Iterator
from dataclasses import replace

from riskboard.portfolio.reading.commands import LONGEST_LINE, commands_in
from riskboard.portfolio.reading.compose import in_words
from riskboard.portfolio.reading.mentions import Mention, once
from riskboard.portfolio.reading.naming import PART, Name, addressed, commit, hub_name, ollama_name

SHORTEST = 3  # letters of a line that names anything
QUOTE = r"""\\?["']"""
NOT_OURS = r"(?<![\w.@/-])"  # not within a longer word, address or path
ADDRESS = re.compile(
    rf"(?:{NOT_OURS}pkg:huggingface/|{NOT_OURS}hf://|(?:https?://|{NOT_OURS})(?:www\.)?(?:huggingface\.co|hf\.co)/"
    r"|https?://(?:www\.)?modelscope\.(?:cn|ai)/models/|https?://(?:www\.)?openrouter\.ai/"
    r"|(?:https?://)?(?:www\.)?ollama\.com/library/)"
    r"[A-Za-z0-9][\w./@:%?=&-]{1,300}",
    re.ASCII,
)
LOADER = (
    r"from_pretrained|snapshot_download|hf_hub_download|cached_file|load_from_hub|from_pretrained_hf|load_checkpoint_and_dispatch"
    r"|SentenceTransformer|CrossEncoder|HuggingFaceEmbeddings?|HuggingFaceEndpoint|InferenceClient|LLM|AsyncLLMEngine|from_model_id"
    r"|get_peft_model|AutoTokenizer|FastLanguageModel|Pipeline|pipeline|from_single_file|hf_hub_url|model_info"
)
CALLED = re.compile(
    rf"\b(?P<loader>{LOADER})\(\s*(?:\w{{1,40}}\s*=\s*)?{QUOTE}(?P<id>{PART}/{PART}){QUOTE}(?P<rest>.{{0,300}})",
    re.ASCII,
)
BROKEN_CALL = re.compile(rf"\b(?:{LOADER})\(\s*\Z", re.ASCII)
KEYWORDS = (
    r"model|model_id|model_name|model_path|model_name_or_path|pretrained_model_name_or_path|base_model"
    r"|base_model_name_or_path|base_model_id|repo_id|repo|checkpoint|tokenizer|tokenizer_name|adapter|llm_model|embedding_model"
    r"|embed_model|reranker_model|draft_model|teacher_model"
)
ASSIGNED = re.compile(
    rf"(?<![\w.])(?P<key>(?:\w{{1,40}}_)?(?:{KEYWORDS}))(?:{QUOTE})?(?:\s*:\s*(?:str|Final(?:\[str\])?)\s*=|\s*[:=])\s*"
    rf"{QUOTE}(?P<id>{PART}/{PART}){QUOTE}(?P<rest>.{{0,300}})",
    re.ASCII | re.IGNORECASE,
)
REVISION = re.compile(rf"""\brevision(?:{QUOTE})?\s*[:=]\s*{QUOTE}(?P<revision>[\w./-]{{1,80}}){QUOTE}""", re.ASCII)
NO_MODEL = re.compile(rf"""repo_type\s*=\s*{QUOTE}(?:dataset|space){QUOTE}""", re.ASCII)
OLLAMA_CALL = re.compile(
    rf"\b(?:[Oo]llama(?:LLM|Embeddings?)?(?:\.\w{{1,40}})?|ChatOllama)\([^)\n]{{0,120}}?\bmodel(?:_name)?\s*=\s*{QUOTE}"
    rf"(?P<name>[\w./-]{{1,120}}(?::[\w.-]{{1,80}})?){QUOTE}",
    re.ASCII,
)
DOWNLOAD = re.compile(
    rf"(?:huggingface-cli|\bhf)\s+download\s+(?:--\S+\s+)*(?P<id>{PART}/{PART})(?P<rest>.{{0,300}})", re.ASCII
)
PINNED = re.compile(r"--revision[ =](?P<revision>[\w./-]{1,80})", re.ASCII)


def read(name: str, text: str) -> list[Mention]:  # noqa: ARG001 -- as every reader is called
    return once(_mentions(text))


def _mentions(text: str) -> Iterator[Mention]:
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        content = line[:LONGEST_LINE]
        if len(content) < SHORTEST:
            continue
        if BROKEN_CALL.search(content) and number < len(lines):
            yield from _in_line(content.strip() + _rest_of_call(lines[number : number + 4]), number)
        else:
            yield from _in_line(content, number)
    for command in commands_in(text):
        yield from in_words(command.words, command.where, command.line)


def _rest_of_call(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines).partition(")")[0][:LONGEST_LINE]


def _in_line(line: str, number: int) -> Iterator[Mention]:
    for found in ADDRESS.finditer(line):
        named = addressed(found[0].rstrip(".,;:"))
        if named:
            yield named.mention(f"line {number}", f"the address {found[0][:200]}", number)
    if "(" in line or "=" in line or ":" in line:
        yield from _in_code(line, number)
    for found in DOWNLOAD.finditer(line):
        pinned = PINNED.search(found["rest"])
        if "dataset" not in found["rest"]:
            yield from _named(found["id"], "downloaded from the hub", number, pinned["revision"] if pinned else "")


def _in_code(line: str, number: int) -> Iterator[Mention]:
    for found in CALLED.finditer(line):
        if not NO_MODEL.search(line):
            yield from _named(found["id"], f"{found['loader']}(“{found['id']}”)", number, _revision(found["rest"]))
    for found in ASSIGNED.finditer(line):
        if not NO_MODEL.search(line):
            yield from _named(found["id"], f"{found['key']} = “{found['id']}”", number, _revision(found["rest"]))
    for found in OLLAMA_CALL.finditer(line):
        named = ollama_name(found["name"])
        if named:
            yield named.mention(f"line {number}", f"Ollama is asked for “{found['name']}”", number)


def _revision(rest: str) -> str:
    found = REVISION.search(rest)
    return found["revision"] if found else ""


def _named(text: str, why: str, number: int, revision: str) -> Iterator[Mention]:
    named: Name | None = hub_name(text)
    if named is None:
        return
    if revision and not commit(revision):
        why = f"{why}, at “{revision}”, which can move"
    yield replace(named.mention(f"line {number}", why, number), revision=commit(revision))
