"""Forms by which analysts enter rows of evidence: which fields, in which order, and under which heading."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest
from django.http import HttpRequest

from riskboard.catalog.models import Family, Vendor
from riskboard.ingest.rows import SPECS
from riskboard.ingest.ruling import RULING
from riskboard.web.forms import asked_of
from riskboard.web.forms_rows import choices_of, field_of, references

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together. ``note`` says how to fill them, where their labels do not."""

    title: str
    columns: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What can be entered. ``purpose``: when this and not another."""

    code: str
    table: str
    name: str
    purpose: str
    groups: tuple[Group, ...]
    usual: Mapping[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for group in self.groups for name in group.columns)

    @property
    def key(self) -> str:
        return SPECS[self.table].key[0]


SUBJECT = "Type a few letters. A family names its vendor; without one the row is about the vendor as a whole."
SOURCE = "Without an address the row is marked as recalled, unverified, and weighs nothing in a score."
KEY = "Left blank, a key is made from the rest."
DATES = (
    "Three dates matter: when it occurred, when the public could first read of it, and when it was recorded here. "
    "A score uses nothing before it was public. The third is noted when you save."
)
KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "signal",
            "signals",
            "Signal",
            "Something happened that bears on how long an open offer lasts: people, money, structure, law, prices, "
            "statements. Not for what the three others record.",
            (
                Group("Who is it about?", ("vendor", "family"), SUBJECT),
                Group("What happened?", ("kind", "summary", "direction", "severity")),
                Group("When?", ("occurred_on", "date_precision", "published_on"), DATES),
                Group("Where can it be read?", ("source_url", "source_title", "publisher"), SOURCE),
                Group("How far do we trust it?", ("source_reliability", "info_credibility", "confidence")),
                Group("How it is filed", ("id", "event_id"), KEY),
            ),
            {"date_precision": "day"},
        ),
        Kind(
            "pledge",
            "pledges",
            "Pledge",
            "Someone promised openness in public: open weights, a license, a date. What became of it is ruled on "
            "later, on the page of the pledge.",
            (
                Group("Who promised?", ("vendor", "family", "made_by", "channel"), SUBJECT),
                Group("What was promised?", ("summary", "specificity")),
                Group("When?", ("made_on", "due_on"), f"{DATES} A promise is public on the day it was made."),
                Group("Where can it be read?", ("source_url", "source_title", "confidence"), SOURCE),
                Group("How does it stand?", RULING, "Open, unless it was already kept or broken when you found it."),
                Group("How it is filed", ("id",), KEY),
            ),
            {"status": "open"},
        ),
        Kind(
            "license-change",
            "license_changes",
            "License change",
            "Terms became others: of weights, of code, of a policy or of the hosted service.",
            (
                Group("Whose terms?", ("vendor", "family", "asset"), SUBJECT),
                Group("What changed?", ("from_license", "to_license", "direction", "applies_to", "scope")),
                Group(
                    "When?",
                    ("announced_on", "effective_on"),
                    "A score uses it from the announcement on. The day it is recorded here is noted when you save.",
                ),
                Group("Where can it be read?", ("source_url", "source_title", "confidence"), SOURCE),
                Group("How it is filed", ("id",), KEY),
            ),
            {},
        ),
        Kind(
            "release",
            "releases",
            "Release",
            "A model was made available, openly or not. Closed flagships count as much as open ones.",
            (
                Group("Which model?", ("family", "name", "modality", "flagship", "params_total_b", "params_active_b")),
                Group("How can it be had?", ("access", "license_key", "hf_repo")),
                Group(
                    "When?",
                    ("released_on", "date_precision", "api_first_on", "weights_on", "withdrawn_on", "hosted_ended_on"),
                    "A score uses it from the release on. What you do not know stays blank: that is unknown, never no.",
                ),
                Group("Where can it be read?", ("source_url", "source_title", "confidence"), SOURCE),
                Group("How it is filed", ("slug",), KEY),
            ),
            {"date_precision": "day"},
        ),
    )
}


def typed_texts(kind: Kind, data: Mapping[str, Any]) -> dict[str, str]:
    """By column. The vendor that was left blank is that of the family."""
    texts = {name: str(data.get(name, ""))[:LONGEST].replace("\0", "").strip() for name in kind.columns}
    if "vendor" in texts and texts["family"] and not texts["vendor"]:
        family = Family.objects.filter(slug=texts["family"]).select_related("line__vendor").first()
        texts["vendor"] = family.line.vendor.slug if family else ""
    return texts


class RowForm(forms.Form):
    """Fields of columns. Nothing is refused here: the row's own rules are asked."""

    version = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self, table: str, columns: tuple[str, ...], data: Mapping[str, Any] | None, known: Mapping[str, str]
    ) -> None:
        super().__init__(data, initial=dict(known))
        spec = SPECS[table]
        referred = references(spec)
        for name in columns:
            column = spec.column(name)
            typed = data.get(name, "") if data is not None else known.get(name, "")
            self.fields[name] = field_of(column, choices_of(spec, column, referred), {typed, known.get(name, "")})

    def refuse(self, faults: Mapping[str, list[str]]) -> None:
        for name, messages in faults.items():
            self.add_error(name if name in self.fields else None, messages)

    def sentences(self) -> list[tuple[str, str]]:
        """What is wrong, with the field it is wrong in; blank: in none."""
        return [
            (str(self[name].id_for_label), f"{self.fields[name].label}: {message}")
            if name != NON_FIELD_ERRORS
            else ("", str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]


class EntryForm(RowForm):
    """``sent_as`` is the key of the form as it was handed out; ``version`` that of the row it would be saved over."""

    sent_as = forms.CharField(max_length=36, required=False, widget=forms.HiddenInput)
    why = forms.CharField(
        max_length=500, required=False, label="Why is the row on record wrong?", widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, kind: Kind, data: Mapping[str, Any] | None, known: Mapping[str, str]) -> None:
        self.kind, self.is_prefilled = kind, False
        super().__init__(kind.table, kind.columns, data, {"sent_as": str(uuid4()), **kind.usual, **known})

    @classmethod
    def prefilled(cls, kind: Kind, request: HttpRequest) -> "EntryForm":
        """With what the address gives. Raises BadRequest naming what it does not know."""
        query = asked_of(request)
        unknown = sorted(set(query) - set(kind.columns))
        if unknown:
            known = ", ".join(kind.columns)
            raise BadRequest(f"This page does not know the parameter “{unknown[0][:80]}”. It knows: {known}.")
        given = {name: query.get(name, "")[:LONGEST].replace("\0", "") for name in query}
        for name, model in (("vendor", Vendor), ("family", Family)):
            if given.get(name) and not model._default_manager.filter(slug=given[name]).exists():
                raise BadRequest(f"{name}: there is no {name} called “{given[name][:80]}”.")
        form = cls(kind, None, given)
        form.is_prefilled = bool(given)
        return form


class RulingForm(RowForm):
    version = forms.CharField(
        max_length=60,
        widget=forms.HiddenInput,
        error_messages={"required": "It is not known how the pledge stood when you began: load the page anew."},
    )

    def __init__(self, data: Mapping[str, Any] | None, known: Mapping[str, str]) -> None:
        super().__init__("pledges", RULING, data, known)
