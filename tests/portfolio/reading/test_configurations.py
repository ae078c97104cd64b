"""Configurations and command lines of gateways and servers, in the form that each documents."""

import pytest

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading import Fault, kind_of, read

HUB, OTHER = Scheme.HUGGING_FACE, Scheme.OTHER
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def names(name: str, text: str, kind: str | None = None) -> list[tuple[str, Scheme]]:
    return [(each.reference, each.scheme) for each in read(name, text.encode(), kind)]


LITELLM = """
model_list:
  - model_name: chat
    litellm_params:
      model: hosted_vllm/Qwen/Qwen2.5-7B-Instruct
      api_base: http://10.0.0.4:8000
  - model_name: router
    litellm_params: &params
      model: huggingface/together/deepseek-ai/DeepSeek-R1
      api_key: os.environ/HF_TOKEN
  - {model_name: local, litellm_params: {model: "ollama_chat/llama3.1:8b"}}
  - {model_name: open, litellm_params: {model: openrouter/qwen/qwen-2.5-72b-instruct}}
  - {model_name: paid, litellm_params: {model: gpt-4o}}
  - model_name: own
    litellm_params: {model: azure/our-deployment}
    model_info: {base_model: Qwen/Qwen3-8B}
  - {model_name: again, litellm_params: {<<: *params}}
"""


def test_litellm_names_are_read_by_their_providers() -> None:
    assert kind_of("config.yaml", LITELLM.encode()) == "litellm"
    assert names("config.yaml", LITELLM) == [
        ("Qwen/Qwen2.5-7B-Instruct", HUB),
        ("deepseek-ai/DeepSeek-R1", HUB),
        ("llama3.1:8b", Scheme.OLLAMA),
        ("qwen/qwen-2.5-72b-instruct", Scheme.OPENROUTER),
        ("gpt-4o", OTHER),
        ("azure/our-deployment", OTHER),
    ]
    found = read("config.yaml", LITELLM.encode())
    assert found[0].where == "$.model_list[0].litellm_params.model"
    assert "“chat”" in found[0].why
    assert found[1].where.endswith("and 1 more place")
    assert (found[5].base, found[5].relation) == ("Qwen/Qwen3-8B", Relation.FINE_TUNE)


VLLM = f"""#!/bin/sh
# serve the base and two adapters
vllm serve Qwen/Qwen2.5-7B-Instruct --revision {COMMIT} \\
    --tokenizer acme/tokenizer --enable-lora \\
    --lora-modules sql=acme/sql-lora tone=/adapters/tone --port 8000
python -m vllm.entrypoints.openai.api_server --model=meta-llama/Llama-3.1-8B --revision main
"""


def test_vllm_command_lines_say_model_commit_adapters_and_tokenizer() -> None:
    served, sql, tone, tokenizer, llama = read("serve.sh", VLLM.encode(), "vllm")
    assert (served.reference, served.revision, served.where) == ("Qwen/Qwen2.5-7B-Instruct", COMMIT, "line 3")
    assert (sql.reference, sql.scheme, sql.base, sql.relation) == (
        "acme/sql-lora",
        HUB,
        "Qwen/Qwen2.5-7B-Instruct",
        Relation.ADAPTER,
    )
    assert (tone.reference, tone.scheme, tone.base) == ("tone", OTHER, "Qwen/Qwen2.5-7B-Instruct")
    assert "tokenizer" in tokenizer.why
    assert (llama.reference, llama.revision) == ("meta-llama/Llama-3.1-8B", "")
    assert "can move" in llama.why
    assert {each.reference for each in read("serve.sh", VLLM.encode())} == {
        "Qwen/Qwen2.5-7B-Instruct",
        "acme/sql-lora",
        "tone",
        "acme/tokenizer",
        "meta-llama/Llama-3.1-8B",
    }


def test_vllm_yaml_is_read() -> None:
    text = "model: Qwen/Qwen3-8B\nport: 8000\nlora-modules:\n  - name: a\n    path: acme/a\n  - b=acme/b\n"
    assert kind_of("vllm.yaml", text.encode()) == "vllm"
    assert names("vllm.yaml", text) == [("Qwen/Qwen3-8B", HUB), ("acme/a", HUB), ("acme/b", HUB)]


def test_a_modelfile_names_its_base_and_adapter() -> None:
    text = 'FROM qwen2.5:7b-instruct-q4_K_M\nADAPTER ./tone.gguf\nPARAMETER temperature 1\nSYSTEM """Hi"""\n'
    base, adapter = read("Modelfile", text.encode())
    assert (base.reference, base.scheme, base.relation) == (
        "qwen2.5:7b-instruct-q4_K_M",
        Scheme.OLLAMA,
        Relation.QUANTIZATION,
    )
    assert (adapter.reference, adapter.relation, adapter.where) == ("tone", Relation.ADAPTER, "line 2")


def test_a_shown_modelfile_names_what_its_comment_says_not_the_blob() -> None:
    text = "# Modelfile generated\n# FROM llama3.2:latest\nFROM /usr/share/ollama/blobs/sha256-74701a8c35f6\n"
    assert names("Modelfile", text) == [("llama3.2:latest", Scheme.OLLAMA)]


