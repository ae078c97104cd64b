from datetime import UTC, datetime, timedelta

import pytest

from riskboard.catalog.models import Family
from riskboard.ingest.sources import absence
from riskboard.ingest.sources.drafting import row_key
from riskboard.ingest.sources.subjects import Subjects, direction_between, family_of
from tests.cast import make_license, make_release, make_vendor

SLUGS = (
    *("deepseek", "deepseek-vl", "gpt", "gpt-2", "gpt-oss", "hunyuan", "hunyuan-video", "llama", "minimax-m"),
    *("mistral-7b", "mistral-small", "phi", "qwen", "qwen-coder", "qwen-image", "qwen-vl", "sam", "t5", "wan"),
)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Qwen3-32B", "qwen"),
        ("Qwen3-VL-8B-Instruct", "qwen-vl"),
        ("qwen3-coder-plus", "qwen-coder"),
        ("Qwen-Image-Edit-2509", "qwen-image"),
        ("DeepSeek-V3.2-Exp", "deepseek"),
        ("deepseek-vl2", "deepseek-vl"),
        ("gpt2-xl", "gpt-2"),
        ("gpt-oss-20b", "gpt-oss"),
        ("gpt-5.2-pro", "gpt"),
        ("HunyuanVideo-1.5", "hunyuan-video"),
        ("Meta-Llama-3.1-8B", "llama"),
        ("MiniMax-M3", "minimax-m"),
        ("Mistral-7B-v0.1", "mistral-7b"),
        ("Mistral-Small-24B-Instruct-2501", "mistral-small"),
        ("Swan-1B", None),
        ("Graphi-2", None),
        ("", None),
    ],
)
def test_the_family_is_read_from_the_name(name: str, slug: str | None) -> None:
    families = [Family(slug=each) for each in SLUGS]
    found = family_of(name, families)
    assert (found.slug if found else None) == slug


@pytest.mark.django_db
def test_a_release_of_the_catalog_knows_its_family_better_than_its_name() -> None:
    release = make_release(slug="odd", hf_repo="acorn/Odd-Name")
    subjects = Subjects(release.family.line.vendor)
    assert subjects.family("Acorn/odd-name") == release.family


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tag", "name", "key"),
    [
        ("apache-2.0", "", "apache-2.0"),
        ("Apache-2.0", "", "apache-2.0"),
        ("llama3.1", "", "llama-3.1"),
        ("gemma", "", "gemma-terms"),
        ("other", "qwen-research", "qwen-research"),
        ("other", "modified-mit", "acorn-modified-mit"),
        ("other", "", None),
        ("unknown", "", None),
        ("", "", None),
        ("gpl-3.0", "", None),
    ],
)
def test_licenses_are_known_by_key_spdx_identifier_and_name(tag: str, name: str, key: str | None) -> None:
    vendor = make_vendor(slug="acorn", name="Acorn")
    for each in ("apache-2.0", "llama-3.1", "gemma-terms", "qwen-research", "acorn-modified-mit", "mit"):
        make_license(key=each, spdx_id="", name=f"The {each} license")
    found = Subjects(vendor).license(tag, name)
    assert (found.key if found else None) == key


@pytest.mark.django_db
def test_categories_tell_the_direction_and_equal_ones_do_not() -> None:
    free = make_license(key="free", category="permissive")
    other = make_license(key="other-free", category="permissive")
    research = make_license(key="research", category="noncommercial")
    assert direction_between(free, research) == "tightening"
    assert direction_between(research, free) == "loosening"
    assert direction_between(free, other) == direction_between(None, free) == direction_between(free, None) == ""


def test_absence_takes_three_looks_and_two_days_however_often_we_look() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    looks: list[str] = []
    for hours in range(48):
        looks = absence.noted(looks, start + timedelta(hours=hours))
        assert not absence.is_established(looks)
    assert len(looks) == absence.KEPT
    assert absence.is_established(absence.noted(looks, start + timedelta(hours=48)))
    assert not absence.is_established([start.isoformat(), (start + timedelta(days=9)).isoformat()])


def test_keys_are_short_enough_and_stay_different() -> None:
    long = [row_key("hub", f"acorn/{'Oak-' * 40}{number}", "2026-11-01") for number in range(3)]
    assert len(set(long)) == 3
    assert all(len(key) <= 80 for key in long)
    assert row_key("hub", "acorn/Oak 7B", "x") == "hub-acorn-Oak-7B-x"
