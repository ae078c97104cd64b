import html
from datetime import date

from django.test import Client

from riskboard.catalog.models import Ruling
from tests import cast


def get(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content.decode()
    return html.unescape(response.content.decode())


def test_every_kind_of_row_that_cites_it_is_listed(client: Client, db: None) -> None:
    source = cast.make_source("https://news.example/all", "All in one")
    family = cast.make_family()
    vendor = family.line.vendor
    release = cast.make_release(family, source=source)
    license_ = cast.make_license("cited-1.0", source=source)
    signal = cast.make_signal(vendor, source=source)
    pledge = cast.make_pledge(vendor, source=source)
    judged = cast.make_pledge(vendor, status_source=source)
    ruled = cast.make_pledge(vendor)
    Ruling.objects.create(pledge=ruled, status="kept", ruled_on=date(2026, 1, 1), source=source)
    change = cast.make_license_change(family, cast.make_license(), license_, date(2025, 1, 1), source=source)
    cast.make_fact(vendor, source=source)
    cast.make_reach(vendor, family, source=source)
    cast.make_revision(release, source=source)
    cast.make_signal(vendor, summary="From elsewhere")
    page = get(client, source.get_absolute_url())
    for row in (release, license_, signal, pledge, judged, ruled, change):
        assert f'href="{row.get_absolute_url()}"' in page
    for label in ("hub revision", "reach", "vendor fact", "ruling on a pledge", "status of a pledge"):
        assert f">{label}<" in page
    assert "From elsewhere" not in page


def test_a_recalled_source_says_what_that_means(client: Client, db: None) -> None:
    source = cast.make_source("", "recalled from memory")
    page = get(client, source.get_absolute_url())
    assert "recalled, unverified" in page
    assert "weigh nothing in a score" in page
    assert "No row cites it any more." in page


def test_a_source_of_many_rows_has_pages(client: Client, db: None) -> None:
    source, vendor = cast.make_source(), cast.make_vendor()
    for _ in range(51):
        cast.make_signal(vendor, source=source)
    assert "1–50 of 51" in get(client, source.get_absolute_url())
    assert "51–51 of 51" in get(client, f"{source.get_absolute_url()}?page=2")
    assert client.get(f"{source.get_absolute_url()}?page=3").status_code == 404


def test_what_is_not_there_is_not_found(client: Client, db: None) -> None:
    source = cast.make_source()
    assert client.get(f"/sources/{source.pk + 1}/").status_code == 404
    assert client.get(f"{source.get_absolute_url()}?q=1").status_code == 400


def test_an_address_that_is_no_web_address_never_becomes_a_link(client: Client, db: None) -> None:
    source = cast.make_source("https://news.example/<script>alert(1)</script>", "<b>bold</b>")
    raw = client.get(source.get_absolute_url()).content.decode()
    assert "<script>alert" not in raw
    assert "<b>bold" not in raw
