"""``manage.py classify`` labels a file without a database, or says what is wrong with the file and where."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HEADER = "id,title,summary,publisher,published_on\n"


def labeled(path: Path) -> list[dict[str, object]]:
    said = StringIO()
    call_command("classify", path, "--json", stdout=said)
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_one_object_a_line_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        HEADER + 'a,"Zhipu, the AI lab, raises API prices",,SCMP,2026-02-12\n'
        "b,Llamas graze on a farm,The animals like it.,BBC,\n"
        "c,智谱上调API价格,,财联社,2026-02-12\n",
        encoding="utf-8-sig",
    )
    first, second, third = labeled(path)
    assert set(first) >= {"id", "relevant", "vendor", "family", "kind", "direction", "severity", "confidence", "story"}
    assert (first["id"], first["relevant"], first["vendor"], first["kind"]) == ("a", True, "zhipu", "price_increase")
    assert (second["id"], second["relevant"], second["kind"], second["severity"]) == ("b", False, "", None)
    assert (third["story"], second["story"]) == ("a", "b")


def test_columns_may_stand_in_any_order_beside_others(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        "note,title,published_on,publisher,summary,id\nx,Redis drops BSD for SSPL,2024-03-20,,,7\n", encoding="utf-8"
    )
    assert [(one["id"], one["vendor"]) for one in labeled(path)] == [("7", "redis")]


def test_an_empty_file_of_items_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(HEADER, encoding="utf-8")
    assert labeled(path) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "items.csv, line 1, column id: is missing from the header"),
        (b"id,title,summary,publisher\n", "line 1, column published_on: is missing from the header"),
        (b"id,id,title,summary,publisher,published_on\n", "line 1, column id: stands twice in the header"),
        (HEADER.encode() + b"1,A title,,\n", "line 2: has 4 cells, the header has 5"),
        (HEADER.encode() + b",A title,,,\n", "line 2, column id: is blank"),
        (HEADER.encode() + b"1,A,,,\n\n1,B,,,\n", "line 4, column id: '1' stands on line 2 already"),
        (HEADER.encode() + b"1,,,BBC,\n", "line 2, column title: is blank, and so is the summary"),
        (HEADER.encode() + b"1,A,,,yesterday\n", "column published_on: 'yesterday' is no date"),
        (HEADER.encode() + b"1,A,,,2026-02-30\n", "column published_on: '2026-02-30' is no date"),
        (HEADER.encode() + b"1,\xff\xfe,,,\n", "line 2: is not UTF-8"),
        (HEADER.encode() + b"1,A\0,,,\n", "line 2: holds a NUL byte"),
        (HEADER.encode() + b'1,"A,,,\n', "line 2: is broken CSV from here on"),
    ],
)
def test_a_bad_file_is_refused_with_line_column_and_reason(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "items.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=r"items\.csv") as refused:
        labeled(path)
    assert said in str(refused.value)
    assert refused.value.returncode == 2


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv: cannot be read") as refused:
        labeled(tmp_path / "none.csv")
    assert refused.value.returncode == 2


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(HEADER + ",A,,,\n2,B,,,soon\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        labeled(path)
    assert str(refused.value).count("items.csv, line") == 2


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    lines = "".join(f"{number},Redis relicenses {'under SSPL ' * 20}{number},,,\n" for number in range(400))
    path.write_text(HEADER + lines, encoding="utf-8")
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "manage.py", "classify", str(path), "--json"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["id"] == "0"
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")
