"""What is said beside a fact wherever it is listed."""

from typing import Any

from django import template

from riskboard.ingest.rows import reference_of
from riskboard.web.disputes import Dispute, open_disputes
from riskboard.web.pages.fact import address_of

register = template.Library()


@register.filter
def dispute(row: Any) -> Dispute | None:  # noqa: ANN401 - a row, or what a page made of one
    """The open contest of a row. No query of its own."""
    reference = getattr(row, "reference", "") or reference_of(row)
    return open_disputes().get(reference)


@register.filter
def evidence_address(reference: str, name: str) -> str:
    """Of the page ``name`` of a fact: "signal:x" and "correct" to the form that corrects it."""
    return address_of(name, reference)
