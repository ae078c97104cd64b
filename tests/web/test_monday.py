"""The page of a change on Monday: for anybody, and what only a team sees of it."""

import html
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import LicenseChange, Release
from riskboard.ingest.drafts import SeenOffer
from riskboard.ingest.hosting import keep_offers
from riskboard.ingest.models import Feed
from riskboard.portfolio.hits import Hit, Hits, by_license, by_service
from riskboard.portfolio.models import Company, ExitPlan, Membership, Rehearsal, Team
from riskboard.web.access import Role
from riskboard.web.pages.change_kind import Kind, kind_of, touched
from riskboard.web.pages.changes import change_page, change_url, find_change
from riskboard.web.pages.ended_elsewhere import ended_elsewhere, taken_back
from riskboard.web.pages.monday import Monday, monday_page
from riskboard.web.pages.monday_ours import Ours, ours_of
from scoring.kept import shelf
from tests import cast
from tests.portfolio.making import make_deployment, make_team, make_workflow
from tests.web.people import client_of, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 4, 20)
NOW = datetime(2026, 4, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)


def monday_of(key: str) -> Monday:
    change = find_change(key)
    assert change is not None
    page = change_page(change, TODAY)
    return monday_page(change, page.told, page.report, TODAY)


def ours_on(key: str, team: Team) -> Ours:
    change = find_change(key)
    assert change is not None
    return ours_of(change, touched(change, shelf().releases), team, TODAY)


def key_of(release: Release) -> str:
    url = change_url(release)
    assert url is not None
    return url.strip("/").rpartition("/")[2]


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def steps(monday: Monday) -> str:
    return " ".join(step for stretch in monday.steps for step in stretch.steps)


def tightening(**fields: Any) -> tuple[LicenseChange, list[Release]]:
    """An old release, a change of its family's terms, and a new one under them."""
    family = cast.make_family()
    before, after = cast.make_license(), cast.make_community_license()
    old = cast.make_release(family, date(2025, 1, 1), license=before)
    change = cast.make_license_change(family, before, after, date(2026, 1, 1), **fields)
    return change, [old, cast.make_release(family, date(2026, 1, 1), license=after)]


# For anybody -------------------------------------------------------------------------------------


def test_steps_name_what_to_pin_what_to_look_for_and_what_to_read() -> None:
    change, (old, new) = tightening()
    said = monday_of(change.key)
    assert [stretch.label for stretch in said.steps] == ["First 24 hours", "First 7 days", "First 90 days"]
    assert f"Pin what you run of {old.name} to a revision: these keep {change.from_license.name}." in steps(said)
    assert f"Look for {new.name} among what you run" in steps(said)
    assert "Above 100,000,000 monthly active users: a separate license is needed" in steps(said)


def test_steps_follow_the_kind_of_change() -> None:
    back, _ = tightening(applies_to="all_versions")
    looser, _ = tightening(direction="loosening")
    code, _ = tightening(scope="code")
    family = cast.make_family()
    gone = cast.make_release(family, date(2024, 1, 1), withdrawn_on=date(2025, 5, 5), access="withdrawn")
    closed = cast.make_release(family, date(2026, 1, 1), access="api_only")
    ended = cast.make_release(family, date(2024, 1, 1), hosted_ended_on=date(2025, 5, 5))
    gating = cast.make_signal(family.line.vendor, "gating")
    told = {
        back.key: (Kind.TIGHTER_FOR_ALL, "Ask counsel whether copies of"),
        looser.key: (Kind.LOOSER, "Nothing has to be done today"),
        code.key: (Kind.BESIDE, "Touch no weights"),
        key_of(gone): (Kind.WITHDRAWN, f"Stop builds that download {gone.hf_repo}"),
        key_of(closed): (Kind.NEXT_CLOSED, "was not taken back by this"),
        key_of(ended): (Kind.SERVICE_ENDED, f"Plan to run {ended.name} on machines of your own"),
        gating.key: (Kind.GATED, "with the account that your builds use"),
    }
    found = {}
    for key, (kind, words) in told.items():
        change = find_change(key)
        assert change is not None
        assert kind_of(change) is kind
        found[key] = steps(monday_of(key))
        assert words in found[key]
    assert len(set(found.values())) == len(told)


