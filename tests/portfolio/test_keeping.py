from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.template.loader import render_to_string
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import Release
from riskboard.portfolio.keeping import (
    Count,
    Keeps,
    KnownText,
    Right,
    happened,
    rights,
    shipped,
    text_check,
    texts_and_withdrawals,
)
from riskboard.portfolio.models import Deployment
from riskboard.web.pages.portfolio_keeping import keeping_of
from tests import cast
from tests.portfolio.making import make_deployment, make_team

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)
COPY = {"mirror": "verified", "mirror_sha256": "a" * 64, "mirror_checked_on": TODAY, "revision": "0123456789"}


def deployment_on(release: Release, **fields: Any) -> Deployment:
    return make_deployment(make_team(), release, **fields)


def of(release: Release, event: str, **fields: Any) -> Right:
    found = deployment_on(release, **fields)
    (right,) = (each for each in (*rights(found, release), *shipped(found, release)) if event in each.event)
    return right


@pytest.mark.parametrize(
    ("fields", "keeps", "clause"),
    [
        ({"irrevocable": True}, Keeps.YES, "Irrevocable: yes"),
        ({"irrevocable": None, "terminable": True}, Keeps.AT_RISK, "Licensor can end it: yes"),
        ({"irrevocable": None, "terminable": None}, Keeps.UNKNOWN, ""),
        ({"irrevocable": False, "terminable": False}, Keeps.UNKNOWN, ""),
    ],
)
def test_the_license_says_what_a_copy_is_worth_after_a_withdrawal(
    fields: dict[str, Any], keeps: Keeps, clause: str
) -> None:
    release = cast.make_release(license=cast.make_license("terms-1.0", **fields))
    for event in ("withdrawn", "for all versions", "Fine-tunes"):
        found = of(release, event, **COPY)
        assert (found.keeps, found.clause) == (keeps, clause)


def test_what_nobody_read_or_recorded_is_unknown() -> None:
    blank = dict.fromkeys(("use_restrictions", "output_training_restriction", "naming_obligation", "terminable"))
    unread = cast.make_license("unread", text_read=False, irrevocable=None, commercial_use="", **blank)
    recalled = cast.make_license("recalled", source=cast.make_source("", "recalled"))
    for license_ in (unread, recalled, None):
        release = cast.make_release(license=license_)
        assert of(release, "for all versions", **COPY).keeps is Keeps.UNKNOWN
        assert of(release, "Outputs", **COPY).keeps is Keeps.UNKNOWN
    assert of(cast.make_release(), "withdrawn").why == "Unknown: nobody said whether you hold a copy."


def test_a_right_without_a_copy_is_nothing_to_run() -> None:
    release = cast.make_release()
    assert of(release, "withdrawn", mirror="none").keeps is Keeps.NO
    assert of(release, "for new versions", mirror="none").keeps is Keeps.AT_RISK
    assert of(release, "for new versions", mirror="none", revision="0123456").keeps is Keeps.YES
    assert "whose hash nobody compared" in of(release, "withdrawn", mirror="unverified").why


def test_what_is_hosted_only_leaves_nothing() -> None:
    closed = cast.make_release(access="api_only")
    assert of(closed, "withdrawn", **COPY).keeps is Keeps.NO
    assert of(closed, "next version", **COPY).keeps is Keeps.UNKNOWN


def test_what_was_made_from_it_follows_the_lineage() -> None:
    limited = cast.make_license("limited", output_training_restriction=True, irrevocable=None, terminable=True)
    release = cast.make_release(license=limited)
    tuned = of(release, "This fine-tune", relation="fine_tune")
    assert tuned.keeps is Keeps.AT_RISK
    assert release.name in tuned.why
    distilled = of(release, "distilled", relation="distillation")
    assert distilled.clause == "Limits on training with its output: yes"
    assert of(cast.make_release(), "Outputs").keeps is Keeps.YES


def test_the_license_text_is_compared_by_hash() -> None:
    release, text = cast.make_release(), "Line one\nLine two\n"
    assert text_check(deployment_on(release), []).same is None
    kept = deployment_on(release, license_text=text.replace("\n", "\r\n").rstrip())
    assert "no license text of this release" in text_check(kept, []).sentence
    same, other = KnownText("1" * 40, sha256(text.encode()).hexdigest()), KnownText("abcdef0" + "0" * 33, "f" * 64)
    assert text_check(kept, [other, same]) == text_check(kept, [same])
    assert text_check(kept, [other, same]).same is True
    assert text_check(kept, [other]).sentence.startswith("Differs from the one text on record")
    kept.revision = "abcdef0"
    pinned = text_check(kept, [same, other])
    assert pinned.same is False
    assert "your pinned revision" in pinned.sentence


def test_what_happened_is_counted_up_to_the_day_from_verified_rows() -> None:
    family = cast.make_family()
    apache, community = cast.make_license(), cast.make_community_license()
    first = cast.make_release(family, date(2024, 1, 1))
    cast.make_release(family, date(2024, 1, 1), access="withdrawn", withdrawn_on=date(2025, 1, 1))
    cast.make_release(family, date(2026, 5, 1))
    cast.make_release(family, date(2024, 1, 1), access="api_only")
    cast.make_release(family, date(2024, 1, 1), source=cast.make_source("", "recalled"))
    cast.make_revision(first)
    text = cast.make_revision(first, license_text_sha256="a" * 64)
    changes = [
        cast.make_license_change(family, apache, community, date(2025, 1, 1)),
        cast.make_license_change(family, apache, community, date(2025, 2, 1), applies_to="all_versions"),
        cast.make_license_change(family, apache, community, date(2025, 2, 1), scope="policy"),
        cast.make_license_change(family, apache, community, date(2025, 2, 1), source=cast.make_source("", "recalled")),
    ]
    texts, withdrawn = texts_and_withdrawals(first, TODAY)
    assert texts == [KnownText(text.commit_sha, "a" * 64)]
    found = happened(withdrawn, changes, TODAY)
    assert (found.withdrawn.k, found.withdrawn.n) == (1, 2)
    assert (found.for_new.k, found.for_all.k, found.for_all.n) == (1, 1, 2)
    assert texts_and_withdrawals(first, date(2024, 6, 1))[1] == Count(0, 2)
    assert texts_and_withdrawals(first, date(2023, 6, 1))[1] == Count(0, 0)


def test_the_section_of_a_deployment(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    hedger = cast.hedger()
    deployment = deployment_on(hedger.releases[0], **COPY)
    known = Deployment.objects.with_release().get(pk=deployment.pk)
    with django_assert_max_num_queries(2):
        keeping = keeping_of(known, TODAY)
    assert keeping is not None
    [(change, reach)] = keeping.changes
    assert reach == "did not reach this release: only versions after it"
    page = render_to_string("portfolio/_keeping.html", {"keeping": keeping})
    assert change.asset in page
    assert "the grant of Apache-2.0 is irrevocable" in page
    assert "was not kept" in page
    assert keeping_of(make_deployment(make_team()), TODAY) is None
    assert "not matched to a release" in render_to_string("portfolio/_keeping.html", {"keeping": None})
