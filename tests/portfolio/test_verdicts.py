from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskboard.catalog import kinds
from riskboard.catalog.loading import SHIPPED, load_evidence
from riskboard.catalog.models import License, Source, Threshold
from riskboard.portfolio.models import Company
from riskboard.portfolio.verdicts import Answer, Verdict, no_license, verdicts

READ: dict[str, Any] = {
    "category": "restricted_open_weights",
    "text_read": True,
    "commercial_use": "yes",
    "use_restrictions": False,
    "output_training_restriction": False,
    "naming_obligation": False,
    "terminable": False,
    "irrevocable": True,
}
UNKNOWN_CLAUSES = dict.fromkeys(
    ("use_restrictions", "output_training_restriction", "naming_obligation", "terminable", "irrevocable")
)


def license_of(**fields: Any) -> License:
    return License(pk=1, name="Terms", source=Source(url="https://licenses.example/terms"), **{**READ, **fields})


def limit(metric: str = "monthly_active_users", amount: int | None = 100_000_000, **fields: Any) -> Threshold:
    usual = {"period": "month", "consequence": "license_needed"}
    number = None if amount is None else Decimal(amount)
    return Threshold(license_id=1, metric=metric, amount=number, **{**usual, **fields})


def of(clause: str, license_: License, company: Company | None, *limits: Threshold) -> Verdict:
    (found,) = (each for each in verdicts(license_, limits, company) if each.clause.startswith(clause))
    return found


def told(verdict: Verdict) -> tuple[str, str]:
    return verdict.verdict, verdict.why


@pytest.mark.parametrize(
    ("fields", "answer", "why"),
    [
        ({"monthly_users": 200_000_000}, "bites", "Your 200,000,000 monthly users are above 100,000,000: a separate"),
        ({"monthly_users": 5}, "does not", "Your 5 monthly users are below 100,000,000."),
        ({"monthly_users": 100_000_000}, "unknown", "unknown: your 100,000,000 monthly users are exactly at the limit"),
        ({}, "unknown", "unknown: your monthly users are not given"),
    ],
)
def test_a_limit_of_users(fields: dict[str, Any], answer: str, why: str) -> None:
    found = of("Above 100,000,000", license_of(), Company(**fields), limit())
    assert found.verdict == answer
    assert found.why.startswith(why)


@pytest.mark.parametrize(
    ("revenue", "currency", "fields", "answer", "why"),
    [
        (30_000_000, "USD", {}, "bites", "Your revenue of USD 30,000,000 a year is above 20,000,000 a year"),
        (30_000_000, "USD", {"currency": "CNY"}, "unknown", "the limit is in CNY and your revenue in USD"),
        (None, "", {}, "unknown", "unknown: your revenue is not given"),
        (10_000_000, "USD", {"period": "month"}, "does not", "below 20,000,000 a month"),
        (30_000_000, "USD", {"period": "month"}, "unknown", "not enough to tell: the limit is by the month"),
        (300_000_000, "USD", {"period": "month"}, "bites", "above 20,000,000 a month"),
        (300_000_000, "USD", {"period": ""}, "unknown", "the period of the limit is not on record"),
        (300_000_000, "USD", {"amount": None, "currency": ""}, "unknown", "the amount of the limit is not on record"),
    ],
)
def test_a_limit_of_revenue(revenue: int | None, currency: str, fields: dict[str, Any], answer: str, why: str) -> None:
    row = limit("revenue", **{"amount": 20_000_000, "currency": "USD", "period": "year", **fields})
    company = Company(revenue=revenue if revenue is None else Decimal(revenue), currency=currency)
    (found,) = (each for each in verdicts(license_of(), [row], company) if "revenue" in each.clause)
    assert found.verdict == answer
    assert why in found.why


def test_whom_a_limit_is_for() -> None:
    hosts = limit("any_commercial_use", None, who="providers of hosted services", period="")
    assert of("For", license_of(), Company(is_commercial=True), hosts).verdict == Answer.UNKNOWN
    assert of("For", license_of(), Company(is_commercial=True, hosts_for_others=True), hosts).verdict == Answer.BITES
    assert of("For", license_of(), Company(is_commercial=True, hosts_for_others=False), hosts).verdict == "does not"
    # Who hosts nothing may still sell an assistant.
    sellers = limit("any_commercial_use", None, who="model-as-a-service and AI work assistant businesses", period="")
    assert of("For", license_of(), Company(is_commercial=True, hosts_for_others=False), sellers).verdict == "unknown"
    group = limit(
        "revenue", 10**10, currency="USD", period="year", who="operators of models as a service, by group revenue"
    )
    small = Company(hosts_for_others=True, revenue=Decimal(5), currency="USD")
    assert "whole group" in of("Above USD", license_of(), small, group).why
    assert of("Above", license_of(), Company(), limit("devices", 5000, period="")).why == (
        "unknown: your number of devices is not part of the profile"
    )


