"""What people enter by hand goes the same way as what arrives: a proposal of theirs, accepted at once."""

from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser

from riskboard.catalog.services import writing
from riskboard.ingest.decisions import Effect, accept
from riskboard.ingest.holding import point
from riskboard.ingest.models import Proposal
from riskboard.ingest.recording import Texts


def enter(
    table: str,
    texts: Texts,
    *,
    by: AbstractBaseUser,
    now: datetime,
    reason: str = "",
    effect: Effect | None = None,
    key: str = "",
) -> Proposal:
    """Recorded, or waiting for a second person where one is needed. The same ``key`` again changes nothing.

    ``key``: of one form as it was handed out, so that sending it twice makes one row. Raises ValidationError by column.
    """
    with writing():
        fields = {name: text.strip() for name, text in texts.items()}
        entered, is_new = Proposal.objects.get_or_create(
            key=f"entered:{key or uuid4()}", defaults={"table": table, "fields": fields, "words": ["entered by hand"]}
        )
        if not is_new:
            return entered
        point(entered)
        entered.save(update_fields=["vendor", "family"])
        return accept(entered, by=by, now=now, version=entered.version, effect=effect, reason=reason)
