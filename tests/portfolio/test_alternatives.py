from datetime import date
from decimal import Decimal
from string import ascii_lowercase
from typing import Any

import pytest

from riskboard.catalog.models import Release
from riskboard.portfolio.alternatives import Fit, Substitutes, machine_for, memory_gb, reasons, substitutes
from riskboard.portfolio.models import Company
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


_names = (f"{first}{second}onym" for first in ascii_lowercase for second in ascii_lowercase)


def make(country: str = "US", *, family: str = "", **fields: Any) -> Release:
    """Of a vendor of its own, in a family whose name is no part of another's."""
    line = cast.make_line(cast.make_vendor(country=country))
    usual = {"params_total_b": Decimal(32)}
    return cast.make_release(cast.make_family(line, family or next(_names)), **(usual | fields))


def found_for(release: Release, company: Company | None = None) -> Substitutes:
    return substitutes(release, company, TODAY)


def names(found: Substitutes) -> list[str]:
    return [row.release.name for row in found.rows]


def reason(held: Release, other: Release, about: str, company: Company | None = None) -> tuple[str, str]:
    found = next(each for each in reasons(held, other, None, company) if each.about == about)
    return found.fit.value, found.why


def test_no_release_of_the_vendor_at_risk_or_of_one_under_its_roof() -> None:
    held = make()
    vendor = held.family.line.vendor
    cast.make_release(held.family)
    cast.make_release(cast.make_family(cast.make_line(vendor, "code"), "coder"))
    daughter = cast.make_vendor(parent=vendor.name)
    cast.make_release(cast.make_family(cast.make_line(daughter), "daughter"))
    other = make()
    found = found_for(held)
    assert names(found) == [other.name]
    assert found.same_vendor == 3  # and not the one held


def test_sisters_share_their_parent() -> None:
    sisters = [cast.make_vendor(parent="Holding") for _ in range(2)]
    held, sister = (cast.make_release(cast.make_family(cast.make_line(vendor))) for vendor in sisters)
    assert names(found_for(held)) == []
    assert sister.family.line.vendor.parent == "Holding"


def test_what_another_vendor_built_on_it_is_left_out_and_named() -> None:
    held = make(family="qwen")
    distilled = make(name="Deep R1 Distill Qwen-32B")
    repository = make(name="Blue 7", hf_repo="blue/blue-qwen2.5-7b")
    innocent = make(name="Qwench 7")
    found = found_for(held)
    assert names(found) == [innocent.name]
    assert found.built_on == (distilled, repository)


@pytest.mark.parametrize(
    "fields",
    [
        {"access": "api_only"},
        {"access": "withdrawn"},
        {"withdrawn_on": date(2026, 1, 1)},
        {"released_on": date(2026, 12, 1)},
        {"modality": "image"},
        {"modality": "embedding"},
    ],
)
def test_only_what_can_be_downloaded_and_does_the_work(fields: dict[str, Any]) -> None:
    held = make()
    make(**fields)
    assert names(found_for(held)) == []


def test_multimodal_does_the_work_of_text_in_part_and_text_does_not_do_its_work() -> None:
    text, multimodal = make(), make(modality="multimodal")
    assert names(found_for(text)) == [multimodal.name]
    assert reason(text, multimodal, "Modality")[0] == "partly"
    assert names(found_for(multimodal)) == []


@pytest.mark.parametrize(
    ("billions", "fit"), [("32", "fits"), ("16", "fits"), ("64", "fits"), ("10", "partly"), ("200", "poor")]
)
def test_size_is_compared_by_factors(billions: str, fit: str) -> None:
    assert reason(make(), make(params_total_b=Decimal(billions)), "Size")[0] == fit


def test_active_parameters_count_where_both_are_known() -> None:
    held = make(params_active_b=Decimal(32))
    assert reason(held, make(params_active_b=Decimal(3)), "Size")[0] == "poor"
    fit, why = reason(held, make(), "Size")
    assert fit == "fits"
    assert why == "32 billion parameters against 32 billion parameters."


