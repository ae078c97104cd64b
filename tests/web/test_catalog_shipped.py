"""The pages of vendors, pledges, licenses, changes, signals and sources on the shipped evidence."""

import html

import pytest
from django.db.models import Count
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import LicenseChange, Pledge, Release, Signal, Source, Vendor
from riskboard.web.pages.changes import change_url
from riskboard.web.pages.release_changes import release_changes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scored", "on_that_day")]
LISTS = (
    "/vendors/",
    "/vendors/?country=CN&sort=-newest",
    "/pledges/",
    "/pledges/?status=kept&vendor=alibaba",
    "/licenses/?sort=-releases",
    "/license-changes/?direction=tightening",
    "/signals/?vendor=alibaba&severity=3",
    "/signals/?page=3",
)


def busiest() -> list[str]:
    """The address of the row with most to show, of every kind of page."""
    alibaba = Vendor.objects.get(slug="alibaba")
    license_changes = LicenseChange.objects.filter(family__slug="qwen").order_by("key")
    closed = Release.objects.filter(family__slug="qwen", access="api_only", flagship=True).order_by("slug")
    vendor_wide = Signal.objects.filter(vendor=alibaba, family__isnull=True)
    many = sorted(Source.objects.all(), key=lambda source: Signal.objects.filter(source=source).count(), reverse=True)
    return [
        alibaba.get_absolute_url(),
        Vendor.objects.annotate(number=Count("signals")).order_by("-number")[0].get_absolute_url(),
        Pledge.objects.filter(vendor=alibaba).order_by("made_on")[0].get_absolute_url(),
        "/licenses/apache-2.0/",
        license_changes[0].get_absolute_url(),
        release_changes(closed[0])[0][1],
        vendor_wide.order_by("key")[0].get_absolute_url(),
        str(change_url(vendor_wide.filter(kind="api_deprecation")[0])),
        many[0].get_absolute_url(),
    ]


@pytest.mark.parametrize("address", LISTS)
def test_no_list_takes_more_than_twelve_queries(
    client: Client, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


def test_no_page_takes_more_than_twelve_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for address in busiest():
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200, address


def test_every_change_has_its_page(client: Client) -> None:
    addresses = [change_url(row) for row in (*LicenseChange.objects.all(), *Signal.objects.all())]
    addresses += [url for release in Release.objects.select_related("family") for _, url in release_changes(release)]
    known = [address for address in addresses if address]
    assert len(known) > 150
    assert [address for address in known if client.get(address).status_code != 200] == []


def test_the_story_of_glm_5_3_reads_right(client: Client) -> None:
    page = html.unescape(client.get("/changes/lc-glm-2026-08-25/").content.decode())
    assert "MIT License" in page
    assert "GLM-5.2" in page.split("Keep the old terms")[1]
    assert "unknown: text not read" in page
    assert "Open, terms tightened since 25 Aug 2026" in page


def test_wan_is_shown_closed_on_the_page_of_its_vendor(client: Client) -> None:
    page = html.unescape(client.get("/vendors/alibaba/").content.decode())
    assert "Wan" in page
    assert "Closed since" in page


def test_promises_without_a_date_outnumber_the_others_and_stay_out_of_the_ratio(client: Client) -> None:
    page = html.unescape(client.get("/pledges/").content.decode())
    dated = Pledge.objects.filter(due_on__isnull=False).count()
    assert f"of {dated} promises with a due date" in page
    assert f"{Pledge.objects.count() - dated} more without a due date" in page


def test_a_page_of_every_row_answers(client: Client) -> None:
    rows = (*Pledge.objects.order_by("key")[:40], *Signal.objects.order_by("key")[:60], *Source.objects.all()[:40])
    assert [row for row in rows if client.get(row.get_absolute_url()).status_code != 200] == []
