from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Model

from riskboard.catalog.faults import EvidenceError
from riskboard.catalog.loading import SHIPPED, LoadReport, load_evidence
from riskboard.catalog.models import (
    License,
    LicenseChange,
    Pledge,
    Reach,
    Release,
    Signal,
    Source,
    Threshold,
    Tombstone,
    Vendor,
    VendorFact,
)
from riskboard.catalog.services import record, remove
from riskboard.catalog.tables import TABLES
from tests.catalog.evidence_folder import ROWS, EvidenceFolder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, tzinfo=UTC)
SHIPPED_ROWS = {
    "vendors": 57,
    "lines": 80,
    "families": 115,
    "licenses": 97,
    "license_thresholds": 63,
    "releases": 439,
    "license_changes": 105,
    "pledges": 120,
    "signals": 250,
    "vendor_facts": 245,
    "reach": 250,
}


def load(folder: EvidenceFolder, *, prune: bool = False) -> LoadReport:
    return load_evidence(folder.path, now=NOW, prune_left=prune)


def stored_rows() -> dict[str, int]:
    return {name: spec.model._default_manager.count() for name, spec in TABLES.items()}


def totals(report: LoadReport) -> dict[str, int]:
    counts = report.tables.values()
    return {
        "added": sum(count.added for count in counts),
        "changed": sum(count.changed for count in counts),
        "unchanged": sum(count.unchanged for count in counts),
        "local": sum(count.kept_local for count in counts),
        "deleted here": sum(count.deleted_here for count in counts),
        "pruned": sum(count.pruned for count in counts),
        "left": sum(len(count.left) for count in counts),
    }


def test_the_shipped_evidence_loads_whole_and_a_second_time_changes_nothing() -> None:
    said = StringIO()
    call_command("loadevidence", stdout=said)
    assert stored_rows() == SHIPPED_ROWS
    assert "Nothing changed." not in said.getvalue()

    histories = {spec.name: spec.model.history.count() for spec in TABLES.values() if hasattr(spec.model, "history")}
    said = StringIO()
    call_command("loadevidence", stdout=said)
    assert "Nothing changed." in said.getvalue()
    assert stored_rows() == SHIPPED_ROWS
    assert histories == {
        spec.name: spec.model.history.count() for spec in TABLES.values() if hasattr(spec.model, "history")
    }


def test_every_shipped_row_breaks_no_rule_of_a_form() -> None:
    load_evidence(SHIPPED, now=NOW)
    for spec in TABLES.values():
        for row in spec.rows():
            row.clean()
            row.clean_fields()


def test_a_second_load_asks_the_database_little(
    folder: EvidenceFolder, django_assert_max_num_queries: Callable[..., object]
) -> None:
    load(folder)
    for number in range(50):
        folder.add("signals", id=f"signal-{number}")
    load(folder)
    with django_assert_max_num_queries(75):  # type: ignore[attr-defined]
        load(folder)


def test_unread_licenses_say_nothing_about_the_clauses_they_are_silent_on() -> None:
    load_evidence(SHIPPED, now=NOW)
    unread = License.objects.filter(text_read=False)
    assert unread.count() == 39
    for clause in ("use_restrictions", "output_training_restriction", "naming_obligation", "terminable", "irrevocable"):
        assert not unread.filter(**{clause: False}).exists()
    assert License.objects.get(key="muse-spark-open").use_restrictions is None
    assert License.objects.get(key="apache-2.0").irrevocable is True
    assert License.objects.get(key="flux1-dev-nc").terminable is True


def test_thresholds_of_the_shipped_licenses_are_figures() -> None:
    load_evidence(SHIPPED, now=NOW)
    kimi = {
        (row.metric, int(row.amount or 0), row.period, row.consequence)
        for row in Threshold.objects.filter(license__key="kimi-k3")
    }
    assert kimi == {
        ("revenue", 20_000_000, "year", "license_needed"),
        ("monthly_active_users", 100_000_000, "month", "display"),
        ("revenue", 20_000_000, "month", "display"),
    }
    assert Threshold.objects.get(license__key="arcee-model").amount is None


def test_a_changed_cell_changes_its_row_and_only_that(folder: EvidenceFolder) -> None:
    load(folder)
    folder.change("signals", severity="5")
    report = load(folder)
    assert (totals(report)["changed"], totals(report)["added"]) == (1, 0)
    signal = Signal.objects.get()
    assert signal.severity == 5
    assert signal.changed_at == NOW
    assert [entry.history_change_reason for entry in signal.history.all()] == ["Loaded from evidence files"] * 2


