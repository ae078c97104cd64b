"""Is the log still what was written? Names the entries that are not."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from riskboard.audit.chain import BEGINNING, hash_of
from riskboard.audit.models import Entry

NAMED_ONE_BY_ONE = 100


@dataclass(frozen=True, slots=True)
class Fault:
    number: int
    what: str

    def __str__(self) -> str:
        return f"Entry {self.number} {self.what}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far the log had come: kept elsewhere, it shows that a log was cut or written anew since."""

    number: int
    hash: str

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises OSError, or ValueError when the file holds no anchor."""
        found = json.loads(path.read_text(encoding="utf-8"))
        match found:
            case {"number": int(number), "hash": str(digest)}:
                return cls(number, digest)
        raise ValueError(f"{path} holds no anchor.")

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self)) + "\n", encoding="utf-8")


def anchor() -> Anchor:
    last = Entry.objects.order_by("-pk").only("pk", "hash").first()
    return Anchor(last.pk, last.hash) if last else Anchor(0, BEGINNING)


def verify(kept: Anchor | None = None) -> list[Fault]:
    return [*_faults_of_chain(), *(_faults_against(kept) if kept else ())]


def _faults_of_chain() -> Iterator[Fault]:
    last, last_is_sound = Entry(pk=0, hash=BEGINNING), True
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=2000):
        yield from _missing(last.pk + 1, entry.pk - 1)
        is_sound = _is_sound(entry)
        if not is_sound:
            yield Fault(entry.pk, "was changed after it was written.")
        elif last_is_sound and entry.pk == last.pk + 1 and entry.previous_hash != last.hash:
            yield _rewritten(last, entry)
        last, last_is_sound = entry, is_sound


def _missing(first: int, last: int) -> Iterator[Fault]:
    """Each by its number; of a long row of them only the ends: a number of a thousand million is one edit away."""
    if last - first < NAMED_ONE_BY_ONE:
        yield from (Fault(number, "is missing.") for number in range(first, last + 1))
    else:
        yield Fault(first, f"is missing, and so are all up to entry {last}.")


def _is_sound(entry: Entry) -> bool:
    try:
        return entry.hash == hash_of(entry)
    except ValueError:  # it holds a number that we do not write
        return False


def _rewritten(last: Entry, entry: Entry) -> Fault:
    """Of two entries that do not join and are sound in themselves, the earlier one got another hash."""
    if last.pk == 0:
        return Fault(entry.pk, "was written anew: a log begins with it that did not begin there.")
    return Fault(last.pk, "was written anew, with a hash of its own: the one after it does not follow from it.")


def _faults_against(kept: Anchor) -> Iterator[Fault]:
    if kept.number == 0:
        return
    found = Entry.objects.filter(pk=kept.number).only("hash").first()
    if found is None:
        last = anchor().number
        yield Fault(kept.number, f"was there when the anchor was exported, and the log now ends with entry {last}.")
    elif found.hash != kept.hash:
        yield Fault(kept.number, "is not the one of the anchor: it or one before it was written anew.")
