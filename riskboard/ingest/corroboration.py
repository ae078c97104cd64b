"""Reports of one happening: which belong together, and how many of them are independent of each other."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TypedDict

from django.contrib.auth.models import AbstractBaseUser

from riskboard.audit.services import record as note
from riskboard.catalog.services import writing
from riskboard.ingest.models import Item, Story
from riskboard.ingest.reading.stories import COPY, WINDOW_DAYS, Report, gist, same_story, shared

WINDOW = timedelta(days=WINDOW_DAYS)
MOST_CANDIDATES = 2000
MOST_OF = 0.5  # of the reports of a story


class Moved(TypedDict):
    """An item that went from one story to another, so that it can go back."""

    item: int
    story: int | None


def join(item: Item | None, target: Item | None) -> list[Moved]:
    """All reports of the story of ``item`` join that of ``target``; what moved."""
    if item is None or target is None or item.story_id == target.story_id:
        return []
    if target.story_id is None:
        target.story = begin_story(target)
        target.save(update_fields=["story"])
    together = Item.objects.filter(story=item.story_id) if item.story_id else Item.objects.filter(pk=item.pk)
    moved: list[Moved] = [{"item": pk, "story": story} for pk, story in together.values_list("pk", "story")]
    Item.objects.filter(pk__in=[each["item"] for each in moved]).update(story=target.story_id)
    return moved


def part(moved: Iterable[Moved]) -> None:
    """Everything goes back to where it came from."""
    for each in moved:
        Item.objects.filter(pk=each["item"]).update(story=each["story"])


def place(items: Sequence[Item]) -> None:
    """Gives each item the story that it reports: one that is known from the days around, or one of its own."""
    if not items:
        return
    known = _recent(items)
    for item in items:
        item.story = _story_of(item, known) or begin_story(item)
        known.setdefault(item.story.pk, []).append(item)
    Item.objects.bulk_update(items, ["story"])


def _recent(items: Sequence[Item]) -> dict[int, list[Item]]:
    """Reports of the days around, by story."""
    first = min(_day(item) for item in items) - 2 * WINDOW
    last = max(item.seen_at.date() for item in items)
    around = Item.objects.filter(story__isnull=False, seen_at__date__range=(first, last)).select_related("story")
    known: dict[int, list[Item]] = {}
    for item in around.order_by("-seen_at", "-pk")[:MOST_CANDIDATES]:
        if item.story_id is not None:
            known.setdefault(item.story_id, []).append(item)
    return known


def _story_of(item: Item, known: dict[int, list[Item]]) -> Story | None:
    """The one most of whose reports tell the same."""
    shares = {story: _share(item, reports) for story, reports in known.items()}
    best = max(shares, key=lambda story: (shares[story], -story), default=None)
    return known[best][0].story if best is not None and shares[best] >= MOST_OF else None


def _share(item: Item, reports: Sequence[Item]) -> float:
    same = [_is_near(item, other) and same_story(report_of(item), report_of(other)) for other in reports]
    return sum(same) / len(same)


def _is_near(item: Item, other: Item) -> bool:
    return abs(_day(item) - _day(other)) <= WINDOW


def _day(item: Item) -> date:
    return item.published_on or item.seen_at.date()


def report_of(item: Item) -> Report:
    label: dict[str, str] = item.label
    return Report(
        str(item.pk),
        item.title,
        item.summary,
        item.url,
        item.published_on,
        vendor=label.get("vendor", ""),
        family=label.get("family", ""),
        kind=label.get("kind", ""),
        direction=label.get("direction", ""),
    )


def origins(reports: Iterable[Item]) -> int:
    """How many reports are independent: copies of one text, and reports of one publisher, count once."""
    counted: list[list[Item]] = []
    for item in reports:
        same = [group for group in counted if any(_is_one_origin(item, other) for other in group)]
        counted = [group for group in counted if group not in same] + [
            [item, *(each for group in same for each in group)]
        ]
    return len(counted)


def _is_one_origin(item: Item, other: Item) -> bool:
    if item.publisher and item.publisher.casefold() == other.publisher.casefold():
        return True
    one, another = gist(report_of(item)), gist(report_of(other))
    return (bool(one.url) and one.url == another.url) or shared(one.shingles, another.shingles) >= COPY


def begin_story(item: Item) -> Story:
    return Story.objects.create(title=item.title, first_published_on=item.published_on)


def split(item: Item, *, by: AbstractBaseUser, now: datetime) -> Story:
    """The item reports something else than its story: it begins one of its own. ``rejoin`` takes it back."""
    with writing():
        former = item.story_id
        item.story = begin_story(item)
        item.save(update_fields=["story"])
        note(
            actor=by,
            action="split",
            subject=f"item:{item.pk}",
            at=now,
            before={"story": former},
            after={"story": item.story.pk},
        )
    return item.story


def rejoin(item: Item, story: Story, *, by: AbstractBaseUser, now: datetime) -> None:
    with writing():
        former = item.story_id
        item.story = story
        item.save(update_fields=["story"])
        note(
            actor=by,
            action="joined",
            subject=f"item:{item.pk}",
            at=now,
            before={"story": former},
            after={"story": story.pk},
        )
