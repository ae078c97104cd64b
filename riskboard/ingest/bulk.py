"""The same decision about many proposals. One that fails leaves the others alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError

from riskboard.ingest.decisions import accept, dismiss, merge
from riskboard.ingest.holding import Conflict
from riskboard.ingest.models import Proposal
from riskboard.ingest.seconding import Effect, SamePersonError
from riskboard.ingest.undoing import UndoError, undo


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many: its new state, or in a sentence why it stayed as it was."""

    number: int
    state: str
    problem: str = ""


def of_many(chosen: Mapping[int, int], decide: Callable[[Proposal, int], Proposal]) -> list[Outcome]:
    """Decides each on its own: number to version. One that fails leaves the others alone."""
    found = Proposal.objects.in_bulk(chosen)
    return [_outcome(number, found.get(number), version, decide) for number, version in chosen.items()]


def _outcome(
    number: int, proposal: Proposal | None, version: int, decide: Callable[[Proposal, int], Proposal]
) -> Outcome:
    if proposal is None:
        return Outcome(number, "", "There is no such proposal.")
    try:
        return Outcome(number, decide(proposal, version).state)
    except ValidationError as error:
        sentences = [f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items()]
        return Outcome(number, proposal.state, " ".join(sentences))
    except (Conflict, SamePersonError, UndoError) as error:
        return Outcome(number, proposal.state, str(error))


def accept_many(
    chosen: Mapping[int, int], *, by: AbstractBaseUser, now: datetime, effect: Effect | None = None
) -> list[Outcome]:
    return of_many(chosen, lambda proposal, version: accept(proposal, by=by, now=now, version=version, effect=effect))


def dismiss_many(chosen: Mapping[int, int], *, by: AbstractBaseUser, reason: str, now: datetime) -> list[Outcome]:
    return of_many(chosen, lambda proposal, version: dismiss(proposal, by=by, reason=reason, now=now, version=version))


def merge_many(chosen: Mapping[int, int], *, into: Proposal, by: AbstractBaseUser, now: datetime) -> list[Outcome]:
    return of_many(chosen, lambda proposal, version: merge(proposal, into=into, by=by, now=now, version=version))


def undo_many(chosen: Mapping[int, int], *, by: AbstractBaseUser, now: datetime) -> list[Outcome]:
    return of_many(chosen, lambda proposal, version: undo(proposal, by=by, now=now, version=version))
