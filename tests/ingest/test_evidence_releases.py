"""Signed evidence releases: nothing that is not genuine gets in, and what was decided here stays."""

import io
import json
import stat
import warnings
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from riskboard.audit.models import Entry
from riskboard.audit.verifying import verify
from riskboard.catalog.faults import EvidenceError
from riskboard.catalog.loading import load_evidence
from riskboard.catalog.models import License, Reach, Signal, Source, Threshold, Vendor
from riskboard.catalog.services import record, remove
from riskboard.catalog.tables import TABLES
from riskboard.catalog.writing import Count, TableWriter
from riskboard.ingest.evidence_releases import deciding, fetching
from riskboard.ingest.evidence_releases.archive import LARGEST, Opened, open_release
from riskboard.ingest.evidence_releases.installing import Installed, OlderRelease, install, preview
from riskboard.ingest.evidence_releases.keys import KeyFault, PublicKey, create_key, read_private_key
from riskboard.ingest.evidence_releases.manifest import TABLE_FILES, ReleaseFault
from riskboard.ingest.evidence_releases.models import EvidenceRelease, ReleaseDifference
from tests.catalog.evidence_folder import EvidenceFolder
from tests.ingest import desk
from tests.ingest.raw_server import answer, serving
from tests.ingest.releases import KEY, MADE, STRANGER, TRUSTED, Members, members_of, release, zipped

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path) -> EvidenceFolder:
    (tmp_path / "made").mkdir()
    return EvidenceFolder(tmp_path / "made")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    path = tmp_path / "unpacked"
    path.mkdir()
    return path


def opened(content: bytes, unpacked: Path) -> Opened:
    return open_release(content, [TRUSTED], unpacked, now=NOW)


def refusal(content: bytes, unpacked: Path) -> str:
    with pytest.raises(ReleaseFault) as refused:
        opened(content, unpacked)
    return str(refused.value)


def installed(folder: EvidenceFolder, unpacked: Path, *, made: datetime = MADE, **options: Any) -> Installed:
    return install(opened(release(folder, made=made), unpacked), origin="release.zip", now=NOW, **options)


def everything() -> dict[str, list[list[str]]]:
    """Every row of evidence as its file holds it."""
    return {
        name: [[column.render(row) for column in spec.columns] for row in spec.rows()] for name, spec in TABLES.items()
    }


# Only what is genuine ------------------------------------------------------------------------------


def test_a_genuine_release_opens_with_the_files_that_were_signed(folder: EvidenceFolder, unpacked: Path) -> None:
    content = release(folder)
    found = opened(content, unpacked)
    assert found.manifest.serial == 20261120090000
    assert sorted(path.name for path in unpacked.iterdir()) == sorted(TABLE_FILES)
    for name in TABLE_FILES:
        assert (unpacked / name).read_bytes() == (folder.path / name).read_bytes()


def changed(members: Members, name: str, content: bytes) -> Members:
    return {**members, name: content}


