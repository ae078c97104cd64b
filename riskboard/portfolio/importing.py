"""From a file of a team to its deployments: first what the file names, then what somebody let through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from riskboard.catalog.cells import CellError
from riskboard.catalog.models import Release
from riskboard.portfolio.columns import COLUMNS, SWITCH
from riskboard.portfolio.kinds import Environment, Matched, Mirror, Relation
from riskboard.portfolio.matching import Match, matches
from riskboard.portfolio.models import Deployment, PortfolioImport, PortfolioMention, Team, Workflow
from riskboard.portfolio.reading import Fault, Mention, kind_of, read
from riskboard.portfolio.services import save_workflow

NOTHING = "names no model that could be recognized"
OF_THE_MENTION = frozenset({"model", "scheme", "revision"})
LONGEST_WHY = 300
Key = tuple[int, str, str, str]


def begin(
    team: Team, *, name: str, content: bytes, kind: str | None, by: AbstractBaseUser | None, now: datetime
) -> PortfolioImport:
    """Keeps what the file names, for somebody to look through. Raises Fault, and then nothing is kept."""
    chosen = kind or kind_of(name, content)
    mentions = read(name, content, chosen)
    if not mentions:
        raise Fault("", NOTHING)
    for mention in mentions:
        _refuse_wrong_cells(mention)
    rows = zip(mentions, matches(mentions), strict=True)
    with transaction.atomic():
        imported = PortfolioImport.objects.create(
            team=team,
            made_by_id=by.pk if by else None,
            name=name[-200:],
            kind=chosen,
            sha256=sha256(content).hexdigest(),
            created_at=now,
        )
        PortfolioMention.objects.bulk_create(
            [_row(imported, place, *pair) for place, pair in enumerate(rows, start=1)], batch_size=500
        )
    return imported


def _row(imported: PortfolioImport, position: int, mention: Mention, match: Match) -> PortfolioMention:
    return PortfolioMention(
        imported=imported,
        position=position,
        reference=mention.reference,
        scheme=mention.scheme,
        where=mention.where,
        why=mention.why,
        revision=mention.revision,
        relation=match.relation,
        release=match.release,
        matched=match.matched,
        matched_why=match.why[:LONGEST_WHY],
        cells={name: cell for name, cell in mention.cells if cell},
    )


# Cells of a table ---------------------------------------------------------------------------------


def _fields(cells: Mapping[str, str]) -> dict[str, Any]:
    """By path, what the other columns say. Raises CellError naming the column."""
    known: dict[str, Any] = {}
    for column in COLUMNS:
        if column.name in OF_THE_MENTION or not cells.get(column.name):
            continue
        try:
            known[column.path] = column.parse(cells[column.name])
        except CellError as error:
            raise CellError(f"{column.name}: {error}") from None
    return known


def _split(known: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the columns say of the workflow, and of the deployment."""
    of_workflow = {path.removeprefix("workflow."): value for path, value in known.items() if path[:9] == "workflow."}
    return of_workflow, {path: value for path, value in known.items() if path[:9] != "workflow."}


def _refuse_wrong_cells(mention: Mention) -> None:
    """What the tables would refuse is said at once, with its line."""
    try:
        of_workflow, fields = _split(_fields(dict(mention.cells)))
        Workflow(**({"name": "any"} | of_workflow)).clean_fields(exclude=["team"])
        Deployment(reference=mention.reference, scheme=mention.scheme, **fields).clean_fields(
            exclude=["workflow", "release", "reference", "scheme"]
        )
        _refuse_contradictions(fields)
    except CellError as error:
        raise Fault(mention.where, str(error)) from None
    except ValidationError as error:
        said = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
        raise Fault(mention.where, said) from None


def _refuse_contradictions(fields: Mapping[str, Any]) -> None:
    days = [fields[name] for name in SWITCH if name in fields]
    if days and (len(days) < len(SWITCH) or days != sorted(days)):
        raise CellError("switch_low, switch_likely and switch_high: give all three, from low to high, or none")
    if fields.get("mirror") == Mirror.VERIFIED and not (fields.get("mirror_sha256") and "mirror_checked_on" in fields):
        raise CellError("mirror: verified needs mirror_sha256 and mirror_checked_on")


