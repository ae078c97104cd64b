"""The history of a pledge's status."""

from collections.abc import Sequence

from riskboard.catalog import kinds
from riskboard.catalog.models import Pledge, Ruling


def write_rulings(pledges: Sequence[Pledge]) -> None:
    """The history of each pledge: open when made, then each status it had, the present one last.

    Another status than the last is added, the same one corrects it, and what was ruled for a later day than the
    present status was a mistake and goes.
    """
    stored: dict[int, list[Ruling]] = {pledge.pk: [] for pledge in pledges}
    for ruling in Ruling.objects.filter(pledge__in=stored).order_by("pk"):
        stored[ruling.pledge_id].append(ruling)
    wanted, mistaken = [], []
    for pledge in pledges:
        kept = [ruling for ruling in stored[pledge.pk][1:] if _agrees(ruling, pledge)]
        mistaken += [ruling.pk for ruling in stored[pledge.pk][1:] if ruling not in kept]
        wanted += _matched(pledge, stored[pledge.pk][:1], kept)
    Ruling.objects.filter(pk__in=mistaken).delete()
    Ruling.objects.bulk_update([ruling for ruling in wanted if ruling.pk], ["ruled_on", "reason", "source"])
    Ruling.objects.bulk_create([ruling for ruling in wanted if not ruling.pk])


def _agrees(ruling: Ruling, pledge: Pledge) -> bool:
    """Can ``ruling`` have come before the pledge's present status?"""
    if pledge.status_on is None:
        return False
    return ruling.ruled_on is None or ruling.ruled_on <= pledge.status_on


def _matched(pledge: Pledge, first: Sequence[Ruling], later: Sequence[Ruling]) -> list[Ruling]:
    """The first and the present ruling, each with the primary key of the stored one that it corrects."""
    opening, current = _opening(pledge), _current(pledge)
    if first:
        opening.pk = first[0].pk
    if current is None:
        return [opening]
    if later and later[-1].status == current.status:
        current.pk = later[-1].pk
    return [opening, current]


def _opening(pledge: Pledge) -> Ruling:
    opened = kinds.PledgeStatus.OPEN
    return Ruling(pledge=pledge, status=opened, ruled_on=pledge.made_on, source_id=pledge.source_id)


def _current(pledge: Pledge) -> Ruling | None:
    """None while nobody has ruled since the pledge was made."""
    if pledge.status == kinds.PledgeStatus.OPEN and pledge.status_on in (None, pledge.made_on):
        return None
    return Ruling(
        pledge=pledge,
        status=pledge.status,
        ruled_on=pledge.status_on,
        reason=pledge.status_reason,
        source_id=pledge.status_source_id,
    )
