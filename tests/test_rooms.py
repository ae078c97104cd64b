"""What import-linter cannot say: the engine stands on the standard library and numpy, and on nothing else."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import scoring

ENGINE = Path(scoring.__file__).parent / "engine"
MODULES = sorted(ENGINE.rglob("*.py"))


def imported_modules(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # "from scoring import engine" names the engine only together with what it takes.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_allowed(module: str) -> bool:
    top_level = module.partition(".")[0]
    return top_level in sys.stdlib_module_names or top_level == "numpy" or f"{module}.".startswith("scoring.engine.")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_the_engine_imports_the_standard_library_and_numpy_only(path: Path) -> None:
    assert [module for module in imported_modules(path.read_text(encoding="utf-8")) if not is_allowed(module)] == []


@pytest.mark.parametrize(
    "line",
    ["import django.db", "from scoring.gathering import gather", "from scoring import models", "import scipy"],
)
def test_other_imports_are_noticed(line: str) -> None:
    assert not all(is_allowed(module) for module in imported_modules(line))
