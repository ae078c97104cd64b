"""Files that a team sent to be listed: the form, and what one of them names."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from riskboard.portfolio.models import Deployment, PortfolioImport, PortfolioMention, Team
from riskboard.portfolio.reading import LABELS
from riskboard.web.forms_catalog import FilterForm
from riskboard.web.forms_portfolio_imports import PortfolioImportForm, RecordForm, Typed
from riskboard.web.pages.listing import Pages, cut


@dataclass(frozen=True, slots=True)
class Sent:
    imported: PortfolioImport
    kind: str
    models: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ImportsPage:
    form: PortfolioImportForm
    sent: tuple[Sent, ...]
    pages: Pages
    kinds: tuple[str, ...]


def portfolio_imports_page(team: Team, form: PortfolioImportForm, list_form: FilterForm) -> ImportsPage:
    counted = team.imports.select_related("made_by").annotate(
        models_named=Count("mentions"), still_waiting=Count("mentions", filter=Q(mentions__state="waiting"))
    )
    rows, pages = cut(counted.order_by("-created_at", "-pk"), list_form)
    sent = (Sent(each, _label(each), each.models_named, each.still_waiting) for each in rows)
    return ImportsPage(form, tuple(sent), pages, tuple(LABELS.values()))


def _label(imported: PortfolioImport) -> str:
    return LABELS.get(imported.kind, imported.kind)


@dataclass(frozen=True, slots=True)
class Row:
    mention: PortfolioMention
    typed: Typed
    listed: Deployment | None  # one in use by this name, in whichever workflow
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ImportPage:
    imported: PortfolioImport
    kind: str
    form: RecordForm
    rows: tuple[Row, ...]
    pages: Pages
    waiting: int
    matched: int
    workflows: tuple[str, ...]
    has_waiting_rows: bool


def portfolio_import_page(
    imported: PortfolioImport,
    list_form: FilterForm,
    form: RecordForm,
    typed: Mapping[int, Typed],
) -> ImportPage:
    mentions = imported.mentions.select_related("release__family", "deployment__workflow")
    found, pages = cut(mentions, list_form)
    listed = _listed(imported.team, found)
    counts = imported.mentions.aggregate(
        waiting=Count("pk", filter=Q(state="waiting")), matched=Count("pk", filter=Q(release__isnull=False))
    )
    return ImportPage(
        imported=imported,
        kind=_label(imported),
        form=form,
        rows=tuple(_row(each, typed, listed) for each in found),
        pages=pages,
        waiting=counts["waiting"],
        matched=counts["matched"],
        workflows=tuple(imported.team.workflows.values_list("name", flat=True)),
        has_waiting_rows=any(each.state == "waiting" for each in found),
    )


def _row(mention: PortfolioMention, typed: Mapping[int, Typed], listed: Mapping[tuple[str, str], Deployment]) -> Row:
    cells = tuple((name, cell) for name, cell in mention.cells.items() if name != "workflow")
    said = typed.get(mention.pk) or Typed(workflow=mention.cells.get("workflow", ""))
    return Row(mention, said, listed.get((mention.scheme, mention.reference)), cells)


def _listed(team: Team, mentions: Iterable[PortfolioMention]) -> dict[tuple[str, str], Deployment]:
    names = [each.reference for each in mentions if each.state == "waiting"]
    known = Deployment.objects.of(team).in_use().filter(reference__in=names).select_related("workflow")
    return {(each.scheme, each.reference): each for each in known}
