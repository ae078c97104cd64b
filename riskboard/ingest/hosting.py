"""Who hosts a repository's weights, at what price and until when: what looks bring home of it, and what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal

from riskboard.ingest.drafts import SeenOffer
from riskboard.ingest.models import Feed, HostedOffer, HostedPrice

PER_MILLION = 10**6
BATCH = 500
DEAREST = Decimal(10**6)  # per token: what costs more is no price
DIGITS = Context(prec=12)
PLACES = Decimal(1).scaleb(-18)  # of the columns
VIA = {"openrouter": "OpenRouter", "hugging_face": "Hugging Face"}
Prices = tuple[Decimal | None, Decimal | None]
UNKNOWN: Prices = (None, None)


# What looks bring home ----------------------------------------------------------------------------


def keep_offers(feed: Feed, seen: Sequence[SeenOffer], now: datetime) -> None:
    """Each offer once, with every price that it had. In batches."""
    if not seen:
        return
    known = {(row.listing, row.host): row for row in HostedOffer.objects.filter(feed=feed)}
    by_key = {
        (each.listing, each.host): each for each in seen if not each.is_over or (each.listing, each.host) in known
    }
    new = [_offer(feed, each, now) for key, each in by_key.items() if key not in known]
    changed = [known[key] for key, each in by_key.items() if key in known and _learn(known[key], each)]
    HostedOffer.objects.bulk_create(new, batch_size=BATCH)
    HostedOffer.objects.bulk_update(changed, ["repository", "status", "ends_on", "ended_on"], batch_size=BATCH)
    offered = {key: each for key, each in by_key.items() if not each.is_over}
    again = [known[key].pk for key in offered if key in known]
    for start in range(0, len(again), BATCH):
        HostedOffer.objects.filter(pk__in=again[start : start + BATCH]).update(seen_at=now)
    rows = known | {(row.listing, row.host): row for row in new}
    _keep_prices(feed, [(rows[key], _prices(each)) for key, each in offered.items()], now)


def _offer(feed: Feed, seen: SeenOffer, now: datetime) -> HostedOffer:
    row = HostedOffer(feed=feed, listing=seen.listing, host=seen.host, since_at=now, seen_at=now)
    _learn(row, seen)
    return row


def _learn(row: HostedOffer, seen: SeenOffer) -> bool:
    """Takes over what was seen; is anything of it new? An end seen before stays the day it was."""
    before = (row.repository, row.status, row.ends_on, row.ended_on)
    row.repository = seen.repository.lower()
    if seen.is_over:
        row.ended_on = row.ended_on or seen.ended_on
    else:
        row.status, row.ends_on, row.ended_on = seen.status, seen.ends_on, None
    return before != (row.repository, row.status, row.ends_on, row.ended_on)


def _keep_prices(feed: Feed, priced: Iterable[tuple[HostedOffer, Prices]], now: datetime) -> None:
    """A price joins the history when it differs from the last one; an unknown one begins none."""
    history = HostedPrice.objects.filter(offer__feed=feed).order_by("since_at")
    last = {offer: (prompt, done) for offer, prompt, done in history.values_list("offer", "prompt", "completion")}
    rows = [
        HostedPrice(offer=offer, since_at=now, prompt=prices[0], completion=prices[1])
        for offer, prices in priced
        if prices != last.get(offer.pk, UNKNOWN)
    ]
    HostedPrice.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _prices(seen: SeenOffer) -> Prices:
    return _storable(seen.prompt), _storable(seen.completion)


def _storable(price: Decimal | None) -> Decimal | None:
    """As the column gives it back; None for what does not fit, which is no price."""
    if price is None or price > DEAREST:
        return None
    stored = DIGITS.plus(price).quantize(PLACES)
    return None if price > 0 and stored == 0 else stored


# What is known ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Price:
    """Per million tokens; None: unknown."""

    since: date
    prompt: Decimal | None
    completion: Decimal | None

    @property
    def is_known(self) -> bool:
        return self.prompt is not None or self.completion is not None


@dataclass(frozen=True, slots=True)
class Offer:
    """``prices`` oldest first; one alone is no history: whether it moves is not tracked yet."""

    repository: str  # in lower case
    host: str
    via: str  # where it was seen
    feed_id: int
    status: str  # as that place says it; "" if it does not
    prices: tuple[Price, ...]
    ends_on: date | None  # announced
    ended_on: date | None  # seen
    since: date
    seen_at: datetime

    @property
    def is_tracked(self) -> bool:
        return sum(price.is_known for price in self.prices) > 1

    @property
    def price(self) -> Price | None:
        """The present one; of an offer that ended, the last."""
        return self.prices[-1] if self.prices and self.prices[-1].is_known else None


COLUMNS = (
    "pk",
    "repository",
    "host",
    "feed",
    "feed__connector",
    "status",
    "ends_on",
    "ended_on",
    "since_at",
    "seen_at",
)


def offers(*repositories: str) -> list[Offer]:
    """Of hub repositories, whatever case they are written in; those that stand first, by host. One query."""
    wanted = {repository.lower() for repository in repositories if repository}
    if not wanted:
        return []
    rows = HostedOffer.objects.filter(repository__in=wanted).order_by("pk", "prices__since_at")
    prices: dict[int, list[Price]] = {}
    found = {}
    for row in rows.values(*COLUMNS, "prices__since_at", "prices__prompt", "prices__completion"):
        found[row["pk"]] = row
        of_offer = prices.setdefault(row["pk"], [])
        if since := row["prices__since_at"]:
            of_offer.append(Price(since.date(), _scaled(row["prices__prompt"]), _scaled(row["prices__completion"])))
    read = (
        Offer(
            repository=row["repository"],
            host=row["host"],
            via=VIA.get(row["feed__connector"], row["feed__connector"]),
            feed_id=row["feed"],
            status=row["status"],
            prices=tuple(prices[pk]),
            ends_on=row["ends_on"],
            ended_on=row["ended_on"],
            since=row["since_at"].date(),
            seen_at=row["seen_at"],
        )
        for pk, row in found.items()
    )
    return sorted(read, key=lambda offer: (offer.ended_on is not None, offer.host.lower(), offer.via))


def _scaled(price: Decimal | None) -> Decimal | None:
    return None if price is None else price * PER_MILLION
