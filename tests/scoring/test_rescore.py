"""``manage.py rescore``: what it says, and what it refuses with one sentence."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from scoring.models import History, Score
from tests.cast import hedger, keeper

pytestmark = pytest.mark.django_db


def rescore(*arguments: str) -> str:
    said = StringIO()
    call_command("rescore", *arguments, stdout=said)
    return said.getvalue()


def test_it_scores_everything_once_and_then_has_nothing_to_do() -> None:
    keeper()
    hedger()
    said = rescore()
    assert "Timelines: 2 of 2" in said
    assert "2 scores stored, 2 timelines" in said
    assert rescore() == "Nothing changed: every score and timeline is up to date.\n"
    assert (Score.objects.count(), History.objects.count()) == (2, 2)


def test_a_past_day_is_printed_as_reconstructed() -> None:
    keeper()
    said = rescore("--as-of", "2025-06-01")
    assert said.startswith("keeper-language on 2025-06-01: open, durability ")
    assert "reconstructed" in said
    assert said.endswith("1 stored.\n")
    assert rescore("--as-of", "2025-06-01").endswith("0 stored.\n")


def test_one_line_can_be_asked_for() -> None:
    keeper()
    hedger()
    said = rescore("--line", "hedger-language")
    assert "hedger-language" in said
    assert "keeper" not in said
    assert Score.objects.get().line.slug == "hedger-language"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--as-of", "2026-02-31"], "'2026-02-31' is not a day: write YYYY-MM-DD, such as 2026-03-20."),
        (["--as-of", "yesterday"], "'yesterday' is not a day: write YYYY-MM-DD, such as 2026-03-20."),
        (["--as-of", "2018-12-31"], "2018-12-31 is too early: the record begins on 2019-01-01."),
        (["--line", "nobody"], "There is no line 'nobody': the board and lines.csv list their names."),
    ],
)
def test_what_makes_no_sense_is_one_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        rescore(*arguments)
    assert str(refused.value) == sentence
    assert refused.value.returncode == 2


def test_a_future_day_is_refused() -> None:
    tomorrow = timezone.now().date() + timedelta(days=1)
    with pytest.raises(CommandError, match="lies in the future") as refused:
        rescore("--as-of", tomorrow.isoformat())
    assert refused.value.returncode == 2
    assert Score.objects.count() == 0