def test_commercial_use_and_territory() -> None:
    research = license_of(commercial_use="no", category="noncommercial")
    assert of("Commercial", research, Company(is_commercial=True)).verdict == Answer.BITES
    assert of("Kind", research, Company(is_commercial=False)).verdict == Answer.DOES_NOT
    assert of("Commercial", research, None).why == "unknown: whether you use models commercially is not given"
    limited = license_of(commercial_use="conditional")
    assert of("Commercial", limited, Company(is_commercial=True, monthly_users=2 * 10**8), limit()).verdict == "bites"
    assert of("Commercial", limited, Company(is_commercial=True, monthly_users=2), limit()).verdict == "unknown"

    without = license_of(territory_exclusions="EU; UK; South Korea")
    assert of("Territory", without, Company(countries="us, de")).why == (
        "It leaves out EU; UK; South Korea, and you are in DE."
    )
    assert of("Territory", without, Company(countries="US")).verdict == Answer.DOES_NOT
    assert of("Territory", without, Company()).verdict == Answer.UNKNOWN
    assert of("Territory", without, Company(countries="Germany")).verdict == Answer.UNKNOWN
    worded = license_of(territory_exclusions="EU-domiciled companies excluded for multimodal models")
    assert of("Territory", worded, Company(countries="US")).verdict == Answer.UNKNOWN


def test_duties_and_endings() -> None:
    named = license_of(naming_obligation=True, output_training_restriction=True, terminable=True, irrevocable=None)
    quiet = Company(redistributes=False, hosts_for_others=False, is_commercial=False, trains_on_outputs=False)
    assert of("The model must", named, quiet).verdict == Answer.DOES_NOT
    assert of("The model must", named, Company(redistributes=True)).verdict == Answer.BITES
    assert of("The model must", named, Company(redistributes=False)).verdict == Answer.UNKNOWN
    assert of("Training", named, quiet).verdict == Answer.DOES_NOT
    assert of("Training", named, Company(trains_on_outputs=True)).verdict == Answer.BITES
    assert told(of("Vendor can", named, quiet)) == ("bites", "The vendor can end it without a breach of yours.")
    assert of("Limits on what", license_of(use_restrictions=True), quiet).verdict == Answer.UNKNOWN
    assert of("Kind", named, quiet).why == "It is restricted open weights: 1 of its clauses below bites."


def test_an_unread_or_recalled_text_never_says_that_it_does_not_bite() -> None:
    everything = Company(
        monthly_users=1, revenue=Decimal(1), currency="USD", countries="US", is_commercial=False,
        hosts_for_others=False, trains_on_outputs=False, redistributes=False,
    )  # fmt: skip
    unread = license_of(text_read=False, commercial_use="", **UNKNOWN_CLAUSES)
    found = verdicts(unread, [limit()], everything)
    assert not [each for each in found if each.verdict == Answer.DOES_NOT]
    assert told(of("Other limits", unread, everything, limit())) == ("unknown", "unknown: text not read")
    assert of("Above", unread, everything, limit()).why.startswith(
        "unknown: text not read; as reported: your 1 monthly"
    )
    recalled = license_of(category="permissive")
    recalled.source = Source(title="recalled", is_recalled=True)
    assert "recalled, not looked up" in of("Kind", recalled, everything).why
    assert no_license()[0].verdict == Answer.UNKNOWN


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


