import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from riskboard.web.management.commands import up


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("text", ["", "0", "65536", "80a", "-1", "8000.0", "٨٠"])
def test_a_wrong_port_is_refused_in_words(text: str) -> None:
    with pytest.raises(CommandError, match="PORT must be a number from 1 to 65535"):
        up.read_port(text)


def test_a_taken_port_is_named_together_with_a_free_one(taken_port: int) -> None:
    with pytest.raises(CommandError, match=rf"Port {taken_port} is in use .* PORT=\d+ \./run up"):
        up.require_free_port("127.0.0.1", taken_port)


def test_a_host_that_is_not_ours_is_refused_in_words() -> None:
    with pytest.raises(CommandError, match=r"HOST=192\.0\.2\.1 cannot be listened on here"):
        up.require_free_port("192.0.2.1", 8000)


def test_a_second_start_in_the_same_folder_says_who_runs_there(tmp_path: Path) -> None:
    up.hold_lock(tmp_path / "up.lock", "http://127.0.0.1:8000/")
    with pytest.raises(CommandError, match=rf"process {os.getpid()}, http://127\.0\.0\.1:8000/"):
        up.hold_lock(tmp_path / "up.lock", "http://127.0.0.1:8001/")


def test_a_lock_left_by_a_killed_process_does_not_hinder(tmp_path: Path) -> None:
    (tmp_path / "up.lock").write_text("process 1, http://127.0.0.1:8000/\n")
    up.hold_lock(tmp_path / "up.lock", "http://127.0.0.1:8000/")
    assert f"process {os.getpid()}," in (tmp_path / "up.lock").read_text()


def test_it_prepares_and_then_becomes_the_supervisor(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BecameAnotherError(Exception):
        pass

    prepared: list[str] = []

    def become(program: str, arguments: list[str], environment: dict[str, str]) -> NoReturn:
        assert prepared == ["prepare"]
        assert Path(arguments[-1]).is_file()
        assert (environment["HOST"], environment["PORT"]) == ("127.0.0.1", "18911")
        assert environment["VAR_DIR"] == str(tmp_path)
        raise BecameAnotherError

    settings.VAR_DIR = tmp_path
    monkeypatch.delenv("HOST", raising=False)
    monkeypatch.setenv("PORT", "18911")
    monkeypatch.setattr(up, "is_free", lambda host, port: True)
    monkeypatch.setattr(up, "call_command", lambda name, **_options: prepared.append(name))
    monkeypatch.setattr(os, "execve", become)
    with pytest.raises(BecameAnotherError):
        call_command("up")