def without(members: Members, name: str) -> Members:
    return {known: content for known, content in members.items() if known != name}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda m: changed(m, "signals.csv", m["signals.csv"].replace(b"3", b"5", 1)),
            "signals.csv: is not the file that was signed",
        ),
        (lambda m: changed(m, "LICENSE.txt", b"Mine."), "LICENSE.txt: is not the file that was signed"),
        (
            lambda m: changed(m, "manifest.json", m["manifest.json"].replace(b"0.1.0", b"0.2.0")),
            "manifest.sig: does not fit",
        ),
        (
            lambda m: changed(m, "manifest.sig", b"0" * 16 + b" " + b"0" * 128),
            "manifest.sig: is by key 0000000000000000, which is not trusted",
        ),
        (lambda m: changed(m, "manifest.sig", b"trust me"), "manifest.sig: is no signature"),
        (lambda m: changed(m, "manifest.sig", "ä".encode()), "manifest.sig: is no signature"),
        (lambda m: without(m, "manifest.sig"), "manifest.sig: is not in the release"),
        (lambda m: without(m, "manifest.json"), "manifest.json: is not in the release"),
        (lambda m: without(m, "reach.csv"), "reach.csv: is not in the release"),
        (lambda m: without(m, "DICTIONARY.md"), "DICTIONARY.md: was signed but is not in the release"),
        (lambda m: changed(m, "../signals.csv", b"x"), "'../signals.csv': is no file of an evidence release"),
        (lambda m: changed(m, "/etc/cron.d/x", b"x"), "'/etc/cron.d/x': is no file of an evidence release"),
        (lambda m: changed(m, "C:\\x.csv", b"x"), "is no file of an evidence release"),
        (lambda m: changed(m, "tables/signals.csv", b"x"), "is no file of an evidence release"),
        (lambda m: changed(m, "signals.csv/", b""), "is no file of an evidence release"),
    ],
)
def test_what_was_tampered_with_is_refused_by_name(
    spoil: Callable[[Members], Members], said: str, folder: EvidenceFolder, unpacked: Path
) -> None:
    assert said in refusal(zipped(spoil(members_of(folder))), unpacked)


def test_a_name_with_a_hidden_end_is_refused(folder: EvidenceFolder, unpacked: Path) -> None:
    content = zipped(changed(members_of(folder), "signals.csvXevil", b"x"))
    assert "is no file of an evidence release" in refusal(
        content.replace(b"signals.csvXevil", b"signals.csv\0evil"), unpacked
    )


def test_a_file_that_is_there_twice_is_refused(folder: EvidenceFolder, unpacked: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        content = zipped([*members_of(folder).items(), ("signals.csv", b"x")])
    assert refusal(content, unpacked) == "signals.csv: is in the release twice."


def test_the_key_of_a_stranger_opens_nothing(folder: EvidenceFolder, unpacked: Path) -> None:
    said = refusal(release(folder, key=STRANGER), unpacked)
    assert said.startswith(f"manifest.sig: is by key {PublicKey.of(STRANGER).id}, which is not trusted here.")
    assert TRUSTED.id in said
    assert list(unpacked.iterdir()) == []


def test_a_stranger_who_names_a_trusted_key_is_found_out(folder: EvidenceFolder, unpacked: Path) -> None:
    members = members_of(folder, key=STRANGER)
    forged = members["manifest.sig"].replace(PublicKey.of(STRANGER).id.encode(), TRUSTED.id.encode())
    assert "manifest.sig: does not fit" in refusal(zipped(changed(members, "manifest.sig", forged)), unpacked)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda said: {**said, "format_version": 2}, "this board reads 1: update the board first"),
        (lambda said: {**said, "format": "another"}, "is not of an evidence release"),
        (lambda said: {**said, "serial": 99999999999999}, "says serial 99999999999999"),
        (lambda said: {**said, "created_at": "2026-11-20T09:00:00"}, "has no time zone"),
        (lambda said: {**said, "created_at": 5}, "cannot be read"),
        (lambda said: {**said, "files": []}, "cannot be read"),
        (
            lambda said: {**said, "files": {**said["files"], "x": {"sha256": "x", "bytes": 1, "rows": None}}},
            "cannot be read",
        ),
        (lambda said: {**said, "key_id": PublicKey.of(STRANGER).id}, "names key"),
        (lambda said: {name: value for name, value in said.items() if name != "newest_on"}, "cannot be read"),
        (lambda said: [said], "is not a JSON object"),
    ],
)
def test_a_signed_manifest_that_says_nonsense_is_refused(
    change: Callable[[Any], Any], said: str, folder: EvidenceFolder, unpacked: Path
) -> None:
    members = members_of(folder, manifest=lambda text: json.dumps(change(json.loads(text))))
    assert said in refusal(zipped(members), unpacked)


