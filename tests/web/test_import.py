"""Importing a file of rows through its pages, and from the console."""

import html
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from riskboard.catalog.models import Signal
from riskboard.ingest.imports.models import Import
from riskboard.web.access import Role
from tests import cast
from tests.ingest import desk
from tests.ingest.imports.test_importing import as_file
from tests.web.people import client_of, make_user

pytestmark = pytest.mark.django_db
Response = Any  # what a test client answers, with what it adds


@pytest.fixture
def player(db: None) -> cast.Player:
    return cast.keeper()


@pytest.fixture
def analyst(db: None) -> Client:
    return client_of(Role.ANALYST)


def text_of(response: Response) -> str:
    return html.unescape(response.content.decode())


def send(client: Client, content: bytes, name: str = "rows.csv", table: str = "signals") -> Response:
    return client.post("/import/", {"table": table, "file": SimpleUploadedFile(name, content)})


def test_a_file_is_looked_through_recorded_and_undone(player: cast.Player, analyst: Client) -> None:
    rows = [desk.signal_texts(player, id=f"new-{number}", severity="2") for number in range(2)]
    address = send(analyst, as_file(rows)).headers["Location"]
    page = text_of(analyst.get(address))
    assert "Record 2 rows" in page
    assert "new-0" in page
    assert not Signal.objects.filter(key__startswith="new-").exists()
    plan = Import.objects.get().plan_hash
    recorded = analyst.post(f"{address}record/", {"plan": plan}, follow=True)
    assert "Recorded." in text_of(recorded)
    assert Signal.objects.filter(key__startswith="new-").count() == 2
    assert "Undo all of it" in text_of(recorded)
    assert "/undo/" in text_of(analyst.get("/import/"))
    undone = analyst.post(f"{address}undo/", {}, follow=True)
    assert "every row is as it was before" in text_of(undone)
    assert "What the scores did, until it was undone" in text_of(undone)
    assert not Signal.objects.filter(key__startswith="new-").exists()


def test_what_is_wrong_stands_beside_its_line_and_nothing_can_be_recorded(player: cast.Player, analyst: Client) -> None:
    rows = [desk.signal_texts(player, id="sound-row"), desk.signal_texts(player, id="bad", severity="9")]
    address = send(analyst, as_file(rows)).headers["Location"]
    page = text_of(analyst.get(f"{address}?outcome=error"))
    assert "Must be 1 to 5." in page
    listed = page[page.index('id="list"') : page.index("</main>")]
    assert "sound-row" not in listed
    assert f"vendor: {player.vendor.slug} · " in listed
    assert "blank" not in listed
    assert listed.count(" · ") <= 2
    assert "/record/" not in page
    refused = analyst.post(f"{address}record/", {"plan": Import.objects.get().plan_hash})
    assert (refused.status_code, Signal.objects.filter(key="sound-row").exists()) == (422, False)


