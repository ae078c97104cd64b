"""The inbox as an analyst uses it: what is shown first, what each form does, and that nothing is lost."""

import html
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from riskboard.catalog.models import Signal
from riskboard.ingest import services
from riskboard.ingest.corroboration import begin_story
from riskboard.ingest.models import Proposal
from riskboard.web import measuring
from riskboard.web.pages.inbox import parts
from tests import cast
from tests.ingest import desk

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def player(db: None) -> cast.Player:
    return cast.keeper()


def analyst(name: str) -> tuple[User, Client]:
    user, client = User.objects.create_user(name), Client()
    user.groups.add(Group.objects.get_or_create(name="analyst")[0])
    client.force_login(user)
    return user, client


@pytest.fixture
def ann(db: None) -> Client:
    return analyst("ann")[1]


@pytest.fixture
def ben(db: None) -> Client:
    return analyst("ben")[1]


def propose(player: cast.Player, title: str = "", **columns: str) -> Proposal:
    texts = desk.signal_texts(player, **columns)
    item = None
    if title:
        item = desk.make_item(desk.make_feed(), title, url=texts["source_url"])
        item.story = begin_story(item)
        item.save()
    return desk.make_proposal(
        texts, item=item, vendor=player.vendor, family=player.family, words=["staff", "vendor: Keeper"], confidence=0.62
    )


def text_of(response: "_MonkeyPatchedWSGIResponse") -> str:
    return html.unescape(response.content.decode())


