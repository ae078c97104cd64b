"""A license text changes at its host: what the pages say of it, and what they never do with what strangers wrote."""

import html
import re
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import LicenseChange, Revision
from riskboard.ingest.licensetext import clean
from riskboard.ingest.models import Proposal, Snapshot
from riskboard.ingest.texts import pair_in
from riskboard.web.access import Role
from riskboard.web.pages.redline import MOST_CHANGES, MOST_CHARACTERS, redline_url
from tests import cast
from tests.web.people import client_of
from tests.web.redlining import APACHE, RESEARCH, watched

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


def keep(text: str | bytes, **fields: object) -> str:
    """A captured license text; its hash."""
    body = text.encode() if isinstance(text, str) else text
    usual = {"url": "https://huggingface.co/a/b/resolve/main/LICENSE", "fetched_at": NOW, "status": 200}
    known = {"sha256": sha256(body).hexdigest(), "body": body, "cleaned": clean(body)}
    return Snapshot.objects.create(**{**usual, **known, **fields}).sha256


def page_at(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return str(response.content.decode())


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def compared(client: Client, before: str, after: str) -> str:
    return page_at(client, redline_url(keep(before), keep(after)))


# From the host to the page ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "verdict", "heading", "direction"),
    [
        (APACHE, RESEARCH, "tighter", "Tighter for those who hold the license", "tightening"),
        (RESEARCH, APACHE, "looser", "Looser for those who hold the license", "loosening"),
        (
            RESEARCH,
            RESEARCH.replace("4. Law. The courts of Acornville decide.\n", ""),
            "not classified",
            "Not classified: a person has to read it",
            "",
        ),
    ],
)
def test_a_change_at_the_hub_becomes_a_proposal_that_shows_its_redline(
    before: str, after: str, verdict: str, heading: str, direction: str
) -> None:
    proposal = watched(before, after)
    assert proposal is not None
    assert proposal.state == "waiting", "what a text means is for people"
    assert proposal.fields["direction"] == direction
    shown = page_at(client_of(Role.ANALYST), f"/inbox/{proposal.pk}/")
    assert heading in shown
    url = redline_url(*proposal.snapshots)
    assert f'href="{url}"' in shown
    assert "<del>" in shown
    public = page_at(Client(), url)
    assert heading in public
    assert verdict in words_of(public)
    assert "waits in the" in words_of(public)
    assert "2 Nov 2026" in public
    assert "3 Nov 2026" in public


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("Copyright 2025", "Copyright 2026"),
        lambda text: text.replace("Materials commercially", "Materials  \n   commercially"),
        lambda text: text.replace("1. Grant.", "1) GRANT:"),
    ],
    ids=["year", "white space", "numbering"],
)
def test_a_cosmetic_edit_is_no_proposal_and_has_its_redline_between_two_revisions(client: Client, edit: object) -> None:
    assert callable(edit)
    assert watched(RESEARCH, edit(RESEARCH)) is None
    older, newer = Revision.objects.order_by("captured_on")
    url = redline_url(older.license_text_sha256, newer.license_text_sha256)
    assert f'href="{url}"' in page_at(client, newer.release.get_absolute_url())
    page = page_at(client, url)
    assert "Cosmetic: it asks and allows what it did before" in page
    assert "decided" not in re.sub(r"nobody decided|people decide", "", words_of(page))
    assert "Oak 7B" in page


# The page -----------------------------------------------------------------------------------------


def test_the_deciding_clause_comes_first_with_its_rule_and_unchanged_clauses_are_folded(client: Client) -> None:
    after = RESEARCH.replace("for any reason.", "for any reason. You must pay a fee of $5000.")
    page = compared(client, RESEARCH, after)
    first = page[page.index('id="verdict-title"') : page.index('id="clauses-title"')]
    assert "New: money is due." in words_of(first)
    assert "“money is due”, weight 5" in words_of(first)
    assert '<ins><span class="visually-hidden">added: </span>You must pay a fee of $5000.</ins>' in first
    below = page[page.index('id="clauses-title"') :]
    assert "changed, decided" in words_of(below)
    folded = re.findall(r"<details class=\"same\"><summary>(\d+) unchanged", below)
    assert [int(number) for number in folded] == [4, 1]


def test_what_was_struck_and_what_was_added_is_said_in_words_too(client: Client) -> None:
    page = compared(client, RESEARCH, RESEARCH.replace("Acornville", "Oaktown"))
    assert '<del><span class="visually-hidden">removed: </span>Acornville</del>' in page
    assert '<ins><span class="visually-hidden">added: </span>Oaktown</ins>' in page


@pytest.mark.parametrize(
    ("text", "language"),
    [("本许可协议仅限研究用途。\n\n第二条 您可以复制。", "zh"), ("Лицензия только для исследований.", "ru")],
)
def test_a_text_in_another_language_is_not_classified_and_says_so(client: Client, text: str, language: str) -> None:
    for pair in ((RESEARCH, text), (text, RESEARCH), (text, text[:12])):
        page = words_of(compared(client, *pair))
        assert f"not in English ({language})" in page
        assert "not classified" in page
        assert "tighter for those" not in page.lower()


def test_a_hostile_text_is_shown_as_the_words_it_is(client: Client) -> None:
    after = RESEARCH + "\n5. <script>alert(1)</script> <img src=x onerror=alert(2)> {{ page }}\n"
    page = compared(client, RESEARCH, after)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_text_of_a_megabyte_makes_a_bounded_page_that_says_what_is_missing(client: Client) -> None:
    long = "".join(f"{number}. You may use part {number} of it.\n\n" for number in range(40_000))
    assert len(long) > 1_000_000
    page = compared(client, long, long.replace("may use", "must not use"))
    assert "only the first 300,000 characters were compared" in page
    assert re.search(r"\d+ more changed clauses did not fit", page)
    assert page.count('<div class="clause') <= MOST_CHANGES
    assert len(page) < 2 * MOST_CHARACTERS
    one_line = "You may use it " * 80_000
    assert len(compared(client, one_line, f"{one_line} twice")) < 2 * MOST_CHARACTERS