def test_pasted_rows_are_kept_to_be_put_right(analyst: Client, db: None) -> None:
    response = analyst.post("/import/", {"table": "vendors", "text": "slug,colour\r\nacme,red\r\n"}, follow=True)
    page = text_of(response)
    assert "is no column of vendors" in page
    assert "acme,red" in page
    assert "acme,red" in text_of(analyst.get(response.redirect_chain[0][0]))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a file, or paste rows."),
        ({"table": "signals", "text": " "}, "Choose a file, or paste rows."),
        ({"table": "nothing", "text": "id"}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_said(analyst: Client, db: None, sent: dict[str, str], said: str) -> None:
    response = analyst.post("/import/", {"table": "signals", **sent})
    assert (response.status_code, Import.objects.count()) == (422, 0)
    assert said in text_of(response)


@pytest.mark.parametrize("megabytes", [5.01, 7])
def test_what_is_too_large_is_refused(analyst: Client, db: None, megabytes: float) -> None:
    response = send(analyst, b"x" * int(megabytes * 1_000_000))
    assert (response.status_code, Import.objects.count()) == (413, 0)
    assert "send it in parts" in text_of(response)


def test_pasted_rows_that_are_too_large_are_refused(analyst: Client, db: None) -> None:
    response = analyst.post("/import/", {"table": "signals", "text": "x" * 3_000_000})
    assert response.status_code == 413


def test_a_hostile_name_and_cell_are_shown_as_text(player: cast.Player, analyst: Client) -> None:
    rows = [desk.signal_texts(player, id="new", summary="<script>alert(1)</script>")]
    address = send(analyst, as_file(rows), name="<img src=x>.csv").headers["Location"]
    content = analyst.get(address).content.decode()
    assert "&lt;img src=x&gt;.csv" in content
    assert "&lt;script&gt;alert(1)" in content
    assert "<script>alert" not in content
    assert "<img" not in analyst.get("/import/").content.decode()


def test_severe_rows_wait_for_somebody_else(player: cast.Player, analyst: Client) -> None:
    address = send(analyst, as_file([desk.signal_texts(player, id="new", severity="5")])).headers["Location"]
    sent = {"plan": Import.objects.get().plan_hash}
    waiting = analyst.post(f"{address}record/", sent, follow=True)
    assert "You accepted it first." in text_of(waiting)
    assert analyst.post(f"{address}record/", sent).status_code == 422
    other = Client()
    other.force_login(make_user(Role.ANALYST, "somebody-else"))
    assert "It needs you as the second person" in text_of(other.get(address))
    other.post(f"{address}record/", sent)
    assert Signal.objects.filter(key="new").exists()


def test_what_changed_meanwhile_is_shown_before_it_is_recorded(player: cast.Player, analyst: Client) -> None:
    signal = cast.make_signal(player.vendor, severity=2)
    address = send(analyst, f"id,publisher\r\n{signal.key},A paper\r\n".encode()).headers["Location"]
    Signal.objects.filter(pk=signal.pk).update(publisher="Meanwhile")
    sent = {"plan": Import.objects.get().plan_hash, "reason": "It was theirs"}
    refused = analyst.post(f"{address}record/", sent)
    assert refused.status_code == 409
    assert "Meanwhile" in text_of(refused)
    assert 'value="It was theirs"' in text_of(refused)
    again = {**sent, "plan": Import.objects.get().plan_hash}
    assert analyst.post(f"{address}record/", again).status_code == 302
    assert Signal.objects.get(pk=signal.pk).publisher == "A paper"


def test_a_draft_can_be_discarded_and_compared_again(player: cast.Player, analyst: Client) -> None:
    address = send(analyst, as_file([desk.signal_texts(player)])).headers["Location"]
    assert analyst.post(f"{address}compare/").headers["Location"] == address
    assert analyst.post(f"{address}discard/").headers["Location"] == "/import/"
    assert analyst.get(address).status_code == 404


def test_a_template_has_the_columns_and_the_rows_to_edit_their_versions(player: cast.Player, analyst: Client) -> None:
    cast.make_signal(player.vendor)
    template = analyst.get("/import/templates/signals.csv").content.decode("utf-8-sig")
    assert template.startswith("id,event_id,vendor,")
    assert template.count("\r\n") == 1
    edited = analyst.get("/import/rows/signals.csv")
    assert edited.content.decode("utf-8-sig").splitlines()[0].endswith(",confidence,version")
    page = text_of(analyst.get(send(analyst, edited.content).headers["Location"]))
    assert "there is nothing to record" in page
    assert analyst.get("/import/templates/nothing.csv").status_code == 404


@pytest.mark.parametrize("query", ["?colour=red", "?outcome=wrong", "?page=0"])
def test_what_the_page_does_not_know_is_refused(player: cast.Player, analyst: Client, query: str) -> None:
    address = send(analyst, as_file([desk.signal_texts(player)])).headers["Location"]
    assert analyst.get(f"{address}{query}").status_code == 400
    assert analyst.get(f"{address}?page=99").status_code == 404


def test_a_part_of_the_page_is_the_list_alone(player: cast.Player, analyst: Client) -> None:
    address = send(analyst, as_file([desk.signal_texts(player)])).headers["Location"]
    part = analyst.get(address, headers={"HX-Request": "true"})
    assert "HX-Request" in part.headers["Vary"]
    assert "<html" not in part.content.decode()
    assert 'id="list"' in part.content.decode()


# From the console ---------------------------------------------------------------------------------


def command(*arguments: str) -> str:
    said = StringIO()
    call_command("importevidence", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_says_and_records(player: cast.Player, tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(as_file([desk.signal_texts(player, id="new", severity="2")]))
    said = command("signals", str(path), "--dry-run")
    assert "new       new" in said
    assert "signals: 1 new, 0 changed" in said
    assert not Signal.objects.filter(key="new").exists()
    make_user(Role.ANALYST, "ann")
    assert "Recorded." in command("signals", str(path), "--by", "ann")
    assert Signal.objects.get(key="new").history.latest().history_user.username == "ann"
    assert "1 as on record" in command("signals", str(path))


@pytest.mark.parametrize(("severity", "status"), [("9", 2), ("5", 3)])
def test_the_command_ends_with_a_status_that_says_why(
    player: cast.Player, tmp_path: Path, severity: str, status: int
) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes(as_file([desk.signal_texts(player, id="new", severity=severity)]))
    with pytest.raises(CommandError) as stopped:
        command("signals", str(path))
    assert stopped.value.returncode == status
    assert not Signal.objects.filter(key="new").exists()


def test_the_command_refuses_who_is_no_analyst_and_what_is_no_file(db: None, tmp_path: Path) -> None:
    make_user(Role.VIEWER, "vic")
    with pytest.raises(CommandError, match="is no account of an analyst"):
        command("signals", str(tmp_path / "none.csv"), "--by", "vic")
    with pytest.raises(CommandError, match="cannot be read"):
        command("signals", str(tmp_path / "none.csv"))
