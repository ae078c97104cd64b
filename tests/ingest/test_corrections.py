"""Corrections are new versions on public record, and what is disputed says so."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model, ProtectedError

from riskboard.audit.models import Entry
from riskboard.audit.selectors import history_of, public_log
from riskboard.audit.verifying import verify
from riskboard.catalog.models import Signal, Tombstone
from riskboard.ingest import services
from riskboard.ingest.models import Contest
from riskboard.ingest.rows import PREFIXES, SPECS, find, reference_of, texts_of
from riskboard.ingest.selectors import contested, open_contests
from riskboard.ingest.services import RowConflict, version_of
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import HOUR, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def signal(db: None) -> Signal:
    return cast.make_signal(cast.keeper().vendor, key="layoffs", severity=3, summary="A fifth leaves.")


def correct(row: Model, by: User, reason: str = "Read it again", version: str = "", **changes: str) -> Model:
    return services.correct(row, changes, by=by, reason=reason, now=NOW, version=version or version_of(row))


def test_a_correction_is_a_new_version_with_who_when_what_and_why(signal: Signal, ann: User) -> None:
    correct(signal, ann, severity="2", source_url="https://news.example/new", source_title="New")
    signal.refresh_from_db()
    assert (signal.severity, signal.summary, signal.is_local) == (2, "A fifth leaves.", True)
    assert signal.source.url == "https://news.example/new"
    assert [version.severity for version in signal.history.all()] == [2, 3]
    newest = signal.history.first()
    assert (newest.history_user, newest.history_change_reason) == (ann, "Read it again")
    entry = public_log().get()
    assert (entry.actor, entry.action, entry.subject, entry.at) == (ann, "corrected", "signal:layoffs", NOW)
    assert (desk.before(entry)["severity"], desk.after(entry)["severity"], entry.reason) == ("3", "2", "Read it again")
    assert verify() == []


def test_a_long_reason_is_kept_whole_in_the_log(signal: Signal, ann: User) -> None:
    correct(signal, ann, reason="x" * 400, severity="2")
    assert len(public_log().get().reason) == 400
    assert len(signal.history.first().history_change_reason) == 100


def test_who_corrects_second_sees_what_the_first_wrote(signal: Signal, ann: User) -> None:
    version = version_of(signal)
    correct(signal, ann, severity="2")
    with pytest.raises(RowConflict) as conflict:
        correct(signal, ann, version=version, severity="1")
    assert conflict.value.fields["severity"] == "2"
    corrected = correct(signal, ann, version=conflict.value.version, severity="1")
    assert isinstance(corrected, Signal)
    assert corrected.severity == 1


def test_of_many_who_correct_at_once_one_does(many_connections: None) -> None:
    signal = cast.make_signal(cast.keeper().vendor, key="layoffs")
    version = version_of(signal)
    users = list(desk.people(*(f"analyst-{number}" for number in range(5))))

    def attempt(user: User) -> str:
        try:
            correct(signal, user, version=version, summary=f"As {user.username} read it.")
        except RowConflict:
            return "conflict"
        finally:
            connection.close()
        return "corrected"

    with ThreadPoolExecutor(5) as pool:
        outcomes = sorted(pool.map(attempt, users))
    assert outcomes == ["conflict"] * 4 + ["corrected"]
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "reason", "column"),
    [
        ({"severity": "9"}, "Why not", "severity"),
        ({"severity": "2"}, " ", "reason"),
        ({"family": "nothing"}, "Why not", "family"),
        ({"id": "another"}, "Why not", "id"),
        ({"published_on": "2020-01-01"}, "Why not", "published_on"),
        ({"unheard_of": "x"}, "Why not", "unheard_of"),
    ],
)
def test_a_correction_that_breaks_a_rule_changes_nothing(
    signal: Signal, ann: User, changes: dict[str, str], reason: str, column: str
) -> None:
    before = texts_of(signal)
    with pytest.raises(ValidationError) as refused:
        correct(signal, ann, reason=reason, **changes)
    assert column in refused.value.message_dict
    assert texts_of(Signal.objects.get(pk=signal.pk)) == before
    assert not Entry.objects.exists()
    assert signal.history.count() == 1


def test_a_correction_that_says_nothing_else_is_none(signal: Signal, ann: User) -> None:
    correct(signal, ann, severity="3", summary=" A fifth leaves. ")
    assert not Entry.objects.exists()


def test_what_is_withdrawn_goes_and_the_record_keeps_what_it_said(signal: Signal, ann: User) -> None:
    said = texts_of(signal)
    services.withdraw(signal, by=ann, reason="It never happened", now=NOW, version=version_of(signal))
    assert find("signal:layoffs") is None
    entry = public_log().get()
    assert (entry.action, entry.before, entry.after, entry.reason) == ("withdrawn", said, None, "It never happened")
    assert Tombstone.objects.filter(table="signals", key="layoffs").exists()


def test_what_others_refer_to_cannot_be_withdrawn(ann: User) -> None:
    vendor = cast.keeper().vendor
    with pytest.raises(ProtectedError):
        services.withdraw(vendor, by=ann, reason="Gone", now=NOW, version=version_of(vendor))
    assert not Entry.objects.exists()


def test_every_kind_of_row_is_found_by_its_reference() -> None:
    player = cast.hedger()
    cast.make_revision(player.releases[0])
    cast.make_reach(player.vendor, player.family)
    for table, spec in SPECS.items():
        row = spec.model._default_manager.order_by("pk").first()
        assert row is not None, table
        assert reference_of(row).startswith(PREFIXES[table] + ":")
        assert find(reference_of(row)) == row
    assert find("signal:none") is None
    assert find("fact:none") is None
    assert find("nonsense") is None


# Contests ------------------------------------------------------------------------------------------


def contest(reason: str = "The company denies it.", url: str = "") -> Contest:
    return services.contest("signal:layoffs", reason=reason, url=url, now=NOW)


def test_a_contested_fact_says_so_until_that_is_settled(signal: Signal, ann: User) -> None:
    opened = contest(url="https://keeper.example/denial")
    assert contested(["signal:layoffs", "signal:other"]) == {"signal:layoffs": opened}
    closed = services.close_contest(opened, outcome="The filing confirms it.", by=ann, now=NOW + HOUR)
    assert (closed.closed_at, closed.closed_by, closed.outcome) == (NOW + HOUR, ann, "The filing confirms it.")
    assert contested(["signal:layoffs"]) == {}
    assert not open_contests().exists()
    actions = history_of("signal:layoffs").values_list("action", "is_public")
    assert list(actions) == [("contest closed", True), ("contested", True)]
    assert contest().pk != opened.pk


@pytest.mark.parametrize("broken", [{"reason": " "}, {"url": "javascript:alert(1)"}, {"reason": "x" * 501}])
def test_a_contest_says_why_and_cites_a_web_address(signal: Signal, broken: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        contest(**broken)
    assert not Contest.objects.exists()
    assert not Entry.objects.exists()


def test_only_evidence_is_contested_and_once_at_a_time(signal: Signal) -> None:
    with pytest.raises(ValidationError, match="no evidence"):
        services.contest("signal:none", reason="No", now=NOW)
    contest()
    with pytest.raises(ValidationError, match="already"):
        contest()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contest.objects.create(subject="signal:layoffs", reason="Again", opened_at=NOW)


def test_a_contest_is_settled_once_and_with_an_outcome(signal: Signal, ann: User) -> None:
    opened = contest()
    with pytest.raises(ValidationError):
        services.close_contest(opened, outcome=" ", by=ann, now=NOW)
    services.close_contest(opened, outcome="Confirmed.", by=ann, now=NOW)
    with pytest.raises(ValidationError, match="meanwhile"):
        services.close_contest(opened, outcome="Denied.", by=ann, now=NOW)
