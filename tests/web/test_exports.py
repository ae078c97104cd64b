"""What is given away can be trusted in a spreadsheet, and loaded back byte for byte."""

import csv
import hashlib
import html
import io
import json
import math
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.cells import guard, unguard
from riskboard.catalog.loading import SHIPPED, load_evidence
from riskboard.catalog.models import Signal, Source, Vendor
from riskboard.catalog.tables import TABLES
from riskboard.web.bundle import build_bundle
from riskboard.web.csv_lines import csv_line
from riskboard.web.exports import EVIDENCE, EXPORTS
from riskboard.web.forms_board import BoardForm
from riskboard.web.snapshots import snapshot
from scoring.engine.assess import assess
from scoring.engine.rubric import SHIPPED as RUBRIC
from scoring.engine.rubric import load_rubric
from scoring.gather import gather
from tests import cast

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOSTILE = (
    "=1+1",
    '=HYPERLINK("http://evil.example","click")',
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "said\n=1+1",
    "'=1",
    "''=1",
    "'quoted'",
    'a "word", and\r\na line',
    "<script>alert(1)</script>",
)


def text_of(client: Client, table: str, **query: str) -> str:
    response = client.get(f"/export/{table}.csv", query)
    assert response.status_code == 200, response.content
    return response.getvalue().decode()


def rows_of(client: Client, table: str, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(client, table, **query), newline="")))


@pytest.fixture
def shipped(db: None) -> None:
    load_evidence(SHIPPED, now=NOW)


@pytest.fixture
def players(db: None) -> list[cast.Player]:
    return [cast.keeper(), cast.hedger(), cast.breaker()]


# The form of the file -----------------------------------------------------------------------------


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=1))
def test_any_text_comes_back_as_it_was(cells: list[str]) -> None:
    line = csv_line([guard(cell) for cell in cells])
    (read,) = csv.reader(io.StringIO(line, newline=""), strict=True) if cells != [""] else ([""],)
    assert [unguard(cell) for cell in read] == cells


@pytest.mark.parametrize("text", HOSTILE[:12])
def test_text_that_a_spreadsheet_could_run_is_guarded_and_quoted(text: str) -> None:
    assert csv_line([guard(text)]).startswith("\"'")


def test_lines_end_as_rfc_4180_says() -> None:
    assert csv_line(["a", "b,c", 'd"e']) == 'a,"b,c","d""e"\r\n'


def test_a_file_is_streamed_under_a_name_that_says_what_it_is(client: Client, players: list[cast.Player]) -> None:
    response = client.get("/export/signals.csv?vendor=hedger&as_of=2025-03-01")
    assert response.streaming
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="riskboard-signals-hedger-2025-03-01.csv"'


@pytest.mark.django_db
def test_a_long_table_comes_in_pieces_from_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    vendor, source = cast.make_vendor(), cast.make_source()
    Signal.objects.bulk_create(_signal(number, vendor, source) for number in range(1200))
    export = EXPORTS["signals"]
    form = export.form({}, today=NOW.date())
    assert form.is_valid()
    with django_assert_num_queries(1):
        pieces = list(export.chunks(form))
    assert len(pieces) == 3
    assert "".join(pieces).count("\r\n") == 1201


def _signal(number: int, vendor: Vendor, source: Source) -> Signal:
    return Signal(
        key=f"s{number:05}",
        vendor=vendor,
        kind="layoffs",
        occurred_on=date(2025, 1, 1),
        published_on=date(2025, 1, 1),
        direction="weakens",
        severity=1,
        summary=f"Number {number}",
        source_reliability="B",
        info_credibility="2",
        confidence="low",
        source=source,
    )


# Back again ---------------------------------------------------------------------------------------


def test_the_shipped_evidence_leaves_as_it_came(client: Client, shipped: None) -> None:
    for name, spec in TABLES.items():
        came = (SHIPPED / spec.file).read_text().splitlines()
        left = text_of(client, name).split("\r\n")
        assert left[0] == came[0]
        assert sorted(left[1:-1]) == sorted(came[1:]), name


