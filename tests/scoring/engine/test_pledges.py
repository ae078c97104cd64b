"""What a promise is worth, and its status rule by rule."""

from collections.abc import Callable

import numpy as np
import pytest

from scoring.engine.evidence import DayNumbers, Floats
from scoring.engine.facts import Breach, Pledge, Release
from scoring.engine.launches import tabulate
from scoring.engine.pledges import PledgeTrack, launch_record, track_pledge
from scoring.engine.rubric import load_rubric
from tests.scoring.engine.dossiers import START, on, pledge, release

CONSTANTS = load_rubric("durability-0.2.0").pledges  # in 0.3.0 promises weigh nothing
Level = Callable[[int], float]


def track(
    promise: Pledge,
    day: int,
    releases: tuple[Release, ...] = (),
    breaches: tuple[Breach, ...] = (),
    level: Level | None = None,
) -> PledgeTrack:
    """A pledge on one day, under a pressure level given by day offset (0.1 unless said)."""

    def pressure(days: DayNumbers) -> Floats:
        return np.array([level(int(number) - START.toordinal()) if level else 0.1 for number in days])

    days = np.array([on(day).toordinal()], dtype=np.int64)
    record = launch_record(tabulate(releases), CONSTANTS, pressure, days)
    return track_pledge(promise, breaches, record, CONSTANTS, pressure, days)


def points(*arguments: object, **named: object) -> float:
    return float(track(*arguments, **named).points[0])  # type: ignore[arg-type]


def status(*arguments: object, **named: object) -> str:
    return track(*arguments, **named).status(0, CONSTANTS)[0]  # type: ignore[arg-type]


def test_an_untested_pledge_by_hand() -> None:
    # credibility 1.5 / 2.5 = 0.6; specific 0.8 x press 0.7 x silence 2^(-270/270) = 0.28; x (2 x 0.6 - 1) = 0.056; x 9
    assert points(pledge("p"), 270) == pytest.approx(0.504)
    # a binding contract does not fade: 1 x 1 x 1 x 0.2 x 9
    assert points(pledge("p", specificity="binding", channel="contract"), 270) == pytest.approx(1.8)


def test_a_kept_pledge_by_hand() -> None:
    # one flagship opened on day 100, looked at on day 100: kept weight 1; credibility 2.5 / 3.5 = 0.714286
    # 0.8 x 0.7 x 1 x (2 x 0.714286 - 1) = 0.24; x 9 = 2.16
    kept = track(pledge("p"), 100, (release("a", 100, 100),))
    assert kept.credibility[0] == pytest.approx(2.5 / 3.5)
    assert kept.points[0] == pytest.approx(2.16)


def test_a_missed_launch_by_hand() -> None:
    # hosted only since day 0, a miss from day 90: on day 90 credibility 1.5 / 3.5 = 0.428571, factor -0.142857
    # silence 2^(-90/270) = 0.793701; 0.8 x 0.7 x 0.793701 x -0.142857 x 9 = -0.571464; a negative value counts half
    missed = track(pledge("p"), 90, (release("a", 0),))
    assert missed.points[0] == pytest.approx(-0.285732, abs=1e-5)
    assert points(pledge("p"), 89, (release("a", 0),)) > 0


def test_pressure_never_tested_under_by_hand() -> None:
    def risen(day: int) -> float:
        return 0.1 if day < 50 else 0.6

    # gap 0.5: e^(-2 x 0.5) = 0.367879; 0.8 x 0.7 x 2^(-60/270) x 0.2 x 9 x 0.367879 = 0.317887
    assert points(pledge("p"), 60, level=risen) == pytest.approx(0.317887, abs=1e-5)
    assert track(pledge("p"), 60, level=risen).gap[0] == pytest.approx(0.5)


