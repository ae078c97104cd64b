"""Names of models: on the hub, in Ollama, on other hubs, and as files."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading.mentions import LONGEST, Mention, plain

PART = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}"
HUB_ID = re.compile(rf"({PART})/({PART})", re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{7,64}", re.ASCII)
OLLAMA = re.compile(
    r"(?:[A-Za-z0-9.-]{1,80}/)?(?:[A-Za-z0-9_-]{1,80}/)?[A-Za-z0-9][A-Za-z0-9._-]{0,95}(?::[A-Za-z0-9._-]{1,80})?",
    re.ASCII,
)
TAG = re.compile(r":(?P<tag>[A-Za-z0-9._-]{1,80})\Z", re.ASCII)
# What stands first in an address of the hub, or in a path on a disk, and is no owner of models.
NOT_AN_OWNER = re.compile(
    r"api|blog|chat|collections|datasets|docs|join|learn|login|models|new|organizations"
    r"|papers|pricing|settings|spaces|tasks|terms-of-service|app|assets|bin|build|cache"
    r"|checkpoint|checkpoints|ckpt|config|configs|data|dist|etc|home|lib|local|logs|mnt"
    r"|model|opt|out|output|outputs|path|results|root|runs|scripts|src|static|test"
    r"|tests|tmp|usr|var|weights|workspace",
    re.IGNORECASE,
)
PLACES: tuple[tuple[Scheme, re.Pattern[str]], ...] = tuple(
    (scheme, re.compile(pattern, re.ASCII | re.IGNORECASE))
    for scheme, pattern in (
        (
            Scheme.HUGGING_FACE,
            r"(?:pkg:huggingface/|hf://(?:models/)?|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(?:models/)?)",
        ),
        (Scheme.MODELSCOPE, r"(?:modelscope://|(?:https?://)?(?:www\.)?modelscope\.(?:cn|ai)/models/)"),
        (Scheme.GITHUB, r"(?:pkg:github/|(?:git\+)?(?:https?://)?(?:www\.)?github\.com/)"),
        (Scheme.OPENROUTER, r"(?:https?://)?(?:www\.)?openrouter\.ai/"),
        (Scheme.OLLAMA, r"(?:https?://)?(?:www\.)?(?:ollama\.com|registry\.ollama\.ai)/(?:library/)?"),
    )
)
IN_ADDRESS = re.compile(
    rf"(?P<id>{PART}/{PART})(?:@(?P<at>[\w.%-]{{1,80}})|:(?P<tag>[\w.-]{{1,80}}))?"
    r"(?:/(?:tree|resolve|blob|raw|commit)/(?P<in>[^/?#\s]{1,80}))?(?:[/?#].*)?",
    re.ASCII | re.DOTALL,
)
QUANTIZED = re.compile(
    r"(?:^|[-_.:])(?:gguf|ggml|awq|gptq|exl[23]|bnb|mlx|[234568]-?bits?|int[48]|w[48]a(?:8|16)|fp8|nvfp4|mxfp4|iq\d\w*|q\d(?:_\w+)?)(?=$|[-_.:])",
    re.ASCII | re.IGNORECASE,
)
ADAPTED = re.compile(r"(?:^|[-_.])(?:q?lora|adapter|peft)s?(?=$|[-_.])", re.ASCII | re.IGNORECASE)
SHARD = re.compile(r"-\d{5}-of-\d{5}\Z", re.ASCII)
WEIGHTS = (".gguf", ".ggml", ".safetensors", ".bin", ".pt", ".pth", ".onnx")


@dataclass(frozen=True, slots=True)
class Name:
    reference: str
    scheme: Scheme
    revision: str = ""
    relation: Relation = Relation.SAME

    def mention(self, where: str, why: str, line: int = 0, revision: str = "") -> Mention:
        return Mention(
            self.reference,
            self.scheme,
            where,
            plain(why),
            revision=commit(revision) or self.revision,
            relation=self.relation,
            line=line,
        )


def commit(text: str) -> str:
    """The commit that is pinned; a branch or a tag pins nothing."""
    text = text.strip().lower()
    return text if COMMIT.fullmatch(text) else ""


def relation_in(name: str) -> Relation:
    """What the name itself says: a quantization and an adapter usually say so."""
    if QUANTIZED.search(name):
        return Relation.QUANTIZATION
    return Relation.ADAPTER if ADAPTED.search(name) else Relation.SAME


def addressed(text: str) -> Name | None:
    """What a package URL or an address names; None: it names no model."""
    text = text.strip()
    for scheme, place in PLACES:
        found = place.match(text)
        if found is None:
            continue
        rest = text[found.end() :]
        if scheme == Scheme.OLLAMA:
            return ollama_name(rest.split("?")[0].strip("/"))
        return _in_address(unquote(rest[:600]), scheme)
    return None


def _in_address(rest: str, scheme: Scheme) -> Name | None:
    found = IN_ADDRESS.fullmatch(rest)
    if found is None or NOT_AN_OWNER.fullmatch(rest.partition("/")[0]):
        return None
    reference = found["id"].rstrip(".-").removesuffix(".git")
    if not HUB_ID.fullmatch(reference):
        return None
    tag = found["tag"] or ""
    relation = Relation.QUANTIZATION if tag and QUANTIZED.search(tag) else relation_in(reference)
    return Name(reference, scheme, commit(found["at"] or found["in"] or ""), relation)


def hub_name(text: str) -> Name | None:
    """``owner/name`` alone, as the hub names it. What can only be a path on a disk is none."""
    text = text.strip()
    found = HUB_ID.fullmatch(text)
    if found is None or NOT_AN_OWNER.fullmatch(found[1]) or text.lower().endswith((*WEIGHTS, ".json", ".yaml", ".py")):
        return None
    return Name(text.rstrip(".-"), Scheme.HUGGING_FACE, relation=relation_in(text))


def on_hub(text: str) -> Name | None:
    """As an address, a package URL or owner/name; of an id with a revision behind ``@`` both."""
    name, mark, revision = text.strip().partition("@")
    if mark and HUB_ID.fullmatch(name) and (bare := hub_name(name)):
        return Name(bare.reference, bare.scheme, commit(revision), bare.relation)
    return addressed(text) or hub_name(text)


def ollama_name(text: str) -> Name | None:
    """As ``ollama run`` takes it; what it takes from the hub is named as on the hub."""
    text = text.strip()
    if addressed_name := (addressed(text) if text.lower().startswith(("hf.co/", "huggingface.co/")) else None):
        return addressed_name
    if not OLLAMA.fullmatch(text):
        return None
    return Name(text, Scheme.OLLAMA, relation=relation_in(text))


def file_name(path: str) -> Name:
    """Of weights on a disk: what they are called there is all that is known."""
    name = PurePosixPath(path.strip().replace("\\", "/")).name
    for ending in WEIGHTS:
        if name.lower().endswith(ending):
            name = SHARD.sub("", name[: -len(ending)])
            break
    reference = plain(name) or plain(path) or "unnamed"
    relation = relation_in(reference)
    if (
        relation == Relation.SAME
        and path.lower().endswith((".gguf", ".ggml"))
        and not re.search(r"(?i)b?f(?:16|32)\b", name)
    ):
        relation = Relation.QUANTIZATION
    return Name(reference, Scheme.OTHER, relation=relation)


def other_name(text: str) -> Name:
    """A name that means something only where it stands. It is kept, for somebody to match."""
    return Name(plain(text, LONGEST) or "unnamed", Scheme.OTHER)


def model_argument(text: str) -> Name:
    """What a program takes for ``--model``: a hub id, an address, or a place on a disk."""
    text = text.strip()
    is_path = text.startswith(("/", "./", "../", "~", "$")) or text.lower().endswith(WEIGHTS)
    if is_path and not text.startswith("$"):
        return file_name(text)
    return on_hub(text) or other_name(text)
