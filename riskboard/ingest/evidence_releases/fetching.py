"""Where a release comes from: a file, or an address."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from riskboard.ingest.client import Client
from riskboard.ingest.evidence_releases.archive import LARGEST
from riskboard.ingest.evidence_releases.manifest import ReleaseFault
from riskboard.ingest.failures import Blocked, FetchError
from riskboard.ingest.guard import allowed_origins, parse_address

SECONDS = 120.0  # for some megabytes over a thin line


def is_address(origin: str) -> bool:
    return "://" in origin


def read_release(origin: str, *, clock: Callable[[], datetime]) -> bytes:
    """What the file or address holds. Raises ReleaseFault with a sentence about it."""
    return _fetch(origin, clock) if is_address(origin) else _read(Path(origin))


def _fetch(url: str, clock: Callable[[], datetime]) -> bytes:
    try:
        target = parse_address(url, allowed_origins())
        if target.scheme != "https" and not target.is_listed:
            raise Blocked("Releases are fetched by https only, but for origins that ALLOWED_FETCH_ORIGINS lists.")
        return Client(now=clock, deadline=SECONDS).get(url).expect_ok().body
    except FetchError as error:
        raise ReleaseFault("", f"{url} could not be fetched. {error}") from error


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise ReleaseFault("", f"{path} cannot be read: {error.strerror}.") from error