def test_a_release_from_the_future_would_bar_the_way_for_all_that_follow(
    folder: EvidenceFolder, unpacked: Path
) -> None:
    assert "lies ahead" in refusal(release(folder, made=NOW + 2 * DAY), unpacked)


# No more than there can be -------------------------------------------------------------------------


def test_a_bomb_is_refused_before_it_goes_off(folder: EvidenceFolder, unpacked: Path) -> None:
    bomb = zipped(changed(members_of(folder), "signals.csv", b"0" * 9_000_000))
    assert refusal(bomb, unpacked) == "signals.csv: grows too much when unpacked."
    large = zipped(changed(members_of(folder), "signals.csv", b"0" * 11_000_000))
    assert "signals.csv: has 11,000,000 bytes unpacked" in refusal(large, unpacked)
    assert list(unpacked.iterdir()) == []


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_said(folder: EvidenceFolder, unpacked: Path) -> None:
    members = members_of(folder)
    size = len(members["signals.csv"])
    bomb = zipped(changed(members, "signals.csv", b"0" * 9_000_000))
    bomb = bomb.replace((9_000_000).to_bytes(4, "little"), size.to_bytes(4, "little"))
    assert refusal(bomb, unpacked).startswith("signals.csv: ")


def test_too_large_a_file_is_not_even_opened(unpacked: Path) -> None:
    assert "at most 5,000,000 are read" in refusal(b"0" * (LARGEST + 1), unpacked)


def test_packed_in_another_way_is_refused(folder: EvidenceFolder, unpacked: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        for name, content in members_of(folder).items():
            archive.writestr(name, content)
    assert "packed in a way that is not read" in refusal(packed.getvalue(), unpacked)


@pytest.mark.parametrize("left", [0, 1, 10, 200, 1000, -1])
def test_half_a_file_is_refused(left: int, folder: EvidenceFolder, unpacked: Path) -> None:
    assert "no zip file, or not all of it" in refusal(release(folder)[:left], unpacked)


@hypothesis_settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6))
def test_whatever_a_byte_becomes_it_is_the_same_release_or_refused(
    folder: EvidenceFolder, unpacked: Path, spoiled: list[tuple[float, int]]
) -> None:
    content = bytearray(release(folder))
    for place, byte in spoiled:
        content[int(place * len(content))] = byte
    try:
        opened(bytes(content), unpacked)
    except ReleaseFault:
        return
    for name in TABLE_FILES:
        assert (unpacked / name).read_bytes() == (folder.path / name).read_bytes()


# Keys ----------------------------------------------------------------------------------------------


def test_a_new_key_is_for_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    public = create_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert PublicKey.of(read_private_key(path.read_bytes())) == PublicKey.read(f" {public.text.upper()}\n") == public
    with pytest.raises(FileExistsError):
        create_key(path)


def test_keys_of_other_kinds_are_refused_with_the_reason() -> None:
    other = Ed448PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    hidden = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    for pem, said in ((other, "another kind"), (hidden, "pass phrase"), (b"nothing", "no private key")):
        with pytest.raises(KeyFault, match=said):
            read_private_key(pem)
    with pytest.raises(KeyFault, match="is no public key"):
        PublicKey.read("abc")


# Where it comes from -------------------------------------------------------------------------------


def test_a_release_comes_from_a_file_without_any_network(folder: EvidenceFolder, tmp_path: Path) -> None:
    path = tmp_path / "release.zip"
    content = release(folder)
    path.write_bytes(content)
    assert fetching.read_release(str(path), clock=lambda: NOW) == content
    with pytest.raises(ReleaseFault, match=r"nothing\.zip cannot be read: No such file"):
        fetching.read_release(str(tmp_path / "nothing.zip"), clock=lambda: NOW)
    with pytest.raises(ReleaseFault, match="Is a directory"):
        fetching.read_release(str(tmp_path), clock=lambda: NOW)


