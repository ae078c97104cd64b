"""Every decision can be taken back, one after the other, together with what it did to the evidence."""

import pytest
from django.contrib.auth.models import User

from riskboard.audit.models import Entry
from riskboard.audit.selectors import history_of
from riskboard.audit.verifying import verify
from riskboard.catalog.models import Release, Signal
from riskboard.ingest import services
from riskboard.ingest.holding import subject_of
from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import texts_of
from riskboard.ingest.services import Conflict, UndoError
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def player(db: None) -> cast.Player:
    return cast.keeper()


def accept(proposal: Proposal, by: User, **edits: str) -> Proposal:
    return services.accept(proposal, by=by, now=NOW, version=proposal.version, edits=edits)


def undo(proposal: Proposal, by: User) -> Proposal:
    return services.undo(proposal, by=by, now=NOW, version=proposal.version, reason="A slip")


def test_undoing_an_acceptance_withdraws_the_row_and_brings_the_proposal_back(
    player: cast.Player, ann: User, ben: User
) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player))
    accepted = accept(proposal, ann, severity="2")
    undone = undo(accepted, ben)
    assert not Signal.objects.filter(key=proposal.fields["id"]).exists()
    assert (undone.state, undone.evidence, undone.decided_by) == ("waiting", "", None)
    assert undone.fields["severity"] == "3"
    assert [(entry.action, entry.actor) for entry in history_of(accepted.evidence)] == [
        ("withdrawn", ben),
        ("recorded", ann),
    ]
    assert history_of(accepted.evidence)[0].is_public
    assert history_of(subject_of(proposal))[0].action == "undone"
    assert accept(undone, ann).state == "accepted"
    assert verify() == []


def test_undoing_a_change_of_a_known_row_restores_what_it_said(player: cast.Player, ann: User) -> None:
    release = player.releases[0]
    before = texts_of(release)
    texts = {"slug": release.slug, "access": "withdrawn", "withdrawn_on": "2026-05-01"}
    accepted = accept(desk.make_proposal(texts, "releases"), ann)
    undo(accepted, ann)
    assert texts_of(Release.objects.get(pk=release.pk)) == before
    assert [entry.action for entry in history_of(accepted.evidence)] == ["restored", "corrected"]


def test_decisions_are_undone_one_after_the_other(player: cast.Player, ann: User, ben: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player, severity="4"))
    edited = services.edit(proposal, by=ann, edits={"severity": "5"}, now=NOW, version=1)
    accepted = accept(accept(edited, ann), ben)
    after_one = undo(accepted, ann)
    assert (after_one.state, after_one.decided_by, after_one.seconded_by) == ("second", ann, None)
    assert not Signal.objects.filter(key=proposal.fields["id"]).exists()
    after_two = undo(after_one, ann)
    assert (after_two.state, after_two.decided_by, after_two.fields["severity"]) == ("waiting", None, "5")
    after_three = undo(after_two, ann)
    assert after_three.fields["severity"] == "4"
    with pytest.raises(UndoError, match="Nothing was decided"):
        undo(after_three, ann)


def test_after_an_undo_the_next_decision_is_the_one_to_undo(player: cast.Player, ann: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player))
    dismissed = services.dismiss(proposal, by=ann, reason="Rumor", now=NOW, version=1)
    back = undo(dismissed, ann)
    assert (back.state, back.reason) == ("waiting", "")
    accepted = accept(back, ann)
    assert undo(accepted, ann).state == "waiting"
    assert not Signal.objects.filter(key=proposal.fields["id"]).exists()


def test_a_row_that_was_corrected_since_is_not_withdrawn_by_an_undo(player: cast.Player, ann: User) -> None:
    accepted = accept(desk.make_proposal(desk.signal_texts(player)), ann)
    signal = Signal.objects.get(key=accepted.fields["id"])
    services.correct(signal, {"severity": "2"}, by=ann, reason="Fewer", now=NOW, version=services.version_of(signal))
    entries = Entry.objects.count()
    with pytest.raises(UndoError, match="changed since"):
        undo(accepted, ann)
    assert Signal.objects.get(pk=signal.pk).severity == 2
    assert Entry.objects.count() == entries


def test_a_row_that_others_refer_to_is_not_withdrawn_by_an_undo(player: cast.Player, ann: User) -> None:
    texts = texts_of(player.releases[0]) | {"slug": "new-1", "name": "New 1", "hf_repo": ""}
    accepted = accept(desk.make_proposal(texts, "releases"), ann)
    cast.make_revision(Release.objects.get(slug="new-1"), repository="a/b")
    with pytest.raises(UndoError, match="refers to release:new-1"):
        undo(accepted, ann)
    assert Release.objects.filter(slug="new-1").exists()


def test_an_undo_of_what_changed_meanwhile_is_a_conflict(player: cast.Player, ann: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player))
    services.dismiss(proposal, by=ann, reason="Rumor", now=NOW, version=1)
    with pytest.raises(Conflict):
        services.undo(proposal, by=ann, now=NOW, version=1)
