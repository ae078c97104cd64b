"""The states of a repository that were captured, on the page of its release."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.test import Client

from riskboard.catalog.models import Release, Revision
from riskboard.web.pages.redline import redline_url
from riskboard.web.pages.revisions import revision_rows
from tests import cast
from tests.web.redlining import APACHE, RESEARCH, watched
from tests.web.test_redline import keep

pytestmark = pytest.mark.django_db
FIRST = date(2026, 11, 1)


@pytest.fixture
def release(db: None) -> Release:
    return cast.make_release(hf_repo="acorn/Oak-7B")


def capture(release: Release, *hashes: str) -> None:
    for number, digest in enumerate(hashes):
        cast.make_revision(release, license_text_sha256=digest, captured_on=FIRST + timedelta(days=number))


def page_of(client: Client, release: Release) -> str:
    return str(client.get(release.get_absolute_url()).content.decode())


def test_a_release_without_a_revision_says_so(client: Client, release: Release) -> None:
    assert "No revision captured yet." in page_of(client, release)


def test_each_look_at_a_new_commit_is_a_revision_and_the_same_commit_is_none(client: Client) -> None:
    watched(APACHE, APACHE, RESEARCH, commits=1)
    rows = list(Revision.objects.order_by("captured_on"))
    digests = [sha256(text.encode()).hexdigest() for text in (APACHE, RESEARCH)]
    assert [(row.captured_on.day, row.license_text_sha256) for row in rows] == [
        (2, digests[0]),
        (4, digests[1]),
        (5, digests[1]),
    ]
    page = page_of(client, rows[0].release)
    for row in rows:
        assert f'title="{row.commit_sha}"' in page
        assert row.license_text_sha256[:12] in page
    assert page.count(f'href="{redline_url(*digests)}"') == 1, "where the text changed, and nowhere else"
    assert "captured 4 Nov 2026" in page


def test_a_text_is_compared_with_the_last_one_that_could_be_read(release: Release) -> None:
    before, after = keep(APACHE), keep(RESEARCH)
    capture(release, before, "", after, after, before)
    urls = [row.redline_url for row in revision_rows(release)]
    assert urls == [redline_url(after, before), "", redline_url(before, after), "", ""]


def test_texts_of_another_repository_are_no_change(release: Release) -> None:
    capture(release, keep(APACHE))
    cast.make_revision(
        release, repository="acorn/Oak-7B-new", license_text_sha256=keep(RESEARCH), captured_on=date(2026, 11, 9)
    )
    assert not any(row.has_new_text for row in revision_rows(release))


def test_a_change_from_a_text_that_is_not_kept_is_said_without_a_link(client: Client, release: Release) -> None:
    capture(release, "a" * 64, keep(RESEARCH))
    page = page_of(client, release)
    assert "the text changed; the earlier one is not kept" in page
    assert "license-texts/aaaa" not in page


def test_a_revision_without_a_readable_text_says_so(client: Client, release: Release) -> None:
    capture(release, "")
    assert "no license text could be read" in page_of(client, release)
