"""Entering evidence by hand: what is shown before it is saved, what saving does, and that nothing typed is lost."""

import html
import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.test import Client

from riskboard.audit.models import Entry
from riskboard.catalog.models import LicenseChange, Pledge, Release, Signal
from riskboard.ingest.client import BadAnswer
from riskboard.ingest.models import Proposal
from tests import cast
from tests.ingest import desk

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
FORMS = ("signal", "pledge", "license-change", "release")


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


@pytest.fixture
def player(db: None) -> cast.Player:
    return cast.keeper()


def analyst(name: str) -> Client:
    user, client = User.objects.create_user(name), Client()
    user.groups.add(Group.objects.get_or_create(name="analyst")[0])
    client.force_login(user)
    return client


@pytest.fixture
def ann(db: None) -> Client:
    return analyst("ann")


def signal(player: cast.Player, **columns: str) -> dict[str, str]:
    return {**desk.signal_texts(player), "id": "", "sent_as": "form-1", "do": "save", **columns}


def pledge(player: cast.Player, **columns: str) -> dict[str, str]:
    texts = {"vendor": player.vendor.slug, "made_on": "2026-05-20", "made_by": "chief executive", "channel": "blog"}
    texts |= {"summary": "All of it stays open.", "specificity": "specific", "status": "open", "confidence": "high"}
    return {**texts, "source_url": "https://keeper.example/promise", "source_title": "Promise", "do": "save", **columns}


def license_change(player: cast.Player, **columns: str) -> dict[str, str]:
    before, after = cast.make_license("before-1.0"), cast.make_community_license("after-1.0")
    texts = {"family": player.family.slug, "asset": "Keeper weights", "from_license": before.key}
    texts |= {"to_license": after.key, "announced_on": "2026-05-20", "direction": "tightening"}
    texts |= {"applies_to": "new_versions", "scope": "weights", "confidence": "high"}
    return {**texts, "source_url": "https://keeper.example/terms", "source_title": "Terms", "do": "save", **columns}


def release(player: cast.Player, **columns: str) -> dict[str, str]:
    texts = {"family": player.family.slug, "name": "Keeper Next 7B", "modality": "text", "released_on": "2026-05-20"}
    texts |= {"date_precision": "day", "access": "api_only", "flagship": "true", "confidence": "high"}
    return {**texts, "source_url": "https://keeper.example/next", "source_title": "Next", "do": "save", **columns}


def entered() -> QuerySet[Signal]:
    return Signal.objects.filter(is_local=True)


