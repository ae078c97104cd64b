"""When a score is stored, when a timeline is rebuilt, and that doing it twice changes nothing."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scoring import services, tasks
from scoring.engine.assess import assess
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import gather
from scoring.models import History, Score
from scoring.timelines import compute_timeline
from tests.cast import Player, breaker, hedger, keeper, make_release, make_signal

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def sweep(day: date) -> list[Score]:
    return services.rescore(as_of=day, now=noon(day))


@pytest.fixture
def player() -> Player:
    return keeper()


def test_the_first_sweep_scores_every_line(player: Player) -> None:
    hedger()
    stored = sweep(DAY)
    assert [(score.line.slug, score.cause) for score in stored] == [
        ("hedger-language", "first"),
        ("keeper-language", "first"),
    ]


def test_a_sweep_with_nothing_new_stores_nothing(player: Player) -> None:
    sweep(DAY)
    assert sweep(DAY) == []
    assert sweep(DAY + timedelta(days=1)) == []
    assert Score.objects.count() == 1


def test_new_evidence_is_stored_at_once_and_follows_the_last_score(player: Player) -> None:
    (first,) = sweep(DAY)
    make_signal(player.vendor, "ipo", DAY, severity=1)
    (second,) = sweep(DAY)
    assert (second.cause, second.follows) == ("evidence", first)
    assert second.durability < first.durability


def test_evidence_taken_back_within_the_day_is_said_again(player: Player) -> None:
    (first,) = sweep(DAY)
    signal = make_signal(player.vendor, "ipo", DAY)
    sweep(DAY)
    signal.delete()
    (third,) = sweep(DAY)
    assert third.input_digest == first.input_digest
    assert Score.objects.newest().get() == third
    assert sweep(DAY) == []


def test_evidence_that_becomes_public_later_is_stored_on_its_day(player: Player) -> None:
    soon = DAY + timedelta(days=2)
    make_signal(player.vendor, "ipo", DAY, published_on=soon)
    sweep(DAY)
    assert sweep(soon - timedelta(days=1)) == []
    assert [score.cause for score in sweep(soon)] == ["evidence"]


def test_age_is_stored_once_it_has_moved_the_score_by_half_a_point(player: Player) -> None:
    """A hosted-only flagship counts half for 30 days, then not at all: no evidence, yet another score."""
    make_release(player.family, DAY - timedelta(days=28), access="api_only")
    (first,) = sweep(DAY)
    assert sweep(DAY + timedelta(days=1)) == []
    (aged,) = sweep(DAY + timedelta(days=2))
    assert (aged.cause, aged.input_digest) == ("aging", first.input_digest)
    assert abs(aged.durability - first.durability) >= load_rubric(SHIPPED).storage.points


def test_a_state_that_changes_by_age_alone_is_stored(player: Player) -> None:
    launched = DAY - timedelta(days=89)
    make_release(player.family, launched, access="api_only", params_total_b=900)
    (before,) = sweep(DAY)
    (after,) = sweep(DAY + timedelta(days=1))
    assert (before.state, after.state, after.cause) == ("open", "mixed", "aging")


def test_a_weekly_record_is_kept(player: Player) -> None:
    sweep(DAY)
    day = DAY + timedelta(days=7)
    (stored,) = sweep(day)
    assert stored.cause == "heartbeat"


def test_another_rubric_is_another_score(player: Player) -> None:
    (first,) = sweep(DAY)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scoring_score SET rubric_sha256 = %s WHERE id = %s", ["0" * 64, first.pk])
    assert [score.cause for score in sweep(DAY)] == ["method"]


def test_a_past_day_is_stored_once_and_leaves_the_present_alone(player: Player) -> None:
    (present,) = sweep(DAY)
    past = date(2025, 6, 1)
    (stored,) = services.rescore(as_of=past, now=noon(DAY))
    assert (stored.cause, stored.follows, stored.is_reconstructed) == ("request", None, True)
    assert services.rescore(as_of=past, now=noon(DAY)) == []
    assert Score.objects.newest().get() == present
    assert sweep(DAY) == []


def test_a_stored_score_says_what_the_engine_says(player: Player) -> None:
    (score,) = sweep(DAY)
    assessment = assess(gather(player.line), load_rubric(SHIPPED), DAY)
    year, two_years = assessment.forecasts
    assert (score.durability, score.state, score.p12, score.p24) == (
        assessment.durability,
        assessment.state.code,
        year.total,
        two_years.total,
    )
    parts = score.p24_withdrawn + score.p24_restricted + score.p24_closed_next
    assert parts == pytest.approx(score.p24, abs=1e-9)
    assert score.license_category == "permissive"


def test_the_timeline_is_the_single_path_on_every_sampled_day() -> None:
    rubric, last = load_rubric(SHIPPED), DAY
    for player in (hedger(), breaker()):
        dossier = gather(player.line)
        timeline = compute_timeline(dossier, rubric, last)
        assert (timeline.first, timeline.last) == (player.releases[0].released_on, last)
        for day in timeline.days()[::97]:
            single = assess(dossier, rubric, day)
            place = (day - timeline.first).days
            assert timeline.durability_on(day) == pytest.approx(single.durability, abs=0.006)
            assert timeline.low[place] == pytest.approx(single.low, abs=0.006)
            assert timeline.high[place] == pytest.approx(single.high, abs=0.006)
            span = timeline.state_on(day)
            assert span is not None
            assert span.code == single.state.code


def test_timelines_are_rebuilt_only_where_evidence_or_the_day_moved_on(player: Player) -> None:
    other = hedger()

    def rebuild(day: date) -> list[str]:
        said: list[str] = []
        services.rebuild_histories(as_of=day, now=noon(day), progress=lambda _n, _of, line: said.append(line.slug))
        return said

    assert rebuild(DAY) == ["hedger-language", "keeper-language"]
    assert rebuild(DAY) == []
    make_signal(other.vendor, "ipo", DAY)
    assert rebuild(DAY) == ["hedger-language"]
    assert rebuild(DAY + timedelta(days=1)) == ["hedger-language", "keeper-language"]
    assert History.objects.count() == 2


def test_a_sweep_is_a_constant_number_of_queries_when_nothing_is_stale() -> None:
    counts = []
    for make in (keeper, hedger, breaker):
        make()
        services.refresh(as_of=DAY, now=noon(DAY))
        with CaptureQueriesContext(connection) as captured:
            assert services.refresh(as_of=DAY, now=noon(DAY)) == ([], 0)
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_the_periodic_task_scores_what_is_stale_and_can_run_twice(player: Player) -> None:
    tasks.rescore_stale()
    scores = list(Score.objects.values_list("pk", "input_digest"))
    computed = History.objects.get().computed_at
    tasks.rescore_stale()
    assert list(Score.objects.values_list("pk", "input_digest")) == scores
    assert History.objects.get().computed_at == computed
    assert len(scores) == 1


def test_a_faster_sweep_wins_without_a_fault(player: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep(DAY)
    monkeypatch.setattr(services, "_latest_scores", lambda _as_of: {})
    assert sweep(DAY) == []
    assert Score.objects.count() == 1