YES_NO = maybe(st.booleans())
AMOUNTS = st.sampled_from([1, 12, 100, 1199, 1200, 1201, 10**9])
COMPANY = {
    "monthly_users": AMOUNTS,
    "daily_users": AMOUNTS,
    "revenue": AMOUNTS.map(Decimal),
    "funding": AMOUNTS.map(Decimal),
    "currency": st.sampled_from(["USD", "CNY"]),
    "countries": st.sampled_from(["US", "DE,US", "CN"]),
    "is_commercial": st.booleans(),
    "hosts_for_others": st.booleans(),
    "trains_on_outputs": st.booleans(),
    "redistributes": st.booleans(),
}
BLANK = {"currency": "", "countries": ""}
CLAUSES = {
    "use_restrictions": st.booleans(),
    "output_training_restriction": st.booleans(),
    "naming_obligation": st.booleans(),
    "terminable": st.booleans(),
    "irrevocable": st.booleans(),
}
LICENSES = st.fixed_dictionaries(
    {
        "category": st.sampled_from(kinds.LicenseCategory.values),
        "text_read": st.booleans(),
        "commercial_use": st.sampled_from(["", *kinds.CommercialUse.values]),
        "threshold_summary": st.sampled_from(["", "Registration"]),
        "territory_exclusions": st.sampled_from(["", "EU", "EU; USA", "EU-domiciled companies"]),
        **{name: maybe(values) for name, values in CLAUSES.items()},
    }
)
WHO = ["", "providers of hosted services", "commercial distributors to third parties", "somebody else",
       "software and cloud providers", "operators of models as a service, by group revenue"]  # fmt: skip
LIMITS = st.lists(
    st.builds(
        limit,
        metric=st.sampled_from(kinds.ThresholdMetric.values),
        amount=maybe(AMOUNTS),
        currency=st.sampled_from(["", "USD"]),
        period=st.sampled_from(["", *kinds.Period.values]),
        who=st.sampled_from(WHO),
        consequence=st.sampled_from(kinds.ThresholdConsequence.values),
    ),
    max_size=2,
    unique_by=lambda row: (row.metric, row.who),
)


def answers(license_: License, limits: list[Threshold], company: Company) -> list[Answer]:
    return [each.verdict for each in verdicts(license_, limits, company)]


@given(st.data())
def test_no_unknown_could_turn_a_does_not(data: st.DataObject) -> None:
    """Whatever is not known of the company may be anything: a "does not" must hold for all that it may be."""
    terms, limits = license_of(**data.draw(LICENSES)), data.draw(LIMITS)
    known = {name: values for name, values in COMPANY.items() if data.draw(st.booleans(), label=name)}
    some = {**BLANK, **{name: data.draw(values) for name, values in known.items()}}
    rest = {name: data.draw(values) for name, values in COMPANY.items() if name not in known}
    before, after = answers(terms, limits, Company(**some)), answers(terms, limits, Company(**{**some, **rest}))
    assert len(before) == len(after)
    for said, then in zip(before, after, strict=True):
        if said is not Answer.UNKNOWN:
            assert said == then


@given(LICENSES, LIMITS, st.fixed_dictionaries(COMPANY))
def test_a_clause_that_nobody_noted_is_never_a_no(
    fields: dict[str, Any], limits: list[Threshold], company: dict[str, Any]
) -> None:
    terms = license_of(**fields)
    found = {each.clause: each for each in verdicts(terms, limits, Company(**company))}
    named = {
        "Limits on what it is used for": terms.use_restrictions,
        "Training with its output": terms.output_training_restriction,
        "The model must be named": terms.naming_obligation,
        "Vendor can end it": terms.irrevocable or terms.terminable,
        "Commercial use": terms.commercial_use or None,
    }
    for clause, stated in named.items():
        if stated is None:
            assert found[clause].verdict is Answer.UNKNOWN
            assert found[clause].why.startswith("unknown: ")
    if not terms.text_read:
        assert Answer.DOES_NOT not in {each.verdict for each in found.values()}
    if any(row.amount is None for row in limits):
        assert all(
            each.verdict is not Answer.DOES_NOT
            for each in found.values()
            if each.clause.startswith("Above a limit") and "for " not in each.clause
        )


@given(LICENSES)
def test_an_empty_profile_is_told_so_in_words(fields: dict[str, Any]) -> None:
    for each in verdicts(license_of(**fields), [limit()], None):
        assert each.why
        assert each.why.startswith("unknown: ") == (each.verdict is Answer.UNKNOWN)


@pytest.mark.django_db
def test_every_clause_of_the_shipped_licenses_is_told_apart() -> None:
    load_evidence(SHIPPED, now=datetime(2026, 11, 24, tzinfo=UTC))
    rows = list(Threshold.objects.all())
    for license_ in License.objects.select_related("source"):
        found = verdicts(license_, rows, Company(monthly_users=10**12, is_commercial=True))
        assert len({each.clause for each in found}) == len(found), license_.key
        assert any(each.verdict is Answer.BITES for each in found) or license_.commercial_use != "no"
