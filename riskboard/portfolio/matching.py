"""Which release a name in a file means: by the hub repository it names, else by the base that the file states,
else, as a guess, by a name that differs only in how the weights are packed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Lower

from riskboard.catalog.models import Release, Revision
from riskboard.portfolio.kinds import Matched, Relation, Scheme
from riskboard.portfolio.likeness import Likeness, likeness, says_no_size
from riskboard.portfolio.reading import Mention


@dataclass(frozen=True, slots=True)
class Match:
    """``release`` None: not matched; ``candidates`` are then what it may be."""

    release: Release | None
    relation: Relation
    matched: Matched
    why: str
    candidates: tuple[Release, ...] = ()


def match(mention: Mention) -> Match:
    return matches([mention])[0]


def matches(mentions: Sequence[Mention]) -> list[Match]:
    """One for each, in their order. Four queries at most, however many there are."""
    found = _published({name.lower() for each in mentions for name in (each.reference, each.base) if name})
    sure = [_match(mention, found) for mention in mentions]
    open_ones = [mention for mention, known in zip(mentions, sure, strict=True) if not _is_settled(known)]
    alike = _alike(open_ones) if open_ones else {}
    return [
        known if _is_settled(known) else _guess(mention, alike) or known
        for mention, known in zip(mentions, sure, strict=True)
    ]


def _is_settled(known: Match) -> bool:
    return known.release is not None or bool(known.candidates)


def _published(names: set[str]) -> dict[str, tuple[Release, ...]]:
    """The releases of each hub repository, in lower case."""
    found: dict[str, dict[int, Release]] = defaultdict(dict)
    rows = Release.objects.select_related("family").annotate(repository=Lower("hf_repo"))
    for release in rows.filter(repository__in=names):
        found[release.hf_repo.lower()][release.pk] = release
    seen = Revision.objects.select_related("release__family").annotate(named=Lower("repository"))
    for revision in seen.filter(named__in=names):
        found[revision.repository.lower()][revision.release_id] = revision.release
    return {name: tuple(releases.values()) for name, releases in found.items()}


def _match(mention: Mention, found: dict[str, tuple[Release, ...]]) -> Match:
    named = found.get(mention.reference.lower(), ()) if mention.scheme == Scheme.HUGGING_FACE else ()
    if len(named) == 1:
        return Match(named[0], Relation.SAME, Matched.EXACT, f"published as {mention.reference}")
    stands_on = found.get(mention.base.lower(), ()) if mention.base else ()
    if len(stands_on) == 1:
        relation = Relation.FINE_TUNE if mention.relation == Relation.SAME else mention.relation
        return Match(stands_on[0], relation, Matched.LINEAGE, f"the file says that it stands on {mention.base}")
    return Match(None, mention.relation, Matched.NONE, _why(named or stands_on), tuple(named or stands_on))


def _why(candidates: Iterable[Release]) -> str:
    names = ", ".join(release.name for release in candidates)
    return f"several releases are published there: {names}" if names else "no release here is published by this name"


# Guesses ------------------------------------------------------------------------------------------


def _alike(mentions: Iterable[Mention]) -> dict[str, tuple[Release, ...]]:
    """The releases whose hub repository goes by a name like one of these, by that name."""
    wanted = {key for mention in mentions for like in _likenesses(mention) for key in (like.key, like.loose) if key}
    named = Release.objects.exclude(hf_repo="").values_list("pk", "hf_repo").order_by("pk")
    keys = [(pk, likeness(repository).key) for pk, repository in named]
    keys = [(pk, key) for pk, key in keys if key in wanted]
    releases = Release.objects.select_related("family").in_bulk([pk for pk, _ in keys])
    found: dict[str, list[Release]] = defaultdict(list)
    for pk, key in keys:
        found[key].append(releases[pk])
    return {key: tuple(rows) for key, rows in found.items()}


def _likenesses(mention: Mention) -> list[Likeness]:
    """A repository of code names no weights, so that only what it is said to stand on counts."""
    named = [] if mention.scheme == Scheme.GITHUB else [mention.reference]
    return [likeness(name) for name in (*named, mention.base) if name]


def _guess(mention: Mention, alike: dict[str, tuple[Release, ...]]) -> Match | None:
    for like in _likenesses(mention):
        for key in filter(None, (like.key, like.loose)):
            if key in alike:
                return _guessed(mention, like, alike[key], is_tuned=key == like.loose)
    return None


def _guessed(mention: Mention, like: Likeness, found: tuple[Release, ...], *, is_tuned: bool) -> Match:
    relation = _relation(mention, like, is_tuned=is_tuned)
    if len(found) > 1:
        names = ", ".join(release.hf_repo for release in found)
        return Match(None, relation, Matched.NONE, f"the name fits several: {names}", found)
    repository = found[0].hf_repo
    if says_no_size(mention.reference, mention.scheme):
        why = f"without a tag the size is not known; it may be {repository}"
        return Match(None, relation, Matched.NONE, why, found)
    why = f"named like {repository}"
    if is_tuned:
        why += ", as a tuned variant of it"
    if like.is_packed:
        why += ", with an ending that says quantized"
    return Match(found[0], relation, Matched.GUESS, why)


def _relation(mention: Mention, like: Likeness, *, is_tuned: bool) -> Relation:
    if mention.relation != Relation.SAME:
        return mention.relation
    if like.is_packed:
        return Relation.QUANTIZATION
    return Relation.FINE_TUNE if is_tuned or like != likeness(mention.reference) else Relation.SAME
