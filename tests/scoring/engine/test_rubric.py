"""The rubric is data, and a faulty one is refused with the path that is at fault."""

import hashlib
import tomllib
from importlib import resources

import pytest

from scoring.engine.assessment import MODES
from scoring.engine.expert import NATS_PER_POINT
from scoring.engine.reference import load_reference
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.schema import RubricError
from tests.scoring.engine.dossiers import PROTOTYPE, RUBRIC

CONTENT = (resources.files("scoring.engine") / "rubrics" / f"{SHIPPED}.toml").read_bytes()


def test_the_shipped_rubric() -> None:
    assert (RUBRIC.name, RUBRIC.precision) == ("durability-0.4.0", "bands")
    assert RUBRIC.dimensions["legal"].multiplier == 0
    assert all(row.multiplier == 1 for name, row in RUBRIC.dimensions.items() if name != "legal")
    assert len(RUBRIC.kinds) == 30
    assert tuple(RUBRIC.modes) == MODES
    assert RUBRIC.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_loading_by_name_and_by_content_is_the_same() -> None:
    assert load_rubric(CONTENT) == load_rubric(SHIPPED)
    assert load_rubric(CONTENT + b"\n# one more word\n").sha256 != RUBRIC.sha256


def test_the_prototype_counts_license_terms_and_grades() -> None:
    assert PROTOTYPE.precision == "grades"
    assert PROTOTYPE.dimensions["legal"].multiplier == 1
    assert PROTOTYPE.kinds == load_rubric("durability-0.2.0").kinds


def points_of(feature: str) -> float:
    """What the fit says of a feature, as a tenth of a point."""
    fitted = load_reference(RUBRIC.fit)
    return round(float(fitted.mean[fitted.columns.index(feature)]) / NATS_PER_POINT, 1)


def test_what_is_called_fitted_is_what_the_fit_says() -> None:
    events = {
        "ipo": "listing", "acquisition": "acquisition", "competitor_move": "competitor",
        "license_tightening": "tightening", "license_loosening": "loosening", "leadership_departure": "departure",
    }  # fmt: skip
    assert {kind: RUBRIC.kinds[kind].magnitude for kind in events} == {
        kind: abs(points_of(feature)) for kind, feature in events.items()
    }
    moved = RUBRIC.kinds["governance_change"].magnitude
    assert moved == pytest.approx((points_of("bound") - points_of("unbound")) / 2, abs=0.06)

    governance, funding = RUBRIC.facts["governance"].points, RUBRIC.facts["funding"].points
    for value, feature in (("foundation", "foundation"), ("community", "community"), ("academic", "public_body")):
        assert governance[value] - governance["single_vendor"] == pytest.approx(points_of(feature))
    for value, feature in (("vc", "venture"), ("public", "listed"), ("bigtech", "group"), ("nonprofit", "nonprofit")):
        assert funding[value] - funding["bootstrapped"] == pytest.approx(points_of(feature))
    assert governance["academic"] == governance["government"]
    assert funding["nonprofit"] == funding["government"]
    agreement = RUBRIC.facts["cla"].points
    assert (agreement["yes"], agreement["no"]) == (points_of("agreement"), points_of("no_agreement"))


def test_a_rubric_once_shipped_stays_as_it_was() -> None:
    assert load_rubric("durability-0.2.0").sha256.startswith("b8e6cbcc3b3c3c63")


def test_an_unknown_name_lists_what_there_is() -> None:
    with pytest.raises(RubricError, match=r"no rubric named 'durability-9'; there are .*durability-0\.2\.0"):
        load_rubric("durability-9")


