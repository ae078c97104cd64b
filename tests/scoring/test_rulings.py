"""A reviewer's ruling follows what was said, and holds against the rules."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from riskboard.audit.selectors import history_of
from scoring import predictions
from scoring.models import Prediction, Resolution
from scoring.rulings import Ruling, RulingConflict, last_word, rule, version_of
from scoring.track import live_forecasts
from tests.cast import Player, keeper, make_release

pytestmark = pytest.mark.django_db
MADE, LAUNCH = date(2026, 3, 2), date(2026, 6, 1)
JUDGED, SETTLED = LAUNCH + timedelta(days=120), date(2027, 6, 30)
WHERE = "https://news.example/what-happened"


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def resolve(day: date) -> list[Resolution]:
    return predictions.resolve(as_of=day, now=noon(day))


@pytest.fixture
def reviewer() -> User:
    return User.objects.create_user("rhea")


@pytest.fixture
def player() -> Player:
    return keeper()


@pytest.fixture
def made(player: Player) -> Prediction:
    (prediction,) = predictions.make_round(as_of=MADE, now=noon(MADE))
    return prediction


def ruled(prediction: Prediction, by: User, outcome: str = "void", day: date = JUDGED, **said: object) -> Resolution:
    ruling = Ruling(**{"outcome": outcome, "reason": "It was a mistake.", "source_url": WHERE, **said})  # type: ignore[arg-type]
    return rule(prediction, ruling, by=by, now=noon(day), version=version_of(last_word(prediction)))


def test_a_ruling_holds_against_the_rules(made: Prediction, player: Player, reviewer: User) -> None:
    make_release(player.family, LAUNCH, access="api_only")
    (failed,) = resolve(JUDGED)
    void = ruled(made, reviewer)
    assert (void.follows, void.by, void.outcome) == (failed, "rhea", "void")
    assert resolve(JUDGED) == []
    assert resolve(SETTLED) == []
    assert live_forecasts()[0].is_void


def test_a_ruling_is_in_the_log_with_what_it_replaced(made: Prediction, player: Player, reviewer: User) -> None:
    make_release(player.family, LAUNCH, access="api_only")
    resolve(JUDGED)
    ruled(made, reviewer, reason=" The repository was only renamed. ")
    entry = history_of(f"prediction:{made.pk}")[0]
    assert (entry.actor, entry.action, entry.reason) == (reviewer, "ruled", "The repository was only renamed.")
    before, after = entry.before or {}, entry.after or {}
    assert (before["outcome"], after["outcome"], after["source_url"]) == ("failed", "void", WHERE)


def test_what_is_handed_back_is_decided_by_the_rules_again(made: Prediction, player: Player, reviewer: User) -> None:
    make_release(player.family, LAUNCH, access="api_only")
    resolve(JUDGED)
    ruled(made, reviewer)
    ruled(made, reviewer, "open")
    (again,) = resolve(JUDGED + timedelta(days=1))
    assert (again.outcome, again.reason) == ("failed", predictions.TAKEN_BACK)
    assert [each.outcome for each in live_forecasts()[0].resolutions] == ["failed", "void", "open", "failed"]


def test_a_failure_can_be_ruled_before_the_rules_see_it(made: Prediction, reviewer: User) -> None:
    failed = ruled(made, reviewer, "failed", event_on=LAUNCH, mode="restricted")
    assert (failed.event_on, failed.mode) == (LAUNCH, "restricted")


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"reason": "  "}, "reason", "says why"),
        ({"source_url": ""}, "source_url", "cites where"),
        ({"outcome": "kept"}, "outcome", "It is due on 2027-03-02"),
        ({"outcome": "no_next_version"}, "outcome", "It is due on 2027-03-02"),
        ({"outcome": "open"}, "outcome", "open already"),
        ({"outcome": "lost"}, "outcome", "not a valid choice"),
        ({"outcome": "failed", "mode": "restricted"}, "event_on", "A failure has a day."),
        ({"outcome": "failed", "event_on": LAUNCH}, "mode", "how it failed"),
        ({"outcome": "failed", "mode": "restricted", "event_on": MADE}, "event_on", "days after 2026-03-02"),
        ({"outcome": "failed", "mode": "restricted", "event_on": SETTLED}, "event_on", "up to 2027-03-02"),
        ({"outcome": "failed", "mode": "restricted", "event_on": JUDGED + timedelta(1)}, "event_on", "not come yet"),
        ({"event_on": LAUNCH}, "event_on", "Only a failure"),
        ({"mode": "restricted"}, "mode", "Only a failure"),
    ],
)
def test_what_is_wrong_is_said_by_field(
    made: Prediction, reviewer: User, said: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        ruled(made, reviewer, **said)  # type: ignore[arg-type]
    assert sentence in " ".join(refused.value.message_dict[field])
    assert not Resolution.objects.exists()


def test_a_ruling_on_something_else_than_was_seen_is_a_conflict(
    made: Prediction, player: Player, reviewer: User
) -> None:
    seen = version_of(last_word(made))
    make_release(player.family, LAUNCH, access="api_only")
    (failed,) = resolve(JUDGED)
    with pytest.raises(RulingConflict) as conflict:
        rule(made, Ruling("void", "Why.", WHERE), by=reviewer, now=noon(JUDGED), version=seen)
    assert conflict.value.last == failed
    assert Resolution.objects.count() == 1