def test_unchanged_clauses_without_room_are_counted(client: Client) -> None:
    long = "".join(f"The word number {number} is {'very ' * 50} long.\n\n" for number in range(900))
    page = compared(client, f"{long}{'x' * 150_000}", f"{long}{'y' * 150_000}")
    assert "900 unchanged clauses, too long to show here." in words_of(page)


def test_an_accepted_change_links_to_its_redline_and_back(client: Client) -> None:
    family = cast.make_family()
    before, after = keep(APACHE), keep(RESEARCH)
    change = cast.make_license_change(family, cast.make_license("a"), cast.make_license("b"), NOW.date())
    other = cast.make_license_change(family, cast.make_license("b"), cast.make_license("a"), NOW.date())
    Proposal.objects.create(
        key="one",
        table="license_changes",
        snapshots=[before, after],
        state="accepted",
        decided_at=NOW,
        evidence=f"license-change:{change.key}",
    )
    url = redline_url(before, after)
    assert f'href="{url}"' in page_at(client, change.get_absolute_url())
    assert "license-texts" not in page_at(client, other.get_absolute_url())
    assert f'href="{change.get_absolute_url()}"' in page_at(client, url)
    assert LicenseChange.objects.count() == 2


def test_a_pair_of_texts_with_nothing_on_record_says_so_in_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = redline_url(keep(APACHE), keep(RESEARCH))
    with django_assert_max_num_queries(8):
        page = page_at(client, url)
    assert "No license change on record rests on these two texts." in page


@pytest.mark.parametrize("snapshots", [[], ["a" * 64], None])
def test_a_proposal_without_two_texts_has_no_redline(snapshots: list[str] | None) -> None:
    assert pair_in(snapshots) is None
    proposal = Proposal.objects.create(key="one", table="license_changes", snapshots=snapshots or [])
    assert "redline" not in page_at(client_of(Role.ANALYST), f"/inbox/{proposal.pk}/")


def test_a_proposal_whose_earlier_text_is_not_kept_has_no_redline() -> None:
    pair = ["0" * 64, keep(RESEARCH)]
    proposal = Proposal.objects.create(key="one", table="license_changes", snapshots=pair)
    assert "Clause by clause" not in page_at(client_of(Role.ANALYST), f"/inbox/{proposal.pk}/")


# The texts themselves -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body", [RESEARCH.encode(), b"<html><script>alert(1)</script>", RESEARCH.encode("utf-16"), "Käse".encode("cp1252")]
)
def test_a_raw_text_is_a_file_byte_for_byte_and_never_a_page(client: Client, body: bytes) -> None:
    digest = keep(body, cleaned="x")
    response = client.get(f"/license-texts/{digest}.txt")
    assert response.content == body
    assert sha256(response.content).hexdigest() == digest
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Content-Disposition"] == f'attachment; filename="license-{digest[:12]}.txt"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_cleaned_text_is_what_comparisons_use(client: Client) -> None:
    response = client.get(f"/license-texts/{keep(RESEARCH)}/cleaned.txt")
    assert response.content.decode() == clean(RESEARCH)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("where", ["{0}.txt", "{0}/cleaned.txt", "{0}/{1}/", "{1}/{0}/"])
def test_what_was_not_captured_as_a_license_is_not_given_out(client: Client, where: str) -> None:
    """A feed or an answer of an interface may be kept too: it is nobody's license."""
    other = keep('{"secret": "answer"}', cleaned="")
    assert client.get(f"/license-texts/{where.format(other, keep(RESEARCH))}").status_code == 404
    unknown = "f" * 64
    assert client.get(f"/license-texts/{where.format(unknown, keep(APACHE))}").status_code == 404


@pytest.mark.parametrize("path", ["abc.txt", "abc/def/", f"{'A' * 64}.txt", f"{'0' * 63}.txt", f"{'0' * 64}/"])
def test_an_odd_address_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/license-texts/{path}").status_code == 404


def test_an_unknown_parameter_is_named(client: Client) -> None:
    response = client.get(f"{redline_url(keep(APACHE), keep(RESEARCH))}?as_of=2025-01-01")
    assert response.status_code == 400
    assert "as_of" in response.content.decode()


# The license --------------------------------------------------------------------------------------


def test_a_license_lists_the_texts_that_came_with_its_releases(client: Client) -> None:
    watched(RESEARCH, commits=2)
    other = cast.make_release(license=cast.make_license("apache-2.0"))
    cast.make_revision(other, license_text_sha256="e" * 64)
    page = page_at(client, "/licenses/acorn-license/")
    digest = sha256(RESEARCH.encode()).hexdigest()
    assert f'href="/license-texts/{digest}.txt"' in page
    assert "2 Nov 2026 to 4 Nov 2026" in words_of(page)
    assert "with 1 release" in words_of(page)
    assert "e" * 12 not in page
    not_held = page_at(client, "/licenses/apache-2.0/")
    assert "its words are not kept here" in not_held
    assert f"/license-texts/{'e' * 64}.txt" not in not_held


def test_a_license_of_which_no_text_was_captured_says_so(client: Client) -> None:
    assert "None captured yet." in page_at(client, cast.make_license("a").get_absolute_url())