FAULTS = [
    ("730, plateau = 0.0 } # fitted\nacq", "-3, plateau = 0.0 }\nacq",
     r"rubric\.kinds\.ipo\.half_life: must be above 0, is -3"),
    ("plateau = 0.4", "plateau = 1.4", r"rubric\.kinds\.governance_change\.plateau: must be at most 1, is 1\.4"),
    ("magnitude = 16.0", "magnitude = -16.0", r"rubric\.kinds\.withdrawal\.magnitude: must be at least 0"),
    ("magnitude = 16.0, ", "", r"rubric\.kinds\.withdrawal\.magnitude: missing"),
    ("magnitude = 16.0", 'magnitude = "16"', r"rubric\.kinds\.withdrawal\.magnitude: must be a number, is '16'"),
    ("magnitude = 16.0", "magnitude = true", r"rubric\.kinds\.withdrawal\.magnitude: must be a number, is True"),
    ("magnitude = 16.0", "magnitude = nan", r"rubric\.kinds\.withdrawal\.magnitude: must be a finite number"),
    ("anchor = 60.0 ", "ankor = 60.0 ", r"rubric\.scale\.ankor: unknown key"),
    ("window = 730 ", "window = 730.5 ", r"rubric\.behavior\.flagship_share\.window: must be a whole number"),
    ("lowest = -8.0", "lowest = 8.0", r"rubric\.behavior\.cadence\.lowest: must be at most 0"),
    ("points = 0.0    # stood", "points = 5.0    # stood", r"rubric\.interaction\.points: must be at most 0"),
    ('Layoffs", dimension = "pressure"', 'Layoffs", dimension = "mood"', r"layoffs\.dimension: 'mood' is not"),
    ("0.75, 1.0]", "0.75]", r"rubric\.severity\.steps: must be five numbers"),
    ("0.75, 1.0]", "0.45, 1.0]", r"rubric\.severity\.steps: must be five numbers"),
    ("E = -1.0, F = 0.0", "E = -1.0", r"rubric\.admiralty\.reliability\.F: missing"),
    ("E = -1.0, F = 0.0", "E = -1.0, F = 0.0, G = 1.0", r"rubric\.admiralty\.reliability\.G: unknown key"),
    ("share = 0.45\n", "share = 0.50\n", r"rubric\.modes: the shares must sum to 1"),
    ("[modes.withdrawn]", "[modes.vanished]", r"rubric\.modes\.vanished: unknown key"),
    ("external = 0.6", "weather = 0.6", r"rubric\.modes\.withdrawn\.slopes\.weather: 'weather' is not a dimension"),
    ('precision = "bands"', 'precision = "letters"', r"rubric\.precision: must be one of facts, bands, grades"),
    ('below = 0.20\nwords = "B"', 'below = 0.02\nwords = "B"', r"rubric\.grades: limits must rise"),
    ('below = 1.01\nwords = "E"', 'below = 0.99\nwords = "E"', r"rubric\.grades: .* the last must be above 1"),
    ('code = "dormant"', 'code = "asleep"', r"rubric\.states\.asleep: unknown key"),
    ('code = "dormant"', 'code = "mixed"', r"rubric\.states\.dormant: missing"),
    ("noncommercial = 0.25, ", "", r"rubric\.held\.category\.noncommercial: missing"),
    ("sibling = 0.35", "sibling = 1.35", r"rubric\.inheritance\.sibling: must be at most 1"),
    ("_probability = 0.20", "_probability = 1.0", r"rubric\.scale\.anchor_probability: must lie between 0 and 1"),
    ('label = "Withdrawn"', 'label = " "', r"rubric\.(modes\.withdrawn|states\[1\])\.label: must be text"),
    ('name = "durability-0.4.0"', 'name = "durability-0.4.0"\nsha256 = "x"', r"rubric\.sha256: unknown key"),
    ("[storage]", "[storage", r"rubric: not readable as TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message"), FAULTS, ids=[fault[2][:60] for fault in FAULTS])
def test_a_fault_is_named_by_its_path(old: str, new: str, message: str) -> None:
    text = CONTENT.decode()
    assert old in text
    with pytest.raises(RubricError, match=message):
        load_rubric(text.replace(old, new, 1).encode())


def test_a_kind_as_the_file_has_it() -> None:
    raw = tomllib.loads(CONTENT.decode())["kinds"]
    assert raw["license_tightening"] == {
        "label": "License tightened", "dimension": "track", "magnitude": 17.4, "half_life": 900, "plateau": 0.3,
    }  # fmt: skip
