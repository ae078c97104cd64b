"""Settings are read once per process, so each case starts one."""

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import BadRequest, PermissionDenied

from riskboard.settings import say_refusals_in_a_line

PROJECT = Path(__file__).resolve().parent.parent
READ = """
import json, sys
from django.conf import settings
json.dump({name: getattr(settings, name) for name in sys.argv[1:]}, sys.stdout, default=str)
"""


def start(tmp_path: Path, names: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "riskboard.settings",
        "VAR_DIR": str(tmp_path),
        **variables,
    }
    return subprocess.run(
        [sys.executable, "-c", READ, *names],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def read(tmp_path: Path, *names: str, **variables: str) -> dict[str, object]:
    done = start(tmp_path, list(names), variables)
    assert done.returncode == 0, done.stderr
    values = json.loads(done.stdout)
    assert isinstance(values, dict)
    return values


def test_no_configuration_at_all_works_and_is_not_in_debug_mode(tmp_path: Path) -> None:
    values = read(tmp_path, "DEBUG", "DATABASES", "SECRET_KEY", "SESSION_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    assert values["DEBUG"] is False
    assert values["SECRET_KEY"] == (tmp_path / "secret_key").read_text().strip()
    assert values["SESSION_COOKIE_SECURE"] is values["SECURE_SSL_REDIRECT"] is False
    databases = values["DATABASES"]
    assert isinstance(databases, dict)
    assert databases["default"]["NAME"] == str(tmp_path / "riskboard.sqlite3")
    assert databases["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_given_key_is_taken_and_none_is_written(tmp_path: Path) -> None:
    assert read(tmp_path, "SECRET_KEY", SECRET_KEY="given") == {"SECRET_KEY": "given"}
    assert not (tmp_path / "secret_key").exists()


def test_https_turns_on_everything_that_needs_it(tmp_path: Path) -> None:
    names = (
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_SAMESITE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
    )
    assert read(tmp_path, *names, HTTPS="true") == {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
    }


def test_postgresql_is_chosen_by_its_address_and_watched(tmp_path: Path) -> None:
    databases = read(tmp_path, "DATABASES", DATABASE_URL="postgres://board:secret@db.example:5433/board")["DATABASES"]
    assert isinstance(databases, dict)
    default = databases["default"]
    assert default["ENGINE"] == "django.db.backends.postgresql"
    assert (default["HOST"], default["PORT"], default["CONN_HEALTH_CHECKS"]) == ("db.example", 5433, True)


def test_the_queue_takes_json_only_and_hands_a_task_out_again_after_its_hard_limit(tmp_path: Path) -> None:
    values = read(tmp_path, "CELERY_ACCEPT_CONTENT", "CELERY_BROKER_TRANSPORT_OPTIONS", "CELERY_TASK_TIME_LIMIT")
    assert values["CELERY_ACCEPT_CONTENT"] == ["json"]
    transport, limit = values["CELERY_BROKER_TRANSPORT_OPTIONS"], values["CELERY_TASK_TIME_LIMIT"]
    assert isinstance(transport, dict)
    assert isinstance(limit, int)
    assert transport["visibility_timeout"] > limit


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "ture", "DEBUG must be true or false, not 'ture'."),
        ("HTTPS", "2", "HTTPS must be true or false, not '2'."),
        ("REDIS_URL", "http://localhost", "REDIS_URL must begin with redis://"),
        ("DATABASE_URL", "mysql://localhost/board", "DATABASE_URL must begin with sqlite:// or postgres://."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be DEBUG"),
        ("ANONYMOUS_READING", "never", "ANONYMOUS_READING must be true or false, not 'never'."),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy.example", "TRUSTED_PROXIES lists addresses or networks"),
        ("INGEST_USER_AGENT_CONTACT", "mailto:a@b.example\nX-Injected: yes", "must be one line of plain ASCII"),
        ("ALLOWED_FETCH_ORIGINS", "http://mirror.example:8080/feeds", "write scheme://host:port and no more"),
        ("ALLOWED_FETCH_ORIGINS", "mirror.example", "write scheme://host:port and no more"),
    ],
)
def test_a_wrong_value_stops_the_start_and_says_which(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    done = start(tmp_path, ["DEBUG"], {name: value})
    assert done.returncode != 0
    assert sentence in done.stderr


def test_a_refusal_is_a_line_in_the_log_and_a_failure_of_ours_a_traceback() -> None:
    errors = (BadRequest("no such parameter"), PermissionDenied("for analysts"), RuntimeError("a failure"))
    said = [io.StringIO() for _ in errors]
    for error, stream in zip(errors, said, strict=True):
        failure = (type(error), error, None)
        record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, "while answering", (), failure)
        assert say_refusals_in_a_line(record)
        logging.StreamHandler(stream).emit(record)
    assert [stream.getvalue() for stream in said[:2]] == ["while answering\n"] * 2
    assert "RuntimeError: a failure" in said[2].getvalue()
