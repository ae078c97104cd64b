"""The live record: forecasts are made once a quarter, never changed and never back-dated; outcomes follow the rules."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import ProtectedError
from django.test import Client

from riskboard.audit.models import Entry
from riskboard.audit.verifying import verify
from riskboard.catalog.models import Release
from scoring import predictions, tasks
from scoring.engine.digest import input_digest
from scoring.engine.months import add_months
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import gather
from scoring.models import AppendOnlyError, Prediction, Resolution
from scoring.predictions import round_of
from scoring.track import live_forecasts, rounds, standing
from tests.cast import Player, breaker, keeper, make_release

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)
DUE, SETTLED = date(2027, 3, 2), date(2027, 6, 30)
LAUNCH = date(2026, 6, 1)
MADE_LONG_AGO = date(2024, 3, 1)
JUDGED = LAUNCH + timedelta(days=120)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def make_round(day: date = DAY) -> list[Prediction]:
    return predictions.make_round(as_of=day, now=noon(day))


def resolve(day: date) -> list[Resolution]:
    return predictions.resolve(as_of=day, now=noon(day))


def outcomes() -> list[str]:
    return list(Resolution.objects.order_by("pk").values_list("outcome", flat=True))


@pytest.fixture
def player() -> Player:
    return keeper()


@pytest.fixture
def made(player: Player) -> Prediction:
    (prediction,) = make_round()
    return prediction


# Forecasts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_a_day_is_in_its_quarter(day: date, name: str) -> None:
    assert round_of(day) == name


def test_only_lines_at_risk_get_a_forecast(player: Player) -> None:
    breaker()
    (prediction,) = make_round()
    assert prediction.line == player.line


def test_a_forecast_says_what_it_was_made_of(made: Prediction, player: Player) -> None:
    rubric = load_rubric(SHIPPED)
    made.refresh_from_db()
    assert (made.round, made.made_on, made.due_on, made.settles_on) == ("2026-Q1", DAY, DUE, SETTLED)
    assert (made.rubric, made.rubric_sha256, made.precision) == (rubric.name, rubric.sha256, rubric.precision)
    assert made.input_digest == input_digest(gather(player.line), DAY)
    assert made.recorded_at == noon(DAY)
    assert made.engine == min(max(made.engine_unclipped, 0.02), 0.98)
    assert made.comparator == min(max(made.comparator_unclipped, 0.02), 0.98)


def test_a_chance_is_clipped_at_both_ends() -> None:
    assert [predictions.clip(chance) for chance in (0.0, 0.02, 0.5, 0.98, 1.0)] == [0.02, 0.02, 0.5, 0.98, 0.98]


def test_a_quarter_has_one_round_whatever_comes(made: Prediction) -> None:
    assert make_round() == []
    newcomer = make_release(released_on=DAY)
    assert make_round(date(2026, 3, 31)) == []
    assert {each.line for each in make_round(date(2026, 4, 1))} == {made.line, newcomer.family.line}
    assert [each.name for each in rounds()] == ["2026-Q2", "2026-Q1"]


def test_nothing_is_back_dated_and_nothing_is_made_ahead(player: Player) -> None:
    for day in (DAY - timedelta(days=1), DAY + timedelta(days=1), date(2025, 12, 31)):
        with pytest.raises(ValueError, match="on its own day"):
            predictions.make_round(as_of=day, now=noon(DAY))
    assert not Prediction.objects.exists()


def test_without_a_line_at_risk_the_quarter_stays_open(db: None) -> None:
    assert make_round() == []
    player = keeper()
    assert [each.line for each in make_round(DAY + timedelta(days=1))] == [player.line]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_store_one_round(many_connections: None) -> None:
    keeper()
    ready = Barrier(2)

    def sweep(_number: int) -> int:
        try:
            ready.wait(10)
            return len(make_round())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        counts = sorted(pool.map(sweep, range(2)))
    assert counts == [0, 1]
    assert Prediction.objects.count() == 1
    assert Entry.objects.filter(action="forecast").count() == 1


# Nothing is changed -------------------------------------------------------------------------------

STATEMENTS = (
    "UPDATE scoring_prediction SET engine = 0.5",
    "UPDATE scoring_prediction SET recorded_at = recorded_at",
    "DELETE FROM scoring_prediction",
    "UPDATE scoring_resolution SET outcome = 'kept'",
    "DELETE FROM scoring_resolution",
)


@pytest.fixture
def failed(made: Prediction, player: Player) -> Resolution:
    make_release(player.family, LAUNCH, access="api_only")
    (resolution,) = resolve(JUDGED)
    return resolution


def test_code_cannot_change_a_forecast_or_an_outcome(failed: Resolution) -> None:
    row: Any
    for row in (failed.prediction, failed):
        model = type(row)
        for change in (row.save, row.delete, model.objects.all().delete, model.objects.update):
            with pytest.raises(AppendOnlyError):
                change()
        with pytest.raises(AppendOnlyError):
            model.objects.bulk_update([row], ["recorded_at"])


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_refuses_to_change_them(failed: Resolution, statement: str) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert predictions.altered_rounds() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only on SQLite")
@pytest.mark.parametrize("table", ["scoring_prediction", "scoring_resolution"])
def test_replacing_a_row_of_sqlite_is_refused_too(failed: Resolution, table: str) -> None:
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO {table} SELECT * FROM {table}")


def test_the_guards_stand_after_migrating_again(failed: Resolution) -> None:
    call_command("migrate", verbosity=0)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM scoring_resolution")


def test_the_hash_of_a_round_covers_all_that_a_forecast_says() -> None:
    columns = {field.attname for field in Prediction._meta.concrete_fields if not field.primary_key}
    assert set(predictions.HASHED) == columns


def test_a_forecast_that_was_changed_behind_the_guards_is_found_out(made: Prediction) -> None:
    assert predictions.altered_rounds() == []
    names = {"sqlite": "_keep_update", "postgresql": "_keep_rows ON scoring_prediction"}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"DROP TRIGGER scoring_prediction{names[connection.vendor]}")
        cursor.execute("UPDATE scoring_prediction SET engine = 0.97")
    assert predictions.altered_rounds() == ["2026-Q1"]
    with pytest.raises(CommandError, match="2026-Q1"):
        call_command("predict")


def test_a_line_with_a_forecast_cannot_be_deleted(made: Prediction) -> None:
    with pytest.raises(ProtectedError):
        made.line.delete()


@pytest.mark.parametrize("field", ["engine", "comparator"])
def test_the_database_refuses_a_forecast_that_is_too_sure(made: Prediction, field: str) -> None:
    values = {field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields}
    sure = Prediction(**{**values, "id": None, "round": "2026-Q2", field: 0.99})
    with pytest.raises(IntegrityError), transaction.atomic():
        sure.save()


# Outcomes -----------------------------------------------------------------------------------------


def test_a_hosted_only_flagship_is_a_failure_once_nothing_can_undo_it(made: Prediction, player: Player) -> None:
    launch = make_release(player.family, LAUNCH, access="api_only")
    assert resolve(LAUNCH + timedelta(days=60)) == []
    (found,) = resolve(JUDGED)
    assert (found.outcome, found.event_on, found.mode) == ("failed", LAUNCH, "closed_next")
    assert f"release:{launch.slug}" in found.evidence
    assert (found.by, found.resolved_on, found.follows) == ("machine", JUDGED, None)
    assert resolve(JUDGED) == []
    assert resolve(SETTLED + timedelta(days=9)) == []


def test_an_open_flagship_is_kept_when_the_year_is_over_and_settled(made: Prediction, player: Player) -> None:
    make_release(player.family, LAUNCH)
    assert resolve(DUE - timedelta(days=1)) == []
    (found,) = resolve(DUE)
    assert (found.outcome, found.event_on, found.mode) == ("kept", None, "")


def test_a_launch_late_in_the_year_is_waited_for(made: Prediction, player: Player) -> None:
    make_release(player.family, DUE - timedelta(days=1), access="api_only")
    assert resolve(DUE + timedelta(days=80)) == []
    (found,) = resolve(SETTLED)
    assert (found.outcome, found.event_on) == ("failed", DUE - timedelta(days=1))


def test_no_launch_at_all_is_no_next_version(made: Prediction) -> None:
    assert resolve(DUE - timedelta(days=1)) == []
    (found,) = resolve(DUE)
    assert found.outcome == "no_next_version"


def test_a_launch_after_the_year_does_not_count(made: Prediction, player: Player) -> None:
    make_release(player.family, DUE + timedelta(days=1), access="api_only")
    (found,) = resolve(SETTLED + timedelta(days=2))
    assert found.outcome == "no_next_version"


def test_corrected_evidence_adds_an_outcome_and_erases_none(failed: Resolution) -> None:
    Release.objects.filter(released_on=LAUNCH).update(access="open_weights", weights_on=LAUNCH, api_first_on=None)
    (taken_back,) = resolve(JUDGED)
    assert (taken_back.outcome, taken_back.follows, taken_back.reason) == ("open", failed, predictions.CORRECTED)
    assert live_forecasts()[0].is_open
    (kept,) = resolve(SETTLED)
    assert (kept.outcome, kept.follows) == ("kept", taken_back)
    assert outcomes() == ["failed", "open", "kept"]
    assert list(Resolution.objects.in_force()) == [kept]


def test_a_forecast_of_a_line_that_was_never_open_is_void(made: Prediction, player: Player) -> None:
    releases = Release.objects.filter(family=player.family)
    releases.update(access="api_only", weights_on=None, license=None, api_first_on=MADE_LONG_AGO, hf_repo="")
    (found,) = resolve(DAY + timedelta(days=1))
    assert found.outcome == "void"
    assert live_forecasts()[0].is_void


def test_a_corrected_day_is_another_outcome(failed: Resolution) -> None:
    later = LAUNCH + timedelta(days=5)
    Release.objects.filter(released_on=LAUNCH).update(released_on=later, api_first_on=later, published_on=later)
    (found,) = resolve(SETTLED)
    assert (found.outcome, found.event_on, found.follows) == ("failed", later, failed)


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_store_one_outcome(many_connections: None) -> None:
    keeper()
    make_round()
    ready = Barrier(2)

    def sweep(_number: int) -> int:
        try:
            ready.wait(10)
            return len(resolve(SETTLED))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sweep, range(2))) == [0, 1]
    assert Resolution.objects.count() == 1


def test_every_round_and_outcome_is_in_the_log(failed: Resolution) -> None:
    assert list(Entry.objects.order_by("pk").values_list("action", "subject")) == [
        ("forecast", "round:2026-Q1"),
        ("resolved", f"prediction:{failed.prediction_id}"),
    ]
    assert verify() == []


# Sweeps and commands ------------------------------------------------------------------------------


def current() -> Player:
    """A keeper whose last flagship is a month old today."""
    player = keeper()
    today = datetime.now(UTC).date()
    make_release(player.family, add_months(today, -1))
    return player


def run(*arguments: str) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def test_the_periodic_task_records_the_round_and_can_run_twice() -> None:
    player = current()
    tasks.rescore_stale()
    tasks.rescore_stale()
    assert [each.line for each in Prediction.objects.all()] == [player.line]


def test_the_first_sweep_of_a_fresh_board_records_its_first_round() -> None:
    current()
    name = round_of(datetime.now(UTC).date())
    assert f"Forecasts recorded for {name}: 1." in run("rescore")
    assert "Forecasts" not in run("rescore")


def test_the_command_says_what_was_recorded() -> None:
    current()
    tried = run("predict", "--dry-run")
    assert "keeper-language by " in tried
    assert tried.endswith("Nothing was recorded.\n")
    assert not Prediction.objects.exists()
    assert "1 recorded now." in run("predict")
    assert "1 on record since" in run("predict")


def test_the_command_says_so_when_no_line_is_at_risk(db: None) -> None:
    assert "no line is at risk" in run("predict")


@pytest.mark.parametrize("model", ["prediction", "resolution"])
def test_the_admin_shows_and_does_not_edit(failed: Resolution, client: Client, model: str) -> None:
    client.force_login(User.objects.create_superuser("ann", password="-"))
    page = client.get(f"/admin/scoring/{model}/?q=keeper").content.decode()
    assert failed.prediction.line.name in page
    assert client.get(f"/admin/scoring/{model}/add/").status_code == 403


# Standing -----------------------------------------------------------------------------------------


def test_an_empty_record_stands_at_nothing(db: None) -> None:
    record = standing(today=DAY)
    assert (record.made, record.resolved, record.next_due, record.precision) == (0, 0, None, "bands")
    assert record.engine_over_comparator is None


def test_open_forecasts_are_judged_by_nobody(made: Prediction) -> None:
    record = standing(today=DAY)
    assert (record.made, record.open, record.resolved, record.next_due) == (1, 1, 0, DUE)
    assert [method.log_score for method in record.methods] == [None, None, None]
