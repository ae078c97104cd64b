"""What people do about a cited page that moved, changed or is gone; and a look at it out of turn."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from riskboard.audit.services import record as note
from riskboard.catalog.models import Source
from riskboard.catalog.models.sources import WEB_ONLY
from riskboard.catalog.services import cite, writing
from riskboard.ingest.models import Check
from riskboard.ingest.rechecking import RECHECK
from riskboard.ingest.recording import Texts, written
from riskboard.ingest.rows import SPECS, reference_of, spec_of
from riskboard.ingest.selectors import YEAR, recheck_queue
from riskboard.jobs.models import Job
from riskboard.jobs.services import enqueue

CITING = ("source", "status_source")  # fields by which rows cite


def citing_models() -> Iterator[tuple[type[Model], str]]:
    for spec in SPECS.values():
        names = {field.name for field in spec.model._meta.get_fields()}
        yield from ((spec.model, name) for name in CITING if name in names)


def cited(path: str) -> Q:
    """Rows whose source, found under ``path``, is still cited by evidence."""
    found = Q()
    for model, name in citing_models():
        found |= Q(Exists(model._default_manager.filter(**{name: OuterRef(path)})))
    return found


def waiting_checks() -> QuerySet[Check]:
    """The queue, without what nothing cites any more."""
    return recheck_queue().filter(cited("source"))


def unchecked_sources(now: datetime) -> QuerySet[Source]:
    """Cited pages never found as cited, or not for a year; those never looked at first. Memory cannot be looked at."""
    lately = Q(check_up__last_verified_at__gte=now - YEAR)
    asked = Source.objects.filter(is_recalled=False).exclude(url="").exclude(lately).filter(cited("pk"))
    return asked.select_related("check_up").order_by("check_up__last_verified_at", "check_up__checked_at", "pk")


def recheck_soon(source: Source, now: datetime) -> Job:
    """At most one look an hour is asked for by hand. Raises ValidationError for what nobody can look at."""
    if source.is_recalled or not source.url:
        raise ValidationError("There is no page to look at: it was recalled from memory.")
    return enqueue(kind=RECHECK, key=f"recheck:{source.pk}@{now:%Y-%m-%dT%H}", payload={"source": source.pk}, now=now)


def readdress(source: Source, url: str, *, by: AbstractBaseUser, reason: str, now: datetime) -> list[Model]:
    """Every row that cites ``source`` cites ``url`` instead, each as a correction on public record.

    Who does this looked at the page: it counts as verified. Raises ValidationError; then nothing has changed.
    """
    url, reason = url.strip(), reason.strip()
    if not reason:
        raise ValidationError({"reason": "A correction says why."})
    try:
        WEB_ONLY(url)
    except ValidationError as error:
        raise ValidationError({"url": error.messages}) from error
    if url == source.url:
        raise ValidationError({"url": "That is the address it has."})
    with writing():
        corrected = [_corrected(row, {column: url}, by=by, reason=reason, now=now) for row, column in _citing(source)]
        if not corrected:
            raise ValidationError({"url": "Nothing cites this source any more."})
        _verify(cite(url=url, title=source.title), source, [reference_of(row) for row in corrected], by, now, reason)
    return corrected


def _corrected(row: Any, texts: Texts, *, by: AbstractBaseUser, reason: str, now: datetime) -> Model:  # noqa: ANN401
    """The key of a row may hold what it cites, so this is no ``correct``: the row goes by its number there."""
    corrected: Model = written(
        spec_of(row).name, texts, onto=row, by=by, now=now, reason=reason, action="corrected", is_public=True
    )
    return corrected


def _citing(source: Source) -> Iterator[tuple[Any, str]]:
    """Rows with the column that holds the address, read one after the other: a pledge may cite it twice."""
    for model, name in citing_models():
        for pk in list(model._default_manager.filter(**{name: source}).order_by("pk").values_list("pk", flat=True)):
            yield model._default_manager.get(pk=pk), "source_url" if name == "source" else "status_source_url"


def _verify(new: Source, old: Source, references: list[str], by: AbstractBaseUser, now: datetime, reason: str) -> None:
    Check.objects.update_or_create(
        source=new, defaults={"status": Check.Status.OK, "last_verified_at": now, "missing": [], "note": ""}
    )
    note(
        actor=by,
        action="moved",
        subject=f"source:{old.pk}",
        at=now,
        before={"url": old.url},
        after={"url": new.url, "source": new.pk, "rows": references},
        reason=reason,
    )
