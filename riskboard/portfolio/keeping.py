"""What a team keeps of a model that it holds: after a withdrawal, a change of terms, a closed next version.

The rights follow the license that the release came with, and so do those in what was made from it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

from django.db import models
from django.db.models import Subquery

from riskboard.catalog import kinds
from riskboard.catalog.models import License, LicenseChange, Release
from riskboard.catalog.terms import tightened_weights
from riskboard.portfolio.kinds import Mirror, Relation
from riskboard.portfolio.models import Deployment

COPIES = {Mirror.UNVERIFIED, Mirror.VERIFIED}
MADE_FROM_IT = (Relation.FINE_TUNE, Relation.ADAPTER, Relation.QUANTIZATION, Relation.MERGE)


class Keeps(StrEnum):
    YES = "kept"
    AT_RISK = "at risk"
    NO = "lost"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Right:
    """``clause``: which clause or fact says so; blank where nothing does."""

    event: str
    keeps: Keeps
    why: str
    clause: str = ""

    @property
    def tone(self) -> str:
        return {Keeps.YES: "up", Keeps.AT_RISK: "watch", Keeps.NO: "down"}.get(self.keeps, "flat")


@dataclass(frozen=True, slots=True)
class Lasting:
    """Whether the grant of a license outlasts the vendor's will."""

    keeps: Keeps
    why: str
    clause: str


def lasting(license_: License | None) -> Lasting:
    if license_ is None:
        return Lasting(Keeps.UNKNOWN, "no license is on record", "")
    if not license_.is_verified:
        return Lasting(Keeps.UNKNOWN, f"{license_.name} is recalled here, not looked up", "")
    if license_.terminable:
        return Lasting(
            Keeps.AT_RISK, f"{license_.name} lets the vendor end the grant without a breach", "Licensor can end it: yes"
        )
    if not license_.text_read and license_.irrevocable is None:
        return Lasting(Keeps.UNKNOWN, f"the text of {license_.name} was not read here", "")
    if license_.irrevocable:
        return Lasting(Keeps.YES, f"the grant of {license_.name} is irrevocable", "Irrevocable: yes")
    return Lasting(Keeps.UNKNOWN, f"{license_.name} says neither that it lasts nor that the vendor can end it", "")


def rights(deployment: Deployment, release: Release) -> tuple[Right, ...]:
    """What becomes of the right to run it in each of the ways in which a commitment fails."""
    grant = lasting(release.license)
    return (
        _withdrawn(deployment, release, grant),
        _changed_for_new(deployment, release),
        _changed_for_all(release, grant),
        _closed_next(release),
    )


def _withdrawn(deployment: Deployment, release: Release, grant: Lasting) -> Right:
    event = "The weights are withdrawn"
    if release.access == kinds.Access.API_ONLY:
        return Right(event, Keeps.NO, "It is hosted only: there are no weights to keep.", "Access: API only")
    if deployment.mirror == Mirror.NONE:
        return Right(
            event, Keeps.NO, "You hold no copy: there would be nothing left to run on a new machine.", "Copy: none"
        )
    if deployment.mirror not in COPIES:
        return Right(event, Keeps.UNKNOWN, "Unknown: nobody said whether you hold a copy.")
    held = "You hold a copy" if deployment.mirror == Mirror.VERIFIED else "You hold a copy whose hash nobody compared"
    return Right(event, grant.keeps, f"{held}; {grant.why}.", grant.clause)


def _changed_for_new(deployment: Deployment, release: Release) -> Right:
    event = "The license changes for new versions"
    if release.access == kinds.Access.API_ONLY:
        return _service(event)
    if deployment.revision or deployment.mirror in COPIES:
        ground = "Pinned revision" if deployment.revision else "Copy"
        return Right(event, Keeps.YES, "Such a change does not reach the version that you hold.", f"{ground}: yes")
    return Right(
        event,
        Keeps.AT_RISK,
        "It does not reach this version, but no revision is pinned: the next download may be another one.",
        "Pinned revision: none",
    )


def _changed_for_all(release: Release, grant: Lasting) -> Right:
    event = "The license changes for all versions"
    if release.access == kinds.Access.API_ONLY:
        return _service(event)
    if grant.keeps is Keeps.YES:
        return Right(event, Keeps.YES, f"What you took stays: {grant.why}.", grant.clause)
    return Right(event, grant.keeps, f"{grant.why[:1].upper()}{grant.why[1:]}.", grant.clause)


def _closed_next(release: Release) -> Right:
    event = "The next version is closed"
    if release.access == kinds.Access.API_ONLY:
        return _service(event)
    return Right(
        event,
        Keeps.YES,
        "Nothing that is out is taken back by it. Fixes end: who makes them then is unknown.",
        "Closing what comes next changes no license",
    )


def _service(event: str) -> Right:
    return Right(
        event, Keeps.UNKNOWN, "Unknown: it is hosted only, and the terms of the service were not read for this."
    )


def shipped(deployment: Deployment, release: Release) -> tuple[Right, ...]:
    """What was made from it and is already out: it follows the lineage, not the name under which it runs."""
    return (_derived(deployment, release), _outputs(release))