def test_a_release_comes_from_an_address_that_the_operator_allows(folder: EvidenceFolder, settings: Settings) -> None:
    content = release(folder)
    with serving(lambda heard: answer(content) if heard.path == "/r.zip" else answer(status="404 Not Found")) as server:
        with pytest.raises(ReleaseFault, match="could not be fetched"):
            fetching.read_release(f"{server.url}/r.zip", clock=lambda: NOW)
        assert server.connections == 0
        settings.ALLOWED_FETCH_ORIGINS = [server.url]
        assert fetching.read_release(f"{server.url}/r.zip", clock=lambda: NOW) == content
        with pytest.raises(ReleaseFault, match="status 404"):
            fetching.read_release(f"{server.url}/x.zip", clock=lambda: NOW + DAY)


def test_a_public_address_without_tls_is_refused() -> None:
    with pytest.raises(ReleaseFault, match="by https only"):
        fetching.read_release("http://releases.example/r.zip", clock=lambda: NOW)


# Installing ----------------------------------------------------------------------------------------


def test_installing_loads_all_leaves_a_record_and_tells_the_public(
    folder: EvidenceFolder, unpacked: Path, ann: User
) -> None:
    done = installed(folder, unpacked, by=ann)
    assert {name: len(rows) for name, rows in everything().items()} == dict.fromkeys(TABLES, 1)
    stored = EvidenceRelease.objects.get()
    assert (stored.serial, stored.key_id, stored.installed_at, stored.installed_by) == (
        20261120090000,
        TRUSTED.id,
        NOW,
        ann,
    )
    assert stored.counts["signals"]["added"] == 1
    entry = Entry.objects.get()
    assert (entry.action, entry.subject, entry.actor, entry.is_public) == (
        "installed",
        "evidence-release:20261120090000",
        ann,
        True,
    )
    assert desk.after(entry)["rows_added"] == sum(count.added for count in done.report.tables.values()) == len(TABLES)
    assert verify() == []


def test_looking_ahead_says_what_installing_does_and_changes_nothing(folder: EvidenceFolder, unpacked: Path) -> None:
    folder.add("signals", id="second", event_id="two")
    load_evidence(folder.path, now=NOW)
    before, sources = everything(), Source.objects.count()
    folder.reset()
    folder.change("signals", severity="4", summary="A quarter leaves.")
    folder.add("reach", value="9", measured_on="2026-11-01", source_url="https://hub.example/new")
    found = opened(release(folder), unpacked)
    report = preview(found, now=NOW)
    assert (everything(), Source.objects.count()) == (before, sources)
    assert not EvidenceRelease.objects.exists()
    assert not Entry.objects.exists()
    assert [str(one) for one in report.tables["signals"].changes] == [
        "signals acme-layoffs, severity: here '3', in the file '4'",
        "signals acme-layoffs, summary: here 'A fifth of the staff leaves.', in the file 'A quarter leaves.'",
    ]
    assert report.tables["signals"].gone == ["second"]
    assert len(report.tables["reach"].new) == 1
    assert install(found, origin="x", now=NOW).report == report
    assert set(Signal.objects.values_list("key", "severity")) == {("acme-layoffs", 4)}
    assert Reach.objects.count() == 2


def test_an_edit_made_here_stays_and_is_listed(folder: EvidenceFolder, unpacked: Path) -> None:
    load_evidence(folder.path, now=NOW)
    signal = Signal.objects.get()
    signal.severity, signal.summary = 2, "=A tenth leaves."
    record(signal, by=None, why="Read it again")
    folder.change("signals", severity="4", summary="'=A quarter leaves.")
    installed(folder, unpacked)
    signal.refresh_from_db()
    assert (signal.severity, signal.summary, signal.is_local) == (2, "=A tenth leaves.", True)
    one = ReleaseDifference.objects.get()
    assert (one.table, one.key, one.state) == ("signals", "acme-layoffs", "open")
    assert one.columns == {"severity": ["2", "4"], "summary": ["=A tenth leaves.", "=A quarter leaves."]}