def test_which_releases_are_hit_and_which_are_spared() -> None:
    change, (old, new) = tightening()
    later = cast.make_release(change.family, date(2026, 3, 1), license=change.from_license)
    found = monday_of(change.key).touched
    assert (found.hit, found.spared) == ((new,), (later, old))
    back, (before, after) = tightening(applies_to="all_versions")
    assert monday_of(back.key).touched.hit == (after, before)
    assert f"whether copies of {before.name} taken before keep" in steps(monday_of(back.key))
    # Two texts that are one license on record.
    same = cast.make_license_change(
        before.family, back.to_license, back.to_license, date(2026, 2, 1), applies_to="all_versions"
    )
    later = cast.make_release(before.family, date(2026, 3, 1), license=back.to_license)
    assert monday_of(same.key).touched.hit == (later, after)


def test_whom_it_bites_is_said_of_what_was_read_and_unknown_else() -> None:
    blank = dict.fromkeys(("use_restrictions", "output_training_restriction", "naming_obligation", "terminable"))
    family, before = cast.make_family(), cast.make_license()
    unread = cast.make_license("unread-2", text_read=False, commercial_use="no", irrevocable=None, **blank)
    change = cast.make_license_change(family, before, unread, date(2026, 1, 1))
    whom = {each.clause: each for each in monday_of(change.key).whom}
    assert whom["Commercial use"].whom == "Whoever uses it commercially: not allowed."
    assert whom["Commercial use"].is_new is True
    assert whom["Vendor can end it"].whom == "unknown: text not read"
    assert whom["Vendor can end it"].is_new is None
    assert whom["Limits"].is_known is False
    looser = cast.make_license_change(family, unread, before, date(2026, 2, 1), direction="loosening")
    assert monday_of(looser.key).whom == ()


def test_who_serves_it_and_until_when(client: Client) -> None:
    change, (_, new) = tightening()
    page = text_of(client, change.get_absolute_url())
    assert "Who serves it is unknown: no host was seen yet." in page
    feed = Feed.objects.create(slug="openrouter", name="OpenRouter", connector="openrouter")
    keep_offers(feed, [SeenOffer("m", "Acme Cloud", new.hf_repo, "up", Decimal(1), ends_on=date(2026, 9, 1))], NOW)
    page = text_of(client, change.get_absolute_url())
    assert "Served by Acme Cloud. The first announced end is 1 Sep 2026." in page
    assert "first announced end 1 Sep 2026" in page.split("Hosted by")[1]


def test_every_claim_of_a_brief_has_a_note_that_is_there(client: Client) -> None:
    change, (old, _) = tightening(source=cast.make_source("https://evil.example/x", "<script>alert(1)</script>"))
    gone = cast.make_release(old.family, date(2024, 1, 1), withdrawn_on=date(2025, 5, 5), access="withdrawn")
    for address in (change.get_absolute_url(), f"/changes/withdrawn-{gone.slug}/"):
        content = client.get(address).content.decode()
        assert "<script>alert" not in content
        notes = set(re.findall(r'id="note-(\d+)"', content))
        assert notes
        for brief in re.findall(r'<section class="card block brief".*?</section>', content, re.DOTALL)[:2]:
            claims = re.findall(r"<li>.*?</li>", brief, re.DOTALL)
            assert len(claims) > 3
            for claim in claims:
                called = re.findall(r'href="#note-(\d+)"', claim)
                assert called
                assert set(called) <= notes


def test_a_recalled_change_is_said_to_rest_on_nothing() -> None:
    change, _ = tightening(source=cast.make_source("", "recalled"))
    said = monday_of(change.key)
    assert "It rests on: recalled, unverified." in said.counsel[0].text
    assert said.counsel[0].notes[0].is_recalled


def test_how_such_changes_ended_is_counted_from_what_is_like_it() -> None:
    change, _ = tightening()
    found = monday_of(change.key).elsewhere
    assert found.ending is not None
    assert found.ending.kind == "relicense_restrictive"
    assert 0 < found.ending.reversed.k < found.ending.reversed.n
    assert all(case.domain == "ai_model" and case.failed for case in found.models)
    assert ended_elsewhere(Kind.WITHDRAWN, [], TODAY).here is None
    assert ended_elsewhere(Kind.LOOSER, [], TODAY).ending is None