def read(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, response.content.decode()
    return text_of(response)


def send(
    client: Client, proposal: Proposal, do: str, texts: Mapping[str, object] | None = None, *, part: bool = False
) -> "_MonkeyPatchedWSGIResponse":
    data = {"version": proposal.version, **(texts or {})}
    return client.post(f"/inbox/{proposal.pk}/{do}/", data, headers=HTMX if part else {})


def edited(proposal: Proposal, **columns: object) -> dict[str, object]:
    return {**proposal.fields, **columns}


# What is shown ------------------------------------------------------------------------------------


def test_a_proposal_shows_what_was_read_out_of_which_words(ann: Client, player: cast.Player) -> None:
    propose(player, "Keeper cuts staff <b>again</b>", severity="4")
    page = ann.get("/inbox/").content.decode()
    assert "<mark>Keeper</mark> cuts <mark>staff</mark> &lt;b&gt;again&lt;/b&gt;" in page
    assert "severity 4 of 5" in page
    assert "Published 30 May 2026" in page
    assert "The reader is 62 % sure of this reading." in page
    assert "It needs two people: severity 4." in page
    assert "effect not measured yet" in page


def test_what_would_move_a_score_most_comes_first_and_second_looks_last(
    ann: Client, ben: Client, player: cast.Player
) -> None:
    small = propose(player, "Small thing", severity="1")
    large = propose(player, "Large thing", severity="3", kind="monetization_shift")
    severe = propose(player, "Severe thing", severity="5", kind="monetization_shift")
    measuring.measure_waiting(date(2026, 6, 1))
    for each in (small, large, severe):
        each.refresh_from_db()
    assert small.effect is not None
    assert large.effect is not None
    assert abs(large.effect) > abs(small.effect) > 0
    send(ben, severe, "accept")
    page = read(ann, "/inbox/")
    assert page.index("Large thing") < page.index("Small thing") < page.index("Severe thing")
    assert f"−{abs(large.effect):.1f}" in page
    assert "ben accepted it first. It needs you as the second person: severity 5" in page
    assert "You accepted it first. Somebody else has to accept it too: severity 5" in read(ben, "/inbox/")


def test_copies_of_a_story_and_signals_on_record_are_named(ann: Client, player: cast.Player) -> None:
    known = cast.make_signal(player.vendor, "layoffs", date(2026, 5, 25), summary="Told before.")
    cast.make_signal(player.vendor, "layoffs", date(2026, 1, 25), summary="Long ago.")
    proposal = propose(player, "Keeper cuts staff")
    assert proposal.item is not None
    for publisher, title in (("Second Paper", "A fifth leaves"), ("Example News", "More on the cuts at Keeper")):
        desk.make_item(proposal.item.feed, title, story=proposal.item.story, publisher=publisher)
    page = read(ann, "/inbox/")
    assert "3 reports of this story, 2 of them independent" in page
    assert f'Perhaps on record already: <a href="/signals/{known.key}/">Told before.</a>' in page
    assert "Long ago." not in page


def test_what_machines_recorded_stands_apart_with_what_was_observed(ann: Client, player: cast.Player) -> None:
    desk.make_proposal(
        desk.signal_texts(player, summary="Repository gone"),
        is_machine_verified=True,
        state="accepted",
        decided_at=timezone.now() - timedelta(hours=1),
        words=["404 in three looks"],
    )
    page = read(ann, "/inbox/")
    assert page.index("Recorded by machine") < page.index("Repository gone")
    assert "Observed: 404 in three looks" in page
    assert "Nothing waits." in page


def test_an_empty_inbox_says_when_the_feeds_were_last_looked_at(ann: Client) -> None:
    assert "No feed has been read yet." in read(ann, "/inbox/")
    desk.make_feed(last_checked_at=desk.NOW)
    assert "No feed has been read yet." in read(ann, "/inbox/")
    desk.make_feed("reached", last_checked_at=desk.NOW, last_ok_at=desk.NOW)
    assert "A feed was last read on 1 Jun 2026, 12:00 UTC." in read(ann, "/inbox/")


def test_the_inbox_costs_few_queries_at_any_size(
    ann: Client, player: cast.Player, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cast.make_signal(player.vendor, "layoffs", date(2026, 5, 25))
    for number in range(60):
        propose(player, f"Keeper cuts staff, part {number}")
    ann.get("/inbox/")
    with django_assert_max_num_queries(12):
        assert "1–50 of 60" in read(ann, "/inbox/?vendor=keeper")
    with django_assert_max_num_queries(13):
        ann.get(f"/inbox/{Proposal.objects.order_by('pk')[0].pk}/")


@pytest.mark.parametrize("query", ["page=0", "page=x", "vendor=nobody", "unheard=of"])
def test_what_the_inbox_does_not_know_is_refused(ann: Client, query: str) -> None:
    assert ann.get(f"/inbox/?{query}").status_code == 400


def test_a_page_beyond_the_last_and_an_unknown_proposal_are_not_found(ann: Client) -> None:
    assert ann.get("/inbox/?page=9").status_code == 404
    assert ann.get("/inbox/999/").status_code == 404
    assert ann.post("/inbox/999/accept/", {"version": 1}).status_code == 404


def test_a_part_is_the_list_alone_and_is_cached_apart(ann: Client, player: cast.Player) -> None:
    propose(player, "Keeper cuts staff")
    response = ann.get("/inbox/", headers=HTMX)
    assert "<html" not in response.content.decode()
    assert "Keeper" in response.content.decode()
    assert "HX-Request" in response.headers["Vary"]


def test_words_that_decided_are_found_in_any_case_and_script() -> None:
    assert [(part.text, part.is_said) for part in parts("Qwen QUITS (now)", ["quits", "vendor: qwen", "(now)"])] == [
        ("Qwen", True),
        (" ", False),
        ("QUITS", True),
        (" ", False),
        ("(now)", True),
    ]
    assert [part.text for part in parts("智谱开源新模型", ["开源"]) if part.is_said] == ["开源"]
    assert parts("", ["x"]) == ()


# Decisions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", [False, True])
def test_accepting_records_and_undoing_takes_it_back(ann: Client, player: cast.Player, part: bool) -> None:
    proposal = propose(player, "Keeper cuts staff")
    response = send(ann, proposal, "accept", part=part)
    assert Signal.objects.filter(key=proposal.fields["id"]).exists()
    if part:
        assert f'id="proposal-{proposal.pk}"' in text_of(response)
        assert f"/inbox/{proposal.pk}/undo/" in text_of(response)
    else:
        assert (response.status_code, response.headers["Location"]) == (302, "/inbox/")
        page = read(ann, "/inbox/")
        assert "Accepted: Keeper cuts staff" in page
        assert f'value="{proposal.pk}:2"' in page
    proposal.refresh_from_db()
    send(ann, proposal, "undo", part=part)
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    assert not Signal.objects.filter(key=proposal.fields["id"]).exists()


def test_an_effect_above_the_bound_takes_two_people(
    ann: Client, ben: Client, player: cast.Player, settings: Settings
) -> None:
    settings.SECOND_PERSON_EFFECT = 0.01
    today = timezone.localdate().isoformat()
    proposal = propose(player, severity="3", kind="monetization_shift", occurred_on=today, published_on=today)
    send(ann, proposal, "accept")
    proposal.refresh_from_db()
    assert proposal.state == "second"
    same = send(ann, proposal, "accept")
    assert same.status_code == 422
    assert "somebody else has to accept it too" in text_of(same)
    send(ben, proposal, "accept")
    assert Signal.objects.filter(key=proposal.fields["id"]).exists()


def test_one_person_alone_is_told_that_the_record_says_so(ann: Client, player: cast.Player, settings: Settings) -> None:
    settings.SECOND_PERSON = False
    proposal = propose(player, severity="5")
    assert "One person decides on this board, though: severity 5." in read(ann, "/inbox/")
    send(ann, proposal, "accept")
    assert "switched off on this board, though severity 5" in read(ann, f"/inbox/{proposal.pk}/")


def test_what_is_not_fit_to_be_accepted_comes_back_with_the_fault_beside_its_field(
    ann: Client, player: cast.Player
) -> None:
    proposal = propose(player, "Keeper cuts staff", severity="")
    response = send(ann, proposal, "accept")
    assert response.status_code == 422
    assert 'id="id_severity_error"' in text_of(response)
    assert "Edit it first." in text_of(send(ann, proposal, "accept", part=True))
    proposal.refresh_from_db()
    assert (proposal.state, proposal.version) == ("waiting", 1)


def test_a_dismissal_says_why(ann: Client, player: cast.Player) -> None:
    proposal = propose(player, "Keeper cuts staff")
    assert "A dismissal says why." in text_of(send(ann, proposal, "dismiss", {"reason": " "}))
    send(ann, proposal, "dismiss", {"reason": "A rumor"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("dismissed", "A rumor")
    assert "A rumor" in read(ann, f"/inbox/{proposal.pk}/")


def test_merging_joins_the_reports(ann: Client, player: cast.Player) -> None:
    one, other = propose(player, "Keeper cuts staff"), propose(player, "A fifth leaves Keeper")
    assert f'<option value="{other.pk}">' in read(ann, "/inbox/")
    send(ann, one, "merge", {"into": other.pk})
    one.refresh_from_db()
    assert (one.state, one.merged_into) == ("merged", other)
    assert "2 reports of this story" in read(ann, f"/inbox/{other.pk}/")
    assert send(ann, other, "merge", {"into": 999_999}).status_code == 422
    assert send(ann, other, "merge", {"into": "x"}).status_code == 422


def test_many_are_decided_each_on_its_own(ann: Client, player: cast.Player) -> None:
    good, incomplete, other = propose(player, "One"), propose(player, "Two", severity=""), propose(player, "Three")
    chosen = [f"{each.pk}:1" for each in (good, incomplete)]
    page = text_of(ann.post("/inbox/many/", {"do": "accept", "chosen": chosen}, follow=True))
    assert "1 accepted." in page
    assert f"Proposal {incomplete.pk} stayed as it was." in page
    refused = text_of(ann.post("/inbox/many/", {"do": "dismiss", "chosen": [f"{other.pk}:1"]}, follow=True))
    assert "A dismissal says why" in refused
    ann.post("/inbox/many/", {"do": "dismiss", "reason": "No news", "chosen": [f"{other.pk}:1"]})
    assert Proposal.objects.get(pk=other.pk).reason == "No news"
    ann.post("/inbox/many/", {"do": "undo", "chosen": [f"{good.pk}:2", f"{other.pk}:2"]})
    assert set(Proposal.objects.values_list("state", flat=True)) == {"waiting"}
    for chosen in ([], ["1"], ["1:x"], ["x:1"], ["1:1"] * 201):
        assert "notice error" in text_of(ann.post("/inbox/many/", {"do": "accept", "chosen": chosen}, follow=True))


# Editing ------------------------------------------------------------------------------------------


def test_an_edit_is_saved_and_measured_again(ann: Client, player: cast.Player) -> None:
    today = timezone.localdate().isoformat()
    proposal = propose(player, kind="monetization_shift", occurred_on=today, published_on=today)
    response = send(ann, proposal, "edit", edited(proposal, severity="1", summary="  Another wording. "))
    assert response.headers["Location"] == f"/inbox/{proposal.pk}/"
    proposal.refresh_from_db()
    assert (proposal.fields["severity"], proposal.fields["summary"]) == ("1", "Another wording.")
    assert (proposal.state, proposal.version) == ("waiting", 2)
    assert proposal.effect is not None
    assert "ann: edited" in read(ann, f"/inbox/{proposal.pk}/")


def test_an_edit_can_be_accepted_at_once(ann: Client, player: cast.Player) -> None:
    proposal = propose(player, "Keeper cuts staff", severity="")
    send(ann, proposal, "edit", edited(proposal, severity="2", then="accept"))
    assert Signal.objects.get(key=proposal.fields["id"]).severity == 2


@pytest.mark.parametrize("then", ["save", "accept"])
def test_a_refused_edit_keeps_what_was_typed_and_says_what_is_wrong_where(
    ann: Client, player: cast.Player, then: str
) -> None:
    proposal = propose(player, "Keeper cuts staff")
    typed = edited(proposal, occurred_on="yesterday", summary="My <own> words", kind="unheard_of")
    response = send(ann, proposal, "edit", {**typed, "then": then})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_occurred_on_error"' in page
    assert 'id="id_kind_error"' in page
    assert 'value="yesterday"' in page
    assert "My &lt;own&gt; words" in page
    assert '<option value="unheard_of" selected' in page
    proposal.refresh_from_db()
    assert proposal.version == 1


def test_who_saves_second_sees_the_difference_and_loses_nothing(ann: Client, ben: Client, player: cast.Player) -> None:
    proposal = propose(player, "Keeper cuts staff")
    send(ann, proposal, "edit", edited(proposal, severity="1"))
    response = send(ben, proposal, "edit", edited(proposal, severity="2", summary="What ben typed"))
    page = text_of(response)
    assert response.status_code == 409
    assert '<td data-label="You typed">2</td><td data-label="It says now">1</td>' in page
    assert "What ben typed</textarea>" in page
    assert 'name="version" value="2"' in page
    proposal.refresh_from_db()
    assert proposal.fields["severity"] == "1"
    send(ben, proposal, "edit", edited(proposal, severity="2", summary="What ben typed"))
    proposal.refresh_from_db()
    assert (proposal.fields["severity"], proposal.fields["summary"]) == ("2", "What ben typed")


@pytest.mark.parametrize("part", [False, True])
def test_a_decision_about_another_version_changes_nothing(ann: Client, player: cast.Player, part: bool) -> None:
    proposal = propose(player, "Keeper cuts staff")
    services.edit(proposal, by=User.objects.get(), edits={"severity": "1"}, now=desk.NOW, version=1)
    response = send(ann, proposal, "dismiss", {"reason": "My long reason"}, part=part)
    assert response.status_code == (200 if part else 409)
    assert "Somebody changed this meanwhile." in text_of(response)
    if not part:
        assert 'value="My long reason"' in text_of(response)
    assert Proposal.objects.get(pk=proposal.pk).state == "waiting"


def test_every_column_of_a_release_can_be_edited(ann: Client, player: cast.Player) -> None:
    release = player.releases[0]
    texts = {"family": player.family.slug, "slug": release.slug, "withdrawn_on": "2026-05-01"}
    proposal = desk.make_proposal(texts, "releases", vendor=player.vendor, family=player.family)
    page = read(ann, f"/inbox/{proposal.pk}/")
    assert 'name="withdrawn_on" value="2026-05-01"' in page
    send(ann, proposal, "edit", {**texts, "withdrawn_on": "2026-05-02", "then": "accept"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.fields["withdrawn_on"]) == ("second", "2026-05-02")


# Who may ------------------------------------------------------------------------------------------


def test_only_analysts_see_and_decide(player: cast.Player) -> None:
    proposal, viewer = propose(player), Client()
    assert viewer.get("/inbox/").headers["Location"] == "/sign-in/?next=%2Finbox%2F"
    viewer.force_login(User.objects.create_user("vera"))
    for address in ("/inbox/", f"/inbox/{proposal.pk}/"):
        assert viewer.get(address).status_code == 403
    for do in ("accept", "edit", "dismiss", "merge", "undo"):
        assert send(viewer, proposal, do).status_code == 403
    assert viewer.post("/inbox/many/", {"do": "accept", "chosen": [f"{proposal.pk}:1"]}).status_code == 403
    assert Proposal.objects.get().version == 1


def test_forms_need_their_token_and_are_not_followed_as_links(player: cast.Player) -> None:
    proposal = propose(player)
    user, client = analyst("ann")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user)
    assert send(strict, proposal, "accept").status_code == 403
    for do in ("accept", "edit", "dismiss", "merge", "undo"):
        assert client.get(f"/inbox/{proposal.pk}/{do}/").status_code == 405
    assert client.get("/inbox/many/").status_code == 405