def test_ollama_list_is_read_also_what_comes_from_the_hub() -> None:
    text = (
        "NAME                                 ID              SIZE      MODIFIED\n"
        "qwen2.5:7b                           845dbda0ea48    4.7 GB    2 days ago\n"
        "hf.co/bartowski/Qwen2.5-7B-GGUF:Q4_K_M    a1b2c3d4e5f6    4.7 GB    3 weeks ago\n"
    )
    first, second = read("models.txt", text.encode())
    assert (first.reference, first.scheme, first.revision) == ("qwen2.5:7b", Scheme.OLLAMA, "")
    assert (second.reference, second.scheme, second.relation) == (
        "bartowski/Qwen2.5-7B-GGUF",
        HUB,
        Relation.QUANTIZATION,
    )


COMPOSE = """
x-shared: &shared
  restart: always
models:
  llm:
    model: ai/qwen2.5:7B-Q4_K_M
services:
  api:
    image: vllm/vllm-openai:v0.10
    command: ["--model", "Qwen/Qwen3-8B", "--max-model-len", "8192"]
    <<: *shared
  embed:
    image: ghcr.io/huggingface/text-embeddings-inference:1.7
    command: --model-id BAAI/bge-m3
  local:
    image: ghcr.io/ggml-org/llama.cpp:server
    command: -hf ggml-org/gemma-3-4b-it-GGUF:Q4_K_M
  pull:
    image: ollama/ollama
    entrypoint: ["sh", "-c", "ollama serve & sleep 2 && ollama pull mistral:7b"]
  app:
    build: .
    environment:
      - MODEL_ID=${MODEL_ID:-mistralai/Mistral-7B-v0.3}
      - OLLAMA_MODEL=phi4:14b
      - API_KEY=Secret/NotAModel
"""


def test_compose_is_read_from_models_images_commands_and_environment() -> None:
    assert names("compose.yaml", COMPOSE) == [
        ("ai/qwen2.5:7B-Q4_K_M", OTHER),
        ("Qwen/Qwen3-8B", HUB),
        ("BAAI/bge-m3", HUB),
        ("ggml-org/gemma-3-4b-it-GGUF", HUB),
        ("mistral:7b", Scheme.OLLAMA),
        ("mistralai/Mistral-7B-v0.3", HUB),
        ("phi4:14b", Scheme.OLLAMA),
    ]
    found = read("compose.yaml", COMPOSE.encode())
    assert found[1].where == "$.services.api.command"
    assert not any("Secret" in each.why for each in found)


def test_llama_cpp_command_lines_and_presets_are_read() -> None:
    text = "./llama-server -m /models/qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf --lora ./tone.gguf -c 4096\n"
    model, adapter = read("run.sh", text.encode(), "llamacpp")
    assert (model.reference, model.scheme, model.relation) == (
        "qwen2.5-7b-instruct-q4_k_m",
        OTHER,
        Relation.QUANTIZATION,
    )
    assert adapter.relation == Relation.ADAPTER
    presets = (
        "version = 1\n[*]\nc = 4096\n[ggml-org/gemma-3-4b-it-GGUF:Q4_K_M]\nn-gpu-layers = 9\n"
        "[own]\nmodel = /m/phi-4-Q8_0.gguf\n"
    )
    assert kind_of("models.ini", presets.encode()) == "llamacpp"
    assert names("models.ini", presets) == [("ggml-org/gemma-3-4b-it-GGUF", HUB), ("phi-4-Q8_0", OTHER)]


def test_llama_swap_is_read() -> None:
    text = "models:\n  small:\n    cmd: |\n      llama-server --port 9\n      --hf-repo Qwen/Qwen3-8B-GGUF\n"
    assert names("swap.yaml", text) == [("Qwen/Qwen3-8B-GGUF", HUB)]


@pytest.mark.parametrize(
    ("name", "text", "path", "reason"),
    [
        ("c.yaml", "model_list:\n  - model_name: a\n", "$.model_list[0].litellm_params", "must be an object"),
        ("c.yaml", "model_list: [{litellm_params: {}}]", "$.model_list[0].litellm_params.model", "missing"),
        ("c.yaml", "a: [1\nb: 2", "line 2", "is no YAML"),
        ("c.yaml", "a: &a [*a]", "line 1", "holds itself"),
        ("c.yaml", "? [a]\n: b", "line 1", "a key that is no text"),
        ("c.yaml", "a: 1\n---\nb: 2", "line 2", "is no YAML"),
        ("c.yaml", "[" * 100 + "]" * 100, "line 1", "nested deeper"),
        ("c.yaml", "a: &a 1\nb: [" + ", ".join(["*a"] * 300) + "]", "line 2", "aliases"),
        ("compose.yaml", "name: x\n", "$.services", "missing"),
        ("compose.yaml", "services: {a: [1]}", "$.services.a", "must be an object, and is a list"),
        ("compose.yaml", "models: {a: {}}", "$.models.a.model", "missing"),
        ("Modelfile", "PARAMETER temperature 1\n", "", "has no FROM line"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(name: str, text: str, path: str, reason: str) -> None:
    with pytest.raises(Fault) as refused:
        read(name, text.encode())
    assert refused.value.path == path
    assert reason in refused.value.reason


def test_aliases_that_multiply_are_refused_before_they_grow() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(Fault, match="by its aliases"):
        read("c.yaml", "\n".join(lines).encode())


def test_a_tag_of_python_constructs_nothing() -> None:
    text = "model_list:\n  - litellm_params: {model: !!python/object/apply:os.getcwd []}\n"
    with pytest.raises(Fault) as refused:
        read("c.yaml", text.encode())
    assert refused.value.path == "$.model_list[0].litellm_params.model"
