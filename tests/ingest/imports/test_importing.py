"""A file of rows: what it would do, recorded as a whole or not at all, and taken back as a whole."""

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.audit.verifying import verify
from riskboard.catalog.models import License, Pledge, Signal, Tombstone, VendorFact
from riskboard.catalog.services import remove
from riskboard.catalog.tables import TABLES
from riskboard.ingest.imports import applying
from riskboard.ingest.imports.models import Import
from riskboard.ingest.imports.planning import Plan, plan, version_of
from riskboard.ingest.imports.sheets import MOST_ROWS
from riskboard.ingest.imports.taking_back import undo_import
from riskboard.ingest.seconding import SamePersonError
from riskboard.ingest.undoing import UndoError
from tests import cast
from tests.ingest import desk
from tests.ingest.desk import HOUR, NOW

pytestmark = pytest.mark.django_db
SLOW = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
Row = dict[str, str]


def still(write: Callable[[], None]) -> list[applying.Move]:
    write()
    return []


def moving(points: float) -> applying.Measure:
    def measure(write: Callable[[], None]) -> list[applying.Move]:
        write()
        return [{"slug": "a", "name": "A", "points": points, "on": "2026-06-01"}]

    return measure


def exported(table: str, *, with_versions: bool = False) -> list[Row]:
    spec = TABLES[table]
    found = []
    for row in spec.rows():
        cells = {column.name: column.render(row) for column in spec.columns}
        found.append({**cells, "version": version_of(spec, row)} if with_versions else cells)
    return found


def as_file(rows: list[Row], **options: Any) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), **options)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def outcomes(found: Plan) -> list[str]:
    return [str(row.outcome) for row in found.rows]


def problems(found: Plan) -> list[tuple[int, str, str]]:
    return [(row.line, column, reason) for row in found.rows for column, reason in row.problems]


@pytest.fixture
def player(db: None) -> cast.Player:
    """With a row of every table."""
    player = cast.keeper()
    change = (cast.make_community_license(), cast.make_license(), NOW.date())
    cast.make_license_change(player.family, *change)
    for text in ("First", "=1+1", " spaces ", 'quoted "twice", and\r\nanother line'):
        cast.make_signal(player.vendor, summary=text)
    cast.make_pledge(player.vendor)
    cast.make_reach(player.vendor, player.family)
    return player


def draft_of(rows: list[Row], by: User, table: str = "signals", measure: applying.Measure = still) -> Import:
    return applying.prepare(table, as_file(rows), file_name="rows.csv", by=by, now=NOW, measure=measure)


def record(draft: Import, by: User, measure: applying.Measure = still) -> Import:
    return applying.apply(draft, by=by, now=NOW, seen=draft.plan_hash, reason="Checked", measure=measure)


# Planning -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("with_versions", [True, False])
def test_what_was_exported_is_all_as_on_record(player: cast.Player, table: str, with_versions: bool) -> None:
    found = plan(table, as_file(exported(table, with_versions=with_versions)))
    assert set(outcomes(found)) == {"same"}
    assert not found.faults


@SLOW
@given(st.data())
def test_exactly_the_changed_cells_are_reported(player: cast.Player, data: st.DataObject) -> None:
    rows = exported("signals")
    expected = {}
    editable = {"severity": ["1", "2", "3"], "summary": ["One", "Another"], "publisher": ["", "A paper"]}
    for number in data.draw(st.sets(st.integers(0, len(rows) - 1))):
        for name in data.draw(st.sets(st.sampled_from(sorted(editable)), min_size=1)):
            former, rows[number][name] = rows[number][name], data.draw(st.sampled_from(editable[name]))
            if former != rows[number][name]:
                expected[rows[number]["id"], name] = rows[number][name]
    order = data.draw(st.permutations(list(rows[0])))
    found = plan("signals", as_file([{name: row[name] for name in order} for row in rows]))
    assert {(row.key, name): after for row in found.rows for name, _, after in row.changes} == expected
    assert outcomes(found).count("change") == len({key for key, _ in expected})


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_file_as_spreadsheets_save_it_is_read(player: cast.Player, separator: str) -> None:
    content = as_file(exported("signals"), delimiter=separator) + f"{separator * 3}\r\n".encode()
    found = plan("signals", b"\xef\xbb\xbf" + content)
    assert set(outcomes(found)) == {"same"}


