"""Short ways to write commitments of the past, and a made-up class of them."""

from datetime import date, timedelta
from functools import cache

import numpy as np

from scoring.engine.backtest import Run, Table, roll, tabulate
from scoring.engine.cases import Case, PastFact, PastSignal
from scoring.engine.expert import load_expert
from scoring.engine.facts import Direction
from scoring.histories import load_shipped

EXPERT = load_expert()
STATES: dict[str, str | None] = {"governance": "single_vendor", "funding": "vc", "cla": "yes"}


def signal(kind: str, occurred: str, direction: Direction = "weakens", severity: int = 5) -> PastSignal:
    return PastSignal(kind, date.fromisoformat(occurred), direction, severity)


def case(
    name: str = "one",
    started: str = "2015-01-01",
    ended: str = "2020-01-01",
    *,
    failed: bool = False,
    states: dict[str, str | None] | None = None,
    signals: tuple[PastSignal, ...] = (),
    facts: tuple[PastFact, ...] = (),
    vendor: str = "",
    terms: str = "Apache-2.0",
    domain: str = "database",
) -> Case:
    return Case(
        id=name,
        vendor=vendor or name,
        domain=domain,
        terms=terms,
        started=date.fromisoformat(started),
        ended=date.fromisoformat(ended),
        failed=failed,
        last_known=STATES | (states or {}),
        signals=signals,
        facts=facts,
    )


def days(*texts: str) -> np.ndarray:
    return np.array([date.fromisoformat(text).toordinal() for text in texts])


def made_up(seed: int, count: int) -> list[Case]:
    """Commitments that all fail at one rate, whatever is known of them."""
    generator = np.random.default_rng(seed)
    cases = []
    for number in range(count):
        started = date(2000, 1, 1) + timedelta(days=int(generator.integers(0, 5000)))
        fails = started + timedelta(days=int(generator.exponential(5000)) + 1)
        last = date(2024, 12, 31)
        governance = str(generator.choice(["single_vendor", "foundation", "community"]))
        cases.append(
            case(
                f"case-{number}",
                started.isoformat(),
                min(fails, last).isoformat(),
                failed=fails < last,
                states={"governance": governance},
            )
        )
    return cases


@cache
def shipped_table() -> Table:
    return tabulate(load_shipped().cases, EXPERT)


@cache
def shipped_run() -> Run:
    return roll(shipped_table(), EXPERT)
