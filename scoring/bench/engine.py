"""How fast the engine is, next to what the machine could do at best in the same minutes."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from scoring import backtests
from scoring.bench.ratios import Ratio, medians, peak_megabytes
from scoring.bench.world import World, dossier, draw
from scoring.engine.backtest import DRAWS
from scoring.engine.facts import Dossier, Report
from scoring.engine.increment import Lane, lane
from scoring.engine.layout import layout
from scoring.engine.panel import Panel, fold, nothing_known
from scoring.engine.rubric import SHIPPED, Rubric, load_rubric
from scoring.engine.totals import event_totals
from scoring.histories import load_shipped

BUFFER = 1 << 27  # bytes copied to learn the bandwidth: far more than any cache holds
FRESH = 8  # reports added, each by itself: early ones take longer than late ones
STEPS = 5  # sizes over which growth is fitted, from a hundredth of the whole


def measure(lines: int, days: int, reports: int, rounds: int) -> Iterator[Ratio]:
    rubric = load_rubric(SHIPPED)
    world = draw(rubric, lines, days, reports)
    yield from _panel(world, rubric, rounds)
    yield from _growth(rubric, lines, days, reports, rounds)
    yield _backtest(rounds)
    yield Ratio("memory", "largest memory of the whole run, MB", round(peak_megabytes(), 1), 2048.0)


def score(world: World, rubric: Rubric) -> Panel:
    """From reports as arrays to scores with their bands: pooling, entering, fading, saturation, folding."""
    totals = event_totals(world.columns, rubric, world.days)
    return fold((), totals, nothing_known(totals, rubric), rubric, world.days)


def groups(rubric: Rubric) -> int:
    """Dimensions x signs x half-lives."""
    return 2 * len({(kind.dimension, kind.half_life) for kind in rubric.kinds.values()})


def _panel(world: World, rubric: Rubric, rounds: int) -> Iterator[Ratio]:
    columns = world.columns
    row = columns.lines // 2
    whole = dossier(world, rubric, row)
    fresh = whole.reports[:: max(1, len(whole.reports) // FRESH)]
    before = [_without(whole, report, rubric, world) for report in fresh]

    def add() -> list[Panel]:
        return [kept.with_report(report).scores() for kept, report in zip(before, fresh, strict=True)]

    seconds = medians({"copy": _copying(), "panel": lambda: score(world, rubric), "add": add}, rounds)
    yield from _over_floors(world, rubric, seconds["panel"], BUFFER / seconds["copy"])
    taken = seconds["add"] / len(fresh)
    yield Ratio(
        "report",
        "one new report and its line scored on every day, over the panel",
        taken / seconds["panel"],
        1e-3,
        1e-4,
    )
    yield Ratio("report-time", "the same in milliseconds", 1000 * taken, 5.0, 0.5)
    panel = score(world, rubric)
    apart = max(np.abs([(g.raw - panel.raw[row]), (g.sd - panel.sd[row])]).max() for g in add())
    yield Ratio("report-difference", "points between the two on any day", float(apart), 1e-9)


def _over_floors(world: World, rubric: Rubric, seconds: float, bandwidth: float) -> Iterator[Ratio]:
    lines, days = world.columns.lines, len(world.days)
    size = f"{lines:,} lines x {days:,} days x {len(world.columns.event):,} reports"
    states = len(layout(rubric).rates)
    for name, what, count, target, stretch in (
        ("panel", f"panel of {size}, over copying {groups(rubric)} groups once", groups(rubric), 15.0, 6.0),
        ("panel-states", f"the same, over copying all {states} states once, those of spread too", states, None, None),
    ):
        floor = count * lines * days * 8 / bandwidth
        details = {"seconds": seconds, "floor_seconds": floor, "copy_gb_s": bandwidth / 1e9}
        yield Ratio(name, what, seconds / floor, target, stretch, details)


def _without(whole: Dossier, report: Report, rubric: Rubric, world: World) -> Lane:
    others = tuple(row for row in whole.reports if row is not report)
    return lane(replace(whole, reports=others), rubric, world.days)


def _copying() -> Callable[[], None]:
    source, target = np.ones(BUFFER // 8), np.empty(BUFFER // 8)
    return lambda: np.copyto(target, source)


def _growth(rubric: Rubric, lines: int, days: int, reports: int, rounds: int) -> Iterator[Ratio]:
    sizes = [int(reports * 10 ** (step / 2.0 - 2.0)) for step in range(STEPS)]
    fixed = [draw(rubric, lines, days, size) for size in sizes]
    yield Ratio(
        "growth",
        f"growth exponent in reports, {sizes[0]:,} to {sizes[-1]:,}, same lines and days",
        _exponent(fixed, rubric, rounds),
        1.05,
        1.0,
    )
    growing = [draw(rubric, max(1, lines * size // reports), days, size) for size in sizes]
    yield Ratio(
        "growth-board",
        "growth exponent in reports, when there are more lines with them",
        _exponent(growing, rubric, rounds),
        1.05,
        1.0,
    )


def _exponent(worlds: list[World], rubric: Rubric, rounds: int) -> float:
    seconds = medians({str(place): partial(score, world, rubric) for place, world in enumerate(worlds)}, rounds)
    sizes = [len(world.columns.event) for world in worlds]
    return float(np.polyfit(np.log(sizes), np.log(list(seconds.values())), 1)[0])


def _backtest(rounds: int) -> Ratio:
    cases = load_shipped().cases
    taken = medians({"backtest": lambda: backtests.report(backtests.refit(cases))}, min(rounds, 3))
    return Ratio(
        "backtest",
        f"whole back-test of {len(cases)} cases with baselines and {DRAWS:,} bootstrap draws, seconds",
        taken["backtest"],
        10.0,
        2.0,
    )
