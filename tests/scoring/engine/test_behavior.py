"""Release behavior by hand: share of open flagship launches, rhythm, delay of the weights."""

import math
from dataclasses import replace

import numpy as np
import pytest

from scoring.engine.behavior import read_behavior
from scoring.engine.facts import Release
from scoring.engine.launches import tabulate
from tests.scoring.engine.dossiers import RUBRIC, START, on, release


def features(day: int, *releases: Release) -> dict[str, float]:
    days = np.array([on(day).toordinal()], dtype=np.int64)
    return {
        name: float(points[0]) for name, points in read_behavior(releases, tabulate(releases), RUBRIC, days).items()
    }


def test_flagship_share_by_hand() -> None:
    """One open launch a year ago, one of last week without weights yet."""
    releases = (release("old", 0, 0), release("new", 360))
    # weights 2^(-365/365) = 0.5 and 2^(-5/365) = 0.990550; credit 1 and 0.5
    # share (1 x 0.7 + 0.5 x 1 + 0.990550 x 0.5) / (1 + 0.5 + 0.990550) = 1.695275 / 2.490550 = 0.680683
    # 20 x (0.680683 - 0.7) = -0.386340
    assert features(365, *releases)["flagship_share"] == pytest.approx(-0.386340, abs=1e-4)


def test_a_flagship_without_weights_gets_30_days_of_grace() -> None:
    new = (release("new", 0),)
    # day 29: weight 2^(-29/365) = 0.946409; (0.7 + 0.473204) / 1.946409 = 0.602754; 20 x (0.602754 - 0.7) = -1.944926
    assert features(29, *new)["flagship_share"] == pytest.approx(-1.944926, abs=1e-4)
    # day 30: closed; weight 2^(-30/365) = 0.944613; 0.7 / 1.944613 = 0.359969; 20 x (0.359969 - 0.7) = -6.800614
    assert features(30, *new)["flagship_share"] == pytest.approx(-6.800614, abs=1e-4)


def test_the_share_stays_within_its_bounds_and_its_window() -> None:
    many_closed = [release(f"c{n}", n) for n in range(40)]
    many_open = [release(f"o{n}", n, n) for n in range(40)]
    assert features(100, *many_closed)["flagship_share"] == -12
    assert 5 < features(100, *many_open)["flagship_share"] <= 6
    assert not math.isnan(features(729, release("old", 0, 0))["flagship_share"])
    assert math.isnan(features(730, release("old", 0, 0))["flagship_share"])


def test_a_withdrawn_flagship_is_no_longer_open() -> None:
    gone = release("gone", 0, 0, withdrawn=on(50))
    assert features(49, gone) == pytest.approx(features(49, release("gone", 0, 0)), nan_ok=True)
    closed = features(49 + 60, release("gone", 0))["flagship_share"]
    assert features(49 + 60, gone)["flagship_share"] == pytest.approx(closed)
    # The weights were out all the same: how long they took is not forgotten.
    assert features(109, gone)["open_lag"] == 1.0


def test_unknown_access_is_neither_open_nor_closed() -> None:
    unknown = release("maybe", 100, closed=False)
    known = release("open", 0, 0)
    assert features(300, known, unknown) == pytest.approx(features(300, known), nan_ok=True)
    assert all(math.isnan(points) for points in features(300, unknown).values())


def test_a_larger_model_of_unknown_access_does_not_decide_a_launch() -> None:
    shipped = release("shipped", 0, 0, launch="gen", size=400.0)
    previewed = release("previewed", 0, launch="gen", size=2000.0, closed=False)
    assert features(300, shipped, previewed) == pytest.approx(features(300, shipped), nan_ok=True)


def test_a_launch_is_judged_by_its_largest_member_announced_so_far() -> None:
    small = release("small", 0, 0, launch="gen", size=7.0)
    large = release("large", 50, launch="gen", size=400.0)
    nameless = release("hosted", 20, launch="gen", size=None)
    assert features(49, small, large, nameless) == pytest.approx(features(49, small), nan_ok=True)
    share = features(200, small, large, nameless)["flagship_share"]
    assert share == pytest.approx(features(200, large)["flagship_share"])


def test_cadence_by_hand() -> None:
    steady = [release(f"r{n}", 100 * n, 100 * n) for n in range(3)]
    # usual gap 100; 400 days since the last: log2(400 / (2 x 100)) = 1, times 3
    assert features(600, *steady)["cadence"] == pytest.approx(-3.0)
    # within twice the usual gap nothing is lost
    assert features(400, *steady)["cadence"] == 0
    # floor: log2(3200 / 200) = 4, times 3 is more than 8
    assert features(3400, *steady)["cadence"] == -8
    # gaps below 60 days count as 60: 240 / (2 x 60) = 2
    quick = [release(f"q{n}", n, n) for n in range(3)]
    assert features(242, *quick)["cadence"] == pytest.approx(-3.0)


def test_two_releases_show_no_rhythm() -> None:
    assert math.isnan(features(600, release("a", 0, 0), release("b", 50, 50))["cadence"])


def test_cadence_counts_smaller_releases_too() -> None:
    steady = [release(f"r{n}", 100 * n, 100 * n) for n in range(3)]
    assert features(610, *steady, replace(release("mini", 600, 600), flagship=False))["cadence"] == 0


def test_open_lag_by_hand() -> None:
    # 56 days: -1.2 x log2(56 / 14) = -2.4
    assert features(100, release("a", 0, 56))["open_lag"] == pytest.approx(-2.4)
    # median of 0 and 56 is 28: -1.2 x log2(2) = -1.2
    assert features(100, release("a", 0, 56), release("b", 0, 0))["open_lag"] == pytest.approx(-1.2)
    # up to 7 days: +1
    assert features(100, release("a", 0, 7))["open_lag"] == 1.0
    # before the weights are out nothing is known about their delay
    assert math.isnan(features(55, release("a", 0, 56))["open_lag"])


def test_weights_found_before_the_announcement_count_from_the_announcement() -> None:
    early = release("early", 10, 5)
    assert math.isnan(features(9, early)["open_lag"])
    assert features(10, early)["open_lag"] == 1.0
    steady = (release("a", 0, 0), release("b", 100, 100), release("c", 200, 150))
    assert math.isnan(features(199, *steady)["cadence"])
    assert features(200, *steady)["cadence"] == 0


def test_days_are_read_alike_alone_or_together() -> None:
    releases = tuple(release(f"r{n}", 70 * n, 70 * n + 20 * (n % 3)) for n in range(6))
    days = np.arange(START.toordinal(), START.toordinal() + 900, dtype=np.int64)
    together = read_behavior(releases, tabulate(releases), RUBRIC, days)
    for offset in range(0, 900, 37):
        alone = features(offset, *releases)
        assert {name: points[offset] for name, points in together.items()} == pytest.approx(alone, nan_ok=True)
