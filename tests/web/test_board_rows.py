from datetime import UTC, date, datetime

import pytest
from django.test import Client

from riskboard.web.pages.board_rows import SparkScale, evidence_url
from scoring.services import refresh
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]


def score_now() -> None:
    refresh(as_of=date(2026, 11, 24), now=datetime(2026, 11, 24, 7, tzinfo=UTC))


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_a_hostile_name_is_text(client: Client) -> None:
    vendor = cast.make_vendor("evil", name="<script>alert(1)</script>")
    cast.make_release(cast.make_family(cast.make_line(vendor, name="<b>Evil</b> (Evil, language)")))
    score_now()
    page = client.get("/").content.decode()
    assert "<script>alert" not in page
    assert "<b>Evil" not in page
    assert "&lt;b&gt;Evil" in page


def test_a_tightening_of_last_week_counts_as_one(client: Client) -> None:
    player, other = cast.keeper(), cast.hedger()
    license_ = cast.make_community_license()
    cast.make_license_change(
        player.family, cast.make_license(), license_, date(2026, 11, 17), published_on=date(2026, 11, 17)
    )
    cast.make_release(player.family, date(2026, 11, 17), published_on=date(2026, 11, 17), license=license_)
    score_now()
    worse = text_of(client, "/?show=worse")
    assert f'<tr id="{player.line.slug}"' in worse
    assert f'<tr id="{other.line.slug}"' not in worse, "what it did lies more than 90 days back"
    assert "tightening</span>" in text_of(client, "/")


def test_without_evidence_it_says_how_to_load_some(client: Client) -> None:
    page = text_of(client, "/")
    assert "No evidence is loaded yet" in page
    assert "./run manage loadevidence" in page
    assert "<table" not in page


def test_a_line_without_a_score_is_unknown_not_safe(client: Client) -> None:
    player = cast.keeper()
    row = text_of(client, "/")
    assert f'<tr id="{player.line.slug}" class="unrated">' in row
    assert "Not scored yet" in row
    assert "license unknown" in row
    assert 'class="big"' not in row


def test_sparklines_share_one_scale_and_end_on_the_right() -> None:
    scale = SparkScale(low=20, high=80)
    whole, young = scale.points([50.0] * 105), scale.points([80.0, 20.0])
    assert whole.split()[0].startswith("0,")
    assert whole.split()[-1] == "110,13.0"
    assert young.split()[-1] == "110,25.0"


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("signal:some-key", "/signals/some-key/"),
        ("license-change:some-key", "/changes/some-key/"),
        ("pledge:some-key", "/pledges/some-key/"),
        ("license:mit", "/licenses/mit/"),
        ("release:keeper-1", "/lines/keeper-language/?event=release:keeper-1"),
        ("fact:7", "/vendors/keeper/#facts"),
        ("", "/lines/keeper-language/"),
    ],
)
def test_every_cause_leads_to_its_evidence(reference: str, address: str) -> None:
    assert evidence_url(cast.keeper().line, reference) == address
