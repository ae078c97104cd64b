"""What becomes a proposal, what only stays an item, and what a machine may record by itself."""

from dataclasses import asdict, replace
from datetime import date

import pytest

from riskboard.audit.models import Entry
from riskboard.audit.verifying import verify
from riskboard.catalog.models import Reach, Release, Signal
from riskboard.catalog.queries import evidence_version
from riskboard.ingest.classify import Label
from riskboard.ingest.models import Item, Proposal
from riskboard.ingest.proposing import adopt, propose
from riskboard.ingest.rows import texts_of
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import NOW

pytestmark = pytest.mark.django_db
TITLE = "Keeper moves KeeperLM weights to a non-commercial license"
INDEPENDENT = "KeeperLM weights get a non-commercial license, and developers are angry"
LABEL = Label(
    relevant=True,
    vendor="keeper",
    family="keeper-lm",
    kind="license_tightening",
    direction="weakens",
    severity=4,
    confidence=0.9,
    words=("non-commercial license", "vendor: Keeper"),
    language="en",
)


@pytest.fixture
def player(db: None) -> cast.Player:
    return cast.keeper()


def propose_one(item: Item, label: Label = LABEL) -> Proposal | None:
    item.label = asdict(label)
    item.save()
    made = propose([item], {item.identity: label})
    return made[0] if made else None


def test_a_relevant_item_becomes_a_proposal_that_says_what_decided(player: cast.Player) -> None:
    feed = desk.make_feed(reliability="B")
    item = desk.make_item(feed, TITLE, url="https://news.example/terms")
    before = evidence_version()
    proposal = propose_one(item)
    assert proposal is not None
    assert (proposal.state, proposal.table, proposal.item, proposal.feed) == ("waiting", "signals", item, feed)
    assert (proposal.vendor, proposal.family, proposal.confidence) == (player.vendor, player.family, 0.9)
    assert proposal.words == ["non-commercial license", "vendor: Keeper"]
    assert proposal.fields == {
        "id": "keeper-20260530-license_tightening",
        "event_id": "",
        "vendor": "keeper",
        "family": "keeper-lm",
        "kind": "license_tightening",
        "occurred_on": "2026-05-30",
        "date_precision": "day",
        "published_on": "2026-05-30",
        "direction": "weakens",
        "severity": "4",
        "summary": TITLE,
        "source_url": "https://news.example/terms",
        "source_title": TITLE,
        "publisher": "Example News",
        "source_reliability": "B",
        "info_credibility": "3",
        "confidence": "medium",
    }
    assert evidence_version() == before


@pytest.mark.parametrize("label", [replace(LABEL, relevant=False), replace(LABEL, vendor="red-hat")])
def test_what_is_irrelevant_or_about_nobody_we_know_stays_an_item(player: cast.Player, label: Label) -> None:
    item = desk.make_item(desk.make_feed(), TITLE)
    assert propose_one(item, label) is None
    assert Item.objects.get() == item
    assert not Proposal.objects.exists()


def test_what_the_item_does_not_say_is_left_for_a_person(player: cast.Player) -> None:
    undated = desk.make_item(desk.make_feed(), TITLE, published_on=None)
    label = replace(LABEL, severity=None, confidence=0.3, family="breaker-lm")
    proposal = propose_one(undated, label)
    assert proposal is not None
    texts = proposal.fields
    blank = ("occurred_on", "published_on", "severity", "family", "source_url")
    assert [texts[name] for name in blank] == ["", "", "", "", ""]
    assert texts["confidence"] == "low"


def test_of_a_month_only_the_month_is_proposed(player: cast.Player) -> None:
    item = desk.make_item(desk.make_feed(), TITLE, published_on=date(2026, 5, 1), date_precision="month")
    proposal = propose_one(item)
    assert proposal is not None
    assert (proposal.fields["occurred_on"], proposal.fields["date_precision"]) == ("2026-05-01", "month")
    assert proposal.fields["published_on"] == ""


def test_one_story_is_one_proposal_with_several_reports(player: cast.Player) -> None:
    feed = desk.make_feed()
    first = propose_one(desk.make_item(feed, TITLE))
    assert propose_one(desk.make_item(feed, TITLE + "!", publisher="Local Paper")) is None
    proposal = Proposal.objects.get()
    assert proposal == first
    assert proposal.item is not None
    assert Item.objects.filter(story=proposal.item.story_id).count() == 2


def test_copies_do_not_corroborate_and_an_independent_report_does(player: cast.Player) -> None:
    feed = desk.make_feed()
    propose_one(desk.make_item(feed, TITLE, publisher="Agency"))
    propose_one(desk.make_item(feed, TITLE, publisher="Local Paper"))
    assert Proposal.objects.get().fields["info_credibility"] == "3"
    propose_one(desk.make_item(feed, INDEPENDENT, publisher="Other"))
    proposal = Proposal.objects.get()
    assert (proposal.fields["info_credibility"], proposal.version) == ("2", 1)


def test_what_a_person_judged_is_not_judged_again_by_a_further_report(player: cast.Player) -> None:
    feed = desk.make_feed()
    proposal = propose_one(desk.make_item(feed, TITLE, publisher="Agency"))
    assert proposal is not None
    Proposal.objects.filter(pk=proposal.pk).update(fields={**proposal.fields, "info_credibility": "5"})
    propose_one(desk.make_item(feed, INDEPENDENT, publisher="Other"))
    assert Proposal.objects.get().fields["info_credibility"] == "5"


