"""Who decides a launch, and from when to when."""

from datetime import date

import numpy as np
from hypothesis import given

from scoring.engine.facts import Release
from scoring.engine.launches import NEVER, decider, tabulate
from tests.scoring.engine.dossiers import on, release, release_rows


def stretches(*releases: Release) -> list[tuple[str, int, date | None]]:
    table = tabulate(releases)
    days = [(None if end == NEVER else date.fromordinal(end)) for end in table.end.tolist()]
    starts = [start - on(0).toordinal() for start in table.start.tolist()]
    return [(row.name, start, end) for row, start, end in zip(table.releases, starts, days, strict=True)]


def test_the_largest_announced_so_far_decides() -> None:
    small = release("small", 0, 0, launch="gen", size=7.0)
    large = release("large", 30, 30, launch="gen", size=70.0)
    middle = release("middle", 60, 60, launch="gen", size=30.0)
    expected = [("small", 0, on(30)), ("large", 30, on(60)), ("large", 60, None)]
    assert stretches(middle, large, small) == expected


def test_unknown_size_decides_only_among_its_like_and_then_the_first() -> None:
    named, nameless = release("named", 5, 5, size=1.0), release("nameless", 0, 0)
    assert decider([nameless, named]) == named
    assert decider([release("b", 1, 1), release("a", 0, 0)]).name == "a"


def test_small_models_and_unknown_access_make_no_launch() -> None:
    assert stretches(release("mini", 0, 0, flagship=False), release("maybe", 0, closed=False)) == []


@given(release_rows())
def test_one_release_at_most_decides_a_launch_on_a_day(releases: tuple[Release, ...]) -> None:
    table = tabulate(releases)
    days = np.arange(on(-300).toordinal(), on(1100).toordinal(), 13, dtype=np.int64)
    deciding = table.decides(days)
    for launch in {row.launch for row in table.releases}:
        rows = [number for number, row in enumerate(table.releases) if row.launch == launch]
        assert deciding[rows].sum(axis=0).max() <= 1
