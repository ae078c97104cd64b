"""The shipped fit: that it is what the class and the priors give, and that a spoiled file is refused."""

from datetime import date

import numpy as np
import pytest

from scoring.backtests import class_digest
from scoring.engine.expert import load_expert, parse_expert
from scoring.engine.reference import REFERENCE, load_reference, make_reference, parse_reference, render
from scoring.engine.rubric import load_rubric
from scoring.engine.schema import RubricError
from scoring.histories import load_shipped


def test_refitting_gives_the_shipped_fit() -> None:
    shipped = load_reference()
    again = make_reference(load_shipped().cases, class_digest(), date.fromisoformat(shipped.made_on))
    assert again.class_sha256 == shipped.class_sha256
    assert (again.cases, again.failures, again.candidate) == (shipped.cases, shipped.failures, shipped.candidate)
    assert again.mean == pytest.approx(shipped.mean, abs=1e-6)
    assert np.array(again.covariance) == pytest.approx(np.array(shipped.covariance), abs=1e-6)


def test_what_is_written_is_read_back() -> None:
    shipped = load_reference()
    assert parse_reference(render(shipped).encode()) == shipped
    assert shipped.name == REFERENCE


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('name = "reference', 'nmae = "reference', "reference.nmae"),
        ("cases = 291", "cases = -1", "reference.cases"),
        ('    "base",\n', "", "reference: mean and covariance"),
        ('    "era",\n', '    "ear",\n', "reference.columns"),
        (f'expert_sha256 = "{load_reference().expert_sha256}"', 'expert_sha256 = "0"', "reference.expert_sha256"),
        ("cases = 291", "cases = ", "not readable as TOML"),
    ],
)
def test_a_spoiled_fit_is_refused(old: str, new: str, where: str) -> None:
    content = render(load_reference())
    assert old in content
    with pytest.raises(RubricError, match=where):
        parse_reference(content.replace(old, new).encode())


MINIMAL = """
name = "x"
severity = [0.1, 0.2, 0.3, 0.4, 1.0]
candidates = [{ era_spread = 0.5, recency = 0.0 }]
base = { nats = -4.0, spread = 3.0 }
era = { nats = 0.3, center = 2020 }
[features.one]
label = "One"
points = 1.0
spread = 1.0
sign = ""
"""


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ("", "exactly one"),
        ('domains = ["os"]\nterms = ["free"]', "exactly one"),
        ('values = ["vc"]', "goes with values"),
        ('kinds = ["ipo"]', "direction and a half_life"),
        ("points = = 1", "not readable"),
    ],
)
def test_priors_that_make_no_sense_are_refused(more: str, where: str) -> None:
    assert parse_expert((MINIMAL + 'domains = ["os"]').encode()).columns == ("base", "era", "one")
    with pytest.raises(RubricError, match=where):
        parse_expert((MINIMAL + more).encode())


def test_five_severities() -> None:
    with pytest.raises(RubricError, match="five numbers"):
        parse_expert((MINIMAL.replace("0.1, ", "") + 'domains = ["os"]').encode())


def test_centers_of_events_are_those_of_the_judgments_before_the_fit() -> None:
    rubric, expert = load_rubric("durability-0.2.0"), load_expert()
    for name, feature in expert.features.items():
        if feature.kinds and name != "soft":
            kind = rubric.kinds[feature.kinds[0]]
            assert abs(feature.points) == kind.magnitude
            assert feature.half_life == kind.half_life
    assert expert.severity == rubric.severity.steps
    points = rubric.facts["governance"].points
    assert expert.features["foundation"].points == points["foundation"] - points["single_vendor"]
