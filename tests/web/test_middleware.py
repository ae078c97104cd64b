import pytest
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from riskboard.catalog.queries import evidence_version
from riskboard.web.middleware import OneEvidenceVersionMiddleware, SecurityHeadersMiddleware
from tests import cast


def refuse(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def misread(_request: HttpRequest) -> HttpResponse:
    raise BadRequest


def crash(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("A page broke.")


urlpatterns = [path("refused/", refuse), path("misread/", misread), path("crash/", crash)]


def assert_secured(response: HttpResponseBase) -> None:
    policy = dict(directive.split(" ", 1) for directive in response.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_a_page_is_secured(client: Client, db: None) -> None:
    response = client.get("/health/")
    assert response.status_code == 200
    assert_secured(response)


def test_a_static_file_is_secured(client: Client) -> None:
    response = client.get("/static/admin/css/base.css")
    assert response.status_code == 200
    assert response.getvalue()
    assert_secured(response)


def test_a_redirect_is_secured(client: Client, db: None) -> None:
    response = client.get("/admin")
    assert response.status_code == 301
    assert_secured(response)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/misread/", 400), ("/refused/", 403), ("/absent/", 404)])
def test_an_error_page_is_secured(client: Client, address: str, status: int) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert_secured(response)


@pytest.mark.urls(__name__)
def test_a_crash_is_secured_and_shows_no_debugging_page() -> None:
    response = Client(raise_request_exception=False).get("/crash/")
    assert response.status_code == 500
    assert b"A page broke." not in response.content
    assert_secured(response)


def test_a_request_for_an_unknown_host_is_secured(client: Client, db: None) -> None:
    response = client.get("/health/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert_secured(response)


def test_it_stands_before_everything_that_may_answer_by_itself() -> None:
    assert settings.MIDDLEWARE[0] == "riskboard.web.middleware.SecurityHeadersMiddleware"


def test_a_looser_policy_set_further_in_does_not_survive(rf: RequestFactory) -> None:
    def page(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src *"})

    response = SecurityHeadersMiddleware(page)(rf.get("/"))
    assert isinstance(response, HttpResponse)
    assert_secured(response)


@override_settings(SECURE_HSTS_SECONDS=365 * 24 * 3600, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_over_https_browsers_are_told_to_stay_there(db: None) -> None:
    response = Client().get("/health/", secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert_secured(response)


def versions_seen(method: str) -> tuple[str, str]:
    """Before and after a change of the evidence, within one request."""
    seen = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(evidence_version())
        cast.make_vendor()
        seen.append(evidence_version())
        return HttpResponse()

    OneEvidenceVersionMiddleware(view)(RequestFactory().generic(method, "/"))
    return seen[0], seen[1]


@pytest.mark.django_db
def test_a_page_that_reads_speaks_of_one_version_of_the_evidence() -> None:
    first, second = versions_seen("GET")
    assert first == second != evidence_version(), "it is forgotten with the request"


@pytest.mark.django_db
def test_what_writes_sees_its_own_change() -> None:
    first, second = versions_seen("POST")
    assert first != second == evidence_version()
