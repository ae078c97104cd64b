"""A hub whose license text changes between two looks, watched the way a running board watches it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.test import override_settings

from riskboard.catalog.models import Release
from riskboard.ingest.client import Client
from riskboard.ingest.models import Feed, Proposal
from riskboard.ingest.polling import poll
from tests import cast
from tests.ingest.stand_ins.hub import Hub, HubRepository, stamp
from tests.ingest.stand_ins.serving import serving
from tests.ingest.watching import START

APACHE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")
RESEARCH = """Acorn Research License

Copyright 2025 Acorn

1. Grant. We grant you a license to use the Materials for non-commercial or research purposes only.

2. Commerce. If you want to use the Materials commercially, you shall request a license from us.

3. End. We may terminate this agreement at any time and for any reason.

4. Law. The courts of Acornville decide.
"""
REPOSITORY = "acorn/Oak-7B"


def oak() -> Release:
    vendor = cast.make_vendor(slug="acorn", name="Acorn", hf_org="acorn")
    family = cast.make_family(cast.make_line(vendor, slug="acorn-language"), slug="oak", name="Oak")
    license_ = cast.make_license("acorn-license", name="Acorn License", category="restricted_open_weights")
    return cast.make_release(family, slug="oak-7b", hf_repo=REPOSITORY, name="Oak 7B", license=license_)


@contextmanager
def hub() -> Iterator[Hub]:
    with (
        serving(Hub()) as stand_in,
        override_settings(HUGGINGFACE_URL=stand_in.url, ALLOWED_FETCH_ORIGINS=[stand_in.url]),
    ):
        yield stand_in


def look(feed: Feed, now: datetime) -> None:
    feed.refresh_from_db()
    client = Client(now=lambda: now, interval=timedelta(0), deadline=10.0, sleep=lambda seconds: None)
    assert poll(feed, now, client=client).outcome != "failed"


def watched(*texts: str, commits: int = 0) -> Proposal | None:
    """What became proposed when the license text of a known release was each of ``texts``, a day apart; the last."""
    release = Release.objects.filter(slug="oak-7b").first() or oak()
    vendor = release.family.line.vendor
    feed, _ = Feed.objects.get_or_create(
        slug="hub-acorn", defaults={"connector": "hugging_face", "address": "acorn", "vendor": vendor, "name": "Acorn"}
    )
    card = {"license_name": "acorn-license", "license_link": "LICENSE"}
    with hub() as stand_in:
        created = stamp(START - timedelta(days=400))
        repository = stand_in.add(HubRepository(REPOSITORY, created, license="other", card=card))
        for number, text in enumerate(texts):
            repository.files["LICENSE"] = text
            look(feed, START + timedelta(days=number))
        for number in range(commits):
            repository.commit = f"weights {number}"
            look(feed, START + timedelta(days=len(texts) + number))
    return Proposal.objects.filter(table="license_changes").order_by("-pk").first()
