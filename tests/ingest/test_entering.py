"""What the forms for entering by hand stand on: keys, likenesses, titles, rulings."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from riskboard.ingest import services
from riskboard.ingest.answers import Answer
from riskboard.ingest.client import BadAnswer
from riskboard.ingest.happened import ahead
from riskboard.ingest.likeness import alike
from riskboard.ingest.naming import named
from riskboard.ingest.ruling import rule
from riskboard.ingest.titles import page_title
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW


class Page:
    """A client that finds this page wherever it looks."""

    def __init__(self, body: bytes, content_type: str = "text/html", status: int = 200) -> None:
        self.answer = Answer("https://x.example/a", status, {"content-type": content_type}, body, False, 0.1)

    def get(self, url: str, **options: object) -> Answer:
        return self.answer


def title(body: bytes, content_type: str = "text/html", status: int = 200) -> str:
    return page_title("https://x.example/a", Page(body, content_type, status))  # type: ignore[arg-type]


# Keys ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "texts", "key"),
    [
        ("signals", {"vendor": "v", "kind": "price_cut", "occurred_on": "2026-05-29"}, "v-20260529-price-cut"),
        ("signals", {"vendor": "v", "kind": "price_cut", "occurred_on": ""}, ""),
        ("signals", {"vendor": "v", "kind": "ipo", "occurred_on": "2026-05-29", "id": "mine"}, "mine"),
        ("pledges", {"vendor": "v", "family": "f", "made_on": ""}, "f-undated-pledge"),
        ("license_changes", {"vendor": "v", "announced_on": "2026-05-29"}, "v-20260529-license"),
    ],
)
def test_a_blank_key_is_made_from_the_rest(table: str, texts: dict[str, str], key: str) -> None:
    assert named(table, texts).get("id", "") == key


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"), [("Qwen3.5 (80B) Áé", "qwen3.5-80b-ae"), ("文心", ""), ("x" * 90, "x" * 70), ("", "")]
)
def test_the_key_of_a_release_is_its_name(name: str, slug: str) -> None:
    assert named("releases", {"name": name})["slug"] == slug


@pytest.mark.django_db
def test_a_key_is_neither_on_record_nor_waiting() -> None:
    vendor = cast.make_vendor("v")
    cast.make_signal(vendor, "ipo", key="v-20260529-ipo")
    desk.make_proposal({"id": "v-20260529-ipo-2"})
    texts = {"vendor": "v", "kind": "ipo", "occurred_on": "2026-05-29"}
    assert named("signals", texts)["id"] == "v-20260529-ipo-3"


# Likeness -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_releases_are_alike_by_name_repository_or_key() -> None:
    known = cast.make_release(name="Keeper 7B", hf_repo="keeper/seven")
    cast.make_release(name="Keeper 8B", hf_repo="keeper/eight")
    for texts in ({"name": "keeper 7b"}, {"hf_repo": "Keeper/Seven"}, {"slug": known.slug}):
        assert [one.row for one in alike("releases", texts)] == [known], texts
    assert alike("releases", {"name": "", "hf_repo": ""}) == []


@pytest.mark.django_db
def test_promises_and_license_changes_are_alike_by_what_they_say() -> None:
    player = cast.keeper()
    one = cast.make_pledge(player.vendor, summary="Every model stays under Apache for ever", made_on=date(2026, 5, 1))
    said = {"vendor": player.vendor.slug, "made_on": "2026-05-04", "summary": "Every model stays under Apache"}
    assert [each.row for each in alike("pledges", said)] == [one]
    change = cast.make_license_change(player.family, cast.make_license("a"), cast.make_license("b"), date(2026, 5, 1))
    said = {"vendor": player.vendor.slug, "from_license": "a", "to_license": "b", "announced_on": "2026-05-02"}
    assert [(each.row, each.why) for each in alike("license_changes", said)] == [
        (change, "is of the same kind, 1 day apart")
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(day: str) -> None:
    player = cast.keeper()
    said = {"vendor": player.vendor.slug, "kind": "ipo", "occurred_on": day}
    waiting = desk.make_proposal({**desk.signal_texts(player), **said}, vendor=player.vendor)
    assert waiting in [each.row for each in alike("signals", said)]


# Days ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_day_ahead_is_refused_in_corrections_and_of_proposals() -> None:
    player = cast.keeper()
    (ann,) = desk.people("ann")
    made = desk.make_proposal(desk.signal_texts(player), vendor=player.vendor)
    with pytest.raises(ValidationError, match="Has not come yet") as refused:
        services.accept(made, by=ann, now=NOW, version=made.version, edits={"published_on": "2026-06-03"})
    assert list(refused.value.message_dict) == ["published_on"]
    known = cast.make_signal(player.vendor, "ipo", date(2026, 5, 1))
    said: dict[str, Any] = {"by": ann, "reason": "Read again.", "now": NOW, "version": services.version_of(known)}
    with pytest.raises(ValidationError, match="Has not come yet"):
        services.correct(known, {"occurred_on": "2026-06-03"}, **said)
    services.correct(known, dict.fromkeys(("occurred_on", "published_on"), "2026-06-02"), **said)
    known.refresh_from_db()
    assert known.occurred_on == date(2026, 6, 2), "tomorrow in UTC is today in Beijing"


def test_a_coarse_day_has_come_when_its_first_day_has() -> None:
    for precision, day, is_refused in (
        ("month", date(2026, 6, 15), False),
        ("month", date(2026, 7, 1), True),
        ("year", date(2026, 12, 31), False),
        ("year", date(2027, 1, 1), True),
        ("day", date(2026, 6, 2), False),
        ("day", date(2026, 6, 3), True),
    ):
        found = ahead("signals", {"occurred_on": day, "date_precision": precision}, NOW.date())
        assert bool(found) == is_refused, (precision, day)


# Titles -------------------------------------------------------------------------------------------


def test_a_title_is_one_line_of_plain_text() -> None:
    page = b"<html><head><TITLE lang='en'>\n A &amp; <b>B</b>\n leaves </TITLE><svg><title>Logo</title></svg>"
    assert title(page) == "A & B leaves"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>通义千问</title>".encode("gbk"), "text/html; charset=gbk"),
        ('<meta charset="gbk"><title>通义千问</title>'.encode("gbk"), "text/html"),
        ("<title>通义千问</title>".encode(), "text/html"),
    ],
)
def test_a_title_is_read_as_it_was_encoded(body: bytes, content_type: str) -> None:
    assert title(body, content_type) == "通义千问"


def test_why_there_is_no_title_is_said() -> None:
    with pytest.raises(BadAnswer, match=r"x\.example answered, but its page has no title"):
        title(b"<title> </title>")
    with pytest.raises(BadAnswer, match="status 404"):
        title(b"<title>Not found</title>", status=404)


# Rulings ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_ruling_needs_the_version_it_began_with() -> None:
    pledge = cast.make_pledge(cast.make_vendor())
    (ann,) = desk.people("ann")
    said = {"status": "kept", "status_on": "2026-05-30", "status_reason": "Done."}
    before = services.version_of(pledge)
    ruled = rule(pledge, said, by=ann, now=NOW, version=before)
    assert (ruled.status, ruled.status_source) == ("kept", None)
    with pytest.raises(services.RowConflict):
        rule(pledge, said, by=ann, now=NOW, version=before)
    with pytest.raises(ValidationError, match="says why"):
        rule(pledge, {**said, "status_reason": ""}, by=ann, now=NOW, version=services.version_of(ruled))


@pytest.mark.django_db
def test_a_ruling_is_for_a_day_that_has_come() -> None:
    pledge = cast.make_pledge(cast.make_vendor())
    (ann,) = desk.people("ann")
    version, said = services.version_of(pledge), {"status": "kept", "status_reason": "Done."}
    with pytest.raises(ValidationError, match="for a day that has come"):
        rule(pledge, {**said, "status_on": "2026-06-02"}, by=ann, now=NOW, version=version)
    assert rule(pledge, {**said, "status_on": "2026-06-01"}, by=ann, now=NOW, version=version).status == "kept"


@pytest.mark.django_db
def test_everything_wrong_with_a_ruling_is_said_at_once() -> None:
    pledge = cast.make_pledge(cast.make_vendor())
    (ann,) = desk.people("ann")
    said = {"status": "eaten", "status_on": "soon", "status_reason": "", "status_source_url": "nowhere"}
    with pytest.raises(ValidationError) as refused:
        rule(pledge, said, by=ann, now=NOW, version=services.version_of(pledge))
    assert set(refused.value.message_dict) == set(said)