def test_capitals_of_a_spreadsheet_are_read_as_what_they_mean(player: cast.Player) -> None:
    rows = [{**row, "flagship": row["flagship"].upper()} for row in exported("releases")]
    assert set(outcomes(plan("releases", as_file(rows)))) == {"same"}


def test_missing_columns_stay_as_they_are_and_blank_cells_blank(player: cast.Player) -> None:
    signal = Signal.objects.all()[0]
    found = plan("signals", f"id,publisher\r\n{signal.key},\r\n".encode())
    assert found.rows[0].changes == ((("publisher", signal.publisher, ""),) if signal.publisher else ())
    assert found.rows[0].values.get("summary", signal.summary) == signal.summary


def test_every_fault_of_a_row_is_named_with_line_and_column(player: cast.Player) -> None:
    texts = desk.signal_texts(player)
    rows = [texts, {**texts, "id": "b", "vendor": "nobody", "severity": "9"}, {**texts, "id": "", "kind": "x"}]
    rows += [{**texts, "id": "c", "occurred_on": "24.11.2026", "summary": "=cmd()"}, texts]
    found = problems(plan("signals", as_file(rows)))
    assert {(line, column) for line, column, _ in found} == {
        (3, "vendor"),
        (3, "family"),
        (3, "severity"),
        (4, "id"),
        (4, "kind"),
        (5, "occurred_on"),
        (5, "summary"),
        (6, "id"),
    }
    assert "write YYYY-MM-DD" in next(reason for _, column, reason in found if column == "occurred_on")
    assert "already on line 2" in found[-1][2]


def test_what_has_not_come_yet_is_an_error_of_its_row(player: cast.Player) -> None:
    content = as_file([desk.signal_texts(player, occurred_on="2026-06-03", published_on="")])
    found = plan("signals", content, NOW.date())
    assert problems(found) == [(2, "occurred_on", "has not come yet: only what has happened is recorded")]
    assert outcomes(plan("signals", content, date(2026, 6, 2))) == ["add"]
    draft = applying.prepare("signals", content, by=None, now=NOW, measure=still)
    assert not draft.rows.exclude(outcome="error").exists()


