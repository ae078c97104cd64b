from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from riskboard.catalog.models import LicenseChange, Pledge, Release, Signal, Source, Tombstone, VendorFact
from riskboard.catalog.services import (
    cite,
    record,
    record_fact,
    record_license_change,
    record_signal,
    remove,
    settle_pledge,
    withdraw_release,
)
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst() -> User:
    return User.objects.create_user("analyst")


def signal_about(player: cast.Player, by: User, **fields: object) -> Signal:
    usual: dict[str, object] = {
        "key": "layoffs",
        "vendor": player.vendor,
        "kind": "layoffs",
        "occurred_on": date(2025, 3, 1),
        "direction": "weakens",
        "severity": 3,
        "summary": "A fifth of the staff leaves.",
        "source": cite(url="https://news.example/layoffs", title="Layoffs"),
        "source_reliability": "B",
        "info_credibility": "2",
        "confidence": "high",
        "by": by,
        "why": "Read it",
    }
    return record_signal(**{**usual, **fields})  # type: ignore[arg-type]


def test_a_recorded_signal_is_local_and_says_who_and_why(analyst: User) -> None:
    signal = signal_about(cast.keeper(), analyst, date_precision="month")
    assert signal.is_local
    assert (signal.published_on, signal.published_is_derived) == (date(2025, 3, 31), True)
    entry = signal.history.get()
    assert (entry.history_user, entry.history_change_reason) == (analyst, "Read it")


@pytest.mark.parametrize("broken", [{"severity": 9}, {"kind": "unheard_of"}, {"published_on": date(2025, 2, 1)}])
def test_a_signal_that_breaks_a_rule_is_not_recorded(analyst: User, broken: dict[str, object]) -> None:
    player = cast.keeper()
    before = Signal.objects.count()
    with pytest.raises(ValidationError):
        signal_about(player, analyst, **broken)
    assert Signal.objects.count() == before


def test_a_recorded_license_change_is_public_when_announced(analyst: User) -> None:
    player = cast.keeper()
    change = record_license_change(
        key="lc-1",
        vendor=player.vendor,
        family=player.family,
        asset="KeeperLM weights",
        from_license=cast.make_license(),
        to_license=cast.make_community_license(),
        announced_on=date(2026, 1, 5),
        effective_on=None,
        direction="tightening",
        applies_to="new_versions",
        scope="weights",
        source=cite(url="https://keeper.example/terms"),
        confidence="high",
        by=analyst,
        why="Announced",
    )
    assert LicenseChange.objects.get() == change
    assert (change.published_on, change.is_local) == (date(2026, 1, 5), True)


def test_a_new_fact_ends_the_one_before_it(analyst: User) -> None:
    player = cast.keeper()
    fact = record_fact(
        vendor=player.vendor,
        field="funding",
        value="vc",
        valid_from=date(2025, 7, 1),
        source=cite(url="https://news.example/round"),
        confidence="high",
        by=analyst,
        why="Raised money",
    )
    states = VendorFact.objects.filter(vendor=player.vendor, field="funding").order_by("valid_from")
    assert [(state.value, state.valid_to) for state in states] == [("nonprofit", date(2025, 7, 1)), ("vc", None)]
    assert fact.published_on == date(2025, 7, 1)


def test_a_ruling_settles_a_pledge_and_joins_its_history(analyst: User) -> None:
    pledge = cast.hedger().pledge
    source = cite(url="https://hedger.example/closed")
    settle_pledge(pledge, status="broken", on=date(2026, 2, 1), reason="Closed for good.", source=source, by=analyst)
    pledge = Pledge.objects.get(pk=pledge.pk)
    assert (pledge.status, pledge.status_on, pledge.is_local) == ("broken", date(2026, 2, 1), True)
    assert [ruling.status for ruling in pledge.rulings.order_by("ruled_on")] == ["open", "at_risk", "broken"]
    assert pledge.rulings.get(status="broken").source == source
    assert pledge.history.latest().history_change_reason == "Ruled broken"


@pytest.mark.parametrize(
    "ruling",
    [
        {"on": date(2025, 1, 1)},
        {"reason": ""},
        {"status": "forgotten"},
    ],
)
def test_a_ruling_without_reason_or_before_the_last_one_is_refused(analyst: User, ruling: dict[str, object]) -> None:
    pledge = cast.hedger().pledge
    usual: dict[str, object] = {"status": "kept", "on": date(2026, 2, 1), "reason": "Opened.", "source": None}
    with pytest.raises(ValidationError):
        settle_pledge(pledge, by=analyst, **{**usual, **ruling})  # type: ignore[arg-type]
    assert Pledge.objects.get(pk=pledge.pk).rulings.count() == 2


def test_a_withdrawal_is_one_event_told_by_release_and_signal(analyst: User) -> None:
    release = cast.keeper().releases[0]
    signal = withdraw_release(
        release,
        on=date(2025, 10, 1),
        severity=5,
        summary="The repository is gone.",
        source=cite(url="https://news.example/gone"),
        source_reliability="B",
        info_credibility="1",
        by=analyst,
    )
    release = Release.objects.get(pk=release.pk)
    assert (release.access, release.withdrawn_on) == ("withdrawn", signal.occurred_on)
    assert (signal.kind, signal.family, signal.direction) == ("withdrawal", release.family, "weakens")


def test_a_withdrawal_that_cannot_be_recorded_leaves_the_release_as_it_was(analyst: User) -> None:
    release = cast.keeper().releases[0]
    with pytest.raises(ValidationError):
        withdraw_release(
            release,
            on=date(2025, 10, 1),
            severity=7,
            summary="The repository is gone.",
            source=cite(url="https://news.example/gone"),
            source_reliability="B",
            info_credibility="1",
            by=analyst,
        )
    assert Release.objects.get(pk=release.pk).access == "open_weights"


def test_what_is_removed_leaves_a_tombstone_and_its_history(analyst: User) -> None:
    signal = signal_about(cast.keeper(), analyst)
    remove(signal, by=analyst, why="A rumor")
    assert Tombstone.objects.filter(table="signals", key="layoffs").exists()
    assert Signal.history.latest().history_change_reason == "A rumor"


def test_what_others_stand_on_is_not_removed_and_leaves_no_tombstone(analyst: User) -> None:
    player = cast.keeper()
    with pytest.raises(ProtectedError):
        remove(player.family, by=analyst, why="Tidying")
    assert not Tombstone.objects.exists()


def test_a_key_that_was_given_up_is_not_brought_back(analyst: User) -> None:
    fact = cast.make_fact(cast.make_vendor("acme"))
    fact.valid_from = date(2023, 5, 1)
    record(fact, by=analyst, why="Looked it up")
    assert Tombstone.objects.get().key == "acme |  | funding | 2023-01-01"


def test_the_same_page_is_one_source() -> None:
    assert cite(url="https://news.example/a", title="A") == cite(url="https://news.example/a", title="A")
    assert cite(url="", title="recalled").is_recalled
    with pytest.raises(ValidationError):
        cite(url="ftp://news.example/a")
    assert Source.objects.count() == 2
