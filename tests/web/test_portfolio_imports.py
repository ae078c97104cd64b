"""From a file to the list: what was sent, what it names, and what of it was recorded."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from riskboard.portfolio.models import Deployment, PortfolioImport, Team
from riskboard.web.access import Role
from tests.cast import make_release
from tests.portfolio.making import make_deployment, make_import, make_workflow
from tests.web.people import client_of, make_user, team_for

pytestmark = pytest.mark.django_db
IMPORTS = "/portfolio/import/"


@pytest.fixture
def team() -> Team:
    return team_for(make_user(Role.VIEWER))


@pytest.fixture
def client(team: Team) -> Client:
    return client_of(Role.VIEWER)


def shown(client: Client, imported: PortfolioImport, status: int = 200) -> str:
    response = client.get(imported.get_absolute_url())
    assert response.status_code == status
    return response.content.decode()


def test_pasted_text_is_shown_before_anything_is_listed(client: Client, team: Team) -> None:
    make_release(hf_repo="keeper/Model-7B", name="Model 7B")
    response = client.post(IMPORTS, {"text": "vllm serve keeper/Model-7B\nvllm serve acme/own\n"}, follow=True)
    page = response.content.decode()
    assert "Model 7B" in page
    assert "exact name" in page
    assert "not matched" in page
    assert not Deployment.objects.of(team).exists()
    assert "pasted text" in client.get(IMPORTS).content.decode()


def test_a_file_of_a_chosen_kind_is_read(client: Client, team: Team) -> None:
    file = SimpleUploadedFile("list.txt", b"model\nacme/own\n")
    assert client.post(IMPORTS, {"file": file, "kind": "csv"}).status_code == 302
    assert (team.imports.get().name, team.imports.get().kind) == ("list.txt", "csv")


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": '{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": 7}'}, "components"),
        ({"text": "model,tier\nacme/own,9\n", "kind": "csv"}, "line 2"),
        ({"text": "nothing here"}, "names no model"),
        ({"text": "acme/own", "kind": "moon"}, "moon"),
        ({}, "Choose a file"),
    ],
)
def test_what_cannot_be_read_says_where_and_keeps_the_text(
    client: Client, team: Team, sent: dict[str, str], said: str
) -> None:
    response = client.post(IMPORTS, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert said in page
    assert "acme/own" in page or "acme/own" not in sent.get("text", "")
    assert not team.imports.exists()


def test_what_is_too_large_is_refused(client: Client, team: Team) -> None:
    big = SimpleUploadedFile("log.txt", b"a" * 10_000_001)
    assert client.post(IMPORTS, {"file": big}).status_code == 413
    assert client.post(IMPORTS, {"text": "a" * 3_000_000}).status_code == 413


def test_rows_are_recorded_as_somebody_said(client: Client, team: Team) -> None:
    release = make_release(hf_repo="keeper/Model-7B")
    imported = make_import(team, "keeper/Model-7B", "acme/own", "acme/left")
    one, two, three = (row.pk for row in imported.mentions.all())
    said = {"row": [one, two, three], "workflow": "Chat", "environment": "staging"}
    said |= {f"workflow-{two}": "Search", f"release-{two}": "keeper/Model-7B", f"skip-{three}": "on"}
    page = client.post(f"{imported.get_absolute_url()}record/", said, follow=True).content.decode()
    assert "2 recorded, 1 left out." in page
    found = [(str(each.workflow), each.reference, each.release) for each in Deployment.objects.of(team)]
    assert found == [("Chat", "keeper/Model-7B", release), ("Search", "acme/own", release)]
    assert "All of it was gone through" in shown(client, imported)


def test_an_unknown_release_is_said_in_its_row_and_nothing_is_lost(client: Client, team: Team) -> None:
    imported = make_import(team, "acme/own")
    pk = imported.mentions.get().pk
    sent = {"row": [pk], "workflow": "Chat", f"release-{pk}": "no such thing", f"workflow-{pk}": "Typed"}
    response = client.post(f"{imported.get_absolute_url()}record/", sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "No release goes by this name." in page
    assert 'value="no such thing"' in page
    assert 'value="Typed"' in page
    assert not Deployment.objects.of(team).exists()


def test_a_row_without_a_workflow_is_asked_for_one(client: Client, team: Team) -> None:
    imported = make_import(team, "acme/own")
    response = client.post(f"{imported.get_absolute_url()}record/", {"row": [imported.mentions.get().pk]})
    assert response.status_code == 422
    assert "say in which workflow it runs" in response.content.decode()


def test_a_long_list_has_pages_and_can_be_recorded_whole(client: Client, team: Team) -> None:
    imported = make_import(team, *(f"acme/own-{number}" for number in range(60)))
    assert "acme/own-59" not in shown(client, imported)
    assert "acme/own-59" in client.get(f"{imported.get_absolute_url()}?page=2").content.decode()
    client.post(f"{imported.get_absolute_url()}record/", {"workflow": "Chat", "do": "all"})
    assert Deployment.objects.of(team).count() == 60


def test_what_is_in_use_already_is_said(client: Client, team: Team) -> None:
    make_deployment(team, reference="acme/own", workflow=make_workflow(team, "Chat"))
    assert "In use already in" in shown(client, make_import(team, "acme/own"))


def test_names_from_a_file_are_escaped(client: Client, team: Team) -> None:
    page = shown(client, make_import(team, "<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_another_teams_import_is_not_there_even_for_an_admin(client: Client, team: Team) -> None:
    imported = make_import(team, "acme/own")
    admin = make_user(Role.ADMIN)
    team_for(admin, name="Others")
    other = Client()
    other.force_login(admin)
    assert other.get(imported.get_absolute_url()).status_code == 404
    assert other.post(f"{imported.get_absolute_url()}record/", {"do": "all", "workflow": "x"}).status_code == 404
    assert imported.mentions.waiting().exists()


def test_bad_parameters_and_pages_that_are_not_there(client: Client, team: Team) -> None:
    imported = make_import(team, "acme/own")
    assert client.get(f"{IMPORTS}?x=1").status_code == 400
    assert client.get(f"{imported.get_absolute_url()}?page=9").status_code == 404
    assert client.get(f"{IMPORTS}999999/").status_code == 404
    sent = {"row": ["x", "-1", "9" * 30], "page": "x"}
    assert client.post(f"{imported.get_absolute_url()}record/", sent).status_code == 302
