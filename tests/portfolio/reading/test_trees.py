"""Source, logs, tables, archives."""

import io
import zipfile

import pytest

from riskboard.portfolio.kinds import Scheme
from riskboard.portfolio.reading import Fault, read

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SOURCE = f"""
from transformers import AutoModel, pipeline
MODEL_ID = "Qwen/Qwen2.5-7B-Instruct"
model = AutoModel.from_pretrained("mistralai/Mistral-7B-v0.3", revision="{COMMIT}")
other = AutoModel.from_pretrained(
    "google/gemma-2-9b",
    revision="main",
)
snapshot_download(repo_id="deepseek-ai/DeepSeek-V3")
data = snapshot_download("acme/corpus", repo_type="dataset")
local = AutoModel.from_pretrained("./checkpoints/last")
also_local = AutoModel.from_pretrained("checkpoints/last")
answer = ollama.chat(model="llama3.2:3b", messages=[])
# see https://huggingface.co/docs/transformers and https://huggingface.co/datasets/acme/corpus
"""


def found_in(name: str, text: str) -> dict[str, str]:
    return {each.reference: each.where for each in read(name, text.encode())}


def test_source_is_scanned_for_what_it_loads() -> None:
    assert found_in("app.py", SOURCE) == {
        "Qwen/Qwen2.5-7B-Instruct": "line 3",
        "mistralai/Mistral-7B-v0.3": "line 4",
        "google/gemma-2-9b": "line 5",
        "deepseek-ai/DeepSeek-V3": "line 9",
        "llama3.2:3b": "line 13",
    }
    pinned = next(each for each in read("app.py", SOURCE.encode()) if "Mistral" in each.reference)
    assert pinned.revision == COMMIT
    assert "from_pretrained" in pinned.why


def test_a_log_is_scanned_for_addresses_and_commands() -> None:
    log = (
        f"10:02 GET https://huggingface.co/Qwen/Qwen3-8B/resolve/{COMMIT}/model.safetensors 200\n"
        "10:03 + ollama pull qwen2.5:7b-instruct-q4_K_M\n"
        "10:04 purl pkg:huggingface/microsoft/phi-4@" + COMMIT + " ok, hf.co/google/gemma-2-9b.\n"
        "10:05 + huggingface-cli download meta-llama/Llama-3.1-8B --local-dir x\n"
        "10:06 see notmyhf.co/a/b and https://example.com/huggingface.co.evil/a/b\n"
    )
    found = read("ci.log", log.encode())
    assert [(each.reference, each.line) for each in found] == [
        ("Qwen/Qwen3-8B", 1),
        ("microsoft/phi-4", 3),
        ("google/gemma-2-9b", 3),
        ("meta-llama/Llama-3.1-8B", 4),
        ("qwen2.5:7b-instruct-q4_K_M", 2),
    ]
    assert (found[0].revision, found[1].revision) == (COMMIT, COMMIT)


def archive(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return packed.getvalue()


def test_a_tree_is_read_file_by_file() -> None:
    content = archive(
        {
            "app/main.py": b'AutoModel.from_pretrained("Qwen/Qwen3-8B")',
            "deploy/compose.yaml": b"services: {a: {image: vllm/vllm-openai, command: [--model, BAAI/bge-m3]}}",
            "deploy/broken.yaml": b'{{ model }}: [\nmodel: "google/gemma-2-9b"',
            "node_modules/x.js": b'model: "not/ours"',
            "weights.bin": b"\0\0",
        }
    )
    assert {each.reference: (each.file, each.where) for each in read("tree.zip", content)} == {
        "Qwen/Qwen3-8B": ("app/main.py", "app/main.py, line 1"),
        "BAAI/bge-m3": ("deploy/compose.yaml", "deploy/compose.yaml, $.services.a.command"),
        "google/gemma-2-9b": ("deploy/broken.yaml", "deploy/broken.yaml, line 2"),
    }


def test_zip_bombs_are_refused() -> None:
    with pytest.raises(Fault, match="1,000,000"):
        read("x.zip", archive({"a.py": b" " * 1_000_001}))
    with pytest.raises(Fault, match="20,000,000"):
        read("x.zip", archive({f"{n}.py": b" " * 1_000_000 for n in range(21)}))
    with pytest.raises(Fault, match="5,000"):
        read("x.zip", archive({f"{n}.py": b"" for n in range(5_001)}))


def test_broken_and_unusual_zips_are_refused() -> None:
    whole = archive({"a.py": b"x = 1" * 100})
    with pytest.raises(Fault, match="broken zip"):
        read("x.zip", whole[:60])
    with pytest.raises(Fault, match="deflate"):
        read("x.zip", archive({"a.py": b"x"}, zipfile.ZIP_BZIP2))


def test_a_table_is_read_row_by_row_with_its_other_cells() -> None:
    text = (
        "workflow;model;scheme;revision\r\n"
        f"chat;Qwen/Qwen3-8B;;{COMMIT}\r\n"
        "search;Qwen/Qwen3-8B;hugging_face;\r\n"
        "notes;llama3.2:3b;;\r\n"
    )
    found = read("deployments.csv", text.encode())
    assert [(each.reference, each.scheme, each.revision, dict(each.cells)["workflow"]) for each in found] == [
        ("Qwen/Qwen3-8B", Scheme.HUGGING_FACE, COMMIT, "chat"),
        ("Qwen/Qwen3-8B", Scheme.HUGGING_FACE, "", "search"),
        ("llama3.2:3b", Scheme.OLLAMA, "", "notes"),
    ]


@pytest.mark.parametrize(
    ("text", "path", "reason"),
    [
        ("workflow\nx\n", "line 1", "names no column “model”"),
        ("model,color\nx,red\n", "line 1", "“color” is no column"),
        ("model,model\nx,y\n", "line 1", "occurs twice"),
        ("model,scheme\n,\nx\n", "line 3", "has 1 cells"),
        ("model,scheme\nx,nowhere\n", "line 2, scheme", "is unknown"),
        ("model,revision\nx,main\n", "line 2, revision", "must be a commit"),
        ("model,note\n,y\n", "line 2, model", "is blank"),
        ('model\n"x\n', "line 2", "is broken CSV"),
    ],
)
def test_what_is_wrong_with_a_table_is_said_with_its_line(text: str, path: str, reason: str) -> None:
    with pytest.raises(Fault) as refused:
        read("deployments.csv", text.encode())
    assert refused.value.path == path
    assert reason in refused.value.reason
