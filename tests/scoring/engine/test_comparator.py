"""The comparator: its fit against the gradient, its file, its bands."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from scoring.engine.comparator import (
    BANDS,
    COMPARATOR,
    Record,
    cases_digest,
    columns,
    failures,
    fit_comparator,
    fit_logistic,
    load_comparator,
    logit,
    make_comparator,
    parse_comparator,
    predict,
    render,
)
from scoring.engine.linecases import LineCase
from scoring.engine.schema import RubricError
from tests.scoring.engine.linecast import case

EMPTY: dict[str, Record] = {name: Record(0, 0) for name in BANDS}


def cast(n: int, seed: int = 1) -> list[LineCase]:
    """Failures at the logit -2 + 1.5 for vendors that failed before; launches are noise."""
    random = np.random.default_rng(seed)
    before, launches = random.random(n) < 0.5, random.integers(0, 6, n)
    failed = random.random(n) < predict(np.array([-2.0, 1.5]), before[:, None].astype(float))
    rows = zip(failed.tolist(), before.tolist(), launches.tolist(), strict=True)
    return [case(f, f"v{i}", failed_before=b, launches=k) for i, (f, b, k) in enumerate(rows)]


def test_the_fit_is_the_maximum() -> None:
    cases = cast(60)
    x, hit = columns([one.standing for one in cases]), failures(cases)
    b = fit_logistic(x, hit, -1.0)
    matrix = np.column_stack([np.ones(60), x])
    gradient = matrix.T @ (hit - predict(b, x)) - (b - np.array([-1.0, 0.0, 0.0]))
    assert np.abs(gradient).max() < 1e-8


def test_an_offset_moves_the_level_only() -> None:
    cases = cast(60)
    hit, none = failures(cases), np.zeros((60, 0))
    level = fit_logistic(none, hit, 0.0)
    assert fit_logistic(none, hit, -0.5, 0.5) == pytest.approx(level - 0.5)


def test_coefficients_are_recovered_from_many_and_shrunk_from_few() -> None:
    many, _ = fit_comparator(cast(20_000))
    assert many == pytest.approx([-2.0, 1.5, 0.0], abs=0.1)
    few, usual = fit_comparator([case(True, failed_before=True)])
    assert 0 < few[1] < 1
    assert 0.15 < usual < 0.5


def test_without_data_it_says_the_prior() -> None:
    b, usual = fit_comparator([])
    assert b == pytest.approx([float(logit(0.15)), 0.0, 0.0])
    assert usual == pytest.approx(0.15)


def test_the_file_says_what_was_fitted() -> None:
    cases = cast(80)
    made = make_comparator(cases, EMPTY | {"near": Record(3, 10)}, "durability-x", date(2026, 1, 2), date(2025, 12, 31))
    read = parse_comparator(render(made).encode())
    numbers = {key: getattr(made, key) for key in ("intercept", "failed_before", "launches", "usual")}
    assert replace(read, sha256="", **numbers) == made
    assert {key: getattr(read, key) for key in numbers} == pytest.approx(numbers, rel=1e-9)
    assert read.probability(True, 3) > read.probability(False, 3)
    assert len(read.sha256) == 64


def test_bands_meet_at_the_limits_of_the_usual_rate() -> None:
    usual = load_comparator().usual
    made = replace(load_comparator(), bands={name: Record(n, 9) for n, name in enumerate(BANDS)})
    shares = (0.74, 0.76, 1.32, 1.34)
    assert [made.band(share * usual) for share in shares] == ["below", "near", "near", "above"]
    assert [made.record(share * usual).failed for share in shares] == [0, 1, 1, 2]


def test_the_digest_is_of_the_rows_whatever_their_order() -> None:
    cases = cast(5)
    assert cases_digest(cases) == cases_digest(cases[::-1])
    assert cases_digest(cases) != cases_digest(cases[:4])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("usual = ", "usual = 1", "comparator.usual"),
        ("[bands]", "[bands]\nfar = { failed = 0, comparable = 1 }", "comparator.bands"),
        ("near = { failed = ", "near = { failed = 9", "no more can fail"),
        ('name = "', 'nom = "', "comparator.nom"),
        ("[bands]", "[bands", "not readable"),
    ],
)
def test_a_file_at_fault_is_refused(old: str, new: str, said: str) -> None:
    text = render(make_comparator(cast(9), EMPTY, "r", date(2026, 1, 2), date(2025, 12, 31)))
    with pytest.raises(RubricError, match=said):
        parse_comparator(text.replace(old, new, 1).encode())


def test_the_shipped_one_is_named_as_its_file() -> None:
    assert load_comparator().name == COMPARATOR