def test_every_kept_release_raises_credibility_and_worth() -> None:
    kept = tuple(release(f"k{n}", 60 * n, 60 * n) for n in range(6))
    tracks = [track(pledge("p"), 320, kept[:count]) for count in range(1, 7)]
    worth = [float(t.points[0]) for t in tracks]
    belief = [float(t.credibility[0]) for t in tracks]
    assert worth == sorted(set(worth))
    assert belief == sorted(set(belief))


def test_silence_wears_a_promise_away() -> None:
    kept = tuple(release(f"k{n}", 60 * n, 60 * n) for n in range(6))
    worth = [points(pledge("p"), day, kept) for day in range(320, 1220, 90)]
    assert worth == sorted(set(worth), reverse=True)
    assert points(pledge("b", specificity="binding", channel="contract"), 900, kept) > points(pledge("p"), 900, kept)


def test_keeping_it_under_pressure_restores_it() -> None:
    def risen(day: int) -> float:
        return 0.1 if day < 310 else 0.7

    kept = tuple(release(f"k{n}", 60 * n, 60 * n) for n in range(6))
    again = (*kept, release("again", 315, 315))
    assert status(pledge("p"), 305, kept, level=risen) == "kept"
    assert status(pledge("p"), 320, kept, level=risen) == "at_risk"
    assert status(pledge("p"), 320, again, level=risen) == "kept"
    assert points(pledge("p"), 320, kept, level=risen) < points(pledge("p"), 305, kept, level=risen)
    assert points(pledge("p"), 320, again, level=risen) > points(pledge("p"), 320, kept, level=risen)


BREACH = Breach("breach:b", on(100), on(105))
STATUS_RULES = [
    ("open", pledge("p"), 50, (), ()),
    ("kept", pledge("p"), 50, (release("a", 10, 10),), ()),
    ("at_risk", pledge("p"), 541, (), ()),
    ("open", pledge("p"), 540, (), ()),
    ("at_risk", pledge("p"), 100, (release("a", 5, 5), release("hosted", 10)), ()),
    ("kept", pledge("p"), 99, (release("a", 5, 5), release("hosted", 10)), ()),
    ("at_risk", pledge("p"), 100, (release("a", 5, 5, withdrawn=on(60)),), ()),
    ("broken", pledge("p", due=on(30)), 31, (), ()),
    ("open", pledge("p", due=on(30)), 30, (), ()),
    ("kept", pledge("p", due=on(30)), 31, (release("a", 10, 10),), ()),
    ("superseded", pledge("p", expires=on(30)), 31, (release("a", 10, 10),), ()),
    ("broken", pledge("p", expires=on(30)), 105, (), (BREACH,)),
    ("open", pledge("p"), 104, (), (BREACH,)),
    ("open", pledge("p", made=101), 150, (), (BREACH,)),
    ("open", pledge("p"), 150, (), (Breach("breach:c", on(100), on(105), "pledge:another"),)),
]


@pytest.mark.parametrize(("expected", "promise", "day", "releases", "breaches"), STATUS_RULES)
def test_status_rules(
    expected: str, promise: Pledge, day: int, releases: tuple[Release, ...], breaches: tuple[Breach, ...]
) -> None:
    assert status(promise, day, releases, breaches) == expected


def test_a_broken_or_expired_pledge_is_worth_nothing() -> None:
    kept = tuple(release(f"k{n}", 10 * n, 10 * n) for n in range(9))
    assert points(pledge("p"), 110, kept) > 0
    assert points(pledge("p"), 110, kept, (BREACH,)) <= 0
    assert points(pledge("p", expires=on(109)), 110, kept) == 0


def test_a_pledge_does_not_exist_before_it_was_made() -> None:
    assert np.isnan(points(pledge("p", made=10), 9))


def test_unknown_access_neither_keeps_nor_breaks() -> None:
    unknown = (release("maybe", 10, closed=False),)
    assert points(pledge("p"), 300, unknown) == points(pledge("p"), 300)
    assert status(pledge("p"), 300, unknown) == "open"
