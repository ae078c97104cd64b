"""What is asked of a row on record takes two people where a new row like it would, and never one by a detour."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model, ProtectedError
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.audit.selectors import history_of, public_log
from riskboard.audit.verifying import verify
from riskboard.catalog.models import License, Pledge, Signal
from riskboard.catalog.queries import evidence_version
from riskboard.ingest import amending, services
from riskboard.ingest.amending import Asked
from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import find, reference_of, texts_of
from riskboard.ingest.services import Conflict, RowConflict, RowMoved, SamePersonError, UndoError, version_of
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import HOUR, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def signal(db: None) -> Signal:
    return cast.make_signal(cast.keeper().vendor, key="layoffs", severity=3, summary="A fifth leaves.")


def correct(row: Model, by: User, *, points: float | None = 0.0, version: str = "", **changes: str) -> Asked:
    return amending.correct(
        row,
        changes,
        by=by,
        reason="Read it again",
        now=NOW,
        version=version or version_of(row),
        effect=lambda _former, _row: points,
    )


def withdraw(row: Model, by: User, *, points: float | None = 0.0) -> Asked:
    effect, version = lambda _former, _row: points, version_of(row)
    return amending.withdraw(row, by=by, reason="A hoax", now=NOW, version=version, effect=effect)


def waiting(asked: Asked) -> Proposal:
    assert asked.waiting is not None
    return asked.waiting


def accept(proposal: Proposal, by: User) -> Proposal:
    return services.accept(proposal, by=by, now=NOW + HOUR, version=proposal.version)


def undo(proposal: Proposal, by: User) -> Proposal:
    return services.undo(proposal, by=by, now=NOW + 2 * HOUR, version=proposal.version)


def severity(key: str = "layoffs") -> int | None:
    return Signal.objects.get(key=key).severity


# Which take two -----------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", [{"severity": "4"}, {"severity": "5"}])
def test_a_row_cannot_be_made_severe_by_one_person(signal: Signal, ann: User, changes: dict[str, Any]) -> None:
    before, entries = evidence_version(), Entry.objects.count()
    proposal = waiting(correct(signal, ann, **changes))
    assert (severity(), evidence_version()) == (3, before)
    assert (proposal.state, proposal.deed, proposal.decided_by) == ("second", "correct", ann)
    assert (proposal.corrects, proposal.corrects_version) == ("signal:layoffs", version_of(signal))
    assert proposal.reason == "Read it again"
    assert [entry.action for entry in Entry.objects.order_by("pk")[entries:]] == ["asked for"]
    assert not public_log().exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"severity": "4"},
        {"severity": "2"},
        {"direction": "strengthens"},
        {"kind": "litigation"},
        {"occurred_on": "2026-01-02", "published_on": "2026-01-02"},
        {"family": ""},
    ],
)
def test_another_reading_of_a_severe_row_takes_two(ann: User, changes: dict[str, Any]) -> None:
    player = cast.keeper()
    row = cast.make_signal(player.vendor, key="grave", severity=5, family=player.family)
    asked = correct(row, ann, **changes)
    assert asked.waiting is not None
    assert texts_of(find("signal:grave") or row) == texts_of(row)


def test_another_wording_or_source_of_a_severe_row_takes_one_unless_it_moves_a_score(ann: User) -> None:
    row = cast.make_signal(cast.keeper().vendor, key="grave", severity=5)
    changes: dict[str, Any] = {"summary": "In other words.", "source_title": "Its title", "publisher": "The Gazette"}
    assert correct(row, ann, **changes).waiting is None
    row.refresh_from_db()
    assert row.summary == "In other words."
    assert correct(row, ann, points=1.0, source_url="https://news.example/found").waiting is not None


@pytest.mark.parametrize(("points", "waits"), [(3.1, True), (-3.1, True), (3.0, False), (None, False)])
def test_an_effect_above_three_points_takes_two(signal: Signal, ann: User, points: float | None, waits: bool) -> None:
    asked = correct(signal, ann, points=points, severity="2")
    assert (asked.waiting is not None) == waits
    assert severity() == (3 if waits else 2)


def test_the_bounds_can_be_set(signal: Signal, ann: User, settings: Settings) -> None:
    settings.SECOND_PERSON_SEVERITY, settings.SECOND_PERSON_EFFECT = 6, 10.0
    assert correct(signal, ann, points=9.9, severity="5").waiting is None
    assert severity() == 5


def test_the_effect_is_that_of_the_row_beside_what_becomes_of_it(signal: Signal, ann: User) -> None:
    asked: list[tuple[Model | None, Model | None]] = []

    def effect(row: Model | None, changed: Model | None) -> float:
        asked.append((row, changed))
        return 0.0

    said = {"by": ann, "now": NOW, "effect": effect}
    amending.correct(signal, {"severity": "2"}, reason="So", version=version_of(signal), **said)  # type: ignore[arg-type]
    current = Signal.objects.get(key="layoffs")
    amending.withdraw(current, reason="So", version=version_of(current), **said)  # type: ignore[arg-type]
    amending.revert(Entry.objects.get(action="withdrawn"), **said)  # type: ignore[arg-type]
    severities = [tuple(getattr(row, "severity", None) for row in pair) for pair in asked]
    assert severities == [(3, 2), (2, None), (None, 2)]


def test_what_says_nothing_else_is_no_question(ann: User) -> None:
    row = cast.make_signal(cast.keeper().vendor, key="grave", severity=5)
    assert correct(row, ann, points=9.0, severity="5").waiting is None
    assert not Entry.objects.exists()


# Two people ---------------------------------------------------------------------------------------


def test_somebody_else_makes_it_a_correction_with_both_on_record(signal: Signal, ann: User, ben: User) -> None:
    proposal = waiting(correct(signal, ann, severity="5", summary="Half of them leave."))
    done = accept(proposal, ben)
    assert (done.state, done.decided_by, done.seconded_by, done.evidence) == ("accepted", ann, ben, "signal:layoffs")
    signal.refresh_from_db()
    assert (signal.severity, signal.summary) == (5, "Half of them leave.")
    seconded, corrected = public_log()
    assert (corrected.action, corrected.actor, corrected.reason) == ("corrected", ann, "Read it again")
    assert (seconded.action, seconded.actor, seconded.subject) == ("seconded", ben, "signal:layoffs")
    assert seconded.reason == "Accepted as the second person: severity 5."
    assert desk.after(seconded)["proposal"] == proposal.pk
    actions = history_of(f"proposal:{proposal.pk}").values_list("action", "actor__username")
    assert list(actions) == [("accepted", "ben"), ("asked for", "ann")]
    assert verify() == []


def test_the_same_person_is_not_the_second(signal: Signal, ann: User) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    with pytest.raises(SamePersonError):
        accept(proposal, ann)
    (outcome,) = services.accept_many({proposal.pk: proposal.version}, by=ann, now=NOW)
    assert "somebody else" in outcome.problem
    assert severity() == 3


def test_what_waits_for_two_is_not_decided_by_one_when_its_effect_is_another_by_now(
    signal: Signal, ann: User, ben: User
) -> None:
    proposal = waiting(correct(signal, ann, points=6.0, severity="2"))
    Proposal.objects.update(effect=0.0)
    with pytest.raises(SamePersonError):
        accept(proposal, ann)
    assert accept(proposal, ben).seconded_by == ben
    assert public_log()[0].action == "seconded"


def test_many_are_accepted_at_once_corrections_among_them(signal: Signal, ann: User, ben: User) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    (outcome,) = services.accept_many({proposal.pk: proposal.version}, by=ben, now=NOW)
    assert (outcome.state, severity()) == ("accepted", 5)


def test_asked_for_twice_by_the_same_person_it_waits_once(signal: Signal, ann: User, ben: User) -> None:
    first = waiting(correct(signal, ann, severity="5"))
    assert waiting(correct(signal, ann, severity="5")).pk == first.pk
    assert waiting(correct(signal, ann, severity="4")).pk != first.pk
    assert waiting(correct(signal, ben, severity="5")).pk != first.pk


def test_it_is_dismissed_with_a_reason_and_nothing_was_changed(signal: Signal, ann: User, ben: User) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    done = services.dismiss(proposal, by=ben, reason="It was a fifth.", now=NOW, version=proposal.version)
    assert (done.state, severity()) == ("dismissed", 3)
    again = waiting(correct(signal, ann, severity="5"))
    assert again.pk != proposal.pk


def test_a_row_that_changed_meanwhile_is_not_overwritten_and_the_question_stays(
    signal: Signal, ann: User, ben: User
) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    assert correct(signal, ben, summary="Half of them leave.").waiting is None
    entries = Entry.objects.count()
    with pytest.raises(RowMoved, match="The row was changed after this was asked of it"):
        accept(proposal, ben)
    assert Signal.objects.get(key="layoffs").summary == "Half of them leave."
    proposal.refresh_from_db()
    assert (proposal.state, proposal.fields["severity"], severity()) == ("second", "5", 3)
    assert Entry.objects.count() == entries
    (outcome,) = services.accept_many({proposal.pk: proposal.version}, by=ben, now=NOW)
    assert "The row was changed" in outcome.problem


def test_a_row_that_went_meanwhile_is_told(signal: Signal, ann: User, ben: User) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    withdraw(signal, ben)
    with pytest.raises(ValidationError, match="not on record any more"):
        accept(proposal, ben)


def test_a_question_on_an_older_version_or_against_a_rule_is_refused_at_once(signal: Signal, ann: User) -> None:
    old = version_of(signal)
    correct(signal, ann, summary="Half of them leave.")
    with pytest.raises(RowConflict):
        correct(Signal.objects.get(key="layoffs"), ann, version=old, severity="5")
    with pytest.raises(ValidationError, match="occurred_on"):
        correct(Signal.objects.get(key="layoffs"), ann, severity="5", occurred_on="soon")
    with pytest.raises(ValidationError, match="The key of a row stays"):
        correct(Signal.objects.get(key="layoffs"), ann, severity="5", id="another")
    with pytest.raises(ValidationError, match="A correction says why"):
        amending.correct(signal, {"severity": "5"}, by=ann, reason=" ", now=NOW, version=old, effect=lambda *_: 0.0)
    assert not Proposal.objects.exists()


def test_it_is_neither_edited_nor_merged(signal: Signal, ann: User, ben: User) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    edits = {"severity": "1"}
    for decide in (services.accept, services.edit):
        with pytest.raises(ValidationError, match="is not edited"):
            decide(proposal, by=ben, edits=edits, now=NOW, version=proposal.version)
    other = desk.make_proposal(desk.signal_texts(cast.hedger()))
    for one, into in ((proposal, other), (other, proposal)):
        with pytest.raises(ValidationError, match="is not merged"):
            services.merge(one, into=into, by=ben, now=NOW, version=one.version)
    assert severity() == 3


def test_of_many_who_agree_at_once_one_does(many_connections: None) -> None:
    row = cast.make_signal(cast.keeper().vendor, key="layoffs", severity=3)
    users = [User.objects.create_user(f"user-{number}") for number in range(4)]
    proposal = waiting(correct(row, users[0], severity="5"))

    def agree(user: User) -> str:
        try:
            accept(proposal, user)
        except Conflict:
            return "told"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(agree, users[1:])) == ["done", "told", "told"]
    assert Entry.objects.filter(action="corrected").count() == 1


# One person alone ---------------------------------------------------------------------------------


def test_where_one_person_decides_it_is_done_at_once_and_the_record_says_so(
    signal: Signal, ann: User, settings: Settings
) -> None:
    settings.SECOND_PERSON = False
    assert correct(signal, ann, severity="5").waiting is None
    assert severity() == 5
    alone, corrected = public_log()
    assert (corrected.action, alone.action) == ("corrected", "not seconded")
    assert alone.reason == ("One person decided: the second is switched off on this board, though severity 5.")
    assert verify() == []


def test_what_waited_is_accepted_by_who_asked_once_one_person_decides(
    signal: Signal, ann: User, settings: Settings
) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    settings.SECOND_PERSON = False
    assert accept(proposal, ann).state == "accepted"
    assert "switched off" in desk.after(history_of(f"proposal:{proposal.pk}")[0])["second_person"]
    assert public_log()[0].action == "not seconded"


# Withdrawals, rulings, and what is taken back -----------------------------------------------------


def test_a_severe_row_goes_when_two_agree_and_comes_back_the_same_way(ann: User, ben: User) -> None:
    row = cast.make_signal(cast.keeper().vendor, key="grave", severity=5)
    said = texts_of(row)
    proposal = waiting(withdraw(row, ann))
    assert find("signal:grave") is not None
    assert accept(proposal, ben).state == "accepted"
    assert find("signal:grave") is None
    entry = Entry.objects.get(action="withdrawn")
    assert (entry.actor, entry.reason, entry.is_public) == (ann, "A hoax", True)
    back = waiting(amending.revert(entry, by=ann, now=NOW, effect=lambda *_: 0.0))
    assert (back.deed, back.corrects, back.fields) == ("restore", "signal:grave", said)
    assert find("signal:grave") is None
    accept(back, ben)
    restored = find("signal:grave")
    assert restored is not None
    assert texts_of(restored) == said
    with pytest.raises(UndoError, match="on record again already"):
        amending.revert(entry, by=ann, now=NOW, effect=lambda *_: 0.0)
    assert verify() == []


def test_a_row_without_weight_goes_at_once(signal: Signal, ann: User) -> None:
    assert withdraw(signal, ann) == Asked(None)
    assert find("signal:layoffs") is None


def test_what_others_refer_to_is_not_asked_to_go(ann: User, ben: User) -> None:
    player = cast.hedger()
    with pytest.raises(ProtectedError):
        withdraw(player.vendor, ann, points=9.0)
    assert not Proposal.objects.exists()
    license_: License = cast.make_license("odd-1.0")
    proposal = waiting(withdraw(license_, ann, points=9.0))
    cast.make_threshold(license_)
    cast.make_license_change(player.family, license_, cast.make_license("b"), NOW.date())
    with pytest.raises(UndoError, match="Other evidence refers to license"):
        accept(proposal, ben)
    assert find("license:odd-1.0") is not None


def test_a_ruling_that_moves_much_takes_two(ann: User, ben: User) -> None:
    pledge: Pledge = cast.make_pledge(cast.keeper().vendor)
    said = {"status": "broken", "status_on": "2026-05-30", "status_reason": "It closed."}
    said |= {"status_source_url": "https://news.example/closed"}
    version = version_of(pledge)
    proposal = waiting(amending.rule(pledge, said, by=ann, now=NOW, version=version, effect=lambda *_: 6.0))
    pledge.refresh_from_db()
    assert (pledge.status, proposal.deed) == ("open", "rule")
    accept(proposal, ben)
    pledge.refresh_from_db()
    assert (pledge.status, pledge.status_reason) == ("broken", "It closed.")
    assert Entry.objects.get(action="ruled").actor == ann
    with pytest.raises(ValidationError, match="A ruling says why"):
        amending.rule(
            pledge, {**said, "status_reason": ""}, by=ann, now=NOW, version=version_of(pledge), effect=lambda *_: 6.0
        )


def test_a_correction_is_not_turned_round_by_one_person_through_undo(signal: Signal, ann: User, ben: User) -> None:
    accept(waiting(correct(signal, ann, severity="5")), ben)
    entry = Entry.objects.get(action="corrected")
    back = waiting(amending.revert(entry, by=ann, now=NOW, effect=lambda *_: 0.0, reason="It was right"))
    assert (severity(), back.reason) == (5, f"Undid entry {entry.pk}: It was right")
    accept(back, ben)
    assert severity() == 3


# Undo in the inbox --------------------------------------------------------------------------------


def test_undone_before_the_second_person_it_waits_for_two_again(signal: Signal, ann: User, ben: User) -> None:
    proposal = undo(waiting(correct(signal, ann, severity="5")), ann)
    assert (proposal.state, proposal.decided_by, severity()) == ("waiting", None, 3)
    first = accept(proposal, ben)
    assert (first.state, first.decided_by, severity()) == ("second", ben, 3)
    with pytest.raises(SamePersonError):
        accept(first, ben)
    assert (accept(first, ann).seconded_by, severity()) == (ann, 5)


@pytest.mark.parametrize("deed", ["correct", "withdraw", "restore"])
def test_undone_after_the_second_person_the_row_is_as_before_and_it_can_be_accepted_again(
    ann: User, ben: User, deed: str
) -> None:
    row = cast.make_signal(cast.keeper().vendor, key="grave", severity=5)
    said = texts_of(row)
    if deed == "restore":
        accept(waiting(withdraw(row, ann)), ben)
        asked = amending.revert(Entry.objects.get(action="withdrawn"), by=ann, now=NOW, effect=lambda *_: 0.0)
    else:
        asked = correct(row, ann, severity="4") if deed == "correct" else withdraw(row, ann)
    before = find("signal:grave")
    proposal = undo(accept(waiting(asked), ben), ben)
    assert (proposal.state, proposal.decided_by, proposal.seconded_by) == ("second", ann, None)
    now = find("signal:grave")
    assert (now is None) == (before is None)
    assert now is None or texts_of(now) == said
    assert accept(proposal, ben).state == "accepted"
    done = find("signal:grave")
    assert {"correct": "4", "withdraw": None, "restore": "5"}[deed] == (texts_of(done)["severity"] if done else None)
    assert verify() == []


def test_an_undo_does_not_hide_that_the_row_changed(signal: Signal, ann: User, ben: User) -> None:
    proposal = waiting(correct(signal, ann, severity="5"))
    correct(signal, ben, summary="Half of them leave.")
    undone = undo(proposal, ann)
    with pytest.raises(RowMoved):
        accept(accept(undone, ben), ann)
    assert undone.corrects_version != version_of(Signal.objects.get(key="layoffs"))


def test_what_changed_since_is_not_undone(signal: Signal, ann: User, ben: User) -> None:
    done = accept(waiting(correct(signal, ann, severity="5")), ben)
    current = Signal.objects.get(key="layoffs")
    correct(current, ann, summary="Half of them leave.")
    with pytest.raises(UndoError, match="was changed since"):
        undo(done, ann)
    assert reference_of(current) == done.evidence
