"""The fit to the reference class as a file: versioned, dated, and readable without the class (method section 14)."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

import numpy as np

from scoring.engine.backtest import choice_at_end, tabulate
from scoring.engine.cases import Case
from scoring.engine.expert import Candidate, Expert, load_expert
from scoring.engine.fit import Posterior, fit
from scoring.engine.periods import last_day
from scoring.engine.schema import Count, Points, RubricError, build

REFERENCE = "reference-0.1.0"


@dataclass(frozen=True, slots=True)
class Reference:
    """``mean`` and ``covariance`` in nats, in the order of ``columns``; the trend stands still after ``until``."""

    name: str
    made_on: str
    known_through: str  # last day of which the class knows anything
    expert: str
    expert_sha256: str
    class_sha256: str
    cases: Count
    failures: Count
    candidate: Candidate
    center: Points
    until: Points
    columns: tuple[str, ...]
    mean: tuple[Points, ...]
    covariance: tuple[tuple[Points, ...], ...]

    @property
    def posterior(self) -> Posterior:
        return Posterior(self.columns, np.array(self.mean), np.array(self.covariance), self.center, self.until)


def make_reference(cases: Sequence[Case], class_sha256: str, made_on: date, name: str = REFERENCE) -> Reference:
    """Fit everything the class knows; the trend's freedom is what would have served best at every origin so far."""
    expert = load_expert()
    table = tabulate(cases, expert)
    candidate = choice_at_end(table, expert)
    known = table.known()
    posterior = fit(known.periods, expert, candidate, known.until)
    return Reference(
        name=name,
        made_on=made_on.isoformat(),
        known_through=last_day(cases).isoformat(),
        expert=expert.name,
        expert_sha256=expert.sha256,
        class_sha256=class_sha256,
        cases=len(cases),
        failures=sum(case.failed for case in cases),
        candidate=candidate,
        center=posterior.center,
        until=posterior.until,
        columns=posterior.columns,
        mean=tuple(posterior.mean.tolist()),
        covariance=tuple(tuple(row) for row in posterior.covariance.tolist()),
    )


def render(reference: Reference) -> str:
    """The file. Numbers are rounded to nine digits, far below what the machine's arithmetic leaves undecided."""
    rows = [f"    [{', '.join(_number(value) for value in row)}]," for row in reference.covariance]
    weights = [
        f"    {_number(value)},  # {column}" for column, value in zip(reference.columns, reference.mean, strict=True)
    ]
    columns = [f'    "{column}",' for column in reference.columns]
    return "\n".join(
        [
            "# Fitted to the reference class by `manage.py fit --write`; docs/backtest.md says how well it forecasts.",
            "# Nats of log rate per half-year; the features are those of the named file of priors.",
            f'name = "{reference.name}"',
            f'made_on = "{reference.made_on}"',
            f'known_through = "{reference.known_through}"',
            f'expert = "{reference.expert}"',
            f'expert_sha256 = "{reference.expert_sha256}"',
            f'class_sha256 = "{reference.class_sha256}"',
            f"cases = {reference.cases}",
            f"failures = {reference.failures}",
            f"candidate = {{ era_spread = {reference.candidate.era_spread}, recency = {reference.candidate.recency} }}",
            f"center = {reference.center}",
            f"until = {_number(reference.until)}",
            "columns = [",
            *columns,
            "]",
            "mean = [",
            *weights,
            "]",
            "covariance = [",
            *rows,
            "]",
            "",
        ]
    )


def _number(value: float) -> str:
    return f"{value:.9e}"


@lru_cache(maxsize=4)
def load_reference(name: str = REFERENCE) -> Reference:
    """The packaged fit of that name. Raises RubricError where it, or the file of priors it names, is not usable."""
    return parse_reference((resources.files("scoring.engine") / "fits" / f"{name}.toml").read_bytes())


def parse_reference(content: bytes) -> Reference:
    try:
        data = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RubricError(f"reference: not readable as TOML: {error}") from error
    reference = build(Reference, data, "reference")
    count = len(reference.columns)
    if len(reference.mean) != count or [len(row) for row in reference.covariance] != [count] * count:
        raise RubricError(f"reference: mean and covariance must fit the {count} columns")
    _check_expert(reference, load_expert(reference.expert))
    return reference


def _check_expert(reference: Reference, expert: Expert) -> None:
    if reference.columns != expert.columns:
        raise RubricError(f"reference.columns: are not those of {expert.name}")
    if reference.expert_sha256 != expert.sha256:
        raise RubricError(f"reference.expert_sha256: {expert.name} has changed since; fit again")
