"""What a team runs: the list and its file, the list to pick from, and the forms."""

import csv
import io
import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client

from riskboard.catalog.models import Release
from riskboard.portfolio.columns import HEADER
from riskboard.portfolio.models import Deployment, Team, Workflow
from riskboard.web.access import Role
from tests import cast
from tests.portfolio.making import make_deployment, make_workflow
from tests.web.people import client_of, make_user, team_for

pytestmark = pytest.mark.django_db
LIST = "/portfolio/deployments/"
FILE = "/portfolio/deployments.csv"
NEW = "/portfolio/deployments/new/"


@pytest.fixture
def owner() -> User:
    return make_user(Role.VIEWER, "ann")


@pytest.fixture
def team(owner: User) -> Team:
    return team_for(owner)


@pytest.fixture
def theirs(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


@pytest.fixture
def release() -> Release:
    return cast.keeper().releases[0]


def text(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return response.content.decode()


def version_in(page: str) -> str:
    return page.split('name="version" value="')[1].split('"', maxsplit=1)[0]


def typed(deployment: Deployment, client: Client, **fields: str) -> dict[str, str]:
    """What the form of a deployment sends, with some of it changed."""
    usual = {
        "version": version_in(text(client, f"{LIST}{deployment.pk}/edit/")),
        "workflow": str(deployment.workflow_id),
        "environment": deployment.environment,
        "reference": deployment.reference,
        "scheme": deployment.scheme,
        "relation": deployment.relation,
        "mirror": deployment.mirror,
    }
    return usual | fields


def added(client: Client, **fields: str) -> HttpResponse:
    usual = {"reference": "acme/own", "scheme": "hugging_face", "environment": "production", "relation": "same"}
    sent = usual | {"mirror": "unknown", "new_name": "Chat"} | fields
    return client.post(NEW, sent)  # type: ignore[return-value]  # the stubs have a type of their own


# The list -----------------------------------------------------------------------------------------


def test_an_empty_list_tells_the_ways_in(theirs: Client, team: Team) -> None:
    page = text(theirs, LIST)
    assert "Pick from the list" in page
    assert f'href="{NEW}"' in page
    assert "<table" not in page


def test_the_list_says_what_is_unknown_and_not_matched(theirs: Client, team: Team, release: Release) -> None:
    make_deployment(team, release, switch_days=30, revision="0a1b2c3d4e5f6789")
    make_deployment(team, reference="acme/own")
    page = text(theirs, LIST)
    assert "2 deployments" in page
    assert release.name in page
    assert "revision 0a1b2c3d4e" in page
    assert '<span class="tag unknown">not matched</span>' in page
    assert '<span class="flat">unknown</span>' in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"keeper", "acme/own"}),
        ("?matched=yes", {"keeper"}),
        ("?matched=no", {"acme/own"}),
        ("?vendor=keeper", {"keeper"}),
        ("?environment=staging", {"acme/own"}),
        ("?show=retired", {"acme/old"}),
    ],
)
def test_filters_narrow_the_list_and_its_file_alike(
    theirs: Client, team: Team, release: Release, query: str, found: set[str]
) -> None:
    make_deployment(team, release, reference="keeper")
    make_deployment(team, reference="acme/own", environment="staging")
    make_deployment(team, reference="acme/old", retired_on=date(2026, 1, 1))
    listed = set(re.findall(r'<a class="ref" href="[^"]+">([^<]+)</a>', text(theirs, LIST + query)))
    content = theirs.get(FILE + query).getvalue().decode()
    assert listed == found
    assert {row["model"] for row in csv.DictReader(io.StringIO(content))} == found


def test_a_workflow_is_a_filter_and_another_teams_is_not(theirs: Client, team: Team) -> None:
    one, _ = make_deployment(team, reference="acme/one"), make_deployment(team, reference="acme/two")
    foreign = make_deployment(team_for(make_user(Role.VIEWER, "eve")), reference="acme/secret")
    page = text(theirs, f"{LIST}?workflow={one.workflow_id}")
    assert "acme/one" in page
    assert "acme/two" not in page
    assert theirs.get(f"{LIST}?workflow={foreign.workflow_id}").status_code == 400


