from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from riskboard.catalog.queries import evidence_version, newest_publication
from riskboard.web.access import Role, role_of
from riskboard.web.checks import missing_vendor_files

OLD_AFTER_DAYS = 30


@dataclass(frozen=True, slots=True)
class Freshness:
    newest_on: date | None
    age_days: int | None

    @property
    def is_old(self) -> bool:
        return self.age_days is not None and self.age_days > OLD_AFTER_DAYS


def front_end(_request: HttpRequest) -> dict[str, object]:
    """For every page: whether chart scripts may be referenced, and how old the newest evidence is."""
    return {"charts_available": not missing_vendor_files(), "freshness": SimpleLazyObject(lambda: freshness(today()))}


def reader(request: HttpRequest) -> dict[str, object]:
    """Who reads, for the header. Asked only where a template asks."""
    return {"is_analyst": SimpleLazyObject(lambda: role_of(request.user) >= Role.ANALYST)}


def today() -> date:
    return timezone.localdate()  # noqa: TID251 -- a context processor is part of the view


def freshness(day: date) -> Freshness:
    key = f"newest:{evidence_version()}:{day}"
    newest = cache.get_or_set(key, lambda: newest_publication(day), timeout=None)
    return Freshness(newest, (day - newest).days if newest else None)
