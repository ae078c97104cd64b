"""./run in a folder of its own, up to where it would fetch something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
FILES = ("run", "requirements.in", "requirements.txt", "requirements-dev.in", "requirements-dev.txt")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(PROJECT / name, tmp_path)
    return tmp_path


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(folder / "run"), *arguments],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def fake_python(folder: Path, version: str) -> str:
    path = folder / "fake-python"
    path.write_text(f'#!/bin/sh\n[ "$1" = -V ] && echo "Python {version}" || exit 1\n')
    path.chmod(0o755)
    return str(path)


def test_help_names_every_command(folder: Path) -> None:
    shown = run(folder, "help").stdout
    for command in ("up", "test", "lint", "format", "bench", "manage", "lock", "help"):
        assert f"./run {command}" in shown


def test_an_unknown_command_is_refused_with_the_list(folder: Path) -> None:
    done = run(folder, "upp")
    assert done.returncode == 1
    assert 'There is no command "upp".' in done.stderr
    assert "./run up " in done.stderr


def test_a_python_that_is_too_old_is_named_with_the_way_out(folder: Path) -> None:
    done = run(folder, "manage", "check", PYTHON=fake_python(folder, "3.9.2"))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; " in done.stderr
    assert "is Python 3.9.2" in done.stderr
    assert "PYTHON=/path/to/python3.11 ./run manage" in done.stderr


def test_a_python_that_is_not_there_is_said_to_be_missing(folder: Path) -> None:
    done = run(folder, "manage", "check", PYTHON="no-such-python")
    assert done.returncode == 1
    assert "no-such-python is not on the PATH" in done.stderr


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_a_lock_that_lags_behind_is_noticed_before_anything_is_installed(folder: Path, name: str) -> None:
    with (folder / f"{name}.in").open("a") as wanted:
        wanted.write("another-package\n")
    done = run(folder, "manage", "check")
    assert done.returncode == 1
    assert f"{name}.in has changed since {name}.txt was locked. Lock it anew with ./run lock" in done.stderr
    assert not (folder / ".venv").exists()