@pytest.mark.parametrize("query", ["?x=1", "?environment=moon", "?vendor=nobody", "?page=0", "?matched=maybe"])
def test_what_the_list_does_not_know_is_refused(theirs: Client, team: Team, query: str) -> None:
    assert theirs.get(LIST + query).status_code == 400
    assert theirs.get(FILE + query).status_code == 400


def test_a_page_beyond_the_last_is_not_there(theirs: Client, team: Team) -> None:
    workflow = make_workflow(team)
    for number in range(51):
        make_deployment(team, workflow=workflow, reference=f"acme/{number:02}")
    assert "acme/50" in text(theirs, f"{LIST}?page=2")
    assert theirs.get(f"{LIST}?page=3").status_code == 404


def test_a_part_of_the_list_comes_alone_and_caches_keep_the_two_apart(theirs: Client, team: Team) -> None:
    make_deployment(team)
    whole = theirs.get(LIST)
    part = theirs.get(f"{LIST}?matched=no", headers={"HX-Request": "true"})
    assert "HX-Request" in whole.headers["Vary"]
    assert "private" in whole.headers["Cache-Control"]
    assert part.content.decode().strip().startswith('<div class="busy" id="list">')
    assert part.headers["HX-Push-Url"] == f"{LIST}?matched=no"


def test_the_file_has_the_columns_of_an_import_and_nothing_in_it_runs(theirs: Client, team: Team) -> None:
    workflow = make_workflow(team, "=HYPERLINK(1)", owner="@ann", tier=1)
    make_deployment(team, workflow=workflow, reference="+acme/own", note="-1\n=2", served_by="Chat, Inc.")
    response = theirs.get(FILE)
    content = response.getvalue().decode()
    header, row = csv.reader(io.StringIO(content, newline=""))
    assert tuple(header) == HEADER
    cells = dict(zip(header, row, strict=True))
    assert (cells["workflow"], cells["owner"], cells["model"]) == ("'=HYPERLINK(1)", "'@ann", "'+acme/own")
    assert (cells["note"], cells["served_by"], cells["tier"]) == ("'-1\n=2", "Chat, Inc.", "1")
    assert (cells["switch_days"], cells["mirror"]) == ("", "unknown")
    assert response.headers["Content-Disposition"] == 'attachment; filename="deployments.csv"'


# Another team's rows -------------------------------------------------------------------------------


def test_another_teams_deployment_is_not_there_even_for_an_admin(team: Team) -> None:
    deployment = make_deployment(team, reference="acme/secret")
    admin = client_of(Role.ADMIN)
    team_for(User.objects.get(username="the-admin"))
    address = f"{LIST}{deployment.pk}/"
    assert [admin.get(address).status_code, admin.get(f"{address}edit/").status_code] == [404, 404]
    assert [admin.post(f"{address}{part}/").status_code for part in ("edit", "retire")] == [404, 404]
    assert "acme/secret" not in text(admin, f"{LIST}?matched=no")
    assert b"acme/secret" not in admin.get(FILE).getvalue()
    sent = added(admin, new_name="", workflow=str(deployment.workflow_id))
    assert sent.status_code == 422
    assert Deployment.objects.get() == deployment


# Picking ------------------------------------------------------------------------------------------


def test_the_newest_flagships_are_offered_before_anything_is_asked(
    theirs: Client, team: Team, release: Release
) -> None:
    gone = cast.make_release(release.family, date(2026, 1, 1), withdrawn_on=date(2026, 2, 1), flagship=True)
    page = text(theirs, NEW)
    assert f'href="{NEW}?release={release.slug}"' in page
    assert gone.slug not in page


def test_a_search_finds_releases_as_a_page_and_as_a_part(theirs: Client, team: Team, release: Release) -> None:
    whole = text(theirs, f"{NEW}?q={release.name}")
    part = text(theirs, f"{NEW}?q={release.name}", **{"HX-Request": "true"})
    for page in (whole, part):
        assert f'href="{NEW}?release={release.slug}"' in page
    assert part.strip().startswith('<div class="found busy" id="found">')
    assert "HX-Request" in theirs.get(NEW).headers["Vary"]


