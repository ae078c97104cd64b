import pytest
from pytest_django import DjangoAssertNumQueries

from riskboard.portfolio.kinds import Matched, Relation, Scheme
from riskboard.portfolio.matching import match, matches
from riskboard.portfolio.reading import Mention
from tests.cast import make_release, make_revision

pytestmark = pytest.mark.django_db


def mention(reference: str, scheme: Scheme = Scheme.HUGGING_FACE, base: str = "") -> Mention:
    return Mention(reference, scheme, "line 1", "named", base=base)


def test_a_hub_repository_is_the_release_published_there_in_any_case() -> None:
    release = make_release(hf_repo="Keeper/Model-7B")
    found = match(mention("keeper/model-7b"))
    assert (found.release, found.relation, found.matched) == (release, Relation.SAME, Matched.EXACT)
    assert match(mention("Keeper/Model-7B", Scheme.OTHER)).matched == Matched.GUESS


def test_a_repository_of_a_revision_is_its_release() -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    make_revision(release, repository="keeper/Model-7B-Instruct")
    assert match(mention("keeper/Model-7B-Instruct")).release == release


def test_what_stands_on_a_release_is_exposed_to_it() -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    found = match(mention("acme/ours", base="keeper/Model-7B"))
    assert (found.release, found.relation, found.matched) == (release, Relation.FINE_TUNE, Matched.LINEAGE)


def test_a_repository_of_several_releases_is_none_of_them_for_sure() -> None:
    both = {make_release(hf_repo="keeper/All"), make_release(hf_repo="keeper/All")}
    found = match(mention("keeper/All"))
    assert (found.release, found.matched) == (None, Matched.NONE)
    assert set(found.candidates) == both


def test_answers_come_in_the_order_asked() -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    found = matches([mention("no/body"), mention("keeper/Model-7B")])
    assert [each.release for each in found] == [None, release]


@pytest.mark.parametrize(
    ("reference", "scheme", "relation"),
    [
        ("bartowski/Qwen2.5-7B-GGUF", Scheme.HUGGING_FACE, Relation.QUANTIZATION),
        ("someone/qwen2.5-7b-AWQ", Scheme.HUGGING_FACE, Relation.QUANTIZATION),
        ("someone/Qwen2.5-7B-GPTQ-Int4", Scheme.HUGGING_FACE, Relation.QUANTIZATION),
        ("someone/Qwen2.5-7B-FP8-dynamic", Scheme.HUGGING_FACE, Relation.QUANTIZATION),
        ("unsloth/Qwen2.5-7B-unsloth-bnb-4bit", Scheme.HUGGING_FACE, Relation.QUANTIZATION),
        ("bartowski/Qwen2.5-7B-Instruct-GGUF", Scheme.HUGGING_FACE, Relation.QUANTIZATION),
        ("qwen2.5:7b-instruct-q4_K_M", Scheme.OLLAMA, Relation.QUANTIZATION),
        ("qwen2.5:7b", Scheme.OLLAMA, Relation.SAME),
        ("Qwen2.5-7B-Instruct-Q4_K_M", Scheme.OTHER, Relation.QUANTIZATION),
        ("qwen/qwen-2.5-7b-instruct", Scheme.OPENROUTER, Relation.FINE_TUNE),
        ("copier/Qwen2.5-7B", Scheme.HUGGING_FACE, Relation.SAME),
    ],
)
def test_a_name_that_differs_only_in_the_packing_is_a_guess(reference: str, scheme: Scheme, relation: Relation) -> None:
    release = make_release(hf_repo="Qwen/Qwen2.5-7B")
    make_release(hf_repo="Qwen/Qwen2.5-72B")
    found = match(mention(reference, scheme))
    assert (found.release, found.relation, found.matched) == (release, relation, Matched.GUESS)
    assert "Qwen/Qwen2.5-7B" in found.why


@pytest.mark.parametrize(
    ("reference", "scheme"),
    [
        ("qwen25:7b", Scheme.OLLAMA),
        ("Qwen/Qwen2.5-7B-1M", Scheme.HUGGING_FACE),
        ("QwenLM/Qwen2.5-7B", Scheme.GITHUB),
        ("acme/ours", Scheme.HUGGING_FACE),
    ],
)
def test_another_name_is_no_guess(reference: str, scheme: Scheme) -> None:
    make_release(hf_repo="Qwen/Qwen2.5-7B")
    assert match(mention(reference, scheme)).matched == Matched.NONE


def test_the_tuned_release_comes_before_the_one_it_was_tuned_from() -> None:
    make_release(hf_repo="Qwen/Qwen2.5-7B")
    tuned = make_release(hf_repo="Qwen/Qwen2.5-7B-Instruct")
    assert match(mention("someone/Qwen2.5-7B-Instruct-GGUF")).release == tuned


def test_a_guess_between_several_is_none_and_names_them() -> None:
    both = {make_release(hf_repo="one/Model-7B"), make_release(hf_repo="two/model-7b")}
    found = match(mention("someone/Model-7B-GGUF"))
    assert (found.release, found.matched, set(found.candidates)) == (None, Matched.NONE, both)
    assert "one/Model-7B, two/model-7b" in found.why


def test_an_ollama_name_without_a_size_is_not_taken_for_the_large_one() -> None:
    release = make_release(hf_repo="deepseek-ai/DeepSeek-R1")
    found = match(mention("deepseek-r1", Scheme.OLLAMA))
    assert (found.release, found.candidates) == (None, (release,))
    assert "may be deepseek-ai/DeepSeek-R1" in found.why


def test_a_stated_base_is_guessed_too() -> None:
    release = make_release(hf_repo="Qwen/Qwen2.5-7B")
    found = match(mention("acme/ours", base="unsloth/Qwen2.5-7B-bnb-4bit"))
    assert (found.release, found.matched) == (release, Matched.GUESS)


def test_queries_do_not_grow_with_the_names(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    make_release(hf_repo="Qwen/Qwen2.5-7B")
    with django_assert_max_num_queries(4):
        matches([mention(f"owner-{number}/Qwen2.5-7B-GGUF") for number in range(300)])
