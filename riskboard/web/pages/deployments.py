"""What a team sees of what it runs: the list, one deployment, the forms, and the list to pick a model from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from riskboard.catalog.finding import HubId, hub_id, named_like, nearest_names
from riskboard.catalog.models import Line, Release
from riskboard.portfolio.models import Deployment, Team, Workflow
from riskboard.web.forms_portfolio import DeploymentForm, DeploymentsForm, WorkflowForm
from riskboard.web.pages.board_rows import StateTag
from riskboard.web.pages.listing import Pages, cut
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.models import Score

MOST_TO_PICK = 30
SECTIONS = (
    ("Where it runs", "", ("workflow", "environment")),
    (
        "Or in a new workflow",
        "For a workflow that is not in the list above: what would stop without this model?",
        ("new_name", "new_owner", "new_tier", "new_tolerated"),
    ),
    ("Which model", "", ("reference", "scheme", "revision", "stands_on", "relation", "served_by")),
    (
        "What a switch takes",
        "An estimate with its spread is worth more than one number. Blank is unknown, and shown as that.",
        ("embed_depth", "switch_days", "switch_low", "switch_likely", "switch_high"),
    ),
    (
        "Your copy",
        "A copy whose hash was compared is the one thing here that no vendor can take back.",
        ("mirror", "mirror_place", "mirror_sha256", "mirror_checked_on"),
    ),
    (
        "License at download, and notes",
        "The text that came with the weights says which terms you hold, whatever the page says today.",
        ("license_text_on", "license_text", "note"),
    ),
)
WIDE = frozenset({"license_text", "note", "mirror_sha256", "stands_on", "reference", "embed_depth"})


@dataclass(frozen=True, slots=True)
class Row:
    deployment: Deployment
    state: StateTag | None  # of the line it stands on; None: not matched, or never scored


@dataclass(frozen=True, slots=True)
class DeploymentsPage:
    form: DeploymentsForm
    rows: tuple[Row, ...]
    pages: Pages
    is_new: bool  # nothing was ever listed


def deployments_page(team: Team, form: DeploymentsForm) -> DeploymentsPage:
    mine = Deployment.objects.of(team)
    rows, pages = cut(form.narrow(mine).with_release(), form)
    states = states_of(row.release.family.line for row in rows if row.release)
    is_new = not rows and not mine.exists()
    return DeploymentsPage(form, tuple(_row(row, states) for row in rows), pages, is_new)


def _row(deployment: Deployment, states: Mapping[int, StateTag]) -> Row:
    return Row(deployment, states.get(deployment.release.family.line_id) if deployment.release else None)


def states_of(lines: Iterable[Line]) -> dict[int, StateTag]:
    """By line, as the board last stored them. One query, none for no line."""
    wanted = {line.pk for line in lines}
    if not wanted:
        return {}
    rubric = load_rubric(SHIPPED)
    stored = Score.objects.newest().filter(line__in=wanted).values_list("line", "state", "state_since")
    return {pk: StateTag(code, rubric.state_label(code), since) for pk, code, since in stored}


# One deployment -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DeploymentPage:
    deployment: Deployment
    state: StateTag | None
    unknown: tuple[str, ...]  # what an answer would need and nobody said
    changed_by: str  # blank: nobody who is known


def deployment_page(deployment: Deployment) -> DeploymentPage:
    states = states_of([deployment.release.family.line] if deployment.release else [])
    last = deployment.history.select_related("history_user").first()
    by = last.history_user.get_username() if last and last.history_user else ""
    return DeploymentPage(deployment, _row(deployment, states).state, tuple(_unknown(deployment)), by)


def _unknown(deployment: Deployment) -> Iterable[str]:
    if deployment.release is None:
        yield "Nobody said which release it stands on, so no risk can be given for it."
    if not deployment.revision:
        yield "No revision is pinned: what runs may change without a word."
    if deployment.switch_days is None:
        yield "Nobody said how long a switch takes."
    if deployment.switch_likely is None:
        yield "Nobody said how much work a switch is."
    if deployment.embed_depth is None:
        yield "Nobody said how deep it is built in."
    if deployment.mirror == "unknown":
        yield "Nobody said whether there is a copy of the weights."
    if not deployment.license_text:
        yield "The license text of the day of the download was not kept."
    if deployment.workflow.tolerated_days is None:
        yield f"Nobody said how long {deployment.workflow} may stand still."


# Forms --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    note: str
    fields: tuple[tuple[forms.BoundField, bool], ...]  # with whether it takes the whole width


@dataclass(frozen=True, slots=True)
class Difference:
    """What somebody saved meanwhile against what was typed."""

    label: str
    theirs: str
    typed: str


@dataclass(frozen=True, slots=True)
class EditPage:
    form: DeploymentForm
    sections: tuple[Section, ...]
    deployment: Deployment | None  # None: a new one
    picked: Release | None
    differences: tuple[Difference, ...] = ()
    is_conflict: bool = False


def edit_page(form: DeploymentForm, picked: Release | None = None, *, is_conflict: bool = False) -> EditPage:
    """``is_conflict``: the form stands on what somebody else saved meanwhile."""
    return EditPage(
        form=form,
        sections=tuple(_section(form, *section) for section in SECTIONS),
        deployment=form.instance if form.instance.pk else None,
        picked=picked,
        differences=differences_of(form) if is_conflict else (),
        is_conflict=is_conflict,
    )


def _section(form: DeploymentForm, title: str, note: str, names: tuple[str, ...]) -> Section:
    return Section(title, note, tuple((form[name], name in WIDE) for name in names))


def differences_of(form: "forms.ModelForm[Any]") -> tuple[Difference, ...]:
    """Of each field that would be saved otherwise than it is on record."""
    names = [name for name in form.changed_data if name != "version"]
    return tuple(Difference(str(form[name].label), _said(form, name, True), _said(form, name, False)) for name in names)


def _said(form: "forms.ModelForm[Any]", name: str, on_record: bool) -> str:
    value = form.get_initial_for_field(form.fields[name], name) if on_record else form.data.get(name)
    choices = getattr(form.fields[name], "choices", ())
    words = {str(key): str(label) for key, label in choices}
    said = "" if value is None else str(value)
    return words.get(said, said) or "blank"


@dataclass(frozen=True, slots=True)
class WorkflowPage:
    workflow: Workflow
    form: WorkflowForm
    deployments: tuple[Deployment, ...]  # also retired ones
    differences: tuple[Difference, ...] = ()
    is_conflict: bool = False


def workflow_page(form: WorkflowForm, workflow: Workflow, *, is_conflict: bool = False) -> WorkflowPage:
    deployed = tuple(workflow.deployments.with_release().order_by("retired_on", "reference", "pk"))
    return WorkflowPage(workflow, form, deployed, differences_of(form) if is_conflict else (), is_conflict)


# Picking ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pick:
    slug: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class PickPage:
    query: str
    picks: tuple[Pick, ...]
    left_out: int
    hub: HubId | None  # the query names a repository
    nearest: tuple[str, ...]


def pick_page(query: str) -> PickPage:
    """Releases named like the question; without one, the newest flagships whose weights are out."""
    picks = _named(query) if query else _newest()
    hub = hub_id(query) if query else None
    return PickPage(
        query=query,
        picks=tuple(picks[:MOST_TO_PICK]),
        left_out=max(len(picks) - MOST_TO_PICK, 0),
        hub=hub if hub and hub.name else None,
        nearest=tuple(nearest_names(hub.name or hub.owner if hub else query)) if query and not picks else (),
    )


def _named(query: str) -> list[Pick]:
    hub = hub_id(query)
    rows = named_like(str(hub) if hub else query) or (named_like(hub.name) if hub and hub.name else [])
    return [
        Pick(row.slug, row.name, " · ".join(filter(None, (row.vendor, row.also))))
        for row in rows
        if row.kind == "release"
    ]


def _newest() -> list[Pick]:
    rows = Release.objects.flagships().filter(weights_on__isnull=False, withdrawn_on__isnull=True)
    newest = rows.select_related("family__line__vendor").order_by("-weights_on", "name")[:MOST_TO_PICK]
    return [
        Pick(row.slug, row.name, " · ".join(filter(None, (row.family.line.vendor.name, row.hf_repo)))) for row in newest
    ]
