"""A score as a file that anyone can compute again: ``python -m scoring.engine.recheck FILE...`` (method section 9).

The file holds the evidence that counted, the whole rubric, the hashes of both and the result. Checking reads no
database: it verifies the hashes, assesses the evidence by the rubric of the file and compares the result byte for byte.
"""

import argparse
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from scoring.engine.assess import assess
from scoring.engine.digest import input_digest
from scoring.engine.exchange import LONGEST, Json, UnreadableError, canonical, day, parse, read_as, text
from scoring.engine.facts import Dossier
from scoring.engine.known import as_known
from scoring.engine.rubric import Rubric, load_rubric, rubric_file
from scoring.engine.schema import RubricError

FORMAT = "riskboard-score/1"
KEYS = ("as_of", "dossier", "format", "input_digest", "numpy", "result", "rubric", "subject")
RUBRIC_KEYS = ("name", "sha256", "toml")
MOST_NODES = 1000
ROUNDING = 1e-9
SAME, DIFFERENT, UNREADABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Exit code and one sentence."""

    code: int
    sentence: str

    def __str__(self) -> str:
        return ("", "different: ", "not readable: ")[self.code] + self.sentence


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a file says, read and typed; ``result`` as it stands there."""

    as_of: date
    dossier: Dossier
    input_digest: str
    numpy: str
    result: Json
    rubric: Rubric
    said_sha256: str
    subject: str


def rubric_text(name: str) -> str:
    """The packaged rubric of that name, as it stands in its file."""
    return rubric_file(name).decode()


def score_file(dossier: Dossier, rubric_toml: str, as_of: date) -> bytes:
    """The file of a score: what was public on ``as_of``, by this rubric, with the result in full precision."""
    rubric, known = load_rubric(rubric_toml.encode()), as_known(dossier, as_of)
    content = {
        "format": FORMAT,
        "subject": dossier.subject,
        "as_of": as_of,
        "rubric": {"name": rubric.name, "sha256": rubric.sha256, "toml": rubric_toml},
        "input_digest": input_digest(known, as_of),
        "dossier": known,
        "numpy": np.__version__,
        "result": assess(known, rubric, as_of),
    }
    return canonical(content) + b"\n"


def check(content: bytes) -> Verdict:
    """Same, different or unreadable, and where. Raises nothing, whatever the bytes."""
    try:
        claim = _read(content)
        return _compare(claim)
    except UnreadableError as error:
        return Verdict(UNREADABLE, str(error))


def _read(content: bytes) -> _Claim:
    data = parse(content)
    _check_keys(data, KEYS, "file")
    if data["format"] != FORMAT:
        raise UnreadableError(f"file.format: must be {FORMAT!r}, is {str(data['format'])[:60]!r}")
    _check_keys(data["rubric"], RUBRIC_KEYS, "file.rubric")
    dossier = read_as(Dossier, data["dossier"], "file.dossier")
    rubric = _rubric(text(data["rubric"]["toml"], "file.rubric.toml"))
    if data["rubric"]["name"] != rubric.name:
        raise UnreadableError(f"file.rubric.name: is not {rubric.name!r}, as file.rubric.toml calls itself")
    _check_codes(dossier, rubric)
    return _Claim(
        as_of=day(data["as_of"], "file.as_of"),
        dossier=dossier,
        input_digest=text(data["input_digest"], "file.input_digest"),
        numpy=text(data["numpy"], "file.numpy"),
        result=data["result"],
        rubric=rubric,
        said_sha256=text(data["rubric"]["sha256"], "file.rubric.sha256"),
        subject=text(data["subject"], "file.subject"),
    )


def _check_keys(data: object, keys: Sequence[str], path: str) -> None:
    if not isinstance(data, dict):
        raise UnreadableError(f"{path}: must be an object")
    for key in sorted(data.keys() - set(keys)):
        raise UnreadableError(f"{path}.{key[:80]}: unknown field")
    for key in keys:
        if key not in data:
            raise UnreadableError(f"{path}.{key}: missing")


def _rubric(toml: str) -> Rubric:
    try:
        rubric = load_rubric(toml.encode())
    except (RubricError, RecursionError) as error:
        raise UnreadableError(f"file.rubric.toml: {str(error)[:300]}") from error
    if rubric.interval.nodes > MOST_NODES:
        raise UnreadableError(f"file.rubric.toml: interval.nodes must be at most {MOST_NODES}")
    return rubric


def _check_codes(dossier: Dossier, rubric: Rubric) -> None:
    """What the types allow and the rubric does not price."""
    for number, report in enumerate(dossier.reports):
        path = f"file.dossier.reports[{number}]"
        _one_of(report.kind, rubric.kinds, f"{path}.kind")
        _one_of(report.reliability, rubric.admiralty.reliability, f"{path}.reliability")
        _one_of(report.credibility, rubric.admiralty.credibility, f"{path}.credibility")
        if not 1 <= report.severity <= len(rubric.severity.steps):
            raise UnreadableError(f"{path}.severity: must be 1 to {len(rubric.severity.steps)}, is {report.severity}")
    for number, pledge in enumerate(dossier.pledges):
        path = f"file.dossier.pledges[{number}]"
        _one_of(pledge.specificity, rubric.pledges.specificity, f"{path}.specificity")
        _one_of(pledge.channel, rubric.pledges.channel, f"{path}.channel")


