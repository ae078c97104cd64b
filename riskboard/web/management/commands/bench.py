"""How long the main pages and the engine take, as multiples of what the machine does at best in the same run."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path, reverse

from riskboard.catalog.models import Line
from riskboard.urls import urlpatterns as board_patterns
from scoring.bench import engine
from scoring.bench.ratios import Ratio, load, machine, medians

EMPTY = "/bench/empty/"
MOST_QUERIES = 12
NUMBERS = {
    "page-rounds": (20, "how often each page is asked for"),
    "rounds": (5, "how often the engine does each thing"),
    "lines": (1000, "lines of the world that the engine scores"),
    "days": (1000, "its days"),
    "reports": (1_000_000, "its reports"),
}
VERDICT = {None: "", True: "pass", False: "FAIL"}


def empty_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path(EMPTY.lstrip("/"), empty_page), *board_patterns]


class Command(BaseCommand):
    help = "Time the main pages against an empty page, and the engine against copying memory."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
        parser.add_argument("--only", choices=("engine", "pages"), help="leave the other out")
        for name, (usual, what) in NUMBERS.items():
            parser.add_argument(f"--{name}", type=int, default=usual, metavar="N", help=f"{what} (default {usual:,})")

    def handle(self, *_arguments: object, **options: Any) -> None:
        for name in NUMBERS:
            if options[name.replace("-", "_")] < 1:
                raise CommandError(f"--{name} must be at least 1.")
        told = machine()
        self.stdout.write(", ".join(f"{name} {value}" for name, value in told.items()))
        ratios = []
        for ratio in _measured(options):
            ratios.append(ratio)
            self.stdout.write(_in_words(ratio))
            self.stdout.flush()
        told["load_at_end"] = load()
        self.stdout.write(f"load at the end {told['load_at_end']}")
        if options["json"]:
            figures = {"machine": told, "ratios": [ratio.row() for ratio in ratios]}
            options["json"].write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _measured(options: dict[str, Any]) -> Iterator[Ratio]:
    if options["only"] != "engine":
        with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
            yield from measure_pages(pages(), options["page_rounds"])
    if options["only"] != "pages":
        yield from engine.measure(options["lines"], options["days"], options["reports"], options["rounds"])


def _in_words(ratio: Ratio) -> str:
    asked = "" if ratio.target is None else f"at most {ratio.target:g}"
    aimed = "" if ratio.stretch is None else f", aim {ratio.stretch:g}"
    return f"{ratio.id:<18} {ratio.value:12.4g}  {VERDICT[ratio.passes]:<4}  {asked + aimed:<28}  {ratio.what}"


def pages() -> dict[str, str]:
    line = Line.objects.order_by("slug").first()
    if line is None:
        raise CommandError("There is no evidence to show yet. Load it first: ./run manage prepare")
    return {"empty": EMPTY, "board": reverse("board"), "line": reverse("line", args=[line.slug])}


def measure_pages(addresses: dict[str, str], rounds: int) -> Iterator[Ratio]:
    client = Client()
    shapes = {name: shape(client, address) for name, address in addresses.items()}
    seconds = medians({name: partial(client.get, address) for name, address in addresses.items()}, rounds)
    for name, taken in seconds.items():
        queries, size = shapes[name]
        details = {"milliseconds": round(1000 * taken, 3), "bytes": size}
        yield Ratio(f"page-{name}", f"page {name} over an empty page", taken / seconds["empty"], details=details)
        yield Ratio(f"queries-{name}", f"database queries of page {name}", queries, MOST_QUERIES)


def shape(client: Client, address: str) -> tuple[int, int]:
    """Queries and bytes of a page, from a second request: the first fills the caches."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    if response.status_code != 200:
        raise CommandError(f"{address} answered with status {response.status_code}.")
    return len(queries), len(response.content)
