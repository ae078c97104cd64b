"""No call takes more than twelve queries, not even the first one of a new process, with a token."""

import pytest
from pytest_django import DjangoAssertNumQueries

from riskboard.portfolio.models import Deployment, Workflow
from riskboard.web.access import Role
from riskboard.web.accounts.models import ApiScope
from tests.web.api.conftest import Program
from tests.web.people import make_api_token, make_user, team_for
from tests.web.test_few_queries import forget_everything

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
EVERY_FILTER = "vendor=alibaba&line=alibaba-language&family=qwen&license=apache-2.0&as_of=2025-06-01&limit=200"
CALLS = (
    "lines?limit=200",
    "lines?limit=200&as_of=2025-06-01&vendor=alibaba",
    "lines/alibaba-language",
    "lines/alibaba-language?as_of=2025-06-01",
    "lines/alibaba-language/timeline?limit=200",
    "lines/alibaba-language/evidence?limit=200",
    "vendors?limit=200",
    "families?limit=200",
    "releases?limit=200",
    f"releases?{EVERY_FILTER}",
    "licenses?limit=200",
    "license-changes?limit=200",
    "pledges?limit=200&as_of=2025-06-01&status=open",
    "signals?limit=200&vendor=alibaba",
    "histories?limit=200",
    "corrections?limit=200",
    "method",
    "openapi.json",
    "portfolio/deployments?limit=200",
)


@pytest.mark.usefixtures("stranger")
@pytest.mark.parametrize("path", CALLS)
def test_a_call_takes_at_most_twelve_queries(path: str, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    user = make_user(Role.VIEWER)
    workflow = Workflow.objects.create(team=team_for(user), name="Support")
    for number in range(30):
        Deployment.objects.create(workflow=workflow, reference=f"model-{number}", scheme="other")
    bearer = Program(make_api_token(user, *ApiScope).text)
    bearer.read("vendors")  # the first call of a token within a minute notes it, whatever it is for
    forget_everything()
    with django_assert_max_num_queries(12, info=path):
        bearer.read(path)
