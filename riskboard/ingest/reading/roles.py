"""Whose commitment an item is about: not the actor's, the affected vendor's."""

import re
from dataclasses import dataclass

from riskboard.ingest.reading.item import Read
from riskboard.ingest.reading.lexicon import Field
from riskboard.ingest.reading.subjects import Mention, names, version_family
from riskboard.ingest.reading.words import word_list

# Kinds whose verb acts on somebody: who stands after the verb is affected (in the passive: who stands before).
ACTING = {
    "acquisition": "acquire",
    "litigation": "sueverb",
    "competitor_move": "undercutverb",
    "leadership_departure": "poachverb",
    "funding": "investverb",
    "regulation": "banverb",
    "export_control": "banverb",
    "community_sentiment": "dropverb",
}
BEFORE_PLACE = word_list("before_place")
BEFORE_INVESTOR = word_list("before_investor")
BEFORE_ORIGIN = word_list("before_origin")
TAKEN = word_list("deal_after_its_target")
DEALS = word_list("deals")
BEFORE_GOAL = word_list("before_goal")
OF_MODELS = word_list("kinds_of_models")  # what happens to models rather than to companies
SLUG = re.compile(r"[^a-z0-9]+")
NOT_A_NAME = word_list("opens_no_name")


@dataclass(frozen=True, slots=True)
class Subject:
    vendor: str = ""
    family: str = ""
    words: str = ""
    is_known: bool = False  # in the catalog or in the list of platforms
    is_platform: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    mention: Mention
    field: int
    place: float  # the earlier the better, the title before the summary
    role: float


def subject_of(read: Read, kind: str) -> Subject:
    placed = _placed(read, kind)
    if not placed:
        return _from_publisher(read) or _guessed(read)
    if all(_is_place(read.fields[one.field], one.mention) for one in placed):
        speaker = _from_publisher(read)
        if speaker:
            return speaker
    scores: dict[str, float] = {}
    for one in placed:
        vendor = one.mention.name.vendor
        best = max(other.place for other in placed if other.mention.name.vendor == vendor)
        scores[vendor] = best + sum(other.role for other in placed if other.mention.name.vendor == vendor)
    vendor = max(scores, key=lambda slug: scores[slug])
    first = next(one for one in placed if one.mention.name.vendor == vendor)
    family = _family(placed, vendor) or version_family(vendor, list(read.fields))
    if not family and kind in OF_MODELS:
        family = names().namesakes.get(vendor, "")
    field = read.fields[first.field]
    words = field.text[field.tokens[first.mention.first].start : field.tokens[first.mention.last].end]
    return Subject(vendor, family, words, is_known=True, is_platform=first.mention.name.is_platform)


def _placed(read: Read, kind: str) -> list[Placed]:
    vendors = {mention.name.vendor for listed in read.mentions for mention in listed}
    found = []
    for index, (field, listed) in enumerate(zip(read.fields, read.mentions, strict=True)):
        for mention in listed:
            place = (10.0 if index == 0 else 4.0) - 0.1 * field.tokens[mention.first].place
            role = _role(field, mention, kind) if len(vendors) > 1 else 0.0
            if len(vendors) > 1 and kind == "api_deprecation" and mention.name.family:
                role += 6.0
            found.append(Placed(mention, index, place, role))
    return found


def _role(field: Field, mention: Mention, kind: str) -> float:
    before = _stem(field, mention.first - 1)
    after = _stem(field, mention.last + 1)
    score = 0.0
    if after == "back" or (before in BEFORE_INVESTOR and _stem(field, mention.first - 2) in ("back", "lead", "own")):
        score -= 8.0
    if _is_place(field, mention):
        score -= 7.0
    if field.tokens[mention.last].surface.endswith("'s") and after in DEALS:
        score -= 7.0
    if mention.name.is_fork:
        score += 1.0
    if kind in ("leadership_departure", "competitor_move", "community_sentiment"):
        score += _movement(field, before)
    if kind == "funding" and before in BEFORE_INVESTOR:
        score -= 7.0
    if kind in ACTING:
        score += _acted_on(field, mention, ACTING[kind])
    return score


