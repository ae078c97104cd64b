"""Reading histories: the shipped class, unknowns, dates of three precisions, and faults with their place."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from riskboard.catalog.faults import EvidenceError
from scoring.histories import SHIPPED_CLASS, load_histories, load_shipped
from scoring.historytables import TABLES, last_day_of, read_table

ROW = {
    "id": "one",
    "subject": "One",
    "vendor": "Vendor",
    "domain": "database",
    "commitment": "open",
    "started_on": "2015-03-01",
    "terms_at_start": "MIT",
    "event": "none",
    "governance": "single_vendor",
    "cla": "unknown",
    "last_observed_on": "2020-01-01",
    "confidence": "high",
}
SIGNAL = {
    "subject_id": "one",
    "kind": "ipo",
    "occurred_on": "2016-02-03",
    "direction": "weakens",
    "severity": "3",
    "collected": "blind",
}
FACT = {"subject_id": "one", "field": "funding", "value": "vc", "valid_from": "2015-03-01"}
REACH = {"vendor": "v", "metric": "likes", "value": "3", "measured_on": "2020-01-01"}


def write(folder: Path, name: str, *rows: dict[str, str]) -> Path:
    header = list(TABLES[name])
    lines = [",".join(header), *(",".join(row.get(column, "") for column in header) for row in rows)]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def faults(**paths: Path) -> list[str]:
    with pytest.raises(EvidenceError) as refused:
        load_histories(**paths)
    return refused.value.lines()


def test_the_shipped_class_is_read_whole() -> None:
    shipped = load_shipped()
    assert (len(shipped.cases), sum(case.failed for case in shipped.cases)) == (291, 129)
    assert sum(len(case.signals) for case in shipped.cases) == 946
    assert sum(len(case.facts) for case in shipped.cases) == 237
    assert shipped.notes == ()
    coverage = read_table(SHIPPED_CLASS / "history_coverage.csv", "coverage")
    assert coverage.faults == []
    assert {row.values["subject_id"] for row in coverage.rows} == {case.id for case in shipped.cases}


def test_every_shipped_row_of_high_or_medium_confidence_cites_a_web_page() -> None:
    rows = read_table(SHIPPED_CLASS / "history.csv", "history").rows
    cited = [str(row.values["source_url"]) for row in rows if row.values["source_url"]]
    assert all(url.startswith(("http://", "https://")) for url in cited)
    failed = [row.values for row in rows if row.values["event"] != "none"]
    assert all(values["confidence"] != "low" and values["source_url"] for values in failed)
    assert Counter(str(row.values["confidence"]) for row in rows)["low"] == 100


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-05-07", date(2019, 5, 7)),
        ("2019-02", date(2019, 2, 28)),
        ("2020-02", date(2020, 2, 29)),
        ("2019", date(2019, 12, 31)),
    ],
)
def test_a_date_counts_from_the_last_day_it_can_mean(text: str, day: date) -> None:
    assert last_day_of(text) == day


def test_unknown_stays_unknown(tmp_path: Path) -> None:
    paths = {
        "history": write(tmp_path, "history", ROW),
        "signals": write(tmp_path, "signals", SIGNAL, SIGNAL | {"severity": ""}),
        "facts": write(tmp_path, "facts", FACT | {"value": "unknown"}, FACT | {"valid_from": ""}),
        "reach": write(tmp_path, "reach", REACH),
    }
    found = load_histories(**paths)
    (case,) = found.cases
    assert case.last_known == {"governance": "single_vendor", "funding": None, "cla": None}
    assert len(case.signals) == 1
    assert [fact.value for fact in case.facts] == [None]
    assert found.notes == (
        "Not used: 1 signals of unknown severity.",
        "Not used: 1 facts without a beginning.",
        "Not used: 1 rows of reach (shown on the board, never part of a forecast).",
    )


def test_what_cannot_be_placed_in_time_is_left_out_and_said(tmp_path: Path) -> None:
    rows = [
        ROW,
        ROW | {"id": "a", "started_on": ""},
        ROW | {"id": "b", "event": "withdrawn"},
        ROW | {"id": "c", "last_observed_on": ""},
        ROW | {"id": "d", "last_observed_on": "2015-03-01"},
    ]
    found = load_histories(write(tmp_path, "history", *rows))
    assert [case.id for case in found.cases] == ["one"]
    assert [note.split(": ")[1] for note in found.notes] == [
        "when it began is unknown.",
        "when it failed is unknown.",
        "until when it was followed is unknown.",
        "it ends no later than it began.",
    ]
    assert "holds no history with a beginning" in faults(history=write(tmp_path, "history", rows[1]))[0]


def test_the_announcement_is_the_failure_and_what_comes_then_is_no_warning(tmp_path: Path) -> None:
    row = ROW | {"event": "withdrawn", "announced_on": "2018-01-05", "event_on": "2018-06-01"}
    signals = [SIGNAL | {"occurred_on": day} for day in ("2018-01-04", "2018-01-05", "2018-03")]
    other = SIGNAL | {"subject_id": "other"}
    found = load_histories(write(tmp_path, "history", row), write(tmp_path, "signals", *signals, other))
    (case,) = found.cases
    assert (case.ended, case.failed) == (date(2018, 1, 5), True)
    assert [signal.occurred.day for signal in case.signals] == [4]
    assert found.notes == (
        "Not used: 1 signals about subjects that are not in the history.",
        "Not used: 2 signals of or after the day of the end.",
    )
    later = ROW | {"event": "withdrawn", "event_on": "2018-06"}
    assert load_histories(write(tmp_path, "history", later)).cases[0].ended == date(2018, 6, 30)


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"started_on": "1.3.2015"}, "started_on", "is not a date"),
        ({"started_on": "2015-02-30"}, "started_on", "there is no day"),
        ({"started_on": "2015-13"}, "started_on", "there is no day"),
        ({"started_on": "2015-00"}, "started_on", "there is no day"),
        ({"started_on": "2015-05-00"}, "started_on", "there is no day"),
        ({"started_on": "0001"}, "started_on", "before 1800"),
        ({"event": "exploded"}, "event", "is unknown"),
        ({"domain": ""}, "domain", "must not be blank"),
        ({"governance": "nobody"}, "governance", "is unknown"),
        ({"id": ""}, "id", "must not be blank"),
    ],
)
def test_a_fault_names_file_line_and_column(tmp_path: Path, change: dict[str, str], column: str, reason: str) -> None:
    said = faults(history=write(tmp_path, "history", ROW | {"id": "first"}, ROW | change))
    assert said[0].startswith(f"history.csv, line 3, column {column}: ")
    assert reason in said[0]


def test_all_faults_of_all_files_are_told(tmp_path: Path) -> None:
    said = faults(
        history=write(tmp_path, "history", ROW, ROW),
        signals=write(tmp_path, "signals", SIGNAL | {"severity": "9", "kind": "rumor", "occurred_on": ""}),
        facts=write(tmp_path, "facts", FACT | {"field": "cla", "value": "vc"}),
        reach=write(tmp_path, "reach", REACH | {"value": "many"}),
    )
    assert len(said) == 6
    assert said[0].startswith("facts.csv, line 2, column value: 'vc' is no cla")
    assert said[1] == "history.csv, line 3, column id: 'one' is already on line 2"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty; the first line must be id,subject"),
        (b"id,subject\n1,2\n", "this column is missing"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"id\0", "NUL byte"),
    ],
)
def test_what_is_no_such_table_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "history.csv"
    path.write_bytes(content)
    assert any(reason in line for line in faults(history=path))


def test_headers_and_lengths(tmp_path: Path) -> None:
    path = write(tmp_path, "history", ROW)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("id,subject", "id,id,subject,extra", 1), encoding="utf-8")
    said = "\n".join(faults(history=path))
    assert "this column occurs twice" in said
    assert "column 'extra': is no column of this file" in said
    path.write_text(text + "short,row\n", encoding="utf-8")
    assert faults(history=path) == ["history.csv, line 3: has 2 cells, the header has 20"]
    path.write_text(text.split("\n")[0] + "\n", encoding="utf-8")
    assert faults(history=path) == ["history.csv: holds no history"]
    assert faults(history=tmp_path / "none.csv") == ["none.csv: cannot be read: No such file or directory"]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    header = list(TABLES["history"])[::-1]
    path = tmp_path / "turned.csv"
    path.write_text(",".join(header) + "\n" + ",".join(ROW.get(name, "") for name in header) + "\n", encoding="utf-8")
    assert load_histories(path).cases == load_histories(write(tmp_path, "history", ROW)).cases
