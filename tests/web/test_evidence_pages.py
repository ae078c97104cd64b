"""Correcting a fact from its page, withdrawing it, taking that back, and every version of it."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from riskboard.audit.models import Entry
from riskboard.audit.selectors import public_log
from riskboard.audit.services import record as note
from riskboard.audit.verifying import verify
from riskboard.catalog.models import License, Signal
from riskboard.ingest import services
from riskboard.ingest.models import Check, Proposal
from riskboard.ingest.rows import filled, find, reference_of, spec_of, texts_of
from riskboard.web import measuring
from riskboard.web.access import Role
from riskboard.web.pages.fact import address_of
from riskboard.web.without import effects_of_change
from scoring.kept import assessments
from tests import cast
from tests.web.people import client_of, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def hedger(db: None, monkeypatch: pytest.MonkeyPatch) -> cast.Player:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    return cast.hedger()


@pytest.fixture
def signal(hedger: cast.Player) -> Signal:
    found: Signal = hedger.vendor.signals.get(kind="monetization_shift")
    return found


@pytest.fixture
def analyst(db: None) -> Client:
    return client_of(Role.ANALYST)


def text_of(body: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body.decode())).split())


def sent(row: Model, **columns: str) -> dict[str, str]:
    """What the form sends when only ``columns`` were typed into."""
    return {**texts_of(row), "version": services.version_of(row), "reason": "Read it again.", **columns}


def correct(client: Client, row: Model, **columns: str) -> int:
    return client.post(address_of("correct", reference_of(row)), sent(row, **columns)).status_code


def fresh(row: Model) -> Model:
    found = find(reference_of(row))
    assert found is not None
    return found


# Correcting ---------------------------------------------------------------------------------------


def test_the_form_holds_the_row_and_saves_a_new_version_of_it(client: Client, analyst: Client, signal: Signal) -> None:
    address = address_of("correct", f"signal:{signal.key}")
    assert address in analyst.get(signal.get_absolute_url()).content.decode()
    assert address not in client.get(signal.get_absolute_url()).content.decode()
    assert signal.summary in text_of(analyst.get(address).content)
    response = analyst.post(address, sent(signal, severity="1", summary="It <only> looked so."))
    assert response.headers["Location"] == f"/evidence/signals/{signal.key}/history/"
    assert (fresh(signal).severity, fresh(signal).summary) == (1, "It <only> looked so.")  # type: ignore[attr-defined]
    entry = public_log().get()
    assert (entry.action, entry.reason) == ("corrected", "Read it again.")
    assert "the-analyst" not in client.get("/corrections/").content.decode()
    assert verify() == []


@pytest.mark.parametrize("table", ["pledge", "change", "release", "fact", "license", "line", "vendor", "family"])
def test_every_kind_of_fact_can_be_corrected_and_nothing_else_changes(
    analyst: Client, hedger: cast.Player, table: str
) -> None:
    row, column, text = {
        "pledge": (hedger.pledge, "made_by", "Ada"),
        "change": (
            cast.make_license_change(hedger.family, cast.make_license("a"), cast.make_license("b"), TODAY),
            "asset",
            "Another",
        ),
        "release": (hedger.releases[0], "name", "Another"),
        "fact": (cast.make_fact(hedger.vendor), "confidence", "low"),
        "license": (cast.make_license("odd-1.0"), "name", "Another"),
        "line": (hedger.line, "name", "Another"),
        "vendor": (hedger.vendor, "name", "Another"),
        "family": (hedger.family, "name", "Another"),
    }[table]
    before = texts_of(row)
    assert before[column] != text
    assert analyst.get(address_of("correct", reference_of(row))).status_code == 200
    assert correct(analyst, row, **{column: text}) == 302
    assert texts_of(fresh(row)) == {**before, column: text}


def test_what_breaks_a_rule_comes_back_beside_its_field(analyst: Client, signal: Signal) -> None:
    address = address_of("correct", f"signal:{signal.key}")
    wrong = sent(signal, occurred_on="31 May", summary="Typed at length", reason="")
    body = analyst.post(address, wrong)
    assert body.status_code == 422
    assert "A correction says why." in body.content.decode()
    body = analyst.post(address, {**wrong, "reason": "Why not"})
    assert body.status_code == 422
    assert 'id="id_occurred_on_error"' in body.content.decode()
    assert "Typed at length" in body.content.decode()
    assert not Entry.objects.exists()


def test_the_key_stays(analyst: Client, signal: Signal) -> None:
    assert "readonly" in analyst.get(address_of("correct", f"signal:{signal.key}")).content.decode()
    assert correct(analyst, signal, id="another") == 422
    assert find(f"signal:{signal.key}") is not None


def test_who_saves_second_sees_the_difference_and_loses_nothing(analyst: Client, signal: Signal) -> None:
    mine = sent(signal, summary="As I read it")
    theirs = make_user(Role.ANALYST, "bea")
    services.correct(signal, {"summary": "As she read it"}, by=theirs, reason="Hers", now=NOW, version=mine["version"])
    address = address_of("correct", f"signal:{signal.key}")
    response = analyst.post(address, mine)
    assert response.status_code == 409
    said = text_of(response.content)
    assert "Nothing was overwritten" in said
    assert "Summary As I read it As she read it" in said
    assert fresh(signal).summary == "As she read it"  # type: ignore[attr-defined]
    version = services.version_of(fresh(signal))
    assert version in response.content.decode()
    assert analyst.post(address, {**mine, "version": version}).status_code == 302
    assert fresh(signal).summary == "As I read it"  # type: ignore[attr-defined]


def test_saving_what_it_says_already_is_no_correction(analyst: Client, signal: Signal) -> None:
    assert correct(analyst, signal) == 302
    assert not Entry.objects.exists()


# The effect before saving -------------------------------------------------------------------------


def scores() -> dict[str, float]:
    return {slug: assessment.durability for slug, assessment in assessments(TODAY).items()}


def moved(before: dict[str, float]) -> dict[str, float]:
    return {slug: score - before[slug] for slug, score in scores().items() if abs(score - before[slug]) >= 0.05}


def preview(client: Client, row: Model, **columns: str) -> str:
    data = {**sent(row, **columns), "then": "preview"}
    response = client.post(address_of("correct", reference_of(row)), data, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    return text_of(response.content)


def test_what_is_previewed_is_what_saving_then_does(analyst: Client, hedger: cast.Player, signal: Signal) -> None:
    before = scores()
    said = preview(analyst, signal, severity="1", reason="")
    assert not Entry.objects.exists()
    correct(analyst, signal, severity="1")
    (points,) = moved(before).values()
    assert f"+{points:.1f} {hedger.line.name}" in said
    assert "Changes severity." in said


@pytest.mark.parametrize("table", ["license", "release", "fact"])
def test_every_table_that_scores_stand_on_is_measured(hedger: cast.Player, table: str) -> None:
    license_ = hedger.releases[1].license
    assert isinstance(license_, License)
    fact = cast.make_fact(hedger.vendor, "business_model", "api_revenue", valid_from=date(2025, 1, 1))
    row, column, text = {
        "license": (license_, "category", "proprietary"),
        "release": (hedger.releases[-1], "flagship", "false"),
        "fact": (fact, "value", "complement"),
    }[table]
    before = scores()
    changed = filled(spec_of(row).name, {column: text}, onto=fresh(row))
    found = effects_of_change(row, changed, TODAY)
    assert found is not None
    services.correct(
        row, {column: text}, by=make_user(Role.ANALYST), reason="So", now=NOW, version=services.version_of(row)
    )
    after = moved(before)
    assert {one.line.slug: round(one.points, 6) for one in found if one.on == TODAY} == {
        slug: round(points, 6) for slug, points in after.items()
    }
    assert after, "the case must move a score to prove anything"


def test_withdrawing_the_threshold_of_a_license_is_measured_too(analyst: Client, hedger: cast.Player) -> None:
    new = cast.make_license("b")
    hedger.vendor.license_changes.all().delete()  # beside it another moves the score by next to nothing
    cast.make_license_change(hedger.family, cast.make_license("a"), new, date(2026, 5, 1))
    threshold, before = cast.make_threshold(new), scores()
    found = effects_of_change(threshold, None, TODAY)
    assert found
    assert withdraw(analyst, threshold) == 302
    assert [one.points for one in found] == pytest.approx(list(moved(before).values()))


def test_a_preview_says_what_is_wrong_and_what_is_not_known(
    analyst: Client, hedger: cast.Player, signal: Signal
) -> None:
    assert "Severity" in preview(analyst, signal, severity="9")
    assert "not known before it is done" in preview(analyst, hedger.line, name="Another")
    assert "it says that already" in preview(analyst, signal)
    assert "No score moves." in preview(analyst, signal, summary="In other words")


def test_without_scripts_a_preview_is_the_whole_page_as_it_was_typed(analyst: Client, signal: Signal) -> None:
    data = {**sent(signal, severity="1", summary="Typed at length", reason=""), "then": "preview"}
    response = analyst.post(address_of("correct", f"signal:{signal.key}"), data)
    assert response.status_code == 200
    assert "Typed at length" in response.content.decode()
    assert "If it is saved" in response.content.decode()
    assert "A correction says why" not in response.content.decode()


# Withdrawing, and taking things back --------------------------------------------------------------


def withdraw(client: Client, row: Model, **sent_too: str) -> int:
    data = {"version": services.version_of(row), "reason": "A hoax.", **sent_too}
    return client.post(address_of("withdraw", reference_of(row)), data).status_code


def test_what_is_withdrawn_leaves_its_history_and_can_be_put_back(
    client: Client, analyst: Client, signal: Signal
) -> None:
    said, before, history = texts_of(signal), scores(), address_of("row_history", f"signal:{signal.key}")
    shown = analyst.post(
        address_of("withdraw", f"signal:{signal.key}"), {"then": "preview"}, headers={"HX-Request": "true"}
    )
    assert withdraw(analyst, signal) == 302
    (points,) = moved(before).values()
    assert f"{points:+.1f}" in text_of(shown.content)
    gone = client.get(signal.get_absolute_url())
    assert gone.status_code == 410
    assert re.search(r"Withdrawn on \d+ \w+ 20\d\d , by analyst: \w+", text_of(gone.content))
    assert f'href="{history}"' in gone.content.decode()
    assert analyst.get(address_of("correct", f"signal:{signal.key}")).status_code == 410
    page = text_of(client.get(history).content)
    assert "not on record any more" in page
    assert "withdrawn by analyst" in page
    assert "Put it back" not in page
    assert "Put it back" in text_of(analyst.get(history).content)
    undo = address_of("undo_correction", f"signal:{signal.key}")
    entry = Entry.objects.get(action="withdrawn")
    assert analyst.post(undo, {"entry": entry.pk}).status_code == 302
    assert client.get(signal.get_absolute_url()).status_code == 200
    assert texts_of(fresh(signal)) == said
    assert moved(before) == {}
    again = analyst.post(undo, {"entry": entry.pk})
    assert again.status_code == 422
    assert "on record again already" in again.content.decode()
    assert verify() == []


def test_a_withdrawal_needs_a_reason_the_newest_version_and_that_nothing_refers_to_it(
    analyst: Client, hedger: cast.Player, signal: Signal
) -> None:
    assert withdraw(analyst, signal, reason="") == 422
    assert withdraw(analyst, signal, version="2020-01-01T00:00:00+00:00") == 409
    address = address_of("withdraw", f"vendor:{hedger.vendor.slug}")
    refused = analyst.post(address, {"version": services.version_of(hedger.vendor), "reason": "Typed <at> length"})
    assert refused.status_code == 422
    assert "Other evidence refers to it" in refused.content.decode()
    assert "Typed &lt;at&gt; length" in refused.content.decode()
    assert find(f"signal:{signal.key}") is not None


def test_a_correction_is_undone_by_another_that_says_what_was(analyst: Client, signal: Signal) -> None:
    severity = str(signal.severity)
    correct(analyst, signal, severity="1")
    correct(analyst, fresh(signal), publisher="The Gazette")
    undo = address_of("undo_correction", f"signal:{signal.key}")
    first = Entry.objects.order_by("pk")[0]
    assert analyst.post(undo, {"entry": first.pk, "reason": "It was right."}).status_code == 302
    assert (texts_of(fresh(signal))["severity"], texts_of(fresh(signal))["publisher"]) == (severity, "The Gazette")
    assert public_log()[0].reason == f"Undid entry {first.pk}: It was right."
    again = analyst.post(undo, {"entry": first.pk})
    assert again.status_code == 422
    assert "Severity was changed since: correct it by hand." in again.content.decode()
    assert analyst.post(undo, {"entry": public_log()[0].pk}).status_code == 302
    assert texts_of(fresh(signal))["severity"] == "1"


def test_only_entries_of_this_row_that_changed_it_are_undone(
    analyst: Client, hedger: cast.Player, signal: Signal
) -> None:
    correct(analyst, hedger.pledge, made_by="Ada")
    services.contest(f"signal:{signal.key}", reason="No", now=NOW)
    undo = address_of("undo_correction", f"signal:{signal.key}")
    others, contested = Entry.objects.order_by("pk")
    assert analyst.post(undo, {"entry": others.pk}).status_code == 404
    assert analyst.post(undo, {"entry": contested.pk}).status_code == 422
    assert analyst.post(undo, {"entry": "x"}).status_code == 422


def test_the_log_leads_an_analyst_to_the_undo(client: Client, analyst: Client, signal: Signal) -> None:
    correct(analyst, signal, severity="1")
    entry = Entry.objects.get()
    link = f"/evidence/signals/{signal.key}/history/#entry-{entry.pk}"
    assert link in analyst.get("/corrections/").content.decode()
    assert link not in client.get("/corrections/").content.decode()


@pytest.mark.parametrize("kind", ["pledge", "license-change", "release", "fact"])
def test_the_address_of_what_was_withdrawn_says_so_for_one_query(
    client: Client, hedger: cast.Player, kind: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    addresses = {"pledge": "/pledges/x/", "license-change": "/changes/x/", "release": "/models/f/x/"}
    address = addresses.get(kind, "/evidence/vendor_facts/x/contest/")
    reader = client_of(Role.VIEWER) if kind == "fact" else client
    assert reader.get(address).status_code == 404
    with CaptureQueriesContext(connection) as before:
        assert reader.get(address).status_code == 404
    note(actor=None, action="withdrawn", subject=f"{kind}:x", at=NOW, before={"a": "b"}, reason="A mistake.")
    with django_assert_num_queries(len(before)):
        page = reader.get(address)
    assert page.status_code == 410
    assert "Withdrawn on 24 Nov 2026 , by the board itself: A mistake." in text_of(page.content)


# History ------------------------------------------------------------------------------------------


def test_the_history_tells_versions_with_and_without_an_entry_once(client: Client, signal: Signal) -> None:
    user = make_user(Role.REVIEWER, "bea")
    signal._change_reason, signal._history_user = "In the admin pages", user  # type: ignore[attr-defined]
    signal.publisher = "The Gazette"
    signal.save()
    services.correct(
        signal, {"severity": "1"}, by=user, reason="Read again", now=NOW, version=services.version_of(fresh(signal))
    )
    page = text_of(client.get(address_of("row_history", f"signal:{signal.key}")).content)
    assert "3 entries" in page
    assert page.count("corrected by reviewer") == 1
    assert page.count("changed by reviewer") == 1
    assert "Changed publisher." in page
    assert "recorded by the board itself" in page
    assert "bea" not in page


def test_a_machine_or_person_that_found_its_source_as_cited_is_part_of_it(client: Client, signal: Signal) -> None:
    check = Check.objects.create(source=signal.source)
    services.confirm(check, by=make_user(Role.ANALYST), now=NOW, reason="I read it in print")
    page = text_of(client.get(address_of("row_history", f"signal:{signal.key}")).content)
    assert "verified by analyst" in page
    assert "I read it in print" in page


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ("/evidence/signals/none/history/", 404),
        ("/evidence/nothing/x/history/", 404),
        ("/evidence/vendor_facts/x/history/", 404),
        ("/evidence/vendor_facts/99999999999999999999999/history/", 404),
    ],
)
def test_what_never_was_has_no_history(client: Client, db: None, wrong: str, status: int) -> None:
    assert client.get(wrong).status_code == status


def test_the_history_takes_no_parameters(client: Client, signal: Signal) -> None:
    assert client.get(address_of("row_history", f"signal:{signal.key}") + "?q=1").status_code == 400


# Freshness ----------------------------------------------------------------------------------------


def test_beside_every_fact_stands_when_it_was_last_verified_and_changed(
    client: Client, hedger: cast.Player, signal: Signal
) -> None:
    for row in (signal, hedger.pledge, hedger.releases[0], cast.make_license("odd-1.0")):
        page = text_of(client.get(row.get_absolute_url()).content)
        assert re.search(r"last verified \d+ \w+ \d{4}, on entry · last changed \d+ \w+ \d{4}", page), row
        assert "its source was never looked at again" in page


def test_what_nobody_rechecked_for_a_year_fades_and_says_so(
    client: Client, hedger: cast.Player, signal: Signal
) -> None:
    old = timezone.now() - timedelta(days=400)
    Signal.objects.filter(pk=signal.pk).update(recorded_at=old)
    said = f"not re-checked since {old.day} {old:%b %Y}"
    line = f"{hedger.line.get_absolute_url()}"
    for address in (signal.get_absolute_url(), line, f"{line}?event=signal:{signal.key}"):
        page = client.get(address).content
        assert said in text_of(page), address
        assert b'class="faded"' in page
    Check.objects.create(source=signal.source, status="ok", checked_at=timezone.now(), last_verified_at=timezone.now())
    again = text_of(client.get(signal.get_absolute_url()).content)
    assert "not re-checked" not in again
    assert "on entry" not in again
    assert "never looked at" not in again


def test_fading_moves_no_score(hedger: cast.Player, signal: Signal) -> None:
    before = scores()
    Signal.objects.filter(pk=signal.pk).update(recorded_at=NOW - timedelta(days=900))
    assert scores() == before


# Second person ------------------------------------------------------------------------------------


def test_what_takes_two_people_is_told_before_and_after_saving_and_waits_in_the_inbox(
    analyst: Client, signal: Signal
) -> None:
    assert "It will wait for a second person: severity 5" in preview(analyst, signal, severity="5")
    assert "second person" not in preview(analyst, signal, summary="In other words")
    address = address_of("correct", f"signal:{signal.key}")
    shown = analyst.post(address, sent(signal, severity="5", summary="Half <of> them"), follow=True)
    page = text_of(shown.content)
    assert "Waits for a second person, who finds it in the inbox ." in page
    assert '<a href="/inbox/">inbox</a>' in shown.content.decode()
    assert "You asked for it. Somebody else has to accept it too: severity 5" in page
    assert "Accept as it is" not in page
    assert fresh(signal).severity == 3  # type: ignore[attr-defined]
    proposal = Proposal.objects.get()
    listed = client_of(Role.REVIEWER).get("/inbox/")
    told = text_of(listed.content)
    assert f"Correction of signal:{signal.key} , asked for by the-analyst: Read it again." in told
    assert "Severity 3 5" in told
    assert f"Summary {signal.summary} Half <of> them" in told
    assert "would move Hedger models by" in told
    assert "the-analyst asked for it. It needs you as the second person: severity 5" in told
    assert f"/inbox/{proposal.pk}/#edit" not in listed.content.decode()


def test_somebody_else_accepts_and_the_public_record_tells_both_by_role(
    client: Client, analyst: Client, signal: Signal
) -> None:
    correct(analyst, signal, severity="5")
    (proposal,) = Proposal.objects.all()
    accept = f"/inbox/{proposal.pk}/accept/"
    assert analyst.post(accept, {"version": proposal.version}).status_code == 422
    reviewer = client_of(Role.REVIEWER)
    assert reviewer.post(accept, {"version": proposal.version}).status_code == 302
    assert fresh(signal).severity == 5  # type: ignore[attr-defined]
    for address in ("/corrections/", address_of("row_history", f"signal:{signal.key}")):
        told = text_of(client.get(address).content)
        assert "corrected by analyst" in told
        assert "seconded by reviewer" in told
        assert "Accepted as the second person: severity 5" in told
        assert "the-analyst" not in told
        assert "proposal" not in told
    assert verify() == []


def test_a_row_changed_meanwhile_is_told_in_words_and_can_be_asked_for_anew(analyst: Client, signal: Signal) -> None:
    correct(analyst, signal, severity="5")
    (proposal,) = Proposal.objects.all()
    reviewer = client_of(Role.REVIEWER)
    assert correct(reviewer, signal, summary="As somebody <else> read it") == 302
    for headers in ({}, {"HX-Request": "true"}):
        refused = reviewer.post(f"/inbox/{proposal.pk}/accept/", {"version": proposal.version}, headers=headers)
        assert refused.status_code == (409 if not headers else 200)
        assert "The row was changed after this was asked of it. Nothing was overwritten" in text_of(refused.content)
    page = reviewer.get(f"/inbox/{proposal.pk}/").content.decode()
    assert f"Summary {signal.summary} As somebody <else> read it –" in text_of(page.encode())
    assert "Severity 3 3 5" in text_of(page.encode())
    form = page[page.index('id="moved"') : page.index("Ask for it anew")]
    data = {name: unescape(text) for name, text in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    anew = reviewer.post(address_of("correct", f"signal:{signal.key}"), data)
    assert anew.status_code == 200
    assert "It will wait for a second person: severity 5" in text_of(anew.content)
    assert "As somebody &lt;else&gt; read it" in anew.content.decode()
    assert reviewer.post(address_of("correct", f"signal:{signal.key}"), {**data, "then": ""}).status_code == 302
    other = Proposal.objects.exclude(pk=proposal.pk).get()
    assert analyst.post(f"/inbox/{other.pk}/accept/", {"version": other.version}).status_code == 302
    assert texts_of(fresh(signal))["summary"] == "As somebody <else> read it"
    assert texts_of(fresh(signal))["severity"] == "5"


def test_a_withdrawal_and_its_return_take_two_as_well(analyst: Client, signal: Signal) -> None:
    signal.severity = 5
    signal.save()
    row = fresh(signal)
    address = address_of("withdraw", f"signal:{signal.key}")
    shown = analyst.post(address, {"then": "preview"}, headers={"HX-Request": "true"})
    assert "It will wait for a second person: severity 5" in text_of(shown.content)
    assert withdraw(analyst, row) == 302
    assert find(f"signal:{signal.key}") is not None
    reviewer, (proposal,) = client_of(Role.REVIEWER), Proposal.objects.all()
    assert f"Withdrawal of signal:{signal.key}" in text_of(reviewer.get("/inbox/").content)
    reviewer.post(f"/inbox/{proposal.pk}/accept/", {"version": proposal.version})
    assert find(f"signal:{signal.key}") is None
    assert reviewer.get(f"/inbox/{proposal.pk}/").status_code == 200
    entry = Entry.objects.get(action="withdrawn")
    undo = address_of("undo_correction", f"signal:{signal.key}")
    asked = analyst.post(undo, {"entry": entry.pk}, follow=True)
    assert "Waits for a second person" in text_of(asked.content)
    assert "Return of what was withdrawn of" in text_of(asked.content)
    back = Proposal.objects.get(deed="restore")
    reviewer.post(f"/inbox/{back.pk}/accept/", {"version": back.version})
    assert texts_of(fresh(signal)) == texts_of(row)


def test_what_waits_is_undone_in_the_inbox_before_and_after(analyst: Client, signal: Signal) -> None:
    correct(analyst, signal, severity="5")
    reviewer = client_of(Role.REVIEWER)

    def do(client: Client, deed: str) -> tuple[str, int]:
        (proposal,) = Proposal.objects.all()
        assert client.post(f"/inbox/{proposal.pk}/{deed}/", {"version": proposal.version}).status_code == 302
        proposal.refresh_from_db()
        return proposal.state, fresh(signal).severity  # type: ignore[attr-defined]

    assert "Undo the chosen" in text_of(analyst.get("/inbox/").content)
    assert do(analyst, "undo") == ("waiting", 3)
    assert "It needs two people: severity 5" in text_of(reviewer.get("/inbox/").content)
    assert do(reviewer, "accept") == ("second", 3)
    assert do(analyst, "accept") == ("accepted", 5)
    assert do(reviewer, "undo") == ("second", 3)
    assert do(analyst, "accept") == ("accepted", 5)


def test_where_one_person_decides_the_form_and_the_record_say_so(
    client: Client, analyst: Client, signal: Signal, settings: Settings
) -> None:
    settings.SECOND_PERSON = False
    assert "One person decides on this board, though: severity 5" in preview(analyst, signal, severity="5")
    correct(analyst, signal, severity="5")
    assert fresh(signal).severity == 5  # type: ignore[attr-defined]
    assert "not seconded by analyst" in text_of(client.get("/corrections/").content)


def test_the_effect_of_what_waits_is_measured_again_as_of_that_day(analyst: Client, signal: Signal) -> None:
    correct(analyst, signal, severity="5")
    (proposal,) = Proposal.objects.all()
    noted = proposal.effect
    assert noted is not None
    assert noted < 0
    Proposal.objects.update(effect=None, measured={})
    assert measuring.measure_waiting(timezone.now().date()) == 1
    proposal.refresh_from_db()
    assert proposal.effect == pytest.approx(noted)
