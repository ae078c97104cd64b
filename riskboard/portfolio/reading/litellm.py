"""The configuration of a LiteLLM proxy: model_list[].litellm_params.model."""

import re
from collections.abc import Iterator
from typing import Any

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading.documents import mapping, sequence, text_at, yaml_of
from riskboard.portfolio.reading.mentions import Fault, Mention, once, plain
from riskboard.portfolio.reading.naming import HUB_ID, Name, hub_name, ollama_name, other_name

# Providers that run open weights and name them as the hub does.
NAMED_AS_ON_HUB = re.compile(
    r"baseten|deepinfra|featherless_ai|hosted_vllm|hyperbolic|lm_studio|llamafile|nebius|novita|nscale|openai"
    r"|text-completion-openai|together_ai|vllm|xinference"
)
HUB_ROUTE = 3  # huggingface/<inference provider>/owner/name


def is_one(tree: object) -> bool:
    return isinstance(tree, dict) and "model_list" in tree


def read(name: str, text: str) -> list[Mention]:  # noqa: ARG001 -- as every reader is called
    document = mapping(yaml_of(text), "$")
    if "model_list" not in document:
        raise Fault("$.model_list", "is missing: a LiteLLM proxy lists its models there")
    return once(_mentions(document))


def _mentions(document: dict[str, Any]) -> Iterator[Mention]:
    for number, one in enumerate(sequence(document["model_list"], "$.model_list")):
        path = f"$.model_list[{number}]"
        entry = mapping(one, path)
        params = mapping(entry.get("litellm_params"), f"{path}.litellm_params")
        model = text_at(params, "model", f"{path}.litellm_params")
        if not model:
            raise Fault(f"{path}.litellm_params.model", "is missing: it says which model is meant")
        yield _mention(entry, model, path)


def _mention(entry: dict[str, Any], model: str, path: str) -> Mention:
    alias = text_at(entry, "model_name", path)
    named = name_of(model)
    base = _base(entry, path)
    relation = Relation.FINE_TUNE if base and named.relation == Relation.SAME else named.relation
    why = f"“{model}” behind the name “{alias}”" if alias else f"“{model}”"
    place = f"{path}.litellm_params.model"
    return Mention(named.reference, named.scheme, place, plain(why), named.revision, base, relation)


def _base(entry: dict[str, Any], path: str) -> str:
    """Where model_info names the hub repository that a deployment stands on."""
    stated = entry.get("model_info")
    if stated is None:
        return ""
    base = text_at(mapping(stated, f"{path}.model_info"), "base_model", f"{path}.model_info")
    return base if HUB_ID.fullmatch(base) else ""


def name_of(model: str) -> Name:
    """By its provider's prefix. What a prefix does not explain is kept whole."""
    provider, mark, rest = model.strip().partition("/")
    provider = provider.lower()
    if not mark:
        return other_name(model)
    if provider == "huggingface":
        parts = rest.split("/")
        return hub_name("/".join(parts[1:] if len(parts) == HUB_ROUTE else parts)) or other_name(model)
    if provider in {"ollama", "ollama_chat"}:
        return ollama_name(rest) or other_name(model)
    if provider == "openrouter" and HUB_ID.fullmatch(rest.partition(":")[0]):
        return Name(rest, Scheme.OPENROUTER)
    if NAMED_AS_ON_HUB.fullmatch(provider):
        return hub_name(rest) or other_name(model)
    return other_name(model)
