"""Accepting, editing, dismissing and merging: what becomes of the evidence, and what is on record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.audit.selectors import history_of
from riskboard.audit.verifying import verify
from riskboard.catalog.models import Signal
from riskboard.catalog.queries import evidence_version
from riskboard.ingest import services
from riskboard.ingest.holding import subject_of
from riskboard.ingest.models import Proposal
from riskboard.ingest.rows import SPECS
from riskboard.ingest.services import Conflict, SamePersonError
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def player(db: None) -> cast.Player:
    return cast.keeper()


def accept(proposal: Proposal, by: User, **options: object) -> Proposal:
    return services.accept(proposal, by=by, now=NOW, **{"version": proposal.version, **options})  # type: ignore[arg-type]


def test_what_is_accepted_becomes_evidence_and_is_on_record(player: cast.Player, ann: User) -> None:
    texts = desk.signal_texts(player)
    proposal = desk.make_proposal(texts)
    accepted = accept(proposal, ann, reason="Read both reports." + " Twice." * 99)
    signal = Signal.objects.get(key=texts["id"])
    assert (signal.vendor, signal.family, signal.severity) == (player.vendor, player.family, 3)
    assert (signal.source.url, signal.is_local) == (texts["source_url"], True)
    assert (accepted.state, accepted.evidence) == ("accepted", f"signal:{signal.key}")
    assert (accepted.decided_by, accepted.decided_at) == (ann, NOW)
    decision = history_of(subject_of(proposal)).get()
    assert (decision.actor, decision.action, decision.reason[:18]) == (ann, "accepted", "Read both reports.")
    assert desk.before(decision)["state"] == "waiting"
    recorded = history_of(f"signal:{signal.key}").get()
    assert (recorded.actor, recorded.action, desk.after(recorded)["severity"]) == (ann, "recorded", "3")
    assert verify() == []


def test_what_waits_moves_nothing(player: cast.Player) -> None:
    before = evidence_version()
    desk.make_proposal(desk.signal_texts(player, severity="5"))
    assert evidence_version() == before


def test_edits_are_recorded_instead_of_what_was_proposed(player: cast.Player, ann: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player))
    accepted = accept(proposal, ann, edits={"severity": "2", "summary": "  A tenth of the staff leaves. "})
    signal = Signal.objects.get(key=proposal.fields["id"])
    assert (signal.severity, signal.summary) == (2, "A tenth of the staff leaves.")
    assert accepted.fields["severity"] == "2"
    decision = history_of(subject_of(proposal)).get()
    assert (desk.before(decision)["fields"]["severity"], desk.after(decision)["fields"]["severity"]) == ("3", "2")


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("severity", "9"),
        ("severity", ""),
        ("kind", "unheard_of"),
        ("occurred_on", ""),
        ("occurred_on", "yesterday"),
        ("vendor", "nobody"),
        ("family", "no-such-family"),
        ("source_url", "javascript:alert(1)"),
        ("published_on", "2026-01-01"),
        ("summary", "x" * 501),
        ("no_such_column", "x"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_column_and_nothing_changes(
    player: cast.Player, ann: User, column: str, text: str
) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player))
    signals, version = Signal.objects.count(), evidence_version()
    with pytest.raises(ValidationError) as refused:
        accept(proposal, ann, edits={column: text})
    assert column in refused.value.message_dict
    proposal.refresh_from_db()
    assert (proposal.state, proposal.version) == ("waiting", 1)
    assert (Signal.objects.count(), evidence_version()) == (signals, version)
    assert not Entry.objects.exists()


def test_a_family_of_another_vendor_is_refused(player: cast.Player, ann: User) -> None:
    other = cast.breaker()
    with pytest.raises(ValidationError, match="another vendor"):
        accept(desk.make_proposal(desk.signal_texts(player, family=other.family.slug)), ann)


def test_what_looks_like_a_formula_is_kept_as_text(player: cast.Player, ann: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player, summary="@someone said =1+1", source_title="-20 % staff"))
    accept(proposal, ann)
    signal = Signal.objects.get(key=proposal.fields["id"])
    assert (signal.summary, signal.source.title) == ("@someone said =1+1", "-20 % staff")


def test_the_same_row_is_not_recorded_twice(player: cast.Player, ann: User) -> None:
    texts = desk.signal_texts(player)
    accept(desk.make_proposal(texts), ann)
    with pytest.raises(ValidationError, match="already recorded"):
        accept(desk.make_proposal(texts), ann)
    assert Signal.objects.filter(key=texts["id"]).count() == 1


def test_a_known_release_takes_on_what_is_new_and_keeps_the_rest(player: cast.Player, ann: User) -> None:
    release = player.releases[0]
    texts = {"slug": release.slug, "family": "", "name": release.name, "license_key": "", "withdrawn_on": "2026-05-01"}
    accepted = accept(desk.make_proposal({**texts, "access": "withdrawn"}, "releases"), ann)
    release.refresh_from_db()
    assert (release.access, str(release.withdrawn_on)) == ("withdrawn", "2026-05-01")
    assert release.license is not None
    assert accepted.evidence == f"release:{release.slug}"
    entry = history_of(accepted.evidence).get()
    assert (entry.action, entry.is_public, desk.before(entry)["access"]) == ("corrected", True, "open_weights")


# The second person ---------------------------------------------------------------------------------


def test_severity_four_needs_a_second_person(player: cast.Player, ann: User, ben: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player, severity="4"))
    version = evidence_version()
    first = accept(proposal, ann)
    assert (first.state, first.decided_by) == ("second", ann)
    assert not Signal.objects.filter(key=proposal.fields["id"]).exists()
    assert evidence_version() == version
    second = accept(first, ben)
    assert (second.state, second.decided_by, second.seconded_by) == ("accepted", ann, ben)
    assert Signal.objects.filter(key=proposal.fields["id"]).exists()
    actions = history_of(subject_of(proposal)).values_list("action", "actor__username")
    assert list(actions) == [("accepted", "ben"), ("accepted first", "ann")]


def test_the_same_person_is_not_the_second(player: cast.Player, ann: User) -> None:
    first = accept(desk.make_proposal(desk.signal_texts(player, severity="5")), ann)
    with pytest.raises(SamePersonError):
        accept(first, ann)
    first.refresh_from_db()
    assert (first.state, first.version) == ("second", 2)


def test_whoever_edits_what_another_accepted_is_the_first_again(player: cast.Player, ann: User, ben: User) -> None:
    first = accept(desk.make_proposal(desk.signal_texts(player, severity="4")), ann)
    edited = accept(first, ben, edits={"severity": "5"})
    assert (edited.state, edited.decided_by) == ("second", ben)
    done = accept(edited, ann)
    assert (done.state, done.decided_by, done.seconded_by) == ("accepted", ben, ann)


@pytest.mark.parametrize(
    ("points", "state"), [(3.1, "second"), (-3.1, "second"), (3.0, "accepted"), (None, "accepted")]
)
def test_an_effect_above_three_points_needs_a_second_person(
    player: cast.Player, ann: User, points: float | None, state: str
) -> None:
    asked: list[tuple[str, str]] = []

    def effect(table: str, texts: object) -> float | None:
        asked.append((table, texts["severity"]))  # type: ignore[index]
        return points

    accepted = accept(desk.make_proposal(desk.signal_texts(player)), ann, edits={"severity": "2"}, effect=effect)
    assert (accepted.state, accepted.effect) == (state, points)
    assert asked == [("signals", "2")]


def test_what_is_not_fit_to_be_recorded_is_not_accepted_first_either(player: cast.Player, ann: User) -> None:
    with pytest.raises(ValidationError, match="occurred_on"):
        accept(desk.make_proposal(desk.signal_texts(player, severity="4", occurred_on="")), ann)


def test_one_person_decides_alone_where_that_is_switched_on_and_the_record_says_so(
    player: cast.Player, ann: User, settings: Settings
) -> None:
    settings.SECOND_PERSON = False
    accepted = accept(desk.make_proposal(desk.signal_texts(player, severity="5")), ann)
    assert accepted.state == "accepted"
    assert "switched off" in desk.after(history_of(subject_of(accepted)).get())["second_person"]


def test_the_limits_can_be_set(player: cast.Player, ann: User, settings: Settings) -> None:
    settings.SECOND_PERSON_SEVERITY, settings.SECOND_PERSON_EFFECT = 5, 10.0
    proposal = desk.make_proposal(desk.signal_texts(player, severity="4"))
    assert accept(proposal, ann, effect=lambda _table, _texts: 9.0).state == "accepted"


# Two at once ---------------------------------------------------------------------------------------


def test_who_saves_second_sees_what_the_first_saved(player: cast.Player, ann: User, ben: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player))
    services.edit(proposal, by=ann, edits={"severity": "1"}, now=NOW, version=1)
    with pytest.raises(Conflict) as conflict:
        services.edit(proposal, by=ben, edits={"severity": "2"}, now=NOW, version=1)
    assert (conflict.value.fields["severity"], conflict.value.version) == ("1", 2)
    with pytest.raises(Conflict):
        accept(proposal, ben)
    assert not Signal.objects.filter(key=proposal.fields["id"]).exists()


def test_what_is_decided_is_not_decided_again(player: cast.Player, ann: User, ben: User) -> None:
    accepted = accept(desk.make_proposal(desk.signal_texts(player)), ann)
    with pytest.raises(Conflict) as conflict:
        services.dismiss(accepted, by=ben, reason="Rumor", now=NOW, version=accepted.version)
    assert conflict.value.proposal.state == "accepted"


def test_of_many_who_accept_at_once_one_does(many_connections: None) -> None:
    player = cast.keeper()
    users = list(desk.people(*(f"analyst-{number}" for number in range(6))))
    texts = desk.signal_texts(player)
    number = desk.make_proposal(texts).pk

    def decide(user: User) -> str:
        proposal = Proposal.objects.get(pk=number)
        try:
            return services.accept(proposal, by=user, now=NOW, version=1).state
        except Conflict:
            return "conflict"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as pool:
        outcomes = sorted(pool.map(decide, users))
    assert outcomes == ["accepted", *["conflict"] * 5]
    assert Signal.objects.filter(key=texts["id"]).count() == 1
    assert Entry.objects.filter(action="accepted").count() == 1
    assert verify() == []


# Editing and dismissing ----------------------------------------------------------------------------


def test_an_edit_sends_an_accepted_wording_back(player: cast.Player, ann: User, ben: User) -> None:
    first = accept(desk.make_proposal(desk.signal_texts(player, severity="4")), ann)
    edited = services.edit(first, by=ben, edits={"vendor": "", "family": ""}, now=NOW, version=first.version)
    assert (edited.state, edited.decided_by, edited.decided_at) == ("waiting", None, None)
    assert (edited.vendor, edited.family) == (None, None)


def test_a_dismissal_says_why(player: cast.Player, ann: User) -> None:
    proposal = desk.make_proposal(desk.signal_texts(player))
    with pytest.raises(ValidationError):
        services.dismiss(proposal, by=ann, reason="  ", now=NOW, version=1)
    dismissed = services.dismiss(proposal, by=ann, reason="A rumor, denied since.", now=NOW, version=1)
    assert (dismissed.state, dismissed.reason, dismissed.decided_by) == ("dismissed", "A rumor, denied since.", ann)
    assert history_of(subject_of(proposal)).get().reason == "A rumor, denied since."


# Many ----------------------------------------------------------------------------------------------


def test_of_many_each_is_decided_on_its_own(player: cast.Player, ann: User) -> None:
    good, severe, broken, stale = (
        desk.make_proposal(desk.signal_texts(player, **columns))
        for columns in ({}, {"severity": "4"}, {"kind": "unheard_of"}, {})
    )
    chosen = {good.pk: 1, severe.pk: 1, broken.pk: 1, stale.pk: 7, 0: 1}
    outcomes = services.accept_many(chosen, by=ann, now=NOW)
    assert [outcome.state for outcome in outcomes] == ["accepted", "second", "waiting", "waiting", ""]
    assert [bool(outcome.problem) for outcome in outcomes] == [False, False, True, True, True]
    assert "kind" in outcomes[2].problem
    assert Signal.objects.filter(key=good.fields["id"]).exists()
    undone = services.undo_many({good.pk: 2}, by=ann, now=NOW + timedelta(minutes=1))
    assert [outcome.state for outcome in undone] == ["waiting"]
    assert not Signal.objects.filter(key=good.fields["id"]).exists()
    dismissed = services.dismiss_many({good.pk: 3, broken.pk: 1}, by=ann, reason="Both wrong", now=NOW)
    assert [outcome.state for outcome in dismissed] == ["dismissed", "dismissed"]


# By hand -------------------------------------------------------------------------------------------


def test_what_is_entered_by_hand_is_recorded_at_once(player: cast.Player, ann: User) -> None:
    texts = desk.signal_texts(player)
    entered = services.enter("signals", texts, by=ann, now=NOW, key="form-1")
    assert (entered.state, entered.vendor) == ("accepted", player.vendor)
    assert services.enter("signals", texts, by=ann, now=NOW, key="form-1").pk == entered.pk
    assert Signal.objects.filter(key=texts["id"]).count() == 1


def test_what_is_entered_by_hand_and_severe_waits_for_a_second_person(player: cast.Player, ann: User) -> None:
    entered = services.enter("signals", desk.signal_texts(player, severity="5"), by=ann, now=NOW)
    assert (entered.state, entered.decided_by) == ("second", ann)


def test_what_is_entered_wrongly_leaves_nothing_behind(player: cast.Player, ann: User) -> None:
    with pytest.raises(ValidationError):
        services.enter("signals", desk.signal_texts(player, severity="7"), by=ann, now=NOW, key="form-2")
    assert not Proposal.objects.exists()
    entered = services.enter("signals", desk.signal_texts(player), by=ann, now=NOW, key="form-2")
    assert entered.state == "accepted"


@pytest.mark.parametrize("table", ["releases", "license_changes", "pledges", "vendor_facts", "reach", "revisions"])
def test_every_table_can_be_entered_and_undone(player: cast.Player, ann: User, table: str) -> None:
    release = player.releases[0]
    common = {"source_url": "https://news.example/a", "source_title": "A", "confidence": "high"}
    about = {"vendor": player.vendor.slug, "family": player.family.slug}
    license_key = release.license.key if release.license else ""
    texts = {
        "releases": {
            "family": player.family.slug,
            "slug": "new-1",
            "name": "New 1",
            "modality": "text",
            "released_on": "2026-05-01",
            "date_precision": "day",
            "access": "open_weights",
            "license_key": license_key,
            "flagship": "true",
            "params_total_b": "7.5",
            **common,
        },
        "license_changes": {
            **about,
            "id": "lc-1",
            "asset": "Weights",
            "from_license": license_key,
            "to_license": license_key,
            "announced_on": "2026-05-01",
            "direction": "tightening",
            "applies_to": "new_versions",
            "scope": "weights",
            **common,
        },
        "pledges": {
            **about,
            "id": "pledge-new",
            "made_on": "2026-05-01",
            "made_by": "Chief executive",
            "channel": "press",
            "summary": "It stays open.",
            "specificity": "vague",
            "status": "kept",
            "status_on": "2026-05-20",
            "status_reason": "It did.",
            "status_source_url": "https://news.example/b",
            **common,
        },
        "vendor_facts": {**about, "field": "cla", "value": "yes", "valid_from": "2026-01-01", **common},
        "reach": {
            "vendor": player.vendor.slug,
            "measured_on": "2026-05-01",
            "metric": "likes",
            "value": "12",
            **common,
        },
        "revisions": {
            "release": release.slug,
            "repository": "a/b",
            "commit_sha": "a" * 40,
            "captured_on": "2026-05-01",
            "source_url": "https://news.example/a",
            "source_title": "A",
        },
    }[table]
    stored = SPECS[table].model._default_manager
    before = stored.count()
    entered = services.enter(table, texts, by=ann, now=NOW)
    assert (entered.state, stored.count()) == ("accepted", before + 1)
    services.undo(entered, by=ann, now=NOW, version=entered.version)
    assert stored.count() == before
    assert verify() == []