def test_a_row_deleted_here_is_not_brought_back_but_listed(folder: EvidenceFolder, unpacked: Path) -> None:
    load_evidence(folder.path, now=NOW)
    remove(Signal.objects.get(), by=None, why="A hoax")
    installed(folder, unpacked)
    assert not Signal.objects.exists()
    one = ReleaseDifference.objects.get()
    assert (one.key, one.columns, one.what) == ("acme-layoffs", {}, "not added: it was deleted here")


def test_what_was_entered_here_outlives_a_release_that_does_not_know_it(folder: EvidenceFolder, unpacked: Path) -> None:
    folder.add("signals", id="ours", summary="Ours.")
    folder.add("signals", id="theirs", summary="Theirs.")
    load_evidence(folder.path, now=NOW)
    record(Signal.objects.get(key="ours"), by=None, why="Ours")
    folder.reset()
    installed(folder, unpacked)
    assert set(Signal.objects.values_list("key", flat=True)) == {"acme-layoffs", "ours"}


def test_what_a_row_here_refers_to_stays_though_the_release_has_it_no_more(
    folder: EvidenceFolder, unpacked: Path
) -> None:
    folder.add("vendors", slug="other", name="Other")
    folder.add("signals", id="ours", vendor="other")
    load_evidence(folder.path, now=NOW)
    record(Signal.objects.get(key="ours"), by=None, why="Ours")
    folder.reset()
    report = installed(folder, unpacked).report
    assert report.tables["vendors"].left == ["other"]
    assert Vendor.objects.filter(slug="other").exists()


def test_a_fault_in_the_last_table_changes_nothing_and_names_file_and_line(
    folder: EvidenceFolder, unpacked: Path
) -> None:
    folder.change("reach", value="many")
    with pytest.raises(EvidenceError) as refused:
        installed(folder, unpacked)
    assert [line for line in refused.value.lines() if "reach.csv" in line and "2" in line and "value" in line]
    assert (Vendor.objects.count(), EvidenceRelease.objects.count(), Entry.objects.count()) == (0, 0, 0)


