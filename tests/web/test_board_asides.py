from datetime import UTC, date, datetime

import pytest
from django.test import Client

from riskboard.catalog.models import Ruling
from scoring.services import refresh
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_that_day")]


def score_now() -> None:
    refresh(as_of=date(2026, 11, 24), now=datetime(2026, 11, 24, 7, tzinfo=UTC))


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def due(client: Client, address: str) -> str:
    """The list of pledges at risk or due."""
    page = text_of(client, address)
    return page[page.index('id="pledges"') : page.index('id="changes"')]


def test_a_pledge_shows_the_status_it_had_that_day(client: Client) -> None:
    player = cast.keeper()
    pledge = cast.make_pledge(
        player.vendor,
        due_on=date(2026, 12, 1),
        published_on=date(2024, 6, 1),
        status="at_risk",
        status_on=date(2026, 10, 1),
    )
    score_now()
    today = due(client, "/")
    assert f'href="/pledges/{pledge.key}/"' in today
    assert "due 1 Dec 2026" in today
    assert "at risk</span>" in today
    before = due(client, "/?as_of=2026-09-15")
    assert f'href="/pledges/{pledge.key}/"' in before, "due within 90 days, though nobody had called it at risk"
    assert "at risk</span>" not in before
    assert f'href="/pledges/{pledge.key}/"' not in due(client, "/?as_of=2026-06-01")


def test_a_past_day_knows_the_rulings_of_that_day(client: Client) -> None:
    player = cast.keeper()
    pledge = cast.make_pledge(player.vendor, player.family, status="broken", status_on=date(2026, 9, 1))
    Ruling.objects.create(pledge=pledge, status="at_risk", ruled_on=date(2026, 2, 1), reason="The deadline slipped.")
    address = f'href="/pledges/{pledge.key}/"'
    assert address not in due(client, "/?as_of=2026-01-31"), "open, and due on no day"
    assert f"{address}" in due(client, "/?as_of=2026-02-01")
    assert "at risk</span>" in due(client, "/?as_of=2026-08-31")
    assert address not in due(client, "/?as_of=2026-09-01"), "it was broken, and is no risk any more"
    compared = text_of(client, f"/compare/?l={player.line.slug},{cast.hedger().line.slug}&as_of=2026-06-01")
    assert "1 at risk" in compared
    assert "not judged yet" not in compared


def test_access_changes_of_ninety_days_are_told_with_their_page(client: Client) -> None:
    player = cast.keeper()
    source = cast.make_source("", "recalled from memory")
    cast.make_release(
        player.family,
        date(2026, 10, 1),
        slug="max",
        name="Keeper Max",
        access="api_only",
        published_on=date(2026, 10, 1),
    )
    cast.make_release(
        player.family,
        slug="old",
        name="Keeper Old",
        published_on=date(2025, 1, 15),
        withdrawn_on=date(2026, 11, 2),
        hosted_ended_on=date(2026, 6, 1),
    )
    cast.make_signal(
        player.vendor, "gating", date(2026, 9, 5), key="gate", summary="Keeper asks for a form.", source=source
    )
    score_now()
    page = text_of(client, "/")
    shown = page[page.index('id="changes"') :]
    assert 'href="/changes/closed-max/">Keeper Max</a> <span class="tag weak">flagship without weights' in shown
    assert 'href="/changes/withdrawn-old/">Keeper Old</a>' in shown
    assert "hosted-ended-old" not in shown, "that was more than 90 days ago"
    assert 'href="/changes/gate/">Keeper asks for a form.</a>' in shown
    assert "recalled, unverified" in shown
    assert shown.index("closed-max") > shown.index("withdrawn-old"), "the newest first"


def test_an_end_that_a_signal_tells_is_listed_once(client: Client) -> None:
    player, other = cast.keeper(), cast.breaker()
    for slug, on in (("one", date(2026, 10, 11)), ("two", date(2026, 10, 25)), ("later", date(2026, 10, 26))):
        cast.make_release(player.family, slug=slug, published_on=date(2025, 1, 15), hosted_ended_on=on)
    cast.make_release(player.family, slug="gone", published_on=date(2025, 1, 15), withdrawn_on=date(2026, 10, 11))
    cast.make_release(
        other.family, slug="elsewhere", published_on=date(2025, 1, 15), hosted_ended_on=date(2026, 10, 11)
    )
    cast.make_signal(player.vendor, "api_deprecation", date(2026, 10, 11), key="ended", summary="36 models end.")
    score_now()
    page = text_of(client, "/")
    shown = page[page.index('id="changes"') :]
    assert 'href="/changes/ended/">36 models end.</a>' in shown
    assert "hosted-ended-one" not in shown
    assert "hosted-ended-two" not in shown, "within fourteen days"
    assert "hosted-ended-later" in shown
    assert "withdrawn-gone" in shown, "taken down is not the end of a service"
    assert "hosted-ended-elsewhere" in shown, "another vendor"