def test_hostile_text_survives_leaving_and_coming_back(
    client: Client, players: list[cast.Player], tmp_path: Path
) -> None:
    for text in HOSTILE:
        cast.make_signal(players[0].vendor, summary=text, publisher=text[:20])
    bundle = bundle_of(client)
    unpacked(bundle, tmp_path)
    empty_the_board()
    load_evidence(tmp_path, now=NOW)
    assert set(HOSTILE) <= set(Signal.objects.values_list("summary", flat=True))
    assert bundle_of(client) == bundle


def test_numbers_stay_numbers(client: Client, players: list[cast.Player]) -> None:
    points = [row["points"] for row in rows_of(client, "contributions", line=players[2].line.slug)]
    assert any(text.startswith("-") for text in points)
    assert all(math.isfinite(float(text)) for text in points)


# Which rows ---------------------------------------------------------------------------------------


def test_filters_are_those_of_the_list(client: Client, players: list[cast.Player]) -> None:
    assert {row["vendor"] for row in rows_of(client, "signals", vendor="breaker")} == {"breaker"}
    assert {row["kind"] for row in rows_of(client, "signals", kind="layoffs")} == {"layoffs"}
    assert {int(row["severity"]) for row in rows_of(client, "signals", severity="4")} == {4}
    assert {row["status"] for row in rows_of(client, "pledges", status="kept")} == {"kept"}
    assert {row["access"] for row in rows_of(client, "releases", access="api_only")} == {"api_only"}
    assert {row["slug"] for row in rows_of(client, "vendors", country="FR")} == {"keeper"}
    assert {row["key"] for row in rows_of(client, "licenses", category="permissive")} == {"apache-2.0"}
    assert {row["scope"] for row in rows_of(client, "license_changes", year="2025")} == {"weights"}
    assert {row["field"] for row in rows_of(client, "vendor_facts", field="funding")} == {"funding"}
    assert len(rows_of(client, "releases", line=players[1].line.slug)) == 3


def test_a_line_has_the_rows_of_its_families_and_of_its_vendor(client: Client, players: list[cast.Player]) -> None:
    breaker = players[2]
    video = cast.make_family(cast.make_line(breaker.vendor, "video"))
    cast.make_signal(breaker.vendor, "gating", family=video)
    assert {row["kind"] for row in rows_of(client, "signals", line=breaker.line.slug)} == {
        "leadership_departure",
        "monetization_shift",
        "layoffs",
    }
    assert {row["family"] for row in rows_of(client, "signals", family=breaker.family.slug)} == {breaker.family.slug}


def test_a_day_shows_what_was_public_by_then(client: Client, players: list[cast.Player]) -> None:
    signal = cast.make_signal(players[0].vendor, occurred_on=date(2025, 1, 1), published_on=date(2025, 4, 1))
    before = {row["id"] for row in rows_of(client, "signals", as_of="2025-03-31")}
    after = {row["id"] for row in rows_of(client, "signals", as_of="2025-04-01")}
    assert after - before == {signal.key}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("signals.csv?colour=red", "does not know the parameter “colour”"),
        ("signals.csv?order_by=password", "does not know the parameter"),
        ("signals.csv?vendor__user__password__startswith=a", "does not know the parameter"),
        ("signals.csv?kind=gossip", "kind:"),
        ("signals.csv?vendor=nobody", "vendor:"),
        ("signals.csv?line=nobody-language", "There is no line “nobody-language” here."),
        ("signals.csv?family=%25", "There is no family “%” here."),
        ("signals.csv?year=never", "year:"),
        ("signals.csv?as_of=2026-02-31", "as_of: Write a day that exists as YYYY-MM-DD."),
        ("signals.csv?as_of=2999-01-01", "is in the future"),
        ("signals.csv?as_of=1999-01-01", "The histories begin on"),
        ("signals.csv?family=" + "x" * 10_000, "family:"),
        ("signals.csv?family=%00", "family:"),
        ("vendors.csv?as_of=2026-01-01", "does not know the parameter “as_of”"),
        ("license_thresholds.csv?license=nothing", "There is no license “nothing” here."),
        ("scores.csv?state=happy", "state:"),
        ("scores.csv?sort=line", "does not know the parameter “sort”"),
        ("timeline.csv", "line: Name a line"),
        ("timeline.csv?line=nobody-language", "There is no line"),
        ("timeline.csv?line=keeper-language&from=2025-02-01&to=2025-01-01", "must not end before it begins"),
        ("contributions.csv?line=keeper-language&as_of=tomorrow", "as_of:"),
        ("evidence.zip?as_of=2026-01-01", "does not know the parameter"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_sentence(
    client: Client, players: list[cast.Player], address: str, sentence: str
) -> None:
    response = client.get(f"/export/{address}")
    assert response.status_code == 400
    assert sentence in html.unescape(response.content.decode())


@pytest.mark.django_db
def test_an_unknown_table_is_answered_with_those_there_are(client: Client) -> None:
    response = client.get("/export/passwords.csv")
    assert response.status_code == 404
    assert all(f"/export/{name}.csv" in response.content.decode() for name in EXPORTS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in EXPORTS if name != "track-record"])  # comes with the program