def test_a_row_that_cites_another_page_gets_another_source(folder: EvidenceFolder) -> None:
    load(folder)
    folder.change("reach", source_title="Likes of Ace, corrected")
    load(folder, prune=True)
    assert Reach.objects.get().source.title == "Likes of Ace, corrected"


def test_rows_that_cite_the_same_page_share_its_source(folder: EvidenceFolder) -> None:
    folder.add("signals", id="again")
    load(folder)
    assert len({signal.source_id for signal in Signal.objects.all()}) == 1


def test_one_fault_in_the_last_table_loads_nothing(folder: EvidenceFolder) -> None:
    folder.change("reach", value="many")
    with pytest.raises(CommandError) as refused:
        call_command("loadevidence", str(folder.path), stdout=StringIO())
    assert refused.value.returncode == 2
    assert "reach.csv, line 2, column value: 'many' is not a whole number" in str(refused.value)
    assert set(stored_rows().values()) == {0}
    assert not Source.objects.exists()


def test_references_may_point_to_what_was_loaded_before(folder: EvidenceFolder) -> None:
    load(folder)
    folder.drop(*(table for table in ROWS if table != "signals"))
    folder.add("signals", id="later")
    assert totals(load(folder))["added"] == 1


def test_files_of_other_names_are_said_to_be_left_alone(folder: EvidenceFolder) -> None:
    (folder.path / "signal.csv").write_text("id\nx\n")
    assert load(folder).ignored == ("signal.csv",)


@pytest.mark.parametrize("content", ["nothing", "a file"])
def test_a_folder_without_evidence_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path if content == "nothing" else tmp_path / "file.csv"
    if content == "a file":
        path.write_text("x")
    with pytest.raises(EvidenceError, match="1 faults"):
        load_evidence(path, now=NOW)


@pytest.mark.parametrize(
    ("occurred", "precision", "stated", "published", "is_derived"),
    [
        ("2025-04-01", "day", "2025-04-09", date(2025, 4, 9), False),
        ("2025-04-01", "day", "", date(2025, 4, 1), True),
        ("2024-02-01", "month", "", date(2024, 2, 29), True),
        ("2025-12-01", "month", "", date(2025, 12, 31), True),
        ("2025-01-01", "year", "", date(2025, 12, 31), True),
        ("2025-06-30", "year", "2025-02-01", date(2025, 2, 1), False),
    ],
)
def test_a_signal_is_published_when_stated_else_on_the_last_day_its_precision_allows(
    folder: EvidenceFolder, occurred: str, precision: str, stated: str, published: date, is_derived: bool
) -> None:
    folder.change("signals", occurred_on=occurred, date_precision=precision, published_on=stated)
    load(folder)
    signal = Signal.objects.get()
    assert (signal.published_on, signal.published_is_derived) == (published, is_derived)


@pytest.mark.parametrize(
    ("cells", "published", "is_derived"),
    [
        ({}, date(2025, 2, 3), False),
        ({"api_first_on": "2025-01-20"}, date(2025, 1, 20), False),
        ({"date_precision": "month", "weights_on": ""}, date(2025, 2, 28), True),
        ({"date_precision": "year", "weights_on": ""}, date(2025, 12, 31), True),
    ],
)
def test_a_release_is_published_when_it_was_first_announced(
    folder: EvidenceFolder, cells: dict[str, str], published: date, is_derived: bool
) -> None:
    folder.change("releases", **cells)
    load(folder)
    release = Release.objects.get()
    assert (release.published_on, release.published_is_derived) == (published, is_derived)


def test_what_else_becomes_public_does_so_on_its_own_day(folder: EvidenceFolder) -> None:
    folder.add("pledges", id="P-002", made_on="")
    load(folder)
    assert LicenseChange.objects.get().published_on == date(2025, 6, 1)
    assert VendorFact.objects.get().published_on == date(2024, 1, 1)
    assert Reach.objects.get().published_on == date(2026, 6, 10)
    assert Pledge.objects.get(key="P-001").published_on == date(2025, 1, 10)
    assert Pledge.objects.get(key="P-002").published_on is None
    assert License.objects.get().published_on is None


