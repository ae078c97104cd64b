"""Headlines become the label that the rules of meaning give, in English and Chinese, and say which words decided."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from riskboard.catalog import kinds
from riskboard.ingest.classify import Entry, classify, classify_all
from riskboard.ingest.reading.lexicon import lexicon
from riskboard.ingest.reading.severity import USUAL
from riskboard.ingest.training import evaluating, rows

EVENTS = [
    ("Redis relicenses under SSPL", "", "redis", "license_tightening", "weakens"),
    ("Elastic brings back an open source license with AGPL", "", "elastic", "license_loosening", "strengthens"),
    ("Tencent pulls HunyuanVideo weights from Hugging Face", "", "tencent", "withdrawal", "weakens"),
    (
        "Mistral's next flagship stays proprietary",
        "It is offered by API only.",
        "mistral",
        "closed_flagship",
        "weakens",
    ),
    ("Moonshot hikes Kimi API prices", "", "moonshot", "price_increase", "weakens"),
    ("DeepSeek slashes API prices by half", "", "deepseek", "price_cut", "strengthens"),
    ("Reddit ends free access to its API", "Developers have to pay.", "reddit", "monetization_shift", "weakens"),
    ("Zhipu files for Hong Kong IPO", "", "zhipu", "ipo", "weakens"),
    ("Stability AI lays off a tenth of its staff", "", "stability", "layoffs", "weakens"),
    ("Getty sues Stability AI over training images", "", "stability", "litigation", "weakens"),
    ("Judge dismisses authors' copyright suit against Meta", "", "meta", "litigation", "strengthens"),
    ("US adds Zhipu to trade blacklist", "", "zhipu", "export_control", "weakens"),
    ("Australia bans DeepSeek on government devices", "", "deepseek", "regulation", "weakens"),
    ("Qwen passes one billion downloads on Hugging Face", "", "alibaba", "reach_milestone", "strengthens"),
    ("月之暗面开源 Kimi 新模型", "模型权重以 MIT 许可发布。", "moonshot", "open_release", "strengthens"),
    ("智谱上调 API 价格", "", "zhipu", "price_increase", "weakens"),
    ("阿里千问技术负责人离职", "", "alibaba", "leadership_departure", "weakens"),
    ("腾讯下架混元模型权重", "", "tencent", "withdrawal", "weakens"),
    ("百度重申坚持开源文心大模型", "", "baidu", "public_pledge", "strengthens"),
]


@pytest.mark.parametrize(("title", "summary", "vendor", "kind", "direction"), EVENTS, ids=lambda text: text[:40])
def test_an_event_gets_its_vendor_kind_and_direction(
    title: str, summary: str, vendor: str, kind: str, direction: str
) -> None:
    label = classify(title, summary)
    assert (label.relevant, label.vendor, label.kind, label.direction) == (True, vendor, kind, direction)
    assert label.severity in range(1, 6)


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("Kimi tops coding leaderboard", "It scored higher than its rivals in a benchmark."),
        ("How to fine-tune Llama on a laptop: a beginner's guide", "Step by step instructions."),
        ("Qwen3 technical report explained", "The paper is summarized."),
        ("Alibaba shares rally as analysts lift price target", "The stock gained four percent."),
        ("US weighs new curbs on AI chip exports", "Licensing rules for accelerators may change."),
        ("Volkswagen restructures its software unit", "The car maker merges two divisions."),
        ("AI news this week: Qwen, Grok and Mistral", "A digest of ten stories."),
        ("Two years later: a look back at Unity's fee", "A retrospective."),
        ("Llamas escape from farm in Yorkshire", "The animals were brought back."),
        ("Mistral wind fans fires in Provence", "Gusts reached 100 km/h."),
        ("Gemma Collins shares holiday photos", "The TV star is in Spain."),
        ("手把手教你部署DeepSeek", "附安装教程。"),
        ("券商看好阿里，股价涨超5%", "成交额放大。"),
    ],
    ids=lambda text: text[:40],
)
def test_what_bears_on_no_open_offer_is_not_relevant_and_gets_no_event(title: str, summary: str) -> None:
    label = classify(title, summary)
    assert not label.relevant
    assert (label.vendor, label.family, label.kind, label.direction, label.severity) == ("", "", "", "", None)
    assert label.words


@pytest.mark.parametrize(
    ("title", "vendor"),
    [
        ("Databricks to buy MosaicML for $1.3 billion", "mosaicml"),
        ("AWS launches OpenSearch, a fork of Elasticsearch", "elastic"),
        ("Groq sunsets DeepSeek R1 endpoint", "deepseek"),
        ("OpenAI poaches Gemma lead from Google", "google"),
        ("Nvidia-backed Reflection AI raises $2 billion", "reflection"),
        ("Microsoft deletes WizardLM repository", "microsoft"),
        ("Terraform fork OpenTofu joins Linux Foundation", "hashicorp"),
    ],
)
def test_the_vendor_is_the_one_whose_commitment_is_affected(title: str, vendor: str) -> None:
    assert classify(title).vendor == vendor


def test_an_unknown_vendor_is_proposed_by_name() -> None:
    label = classify("Fictibase relicenses its database under BSL", "The open source project leaves Apache 2.0.")
    assert (label.vendor, label.kind) == ("fictibase", "license_tightening")


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("Qwen3-Coder weights pulled from the Hub", "qwen-coder"),
        ("Alibaba raises prices of Qwen API", "qwen"),
        ("DeepSeek raises API prices", "deepseek"),
        ("DeepSeek closes a funding round of $500 million", ""),
        ("DeepSeek V3 weights deleted", "deepseek"),
        ("Mistral Large moves to a research license", "mistral-large"),
    ],
)
def test_a_family_is_named_only_when_the_item_names_it(title: str, family: str) -> None:
    assert classify(title).family == family


def test_a_denial_that_reaffirms_openness_is_a_pledge_and_weighs_less() -> None:
    denial = classify("Alibaba denies it will close Qwen, says models stay open source")
    unprompted = classify("Alibaba pledges that Qwen models stay open source")
    assert (
        (denial.kind, denial.direction) == (unprompted.kind, unprompted.direction) == ("public_pledge", "strengthens")
    )
    assert denial.severity is not None
    assert unprompted.severity is not None
    assert denial.severity < unprompted.severity


def test_the_denial_of_a_bad_allegation_keeps_its_kind_and_weighs_two_at_most() -> None:
    label = classify("Mistral denies planned layoffs", "The company says no jobs are at risk.")
    assert (label.kind, label.direction, label.severity) == ("layoffs", "weakens", 2)


def test_the_denial_of_a_neutral_event_is_neutral() -> None:
    label = classify("DeepSeek denies raising outside funding", "It rejected reports of a round.")
    assert (label.kind, label.direction) == ("funding", "neutral")


def test_a_rumored_round_is_neutral_and_weighs_one_less_than_a_closed_one() -> None:
    closed = classify("Moonshot AI closes $500 million funding round")
    rumored = classify("Moonshot AI in talks for $500 million funding round")
    assert (closed.kind, closed.direction) == ("funding", "strengthens")
    assert (rumored.kind, rumored.direction) == ("funding", "neutral")
    assert rumored.severity == (closed.severity or 0) - 1


def test_a_reversal_keeps_the_kind_of_what_is_reversed_except_for_fees() -> None:
    assert classify("Unity scraps its runtime fee").kind == "price_cut"
    back = classify("Google restores access to Gemma in AI Studio", "Restrictions on users are lifted.")
    assert (back.kind, back.direction) == ("gating", "strengthens")


def test_the_title_decides_over_the_summary() -> None:
    label = classify("Mistral raises API prices", "The company closed a funding round of $600 million in June.")
    assert label.kind == "price_increase"


def test_the_words_that_decided_are_told() -> None:
    assert any("slashes" in words for words in classify("DeepSeek slashes API prices").words)
    assert "vendor: DeepSeek" in classify("DeepSeek slashes API prices").words
    assert any("leaderboard" in words for words in classify("Kimi tops the leaderboard in a benchmark").words)


def test_markup_and_forms_of_characters_change_nothing() -> None:
    plain = classify("DeepSeek slashes API prices")
    dressed = classify("<b>DeepSeek</b>&nbsp;ｓｌａｓｈｅｓ API&#32;prices\x00")
    assert (dressed.vendor, dressed.kind) == (plain.vendor, plain.kind)
    assert classify("騰訊下架混元模型權重").kind == classify("腾讯下架混元模型权重").kind


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Redis ändert die Lizenz und verlässt Open Source", "de"),
        ("Mistral lève des fonds auprès de ses investisseurs", "fr"),
        ("アリババ、Qwenの責任者が退任", "ja"),
        ("네이버, 하이퍼클로바X 오픈소스 공개", "ko"),
        ("Сбер открыл веса модели", "ru"),
        ("", "und"),
        ("?!…", "und"),
    ],
)
def test_other_languages_are_named_and_not_guessed(title: str, language: str) -> None:
    label = classify(title)
    assert (label.relevant, label.kind, label.language) == (False, "", language)
    assert label.confidence < 0.1
    assert "language" in label.words[0]


@given(some.text(max_size=300), some.text(max_size=300), some.text(max_size=30), some.none() | some.dates())
@settings(max_examples=150, deadline=None)
def test_any_text_gets_a_label(title: str, summary: str, publisher: str, day: date | None) -> None:
    label = classify(title, summary, publisher, day)
    assert 0 <= label.confidence <= 1
    assert (label.kind in kinds.SignalKind.values) == label.relevant


SCRIPTS = some.sampled_from(
    [
        "Qwen",
        "DeepSeek ",
        "开源",
        "許可證",
        "ライセンス",
        "مفتوح",
        "\u202eedoc",
        "🦙🔥",
        "\0",
        "\ud83d",
        "é́́́",
        "<b>",
        "&#0;",
        "7B€",
        "n't",
        "被",
    ]
)


@given(some.lists(SCRIPTS, max_size=60).map("".join), some.lists(SCRIPTS, max_size=60).map("".join))
@settings(max_examples=100, deadline=None)
def test_mixed_scripts_get_the_same_label_twice(title: str, summary: str) -> None:
    assert classify(title, summary, title[:40]) == classify(title, summary, title[:40])


@pytest.mark.parametrize("letter", ["a", "开", "<", "&", "\0", "9,", "🦙", "Qwen license "])
def test_what_is_read_of_an_endless_text_is_bounded(letter: str) -> None:
    """A summary a hundred times as long is read as far as the first, so that its length costs nothing."""
    long, endless = letter * 20_000, letter * 2_000_000
    assert classify(long, long, long) == classify(endless, endless, endless)


@pytest.mark.parametrize(
    ("title", "publisher", "vendor", "family"),
    [
        ("Granite 5 models are here under Apache 2.0", "IBM Research", "ibm", "granite"),
        ("Laguna L: weights on Hugging Face under Apache 2.0", "Poolside blog", "poolside", "laguna"),
        ("Arctic 3 weights available", "Snowflake blog", "snowflake", "arctic"),
    ],
)
def test_on_a_vendors_own_page_common_words_name_its_models(
    title: str, publisher: str, vendor: str, family: str
) -> None:
    label = classify(title, "", publisher)
    assert (label.vendor, label.family, label.kind) == (vendor, family, "open_release")


@pytest.mark.parametrize(
    ("title", "vendor"),
    [
        ("Hugging Face turned down takeover approach from Google", "huggingface"),
        ("零一万物否认被阿里收购", "01-ai"),
        ("Nvidia's AI21 Labs takeover closes", "ai21"),
        ("Microsoft's deal with Mistral AI upsets lawmakers", "mistral"),
        ("OpenAI says it has evidence DeepSeek trained on its model", "deepseek"),
    ],
)
def test_the_one_acted_on_is_the_vendor(title: str, vendor: str) -> None:
    assert classify(title).vendor == vendor


def test_every_kind_has_rules_and_a_usual_severity() -> None:
    assert set(lexicon().kinds) == set(kinds.SignalKind.values) == set(USUAL)


def test_copies_in_a_batch_share_a_story() -> None:
    day = date(2026, 3, 4)
    entries = [
        Entry("1", "Alibaba's Qwen tech lead steps down", "", "Bloomberg", day),
        Entry("2", "Alibaba's Qwen tech lead steps down (repost)", "", "Mint", day),
        Entry("3", "Kimi API prices rise", "", "TechNode", day),
    ]
    assert [story for _, _, story in classify_all(entries)] == ["1", "1", "3"]


def test_held_out_headlines_are_read_as_well_as_documented() -> None:
    """The floor of docs/classifier.md on rows that were never trained on."""
    from riskboard.ingest.reading.model import model

    held_out = evaluating.examples_of(rows.labeled_rows(rows.HOLDOUT))
    found = evaluating.figures(evaluating.judge(held_out, model()))
    assert found.relevance_f1 >= 0.85
    assert found.vendor >= 0.95
    assert found.kind_macro_f1 >= 0.65
    assert found.direction >= 0.85


def test_blind_headlines_are_read_as_well_as_documented() -> None:
    """Rows labeled by who had not read the rules. Their floors lie below what was measured."""
    from riskboard.ingest.reading.model import model

    found = evaluating.figures(evaluating.judge(evaluating.examples_of(rows.labeled_rows(rows.BLIND)), model()))
    assert found.relevance_f1 >= 0.9
    assert found.vendor >= 0.9
    assert found.kind_macro_f1 >= 0.75
    assert found.direction >= 0.88