def test_a_tightening_that_was_taken_back_is_counted_so() -> None:
    change, _ = tightening()
    other, _ = tightening()
    assert (taken_back([change, other], TODAY).k, taken_back([change, other], TODAY).n) == (0, 2)
    assert change.family is not None
    undone = cast.make_license_change(
        change.family, change.to_license, change.from_license, date(2026, 3, 1), direction="loosening"
    )
    assert taken_back([change, other, undone], TODAY).k == 1
    assert taken_back([change, other, undone], date(2026, 2, 1)).k == 0


def test_who_maintains_it_is_unknown_unless_recorded(client: Client) -> None:
    change, (_, new) = tightening()
    page = text_of(client, change.get_absolute_url()).split("If no next version comes")[1]
    assert "unknown: not on record" in page
    assert "nobody is on record as having taken them on" in page
    cast.make_fact(change.vendor, "governance", "foundation")
    upkeep = monday_of(change.key).upkeep
    assert upkeep.governed == "a foundation holds it, and can go on without the vendor"
    assert upkeep.newest == new


# For a team --------------------------------------------------------------------------------------


def member_of(team: Team) -> Client:
    user = User.objects.filter(username=f"of-{team.pk}").first() or make_user(Role.VIEWER, f"of-{team.pk}")
    Membership.objects.get_or_create(team=team, user=user, defaults={"since_at": timezone.now()})
    client = Client()
    client.force_login(user)
    return client


def answer(ours: Ours, reference: str) -> Hit:
    (found,) = (each for each in ours.hits if each.deployment.reference == reference)
    return found


def test_what_it_hits_of_a_team_and_why() -> None:
    change, (old, new) = tightening()
    team = make_team()
    make_deployment(team, old, reference="old")
    make_deployment(team, new, reference="tuned", relation="fine_tune")
    make_deployment(team, reference="nobody-knows")
    make_deployment(team, cast.make_release(), reference="of another vendor")
    make_deployment(team, new, reference="gone", retired_on=date(2026, 1, 1))
    ours = ours_on(change.key, team)
    assert [each.hits for each in ours.hits] == [Hits.YES, Hits.UNKNOWN, Hits.NO]
    assert answer(ours, "tuned").why.startswith(f"As a fine-tune of it ({new.name}): ")
    assert answer(ours, "old").why == "Did not reach this release: only versions after it."
    assert answer(ours, "nobody-knows").why == "Unknown: it is matched to no release on record."
    assert ours.elsewhere == 1


def test_a_change_to_all_versions_hits_what_came_under_the_old_terms() -> None:
    change, (old, _) = tightening(applies_to="all_versions")
    team = make_team()
    assert by_license(make_deployment(team, old), change).hits is Hits.YES
    nameless = make_deployment(team, cast.make_release(change.family, date(2025, 2, 2), license=None))
    assert by_license(nameless, change).hits is Hits.UNKNOWN
    sibling = cast.make_release(cast.make_family(change.family.line if change.family else None))
    assert by_license(make_deployment(team, sibling), change).hits is Hits.NO
    code, (under, _) = tightening(scope="code")
    assert by_license(make_deployment(team, under), code).hits is Hits.UNKNOWN


def test_a_withdrawal_and_the_end_of_a_service_hit_by_release() -> None:
    family, team = cast.make_family(), make_team()
    gone = cast.make_release(family, date(2024, 1, 1), withdrawn_on=date(2025, 5, 5), access="withdrawn")
    left = cast.make_release(family, date(2024, 2, 1), hosted_ended_on=date(2025, 5, 5))
    make_deployment(team, gone, reference="gone", mirror="none")
    make_deployment(team, left, reference="left")
    ours = ours_on(key_of(gone), team)
    assert answer(ours, "gone").why == f"The weights of {gone.name} were withdrawn. You hold no copy."
    assert answer(ours, "left").hits is Hits.NO
    ended = ours_on(key_of(left), team)
    assert answer(ended, "left").why == f"You run {left.name} on your own machines."
    hosted = make_deployment(team, left, served_by="Acme Cloud")
    assert by_service(hosted, {left.pk}, "Vendor").hits is Hits.UNKNOWN
    assert by_service(hosted, {left.pk}, "Acme Cloud").hits is Hits.YES
    signal = cast.make_signal(family.line.vendor, "gating")
    assert {each.hits for each in ours_on(signal.key, team).hits} == {Hits.UNKNOWN}


