from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from riskboard.web.access import Role, role_of
from riskboard.web.checks import missing_vendor_files
from riskboard.web.freshness import freshness


def front_end(_request: HttpRequest) -> dict[str, object]:
    """For every page: whether chart scripts may be referenced, and how old the newest evidence is."""
    return {"charts_available": not missing_vendor_files(), "freshness": SimpleLazyObject(lambda: freshness(today()))}


def reader(request: HttpRequest) -> dict[str, object]:
    """Who reads, for the header. Asked only where a template asks."""
    return {"is_analyst": SimpleLazyObject(lambda: role_of(request.user) >= Role.ANALYST)}


def today() -> date:
    return timezone.localdate()  # noqa: TID251 -- a context processor is part of the view