def words(response: "Response") -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def value_of(response: "Response", name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return html.unescape(found[1]) if found else ""


# The forms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_stands_alone_without_a_script(ann: Client, player: cast.Player, kind: str) -> None:
    page = ann.get(f"/enter/{kind}/").content.decode()
    assert f'<option value="{player.family.slug}">' in page
    assert 'name="do" value="preview"' in page
    assert 'name="do" value="save"' in page
    # The first button of a form is the one that Enter presses.
    main = page[page.index('<form class="entry"') :]
    assert main[main.index("<button") :].startswith('<button name="do" value="preview"')


def test_meanings_stand_beside_the_choices(ann: Client, player: cast.Player) -> None:
    page = words(ann.get("/enter/signal/?kind=ipo"))
    assert "The vendor is listed on a stock exchange, or prepares for it." in page
    assert "A completely reliable" in page
    assert "5 the flagship or the whole commitment ends or begins" in page
    assert "when it occurred, when the public could first read of it, and when it was recorded here" in page


def test_an_address_fills_the_form_and_is_refused_when_it_means_nothing(ann: Client, player: cast.Player) -> None:
    page = ann.get(f"/enter/signal/?vendor={player.vendor.slug}&family={player.family.slug}").content.decode()
    assert f'<option value="{player.vendor.slug}" selected>' in page
    assert f'<option value="{player.family.slug}" selected>' in page
    for query, name in (("vendor=nobody", "vendor"), ("family=none%00", "family"), ("version=1", "version")):
        response = ann.get(f"/enter/signal/?{query}")
        assert response.status_code == 400
        assert name in words(response)
    assert ann.get("/enter/vendor/").status_code == 404
    assert ann.get("/enter/?x=1").status_code == 400


# Before it is saved -------------------------------------------------------------------------------


def test_it_says_what_is_still_needed_and_what_is_not_right(ann: Client, player: cast.Player) -> None:
    shown = words(ann.post("/enter/signal/preview/", signal(player, kind="", occurred_on="last week")))
    assert "Still needed: kind." in shown
    assert "Occurred on: 'last week' is not a date" in shown
    assert "No score would move" in words(ann.post("/enter/signal/preview/", signal(player, source_url="")))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_can_be_tried(ann: Client, player: cast.Player, day: str) -> None:
    for kind, texts in (("signal", signal(player, occurred_on=day)), ("pledge", pledge(player, made_on=day))):
        tried = ann.post(f"/enter/{kind}/preview/", texts)
        assert tried.status_code == 200
        assert "is before 1800 or after 2200" in words(tried)


def test_only_what_has_happened_is_entered(ann: Client, player: cast.Player) -> None:
    sent = signal(player, occurred_on="2199-01-01", published_on="2199-01-02", source_url="nowhere", vendor="nobody")
    refused = words(ann.post("/enter/signal/", sent))
    assert "Occurred on: Has not come yet: only what has happened is recorded." in refused
    assert "Published on: Has not come yet" in refused
    assert "Address of the source: 'nowhere' is not a web address" in refused
    assert "Vendor: There is no vendor called 'nobody'." in refused
    assert not entered().exists()


def test_what_is_announced_may_lie_ahead(ann: Client, player: cast.Player) -> None:
    for kind, texts in (
        ("pledge", pledge(player, due_on="2199-01-01")),
        ("license-change", license_change(player, effective_on="2199-01-01")),
        ("release", release(player, withdrawn_on="2199-01-01", hosted_ended_on="2199-01-01")),
    ):
        assert ann.post(f"/enter/{kind}/", texts).status_code == 302, kind


def test_what_is_alike_is_found_while_typing(ann: Client, player: cast.Player) -> None:
    cast.make_signal(player.vendor, "layoffs", date(2026, 5, 20), summary="Nine days before.")
    cast.make_signal(player.vendor, "ipo", date(2026, 5, 29), summary="Something else.")
    cast.make_signal(
        cast.make_vendor(),
        "ipo",
        date(2020, 1, 1),
        summary="Same page.",
        source=cast.make_source("https://x.example/a"),
    )
    waiting = desk.make_proposal(
        desk.signal_texts(player, kind="gating", summary="A fifth of the staff leaves Keeper."), vendor=player.vendor
    )
    sent = signal(
        player, summary="A fifth of the staff leaves Keeper.", source_url="http://www.x.example/a/?utm_source=b"
    )
    page = ann.post("/enter/signal/preview/", sent)
    shown = words(page)
    assert "Nine days before. 20 May 2026: it is of the same kind, 9 days apart" in shown
    assert "Same page. 1 Jan 2020: it cites the same page" in shown
    assert "seems to tell the same, and waits in the inbox" in shown
    assert f'href="/inbox/{waiting.pk}/"' in page.content.decode()
    assert "Something else." not in shown


def test_a_page_that_was_cited_offers_its_title(ann: Client, player: cast.Player) -> None:
    cast.make_source("https://x.example/a", 'Told <b>"before"</b>')
    url = "/enter/signal/preview/"
    part = ann.post(url, signal(player, source_url="https://www.x.example/a?utm_source=b")).content.decode()
    assert 'value="Told &lt;b&gt;&quot;before&quot;&lt;/b&gt;">Use it' in part
    assert "never cited here before" in words(ann.post(url, signal(player, source_url="https://x.example/other")))
    used = ann.post("/enter/signal/", {**signal(player), "use_title": "Told before"})
    assert value_of(used, "source_title") == "Told before"
    assert not entered().exists()


def test_a_title_is_offered_and_why_there_is_none(
    ann: Client, player: cast.Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riskboard.web.views.entering.page_title", lambda url, client: f"The <i>page</i> {url[-1]}")
    assert "“The <i>page</i> a”" in html.unescape(
        ann.post("/enter/title/", {"source_url": "https://x.example/a"}).content.decode()
    )
    page = ann.post("/enter/signal/", signal(player, do="title", source_url="https://x.example/a", source_title="Mine"))
    assert "Its title: “The <i>page</i> a”" in html.unescape(page.content.decode())
    assert value_of(page, "source_title") == "Mine"

    def fail(url: str, client: object) -> str:
        raise BadAnswer("x.example answered with status 503.")

    monkeypatch.setattr("riskboard.web.views.entering.page_title", fail)
    assert "No title was found. x.example answered with status 503." in words(
        ann.post("/enter/title/", {"source_url": "https://x.example/a"})
    )
    assert "Write the address first." in words(ann.post("/enter/title/", {"source_url": " "}))
    assert ann.post("/enter/signal/", signal(player)).status_code == 302


def test_no_title_is_fetched_from_inside_our_own_network(ann: Client, db: None) -> None:
    assert "No title was found." in words(ann.post("/enter/title/", {"source_url": "http://127.0.0.1:1/secret"}))


# Saving -------------------------------------------------------------------------------------------


def test_each_kind_is_recorded_under_a_key_of_its_own(ann: Client, player: cast.Player) -> None:
    sent = {"signal": signal(player), "pledge": pledge(player)}
    sent |= {"license-change": license_change(player), "release": release(player, access="open_weights")}
    for kind, data in sent.items():
        again = {**data, "sent_as": f"{kind}-2", "source_url": data["source_url"] + "/2"}
        for form in (data, {**again, "name": "Keeper Next 7B!"} if kind == "release" else again):
            response = ann.post(f"/enter/{kind}/", form)
            assert (response.status_code, response.headers.get("Location")) == (302, "/enter/"), words(response)
    vendor, family = player.vendor.slug, player.family.slug
    assert {f"{vendor}-20260529-layoffs", f"{vendor}-20260529-layoffs-2"} <= set(
        Signal.objects.values_list("key", flat=True)
    )
    assert {f"{vendor}-20260520-pledge", f"{vendor}-20260520-pledge-2"} <= set(
        Pledge.objects.values_list("key", flat=True)
    )
    assert f"{family}-20260520-license" in set(LicenseChange.objects.values_list("key", flat=True))
    assert {"keeper-next-7b", "keeper-next-7b-2"} <= set(Release.objects.values_list("slug", flat=True))
    assert LicenseChange.objects.filter(vendor=player.vendor).count() == 2  # the family names its vendor


def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(ann: Client, player: cast.Player) -> None:
    other = cast.breaker()
    sent = signal(player, severity="", occurred_on="2026-02-30", family=other.family.slug, summary='So "they" <say>')
    response = ann.post("/enter/signal/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="problems" tabindex="-1" autofocus' in page
    assert '<a href="#id_occurred_on">Occurred on: There is no day 2026-02-30.</a>' in page
    field = page[page.index('id="id_occurred_on"') - 200 :][:400]
    assert 'value="2026-02-30"' in field
    assert "id_occurred_on_error" in field
    assert "Key: Must not be blank" not in html.unescape(page)
    assert "So &quot;they&quot; &lt;say&gt;" in page
    assert f'<option value="{other.family.slug}" selected>' in page
    assert not entered().exists()


def test_a_family_of_another_vendor_and_an_unknown_choice_are_refused(ann: Client, player: cast.Player) -> None:
    assert "belongs to another vendor" in words(
        ann.post("/enter/signal/", signal(player, family=cast.breaker().family.slug))
    )
    response = ann.post("/enter/signal/", signal(player, kind="unheard of"))
    assert '<option value="unheard of" selected>' in response.content.decode()
    assert "Null characters" in words(ann.post("/enter/signal/", signal(player, summary="a\0b")))


def test_what_takes_two_people_waits_and_says_so(ann: Client, player: cast.Player) -> None:
    assert "It will wait for a second person: severity 5." in words(
        ann.post("/enter/signal/preview/", signal(player, severity="5"))
    )
    page = words(ann.post("/enter/signal/", signal(player, severity="5"), follow=True))
    assert "It waits for a second person, who finds it in the inbox" in page
    assert not entered().exists()
    assert Proposal.objects.get().state == "second"


def test_ones_own_entries_are_listed_and_undone(ann: Client, player: cast.Player) -> None:
    ann.post("/enter/signal/", signal(player))
    ben = analyst("ben")
    assert "A fifth of the staff leaves." not in words(ben.get("/enter/"))
    page = ann.get("/enter/")
    assert "A fifth of the staff leaves." in words(page)
    proposal = Proposal.objects.get()
    wrong = ann.post(f"/enter/{proposal.pk}/undo/", {"version": "77"}, follow=True)
    assert "Nothing was undone." in words(wrong)
    undone = ann.post(f"/enter/{proposal.pk}/undo/", {"version": value_of(page, "version")}, follow=True)
    assert "Undone: A fifth of the staff leaves." in words(undone)
    assert not entered().exists()


def test_sent_twice_it_is_recorded_once(ann: Client, player: cast.Player) -> None:
    sent = signal(player)
    for _ in range(2):
        assert ann.post("/enter/signal/", sent).status_code == 302
    assert entered().count() == 1
    edited = ann.post("/enter/signal/", {**sent, "summary": "Other words."})
    assert edited.status_code == 409
    assert "You sent this form before" in words(edited)
    assert "Summary Other words. A fifth of the staff leaves." in words(edited)


# Conflicts ----------------------------------------------------------------------------------------


def test_the_second_saver_sees_the_difference_and_can_save_over_it(ann: Client, player: cast.Player) -> None:
    ben = analyst("ben")
    ben.post("/enter/signal/", signal(player, id="one", sent_as="ben", severity="2"))
    mine = signal(player, id="one", sent_as="ann", summary="A third of the staff leaves.")
    page = ann.post("/enter/signal/", mine)
    assert page.status_code == 409
    assert "Nothing was overwritten, and what you typed is still here." in words(page)
    assert "Summary A third of the staff leaves. A fifth of the staff leaves." in words(page)
    assert "Severity 3 2" in words(page)
    again = {**mine, "version": value_of(page, "version"), "sent_as": value_of(page, "sent_as")}
    refused = ann.post("/enter/signal/", again)
    assert "Say why the row on record is wrong" in words(refused)
    assert entered().get().summary == "A fifth of the staff leaves."
    saved = ann.post("/enter/signal/", {**again, "why": "Counted anew."})
    assert saved.headers["Location"] == "/signals/one/"
    assert entered().get().summary == "A third of the staff leaves."
    entry = Entry.objects.filter(action="corrected").get()
    assert (entry.reason, entry.is_public) == ("Counted anew.", True)


def test_saving_over_a_row_is_no_way_round_the_second_person(ann: Client, player: cast.Player) -> None:
    ann.post("/enter/signal/", signal(player, id="one"))
    grave = signal(player, id="one", sent_as="form-2", severity="5")
    page = ann.post("/enter/signal/", grave)
    assert page.status_code == 409
    assert "It will wait for a second person: severity 5" in words(page)
    again = {**grave, "version": value_of(page, "version"), "sent_as": value_of(page, "sent_as"), "why": "Half leave."}
    assert "It will wait for a second person: severity 5" in words(ann.post("/enter/signal/preview/", again))
    saved = ann.post("/enter/signal/", again, follow=True)
    assert "Waits for a second person" in words(saved)
    assert entered().get().severity == 3
    asked = Proposal.objects.get(deed="correct")
    assert analyst("ben").post(f"/inbox/{asked.pk}/accept/", {"version": asked.version}).status_code == 302
    assert entered().get().severity == 5
    entry = Entry.objects.filter(action="corrected").get()
    assert (entry.reason, str(entry.actor)) == ("Half leave.", "ann")


def test_whoever_is_overtaken_again_sees_it_again(ann: Client, player: cast.Player) -> None:
    ann.post("/enter/signal/", signal(player, id="one"))
    page = ann.post("/enter/signal/", signal(player, id="one", sent_as="form-2", summary="Mine."))
    row = entered().get()
    row.summary = "Theirs, newer."
    row.save()
    again = signal(player, id="one", summary="Mine.", version=value_of(page, "version"), why="Because.")
    overtaken = ann.post("/enter/signal/", again)
    assert overtaken.status_code == 409
    assert "Summary Mine. Theirs, newer." in words(overtaken)


def test_another_key_makes_it_another_row(ann: Client, player: cast.Player) -> None:
    ann.post("/enter/signal/", signal(player, id="one"))
    mine = signal(player, id="one", sent_as="form-2", summary="Something else.")
    page = ann.post("/enter/signal/", mine)
    kept = {"version": value_of(page, "version"), "sent_as": value_of(page, "sent_as")}
    assert ann.post("/enter/signal/", {**mine, **kept, "id": "two"}).status_code == 302
    assert set(entered().values_list("key", flat=True)) == {"one", "two"}


def test_a_known_release_is_not_changed_unseen(ann: Client, player: cast.Player) -> None:
    known = player.releases[0]
    response = ann.post("/enter/release/", release(player, slug=known.slug))
    assert response.status_code == 409
    assert f"Name Keeper Next 7B {known.name}" in words(response)
    known.refresh_from_db()
    assert known.access != "api_only"


# Rulings ------------------------------------------------------------------------------------------


def ruling(page: "Response", **columns: str) -> dict[str, str]:
    usual = {"version": value_of(page, "version"), "status": "broken", "status_on": "2026-05-30", "do": "save"}
    return {**usual, "status_reason": "It closed.", "status_source_url": "https://news.example/closed", **columns}


def test_a_ruling_joins_the_history_of_its_pledge(ann: Client, player: cast.Player) -> None:
    made = cast.make_pledge(player.vendor)
    url = f"/pledges/{made.key}/rule/"
    page = ann.get(url)
    assert "The opposite was done, or the date passed without it." in words(page)
    assert "No score would move" in words(ann.post(url, ruling(page, do="preview")))
    part = ann.post(url, ruling(page, do="preview"), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="preview"')
    assert ann.post(url, ruling(page)).headers["Location"] == made.get_absolute_url()
    made.refresh_from_db()
    assert (made.status, made.status_on, made.status_reason) == ("broken", date(2026, 5, 30), "It closed.")
    assert [each.status for each in made.rulings.order_by("pk")] == ["open", "broken"]
    assert Entry.objects.get(action="ruled").reason == "Ruled broken: It closed."


def test_the_history_tells_a_ruling_once_and_takes_it_back(ann: Client, player: cast.Player) -> None:
    made = cast.make_pledge(player.vendor)
    url, history = f"/pledges/{made.key}/rule/", f"/evidence/pledges/{made.key}/history/"
    ann.post(url, ruling(ann.get(url)))
    told = words(ann.get(history))
    assert told.count("by analyst") == 1
    assert "ruled by analyst" in told
    assert "from files or the admin pages" not in told.partition("ruled by analyst")[2].partition("recorded by")[0]
    assert "status open broken" in told.lower()
    entry = Entry.objects.get(action="ruled")
    assert f'name="entry" value="{entry.pk}"' in ann.get(history).content.decode()
    assert ann.post(f"/evidence/pledges/{made.key}/undo/", {"entry": entry.pk}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.status_on, made.status_reason) == ("open", None, "")
    assert words(ann.get(history)).count("by analyst") == 2


def test_a_ruling_says_why_and_for_a_day_that_follows_the_last(ann: Client, player: cast.Player) -> None:
    made = cast.make_pledge(player.vendor, status="at_risk", status_on=date(2026, 5, 1))
    url = f"/pledges/{made.key}/rule/"
    page = ann.get(url)
    refused = ann.post(url, ruling(page, status_reason=" ", status_on="2026-04-30"))
    assert refused.status_code == 422
    assert "A ruling says why." in words(refused)
    assert "already ruled on for 2026-05-01" in words(refused)
    assert "is for a day" in words(ann.post(url, ruling(page, status_on="")))
    assert "is not a date" in words(ann.post(url, ruling(page, status_on="soon")))
    assert "is unknown" in words(ann.post(url, ruling(page, status="eaten")))
    made.refresh_from_db()
    assert made.status == "at_risk"
    assert ann.get("/pledges/none/rule/").status_code == 404
    assert ann.get(f"{url}?x=1").status_code == 400


def test_two_who_rule_at_once_do_not_overwrite_each_other(ann: Client, player: cast.Player) -> None:
    made, ben = cast.make_pledge(player.vendor), analyst("ben")
    url = f"/pledges/{made.key}/rule/"
    page = ann.get(url)
    ben.post(url, ruling(ben.get(url), status="kept", status_reason="Done."))
    second = ann.post(url, ruling(page))
    assert second.status_code == 409
    assert "Status broken kept" in words(second)
    assert "Why It closed. Done." in words(second)
    assert ann.post(url, ruling(second)).status_code == 302
    made.refresh_from_db()
    assert made.status == "broken"


def test_a_ruling_that_moves_much_waits_for_a_second_person(
    ann: Client, player: cast.Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = cast.make_pledge(player.vendor)
    url = f"/pledges/{made.key}/rule/"
    monkeypatch.setattr("riskboard.web.views.entering.change_effect", lambda _day: lambda _row, _changed: -6.0)
    page = words(ann.post(url, ruling(ann.get(url)), follow=True))
    assert "Waits for a second person" in page
    assert "Ruling of pledge:" in page
    assert "Status open broken" in page
    made.refresh_from_db()
    assert made.status == "open"
    asked = Proposal.objects.get()
    Proposal.objects.update(effect=-6.0)  # as it would be measured
    assert analyst("ben").post(f"/inbox/{asked.pk}/accept/", {"version": asked.version}).status_code == 302
    made.refresh_from_db()
    assert made.status == "broken"


# Ways in, and what it costs -----------------------------------------------------------------------


def test_pages_lead_to_the_forms_for_those_who_may(ann: Client, player: cast.Player, client: Client) -> None:
    made = cast.make_pledge(player.vendor)
    ways = {
        player.vendor.get_absolute_url(): f"/enter/signal/?vendor={player.vendor.slug}",
        player.line.get_absolute_url(): f"&amp;family={player.family.slug}",
        player.releases[0].get_absolute_url(): f"vendor={player.vendor.slug}&amp;family={quote(player.family.slug)}",
        made.get_absolute_url(): f"/pledges/{made.key}/rule/",
        "/": "/enter/",
    }
    for page, way in ways.items():
        assert f'{way}"' in ann.get(page).content.decode(), page
        assert way not in client.get(page).content.decode(), page
