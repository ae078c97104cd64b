import csv
import io
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.dictionary import dictionary
from riskboard.catalog.loading import SHIPPED, load_evidence
from riskboard.catalog.tables import TABLES
from tests import cast
from tests.catalog.evidence_folder import EvidenceFolder

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def exported(table: str) -> str:
    spec = TABLES[table]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(spec.header)
    writer.writerows([column.render(row) for column in spec.columns] for row in spec.rows())
    return file.getvalue()


@pytest.mark.django_db
def test_the_shipped_files_come_out_as_they_went_in() -> None:
    load_evidence(SHIPPED, now=NOW)
    for name, spec in TABLES.items():
        shipped = (SHIPPED / spec.file).read_text(encoding="utf-8")
        assert sorted(exported(name).splitlines()) == sorted(shipped.splitlines())


@pytest.mark.django_db
def test_what_is_exported_loads_back_as_unchanged(folder: EvidenceFolder) -> None:
    for player in (cast.keeper(), cast.hedger(), cast.breaker()):
        cast.make_reach(player.vendor, player.family)
    cast.make_signal(player.vendor, summary='=1+1 is how\nthey "count", they say', published_on=None)
    for name in TABLES:
        folder.write(name, exported(name))
    report = load_evidence(folder.path, now=NOW)
    assert report.is_quiet
    assert sum(count.unchanged for count in report.tables.values()) > 40


@pytest.mark.django_db
@pytest.mark.parametrize("table", TABLES)
def test_a_table_is_exported_by_one_query(table: str, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for player in (cast.keeper(), cast.hedger(), cast.breaker()):
        cast.make_reach(player.vendor, player.family)
    with django_assert_num_queries(1):
        assert exported(table).count("\n") > 1


def test_the_data_dictionary_in_the_folder_is_the_one_that_the_command_prints() -> None:
    said = io.StringIO()
    call_command("evidencedictionary", stdout=said)
    assert said.getvalue() == dictionary() == (SHIPPED / "DICTIONARY.md").read_text(encoding="utf-8")


def test_the_readme_of_the_folder_counts_its_rows() -> None:
    said = " ".join((SHIPPED / "README.md").read_text(encoding="utf-8").split())
    for name in set(TABLES) - {"license_thresholds", "reach"}:
        with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = sum(1 for _ in csv.reader(file)) - 1
        assert f"{rows} {name.replace('_', ' ')}" in said


def test_every_column_is_documented() -> None:
    assert all(column.doc for spec in TABLES.values() for column in spec.columns)
