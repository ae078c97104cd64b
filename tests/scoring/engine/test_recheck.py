"""A score's file gives the same bytes anywhere, tells what was changed in it, and never breaks the program."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.engine.exchange import Json, canonical, parse, read_as
from scoring.engine.facts import Dossier
from scoring.engine.known import as_known
from scoring.engine.recheck import DIFFERENT, SAME, UNREADABLE, check, check_files, rubric_text, score_file
from scoring.engine.rubric import SHIPPED
from tests.scoring.engine.dossiers import DAYS, STEADY, dossiers, on, pledge, report

ROOT = Path(__file__).parents[3]
TOML = rubric_text(SHIPPED)
TOLD = replace(STEADY, reports=(report("cut", "layoffs", 600),), pledges=(pledge("open"),))
FILE = score_file(TOLD, TOML, on(700))


def changed(change: Callable[[Json], object]) -> bytes:
    content = json.loads(FILE)
    change(content)
    return canonical(content)


@settings(max_examples=30)
@given(dossiers(), DAYS)
def test_what_is_written_is_read_again_and_gives_the_same_bytes(dossier: Dossier, as_of: date) -> None:
    content = score_file(dossier, TOML, as_of)
    assert check(content).code == SAME, check(content).sentence
    again = read_as(Dossier, parse(content)["dossier"], "file.dossier")
    assert again == as_known(dossier, as_of)
    assert score_file(again, TOML, as_of) == content


def test_evidence_of_later_days_is_not_in_it() -> None:
    assert b"layoffs" not in score_file(TOLD, "\n".join(TOML.splitlines()), on(599)).partition(b'"rubric"')[0]


def test_it_says_so_when_all_is_the_same() -> None:
    assert check(FILE).sentence.startswith(f"same, byte for byte: acme-language on {on(700)}")


def test_spaces_and_the_order_of_keys_do_not_matter() -> None:
    spaced = json.dumps(dict(reversed(json.loads(FILE).items())), indent=2, ensure_ascii=False)
    assert check(spaced.encode()).code == SAME


def _raise_durability(content: Json) -> None:
    content["result"]["durability"] += 1


def _soften(content: Json) -> None:
    content["dossier"]["reports"][0]["severity"] = 1


def _lighten(content: Json) -> None:
    content["rubric"]["toml"] = content["rubric"]["toml"].replace("anchor = 60", "anchor = 61")


def _drop_an_item(content: Json) -> None:
    content["result"]["contributions"].pop()


def _add_to_the_result(content: Json) -> None:
    content["result"]["stars"] = 5


def _whole_number(content: Json) -> None:
    content["result"]["contributions"][0]["points"] = int(content["result"]["contributions"][0]["points"])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (_raise_durability, "result.durability: the file says "),
        (_soften, "input_digest: the file says "),
        (_lighten, "rubric.sha256: the file says "),
        (_drop_an_item, "result.contributions["),
        (_add_to_the_result, "result.stars: the file says 5, computed again it is nothing"),
        (_whole_number, "result.contributions[0].points: the file says "),
        (lambda content: content.update(subject="another"), 'subject: the file says "another"'),
    ],
)
def test_what_was_changed_is_named_with_both_values(change: Callable[[Json], object], path: str) -> None:
    verdict = check(changed(change))
    assert verdict.code == DIFFERENT
    assert verdict.sentence.startswith(path)


def test_evidence_changed_with_its_hash_changes_the_result() -> None:
    softer = replace(TOLD, reports=(replace(TOLD.reports[0], severity=1),))
    forged = json.loads(score_file(softer, TOML, on(700))) | {"result": json.loads(FILE)["result"]}
    verdict = check(canonical(forged))
    assert verdict.code == DIFFERENT
    assert verdict.sentence.startswith("result.")
    assert " more differ" in verdict.sentence


def test_a_rubric_of_somebody_else_is_called_so() -> None:
    verdict = check(score_file(TOLD, TOML.replace("base_spread = 2.0", "base_spread = 1.9"), on(700)))
    assert verdict.code == SAME
    assert "not a rubric that comes with this program" in verdict.sentence


def test_a_last_digit_that_another_processor_rounds_is_called_rounding() -> None:
    verdict = check(changed(lambda content: content["result"].update(sd=content["result"]["sd"] * (1 + 1e-14))))
    assert verdict.code == DIFFERENT
    assert "one of rounding" in verdict.sentence


def _of(path: str, value: object) -> Callable[[Json], None]:
    def change(content: Json) -> None:
        *above, last = path.split(".")
        for step in above:
            content = content[int(step) if step.isdigit() else step]
        content[int(last) if last.isdigit() else last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("format", "riskboard-score/9", "file.format: must be 'riskboard-score/1'"),
        ("format", ["x"], "file.format: must be"),
        ("as_of", "24.11.2026", "file.as_of: must be a day as YYYY-MM-DD"),
        ("as_of", "0001-01-01", "file.as_of: must be a day as YYYY-MM-DD from 1900"),
        ("as_of", 20261124, "file.as_of: must be a day as YYYY-MM-DD"),
        ("dossier", [], "file.dossier: must be an object, is a list"),
        ("dossier.reports", {}, "file.dossier.reports: must be a list"),
        ("dossier.reports.0", None, "file.dossier.reports[0]: must be an object, is null"),
        ("dossier.reports.0.kind", "rumor", "file.dossier.reports[0].kind: 'rumor' is not a code of the rubric"),
        ("dossier.reports.0.severity", 6, "file.dossier.reports[0].severity: must be 1 to 5, is 6"),
        ("dossier.reports.0.severity", True, "file.dossier.reports[0].severity: must be a whole number"),
        ("dossier.reports.0.severity", 2.5, "file.dossier.reports[0].severity: must be a whole number"),
        ("dossier.reports.0.direction", "up", "file.dossier.reports[0].direction: must be one of weakens"),
        ("dossier.reports.0.denies", 0, "file.dossier.reports[0].denies: must be true or false"),
        ("dossier.reports.0.weight", 10**40, "file.dossier.reports[0].weight: must be a number up to 10^15"),
        ("dossier.reports.0.label", "\ud800", "file.dossier.reports[0].label: holds half of a character"),
        ("dossier.reports.0.stars", 1, "file.dossier.reports[0].stars: unknown field"),
        ("dossier.pledges.0.channel", "tea leaves", "file.dossier.pledges[0].channel: 'tea leaves' is not a code"),
        ("rubric", "durability", "file.rubric: must be an object"),
        ("rubric.toml", "base = [", "file.rubric.toml: rubric: not readable as TOML"),
        ("rubric.toml", "x = " + "[" * 100_000, "file.rubric.toml: "),
        ("rubric.toml", TOML.replace("nodes = 31", "nodes = 1000000000"), "file.rubric.toml: interval.nodes"),
        ("rubric.toml", TOML.replace("frailty_nats = 0", "frailty_nats = 1e200 # 0"), "file: its evidence and rubric"),
        ("rubric.toml", TOML.replace("dormant_days = 3", "dormant_days = 99999999999999999993", 1), "file: its evid"),
    ],
)
def test_a_file_that_is_not_ours_is_refused_by_path(path: str, value: object, reason: str) -> None:
    content = json.loads(FILE)
    _of(path, value)(content)
    verdict = check(json.dumps(content).encode())
    assert verdict.code == UNREADABLE, verdict
    assert verdict.sentence.startswith(reason)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file: not JSON"),
        (b"\xff\xfe", "file: not UTF-8 at byte 0"),
        (b"[1, 2]", "file: must be an object"),
        (b"{}", "file.as_of: missing"),
        (b"[" * 200_000, "file: nested too deeply"),
        (b'{"a": NaN}', "file: NaN is not a number"),
        (b'{"a": 1e999}', "file: 1e999 is beyond the range"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "file: a number has too many digits"),
        (b'{"a": 1, "a": 2}', "file: the key 'a' stands twice"),
        (b" " * (32 * 1024 * 1024 + 1), "file: 33554433 bytes; at most"),
        (FILE[:-40], "file: not JSON"),
        (FILE.replace(b'"input_digest"', b'"digest"'), "file.digest: unknown field"),
    ],
)
def test_what_is_no_score_at_all_is_refused_in_words(content: bytes, reason: str) -> None:
    verdict = check(content)
    assert verdict.code == UNREADABLE
    assert verdict.sentence.startswith(reason)


@settings(max_examples=60)
@given(st.data())
def test_no_change_of_a_file_breaks_the_program(data: st.DataObject) -> None:
    """One value anywhere becomes any other."""
    content = json.loads(FILE)
    odd: st.SearchStrategy[Json] = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([])
    place: Json = content
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(odd)
            break
        place = place[key]
    assert check(json.dumps(content).encode()).code in {SAME, DIFFERENT, UNREADABLE}


def test_of_many_files_the_worst_decides(tmp_path: Path) -> None:
    good, bad, out = tmp_path / "good.json", tmp_path / "bad.json", StringIO()
    good.write_bytes(FILE)
    bad.write_bytes(changed(_raise_durability))
    assert check_files([good], out.write) == SAME
    assert check_files([good, bad], out.write) == DIFFERENT
    assert check_files([good, tmp_path / "absent.json", bad], out.write) == UNREADABLE
    assert "absent.json: not readable: file: No such file or directory\n" in out.getvalue()


def test_it_runs_without_django_or_a_database(tmp_path: Path) -> None:
    path = tmp_path / "score.json"
    path.write_bytes(FILE)
    program = (
        "import sys; from scoring.engine.recheck import main; code = main(sys.argv[1:]);"
        "assert not {'django', 'sqlite3', 'psycopg'} & set(sys.modules); sys.exit(code)"
    )
    for command in ([sys.executable, "-c", program], [sys.executable, "-m", "scoring.engine.recheck"]):
        ran = subprocess.run([*command, str(path)], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (SAME, "")
        assert ran.stdout.startswith(f"{path}: same, byte for byte")


def test_plain_values_are_canonical() -> None:
    assert canonical({"b": 0.1, "a": (date(2026, 1, 2), None)}) == b'{"a":["2026-01-02",null],"b":0.1}'
