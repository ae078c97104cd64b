"""Claims with numbered notes: every sentence of a brief leads to the row or page that it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from riskboard.catalog.models import Evidence


@dataclass(frozen=True, slots=True)
class Note:
    """``address`` is of this site; ``url`` of the page cited, blank where there is none."""

    number: int
    label: str
    address: str
    url: str
    is_recalled: bool


@dataclass(frozen=True, slots=True)
class Claim:
    text: str
    notes: tuple[Note, ...]


@dataclass(slots=True)
class Footnotes:
    """Numbered as they are first called for; the same page is one note."""

    _notes: dict[str, Note] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes.values())

    def row(self, row: Evidence, label: str, address: str) -> Note:
        source = row.source
        return self._note(label, address, source.url, is_recalled=source.is_recalled)

    def page(self, label: str, address: str) -> Note:
        return self._note(label, address, "", is_recalled=False)

    def _note(self, label: str, address: str, url: str, *, is_recalled: bool) -> Note:
        key = f"{address} {url}"
        return self._notes.setdefault(key, Note(len(self._notes) + 1, label, address, url, is_recalled))
