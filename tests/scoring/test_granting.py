"""License rows to terms clause by clause, on the shipped evidence."""

import pytest

from scoring.engine.facts import Release
from scoring.engine.grants import is_narrower
from scoring.engine.known import as_known
from scoring.kept import dossiers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]


def released(line: str, slug: str) -> Release:
    return next(row for row in dossiers()[line].releases if row.id == f"release:{slug}")


def test_a_read_text_that_is_silent_limits_nothing() -> None:
    terms = released("alibaba-language", "qwen3-235b-a22b").grants[0].terms
    assert (terms.license, terms.commercial, terms.limits, terms.territory) == ("apache-2.0", "yes", (), frozenset())
    assert (terms.uses, terms.training, terms.gated) == (False, False, False)


def test_silence_of_a_text_that_nobody_read_is_unknown() -> None:
    terms = released("alibaba-language", "qwen3.8-2.4t-a95b").grants[0].terms
    assert terms.territory is None
    assert terms.training is None
    assert terms.limits is not None
    assert {limit.amount for limit in terms.limits} == {50_000_000.0}, "a display of the name limits nothing"


def test_everybody_needing_a_license_is_commercial_use_on_request_only() -> None:
    assert released("minimax-language", "minimax-m2.7").grants[-1].terms.commercial == "on_request"
    assert released("meta-language", "llama-3-70b").grants[0].terms.commercial == "conditional"


def test_a_change_of_versions_already_out_starts_another_grant() -> None:
    grants = released("minimax-language", "minimax-m2.5").grants
    assert [grant.since for grant in grants] == sorted(grant.since for grant in grants)
    assert len(grants) > 1
    known = as_known(dossiers()["minimax-language"], grants[-1].since.replace(day=1))
    before = next(row for row in known.releases if row.id == "release:minimax-m2.5")
    assert before.grants == grants[: len(before.grants)] != grants


def test_hosted_models_grant_nothing() -> None:
    assert released("alibaba-video", "wan2.6").grants == ()


def test_territories_are_compared_one_by_one() -> None:
    large, smaller = (released("tencent-language", slug).grants[0].terms for slug in ("hunyuan-large", "hunyuan-a13b"))
    assert is_narrower(smaller, large) is True
    assert is_narrower(large, smaller) is None, "whether the larger one is gated is not on record"


def test_vendors_stand_in_dossiers() -> None:
    assert {dossiers()[slug].vendor for slug in ("mistral-code", "mistral-language")} == {"mistral"}