def _is_place(field: Field, mention: Mention) -> bool:
    """Where something is offered: "on Hugging Face"."""
    return _stem(field, mention.first - 1) in BEFORE_PLACE and mention.name.vendor in names().places


def _movement(field: Field, before: str) -> float:
    """People come from the vendor that is affected and go to another."""
    if before in BEFORE_ORIGIN:
        return 5.0
    if before in BEFORE_GOAL and field.has("leave"):
        return -7.0
    return 0.0


def _acted_on(field: Field, mention: Mention, concept: str) -> float:
    for span in field.spans.get(concept, ()):
        verb, here = field.tokens[span.last], field.tokens[mention.first]
        if verb.sentence != here.sentence:
            continue
        is_after = mention.first > span.last
        if is_after and here.place - verb.place > 9.0:
            continue
        suffers = _suffers(field, mention, span.first, concept)
        if suffers is not None:
            return 6.0 if suffers else -6.0
        is_passive = _stem(field, span.last + 1) == "by" or _stem(field, span.first - 1) == "be"
        return -6.0 if is_after == is_passive else 4.0 if is_passive else 6.0 if is_after else -6.0
    return 0.0


def _suffers(field: Field, mention: Mention, verb: int, concept: str) -> bool | None:
    """Whether the mention is acted on, where other words than the verb tell; None when they do not."""
    if mention.first > verb:
        is_bidder = concept == "acquire" and _stem(field, mention.first - 1) == "from"
        return False if is_bidder else None
    if verb == mention.last + 1 and field.tokens[verb].surface.lower() in TAKEN and _stem(field, verb + 1) != "of":
        return True
    between = range(mention.last + 1, verb)
    if any(field.tokens[index].stem == "被" for index in between):
        return True
    if _stem(field, mention.first - 1) == "被":
        return False
    is_refusal = any(span.first in between for span in field.spans.get("rebuff", ()))
    return True if is_refusal else None


def _stem(field: Field, index: int) -> str:
    return field.tokens[index].stem if 0 <= index < len(field.tokens) else ""


def _family(placed: list[Placed], vendor: str) -> str:
    """The first family named in the title, else in the summary; a member line before the family it belongs to."""
    named = sorted(
        (one for one in placed if one.mention.name.vendor == vendor and one.mention.name.family),
        key=lambda one: (one.field, one.mention.first),
    )
    if not named:
        return ""
    first = named[0].mention.name.family
    longer = (one.mention.name.family for one in named if one.mention.name.family.startswith(f"{first}-"))
    return next(longer, first)


OWN_CHANNEL = re.compile(
    r"docs|blog|changelog|forum|community|github|platform|开放平台|newsroom|updates|status|云$", re.IGNORECASE
)


def _from_publisher(read: Read) -> Subject | None:
    """A vendor's own page need not name the vendor."""
    found = names().find(read.publisher)
    own = [one for one in found if one.name.vendor not in names().places or read.publisher.lower() == one.alias]
    if own and (OWN_CHANNEL.search(read.publisher) or len(read.publisher.split()) <= 2) and not own[0].name.is_platform:
        return Subject(own[0].name.vendor, "", f"publisher {read.publisher}", is_known=True)
    return None


def _guessed(read: Read) -> Subject:
    """The capitalized name that opens the title, in kebab-case, when the item speaks of software."""
    if not read.has("devtool") or read.language != "en":
        return Subject()
    run: list[str] = []
    concepts = {span.first for listed in read.title.spans.values() for span in listed}
    for index, token in enumerate(read.title.tokens):
        word = token.surface.removesuffix("'s")
        if not word[:1].isupper() or word.lower() in NOT_A_NAME or index in concepts:
            break
        run.append(word)
    if not run or len(run) > 3 or _stem(read.title, len(run)) in BEFORE_PLACE | {"of", "and", "for"}:
        return Subject()
    name = " ".join(run)
    if name.lower() in read.publisher.lower():
        return Subject()
    return Subject(SLUG.sub("-", name.lower()).strip("-"), "", name)