def test_every_table_answers_when_there_is_nothing(client: Client, name: str) -> None:
    if "line" not in EXPORTS[name].parameters or name in EVIDENCE:
        assert text_of(client, name) == ",".join(EXPORTS[name].header) + "\r\n"


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/export/signals.csv").status_code == 405


# Scores -------------------------------------------------------------------------------------------


def test_a_live_line_has_a_score_and_chances_that_add_up(client: Client, players: list[cast.Player]) -> None:
    row = score_of(client, players[1], "2025-06-30")
    parts = [float(row[f"p24_{mode}"]) for mode in ("withdrawn", "restricted", "closed_next")]
    assert float(row["low"]) < float(row["durability"]) < float(row["high"])
    assert 0 < float(row["p12"]) < float(row["p24"]) < 1
    assert sum(parts) == pytest.approx(float(row["p24"]), abs=2e-4)
    assert (row["grade"], row["rubric"], row["rubric_sha256"]) == ("", RUBRIC, load_rubric(RUBRIC).sha256)
    assert row["families"] == "hedger-lm"


def test_a_closed_line_has_no_chances(client: Client, players: list[cast.Player]) -> None:
    row = score_of(client, players[2], "2026-06-01")
    assert (row["state"], row["p12"], row["p24"], row["p24_held"], row["grade"]) == ("closed", "", "", "", "")
    assert row["durability"]


@pytest.mark.django_db
def test_a_line_without_evidence_keeps_its_row_with_blanks(client: Client) -> None:
    line = cast.make_line()
    (row,) = rows_of(client, "scores")
    assert (row["line"], row["state"], row["evidence"]) == (line.slug, "no_open_model", "0")
    assert {row[name] for name in ("durability", "low", "high", "p12", "p24", "state_since", "newest_on")} == {""}
    assert "FEW_FACTS" in row["insufficient"].split(";")


def test_the_board_and_its_file_know_the_same_filters(players: list[cast.Player]) -> None:
    board = BoardForm({}, today=NOW.date(), lines=[])
    assert set(board.fields) - {"sort", "page"} == set(EXPORTS["scores"].form({}, today=NOW.date()).fields)


def test_scores_take_the_filters_of_the_board(client: Client, players: list[cast.Player]) -> None:
    def lines(**query: str) -> set[str]:
        return {row["vendor"] for row in rows_of(client, "scores", as_of="2026-06-01", **query)}

    assert lines(vendor="keeper") == {"keeper"}
    assert lines(state="closed") == {"breaker"}
    assert lines(country="CN") == {"hedger"}
    assert lines(license="permissive") == {"keeper"}
    assert lines(modality="video") == set()
    assert lines(show="worse") == {"breaker"}
    assert "keeper" not in lines(show="thin")


def test_contributions_sum_to_the_score(client: Client, players: list[cast.Player]) -> None:
    rubric = load_rubric(RUBRIC)
    for player in players:
        rows = rows_of(client, "contributions", line=player.line.slug, as_of="2025-11-01")
        score = assess(gather(player.line, rubric), rubric, date(2025, 11, 1)).durability
        assert rows[0]["code"] == "BASE"
        assert math.fsum(float(row["points"]) for row in rows) == pytest.approx(score, abs=1e-9)


