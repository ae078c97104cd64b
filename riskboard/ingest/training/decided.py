"""What analysts decided on this board, as rows to learn from."""

import re
from collections.abc import Iterator

from riskboard.catalog import kinds
from riskboard.ingest.models import Item, Proposal
from riskboard.ingest.training.rows import Row

# Dismissals also speak of copies, old news and weak sources, which say nothing about relevance.
NOT_RELEVANT = re.compile(
    r"relevan|unrelated|off.?topic|homonym|no event|benchmark|tutorial|review|opinion|round.?up|无关", re.IGNORECASE
)


def decided_rows() -> Iterator[Row]:
    """Accepted signals as they were accepted, and what was dismissed as not relevant. One row an item."""
    learned: set[int] = set()
    for proposal in _decided(Proposal.State.ACCEPTED):
        row = _accepted(proposal)
        if row and _item(proposal).pk not in learned:
            learned.add(_item(proposal).pk)
            yield row
    for proposal in _decided(Proposal.State.DISMISSED):
        item = _item(proposal)
        if item.pk not in learned and NOT_RELEVANT.search(proposal.reason):
            learned.add(item.pk)
            yield _row(item, {}, is_relevant=False)


def _decided(state: str) -> list[Proposal]:
    chosen = Proposal.objects.filter(state=state, table="signals", item__isnull=False, decided_by__isnull=False)
    return list(chosen.select_related("item").order_by("decided_at", "pk"))


def _item(proposal: Proposal) -> Item:
    assert proposal.item is not None
    return proposal.item


def _accepted(proposal: Proposal) -> Row | None:
    fields = proposal.fields
    is_whole = fields.get("kind") in kinds.SignalKind.values and fields.get("direction") in kinds.Direction.values
    return _row(_item(proposal), fields, is_relevant=True) if is_whole and fields.get("vendor") else None


def _row(item: Item, fields: dict[str, str], *, is_relevant: bool) -> Row:
    severity = fields.get("severity", "")
    return Row(
        f"item-{item.pk}",
        item.title,
        item.summary,
        item.publisher,
        item.published_on,
        is_relevant,
        fields.get("vendor", ""),
        fields.get("family", ""),
        fields.get("kind", ""),
        fields.get("direction", ""),
        int(severity) if severity.isdigit() else None,
        "decision",
    )
