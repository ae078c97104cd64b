"""Copies and reports of one happening meet; other happenings of the same vendor stay apart."""

from dataclasses import replace
from datetime import date

import pytest

from riskboard.ingest.reading.model import model
from riskboard.ingest.reading.stories import WINDOW_DAYS, Report, canonical, group, same_story
from riskboard.ingest.training import evaluating, rows

QUITS = Report(
    "1",
    "Qwen tech lead Lin Junyang quits Alibaba",
    published_on=date(2026, 3, 4),
    vendor="alibaba",
    family="qwen",
    kind="leadership_departure",
    direction="weakens",
)


def like(first: Report, identity: str, title: str, **changes: object) -> Report:
    return replace(first, id=identity, title=title, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "title",
    [
        "Qwen tech lead Lin Junyang quits Alibaba (repost)",
        "UPDATE 2-Qwen tech lead Lin Junyang quits Alibaba",
        "Qwen tech lead Lin Junyang quits Alibaba - Reuters",
        "Exclusive: Qwen tech lead Lin Junyang quits Alibaba",
    ],
)
def test_a_syndicated_title_is_the_same_story_whatever_was_read_from_it(title: str) -> None:
    assert same_story(QUITS, like(QUITS, "2", title, vendor="", family="", kind="", direction=""))


def test_a_report_in_other_words_is_the_same_story() -> None:
    assert same_story(QUITS, like(QUITS, "2", "Junyang Lin steps down as head of Alibaba's models"))


def test_a_report_in_another_language_is_the_same_story() -> None:
    assert same_story(QUITS, like(QUITS, "2", "阿里千问技术负责人离职"))


def test_somebody_else_leaving_days_later_is_another_story() -> None:
    other = like(QUITS, "2", "Qwen coding chief Hui Binyuan joins Meta", published_on=date(2026, 3, 9))
    assert not same_story(QUITS, other)


def test_the_same_event_of_another_vendor_is_another_story() -> None:
    listed = Report("1", "Zhipu lists in Hong Kong", published_on=date(2026, 1, 8), vendor="zhipu", kind="ipo")
    assert not same_story(listed, replace(listed, id="2", title="MiniMax lists in Hong Kong", vendor="minimax"))


def test_a_reversal_is_another_story() -> None:
    ended = Report(
        "1", "Docker ends free team plan", "", "", date(2023, 3, 15), "docker", "", "monetization_shift", "weakens"
    )
    kept = replace(ended, id="2", title="Docker keeps free team plan after all", direction="strengthens")
    assert not same_story(ended, kept)


def test_other_versions_and_other_sums_are_other_stories() -> None:
    first = Report("1", "Alibaba open-sources Qwen3", "", "", date(2025, 4, 28), "alibaba", "qwen", "open_release")
    assert not same_story(first, replace(first, id="2", title="Alibaba open-sources Qwen2.5"))
    round_ = Report("1", "Mistral raises $600 million", "", "", date(2025, 6, 1), "mistral", "", "funding")
    assert not same_story(round_, replace(round_, id="2", title="Mistral raises $105 million"))


def test_a_copy_outside_the_window_is_another_story() -> None:
    day = date(2026, 3, 4 + WINDOW_DAYS)
    assert same_story(QUITS, like(QUITS, "2", QUITS.title, published_on=day))
    assert not same_story(QUITS, like(QUITS, "2", QUITS.title, published_on=day.replace(day=day.day + 1)))


def test_one_address_is_one_story_however_it_is_written() -> None:
    first = replace(QUITS, url="https://www.example.org/a/?utm_source=x&id=1#top")
    assert same_story(first, like(QUITS, "2", "Something else", url="http://example.org/a?id=1", vendor="", kind=""))
    assert canonical("https://example.org/a?id=2") != canonical("https://example.org/a?id=1")


@pytest.mark.parametrize("address", ["", "not an address", "http://[::1", "javascript:alert(1)"])
def test_what_is_no_address_joins_nothing(address: str) -> None:
    assert canonical(address) == ""


def test_a_story_is_named_after_its_earliest_report_in_any_order() -> None:
    reports = [
        like(QUITS, "late", "Junyang Lin steps down as head of Qwen", published_on=date(2026, 3, 5)),
        QUITS,
        Report("other", "Redis drops BSD", published_on=date(2024, 3, 21), vendor="redis", kind="license_tightening"),
    ]
    expected = {"late": "1", "1": "1", "other": "other"}
    assert group(reports) == group(list(reversed(reports))) == expected


def test_undated_copies_meet() -> None:
    first = replace(QUITS, published_on=None)
    assert set(group([first, replace(first, id="2")]).values()) == {"1"}


@pytest.mark.parametrize("use", ["tuned", "held out"])
def test_written_stories_are_grouped_as_well_as_documented(use: str) -> None:
    precision, _, f1 = evaluating.story_f1(rows.told_stories(model(), use))
    assert precision >= 0.85
    assert f1 >= 0.8