def test_a_row_with_too_many_cells_is_an_error_of_its_own(player: cast.Player) -> None:
    signal = Signal.objects.all()[0]
    found = plan("signals", f"id,publisher\r\n{signal.key},A,B\r\n{signal.key},Somebody\r\n".encode())
    assert outcomes(found) == ["error", "change"]
    assert problems(found) == [(2, "", "has 3 cells, the header has 2")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,colour\r\na,b\r\n", "is no column of signals"),
        (b"summary\r\na\r\n", "it is part of the key"),
        (b"id,id\r\na,b\r\n", "occurs twice"),
        (b"", "is empty"),
        (b"id\r\n\xff\r\n", "is not UTF-8"),
        (b"id\r\n\0\r\n", "NUL byte"),
        (b'id,summary\r\na,"b\r\n', "is broken CSV"),
        (b"id\r\n" + b"x\r\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS:,} rows"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(db: None, content: bytes, said: str) -> None:
    found = plan("signals", content)
    assert said in " ".join(reason for _, _, reason in found.faults)
    assert not found.is_clean


def test_a_row_that_was_changed_since_is_a_conflict_until_its_version_is_emptied(player: cast.Player) -> None:
    rows = exported("signals", with_versions=True)
    Signal.objects.filter(key=rows[0]["id"]).update(publisher="Meanwhile")
    rows[0]["severity"] = "1" if rows[0]["severity"] != "1" else "2"
    found = plan("signals", as_file(rows))
    assert outcomes(found).count("conflict") == 1
    assert "changed since this file was exported" in problems(found)[0][2]
    assert outcomes(plan("signals", as_file([{**rows[0], "version": ""}]))) == ["change"]


def test_what_was_withdrawn_here_is_not_brought_back(player: cast.Player, ann: User) -> None:
    rows = exported("signals", with_versions=True)
    remove(Signal.objects.get(key=rows[0]["id"]), by=ann, why="Wrong")
    assert outcomes(plan("signals", as_file(rows[:1]))) == ["conflict"]
    assert outcomes(plan("signals", as_file([{**rows[0], "version": ""}]))) == ["conflict"]


def test_planning_takes_as_many_queries_for_a_thousand_rows_as_for_two(player: cast.Player) -> None:
    def queries(count: int) -> int:
        rows = [{**desk.signal_texts(player), "id": f"bulk-{number}"} for number in range(count)]
        with CaptureQueriesContext(connection) as taken:
            assert outcomes(plan("signals", as_file(rows))) == ["add"] * count
        return len(taken)

    assert queries(1000) == queries(2) <= 30


# Recording ----------------------------------------------------------------------------------------


def test_new_and_changed_rows_are_recorded_with_who_and_why(player: cast.Player, ann: User) -> None:
    rows = exported("signals")
    rows[0]["publisher"] = "Another paper"
    rows.append(desk.signal_texts(player, id="brand-new"))
    done = record(draft_of(rows, ann), ann)
    changed, new = Signal.objects.get(key=rows[0]["id"]), Signal.objects.get(key="brand-new")
    assert (done.state, changed.publisher, changed.is_local, new.is_local) == ("applied", "Another paper", True, True)
    assert changed.history.filter(history_user=ann, history_change_reason="Checked").count() == 1
    assert [(entry.action, entry.subject, entry.reason, entry.is_public) for entry in Entry.objects.order_by("pk")] == [
        ("corrected", f"signal:{changed.key}", "Checked", True),
        ("recorded", "signal:brand-new", "Checked", False),
        ("imported", f"import:{done.pk}", "Checked", False),
    ]
    assert verify() == []


def test_an_error_in_the_last_row_keeps_all_from_being_recorded(player: cast.Player, ann: User) -> None:
    rows = [desk.signal_texts(player, id=f"new-{number}") for number in range(5)]
    rows[-1]["severity"] = "9"
    draft = draft_of(rows, ann)
    with pytest.raises(ValidationError, match="Nothing is recorded while a row is wrong"):
        record(draft, ann)
    assert not Signal.objects.filter(key__startswith="new-").exists()
    assert not Entry.objects.exists()


def test_looking_through_records_nothing(player: cast.Player, ann: User) -> None:
    before = exported("signals")
    draft = draft_of([desk.signal_texts(player, id="new")], ann, measure=moving(1.5))
    assert exported("signals") == before
    assert (draft.effect, draft.rows.count()) == (1.5, 1)


def test_sent_twice_it_is_one_draft_and_recorded_once(player: cast.Player, ann: User) -> None:
    rows = [desk.signal_texts(player, id="new")]
    draft = draft_of(rows, ann)
    assert draft_of(rows, ann) == draft
    record(draft, ann)
    assert record(draft, ann).state == "applied"
    assert Entry.objects.filter(action="imported").count() == 1
    assert Signal.objects.filter(key="new").count() == 1
    with pytest.raises(ValidationError, match="nothing to record"):
        record(draft_of(rows, ann), ann)


def test_what_came_out_otherwise_meanwhile_is_not_recorded(player: cast.Player, ann: User) -> None:
    rows = exported("signals")
    rows[0]["publisher"] = "Another paper"
    draft = draft_of(rows, ann)
    Signal.objects.filter(key=rows[0]["id"]).update(severity=1, publisher="Meanwhile")
    with pytest.raises(applying.PlanChangedError):
        record(draft, ann)
    again = applying.compare_again(draft, now=NOW, measure=still)
    assert again.plan_hash != draft.plan_hash
    assert record(again, ann).state == "applied"


def test_a_change_needs_a_reason(player: cast.Player, ann: User) -> None:
    rows = [{**exported("signals")[0], "publisher": "Another paper"}]
    draft = draft_of(rows, ann)
    with pytest.raises(ValidationError, match="A correction says why"):
        applying.apply(draft, by=ann, now=NOW, seen=draft.plan_hash, measure=still)


@pytest.mark.parametrize(("severity", "points"), [("5", 0.0), ("2", -7.0)])
def test_what_takes_two_people_waits_as_a_whole(
    player: cast.Player, ann: User, ben: User, severity: str, points: float
) -> None:
    rows = [desk.signal_texts(player, id="a"), desk.signal_texts(player, id="b", severity=severity)]
    draft = draft_of(rows, ann, measure=moving(points))
    assert draft.reasons
    assert record(draft, ann, moving(points)).state == "second"
    assert not Signal.objects.filter(key__in="ab").exists()
    with pytest.raises(SamePersonError):
        record(draft, ann, moving(points))
    done = record(draft, ben, moving(points))
    assert (done.state, done.accepted_by, done.applied_by) == ("applied", ann, ben)
    assert Signal.objects.filter(key__in="ab").count() == 2


def test_where_one_person_decides_the_record_says_so(player: cast.Player, ann: User, settings: Settings) -> None:
    settings.SECOND_PERSON = False
    assert record(draft_of([desk.signal_texts(player, severity="5")], ann), ann).state == "applied"
    said = desk.after(Entry.objects.get(action="imported"))
    assert said["second_person"] == "switched off on this board, though severity 5"


# Taking back --------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["signals", "pledges", "vendor_facts", "licenses", "license_thresholds"])
def test_undoing_brings_everything_back_to_the_byte(player: cast.Player, ann: User, table: str) -> None:
    edits = {
        "signals": {"severity": "1"},
        "pledges": {"status": "broken", "status_on": "2026-05-01", "status_reason": "So it was."},
        "vendor_facts": {"confidence": "low"},
        "licenses": {"name": "Another name"},
        "license_thresholds": {"amount": "5"},
    }
    new_rows = {"signals": {"id": "new"}, "pledges": {"id": "new"}, "licenses": {"key": "new", "name": "New"}}
    before = exported(table)
    rulings = set(Pledge.objects.values_list("key", "rulings__status", "rulings__ruled_on"))
    rows = [{**row} for row in before]
    rows[0] |= edits[table]
    if table in new_rows:
        rows.append({**before[0], **new_rows[table]})
    done = record(draft_of(rows, ann, table), ann)
    assert exported(table) != before
    undone = undo_import(done, by=ann, now=NOW + HOUR)
    assert (undone.state, exported(table)) == ("undone", before)
    assert set(Pledge.objects.values_list("key", "rulings__status", "rulings__ruled_on")) == rulings
    assert not Tombstone.objects.exists()
    assert not any(model._default_manager.filter(is_local=True).exists() for model in (License, Pledge, VendorFact))
    assert undo_import(done, by=ann, now=NOW + HOUR).state == "undone"
    assert Entry.objects.filter(action="import undone").count() == 1
    assert verify() == []


def test_nothing_is_undone_when_a_row_was_changed_since(player: cast.Player, ann: User) -> None:
    rows = [desk.signal_texts(player, id="a"), desk.signal_texts(player, id="b")]
    done = record(draft_of(rows, ann), ann)
    Signal.objects.filter(key="b").update(publisher="Corrected since")
    with pytest.raises(UndoError, match="changed or withdrawn since it was recorded: b"):
        undo_import(done, by=ann, now=NOW)
    assert Signal.objects.filter(key__in="ab").count() == 2
    assert Import.objects.get(pk=done.pk).state == "applied"


def test_nothing_is_undone_when_other_evidence_refers_to_a_row(player: cast.Player, ann: User) -> None:
    row = {**exported("licenses")[0], "key": "new", "name": "New"}
    done = record(draft_of([row], ann, "licenses"), ann)
    threshold = cast.make_threshold(License.objects.get(key="new"))
    with pytest.raises(UndoError, match="thresholds recorded since refer"):
        undo_import(done, by=ann, now=NOW)
    threshold.delete()
    cast.make_release(player.family, license=License.objects.get(key="new"))
    with pytest.raises(UndoError, match="releases recorded since refer"):
        undo_import(done, by=ann, now=NOW)
    assert License.objects.filter(key="new").exists()


def test_only_what_was_not_recorded_is_discarded(player: cast.Player, ann: User) -> None:
    draft = draft_of([desk.signal_texts(player, id="a")], ann)
    with pytest.raises(ValidationError, match="nothing to undo"):
        undo_import(draft, by=ann, now=NOW)
    done = record(draft, ann)
    with pytest.raises(ValidationError, match="stays on record"):
        applying.discard(done)
    waiting = draft_of([desk.signal_texts(player, id="b")], ann)
    applying.discard(waiting)
    assert list(Import.objects.all()) == [done]