def test_what_is_not_in_the_catalog_can_be_written_down(theirs: Client, team: Team) -> None:
    page = text(theirs, f"{NEW}?q=acme/own")
    assert "No release is named like it." in page
    assert f'href="{NEW}?model=acme%2Fown"' in page
    assert 'name="reference" value="acme/own"' in text(theirs, f"{NEW}?model=acme/own")


def test_a_picked_release_begins_the_form(theirs: Client, team: Team, release: Release) -> None:
    page = text(theirs, f"{NEW}?release={release.slug}")
    named = release.hf_repo or release.name
    assert f'name="reference" value="{named}"' in page
    assert f'name="stands_on" value="{named}"' in page


@pytest.mark.parametrize("query", ["?release=nobody", "?release=a b", "?by=foot", "?x=1"])
def test_what_the_pick_list_does_not_know_is_refused(theirs: Client, team: Team, query: str) -> None:
    assert theirs.get(NEW + query).status_code == 400


def test_what_is_searched_is_text(theirs: Client, team: Team) -> None:
    page = text(theirs, f'{NEW}?q="><script>alert(1)</script>')
    assert "<script>alert" not in page


# Forms --------------------------------------------------------------------------------------------


def test_a_name_and_a_workflow_are_all_it_takes(theirs: Client, team: Team) -> None:
    response = added(theirs)
    deployment = Deployment.objects.of(team).get()
    assert response.headers["Location"] == deployment.get_absolute_url()
    assert (deployment.workflow.name, deployment.matched, deployment.release) == ("Chat", "none", None)
    assert (deployment.switch_days, deployment.embed_depth, deployment.workflow.tier) == (None, None, None)
    page = text(theirs, deployment.get_absolute_url())
    assert "Nobody said how long a switch takes." in page
    assert "counts nowhere, and that is not the same as safe" in page
    assert "by ann" in page


def test_a_new_workflow_comes_with_what_is_known_of_it(theirs: Client, team: Team) -> None:
    added(theirs, new_owner="Ops", new_tier="2", new_tolerated="1.5")
    workflow = Workflow.objects.get()
    assert (workflow.owner, workflow.tier, str(workflow.tolerated_days)) == ("Ops", 2, "1.50")


def test_a_release_is_found_by_hub_id_and_by_name(theirs: Client, team: Team) -> None:
    release = cast.make_release(hf_repo="Keeper/One-7B", name="One 7B")
    added(theirs, reference="keeper/one-7b", stands_on="keeper/one-7b")
    added(theirs, reference="acme/tuned", stands_on="one 7b", relation="fine_tune", new_name="Mail")
    exact, tuned = Deployment.objects.order_by("pk")
    assert (exact.release, exact.matched) == (release, "exact")
    assert (tuned.release, tuned.matched) == (release, "manual")
    assert "fine-tune of it · chosen by hand</small>" in text(theirs, tuned.get_absolute_url())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new_name": ""}, "what would stop without this model?"),
        ({"reference": ""}, "This field is required."),
        ({"stands_on": "nobody/nothing"}, "No release goes by this name."),
        ({"switch_low": "1"}, "All three or none"),
        ({"switch_low": "3", "switch_likely": "2", "switch_high": "4"}, "At best is the least"),
        ({"switch_low": "-3", "switch_likely": "2", "switch_high": "4"}, "At best is the least"),
        ({"mirror": "verified"}, "A copy counts as verified with the hash"),
        ({"mirror_sha256": "abc"}, "64 digits from 0 to f."),
        ({"revision": "main"}, "A commit: 7 to 64 digits from 0 to f."),
        ({"license_text_on": "2999-01-01"}, "This day is in the future."),
        ({"new_tolerated": "-1"}, "greater than or equal to 0"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    theirs: Client, team: Team, fields: dict[str, str], words: str
) -> None:
    response = added(theirs, **({"note": "typed with care"} | fields))
    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "typed with care" in page
    assert not Workflow.objects.exists()


