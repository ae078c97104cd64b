"""Who hosts a repository's weights, at what price and until when, as the feeds saw it last."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from riskboard.ingest.models import Feed

PER_MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Price:
    """Per million tokens; None: unknown."""

    since: date
    prompt: Decimal | None
    completion: Decimal | None


@dataclass(frozen=True, slots=True)
class Offer:
    """``prices`` oldest first; one alone is no history: whether it moves is not tracked yet."""

    host: str
    via: str  # where it was seen
    status: str  # as that place says it; "" if it does not
    prices: tuple[Price, ...]
    ends_on: date | None  # announced
    ended_on: date | None  # seen
    seen_at: datetime | None

    @property
    def is_tracked(self) -> bool:
        return len(self.prices) > 1


def offers(repository: str) -> list[Offer]:
    """Of one hub repository, whatever case it is written in; by host."""
    found: list[Offer] = []
    for feed in Feed.objects.filter(connector__in=("openrouter", "hugging_face")).order_by("slug"):
        read = _at_openrouter if feed.connector == "openrouter" else _at_the_hub
        found += read(feed, repository.lower())
    return sorted(found, key=lambda offer: (offer.host.lower(), offer.via))


def _at_openrouter(feed: Feed, repository: str) -> list[Offer]:
    models = [
        state for state in feed.cursor.get("models", {}).values() if state.get("repository", "").lower() == repository
    ]
    return [_offer(host, name, model) for model in models for name, host in model["hosts"].items()]


def _offer(host: dict[str, Any], name: str, model: dict[str, Any]) -> Offer:
    return Offer(
        host=name,
        via="OpenRouter",
        status=host["status"],
        prices=tuple(
            Price(date.fromisoformat(on), _scaled(prompt), _scaled(done)) for on, prompt, done in host["prices"]
        ),
        ends_on=_day(host["ends_on"] or model["ends_on"]),
        ended_on=_day(host["ended_on"]),
        seen_at=datetime.fromisoformat(host["seen_at"]),
    )


def _at_the_hub(feed: Feed, repository: str) -> list[Offer]:
    looked_at = feed.cursor.get("looked_at")
    states = [
        state
        for name, state in feed.cursor.get("repositories", {}).items()
        if name.lower() == repository and not state["gone"]
    ]
    return [
        Offer(host, "Hugging Face", status, (), None, None, datetime.fromisoformat(looked_at) if looked_at else None)
        for state in states
        for host, status in state["hosts"].items()
    ]


def _scaled(price: str | None) -> Decimal | None:
    return None if price is None else Decimal(price) * PER_MILLION


def _day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None