def _derived(deployment: Deployment, release: Release) -> Right:
    relation, grant = Relation(deployment.relation), lasting(release.license)
    if relation is Relation.DISTILLATION:
        made = _outputs(release)
        return Right("This model, distilled from it", made.keeps, f"It was trained on outputs. {made.why}", made.clause)
    name = f"This {relation.value.replace('_', '-')}" if relation in MADE_FROM_IT else "Fine-tunes and quantizations"
    why = f"Rights in them follow the license of {release.name}: {grant.why}."
    if relation in MADE_FROM_IT:
        why = f"It stands on {release.name}, and its rights follow that license: {grant.why}."
    return Right(name, grant.keeps, why, grant.clause)


def _outputs(release: Release) -> Right:
    event, license_ = "Outputs already made", release.license
    limited = license_.output_training_restriction if license_ and license_.is_verified else None
    if license_ is None or limited is None:
        return Right(event, Keeps.UNKNOWN, "Unknown: nobody recorded what the license says about outputs.")
    clause = f"Limits on training with its output: {'yes' if limited else 'no'}"
    if limited:
        return Right(event, Keeps.AT_RISK, f"{license_.name} limits training other models on them.", clause)
    return Right(event, Keeps.YES, f"{license_.name} does not limit training on them.", clause)


@dataclass(frozen=True, slots=True)
class KnownText:
    """The license text of a revision on record, by its hash."""

    commit_sha: str
    license_text_sha256: str


@dataclass(frozen=True, slots=True)
class TextCheck:
    """The license text that came with the download against the texts on record. ``same`` None: nothing to compare."""

    same: bool | None
    sentence: str
    sha256: str = ""
    known: KnownText | None = None


def text_check(deployment: Deployment, texts: Iterable[KnownText]) -> TextCheck:
    """``texts``: of its release, the newest first. By hash: any difference but in the ends of lines counts."""
    if not deployment.license_text.strip():
        return TextCheck(None, "Unknown: the license text that came with the download was not kept.")
    hashes = _hashes(deployment.license_text)
    known = list(texts)
    pinned = [row for row in known if deployment.revision and row.commit_sha.startswith(deployment.revision)]
    if not known:
        return TextCheck(None, "Unknown: no license text of this release is on record to compare with.", hashes[0])
    match = next((row for row in pinned or known if row.license_text_sha256 in hashes), None)
    if match:
        which = "your pinned revision" if pinned else "a revision on record"
        return TextCheck(True, f"The same as the text of {which}.", hashes[0], match)
    different = len({row.license_text_sha256 for row in known})
    which = "the text of your pinned revision" if pinned else f"each of the {different} texts on record"
    if not pinned and different == 1:
        which = "the one text on record"
    return TextCheck(False, f"Differs from {which}: have a person compare the two.", hashes[0], (pinned or known)[0])


def _hashes(text: str) -> list[str]:
    """Of the text as it may have stood in a file: forms turn the ends of lines round and cut the last one."""
    plain = text.replace("\r\n", "\n")
    variants = dict.fromkeys((text, plain, plain.rstrip("\n"), plain.rstrip("\n") + "\n"))
    return [sha256(each.encode()).hexdigest() for each in variants]


@dataclass(frozen=True, slots=True)
class Count:
    k: int
    n: int


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to releases on record up to a day, which a copy does or does not help against."""

    withdrawn: Count  # of the releases that ever had weights
    for_new: Count  # of the tightenings of weights
    for_all: Count


def texts_and_withdrawals(release: Release, day: date) -> tuple[list[KnownText], Count]:
    """The license texts of its revisions, the newest first, and how many releases were withdrawn. One query."""
    had_weights = (
        Release.objects.exclude(access=kinds.Access.API_ONLY)
        .filter(released_on__lte=day, source__is_recalled=False)
        .order_by()
        .values("source__is_recalled")
        .annotate(number=models.Count("pk"))
        .values("number")
    )
    rows = (
        Release.objects.filter(pk=release.pk)
        .annotate(had=Subquery(had_weights), gone=Subquery(had_weights.filter(withdrawn_on__lte=day)))
        .order_by("-revisions__captured_on", "-revisions__pk")
        .values_list("revisions__commit_sha", "revisions__license_text_sha256", "gone", "had")
    )
    found = list(rows)
    texts = [KnownText(commit, sha) for commit, sha, _, _ in found if sha]
    return texts, Count(found[0][2] or 0, found[0][3] or 0) if found else Count(0, 0)


def happened(withdrawn: Count, changes: Iterable[LicenseChange], day: date) -> Happened:
    """Verified rows only, as known on the day."""
    tighter = tightened_weights(changes, day)
    for_all = sum(row.applies_to == kinds.AppliesTo.ALL_VERSIONS for row in tighter)
    return Happened(
        withdrawn=withdrawn,
        for_new=Count(len(tighter) - for_all, len(tighter)),
        for_all=Count(for_all, len(tighter)),
    )
