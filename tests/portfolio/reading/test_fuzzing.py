"""Whatever the bytes, a reader finds mentions that can be stored and shown, or raises Fault."""

import io
import json
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading import LABELS, Fault, read
from riskboard.portfolio.reading.mentions import LONGEST

KINDS = [None, *LABELS]
FILES = ["bom.json", "compose.yaml", "x.yml", "a.csv", "Modelfile", "m.ini", "run.sh", "x.zip", "", "Dockerfile"]
# Words that lead deep into the readers, between anything.
WORDS = st.sampled_from(
    [
        *(
            "model_list:",
            "-",
            "litellm_params",
            "{model:",
            "ollama/x:y}",
            "FROM",
            "ADAPTER",
            "vllm",
            "serve",
            "--model",
        ),
        *("--lora-modules", "a=b", "llama-server", "-hf", "-m", "x/y.gguf", "[o/n:Q4]", "hf.co/a/b", "ollama", "run"),
        *("pkg:huggingface/a/b@c", "from_pretrained(", '"a/b"', "'", "{", "}", "[", "]", ",", ":", "\n", "\\\n", "&a"),
        *("*a", "<<:", "?", "|", ">", "#", "!", "!!int", "services:", "models:", "image:", "command:", "environment:"),
        *("NAME ID SIZE", "model,scheme", "sh", "-c", "&&", "${A:-b}", "\ud7ff", "é", "\x85"),
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=8), max_size=40).map(" ".join) | st.text(max_size=200)
KEYS = st.sampled_from(
    [
        *("bomFormat", "specVersion", "components", "type", "name", "purl", "version", "licenses", "license", "id"),
        *("expression", "pedigree", "ancestors", "group", "externalReferences", "url", "properties", "value"),
        *("@context", "@graph", "spdxId", "relationshipType", "from", "to", "model_list", "litellm_params", "model"),
        *("model_info", "base_model", "services", "models", "image", "command", "entrypoint", "environment"),
        *("provider", "options", "cmd", "lora-modules", "revision", "tokenizer", "software_packageUrl"),
    ]
)
LEAVES: Any = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(
    ["CycloneDX", "1.6", "machine-learning-model", "ai_AIPackage", "descendantOf", "a/b", "vllm serve a/b", "\ud800",
     "https://spdx.org/rdf/3.0.1/x", "https://hf.co/a/b", "{", "MODEL_ID=a/b", "vllm/vllm-openai"]
)  # fmt: skip
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5))
ENOUGH = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(name: str, content: bytes, kind: str | None) -> None:
    try:
        found = read(name, content, kind)
    except Fault as fault:
        f"{fault}".encode()
        return
    for each in found:
        f"{each}".encode()
        assert 0 < len(each.reference) <= LONGEST
        assert each.where
        assert len(each.why) <= LONGEST
        assert len(each.license) <= LONGEST
        assert each.scheme in Scheme
        assert each.relation in Relation


@pytest.mark.parametrize("kind", KINDS)
@ENOUGH
@given(name=st.sampled_from(FILES), content=st.binary(max_size=300))
def test_bytes(kind: str | None, name: str, content: bytes) -> None:
    check(name, content, kind)


@pytest.mark.parametrize("kind", KINDS)
@ENOUGH
@given(name=st.sampled_from(FILES), text=TEXTS)
def test_words(kind: str | None, name: str, text: str) -> None:
    check(name, text.encode("utf-8", "surrogatepass"), kind)


@pytest.mark.parametrize("kind", ["cyclonedx", "spdx", "litellm", "compose", "vllm", "llamacpp", None])
@ENOUGH
@given(tree=TREES, named=st.dictionaries(KEYS, TREES, max_size=6))
def test_trees(kind: str | None, tree: object, named: dict[str, object]) -> None:
    for name in ("x.json", "x.yaml", "compose.yaml"):
        check(name, json.dumps(tree).encode(), kind)
        check(name, json.dumps(named | {"bomFormat": "CycloneDX", "specVersion": "1.6"}).encode(), kind)
        check(
            name, json.dumps(named | {"services": named, "model_list": [named, tree], "@graph": [named]}).encode(), kind
        )


@ENOUGH
@given(place=st.integers(0, 400), value=st.integers(0, 255), text=TEXTS)
def test_zip_files_with_a_wrong_byte(place: int, value: int, text: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("compose.yaml", text.encode("utf-8", "surrogatepass"))
    content = bytearray(packed.getvalue())
    content[place % len(content)] = value
    check("x.zip", bytes(content), "archive")
