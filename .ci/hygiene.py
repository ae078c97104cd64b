"""Locks answer to what they were made from and hold no addresses; no file holds a path of somebody's machine."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.in", "requirements-dev.in", "requirements.txt", "requirements-dev.txt", "package-lock.json")
PINNED = re.compile(r"^([a-z0-9.-]+)==([^ ;\\]+)", re.MULTILINE)
ADDRESS = re.compile(r"https?://|git\+|file:|--(?:extra-)?index-url|--find-links|--trusted-host")
# A home or a scratch folder of the machine on which somebody wrote the file.
MACHINE_PATH = re.compile(r"(?<![\w.:/<>-])/(?:home|root|Users|work|mnt|media|tmp|private/tmp)/[\w.-]+")
MACHINE_PATH_ALLOWED = (".ci/hygiene.py",)


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name and (PROJECT / name).is_file()]


def requirements_locked(name: str) -> Iterator[str]:
    lock = f"{name}.txt"
    pins: dict[str, list[str]] = {}
    for package, version in PINNED.findall((PROJECT / lock).read_text()):
        pins.setdefault(package, []).append(version)
    for line in (PROJECT / f"{name}.in").read_text().splitlines():
        text = line.split("#")[0].strip()
        if not text or text.startswith("-"):
            continue
        wanted = Requirement(text)
        versions = pins.get(re.sub(r"[._]", "-", wanted.name.lower()), [])
        if not versions:
            yield f"{lock}: {wanted.name} is not locked; run ./run lock"
        yield from (
            f"{lock}: {wanted.name} {version} is not {wanted.specifier}; run ./run lock"
            for version in versions
            if version not in wanted.specifier
        )


def every_pin_has_a_hash(name: str) -> Iterator[str]:
    text = (PROJECT / f"{name}.txt").read_text()
    for block in re.split(r"\n(?=[a-z])", text):
        if PINNED.match(block) and "--hash=sha256:" not in block:
            yield f"{name}.txt: {block.split()[0]} has no hash"


def front_end_locked() -> Iterator[str]:
    lock = json.loads((PROJECT / "package-lock.json").read_text())
    wanted = json.loads((PROJECT / "package.json").read_text())["dependencies"]
    if lock["packages"][""]["dependencies"] != wanted:
        yield "package-lock.json: does not answer to package.json; run ./run lock"
    for path, package in lock["packages"].items():
        if path and "integrity" not in package:
            yield f"package-lock.json: {path} has no hash"


def no_addresses() -> Iterator[str]:
    for name in (
        "requirements.in",
        "requirements-dev.in",
        "requirements.txt",
        "requirements-dev.txt",
        "package-lock.json",
    ):
        for number, line in enumerate((PROJECT / name).read_text().splitlines(), 1):
            if ADDRESS.search(line):
                yield f"{name}:{number}: holds an address: {line.strip()}"


def no_machine_paths() -> Iterator[str]:
    for name in tracked():
        if name in MACHINE_PATH_ALLOWED:
            continue
        try:
            text = (PROJECT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line):
                yield f"{name}:{number}: holds a path of one machine: {line.strip()[:120]}"


def faults() -> Iterator[str]:
    for name in ("requirements", "requirements-dev"):
        yield from requirements_locked(name)
        yield from every_pin_has_a_hash(name)
    yield from front_end_locked()
    yield from no_addresses()
    yield from no_machine_paths()


if __name__ == "__main__":
    found = list(faults())
    sys.exit("\n".join(found) if found else 0)
