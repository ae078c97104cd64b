"""The shipped coefficients are those that the labeled rows give, small, and the rows themselves are sound."""

import csv
from collections import Counter

import numpy as np
import pytest

from riskboard.catalog import kinds
from riskboard.catalog.loading import SHIPPED
from riskboard.ingest.reading import model as trained
from riskboard.ingest.training import evaluating, fitting, rows


def test_training_again_gives_the_shipped_coefficients() -> None:
    fitted = fitting.fit(evaluating.examples_of(rows.training_rows()))
    for again, shipped in ((fitted.relevance, trained.model().relevance), (fitted.kind, trained.model().kind)):
        reloaded = trained.imported(again.exported())
        assert reloaded.classes == shipped.classes
        assert reloaded.index.keys() == shipped.index.keys()
        assert np.abs(reloaded.coefficients - shipped.coefficients).max() <= 2 / trained.SCALE


def test_the_coefficients_are_small_enough_to_ship() -> None:
    assert trained.FILE.stat().st_size < 1_500_000


def test_what_is_exported_scores_as_what_was_fitted() -> None:
    linear = trained.Linear(
        ("a", "b"), {"w x": 0, "w y": 1}, np.array([[1.25, -0.5], [0.0, 0.0]]), np.array([0.1, 0.0])
    )
    again = trained.imported(linear.exported())
    assert again.scores({"w x": 2.0, "w unseen": 1.0}) == pytest.approx(linear.scores({"w x": 2.0}))
    assert again.strongest({"w x": 1.0}, 0) == ["w x"]
    assert again.strongest({"w x": 1.0}, 1) == []


@pytest.mark.parametrize("path", [rows.HEADLINES, rows.HOLDOUT, rows.BLIND], ids=lambda path: str(path.name))
def test_written_rows_follow_the_rules(path: object) -> None:
    with (SHIPPED / "families.csv").open(encoding="utf-8", newline="") as file:
        vendor_of = {row["slug"]: row["vendor"] for row in csv.DictReader(file)}
    listed = list(rows.labeled_rows(path))  # type: ignore[arg-type]
    assert [row.id for row in listed if Counter(one.id for one in listed)[row.id] > 1] == []
    for row in listed:
        assert row.origin == "written"
        if not row.relevant:
            assert (row.vendor, row.family, row.kind, row.direction, row.severity) == ("", "", "", "", None)
            continue
        assert row.kind in kinds.SignalKind.values
        assert row.direction in kinds.Direction.values
        assert row.severity in range(1, 6)
        assert row.vendor == vendor_of.get(row.family, row.vendor)


def test_no_held_out_title_is_trained_on() -> None:
    trained_on = {row.title for row in rows.training_rows()}
    for path in (rows.HOLDOUT, rows.BLIND):
        assert {row.title for row in rows.labeled_rows(path)} & trained_on == set()


def test_analysts_decisions_join_the_training_rows(tmp_path: object) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "decisions.csv"
    with rows.HEADLINES.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    path.write_text(
        ",".join(header)
        + "\nd1,Kimi gets pricier,,X,2026-05-01,true,moonshot,kimi,price_increase,weakens,3,,decision\n",
        encoding="utf-8",
    )
    assert [row.origin for row in rows.training_rows(path)][-1] == "decision"


def test_macro_f1_counts_every_kind_alike() -> None:
    assert evaluating.macro_f1([("a", "a")] * 9 + [("b", "a")]) == pytest.approx((18 / 19 + 0) / 2)
