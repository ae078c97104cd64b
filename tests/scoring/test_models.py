"""Scores are append-only, whoever writes."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.test import Client

from scoring import services
from scoring.models import AppendOnlyError, Score
from tests.cast import keeper

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def score() -> Score:
    player = keeper()
    (stored,) = services.rescore(as_of=DAY, now=NOW, line=player.line)
    return stored


def test_a_score_cannot_be_changed(score: Score) -> None:
    score.durability = 99.0
    with pytest.raises(AppendOnlyError):
        score.save()
    with pytest.raises(AppendOnlyError):
        Score.objects.filter(pk=score.pk).update(durability=99.0)
    score.refresh_from_db()
    assert score.durability != 99.0


def test_a_score_cannot_be_deleted(score: Score) -> None:
    with pytest.raises(AppendOnlyError):
        score.delete()
    with pytest.raises(AppendOnlyError):
        Score.objects.all().delete()
    assert Score.objects.count() == 1


def test_the_database_refuses_the_same_score_twice(score: Score) -> None:
    again = Score.objects.get(pk=score.pk)
    again.pk, again._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_a_score_of_an_earlier_day_is_reconstructed(score: Score) -> None:
    assert not score.is_reconstructed
    (past,) = services.rescore(as_of=date(2026, 1, 1), now=NOW, line=score.line)
    assert past.is_reconstructed


def test_the_items_of_a_score_sum_to_it(score: Score) -> None:
    score.refresh_from_db()
    assert sum(item["points"] for item in score.items) == pytest.approx(score.durability, abs=1e-9)
    assert score.items[0]["code"] == "BASE"


@pytest.mark.parametrize("model", ["score", "history"])
def test_the_admin_shows_and_does_not_edit(score: Score, client: Client, model: str) -> None:
    services.rebuild_histories(as_of=DAY, now=NOW)
    client.force_login(User.objects.create_superuser("ann", password="-"))
    assert score.line.name in client.get(f"/admin/scoring/{model}/?q=keeper").content.decode()
    assert client.get(f"/admin/scoring/{model}/add/").status_code == 403
