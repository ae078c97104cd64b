"""How far the evidence here reaches, where it came from last, and whether anybody still feeds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db.models import Model, QuerySet, Subquery

from riskboard.catalog.models import EvidenceVersion
from riskboard.catalog.queries import DATED, evidence_version
from riskboard.ingest.evidence_releases.models import EvidenceRelease
from riskboard.ingest.models import Feed

M = TypeVar("M", bound=Model)
OLD_AFTER_DAYS = 30
SECONDS_KEPT = 300  # looks at feeds do not change the version of the evidence


@dataclass(frozen=True, slots=True)
class Freshness:
    day: date
    newest_on: date | None = None
    serial: int | None = None  # of the release that was installed last
    made_at: datetime | None = None
    installed_at: datetime | None = None
    fed_at: datetime | None = None  # when a feed last answered

    @property
    def age_days(self) -> int | None:
        return (self.day - self.newest_on).days if self.newest_on else None

    @property
    def arrived_on(self) -> date | None:
        """Up to when somebody told this board what happened: a release without news says so much too."""
        days = [self.newest_on, self.made_at.date() if self.made_at else None]
        return max((day for day in days if day is not None), default=None)

    @property
    def silent_days(self) -> int | None:
        return (self.day - self.arrived_on).days if self.arrived_on else None

    @property
    def is_old(self) -> bool:
        return self.age_days is not None and self.age_days > OLD_AFTER_DAYS

    @property
    def is_stale(self) -> bool:
        """No evidence arrived for long, and no feed is there that could bring it."""
        patience = settings.EVIDENCE_STALE_AFTER_DAYS
        is_fed = self.fed_at is not None and self.day - self.fed_at.date() <= timedelta(days=patience)
        return self.silent_days is not None and self.silent_days > patience and not is_fed


def freshness(day: date) -> Freshness:
    """One query, kept for a while."""
    key = _key(day)
    found: Freshness | None = cache.get(key)
    if found is None:
        asked: QuerySet[Any, Any] = EvidenceVersion.objects.values(**_asks(day))
        found = _keep(key, day, asked.first())
    return found


def asked_along(rows: QuerySet[M, Any], day: date) -> M | None:
    """The first of ``rows``. The same query asks how fresh the evidence is, unless that is kept already."""
    key, asks = _key(day), _asks(day)
    is_kept = cache.get(key) is not None
    found: M | None = (rows if is_kept else rows.annotate(**asks)).first()
    if found is not None and not is_kept:
        _keep(key, day, {name: getattr(found, name) for name in asks})
    return found


def _key(day: date) -> str:
    return f"freshness:{evidence_version()}:{day}"


def _asks(day: date) -> dict[str, Subquery]:
    release = EvidenceRelease.objects.order_by("-pk")
    fed = Feed.objects.filter(last_ok_at__isnull=False).order_by("-last_ok_at")
    return {
        **{f"{model._meta.model_name}_on": _newest_of(model, day) for model in DATED},
        "serial": Subquery(release.values("serial")[:1]),
        "made_at": Subquery(release.values("created_at")[:1]),
        "installed_at": Subquery(release.values("installed_at")[:1]),
        "fed_at": Subquery(fed.values("last_ok_at")[:1]),
    }


def _keep(key: str, day: date, row: Mapping[str, Any] | None) -> Freshness:
    """``row`` None: no evidence was ever loaded."""
    told = dict(row or {})
    published = [told.pop(f"{model._meta.model_name}_on", None) for model in DATED]
    newest = max((on for on in published if on is not None), default=None)
    found = Freshness(day, newest, **told)
    cache.set(key, found, timeout=SECONDS_KEPT)
    return found


def _newest_of(model: type[Model], day: date) -> Subquery:
    known: Any = model._default_manager
    return Subquery(known.known_on(day).order_by("-published_on").values("published_on")[:1])
