"""Rows by the names people use: a hub id, an address, a slug, a name in any case and punctuation."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import unquote

from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.db.models.functions import Concat, Length

from riskboard.catalog.models import Family, License, Line, Release, Vendor

MOST_CANDIDATES = 500
CLOSE_ENOUGH = 0.6  # of difflib's ratio: "quen" still finds "Qwen", "foobar" finds nothing
HUB_ID = re.compile(
    r"(?P<prefix>pkg:huggingface/|hf://|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/)?"
    r"(?P<owner>[\w.-]+)(?:/(?P<name>[\w.-]+))?"
    r"(?:@(?P<revision>[\w.-]+))?(?:[/?#].*)?",
    re.ASCII | re.IGNORECASE,
)
NOT_AN_OWNER = {"api", "blog", "collections", "datasets", "docs", "models", "papers", "spaces"}


@dataclass(frozen=True, slots=True)
class HubId:
    """``owner/name`` on the model hub; an address may name the organization alone."""

    owner: str
    name: str = ""
    revision: str = ""

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}" if self.name else self.owner


class Named(NamedTuple):
    """One row of the catalog with the names it goes by."""

    kind: str  # line, family, release, vendor or license
    slug: str
    name: str
    also: str  # other names: those under a line, a hub repository, a hub organization, an SPDX id
    vendor: str
    line: str  # slug of the line it belongs to; blank for vendors and licenses
    family: str
    note: str  # modality, access or category
    length: int

    def own_names(self) -> set[str]:
        names = {self.slug, self.name, self.name.rsplit(" (", 1)[0]}
        return {squash(name) for name in (names if self.kind == "line" else names | {self.also})} - {""}


def hub_id(text: str) -> HubId | None:
    """The hub repository that ``text`` names as an id, a package URL or an address; None when it names none."""
    match = HUB_ID.fullmatch(unquote(text))
    if match is None or match["owner"].lower() in NOT_AN_OWNER:
        return None
    if not match["name"] and not match["prefix"]:
        return None
    return HubId(match["owner"], match["name"] or "", match["revision"] or "")


def release_of(hub: HubId) -> Release | None:
    """The one release published as this repository."""
    named = Q(hf_repo__iexact=str(hub)) | Q(revisions__repository__iexact=str(hub))
    found = list(Release.objects.filter(named).select_related("family").distinct()[:2])
    return found[0] if len(found) == 1 else None


def lines_of_organization(owner: str) -> list[Line]:
    """The lines of the vendor that publishes under this hub organization."""
    publishes = Q(hf_org__iexact=owner) | Q(lines__families__releases__hf_repo__istartswith=f"{owner}/")
    vendors = Vendor.objects.filter(publishes)
    return list(Line.objects.filter(vendor__in=vendors).select_related("vendor").order_by("name"))


def squash(text: str) -> str:
    """Letters and digits alone: "Qwen3-32B" and "qwen3 32b" are one name."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def named_like(text: str) -> list[Named]:
    """Rows whose names hold every word of ``text``, the closest first. One query."""
    rows = (Named(*row) for row in _candidates(text))
    ranked = [(rank, row.length, row.name, row) for row in rows if (rank := _rank(text, row)) is not None]
    return [row for *_, row in sorted(ranked)]


def exactly(text: str, rows: list[Named]) -> Named | None:
    """The only row that goes by exactly this name, or the line that shares it with a family or the vendor of its own;
    a license only where no model is named like it."""
    models = [row for row in rows if row.kind != "license"]
    same = [row for row in models or rows if squash(text) in row.own_names()]
    lines = [row for row in same if row.kind == "line"]
    if len(lines) == 1 and all(_belongs(row, lines[0]) for row in same):
        return lines[0]
    return same[0] if len(same) == 1 else None


def _belongs(row: Named, line: Named) -> bool:
    """The line itself, a family of it, or its vendor."""
    return row.name == line.vendor if row.kind == "vendor" else row.kind != "release" and row.line == line.slug


def nearest_names(text: str, most: int = 5) -> list[str]:
    """Names that look like ``text``: for a typing mistake. One query."""
    families, *others = (model.objects.values_list("name", flat=True) for model in (Family, Release, Vendor))
    names = {squash(name): name for name in families.union(*others)}
    return [names[key] for key in difflib.get_close_matches(squash(text), names, n=most, cutoff=CLOSE_ENOUGH)]


def _rank(text: str, row: Named) -> int | None:
    """0 the very name, 1 it begins so, 2 it holds it, 3 it holds its words, None something else."""
    whole, names = squash(text), [squash(name) for name in (row.name, row.slug, row.also, row.vendor)]
    if not whole:
        return 2
    if whole in row.own_names():
        return 0
    if any(name.startswith(whole) for name in names[:2]):
        return 1
    if any(whole in name for name in names[:3]):
        return 2
    everything = "|".join(names)
    return 3 if all(squash(word) in everything for word in re.split(r"[\s/]+", text)) else None


def _candidates(text: str) -> "QuerySet[Any, Any]":
    """Rows that hold every run of letters and every run of digits, wherever: ranking sorts them out."""
    parts = re.findall(r"[^\W\d_]+|\d+", text)[:8] or [text]
    rows = [
        _rows("line", Line, also="known_as", vendor="vendor__name", line="slug", note="modality"),
        _rows("family", Family, vendor="line__vendor__name", line="line__slug", note="modality"),
        _rows(
            "release",
            Release,
            also="hf_repo",
            vendor="family__line__vendor__name",
            line="family__line__slug",
            family="family__slug",
            note="access",
        ),
        _rows("vendor", Vendor, also="hf_org", note="country"),
        _rows("license", License, slug="key", also="spdx_id", note="category"),
    ]
    holding = [_holding(parts, queryset) for queryset in rows]
    return holding[0].union(*holding[1:], all=True).order_by("length", "its_name")[:MOST_CANDIDATES]


def _rows(kind: str, model: type[Model], slug: str = "slug", **fields: str) -> "QuerySet[Any, Any]":
    columns: dict[str, Any] = {"its_kind": Value(kind, CharField()), "its_slug": F(slug), "its_name": F("name")}
    for column in ("also", "vendor", "line", "family", "note"):
        columns[f"its_{column}"] = F(fields[column]) if column in fields else Value("", CharField())
    names = Concat("its_slug", Value("|"), "its_name", Value("|"), "its_also", Value("|"), "its_vendor")
    rows: QuerySet[Any, Any] = model._default_manager.annotate(**columns)
    named: QuerySet[Any, Any] = rows.annotate(names=names, length=Length("name"))
    return named


def _holding(parts: list[str], rows: "QuerySet[Any, Any]") -> "QuerySet[Any, Any]":
    for part in parts:
        rows = rows.filter(names__icontains=part)
    return rows.values_list(*(f"its_{column}" for column in Named._fields[:-1]), "length")