# Recording ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody said of one row. ``release``: matched by hand; ``unmatch``: what was guessed is wrong."""

    workflow: str = ""
    release: Release | None = None
    unmatch: bool = False
    skip: bool = False


@dataclass(slots=True)
class Recorded:
    made: list[Deployment] = field(default_factory=list)
    there_already: list[Deployment] = field(default_factory=list)
    skipped: int = 0


def record(
    imported: PortfolioImport,
    choices: Mapping[int, Choice],
    *,
    workflow: str,
    environment: Environment,
    everything: bool,
    now: datetime,
) -> Recorded:
    """Makes deployments of the waiting rows in ``choices``, by key, and of all others too where ``everything``.

    All or nothing; a second time it finds what the first one made. ``workflow`` and ``environment`` are for rows that
    name none. Raises ValidationError for a row without a workflow.
    """
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=imported.team_id)
        waiting = imported.mentions.waiting().select_related("release")
        rows = list(waiting if everything else waiting.filter(pk__in=choices))
        recorded = _Recording(imported.team, workflow, environment).all(rows, choices)
        PortfolioMention.objects.bulk_update(rows, ["state", "deployment"], batch_size=500)
        if imported.recorded_at is None and not imported.mentions.waiting().exists():
            imported.recorded_at = now
            imported.save(update_fields=["recorded_at"])
    return recorded


class _Recording:
    """Of one call. The locks on the workflows make two who add the same wait for each other."""

    def __init__(self, team: Team, workflow: str, environment: Environment) -> None:
        self.team, self.workflow, self.environment = team, workflow.strip(), environment
        self.workflows = {each.name.casefold(): each for each in team.workflows.select_for_update()}
        self.known: dict[Key, Deployment] = {
            (each.workflow_id, each.environment, each.scheme, each.reference): each
            for each in Deployment.objects.of(team).in_use()
        }

    def all(self, rows: Iterable[PortfolioMention], choices: Mapping[int, Choice]) -> Recorded:
        recorded = Recorded()
        for row in rows:
            choice = choices.get(row.pk, Choice())
            if choice.skip:
                row.state = PortfolioMention.State.SKIPPED
                recorded.skipped += 1
                continue
            deployment = self._deployment(row, choice)
            key = (deployment.workflow_id, deployment.environment, deployment.scheme, deployment.reference)
            if key in self.known:
                recorded.there_already.append(self.known[key])
            else:
                deployment.save()
                self.known[key] = deployment
                recorded.made.append(deployment)
            row.deployment, row.state = self.known[key], PortfolioMention.State.RECORDED
        return recorded

    def _deployment(self, row: PortfolioMention, choice: Choice) -> Deployment:
        of_workflow, fields = _split(_fields(row.cells))
        named = choice.workflow.strip() or of_workflow.pop("name", "") or self.workflow
        if not named:
            raise ValidationError(f"{row.reference} ({row.where}): say in which workflow it runs.")
        deployment = Deployment(
            workflow=self._workflow(named, of_workflow),
            reference=row.reference,
            scheme=row.scheme,
            revision=row.revision,
            **({"environment": self.environment} | fields),
        )
        _match(deployment, row, choice)
        return deployment

    def _workflow(self, name: str, fields: Mapping[str, Any]) -> Workflow:
        """One of the team by this name as it is, else a new one with what the row says of it."""
        known = self.workflows.get(name.casefold())
        if known is None:
            known = Workflow(team=self.team, **{**fields, "name": name})
            known.clean_fields(exclude=["team"])
            self.workflows[name.casefold()] = save_workflow(known)
        return known


def _match(deployment: Deployment, row: PortfolioMention, choice: Choice) -> None:
    deployment.relation = Relation(row.relation)
    if choice.release is not None:
        deployment.release, deployment.matched = choice.release, Matched.MANUAL
    elif row.release is not None and not choice.unmatch:
        deployment.release, deployment.matched = row.release, Matched(row.matched)
        deployment.matched_why = row.matched_why
