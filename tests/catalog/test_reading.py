"""Whatever is wrong with a file is refused with file, line, column and reason, and nothing is loaded."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from riskboard.catalog.faults import SHOWN, EvidenceError, Fault
from riskboard.catalog.loading import load_evidence
from riskboard.catalog.models import Release, Signal, Source, Vendor
from riskboard.catalog.reading import LARGEST
from riskboard.catalog.tables import TABLES
from tests.catalog.evidence_folder import EvidenceFolder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def faults_of(folder: EvidenceFolder) -> list[str]:
    with pytest.raises(EvidenceError) as refused:
        load_evidence(folder.path, now=NOW)
    assert not Vendor.objects.exists()
    assert not Source.objects.exists()
    return [str(fault) for fault in refused.value.faults]


CELLS = [
    ("signals", "kind", "lay_offs", "'lay_offs' is unknown; known: restructuring, leadership_departure, layoffs, "),
    ("signals", "occurred_on", "2025-02-31", "there is no day 2025-02-31"),
    ("signals", "occurred_on", "31.02.2025", "'31.02.2025' is not a date; write YYYY-MM-DD"),
    ("signals", "occurred_on", "20250331", "'20250331' is not a date; write YYYY-MM-DD"),
    ("signals", "occurred_on", "0205-03-31", "0205-03-31 is before 1800 or after 2200"),
    ("signals", "occurred_on", "", "must not be blank"),
    ("signals", "published_on", "2025-03-31", "Lies before it occurred."),
    ("signals", "severity", "6", "Must be 1 to 5."),
    ("signals", "severity", "-1", "'-1' is not a whole number"),
    ("signals", "severity", "²", "'²' is not a whole number"),
    ("signals", "source_reliability", "G", "'G' is unknown; known: A, B, C, D, E, F"),
    ("signals", "source_url", "javascript:alert(1)", "'javascript:alert(1)' is not a web address (http or https)"),
    ("signals", "source_url", f"https://x.example/{'a' * 500}", "has 518 characters, at most 500 are allowed"),
    ("signals", "source_title", "a" * 301, "has 301 characters, at most 300 are allowed"),
    ("signals", "summary", "a" * 501, "Ensure this value has at most 500 characters (it has 501)."),
    ("signals", "summary", "=HYPERLINK(A1)", "'=HYPERLINK(A1)' starts like a spreadsheet formula"),
    ("signals", "summary", "+1", "'+1' starts like a spreadsheet formula"),
    ("signals", "summary", "-1+cmd|' /C calc'!A0", "starts like a spreadsheet formula"),
    ("signals", "summary", "@SUM(A1)", "'@SUM(A1)' starts like a spreadsheet formula"),
    ("signals", "summary", "\t=1", "starts like a spreadsheet formula"),
    ("signals", "summary", "\r=1", "starts like a spreadsheet formula"),
    ("signals", "vendor", "ghost", "'ghost' is neither in vendors.csv nor loaded before"),
    ("signals", "family", "ghost", "'ghost' is neither in families.csv nor loaded before"),
    ("releases", "license_key", "ghost", "'ghost' is neither in licenses.csv nor loaded before"),
    ("releases", "slug", "Ace 1", "Use lower-case letters, digits, dots, hyphens and underscores."),
    ("releases", "hf_repo", "ace", "Use owner/name."),
    ("releases", "params_total_b", "4,5", "'4,5' is not a number; write digits and at most one point"),
    ("releases", "params_total_b", "1e9", "'1e9' is not a number; write digits and at most one point"),
    ("releases", "params_total_b", "NaN", "'NaN' is not a number; write digits and at most one point"),
    ("releases", "params_total_b", "0", "Must be above zero; leave blank when unknown."),
    ("releases", "params_active_b", "5", "Must be above zero and at most the total."),
    ("releases", "flagship", "TRUE", "'TRUE' is neither true nor false"),
    ("releases", "withdrawn_on", "2025-02-02", "Lies before the release."),
    ("releases", "hosted_ended_on", "2025-02-02", "Lies before the release."),
    ("releases", "api_first_on", "2025-02-04", "Lies after the release"),
    ("vendors", "country", "France", "Two capital letters."),
    ("licenses", "terminable", "maybe", "'maybe' is neither true nor false"),
    ("license_thresholds", "period", "week", "'week' is unknown; known: day, month, year"),
    ("license_thresholds", "currency", "USD", "An amount of money has a currency, and only that."),
    ("license_thresholds", "amount", "0", "Must be above zero; leave blank when unknown."),
    ("pledges", "due_on", "2025-01-09", "Lies before the pledge was made."),
    ("pledges", "status_on", "", "Every status but open has a day."),
    ("vendor_facts", "value", "rich", "'rich' is unknown; known: vc, public, "),
    ("vendor_facts", "valid_to", "2024-01-01", "Must be after valid_from."),
    ("reach", "value", "9" * 19, "is not a whole number"),
]


@pytest.mark.parametrize(("table", "column", "cell", "reason"), CELLS)
def test_a_bad_cell_is_refused_where_it_stands(
    folder: EvidenceFolder, table: str, column: str, cell: str, reason: str
) -> None:
    folder.change(table, **{column: cell})
    (fault,) = faults_of(folder)
    assert fault.startswith(f"{table}.csv, line 2, column {column}: ")
    assert reason in fault


def test_an_unread_license_that_says_no_is_refused(folder: EvidenceFolder) -> None:
    folder.change("licenses", text_read="no")
    assert faults_of(folder) == [
        "licenses.csv, line 2, column use_restrictions: The text was not read: leave blank what it does not say."
    ]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ settings.SECRET_KEY }}", 'O\'Neil "said" a, b\nc'])
def test_a_script_is_text_and_stored_as_it_is(folder: EvidenceFolder, text: str) -> None:
    folder.change("signals", summary=text)
    load_evidence(folder.path, now=NOW)
    assert Signal.objects.get().summary == text


@pytest.mark.parametrize("text", ["=1+1", "-5 points", "@acme", "+1", "'=quoted", "''=twice"])
def test_a_guarded_formula_is_text_without_its_guard(folder: EvidenceFolder, text: str) -> None:
    folder.change("signals", summary=f"'{text}")
    load_evidence(folder.path, now=NOW)
    assert Signal.objects.get().summary == text


@pytest.mark.parametrize(
    ("table", "cells", "fault"),
    [
        ("signals", {}, "signals.csv, line 3, column id: 'acme-layoffs' is already on line 2"),
        ("vendors", {"name": "Other"}, "vendors.csv, line 3, column slug: 'acme' is already on line 2"),
        ("vendors", {"slug": "other"}, "vendors.csv, line 3, column name: 'Acme' is already on line 2"),
        (
            "lines",
            {"slug": "other", "name": "Other"},
            "lines.csv, line 3, column vendor, modality: 'acme | language' is already on line 2",
        ),
        (
            "vendor_facts",
            {"value": "public"},
            (
                "vendor_facts.csv, line 3, column vendor, family, field, valid_from: "
                "'acme |  | funding | 2024-01-01' is already on line 2"
            ),
        ),
    ],
)
def test_what_may_occur_once_is_refused_a_second_time(
    folder: EvidenceFolder, table: str, cells: dict[str, str], fault: str
) -> None:
    folder.add(table, **cells)
    assert faults_of(folder) == [fault]


def test_a_name_that_a_row_made_here_has_is_refused(folder: EvidenceFolder) -> None:
    load_evidence(folder.path, now=NOW)
    folder.empty("vendors")
    folder.add("vendors", slug="acme-2")
    with pytest.raises(EvidenceError) as refused:
        load_evidence(folder.path, now=NOW)
    assert [str(fault) for fault in refused.value.faults] == [
        "vendors.csv, line 2, column name: is taken by 'acme', which is stored"
    ]


def test_a_family_of_another_vendor_is_refused(folder: EvidenceFolder) -> None:
    folder.add("vendors", slug="other", name="Other")
    folder.change("signals", vendor="other", family="ace")
    folder.change("families", vendor="other")
    assert faults_of(folder) == [
        "families.csv, line 2, column line: 'acme-language' belongs to acme, not to other",
        "signals.csv, line 2, column family: 'ace' belongs to acme, not to other",
    ]


SPOILED = [
    (("vendor,", ""), ["line 1, column vendor: this column is missing"]),
    (
        ("severity", "Severity"),
        ["line 1, column 'Severity': is no column of signals.csv", "line 1, column severity: this column is missing"],
    ),
    (
        ("vendor", "kind"),
        ["line 1, column kind: this column occurs twice", "line 1, column vendor: this column is missing"],
    ),
    (("id,event_id", "event_id,id"), ["line 1: the columns are in another order than id,event_id,"]),
    ((",layoffs,", ","), ["line 2: has 16 cells, the header has 17"]),
    ((",layoffs,", ",layoffs,,"), ["line 2: has 18 cells, the header has 17"]),
    (("A fifth", '"A fifth'), ["line 2: is broken CSV from here on: unexpected end of data"]),
    (("A fifth of the", '"A" fifth of'), ["line 2: is broken CSV from here on: "]),
    (("A fifth", "A\0fifth"), ["line 2: holds a NUL byte: not a text file"]),
]


@pytest.mark.parametrize(("spoil", "faults"), SPOILED)
def test_a_broken_file_is_refused(folder: EvidenceFolder, spoil: tuple[str, str], faults: list[str]) -> None:
    folder.write("signals", folder.text("signals").replace(*spoil, 1))
    found = faults_of(folder)
    assert len(found) == len(faults)
    for fault, expected in zip(found, faults, strict=True):
        assert fault.startswith(f"signals.csv, {expected}")


def test_an_empty_file_is_refused(folder: EvidenceFolder) -> None:
    folder.write("signals", "")
    (fault,) = faults_of(folder)
    assert fault.startswith("signals.csv: is empty; the first line must be id,event_id,vendor,")


def test_bytes_that_are_no_utf_8_are_refused(folder: EvidenceFolder) -> None:
    folder.write("signals", folder.text("signals").replace("A fifth", "Caf\xe9").encode("latin-1"))
    (fault,) = faults_of(folder)
    assert fault.startswith("signals.csv, line 2: is not UTF-8: ")


def test_a_byte_order_mark_and_carriage_returns_are_borne(folder: EvidenceFolder) -> None:
    folder.write("signals", "\ufeff" + folder.text("signals").replace("\n", "\r\n") + "\r\n")
    load_evidence(folder.path, now=NOW)
    assert Signal.objects.count() == 1


def test_a_file_of_50_megabytes_is_refused_before_it_is_read(folder: EvidenceFolder) -> None:
    with (folder.path / "signals.csv").open("r+b") as file:
        file.truncate(50_000_000)
    assert faults_of(folder) == [f"signals.csv: has 50,000,000 bytes, at most {LARGEST:,} are read"]


def test_lines_are_counted_through_cells_that_span_several(folder: EvidenceFolder) -> None:
    folder.change("signals", summary="one\ntwo\nthree")
    folder.add("signals", id="second", kind="unheard_of")
    (fault,) = faults_of(folder)
    assert fault.startswith("signals.csv, line 5, column kind: ")


TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=some.data())
def test_any_text_in_any_cell_is_loaded_or_refused(folder: EvidenceFolder, data: some.DataObject) -> None:
    table = data.draw(some.sampled_from(sorted(TABLES)))
    column = data.draw(some.sampled_from(TABLES[table].header))
    text = data.draw(
        TEXTS | some.sampled_from(["0", "1", "9" * 18, "0.001", "9" * 16 + ".9", "2200-12-31", "true", "yes"])
    )
    folder.reset()
    folder.change(table, **{column: text})
    with transaction.atomic(), suppress(EvidenceError):
        load_evidence(folder.path, now=NOW)
        transaction.set_rollback(True)
    assert not Vendor.objects.exists()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.binary(max_size=200), some.integers(0, 600))
def test_any_bytes_anywhere_in_a_file_are_loaded_or_refused(folder: EvidenceFolder, noise: bytes, at: int) -> None:
    folder.save()
    text = folder.text("signals").encode()
    folder.write("signals", text[:at] + noise + text[at:])
    with transaction.atomic(), suppress(EvidenceError):
        load_evidence(folder.path, now=NOW)
        transaction.set_rollback(True)
    assert not Vendor.objects.exists()


def test_every_fault_is_reported_at_once(folder: EvidenceFolder) -> None:
    folder.change("releases", flagship="perhaps", access="shut")
    folder.change("signals", vendor="ghost")
    folder.add("signals", id="second", severity="9")
    folder.change("vendors", kind="club")
    assert [fault.split(": ")[0] for fault in faults_of(folder)] == [
        "releases.csv, line 2, column access",
        "releases.csv, line 2, column flagship",
        "signals.csv, line 2, column vendor",
        "signals.csv, line 3, column severity",
        "vendors.csv, line 2, column kind",
    ]


def test_a_long_report_says_how_much_more_there_is() -> None:
    faults = [Fault("signals.csv", line, "kind", "unknown") for line in range(2, 302)]
    lines = EvidenceError(faults).lines()
    assert len(lines) == SHOWN + 1
    assert lines[-1] == "... and 100 more faults."


def test_blank_optional_cells_are_unknown(folder: EvidenceFolder) -> None:
    folder.change("releases", params_total_b="", license_key="", weights_on="", hf_repo="")
    load_evidence(folder.path, now=NOW)
    release = Release.objects.get()
    assert (release.params_total_b, release.license, release.weights_on, release.hf_repo) == (None, None, None, "")
