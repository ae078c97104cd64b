"""Short headlines are in the language they are in, whatever names they carry."""

import pytest

from riskboard.ingest.classify import classify
from riskboard.ingest.reading.language import language_of
from riskboard.ingest.training import rows

FOREIGN = [
    ("DeepSeek lehnt Übernahme ab", "de"),
    ("Aleph Alpha entlässt Mitarbeiter", "de"),
    ("Mistral erhöht Preise", "de"),
    ("Qwen bleibt offen, sagt Alibaba", "de"),
    ("Mistral refuse une offre de rachat", "fr"),
    ("Mistral augmente ses prix", "fr"),
    ("DeepSeek rechaza una oferta", "es"),
    ("Alibaba sube precios de Qwen", "es"),
    ("Il Garante blocca DeepSeek", "it"),
    ("Mistral aumenta i prezzi", "it"),
    ("Meta demite funcionários", "pt"),
    ("Governo proíbe DeepSeek", "pt"),
    ("DeepSeek wijst overname af", "nl"),
    ("Mistral verhoogt prijzen", "nl"),
    ("楽天、新型AI発売", "ja"),
    ("Sakana AI、Llama採用を発表", "ja"),
    ("OpenAI GPT-OSS 120B 공개", "ko"),
    ("Сбер открыл GigaChat", "ru"),
    ("علي بابا تطلق Qwen", "ar"),
]
READ = [
    ("阿里の千问开源", "zh"),
    ("OpenAI 发布 GPT-OSS", "zh"),
    ("Telekom hosts Qwen für Unternehmen", "en"),
    ("Qwen für", "en"),
    ("Mistral Le Chat hits one million users", "en"),
    ("Mistral Le Chat", "en"),
    ("Mistral opens São Paulo office", "en"),
    ("São Paulo bans DeepSeek", "en"),
    ("Le Monde sues Mistral", "en"),
    ("El País signs with Mistral", "en"),
    ("La Poste adopts Mistral Le Chat", "en"),
    ("Die Zeit reviews Le Chat", "en"),
    ("Société Générale deploys Mistral Large", "en"),
    ("Naver (네이버) Releases HyperCLOVA X", "en"),
    ("Kimi Räikkönen's son starts racing", "en"),
    ("DeepSeek pricing", "en"),
]


@pytest.mark.parametrize(("title", "language"), FOREIGN)
def test_a_short_headline_that_is_not_read_is_named_and_not_judged(title: str, language: str) -> None:
    label = classify(title)
    assert (label.language, label.relevant) == (language, False)
    assert label.confidence < 0.1


@pytest.mark.parametrize(("title", "language"), READ)
def test_a_foreign_name_makes_no_foreign_headline(title: str, language: str) -> None:
    assert classify(title).language == language


def test_no_written_headline_is_left_unread() -> None:
    written = [row.title for file in (rows.HEADLINES, rows.BLIND, rows.HOLDOUT) for row in rows.labeled_rows(file)]
    assert len(written) > 1_500
    assert [title for title in written if language_of(title) not in {"en", "zh"}] == []
