"""A portfolio is read with a token of the team, and by no other."""

import pytest
from django.contrib.auth.models import User

from riskboard.portfolio.models import Deployment, Team, Workflow
from riskboard.web.access import Role
from riskboard.web.accounts.models import ApiScope
from tests import cast
from tests.web.api.conftest import Program
from tests.web.people import make_api_token, make_user, team_for

pytestmark = pytest.mark.django_db


def bearer_of(user: User) -> Program:
    return Program(make_api_token(user, ApiScope.PORTFOLIO).text)


def deploy(team: Team, reference: str, **fields: object) -> Deployment:
    workflow, _ = Workflow.objects.get_or_create(team=team, name="Support", defaults={"tier": 1})
    given: dict[str, object] = {"workflow": workflow, "reference": reference, "scheme": "hugging_face", **fields}
    return Deployment.objects.create(**given)


@pytest.fixture
def user() -> User:
    return make_user(Role.VIEWER)


def test_a_team_reads_what_it_runs(user: User, stranger: Program) -> None:
    release = cast.make_release()
    team = team_for(user)
    row = deploy(
        team, release.hf_repo, release=release, matched="exact", switch_low=1, switch_likely=2, switch_high=4.5
    )
    deploy(team, "nobody/knows")
    deploy(team, "old/model", retired_on="2026-01-01")
    bearer = bearer_of(user)
    known, unknown = bearer.read("portfolio/deployments")["items"]
    assert known == bearer.read(f"portfolio/deployments/{row.pk}")
    assert (known["release"], known["line"]) == (release.slug, release.family.line.slug)
    assert (known["switch_low"], known["switch_high"], known["workflow"]["tier"]) == (1, 4.5, 1)
    assert (unknown["release"], unknown["line"], unknown["switch_likely"], unknown["embed_depth"]) == (None,) * 4
    found = [each["reference"] for each in bearer.walk("portfolio/deployments?retired=true", 1)]
    assert found == [release.hf_repo, "nobody/knows", "old/model"]


def test_another_teams_is_not_there_not_even_for_an_admin(user: User, stranger: Program) -> None:
    row = deploy(team_for(user), "Qwen/Qwen3-32B")
    admin = make_user(Role.ADMIN)
    team_for(admin)
    bearer = bearer_of(admin)
    assert bearer.read("portfolio/deployments")["items"] == []
    for number in (row.pk, row.pk + 1, 10**18, 10**30, 0):
        response = bearer.ask(f"portfolio/deployments/{number}")
        assert response.status_code == 404, number
        assert bearer.json(response)["detail"]


def test_who_has_no_team_is_told_so(user: User, stranger: Program) -> None:
    for path in ("portfolio/deployments", "portfolio/deployments/1"):
        response = bearer_of(user).ask(path)
        assert response.status_code == 404
        assert "no team" in stranger.json(response)["detail"]


def test_it_is_kept_in_no_cache_and_read_from_no_other_site(user: User, stranger: Program) -> None:
    team_for(user)
    response = bearer_of(user).ask("portfolio/deployments", origin="https://elsewhere.example")
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers
    assert stranger.ask("portfolio/deployments").status_code == 401
