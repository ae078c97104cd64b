"""An item prepared for reading: fields, names, rule hits. Everything else is decided from this."""

from dataclasses import dataclass
from datetime import date

from riskboard.ingest.reading.language import language_of
from riskboard.ingest.reading.lexicon import Field, Hit, Span, lexicon
from riskboard.ingest.reading.subjects import Mention, guarded, names
from riskboard.ingest.reading.text import fold

LONGEST_TITLE = 500
LONGEST_SUMMARY = 2_000


@dataclass(frozen=True, slots=True)
class Read:
    """Title and summary side by side: index 0 is the title, 1 the summary."""

    fields: tuple[Field, Field]
    mentions: tuple[list[Mention], list[Mention]]
    hits: tuple[list[Hit], list[Hit]]
    publisher: str
    published_on: date | None
    language: str

    @property
    def title(self) -> Field:
        return self.fields[0]

    @property
    def summary(self) -> Field:
        return self.fields[1]

    def has(self, concept: str) -> bool:
        return self.title.has(concept) or self.summary.has(concept)


def read(title: str, summary: str, publisher: str, published_on: date | None) -> Read:
    texts = (fold(title[:LONGEST_TITLE]), fold(summary[:LONGEST_SUMMARY]))
    plain = [lexicon().field(text) for text in texts]
    speaker = {mention.name.vendor for mention in names().find(fold(publisher[:LONGEST_TITLE]))}
    mentions = guarded([names().find(text) for text in texts], plain, speaker)
    fields = [_named(field, listed) for field, listed in zip(plain, mentions, strict=True)]
    return Read(
        (fields[0], fields[1]),
        (mentions[0], mentions[1]),
        (lexicon().hits(fields[0]), lexicon().hits(fields[1])),
        publisher.strip(),
        published_on,
        language_of(" ".join(texts)),
    )


def _named(field: Field, mentions: list[Mention]) -> Field:
    """The field with vendors and families to be seen as ``<vendor>`` and ``<model>``."""
    spans = dict(field.spans)
    for mark, listed in (("<vendor>", mentions), ("<model>", [one for one in mentions if one.name.family])):
        if listed:
            spans[mark] = [Span(one.first, one.last) for one in listed]
    return Field(field.text, field.tokens, spans)