def test_a_dismissed_story_does_not_come_back(player: cast.Player) -> None:
    feed = desk.make_feed()
    proposal = propose_one(desk.make_item(feed, TITLE))
    assert proposal is not None
    Proposal.objects.filter(pk=proposal.pk).update(state="dismissed", decided_at=NOW)
    assert propose_one(desk.make_item(feed, TITLE, publisher="Late Paper")) is None
    assert Proposal.objects.get().state == "dismissed"


def test_two_stories_of_one_day_get_keys_of_their_own(player: cast.Player) -> None:
    feed = desk.make_feed()
    label = replace(LABEL, kind="open_release", direction="strengthens")
    first = propose_one(desk.make_item(feed, "Keeper opens the weights of KeeperLM 2.5"), label)
    second = propose_one(desk.make_item(feed, "Keeper opens the weights of KeeperLM 3.5"), label)
    assert first is not None
    assert second is not None
    assert first.fields["id"] != second.fields["id"]


# Observed changes ----------------------------------------------------------------------------------


def gating(player: cast.Player, **columns: str) -> dict[str, str]:
    usual = {
        "id": "hub-keeper-gating",
        "kind": "gating",
        "summary": "KeeperLM: was open to everyone, is gated.",
        "source_url": "https://huggingface.co/keeper/keeper-lm",
        "source_title": "keeper/keeper-lm on the Hugging Face hub",
    }
    return desk.signal_texts(player, **{**usual, **columns})


def test_what_a_machine_verified_is_recorded_and_marked(player: cast.Player) -> None:
    feed = desk.make_feed()
    (proposal,) = adopt([desk.draft("signals:hub-gating", "signals", gating(player))], feed, NOW)
    signal = Signal.objects.get(key="hub-keeper-gating")
    assert signal.source.title == "keeper/keeper-lm on the Hugging Face hub (observed by this board)"
    assert (proposal.state, proposal.is_machine_verified, proposal.decided_by) == ("accepted", True, None)
    assert proposal.evidence == "signal:hub-keeper-gating"
    accepted = Entry.objects.get(action="accepted")
    assert (accepted.actor, accepted.reason) == (None, "Observed by this board: seen by a test")
    assert desk.after(accepted)["verified"] == "by machine"
    assert Entry.objects.get(action="recorded").subject == "signal:hub-keeper-gating"
    assert verify() == []


def test_the_same_observation_is_one_proposal(player: cast.Player) -> None:
    feed = desk.make_feed()
    draft = desk.draft("signals:hub-gating", "signals", gating(player))
    assert len(adopt([draft, draft], feed, NOW)) == 1
    assert adopt([draft], feed, NOW) == []
    assert Signal.objects.filter(key="hub-keeper-gating").count() == 1


def test_what_is_only_concluded_waits_and_moves_nothing(player: cast.Player) -> None:
    before = evidence_version()
    draft = desk.draft("signals:gone", "signals", gating(player, kind="withdrawal"), is_machine_verified=False)
    (proposal,) = adopt([draft], desk.make_feed(), NOW)
    assert (proposal.state, proposal.vendor, proposal.words) == ("waiting", player.vendor, ["seen by a test"])
    assert evidence_version() == before


def test_a_verified_observation_with_something_missing_waits_and_says_what(player: cast.Player) -> None:
    release = {
        **texts_of(player.releases[0]),
        "slug": "keeper-lm-new",
        "name": "KeeperLM New",
        "hf_repo": "keeper/new",
        "flagship": "",
    }
    before = evidence_version()
    (proposal,) = adopt([desk.draft("releases:hub-new", "releases", release)], desk.make_feed(), NOW)
    assert proposal.state == "waiting"
    assert proposal.words[-1] == "not recorded by itself: flagship: Must not be blank."
    assert not Release.objects.filter(slug="keeper-lm-new").exists()
    assert evidence_version() == before
    assert not Entry.objects.exists()


def test_a_machine_never_overwrites_what_is_recorded(player: cast.Player) -> None:
    known = player.releases[0]
    before = texts_of(known)
    observed = {**before, "access": "gated", "source_title": "Seen"}
    (proposal,) = adopt([desk.draft("releases:hub-known", "releases", observed)], desk.make_feed(), NOW)
    assert proposal.state == "waiting"
    assert "a person has to compare" in proposal.words[-1]
    assert texts_of(Release.objects.get(pk=known.pk)) == before


def test_counts_are_recorded_without_a_person(player: cast.Player) -> None:
    texts = {
        "vendor": "keeper",
        "family": "keeper-lm",
        "measured_on": "2026-06-01",
        "metric": "downloads_month",
        "value": "12345",
        "source_url": "https://huggingface.co/keeper",
        "source_title": "Hugging Face hub: downloads",
        "confidence": "high",
    }
    (proposal,) = adopt([desk.draft("reach:keeper", "reach", texts)], desk.make_feed(), NOW)
    reach = Reach.objects.get()
    assert (proposal.state, reach.value, proposal.evidence) == ("accepted", 12345, f"reach:{reach.pk}")


def test_a_draft_about_nobody_we_know_waits(player: cast.Player) -> None:
    draft = desk.draft("signals:strange", "signals", gating(player, vendor="", family=""))
    (proposal,) = adopt([draft], desk.make_feed(), NOW)
    assert (proposal.state, proposal.vendor) == ("waiting", None)
