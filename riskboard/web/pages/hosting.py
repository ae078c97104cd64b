"""Who hosts a release: status, price, and until when. The end of hosted access is its own event, no withdrawal."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce, Lower

from riskboard.catalog.models import Release
from riskboard.ingest.hosting import Offer, Price, offers
from riskboard.ingest.models import HostedOffer

STALE = timedelta(days=30)  # not seen for that long: what it says may not hold any more
STATUSES = {"live": "up", "up": "up", "down": "down", "error": "down"}


@dataclass(frozen=True, slots=True)
class OfferRow:
    offer: Offer
    today: date

    @property
    def status(self) -> str:
        """In words; "" where nobody says it."""
        return STATUSES.get(self.offer.status, self.offer.status)

    @property
    def is_over(self) -> bool:
        return self.offer.ended_on is not None

    @property
    def is_due(self) -> bool:
        """Its announced end has passed, and nobody saw that it ended."""
        ends_on = self.offer.ends_on
        return not self.is_over and ends_on is not None and ends_on < self.today

    @property
    def is_stale(self) -> bool:
        return not self.is_over and self.today - self.offer.seen_at.date() > STALE

    @property
    def before(self) -> Price | None:
        """The last price that was another one; None: whether it moves is not tracked."""
        known = [price for price in self.offer.prices if price.is_known]
        return known[-2] if self.offer.price is not None and len(known) > 1 else None

    @property
    def trend(self) -> str:
        """What happened to the price last: up, down or mixed."""
        now, before = self.offer.price, self.before
        if now is None or before is None:
            return ""
        pairs = ((before.prompt, now.prompt), (before.completion, now.completion))
        moves = {_sign(old, new) for old, new in pairs} - {0}
        return {frozenset({1}): "up", frozenset({-1}): "down"}.get(frozenset(moves), "mixed")


def _sign(before: Decimal | None, after: Decimal | None) -> int:
    if before is None or after is None or before == after:
        return 0
    return 1 if after > before else -1


@dataclass(frozen=True, slots=True)
class HostingPage:
    release: Release
    rows: tuple[OfferRow, ...]

    @property
    def standing(self) -> int:
        return sum(not row.is_over for row in self.rows)

    @property
    def has_ended(self) -> bool:
        """It was hosted, as far as anybody saw, and is not any more."""
        return bool(self.rows) and not self.standing

    @property
    def last_ended_on(self) -> date | None:
        return max((row.offer.ended_on for row in self.rows if row.offer.ended_on), default=None)


@dataclass(frozen=True, slots=True)
class HostedRelease:
    """A release of a family, with who hosts it now."""

    release: Release
    rows: tuple[OfferRow, ...]
    over: int
    dearest: Decimal | None  # per million tokens written, of those who say it
    cheapest: Decimal | None
    ends_on: date | None  # the next announced end


def how_hosted() -> dict[str, Any]:
    """Annotations of a release: how many hosts stand, and whether there ever was one."""
    of_release = HostedOffer.objects.filter(repository=Lower(OuterRef("hf_repo"))).order_by()
    standing = of_release.filter(ended_on=None).values("repository").annotate(number=Count("pk")).values("number")
    return {"hosts_standing": Coalesce(Subquery(standing), 0), "was_hosted": Exists(of_release)}


def hosting_page(release: Release, today: date) -> HostingPage:
    """One query."""
    return HostingPage(release, tuple(OfferRow(offer, today) for offer in offers(release.hf_repo)))


def hosted_releases(releases: Iterable[Release], today: date) -> tuple[HostedRelease, ...]:
    """Those that somebody was seen to host, in the order of ``releases``. One query."""
    listed = [release for release in releases if release.hf_repo]
    of_repository: dict[str, list[OfferRow]] = {}
    for offer in offers(*(release.hf_repo for release in listed)):
        of_repository.setdefault(offer.repository, []).append(OfferRow(offer, today))
    return tuple(_hosted(release, rows) for release in listed if (rows := of_repository.get(release.hf_repo.lower())))


def _hosted(release: Release, rows: list[OfferRow]) -> HostedRelease:
    standing = [row for row in rows if not row.is_over]
    prices = [row.offer.price.completion for row in standing if row.offer.price]
    known = [price for price in prices if price is not None]
    return HostedRelease(
        release=release,
        rows=tuple(standing),
        over=len(rows) - len(standing),
        dearest=max(known, default=None),
        cheapest=min(known, default=None),
        ends_on=min((row.offer.ends_on for row in standing if row.offer.ends_on), default=None),
    )
