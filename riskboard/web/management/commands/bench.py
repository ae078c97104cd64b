"""How long the main pages take, as a multiple of an empty page measured in the same run on the same machine."""

import json
import statistics
import time
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import path, reverse

from riskboard.catalog.models import Line
from riskboard.urls import urlpatterns as board_patterns

EMPTY = "/bench/empty/"


def empty_page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path(EMPTY.lstrip("/"), empty_page), *board_patterns]


@dataclass(frozen=True, slots=True)
class Timing:
    """A page's median time in milliseconds, that time over an empty page's, its queries and its size in bytes."""

    name: str
    milliseconds: float
    ratio: float
    queries: int
    size: int


class Command(BaseCommand):
    help = "Time the board and a line's page against an empty page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures there")
        parser.add_argument("--rounds", type=int, default=20, help="how often each page is asked for (default 20)")

    def handle(self, *_arguments: object, **options: object) -> None:
        rounds, target = options["rounds"], options["json"]
        if not isinstance(rounds, int) or rounds < 1:
            raise CommandError("--rounds must be at least 1.")
        with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False):
            timings = measure(pages(), rounds)
        for timing in timings:
            self.stdout.write(
                f"{timing.name:<8} {timing.milliseconds:8.2f} ms  {timing.ratio:7.1f} x empty"
                f"  {timing.queries:3d} queries  {timing.size:9,d} bytes"
            )
        if isinstance(target, Path):
            target.write_text(json.dumps([asdict(timing) for timing in timings], indent=2) + "\n", encoding="utf-8")


def pages() -> dict[str, str]:
    line = Line.objects.order_by("slug").first()
    if line is None:
        raise CommandError("There is no evidence to show yet. Load it first: ./run manage prepare")
    return {"empty": EMPTY, "board": reverse("board"), "line": reverse("line", args=[line.slug])}


def measure(addresses: dict[str, str], rounds: int) -> list[Timing]:
    """Rounds take turns among the pages, so that a busy moment of the machine falls on all of them."""
    client = Client()
    seconds: dict[str, list[float]] = {name: [] for name in addresses}
    shapes = {name: shape(client, address) for name, address in addresses.items()}
    for _ in range(rounds):
        for name, address in addresses.items():
            begun = time.perf_counter()
            client.get(address)
            seconds[name].append(time.perf_counter() - begun)
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    return [
        Timing(name, round(1000 * median, 3), round(median / medians["empty"], 2), *shapes[name])
        for name, median in medians.items()
    ]


def shape(client: Client, address: str) -> tuple[int, int]:
    """Queries and bytes of a page, from a second request: the first fills the caches."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    if response.status_code != 200:
        raise CommandError(f"{address} answered with status {response.status_code}.")
    return len(queries), len(response.content)
