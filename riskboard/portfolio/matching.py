"""Which release a name in a file means: by the hub repository it names, else by the base that the file states."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models.functions import Lower

from riskboard.catalog.models import Release, Revision
from riskboard.portfolio.kinds import Matched, Relation, Scheme
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
    """One for each, in their order. Two queries, however many there are."""
    found = _published({name.lower() for each in mentions for name in (each.reference, each.base) if name})
    return [_match(mention, found) for mention in mentions]


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