def test_what_breaks_at_the_last_table_takes_all_back(
    folder: EvidenceFolder, unpacked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_evidence(folder.path, now=NOW)
    before = everything()
    folder.change("signals", severity="5")
    write = TableWriter.write

    def breaks(self: TableWriter) -> Count:
        if self.spec.name == "reach":
            raise OSError("disk full")
        return write(self)

    monkeypatch.setattr(TableWriter, "write", breaks)
    with pytest.raises(OSError, match="disk full"):
        installed(folder, unpacked)
    assert (everything(), EvidenceRelease.objects.count()) == (before, 0)


def test_an_older_release_is_refused_unless_asked_for(folder: EvidenceFolder, unpacked: Path) -> None:
    installed(folder, unpacked)
    folder.change("signals", severity="5")
    for made, word in ((MADE - DAY, "older than"), (MADE, "as old as")):
        with pytest.raises(OlderRelease, match=f"is {word} release 20261120090000, which is installed here"):
            installed(folder, unpacked, made=made)
    assert Signal.objects.get().severity == 3
    installed(folder, unpacked, made=MADE - DAY, allow_older=True)
    assert Signal.objects.get().severity == 5
    installed(folder, unpacked, made=MADE)
    assert list(EvidenceRelease.objects.order_by("pk").values_list("serial", flat=True)) == [
        20261120090000,
        20261119090000,
        20261120090000,
    ]


# Deciding ------------------------------------------------------------------------------------------


@pytest.fixture
def difference(folder: EvidenceFolder, unpacked: Path) -> ReleaseDifference:
    """Severity and summary of a signal are otherwise here than in the release."""
    load_evidence(folder.path, now=NOW)
    signal = Signal.objects.get()
    signal.severity, signal.summary = 2, "A tenth leaves."
    record(signal, by=None, why="Read it again")
    folder.change("signals", severity="4")
    installed(folder, unpacked)
    return deciding.open_differences().get()


def test_what_is_taken_is_a_correction_on_public_record(difference: ReleaseDifference, ann: User) -> None:
    deciding.take(difference, ["severity"], by=ann, reason="They are right.", now=NOW)
    signal = Signal.objects.get()
    assert (signal.severity, signal.summary) == (4, "A tenth leaves.")
    entry = Entry.objects.order_by("-pk")[0]
    assert (entry.action, entry.subject, entry.actor) == ("corrected", "signal:acme-layoffs", ann)
    assert entry.reason == "Release 20261120090000: They are right."
    assert (difference.state, difference.decided_by) == ("taken", ann)
    assert not deciding.open_differences().exists()


def test_what_is_kept_is_not_asked_again_until_the_offer_changes(
    difference: ReleaseDifference, folder: EvidenceFolder, unpacked: Path, ann: User
) -> None:
    deciding.keep(difference, by=ann, now=NOW)
    assert Signal.objects.get().severity == 2
    installed(folder, unpacked, made=MADE + DAY)
    assert not deciding.open_differences().exists()
    again = ReleaseDifference.objects.get(release__serial=20261121090000)
    assert (again.state, again.decided_by) == ("kept", ann)
    folder.change("signals", severity="5")
    installed(folder, unpacked, made=MADE + 2 * DAY)
    assert deciding.open_differences().get().columns["severity"] == ["2", "5"]


def test_of_two_who_decide_the_second_is_told(difference: ReleaseDifference, ann: User) -> None:
    same = ReleaseDifference.objects.get(pk=difference.pk)
    deciding.keep(difference, by=ann, now=NOW)
    with pytest.raises(deciding.Settled):
        deciding.take(same, ["severity"], by=ann, reason="They are right.", now=NOW)
    assert Signal.objects.get().severity == 2


def test_a_row_that_changed_since_is_shown_anew_before_it_is_decided(difference: ReleaseDifference, ann: User) -> None:
    signal = Signal.objects.get()
    signal.severity = 1
    record(signal, by=None, why="Once more")
    with pytest.raises(deciding.Moved):
        deciding.take(difference, ["severity"], by=ann, reason="They are right.", now=NOW)
    assert ReleaseDifference.objects.get().columns["severity"] == ["1", "4"]
    assert Signal.objects.get().severity == 1


@pytest.mark.parametrize(("columns", "reason", "field"), [([], "Why not", "columns"), (["severity"], " ", "reason")])
def test_nothing_is_taken_without_a_choice_and_a_reason(
    columns: list[str], reason: str, field: str, difference: ReleaseDifference, ann: User
) -> None:
    with pytest.raises(ValidationError) as refused:
        deciding.take(difference, columns, by=ann, reason=reason, now=NOW)
    assert field in refused.value.message_dict
    difference.refresh_from_db()
    assert (difference.state, Signal.objects.get().severity) == ("open", 2)


def test_a_threshold_of_a_license_edited_here_can_be_taken(folder: EvidenceFolder, unpacked: Path, ann: User) -> None:
    load_evidence(folder.path, now=NOW)
    record(License.objects.get(), by=None, why="Read it again")
    folder.change("license_thresholds", amount="5")
    installed(folder, unpacked)
    one = deciding.open_differences().get()
    with pytest.raises(ValidationError):
        deciding.take(one, ["amount"], by=ann, reason="", now=NOW)
    one.refresh_from_db()
    deciding.take(one, ["amount"], by=ann, reason="Clause 3.", now=NOW)
    assert Threshold.objects.get().amount == 5
    assert Entry.objects.order_by("-pk")[0].action == "corrected"


def test_a_row_that_is_gone_cannot_be_taken_over(difference: ReleaseDifference, ann: User) -> None:
    remove(Signal.objects.get(), by=None, why="A hoax")
    with pytest.raises(ValidationError, match="not here any more"):
        deciding.take(difference, ["severity"], by=ann, reason="They are right.", now=NOW)
