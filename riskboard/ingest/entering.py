"""What people enter by hand goes the same way as what arrives: a proposal of theirs, accepted at once."""

from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser

from riskboard.catalog.services import writing
from riskboard.ingest import rows
from riskboard.ingest.corrections import RowConflict
from riskboard.ingest.decisions import accept
from riskboard.ingest.holding import point
from riskboard.ingest.models import Proposal
from riskboard.ingest.naming import named
from riskboard.ingest.recording import Texts
from riskboard.ingest.seconding import Effect

ENTERED = "entered:"  # how keys of such proposals begin


def enter(
    table: str,
    texts: Texts,
    *,
    by: AbstractBaseUser,
    now: datetime,
    reason: str = "",
    effect: Effect | None = None,
    key: str = "",
    refuse_known: bool = False,
) -> Proposal:
    """Recorded, or waiting for a second person where one is needed. The same ``key`` again changes nothing.

    ``key``: of one form as it was handed out, so that sending it twice makes one row. A row whose own key is blank gets
    one. Raises ValidationError by column; with ``refuse_known`` RowConflict, too, when a row has its key already.
    """
    with writing():
        fields = named(table, {name: text.strip() for name, text in texts.items()})
        entered, is_new = Proposal.objects.get_or_create(
            key=f"{ENTERED}{key or uuid4()}", defaults={"table": table, "fields": fields, "words": ["entered by hand"]}
        )
        if not is_new:
            return entered
        known = rows.stored(table, fields) if refuse_known else None
        if known is not None:
            raise RowConflict(known)
        point(entered)
        entered.save(update_fields=["vendor", "family"])
        return accept(entered, by=by, now=now, version=entered.version, effect=effect, reason=reason)