def test_a_timeline_tells_the_days_that_mattered(client: Client, players: list[cast.Player]) -> None:
    rows = rows_of(client, "timeline", line=players[2].line.slug, to="2026-06-01")
    assert rows[0]["change"] == ""
    aged = [row for row in rows[1:] if row["causes"] == "older evidence aged"]
    assert aged
    assert all(row["evidence"] == "" and abs(float(row["change"])) >= 0.5 for row in aged)
    assert all(row["causes"] for row in rows)
    told = {reference for row in rows for reference in row["evidence"].split(";")}
    assert {f"release:{release.slug}" for release in players[2].releases} <= told
    later = rows_of(client, "timeline", line=players[2].line.slug, **{"from": "2025-01-01", "to": "2026-06-01"})
    assert later == [row for row in rows if row["day"] >= "2025-01-01"]


def score_of(client: Client, player: cast.Player, as_of: str) -> dict[str, str]:
    (row,) = rows_of(client, "scores", as_of=as_of, vendor=player.vendor.slug)
    return row


# The bundle ---------------------------------------------------------------------------------------


def bundle_of(client: Client) -> bytes:
    response = client.get("/export/evidence.zip")
    assert response.status_code == 200
    return response.getvalue()


def empty_the_board() -> None:
    connection.check_constraints()  # PostgreSQL truncates no table whose constraints are still to be checked
    call_command("flush", interactive=False, verbosity=0)


def unpacked(bundle: bytes, folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(folder)
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_bundle_loads_into_an_empty_board_and_leaves_it_the_same(
    client: Client, shipped: None, tmp_path: Path
) -> None:
    bundle = bundle_of(client)
    unpacked(bundle, tmp_path)
    empty_the_board()
    assert not Vendor.objects.exists()
    call_command("loadevidence", str(tmp_path), verbosity=0)
    assert bundle_of(client) == bundle


def test_the_manifest_proves_every_file(client: Client, players: list[cast.Player], tmp_path: Path) -> None:
    files = unpacked(bundle_of(client), tmp_path)
    manifest = json.loads(files.pop("manifest.json"))
    assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == {
        name: file["sha256"] for name, file in manifest["files"].items()
    }
    assert manifest["files"]["vendors.csv"]["rows"] == 3
    assert manifest["rubric"]["sha256"] == load_rubric(RUBRIC).sha256
    assert manifest["evidence_version"].encode() in files["LICENSE.txt"]


def test_the_dictionary_explains_every_column(client: Client, players: list[cast.Player], tmp_path: Path) -> None:
    words = unpacked(bundle_of(client), tmp_path)["DICTIONARY.md"].decode()
    assert all(f"| `{column.name}` |" in words for spec in TABLES.values() for column in spec.columns)
    assert "single_vendor" in words


def test_other_evidence_is_another_version(players: list[cast.Player]) -> None:
    before = version_of_bundle()
    signal = Signal.objects.order_by("key")[0]
    signal.save()
    assert version_of_bundle() == before
    signal.summary = "Something else."
    signal.save()
    assert version_of_bundle() != before


def version_of_bundle() -> str:
    version, content = build_bundle()
    content.close()
    return version


# One state of the database ------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_is_written_meanwhile_is_not_seen() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only on PostgreSQL")
    cast.make_vendor("first")
    with snapshot():
        assert Vendor.objects.count() == 1
        writer = Thread(target=_write_elsewhere)
        writer.start()
        writer.join()
        assert Vendor.objects.count() == 1
    assert Vendor.objects.count() == 2


def _write_elsewhere() -> None:
    cast.make_vendor("second")
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_reader_that_goes_away_leaves_no_transaction_open() -> None:
    cast.make_vendor("first")
    export = EXPORTS["vendors"]
    form = export.form({}, today=NOW.date())
    assert form.is_valid()
    chunks = export.chunks(form)
    next(chunks)
    chunks.close()
    cast.make_vendor("second")
    assert not connection.in_atomic_block
    assert Vendor.objects.count() == 2