def _one_of(value: str, known: Mapping[str, object], path: str) -> None:
    if value not in known:
        raise UnreadableError(f"{path}: {value[:60]!r} is not a code of the rubric")


def _compare(claim: _Claim) -> Verdict:
    found = _recomputed(claim)
    hashes = {"subject": claim.subject, "rubric.sha256": claim.said_sha256, "input_digest": claim.input_digest}
    actual = {
        "subject": claim.dossier.subject,
        "rubric.sha256": claim.rubric.sha256,
        "input_digest": input_digest(claim.dossier, claim.as_of),
    }
    for path, said in hashes.items():
        if said != actual[path]:
            return Verdict(DIFFERENT, f"{path}: the file says {_shown(said)}, its contents give {_shown(actual[path])}")
    differing = list(_differences(claim.result, found, "result"))
    if not differing:
        return Verdict(SAME, _same(claim, found))
    path, said, computed = differing[0]
    more = f"; {len(differing) - 1} more differ" if len(differing) > 1 else ""
    rounding = _rounding(claim) if all(_is_rounding(each, other) for _, each, other in differing) else ""
    sentence = f"{path}: the file says {_shown(said)}, computed again it is {_shown(computed)}{more}{rounding}"
    return Verdict(DIFFERENT, sentence)


def _recomputed(claim: _Claim) -> Json:
    try:
        with np.errstate(all="ignore"):
            result = assess(claim.dossier, claim.rubric, claim.as_of)
        return parse(canonical(result))
    except (ArithmeticError, ValueError) as error:
        raise UnreadableError(f"file: its evidence and rubric give no finite score: {str(error)[:200]}") from error


def _same(claim: _Claim, found: Json) -> str:
    return (
        f"same, byte for byte: {claim.subject[:100]} on {claim.as_of}, durability {found['durability']:.2f} "
        f"by {_provenance(claim.rubric)}"
    )


def _provenance(rubric: Rubric) -> str:
    """A hash proves only that nothing was changed after it was taken, so say whether the rubric is one of ours."""
    try:
        is_ours = load_rubric(rubric.name).sha256 == rubric.sha256
    except RubricError:
        is_ours = False
    return f"{rubric.name[:60]}{'' if is_ours else ', which is not a rubric that comes with this program'}"


def _differences(said: Json, found: Json, path: str) -> Iterator[tuple[str, Json, Json]]:
    """In the order of the canonical form; a missing value is shown as absent."""
    if isinstance(said, dict) and isinstance(found, dict):
        for key in sorted(said.keys() | found.keys()):
            yield from _differences(said.get(key, _ABSENT), found.get(key, _ABSENT), f"{path}.{key[:80]}")
    elif isinstance(said, list) and isinstance(found, list):
        for number in range(max(len(said), len(found))):
            yield from _differences(_at(said, number), _at(found, number), f"{path}[{number}]")
    elif said is _ABSENT or found is _ABSENT or canonical(said) != canonical(found):
        yield path, said, found


_ABSENT = object()


def _at(entries: list[Json], number: int) -> Json:
    return entries[number] if number < len(entries) else _ABSENT


def _shown(value: Json) -> str:
    if value is _ABSENT:
        return "nothing"
    written = canonical(value).decode(errors="replace")
    return written if len(written) <= 100 else f"{written[:97]}..."


def _is_rounding(said: Json, found: Json) -> bool:
    return isinstance(said, float) and isinstance(found, float) and math.isclose(said, found, rel_tol=ROUNDING)


def _rounding(claim: _Claim) -> str:
    return (
        f". Every difference is one of rounding, below a billionth: the file was made with numpy "
        f"{claim.numpy[:20]}, this is {np.__version__}; processors and versions round the last digit differently"
    )


def check_file(path: Path) -> Verdict:
    try:
        with path.open("rb") as file:
            return check(file.read(LONGEST + 1))
    except OSError as error:
        return Verdict(UNREADABLE, f"file: {error.strerror}")


def check_files(paths: Sequence[Path], write: Callable[[str], object]) -> int:
    """One line for every file; the exit code is that of the worst."""
    verdicts = [check_file(path) for path in paths]
    for path, verdict in zip(paths, verdicts, strict=True):
        write(f"{path}: {verdict}\n")
    return max(verdict.code for verdict in verdicts)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m scoring.engine.recheck",
        description="Computes exported scores again and compares them byte for byte. Exit code 0: the same, "
        "1: different, 2: not readable.",
    )
    parser.add_argument("file", nargs="+", type=Path)
    return check_files(parser.parse_args(arguments).file, sys.stdout.write)


if __name__ == "__main__":
    raise SystemExit(main())
