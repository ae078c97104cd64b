"""The recipe "Add a source" of CONTRIBUTING.md, followed to the letter by somebody who knows nothing else."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import environ
import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from riskboard.ingest import sources
from riskboard.ingest.sources import SOURCES, Connector, paging

ROOT = Path(django_settings.BASE_DIR)
MODULE = "riskboard/ingest/sources/acorn.py"
SETTING = "riskboard/settings.py"
LINE = "riskboard/ingest/sources/__init__.py"
PROOF = "tests/ingest/sources/test_acorn.py"
BLOCK = re.compile(r"^`([\w/.]+)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def section() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return text.split("\n## Add a source\n")[1].split("\n## ")[0]


def recipe() -> Mapping[str, str]:
    """The files that it names -> what it says to write there."""
    return dict(BLOCK.findall(section()))


def loaded(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Mapping[str, Path]:
    """A temporary package that holds what the recipe says to write, with its setting made and its line registered."""
    written = {}
    for name, text in recipe().items():
        written[name] = tmp_path / "recipe" / Path(name).name
        written[name].parent.mkdir(exist_ok=True)
        written[name].write_text(text, encoding="utf-8")
    setting: dict[str, object] = {"env": environ.Env()}
    exec(recipe()[SETTING], setting)
    settings.ACORN_URL = setting["ACORN_URL"]
    monkeypatch.setitem(sys.modules, "recipe_acorn", ModuleType("recipe_acorn"))
    names = {"acorn": loaded("recipe_acorn", written[MODULE]), "Connector": Connector}
    for name, connector in eval(f"{{{recipe()[LINE]}}}", names).items():
        monkeypatch.setitem(SOURCES, name, connector)
    return written


def test_the_recipe_names_every_file_that_it_needs() -> None:
    assert set(recipe()) == {MODULE, SETTING, LINE, PROOF}
    assert all((ROOT / name).exists() for name in (SETTING, LINE, "riskboard/ingest/politeness.py"))


@pytest.mark.django_db
def test_whoever_follows_it_has_a_connector_that_passes_its_own_proof(
    followed: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    assert SOURCES["acorn"].every_minutes == 120
    monkeypatch.setitem(sys.modules, "recipe_proof", ModuleType("recipe_proof"))
    proof = loaded("recipe_proof", followed[PROOF])
    proofs = [name for name in vars(proof) if name.startswith("test_")]
    assert proofs == ["test_announcements_are_seen_once_and_an_outage_changes_nothing"]
    for name in proofs:
        vars(proof)[name](settings)


def test_its_token_comes_from_the_environment(followed: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert not SOURCES["acorn"].has_token
    monkeypatch.setenv("ACORN_TOKEN", "hush")
    assert SOURCES["acorn"].has_token


def test_what_it_says_to_write_is_in_our_style(followed: Mapping[str, Path]) -> None:
    """The line of the registry is a part of a dictionary, and no file."""
    whole = [str(followed[MODULE]), str(followed[PROOF])]
    for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), *whole]
        done = subprocess.run(ruff, capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_it_points_at_exists() -> None:
    names = re.findall(r"`paging\.(\w+)`", section())
    assert names
    assert all(hasattr(paging, name) for name in names)
    assert (Path(sources.__file__).parent / "hugging_face.py").exists()
