"""What a reader finds in a file, and what it says of a file that it cannot read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from riskboard.portfolio.kinds import Relation, Scheme

LARGEST = 10_000_000  # bytes of a file
MOST = 5_000  # mentions of a file
LONGEST = 300  # letters of a name, as a deployment keeps it


class Fault(Exception):  # noqa: N818 -- named after what it is
    """Why a file cannot be read, and where: a JSON path, a line, or blank for the file as a whole."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}" if path else reason)


@dataclass(frozen=True, slots=True)
class Mention:
    """A model that a file names. ``base`` is what the file says it was made from; ``relation`` what it is to that."""

    reference: str  # as ``scheme`` names it: owner/name on the hub, name:tag in Ollama
    scheme: Scheme
    where: str  # for people: a file, a line, a JSON path
    why: str  # what was taken for the name of a model
    revision: str = ""  # a commit; blank: none is pinned
    base: str = ""
    relation: Relation = Relation.SAME
    license: str = ""  # as the file states it
    line: int = 0  # 0: it has no lines, or none is known
    file: str = ""  # inside an archive
    cells: tuple[tuple[str, str], ...] = ()  # of a table: the other columns of its row

    def inside(self, file: str) -> "Mention":
        return replace(self, file=file, where=f"{file}, {self.where}")


def once(mentions: Iterable[Mention]) -> list[Mention]:
    """Each model once, where it is named first; how often else is said. Raises Fault for more than MOST models."""
    found: dict[tuple[str, str, str, str], list[Mention]] = {}
    for mention in mentions:
        key = (mention.scheme, mention.reference.casefold(), mention.revision, mention.base)
        found.setdefault(key, []).append(mention)
        if len(found) > MOST:
            raise Fault("", f"names more than {MOST:,} models: split it")
    return [_first(same) for same in found.values()]


def _first(same: list[Mention]) -> Mention:
    places = len({mention.where for mention in same}) - 1
    if not places:
        return same[0]
    return replace(same[0], where=f"{same[0].where}, and {places} more {'place' if places == 1 else 'places'}")


def plain(text: object, most: int = LONGEST) -> str:
    """One line that can be shown and stored: nothing that is not printable. Blank for what is no text."""
    if not isinstance(text, str):
        return ""
    return "".join(letter if letter.isprintable() else " " for letter in text[: 2 * most]).strip()[:most]
