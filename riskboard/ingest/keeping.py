"""What a look brought home, into the database: answers as evidence, things seen once each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from riskboard.ingest.classify import Label
from riskboard.ingest.drafts import Capture, Catch, Seen
from riskboard.ingest.models import Feed, Item, Run, Snapshot

MOST_EARLIER = 20  # revisions of one item that are kept
BATCH = 500
IDLE_LOOKS_KEPT = timedelta(days=180)
# What PostgreSQL would refuse: one long headline must not stop its feed for good.
TITLE_LENGTH, PUBLISHER_LENGTH, LANGUAGE_LENGTH = 500, 80, 10


@dataclass(frozen=True, slots=True)
class Sorted:
    """The things seen that are new to a feed, and those that say something else than before."""

    new: tuple[Seen, ...]
    edited: tuple[tuple[Item, Seen], ...]


def sort(feed: Feed, seen: Iterable[Seen]) -> Sorted:
    by_identity = {each.identity: each for each in seen}
    known = {
        item.identity: item
        for item in Item.objects.filter(feed=feed, identity__in=by_identity).iterator(chunk_size=BATCH)
    }
    return Sorted(
        new=tuple(each for identity, each in by_identity.items() if identity not in known),
        edited=tuple(
            (item, by_identity[identity])
            for identity, item in known.items()
            if (item.title, item.summary) != (by_identity[identity].title[:TITLE_LENGTH], by_identity[identity].summary)
        ),
    )


def keep_answers(catch: Catch, fresh: Sorted) -> dict[str, Snapshot]:
    """Snapshots by hash: of license texts, and of what something new rests on. Not twice: an answer kept before."""
    rests = {each.snapshot for each in (*fresh.new, *(seen for _, seen in fresh.edited))} | _drafted(catch)
    wanted = [capture for capture in catch.captures if capture.sha256 in rests or capture.cleaned]
    hashes = [capture.sha256 for capture in wanted]
    kept = {(row.url, row.sha256): row for row in Snapshot.objects.filter(sha256__in=hashes).defer("body", "cleaned")}
    new = [_snapshot(capture) for capture in wanted if (capture.url[:1000], capture.sha256) not in kept]
    Snapshot.objects.bulk_create(new, batch_size=20)
    return {row.sha256: row for row in (*kept.values(), *new)}


def _drafted(catch: Catch) -> set[str]:
    return {digest for draft in catch.drafts for digest in draft.snapshots}


def _snapshot(capture: Capture) -> Snapshot:
    return Snapshot(
        url=capture.url[:1000],
        fetched_at=capture.fetched_at,
        status=capture.status,
        headers=dict(capture.headers),
        sha256=capture.sha256,
        body=capture.body,
        cleaned=capture.cleaned,
    )


def keep_new(
    feed: Feed, new: Sequence[Seen], labels: Mapping[str, Label], snapshots: Mapping[str, Snapshot], now: datetime
) -> list[Item]:
    items = [
        Item(
            feed=feed,
            identity=each.identity,
            url=each.url,
            title=each.title[:TITLE_LENGTH],
            summary=each.summary,
            publisher=each.publisher[:PUBLISHER_LENGTH],
            language=each.language[:LANGUAGE_LENGTH],
            published_on=each.published_on,
            date_precision=each.date_precision,
            seen_at=now,
            snapshot=snapshots.get(each.snapshot),
            label=asdict(labels[each.identity]),
        )
        for each in new
    ]
    return Item.objects.bulk_create(items, batch_size=BATCH)


def keep_edited(edited: Sequence[tuple[Item, Seen]], snapshots: dict[str, Snapshot], now: datetime) -> None:
    """An edited item stays one item: what it said before is kept beside it."""
    for item, seen in edited:
        former = {"revision": item.revision, "title": item.title, "summary": item.summary, "until": now.isoformat()}
        item.earlier = [*item.earlier, former][-MOST_EARLIER:]
        item.revision += 1
        item.title, item.summary = seen.title[:TITLE_LENGTH], seen.summary
        item.snapshot = snapshots.get(seen.snapshot, item.snapshot)
    Item.objects.bulk_update(
        [item for item, _ in edited], ["earlier", "revision", "title", "summary", "snapshot"], batch_size=BATCH
    )


def forget_idle_looks(now: datetime) -> int:
    """Looks of long ago that brought nothing: there are a thousand a day, and nobody asks about them any more."""
    forgotten, _ = Run.objects.filter(started_at__lt=now - IDLE_LOOKS_KEPT, new=0).delete()
    return forgotten
