import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import Line, Release

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
QWEN = "/models/qwen/qwen3-32b/"


def found(client: Client, query: str, **headers: str) -> str:
    response = client.get("/search/", {"q": query}, headers=headers)
    assert response.status_code == 200, response
    return unescape(response.content.decode())


def groups(page: str) -> list[str]:
    return re.findall(r"<h2>(.*?)</h2>", page)


# One thing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("Qwen/Qwen3-32B", QWEN),
        ("qwen/qwen3-32b", QWEN),
        ("  Qwen/Qwen3-32B ", QWEN),
        ("Qwen/Qwen3-32B@abc123", QWEN),
        ("pkg:huggingface/Qwen/Qwen3-32B", QWEN),
        ("pkg:huggingface/Qwen/Qwen3-32B@9216db5781bf21249d130ec9da846c4624c16137?x=1#y", QWEN),
        ("pkg:huggingface/Qwen%2FQwen3-32B", QWEN),
        ("https://huggingface.co/Qwen/Qwen3-32B", QWEN),
        ("https://huggingface.co/Qwen/Qwen3-32B/tree/main?not=read", QWEN),
        ("hf.co/Qwen/Qwen3-32B", QWEN),
        ("hf://Qwen/Qwen3-32B", QWEN),
        ("qwen3 32b", QWEN),
        ("QWEN3_32B", QWEN),
        ("qwen3-32b", QWEN),
        ("llama 4 maverick 17b-128e", "/models/llama/llama-4-maverick/"),
        ("alibaba-language", "/lines/alibaba-language/"),
        ("minicpm-v / minicpm-o", "/models/minicpm-v/"),
        ("mistral ai", "/vendors/mistral/"),
        ("mistral", "/lines/mistral-language/"),
        ("GPT-OSS", "/lines/openai-language/"),
        ("qwen", "/lines/alibaba-language/"),
        ("hunyuan", "/models/hunyuan/"),
        ("Apache License 2.0", "/licenses/apache-2.0/"),
        ("apache-2.0", "/licenses/apache-2.0/"),
    ],
)
def test_an_exact_name_lands_on_its_page(client: Client, query: str, address: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 302
    assert response.headers["Location"] == address


def test_every_hub_repository_of_the_catalog_is_found(client: Client) -> None:
    releases = Release.objects.exclude(hf_repo="").select_related("family").order_by("pk")[::40]
    assert len(releases) > 5
    for release in releases:
        response = client.get("/search/", {"q": release.hf_repo})
        assert response.headers["Location"] == release.get_absolute_url()


# Several -------------------------------------------------------------------------------------------


def test_results_are_grouped_each_with_state_and_link(client: Client) -> None:
    page = found(client, "qwe")
    assert groups(page) == ["Lines", "Families", "Releases", "Vendors", "Licenses"]
    for address in ("/lines/alibaba-language/", "/models/qwen/", "/models/qwen/qwen-7b/", "/vendors/alibaba/"):
        assert f'href="{address}"' in page
    line = page[page.index('href="/lines/alibaba-video/"') :]
    assert "Closed since" in line[: line.index("</li>")]


def test_a_license_never_takes_the_place_of_the_models_named_like_it(client: Client) -> None:
    page = found(client, "llama-4")
    assert 'href="/models/llama/llama-4-scout/"' in page
    assert 'href="/licenses/llama-4/"' in page


def test_long_groups_say_how_many_more_there_are(client: Client) -> None:
    number = re.search(r"(\d+) more; add a word", found(client, "qwe"))
    assert number
    assert int(number[1]) > 10


def test_words_may_stand_in_any_order(client: Client) -> None:
    assert 'href="/models/llama/llama-3.1-405b/"' in found(client, "405b meta")


# Nothing -------------------------------------------------------------------------------------------


def test_an_unknown_repository_of_a_known_organization_stays_unknown(client: Client) -> None:
    page = found(client, "Qwen/Qwen9-Imaginary-1T")
    assert "Qwen/Qwen9-Imaginary-1T is not in the catalog" in page
    assert "What holds for this repository is unknown here" in page
    lines = Line.objects.filter(vendor__slug="alibaba")
    assert all(f'href="{line.get_absolute_url()}"' in page for line in lines)


def test_an_organization_without_a_repository_offers_its_lines(client: Client) -> None:
    page = found(client, "https://huggingface.co/mistralai")
    assert 'href="/lines/mistral-language/"' in page


def test_a_second_organization_of_a_vendor_is_known_by_its_releases(client: Client) -> None:
    page = found(client, "codellama/CodeLlama-99b")
    assert 'href="/lines/meta-code/"' in page


def test_a_variant_of_someone_unknown_names_what_it_may_come_from_but_claims_nothing(client: Client) -> None:
    page = found(client, "someone/Qwen3-32B-GGUF")
    assert "Nothing is known about this repository, not even whether it derives from a model that is." in page
    assert 'href="/search/?q=Qwen3-32B">' in page


def test_a_typing_mistake_is_offered_the_nearest_names(client: Client) -> None:
    page = found(client, "quen")
    assert "Nothing is named “quen”" in page
    assert "Looked at the names of all vendors, lines, families, releases and licenses" in page
    assert '<a href="/search/?q=Qwen">Qwen</a>' in page


def test_no_likeness_at_all_leads_on(client: Client) -> None:
    page = found(client, "zzzzzzzzzzzz")
    assert "No name here is close to it either" in page
    assert 'href="/data/#corrections"' in page


def test_no_question_shows_what_can_be_asked(client: Client) -> None:
    page = client.get("/search/").content.decode()
    assert "Which model do you run?" in page
    assert "<h2>" not in page


# Hostile -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["%", "%%", "q%n", "\\", "'", '"', "🦙", "通义千问", "()"])
def test_wildcards_and_quotes_are_letters_like_any_other(client: Client, query: str) -> None:
    page = found(client, query)
    assert "Nothing is named" in page


def test_an_underscore_finds_only_underscores(client: Client) -> None:
    page = found(client, "_")
    results = page[page.index('class="found"') :]
    assert all("_" in result for result in re.findall(r'<li class="result">.*?</small>', results))


@pytest.mark.parametrize(
    ("query", "sentence"), [("q" * 10_000, "at most 300 characters"), ("qw\0en", "Null characters")]
)
def test_what_no_name_can_be_is_refused_with_a_sentence(client: Client, query: str, sentence: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_an_unknown_parameter_is_refused(client: Client) -> None:
    assert client.get("/search/?query=qwen").status_code == 400


def test_a_hostile_question_is_text(client: Client) -> None:
    content = client.get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in content
    assert "&lt;script&gt;alert(1)" in content


# Under the board's box -----------------------------------------------------------------------------


def test_live_results_are_a_short_part_with_the_exact_one_in_it(client: Client) -> None:
    response = client.get("/search/", {"q": "Qwen/Qwen3-32B"}, headers={"HX-Request": "true"})
    assert response.status_code == 200, "a redirect would swap a whole page into the list"
    assert "HX-Request" in response.headers["Vary"]
    part = response.content.decode()
    assert "<html" not in part
    assert f'href="{QWEN}"' in part
    assert 'role="status" hx-swap-oob="true">1 found' in part
    assert found(client, "qwen", **{"HX-Request": "true"}).count('class="result"') <= 20


def test_an_emptied_box_empties_the_list(client: Client) -> None:
    part = found(client, "", **{"HX-Request": "true"})
    assert "class=" not in part.replace('class="visually-hidden"', "")


@pytest.mark.parametrize("query", ["qwen", "Qwen/Qwen3-32B", "Qwen/Foo-7B", "quen", "someone/Qwen3-32B-GGUF"])
def test_no_search_takes_more_than_twelve_queries(
    client: Client, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        assert client.get("/search/", {"q": query}).status_code in {200, 302}
