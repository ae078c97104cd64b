"""How far the scores would move with a row: what recording it then does."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.ingest import services
from riskboard.ingest.models import Proposal
from riskboard.web import effects, measuring
from scoring.kept import assessments
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


@pytest.fixture
def player(db: None) -> cast.Player:
    return cast.keeper()


def about(player: cast.Player, **columns: str) -> dict[str, str]:
    return desk.signal_texts(player, **{"kind": "monetization_shift", "severity": "4", **columns})


def release_texts(player: cast.Player, **columns: str) -> dict[str, str]:
    return {
        "family": player.family.slug,
        "slug": "keeper-next",
        "name": "Keeper Next",
        "modality": "text",
        "released_on": "2026-05-20",
        "date_precision": "day",
        "access": "api_only",
        "flagship": "true",
        "source_url": "https://keeper.example/next",
        "source_title": "Keeper Next",
        "confidence": "high",
        **columns,
    }


@pytest.mark.parametrize("table", ["signals", "releases", "vendor_facts"])
def test_the_effect_is_what_recording_then_does(player: cast.Player, table: str) -> None:
    texts = {
        "signals": about(player),
        "releases": release_texts(player),
        "vendor_facts": {
            "vendor": player.vendor.slug,
            "field": "business_model",
            "value": "api_revenue",
            "valid_from": "2026-05-01",
            "source_url": "https://keeper.example/terms",
            "source_title": "Terms",
            "confidence": "high",
        },
    }[table]
    found = effects.effects_of(table, texts, TODAY)
    assert found
    before = assessments(found[0].on)[player.line.slug].durability
    services.enter(table, texts, by=User.objects.create_user("ann"), now=NOW)
    if table != "vendor_facts":
        waiting = Proposal.objects.get()
        services.accept(waiting, by=User.objects.create_user("ben"), now=NOW, version=waiting.version) if (
            waiting.state == "second"
        ) else None
    after = assessments(found[0].on)[player.line.slug].durability
    assert found[0].line == player.line
    assert found[0].points == pytest.approx(after - before)


def test_a_known_release_is_changed_in_its_place(player: cast.Player) -> None:
    newest = player.releases[-1]
    texts = {"family": player.family.slug, "slug": newest.slug, "withdrawn_on": "2026-05-25"}
    found = effects.effects_of("releases", texts, TODAY)
    assert found
    assert found[0].points < 0
    assert effects.effects_of("releases", {"family": player.family.slug, "slug": newest.slug}, TODAY) == ()
    newest.refresh_from_db()
    assert newest.withdrawn_on is None


def test_what_counts_later_is_judged_on_that_day(player: cast.Player) -> None:
    texts = about(player, kind="closed_flagship", occurred_on="2026-05-30", published_on="2026-05-30")
    found = effects.effects_of("signals", texts, TODAY)
    assert found
    assert found[0].on == date(2026, 5, 30) + timedelta(days=14)


@pytest.mark.parametrize(
    "columns",
    [
        {"severity": ""},
        {"severity": "9"},
        {"kind": "unheard_of"},
        {"occurred_on": "yesterday"},
        {"vendor": "nobody"},
        {"vendor": ""},
        {"family": "no-such-family"},
        {"published_on": "2020-01-01"},
    ],
)
def test_of_what_is_not_right_yet_the_effect_is_not_known(player: cast.Player, columns: dict[str, str]) -> None:
    assert effects.effects_of("signals", about(player, **columns), TODAY) is None


def test_a_family_of_another_vendor_has_no_known_effect(player: cast.Player) -> None:
    assert effects.effects_of("signals", about(player, family=cast.breaker().family.slug), TODAY) is None


def test_recalled_rows_and_counts_of_reach_move_nothing(player: cast.Player) -> None:
    assert effects.effects_of("signals", about(player, source_url=""), TODAY) == ()
    assert effects.effect(TODAY)("reach", {"vendor": player.vendor.slug}) == 0.0


def test_only_what_changed_is_measured_again(
    player: cast.Player, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    proposals = [desk.make_proposal(about(player)) for _ in range(3)]
    incomplete = desk.make_proposal(about(player, severity=""))
    assert measuring.measure_waiting(TODAY, at_most=2) == 2
    assert measuring.measure_waiting(TODAY) == 2
    with django_assert_max_num_queries(2):
        assert measuring.measure_waiting(TODAY) == 0
    first = Proposal.objects.get(pk=proposals[0].pk)
    assert first.effect is not None
    assert first.effect < 0
    assert first.measured["lines"][0]["slug"] == player.line.slug
    assert Proposal.objects.get(pk=incomplete.pk).effect is None
    assert first.version == 1
    cast.make_signal(player.vendor, "layoffs", date(2026, 5, 1))
    assert measuring.measure_waiting(TODAY) == 4
