"""From what was seen to what is proposed: one proposal a story, one an observed change of state."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError

from riskboard.catalog import kinds
from riskboard.catalog.models import Family, Signal, Vendor
from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.classify import Label
from riskboard.ingest.corroboration import origins, place
from riskboard.ingest.decisions import become
from riskboard.ingest.drafts import Draft
from riskboard.ingest.holding import claim, point
from riskboard.ingest.models import Feed, Item, Proposal
from riskboard.ingest.sources.drafting import row_key

SURE_ENOUGH = 0.5
OBSERVED = " (observed by this board)"
TITLE_LENGTH = 300
WORD_LENGTH = 300


def propose(items: Sequence[Item], labels: Mapping[str, Label]) -> list[Proposal]:
    """New proposals of what is relevant and about a vendor we know; ``labels`` by identity of the item.

    A further report of a story that is proposed already strengthens that proposal.
    """
    vendors = {vendor.slug: vendor for vendor in Vendor.objects.all()}
    relevant = [item for item in items if _is_for_us(labels[item.identity], vendors)]
    place(relevant)
    return [made for item in relevant if (made := _propose(item, labels[item.identity])) is not None]


def _is_for_us(label: Label, vendors: Mapping[str, Vendor]) -> bool:
    return label.relevant and label.vendor in vendors


def _propose(item: Item, label: Label) -> Proposal | None:
    waiting, is_new = Proposal.objects.get_or_create(
        key=f"story:{item.story_id}",
        defaults={
            "item": item,
            "feed": item.feed,
            "table": "signals",
            "fields": signal_fields(item, label),
            "words": [word[:WORD_LENGTH] for word in label.words],
            "snapshots": [item.snapshot.sha256] if item.snapshot else [],
            "confidence": label.confidence,
        },
    )
    if not is_new:
        corroborate(waiting)
        return None
    point(waiting)
    waiting.save(update_fields=["vendor", "family"])
    return waiting


def signal_fields(item: Item, label: Label) -> dict[str, str]:
    """As an analyst gets them to look through. What the item does not say stays blank."""
    on = item.published_on.isoformat() if item.published_on else ""
    is_exact = item.date_precision == kinds.Precision.DAY
    family = Family.objects.filter(slug=label.family, line__vendor__slug=label.vendor).first()
    return {
        "id": _free_key(row_key(label.vendor, on.replace("-", "") or "undated", label.kind), item),
        "event_id": "",
        "vendor": label.vendor,
        "family": family.slug if family else "",
        "kind": label.kind,
        "occurred_on": on,
        "date_precision": item.date_precision,
        "published_on": on if is_exact else "",
        "direction": label.direction,
        "severity": "" if label.severity is None else str(label.severity),
        "summary": item.title,
        "source_url": item.url if len(item.url) <= 500 else "",
        "source_title": item.title[:TITLE_LENGTH],
        "publisher": item.publisher,
        "source_reliability": item.feed.reliability,
        "info_credibility": kinds.Credibility.POSSIBLY_TRUE.value,
        "confidence": (kinds.Confidence.MEDIUM if label.confidence >= SURE_ENOUGH else kinds.Confidence.LOW).value,
    }


def _free_key(key: str, item: Item) -> str:
    is_taken = Signal.objects.filter(key=key).exists() or Proposal.objects.filter(fields__id=key).exists()
    return row_key(key, str(item.pk)) if is_taken else key


def corroborate(waiting: Proposal) -> None:
    """What independent origins report is probably true. What a person wrote, or decided, stays."""
    if waiting.item is None or waiting.item.story_id is None or waiting.state != Proposal.State.WAITING:
        return
    former = kinds.Credibility.POSSIBLY_TRUE.value
    if waiting.fields.get("info_credibility") != former:
        return
    if origins(Item.objects.filter(story=waiting.item.story_id)) > 1:
        fields = {**waiting.fields, "info_credibility": kinds.Credibility.PROBABLY_TRUE.value}
        mine = Proposal.objects.filter(pk=waiting.pk, version=waiting.version, state=Proposal.State.WAITING)
        mine.update(fields=fields)


# Observed changes ---------------------------------------------------------------------------------


def adopt(drafts: Sequence[Draft], feed: Feed, now: datetime) -> list[Proposal]:
    """New proposals; what a machine verified is recorded at once, if nothing is missing and nothing is overwritten."""
    return [made for draft in drafts if (made := _adopt(draft, feed, now)) is not None]


def _adopt(draft: Draft, feed: Feed, now: datetime) -> Proposal | None:
    made, is_new = Proposal.objects.get_or_create(
        key=draft.key[:200],
        defaults={
            "feed": feed,
            "table": draft.table,
            "fields": draft.fields,
            "words": [word[:WORD_LENGTH] for word in draft.observed],
            "snapshots": list(draft.snapshots),
            "is_machine_verified": draft.is_machine_verified,
        },
    )
    if not is_new:
        return None
    point(made)
    made.save(update_fields=["vendor", "family"])
    return _accept_by_machine(made, now) if draft.is_machine_verified else made


def _accept_by_machine(made: Proposal, now: datetime) -> Proposal:
    try:
        return _record_by_machine(made, now)
    except ValidationError as error:
        missing = "; ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
        made.words = [*made.words, f"not recorded by itself: {missing}"[:WORD_LENGTH]]
        made.save(update_fields=["words"])
        return made


def _record_by_machine(made: Proposal, now: datetime) -> Proposal:
    if rows.stored(made.table, made.fields) is not None:
        raise ValidationError({"row": "A row of this key is here: a person has to compare them."})
    with writing():
        current, before = claim(made, made.version)
        current.fields = {**current.fields, "source_title": _marked(current.fields.get("source_title", ""))}
        observed = f"Observed by this board: {'; '.join(current.words)}"
        return become(current, before, by=None, now=now, reason=observed[:500], said={"verified": "by machine"})


def _marked(title: str) -> str:
    return title if title.endswith(OBSERVED) else title[: TITLE_LENGTH - len(OBSERVED)] + OBSERVED
