"""What a connector brings home: things seen, and evidence drafted from observed state. Nothing here is believed yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, slots=True)
class Capture:
    """An answer to be kept as evidence, as a Snapshot. ``cleaned``: of a license text, what comparisons use."""

    url: str
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]
    body: bytes
    cleaned: str = ""

    @property
    def sha256(self) -> str:
        return sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class Seen:
    """A news item. ``published_on`` is None when the source does not say: never today."""

    identity: str
    title: str
    url: str = ""
    summary: str = ""
    publisher: str = ""
    language: str = ""
    published_on: date | None = None
    date_precision: str = "day"
    snapshot: str = ""  # sha256 of the answer it was read from


@dataclass(frozen=True, slots=True)
class Draft:
    """Evidence drafted from a machine-observed change of state: a row of a table, and the observations behind it."""

    key: str
    table: str  # signals, releases, license_changes, reach; revisions, which have no CSV
    fields: dict[str, str]  # column -> text, as in the table's CSV
    observed: tuple[str, ...] = ()  # what decided, in words
    is_machine_verified: bool = False
    url: str = ""
    snapshots: tuple[str, ...] = ()  # sha256 of the answers it rests on; of a changed text: before, after


@dataclass(frozen=True, slots=True)
class SeenOffer:
    """A host that offers a repository's weights, or, with ``ended_on``, does not any more."""

    listing: str  # what the place calls the model
    host: str
    repository: str  # on the hub
    status: str = ""
    prompt: Decimal | None = None  # per token; None: unknown
    completion: Decimal | None = None
    ends_on: date | None = None  # announced
    ended_on: date | None = None  # the first day on which it was not found

    @property
    def is_over(self) -> bool:
        return self.ended_on is not None


@dataclass(frozen=True, slots=True)
class Catch:
    """The result of one look at a feed."""

    seen: tuple[Seen, ...] = ()
    drafts: tuple[Draft, ...] = ()
    offers: tuple[SeenOffer, ...] = ()
    cursor: dict[str, Any] = field(default_factory=dict)  # to be kept for the next look
    not_modified: bool = False
    warnings: tuple[str, ...] = ()
    captures: tuple[Capture, ...] = ()
    is_gone: bool = False  # its owner said, for good: not to be asked again
    moved_to: str = ""  # its new address, confirmed over several looks
    every_minutes: int = 0  # its owner wants to be asked no more often than that
