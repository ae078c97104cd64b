"""Whatever was done to the log, the command says to which entry."""

import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from riskboard.audit.chain import BEGINNING, hash_of
from riskboard.audit.models import Entry
from riskboard.audit.services import record
from riskboard.audit.verifying import Anchor, verify
from tests.audit.conftest import NOW

Tamper = Callable[[str], None]
EDITS = {
    "reason": "reason = 'Another'",
    "actor": "actor_id = NULL",
    "action": "action = 'dismissed'",
    "subject": "subject = 'signal:other'",
    "before": """before = '{"severity": "2"}'""",
    "after": "after = NULL",
    "a number beyond all we write": """after = '{"a": 123456789012345678901234567890}'""",
    "time": "at = '2026-06-02 12:00:00+00:00'",
    "public": f"is_public = {'false' if connection.vendor == 'postgresql' else '0'}",
    "previous hash": f"previous_hash = '{'0' * 64}'",
    "role": "role = 'admin'",
    "hash": f"hash = '{'f' * 64}'",
}


def verified(**options: object) -> str:
    out = io.StringIO()
    call_command("verifyaudit", stdout=out, **options)
    return out.getvalue()


def numbers(anchor: Anchor | None = None) -> list[int]:
    return [fault.number for fault in verify(anchor)]


def rewrite(tamper: Tamper, number: int) -> None:
    """Changes an entry and gives it a hash that fits."""
    tamper(f"UPDATE audit_entry SET reason = 'Another' WHERE id = {number}")
    digest = hash_of(Entry.objects.get(pk=number))
    tamper(f"UPDATE audit_entry SET hash = '{digest}' WHERE id = {number}")


def test_an_untouched_log_is_sound(log: list[Entry]) -> None:
    assert "5 entries" in verified()


@pytest.mark.django_db
def test_an_empty_log_is_sound() -> None:
    assert "0 entries" in verified()


@pytest.mark.parametrize("number", [2, 4])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_exactly_the_entry_that_was_edited_is_named(log: list[Entry], tamper: Tamper, edit: str, number: int) -> None:
    tamper(f"UPDATE audit_entry SET {edit} WHERE id = {number}")
    assert numbers() == [number]
    with pytest.raises(CommandError, match=rf"Entry {number} was changed"):
        verified()


def test_two_edited_entries_are_both_named(log: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET reason = 'Another' WHERE id IN (2, 3)")
    assert numbers() == [2, 3]


@pytest.mark.parametrize("number", [1, 3])
def test_an_entry_with_a_new_hash_of_its_own_is_named(log: list[Entry], tamper: Tamper, number: int) -> None:
    rewrite(tamper, number)
    assert numbers() == [number]


def test_a_missing_entry_is_named(log: list[Entry], tamper: Tamper) -> None:
    tamper("DELETE FROM audit_entry WHERE id IN (1, 3)")
    assert numbers() == [1, 3]


def test_an_entry_moved_to_a_number_far_away_is_told_at_once(log: list[Entry], tamper: Tamper) -> None:
    tamper("UPDATE audit_entry SET id = 1000000000000 WHERE id = 5")
    assert [str(fault) for fault in verify()] == [
        "Entry 5 is missing, and so are all up to entry 999999999999.",
        "Entry 1000000000000 was changed after it was written.",
    ]


@pytest.mark.django_db
def test_a_long_log_is_read_in_bounded_memory() -> None:
    note_many(20_000)
    assert verify() == []
    tracemalloc.start()
    assert verify() == []
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20_000_000  # all entries at once would take several times as much


def note_many(count: int) -> None:
    previous, entries = BEGINNING, []
    for number in range(1, count + 1):
        entry = Entry(pk=number, at=NOW, action="recorded", subject=f"signal:{number}", reason="x" * 400)
        entry.previous_hash, entry.hash = previous, ""
        entry.hash = previous = hash_of(entry)
        entries.append(entry)
    Entry.objects.bulk_create(entries, batch_size=500)


def test_a_log_that_was_cut_is_told_by_its_anchor(log: list[Entry], tamper: Tamper, tmp_path: Path) -> None:
    kept = tmp_path / "anchor.json"
    verified(export_anchor=kept)
    assert json.loads(kept.read_text()) == {"number": 5, "hash": log[-1].hash}
    tamper("DELETE FROM audit_entry WHERE id > 3")
    assert numbers() == []
    with pytest.raises(CommandError, match=r"Entry 5 was there .* now ends with entry 3"):
        verified(anchor=kept)


def test_a_log_that_was_cut_and_went_on_is_told_by_its_anchor(log: list[Entry], tamper: Tamper, tmp_path: Path) -> None:
    kept = tmp_path / "anchor.json"
    verified(export_anchor=kept)
    tamper("DELETE FROM audit_entry WHERE id > 3")
    for number in range(3):
        record(actor=None, action="recorded", subject=f"later-{number}", at=NOW)
    assert numbers() == []
    with pytest.raises(CommandError, match="Entry 5 is not the one of the anchor"):
        verified(anchor=kept)


def test_a_log_that_only_grew_holds_its_anchor(log: list[Entry], tmp_path: Path) -> None:
    kept = tmp_path / "anchor.json"
    verified(export_anchor=kept)
    record(actor=None, action="recorded", subject="later", at=NOW)
    assert "6 entries" in verified(anchor=kept)


@pytest.mark.django_db
def test_the_anchor_of_an_empty_log_holds_for_every_log(tmp_path: Path) -> None:
    kept = tmp_path / "anchor.json"
    verified(export_anchor=kept)
    record(actor=None, action="recorded", subject="first", at=NOW)
    assert "1 entries" in verified(anchor=kept)


def test_no_anchor_is_exported_from_a_broken_log(log: list[Entry], tamper: Tamper, tmp_path: Path) -> None:
    tamper("UPDATE audit_entry SET reason = 'Another' WHERE id = 2")
    with pytest.raises(CommandError):
        verified(export_anchor=tmp_path / "anchor.json")
    assert not (tmp_path / "anchor.json").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["", "[]", '{"number": "5"}', '{"hash": "a"}'])
def test_a_file_without_an_anchor_is_refused_in_a_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "anchor.json").write_text(content)
    with pytest.raises(CommandError, match=r"anchor|Expecting"):
        verified(anchor=tmp_path / "anchor.json")


@pytest.mark.django_db
def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        verified(anchor=tmp_path / "none.json")
    with pytest.raises(CommandError, match="cannot be written"):
        verified(export_anchor=tmp_path / "none" / "anchor.json")
