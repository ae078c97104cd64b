"""Bills of materials: CycloneDX and SPDX."""

import json
from typing import Any

import pytest

from riskboard.portfolio.kinds import Relation, Scheme
from riskboard.portfolio.reading import Fault, Mention, read

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def model(name: str, **fields: Any) -> dict[str, Any]:
    return {"type": "machine-learning-model", "name": name, **fields}


def bom(*components: object, version: str = "1.6", **fields: Any) -> bytes:
    document = {"bomFormat": "CycloneDX", "specVersion": version, "components": list(components), **fields}
    return json.dumps(document).encode()


def only(content: bytes, name: str = "bom.json") -> Mention:
    (mention,) = read(name, content)
    return mention


@pytest.mark.parametrize("version", ["1.5", "1.6", "1.7"])
def test_a_model_is_read_with_its_place_commit_license_and_base(version: str) -> None:
    base = model("Qwen3-8B", externalReferences=[{"type": "website", "url": "https://huggingface.co/Qwen/Qwen3-8B"}])
    tags = "license:apache-2.0, base_model:quantized:Qwen/Qwen3-8B, region:us"
    component = model(
        "acme/Qwen3-8B-AWQ",
        version=COMMIT,
        licenses=[{"license": {"id": "Apache-2.0"}}],
        pedigree={"ancestors": [base]},
        properties=[{"name": "tags", "value": tags}],
    )
    found = only(bom({"type": "library", "name": "torch"}, component, version=version))
    assert (found.reference, found.scheme, found.where) == ("acme/Qwen3-8B-AWQ", Scheme.HUGGING_FACE, "$.components[1]")
    assert (found.revision, found.license) == (COMMIT, "Apache-2.0")
    assert (found.base, found.relation) == ("Qwen/Qwen3-8B", Relation.QUANTIZATION)


def test_a_package_url_names_better_than_the_name() -> None:
    found = only(bom(model("our chat model", purl=f"pkg:huggingface/mistralai/Mistral-7B-v0.3@{COMMIT}")))
    assert (found.reference, found.revision) == ("mistralai/Mistral-7B-v0.3", COMMIT)
    assert "purl" in found.why


def test_nested_models_and_the_subject_of_the_bom_are_read() -> None:
    holder = {"type": "application", "name": "app", "components": [model("Llama-3.2-1B", group="meta-llama")]}
    content = bom(holder, metadata={"component": model("acme/assistant")})
    assert [(each.reference, each.where) for each in read("bom.json", content)] == [
        ("acme/assistant", "$.metadata.component"),
        ("meta-llama/Llama-3.2-1B", "$.components[0].components[0]"),
    ]


def test_a_name_that_means_nothing_elsewhere_is_kept_for_somebody_to_match() -> None:
    found = only(bom(model("sentiment", version="2.1", publisher="Acme")))
    assert (found.reference, found.scheme, found.revision) == ("sentiment", Scheme.OTHER, "")


@pytest.mark.parametrize(
    ("content", "path", "reason"),
    [
        (bom(version="1.4"), "$.specVersion", "1.5, 1.6, 1.7"),
        (bom(bomFormat="SPDX"), "$.bomFormat", "CycloneDX"),
        (bom("x"), "$.components[0]", "must be an object, and is text"),
        (bom(model("a", components={})), "$.components[0].components", "must be a list"),
        (bom({"type": "machine-learning-model"}), "$.components[0].name", "missing"),
        (bom(model("a", purl=3)), "$.components[0].purl", "must be text, and is a number"),
        (bom(model("a", licenses=[[]])), "$.components[0].licenses[0]", "must be an object"),
        (bom(model("a", pedigree={"ancestors": [3]})), "$.components[0].pedigree.ancestors[0]", "a number"),
        (b'{"bomFormat": "CycloneDX",\n oops}', "line 2, column 2", "is no JSON"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "line 1", "nested deeper"),
        (b'{"bomFormat": "\0"}', "line 1", "NUL"),
        (b'{"a": "\xff"}', "line 1", "is not UTF-8"),
        (b" " * 10_000_001, "", "10,000,001 bytes"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(content: bytes, path: str, reason: str) -> None:
    with pytest.raises(Fault) as refused:
        read("bom.json", content)
    assert refused.value.path == path
    assert reason in refused.value.reason


def spdx(*elements: object) -> bytes:
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    return json.dumps({"@context": context, "@graph": list(elements)}).encode()


def test_spdx_says_what_a_package_descends_from_and_its_license() -> None:
    own: dict[str, object] = {
        "type": "ai_AIPackage",
        "spdxId": "urn:own",
        "name": "acme/support-7b",
        "software_packageVersion": COMMIT,
    }
    base = {
        "type": "ai_AIPackage",
        "spdxId": "urn:base",
        "name": "base",
        "software_downloadLocation": "https://huggingface.co/Qwen/Qwen2.5-7B/tree/main",
    }
    content = spdx(
        own,
        base,
        {"type": "software_Package", "spdxId": "urn:lib", "name": "torch"},
        {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:l", "simplelicensing_licenseExpression": "MIT"},
        {"type": "Relationship", "from": "urn:own", "relationshipType": "descendantOf", "to": ["urn:base"]},
        {"type": "Relationship", "from": "urn:own", "relationshipType": "hasDeclaredLicense", "to": ["urn:l"]},
    )
    first, second = read("sbom.spdx.json", content)
    assert (first.reference, first.revision, first.license) == ("acme/support-7b", COMMIT, "MIT")
    assert (first.base, first.relation) == ("Qwen/Qwen2.5-7B", Relation.FINE_TUNE)
    assert (second.reference, second.where) == ("Qwen/Qwen2.5-7B", "$.@graph[1]")


def test_an_spdx_package_without_a_name_is_refused_with_its_path() -> None:
    with pytest.raises(Fault) as refused:
        read("x.json", spdx({"type": "ai_AIPackage", "spdxId": "urn:a"}))
    assert refused.value.path == "$.@graph[0].name"
