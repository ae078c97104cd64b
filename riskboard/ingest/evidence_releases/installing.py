"""Brings the evidence here to what a release holds. What was edited or deleted here stays, and is listed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from riskboard.audit.services import record as note
from riskboard.catalog import cells
from riskboard.catalog.loading import LoadReport, load_evidence
from riskboard.catalog.services import writing
from riskboard.catalog.writing import Count, Difference
from riskboard.ingest.evidence_releases.archive import Opened
from riskboard.ingest.evidence_releases.manifest import Manifest, ReleaseFault
from riskboard.ingest.evidence_releases.models import EvidenceRelease, ReleaseDifference


class OlderRelease(ReleaseFault):
    """What is installed here is newer."""


@dataclass(frozen=True, slots=True)
class Installed:
    release: EvidenceRelease
    report: LoadReport


def last_release() -> EvidenceRelease | None:
    return EvidenceRelease.objects.order_by("-pk").first()


def is_installed(opened: Opened) -> bool:
    """Is it the very one that was installed last?"""
    last = last_release()
    return last is not None and (last.serial, last.sha256) == (opened.manifest.serial, opened.sha256)


def refuse_older(manifest: Manifest) -> None:
    """Raises OlderRelease: somebody who hands out an old release must not take corrections back in silence."""
    last = last_release()
    if last is not None and manifest.serial <= last.serial:
        word = "as old as" if manifest.serial == last.serial else "older than"
        raise OlderRelease("", f"Release {manifest.serial} is {word} release {last.serial}, which is installed here.")


def preview(opened: Opened, *, now: datetime) -> LoadReport:
    """What installing would change; nothing has changed. Raises EvidenceError as loading does."""
    with writing():
        report = load_evidence(opened.folder, now=now, prune_left=True)
        transaction.set_rollback(True)
    return report


def install(
    opened: Opened, *, origin: str, now: datetime, by: AbstractBaseUser | None = None, allow_older: bool = False
) -> Installed:
    """All of it or nothing, with its entry in the public log. Raises OlderRelease, EvidenceError."""
    with writing():
        if not allow_older:
            refuse_older(opened.manifest)
        report = load_evidence(opened.folder, now=now, prune_left=True)
        release = _record(opened, report, origin=origin, now=now, by=by)
        _list_differences(release, report.differences)
        _note(release, report, by)
    return Installed(release, report)


def _record(
    opened: Opened, report: LoadReport, *, origin: str, now: datetime, by: AbstractBaseUser | None
) -> EvidenceRelease:
    manifest = opened.manifest
    return EvidenceRelease.objects.create(
        serial=manifest.serial,
        created_at=manifest.created_at,
        newest_on=manifest.newest_on,
        evidence_version=manifest.evidence_version,
        board_version=manifest.board_version,
        sha256=opened.sha256,
        key_id=manifest.key_id,
        origin=origin[:500],
        installed_at=now,
        installed_by_id=by.pk if by else None,
        counts={name: _counted(count) for name, count in report.tables.items()},
    )


def _counted(count: Count) -> dict[str, int]:
    return {
        "added": count.added,
        "changed": count.changed,
        "removed": count.pruned,
        "unchanged": count.unchanged,
        "kept local": count.kept_local,
        "deleted here": count.deleted_here,
    }


def _note(release: EvidenceRelease, report: LoadReport, by: AbstractBaseUser | None) -> None:
    counts = report.tables.values()
    note(
        actor=by,
        action="installed",
        subject=f"evidence-release:{release.serial}",
        at=release.installed_at,
        after={
            "made": release.created_at.isoformat(),
            "signed_by_key": release.key_id,
            "sha256": release.sha256,
            "rows_added": sum(count.added for count in counts),
            "rows_changed": sum(count.changed for count in counts),
            "rows_removed": sum(count.pruned for count in counts),
            "rows_kept_as_they_are_here": len({(one.table, one.key) for one in report.differences}),
        },
        reason="A signed evidence release was installed.",
        is_public=True,
    )


# Differences --------------------------------------------------------------------------------------


def _list_differences(release: EvidenceRelease, differences: Iterable[Difference]) -> None:
    """What was decided about the same offer of an earlier release is not asked again."""
    kept = {_offer(one): one for one in ReleaseDifference.objects.filter(state=ReleaseDifference.State.KEPT)}
    listed = _by_row(release, differences)
    for one in listed:
        earlier = kept.get(_offer(one))
        if earlier is not None:
            one.state, one.decided_at, one.decided_by = earlier.state, earlier.decided_at, earlier.decided_by
    ReleaseDifference.objects.bulk_create(listed)


def _by_row(release: EvidenceRelease, differences: Iterable[Difference]) -> list[ReleaseDifference]:
    rows: dict[tuple[str, str], list[Difference]] = defaultdict(list)
    for difference in differences:
        rows[difference.table, difference.key].append(difference)
    return [_row(release, table, key, found) for (table, key), found in rows.items()]


def _row(release: EvidenceRelease, table: str, key: str, found: list[Difference]) -> ReleaseDifference:
    columns = {one.column: [cells.unguard(one.here), cells.unguard(one.offered)] for one in found if one.column}
    what = next((one.here for one in found if not one.column), "")
    return ReleaseDifference(release=release, table=table, key=key, columns=columns, what=what)


def _offer(one: ReleaseDifference) -> tuple[object, ...]:
    return one.table, one.key, one.what, tuple(sorted((name, offered) for name, (_, offered) in one.columns.items()))