def test_a_workflow_is_chosen_or_named_and_not_both(theirs: Client, team: Team) -> None:
    known = make_workflow(team, "Chat")
    both = added(theirs, workflow=str(known.pk), new_name="Mail")
    taken = added(theirs, new_name="chat")
    assert "not both" in both.content.decode()
    assert "The team has a workflow “chat” already." in taken.content.decode()
    assert added(theirs, workflow=str(known.pk), new_name="").status_code == 302
    again = added(theirs, workflow=str(known.pk), new_name="")
    assert "acme/own is listed in Chat, production already." in again.content.decode()
    assert Deployment.objects.count() == 1


def test_an_edit_moves_a_model_to_a_new_workflow(theirs: Client, team: Team) -> None:
    deployment = make_deployment(team, workflow=make_workflow(team, "Chat"))
    sent = typed(deployment, theirs, workflow="", new_name="Mail")
    assert "none of these: a new one" in text(theirs, f"{LIST}{deployment.pk}/edit/")
    assert theirs.post(f"{LIST}{deployment.pk}/edit/", sent).status_code == 302
    deployment.refresh_from_db()
    assert deployment.workflow.name == "Mail"
    assert set(team.workflows.values_list("name", flat=True)) == {"Chat", "Mail"}


def test_an_edit_keeps_how_a_model_was_matched_until_its_names_change(
    theirs: Client, team: Team, release: Release
) -> None:
    deployment = make_deployment(team, release, reference="acme/tuned", matched="alias", matched_why="As on a hub.")
    named = release.hf_repo or release.name
    address = f"{LIST}{deployment.pk}/edit/"
    theirs.post(address, typed(deployment, theirs, stands_on=named, note="Seen."))
    deployment.refresh_from_db()
    assert (deployment.note, deployment.matched, deployment.matched_why) == ("Seen.", "alias", "As on a hub.")
    theirs.post(address, typed(deployment, theirs, stands_on=""))
    deployment.refresh_from_db()
    assert (deployment.release, deployment.matched) == (None, "none")


def test_the_second_saver_sees_both_and_loses_nothing(theirs: Client, team: Team) -> None:
    deployment = make_deployment(team, reference="acme/own", note="as it was")
    address = f"{LIST}{deployment.pk}/edit/"
    mine = typed(deployment, theirs, note="mine", switch_days="9")
    theirs.post(address, typed(deployment, theirs, note="of another"))
    response = theirs.post(address, mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert '<td data-label="It says now">of another</td><td data-label="You typed">mine</td>' in page
    assert 'name="switch_days" value="9"' in page
    deployment.refresh_from_db()
    assert (deployment.note, deployment.switch_days) == ("of another", None)
    theirs.post(address, mine | {"version": version_in(page)})
    deployment.refresh_from_db()
    assert (deployment.note, deployment.switch_days) == ("mine", 9)


def test_a_deployment_is_retired_and_taken_back(theirs: Client, team: Team) -> None:
    deployment = make_deployment(team, reference="acme/own")
    address = f"{LIST}{deployment.pk}/retire/"
    assert "Retired. It stays on record" in theirs.post(address, follow=True).content.decode()
    assert "acme/own" not in text(theirs, f"{LIST}?matched=no")
    assert "In use again." in theirs.post(address, {"do": "reinstate"}, follow=True).content.decode()
    theirs.post(address)
    make_deployment(team, workflow=deployment.workflow, reference="acme/own")
    assert "is listed in" in theirs.post(address, {"do": "reinstate"}, follow=True).content.decode()


def test_what_a_team_wrote_is_text(theirs: Client, team: Team) -> None:
    hostile = "<script>alert(1)</script>"
    deployment = make_deployment(team, reference=hostile, note=hostile, mirror_place=hostile, license_text=hostile)
    for address in (LIST, deployment.get_absolute_url(), f"{deployment.get_absolute_url()}edit/"):
        assert "<script>alert" not in text(theirs, address)


def test_nothing_of_a_portfolio_is_on_pages_that_all_see(theirs: Client, team: Team, release: Release) -> None:
    make_deployment(team, release, reference="acme/secret", workflow=make_workflow(team, "Secret workflow"))
    for address in (release.get_absolute_url(), "/corrections/", release.family.line.get_absolute_url()):
        page = Client().get(address).content.decode()
        assert "acme/secret" not in page
        assert "Secret workflow" not in page
