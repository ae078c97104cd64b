"""What is checked besides the tests: style, types, imports, templates, migrations, production settings, locks."""

import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
PRODUCTION = {
    "ALLOWED_HOSTS": "board.example.org",
    "DEBUG": "false",
    "HTTPS": "true",
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdefghijklmnopqrstuvwxyz",
}


def templates() -> list[str]:
    return sorted(str(path.relative_to(PROJECT)) for path in (PROJECT / "templates").rglob("*.html"))


CHECKS: tuple[tuple[str, list[str], dict[str, str]], ...] = (
    ("style", [str(BIN / "ruff"), "check", "."], {}),
    ("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
    ("types", [str(BIN / "mypy")], {}),
    ("direction of imports", [str(BIN / "lint-imports"), "--cache-dir", ".cache/import_linter"], {}),
    ("templates", [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates()], {}),
    ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
    ("production settings", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ("locks and addresses", [sys.executable, ".ci/hygiene.py"], {}),
)


def passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    begun = time.monotonic()
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    sys.stdout.write(f"{name}: {verdict} ({time.monotonic() - begun:.1f} s)\n")
    if done.returncode:
        sys.stdout.write(done.stdout + "\n")
    sys.stdout.flush()
    return done.returncode == 0


if __name__ == "__main__":
    failed = [name for name, command, environment in CHECKS if not passes(name, command, environment)]
    sys.exit(f"Failed: {', '.join(failed)}." if failed else 0)
