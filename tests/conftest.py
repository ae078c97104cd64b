"""What every test stands on: no network but loopback, a fast password hasher, no collected static files."""

import os
import shutil
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

if TYPE_CHECKING:
    from riskboard.audit.guarding import Guarded

UNDER_CI = os.environ.get("CI") == "true"

# A slow machine is not a broken program. New examples are for whoever is changing it: CI judges on the same ones.
hypothesis_settings.register_profile("riskboard", deadline=None, derandomize=UNDER_CI)
hypothesis_settings.load_profile("riskboard")

# CI runs the suite on both databases, so a test of the other one is not lost.
ALLOWED_SKIPS = ("only on PostgreSQL", "only on SQLite")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def pytest_configure() -> None:
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django_settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    django_settings.WHITENOISE_USE_FINDERS = True
    django_settings.WHITENOISE_AUTOREFRESH = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser_page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _refuse_unlisted_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_unlisted_skip(report)
    return report


def _refuse_unlisted_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not UNDER_CI or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(allowed in reason for allowed in ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"Skipped under CI, and not on the list of allowed skips: {reason}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    # Playwright keeps an event loop on this thread; the database is still used by this thread alone.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGUMENTS))
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def console_errors() -> list[str]:
    """What the browser complained about; a test that means to cause a complaint clears it."""
    return []


@pytest.fixture
def browser_page(browser: Browser, live_server: LiveServer, console_errors: list[str]) -> Iterator[Page]:
    """A page of a real Chromium on the live server; relative addresses work; any console error fails the test."""

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    context = browser.new_context(base_url=live_server.url)
    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: console_errors.append(str(error)))
    yield page
    context.close()
    assert console_errors == []


@pytest.fixture(autouse=True)
def _forgotten_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """The database refuses to empty what is append-only, as the end of a test with transactions of its own does."""
    marker = request.node.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    if not (is_marked or {"transactional_db", "live_server", "many_connections"} & set(request.fixturenames)):
        yield
        return
    request.getfixturevalue("transactional_db")
    yield
    from riskboard.audit.guarding import LOG
    from scoring.guarding import GUARDED

    for guarded in (LOG, *reversed(GUARDED)):  # an outcome before its forecast
        _empty(guarded)


def _empty(guarded: "Guarded") -> None:
    from django.db import connection

    table = guarded.table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
        if not cursor.fetchone()[0]:
            return
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER {table}_keep_rows ON {table}")
        else:
            cursor.execute(f"DROP TRIGGER {table}_keep_delete")
        cursor.execute(f"DELETE FROM {table}")
    guarded.lay()


@pytest.fixture
def many_connections(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads can use at once. SQLite in memory cannot: its connections share one cache, and locks."""
    from django.db import connections

    former = connections["default"]
    if former.vendor != "sqlite":
        yield
        return
    former.ensure_connection()
    in_memory, in_file = former.settings_dict["NAME"], str(tmp_path / "test.sqlite3")
    with closing(sqlite3.connect(in_file)) as copy:
        former.connection.backup(copy)
    connections.settings["default"]["NAME"] = in_file
    connections["default"] = connections.create_connection("default")
    yield
    connections["default"].close()
    connections.settings["default"]["NAME"] = in_memory
    connections["default"] = former
