"""Whether an item reports, denies, rumors or reverses."""

from dataclasses import dataclass

from riskboard.ingest.reading.item import Read
from riskboard.ingest.reading.lexicon import Field
from riskboard.ingest.reading.words import word_list

BENEFICIAL_OR_NEUTRAL = word_list("beneficial_or_neutral_kinds")
REVERSIBLE = word_list("reversible_kinds")


@dataclass(frozen=True, slots=True)
class Claim:
    is_denied: bool
    reaffirms_openness: bool
    is_rumored: bool
    is_reversed: bool
    words: tuple[str, ...]


def claim_of(read: Read) -> Claim:
    denial = _denial(read.title)
    rumor = next((field for field in read.fields if field.has("weakrumor")), None)
    turn = next((field for field in read.fields if field.has("turnback")), None)
    words = []
    if denial:
        words.append(f"denial: {denial}")
    elif rumor:
        words.append(f"rumor: {rumor.first_words('weakrumor')}")
    if turn:
        words.append(f"reversal: {turn.first_words('turnback')}")
    return Claim(bool(denial), _reaffirms(read), rumor is not None, turn is not None, tuple(words))


def _denial(title: Field) -> str:
    """A court that rejects a claim denies nothing."""
    if not title.has("deny") or title.has("courtword"):
        return ""
    return title.first_words("deny")


def _reaffirms(read: Read) -> bool:
    return any(field.has("opensource") or (field.has("open") and field.has("pledgestrong")) for field in read.fields)