def test_an_unknown_size_is_said_and_counts_neither_way() -> None:
    held, other = make(), make(params_total_b=None)
    for about in ("Size", "Hardware"):
        assert reason(held, other, about) == (
            "unknown",
            f"Unknown: the parameters of {other.name} are not on record.",
        )


def test_memory_is_parameters_times_bits() -> None:
    assert [memory_gb(Decimal(70), bits) for bits in (16, 8, 4)] == [140, 70, 35]
    assert memory_gb(None, 16) is None
    assert machine_for(Decimal(24)) == "one card of 24 GB"
    assert machine_for(Decimal(641)) == "several servers"
    assert machine_for(None) == ""


@pytest.mark.parametrize(
    ("billions", "fit", "said"),
    [
        ("40", "fits", "no larger machine than now"),
        ("70", "partly", "on one card of 80 GB only at 8 bit"),
        ("120", "partly", "only at 4 bit"),
        ("235", "poor", "more than one card of 80 GB at any precision"),
    ],
)
def test_hardware_says_at_which_precision_it_fits(billions: str, fit: str, said: str) -> None:
    found = reason(make(), make(params_total_b=Decimal(billions)), "Hardware")
    assert found[0] == fit
    assert said in found[1]


def test_a_license_goes_by_what_its_clauses_do_to_the_company() -> None:
    held, permissive = make(), make()
    assert reason(held, permissive, "License") == ("fits", "Apache-2.0, permissive; no clause of it bites.")
    unread = make(license=cast.make_license("odd", text_read=False, irrevocable=None, **dict.fromkeys(UNREAD)))
    assert reason(held, unread, "License")[0] == "unknown"
    assert reason(held, make(license=None), "License")[0] == "unknown"
    research = make(license=cast.make_license("nc", category="noncommercial", commercial_use="no"))
    fit, why = reason(held, research, "License", Company(is_commercial=True))
    assert fit == "poor"
    assert "commercial use" in why
    assert reason(held, research, "License", Company(is_commercial=False))[0] == "fits"
    assert reason(held, research, "License", Company())[0] == "unknown"


UNREAD = ("use_restrictions", "output_training_restriction", "naming_obligation", "terminable")


def test_a_vendor_of_the_same_country_fits_in_part() -> None:
    held = make("CN")
    assert reason(held, make("CN"), "Vendor")[0] == "partly"
    assert reason(held, make("FR"), "Vendor")[0] == "fits"


def test_a_line_that_nobody_examined_is_unknown_and_no_likelihood_is_told() -> None:
    held, other = make(), make()
    assert reason(held, other, "Commitment")[0] == "unknown"
    said = " ".join(each.why for each in reasons(held, other, None))
    assert "%" not in said


def test_fewest_against_come_first_then_most_for_and_unknown_counts_neither_way() -> None:
    held = make("CN")
    best = make("FR")
    gated = make("FR", access="gated")
    unsized = make("FR", params_total_b=None)
    huge = make("FR", params_total_b=Decimal(700))
    assert names(found_for(held)) == [best.name, gated.name, unsized.name, huge.name]
    row = found_for(held).rows[-1]
    assert (row.count(Fit.POOR), row.tally) == (2, "5 fit, 2 do not fit, 1 unknown")


def test_at_most_two_of_a_line_are_listed_and_the_others_counted() -> None:
    held = make()
    family = make().family
    for _ in range(3):
        cast.make_release(family, params_total_b=Decimal(30))
    found = found_for(held)
    assert len(found.rows) == 2
    assert found.more == 2


@pytest.mark.parametrize(
    ("released_on", "fit", "said"),
    [
        (date(2025, 6, 1), "fits", "not before the present one"),
        (date(2025, 1, 1), "fits", "within a month of the present one"),
        (date(2024, 8, 1), "fits", "5 months before"),
        (date(2024, 1, 1), "partly", "12 months before"),
        (date(2021, 1, 1), "poor", "48 months before"),
    ],
)
def test_what_is_older_than_what_it_would_replace_fits_less(released_on: date, fit: str, said: str) -> None:
    found = reason(make(), make(released_on=released_on), "Age")
    assert found[0] == fit
    assert said in found[1]