def test_the_new_terms_are_judged_for_the_company_and_the_gap_is_told() -> None:
    change, (old, _) = tightening()
    team = make_team()
    make_deployment(team, old, reference="slow", switch_days=40)
    make_deployment(team, old, reference="unsaid")
    assert not ours_on(change.key, team).has_profile
    Company.objects.create(team=team, monthly_users=200_000_000, is_commercial=True)
    ours = ours_on(change.key, team)
    (limit,) = (each for each in ours.bearings if each.verdict.clause.startswith("Above 100,000,000"))
    assert limit.verdict.verdict == "bites"
    assert limit.before is None
    (commercial,) = (each for each in ours.bearings if each.verdict.clause == "Commercial use")
    assert commercial.differs
    assert [gap.days for gap in ours.gaps] == [40, None]
    assert ours.gaps[0].must_act


def test_only_the_team_sees_its_part_and_nothing_keeps_it(client: Client) -> None:
    change, (old, _) = tightening()
    team, other = make_team("Secret team"), make_team("Second team")
    workflow = make_workflow(team, "Secret workflow")
    make_deployment(team, old, reference="acme/secret-model", workflow=workflow)
    make_deployment(other, old, reference="acme/their-model")
    address = change.get_absolute_url()
    secrets = ("Secret team", "Secret workflow", "acme/secret-model")

    mine = member_of(team).get(address)
    shown = mine.content.decode()
    assert all(secret in shown for secret in secrets)
    assert "acme/their-model" not in shown
    assert {"no-store", "private"} <= {part.strip() for part in mine.headers["Cache-Control"].split(",")}

    teamless = client_of(Role.ADMIN).get(address).content.decode()
    theirs = member_of(other).get(address).content.decode()
    after = client.get(address)
    for page in (teamless, theirs, after.content.decode()):
        assert not [secret for secret in secrets if secret in page]
    assert "acme/their-model" in theirs
    assert "make or join a team" in teamless
    assert "What it hits of ours" not in after.content.decode()
    assert "make or join a team" not in after.content.decode()
    assert "Cookie" in after.headers["Vary"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "{{ 7 }}"])
def test_names_of_a_team_are_escaped(hostile: str) -> None:
    change, (old, _) = tightening()
    team = make_team(hostile)
    make_deployment(team, old, reference=hostile, workflow=make_workflow(team, hostile, owner=hostile))
    assert "<script>alert" not in member_of(team).get(change.get_absolute_url()).content.decode()


def test_a_member_gets_the_page_in_few_queries_at_any_size(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    change, (old, new) = tightening()
    team = make_team()
    Company.objects.create(team=team)
    for number in range(15):
        deployment = make_deployment(team, (old, new)[number % 2])
        plan = ExitPlan.objects.create(deployment=deployment)
        Rehearsal.objects.create(plan=plan, held_on=TODAY, outcome="passed", took_days=3)
    client = member_of(team)
    client.get(change.get_absolute_url())
    with django_assert_max_num_queries(12):
        assert client.get(change.get_absolute_url()).status_code == 200


def test_every_change_on_record_has_its_monday(scored: None, on_that_day: date) -> None:
    team = make_team()
    for release in Release.objects.filter(flagship=True)[:40]:
        make_deployment(team, release)
    Company.objects.create(team=team, monthly_users=5, is_commercial=True, countries="DE")
    keys = [*LicenseChange.objects.values_list("key", flat=True)]
    keys += [key_of(each) for each in Release.objects.exclude(withdrawn_on=None)]
    for key in keys:
        said = monday_of(key)
        assert all(stretch.steps for stretch in said.steps), key
        assert said.counsel, key
        assert all(claim.notes for claim in (*said.counsel, *said.technology)), key
        ours = ours_on(key, team)
        assert all(each.why for each in ours.hits), key
