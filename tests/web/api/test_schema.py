"""The API against its own schema: whatever is asked, no call breaks, and every answer is one that the schema tells.

``API_FUZZ_EXAMPLES=2000`` asks more, and with ``API_FUZZ_SEED=…`` asks otherwise.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from riskboard.portfolio.models import Deployment, Workflow
from riskboard.web.access import Role
from riskboard.web.accounts.models import ApiScope
from riskboard.web.api.api import api
from tests.web.api.conftest import START, Program
from tests.web.people import make_api_token, make_user, team_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "25"))
SEED = os.environ.get("API_FUZZ_SEED", "")
# What schemas cannot know, or most calls would end at the first thing that does not exist.
KNOWN: Mapping[str, tuple[Any, ...]] = {
    "as_of": ("2019-01-01", "2024-02-29", "2025-06-01", "2026-11-24"),
    "slug": ("alibaba-language", "mistral-language", "meta-language"),
    "vendor": ("alibaba", "meta", "mistral"),
    "line": ("alibaba-language", "meta-language"),
    "family": ("qwen", "llama"),
    "license": ("apache-2.0", "mit"),
    "state": ("open", "closed"),
    "domain": ("database",),
    "number": (1, 2),
}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


def operations() -> dict[str, Any]:
    schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema(path_prefix=START)))
    schema.app = get_wsgi_application()
    told = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    return {operation.label: operation for operation in told}


OPERATIONS = operations()


def chance(test: Callable[[], None]) -> Callable[[], None]:
    """The same examples every time, unless other ones are asked for."""
    plan = settings(
        max_examples=EXAMPLES,
        derandomize=not SEED,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    return plan(seed(int(SEED))(test) if SEED else test)


def headers_of(bearer: Program) -> dict[str, str]:
    return {"Authorization": f"Bearer {bearer.token}", "Accept-Encoding": "identity"}


def make_real(case: Case[Any], draw: Callable[[Any], Any]) -> None:
    """Puts what exists in the place of what the schema made up."""
    for place in (case.query, case.path_parameters):
        for name in KNOWN.keys() & (place or {}).keys():
            if draw(st.booleans()):
                place[name] = draw(st.sampled_from(KNOWN[name]))


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """A server closes connections after a request; ours is the one that the test's transaction is open on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def bearer(stranger: Program) -> Program:
    user = make_user(Role.VIEWER)
    workflow = Workflow.objects.create(team=team_for(user), name="Support")
    Deployment.objects.create(workflow=workflow, reference="some/model", scheme="other")
    return Program(make_api_token(user, *ApiScope).text)


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_is_asked_rightly_is_answered_as_told(label: str, bearer: Program) -> None:
    @given(OPERATIONS[label].as_strategy(GenerationMode.POSITIVE), st.data())
    def ask(case: Case[Any], data: st.DataObject) -> None:
        make_real(case, data.draw)
        case.call_and_validate(checks=CHECKS, headers=headers_of(bearer))

    chance(ask)()


@pytest.mark.parametrize("label", [label for label, found in OPERATIONS.items() if found.query or found.body])
def test_what_is_asked_wrongly_is_refused_as_told(label: str, bearer: Program) -> None:
    @given(OPERATIONS[label].as_strategy(GenerationMode.NEGATIVE))
    def ask(case: Case[Any]) -> None:
        checks = [*CHECKS, negative_data_rejection]
        case.call_and_validate(checks=checks, headers=headers_of(bearer))

    chance(ask)()


def test_every_call_is_asked_and_what_is_known_is_there(bearer: Program) -> None:
    """Or the fuzzing would see errors alone."""
    assert len(OPERATIONS) == sum(map(len, api.get_openapi_schema()["paths"].values()))
    for name in ("vendor", "line", "family", "license"):
        for value in KNOWN[name]:
            assert bearer.read(f"releases?{name}={value}")["items"], (name, value)
    for slug in KNOWN["slug"]:
        assert bearer.read(f"lines/{slug}")["slug"] == slug