@pytest.mark.parametrize(
    ("url", "title", "is_verified"),
    [
        ("https://news.example/acme", "Acme cuts", True),
        ("https://news.example/acme", "", True),
        ("https://news.example/acme", "Recalled (not verified in this search)", False),
        ("", "recalled", False),
        ("", "", False),
        ("", "Acme cuts", False),
    ],
)
def test_a_row_without_address_or_titled_as_recalled_is_unverified(
    folder: EvidenceFolder, url: str, title: str, is_verified: bool
) -> None:
    folder.change("signals", source_url=url, source_title=title)
    load(folder)
    assert Signal.objects.get().is_verified is is_verified


def test_a_pledge_keeps_the_history_of_its_status(folder: EvidenceFolder) -> None:
    load(folder)
    folder.change("pledges", status="broken", status_on="2025-09-01", status_reason="The next one came closed.")
    load(folder)
    rulings = Pledge.objects.get().rulings.order_by("ruled_on")
    assert [(ruling.status, ruling.ruled_on) for ruling in rulings] == [
        ("open", date(2025, 1, 10)),
        ("at_risk", date(2025, 6, 1)),
        ("broken", date(2025, 9, 1)),
    ]
    assert [ruling.reason for ruling in rulings] == ["", "Terms were tightened.", "The next one came closed."]
    assert rulings[1].source == Source.objects.get(url="https://acme.example/terms", title="")


def test_a_corrected_ruling_leaves_no_trace_in_the_history_of_a_pledge(folder: EvidenceFolder) -> None:
    load(folder)
    folder.change("pledges", status="broken", status_on="2025-09-01")
    load(folder)
    folder.change("pledges", status="at_risk", status_on="2025-06-01", status_reason="Mended.")
    load(folder)
    folder.change("pledges", made_on="2025-01-11")
    load(folder)
    rulings = Pledge.objects.get().rulings.order_by("ruled_on")
    assert [(ruling.status, ruling.ruled_on, ruling.reason) for ruling in rulings] == [
        ("open", date(2025, 1, 11), ""),
        ("at_risk", date(2025, 6, 1), "Mended."),
    ]


def test_an_open_pledge_that_nobody_ruled_on_was_open_since_it_was_made(folder: EvidenceFolder) -> None:
    folder.change("pledges", status="open", status_on="", status_reason="", status_source_url="")
    load(folder)
    ruling = Pledge.objects.get().rulings.get()
    assert (ruling.status, ruling.ruled_on) == ("open", date(2025, 1, 10))


def edit_here(row: Model) -> None:
    record(row, by=None, why="Seen otherwise")


def test_an_edit_made_here_is_not_overwritten_but_reported(folder: EvidenceFolder) -> None:
    load(folder)
    signal = Signal.objects.get()
    signal.severity = 1
    edit_here(signal)
    folder.change("signals", severity="5", summary="Half of the staff leaves.")
    report = load(folder, prune=True)
    signal.refresh_from_db()
    assert (signal.severity, signal.summary) == (1, "A fifth of the staff leaves.")
    assert totals(report)["local"] == 1
    assert [str(difference) for difference in report.differences] == [
        "signals acme-layoffs, severity: here '1', in the file '5'",
        "signals acme-layoffs, summary: here 'A fifth of the staff leaves.', in the file 'Half of the staff leaves.'",
    ]


def test_a_threshold_shares_the_fate_of_its_license(folder: EvidenceFolder) -> None:
    load(folder)
    edit_here(License.objects.get())
    folder.change("license_thresholds", amount="5")
    folder.add("license_thresholds", metric="revenue", currency="USD")
    report = load(folder, prune=True)
    assert [int(row.amount or 0) for row in Threshold.objects.all()] == [700_000_000]
    assert report.tables["license_thresholds"].kept_local == 2


def test_a_row_deleted_here_is_not_brought_back(folder: EvidenceFolder) -> None:
    load(folder)
    remove(Signal.objects.get(), by=None, why="Not about the commitment")
    report = load(folder)
    assert not Signal.objects.exists()
    assert totals(report)["deleted here"] == 1
    assert [str(difference) for difference in report.differences] == [
        "signals acme-layoffs: not added: it was deleted here"
    ]
    Tombstone.objects.all().delete()
    load(folder)
    assert Signal.objects.exists()


def test_a_new_row_about_something_deleted_here_is_left_out(folder: EvidenceFolder) -> None:
    load(folder)
    for model in (Reach, LicenseChange, Pledge, Release):
        remove(model._default_manager.get(), by=None, why="Cleared")
    family = TABLES["families"].model._default_manager.get()
    remove(family, by=None, why="Never existed")
    folder.add("reach", metric="github_stars")
    report = load(folder)
    assert not Reach.objects.exists()
    assert "reach acme | ace | 2026-06-10 | github_stars" in str(report.differences[-1])
    assert "deleted here" in str(report.differences[-1])


def test_a_row_that_left_the_files_stays_until_pruned(folder: EvidenceFolder) -> None:
    load(folder)
    folder.empty("signals")
    report = load(folder)
    assert report.tables["signals"].left == ["acme-layoffs"]
    assert Signal.objects.exists()
    assert totals(load(folder, prune=True))["pruned"] == 1
    assert not Signal.objects.exists()
    assert Signal.history.latest().history_change_reason == "Left the evidence files"
    folder.save()
    folder.add("signals", id="back")
    assert load(folder).tables["signals"].deleted_here == 0


def test_pruning_keeps_what_was_made_here_and_what_it_stands_on(folder: EvidenceFolder) -> None:
    load(folder)
    edit_here(Release.objects.get())
    folder.empty("vendors")
    for table in ("lines", "families", "releases", "licenses", "license_thresholds", "license_changes", "pledges"):
        folder.empty(table)
    for table in ("signals", "vendor_facts", "reach"):
        folder.empty(table)
    report = load(folder, prune=True)
    assert Release.objects.exists()
    assert Vendor.objects.exists()
    assert report.tables["vendors"].left == ["acme"]
    assert not Signal.objects.exists()
    said = StringIO()
    call_command("loadevidence", str(folder.path), stdout=said)
    assert "vendors acme" in said.getvalue()


def test_a_name_given_up_by_one_row_may_be_taken_by_another(folder: EvidenceFolder) -> None:
    folder.add("vendors", slug="apex", name="Apex")
    load(folder)
    folder.rows["vendors"][0]["name"], folder.rows["vendors"][1]["name"] = "Acme Group", "Acme"
    folder.add("vendors", slug="apogee", name="Apex")
    load(folder)
    assert dict(Vendor.objects.values_list("slug", "name")) == {
        "acme": "Acme Group",
        "apex": "Acme",
        "apogee": "Apex",
    }


def test_two_rows_may_swap_their_names(folder: EvidenceFolder) -> None:
    folder.add("vendors", slug="apex", name="Apex")
    load(folder)
    folder.rows["vendors"][0]["name"], folder.rows["vendors"][1]["name"] = "Apex", "Acme"
    folder.save()
    load(folder)
    assert dict(Vendor.objects.values_list("slug", "name")) == {"acme": "Apex", "apex": "Acme"}


def test_a_pledge_that_is_open_again_without_a_day_was_never_ruled_on(folder: EvidenceFolder) -> None:
    load(folder)
    folder.change("pledges", status="open", status_on="", status_reason="", status_source_url="")
    load(folder)
    ruling = Pledge.objects.get().rulings.get()
    assert (ruling.status, ruling.ruled_on) == ("open", date(2025, 1, 10))


def test_the_command_tells_what_it_left_deleted_and_did_not_read(folder: EvidenceFolder) -> None:
    load(folder)
    remove(Reach.objects.get(), by=None, why="Counted wrongly")
    folder.empty("signals")
    (folder.path / "signal.csv").touch()
    said = StringIO()
    call_command("loadevidence", str(folder.path), "--prune", stdout=said)
    assert (
        "reach acme | ace | 2026-06-10 | likes | https://hub.example/ace | Likes of Ace: not added" in said.getvalue()
    )
    assert "Deleted 1 rows that left the files." in said.getvalue()
    assert "Not read, no table of that name: signal.csv." in said.getvalue()


def test_a_long_list_of_differences_says_how_much_more_there_is(folder: EvidenceFolder) -> None:
    for number in range(205):
        folder.add("signals", id=f"signal-{number}")
    load(folder)
    folder.empty("signals")
    said = StringIO()
    call_command("loadevidence", str(folder.path), stdout=said)
    assert "  ... and 6 more." in said.getvalue()


def test_a_database_without_tables_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", list)
    with pytest.raises(CommandError, match="run manage migrate") as refused:
        call_command("loadevidence")
    assert refused.value.returncode == 2


@pytest.mark.django_db
def test_loading_tells_the_planner_how_many_rows_there_are() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL")
    load_evidence(SHIPPED, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'catalog_licensechange'")
        assert cursor.fetchone()[0] == LicenseChange.objects.count() > 0
