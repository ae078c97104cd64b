"""The bridge, rule by rule: what the engine is told about a line."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import Family, Line, Vendor
from scoring.engine.assess import assess
from scoring.engine.facts import Dossier, StateFact
from scoring.engine.known import as_known
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.gather import RULES, gather, gather_all
from tests.cast import (
    breaker,
    hedger,
    keeper,
    make_community_license,
    make_fact,
    make_family,
    make_license,
    make_license_change,
    make_line,
    make_pledge,
    make_release,
    make_signal,
    make_source,
    make_threshold,
    make_vendor,
)

pytestmark = pytest.mark.django_db
SIBLING = load_rubric(SHIPPED).inheritance.sibling


@pytest.fixture
def vendor() -> Vendor:
    return make_vendor("acme")


@pytest.fixture
def line(vendor: Vendor) -> Line:
    return make_line(vendor)


@pytest.fixture
def family(line: Line) -> Family:
    return make_family(line, "acme-lm")


def licenses(dossier: Dossier) -> list[tuple[str, date, date | None]]:
    return [(fact.id, fact.valid_from, fact.valid_to) for fact in dossier.facts if fact.name == "license"]


def fact_on(dossier: Dossier, name: str, day: date) -> StateFact | None:
    found = [
        fact
        for fact in dossier.facts
        if fact.name == name and fact.valid_from <= day and (fact.valid_to is None or day < fact.valid_to)
    ]
    assert len(found) <= 1
    return found[0] if found else None


def reports(dossier: Dossier, kind: str) -> list[tuple[str, date, int, float]]:
    return [(row.id, row.published, row.severity, row.weight) for row in dossier.reports if row.kind == kind]


# What was public ------------------------------------------------------------------------------------------------------


def test_a_signal_known_to_the_month_is_public_on_its_last_day(vendor: Vendor, line: Line) -> None:
    make_signal(vendor, "ipo", date(2025, 2, 1), key="ipo", date_precision="month", published_on=None)
    (report,) = gather(line).reports
    assert (report.occurred, report.published) == (date(2025, 2, 1), date(2025, 2, 28))


def test_a_row_of_unknown_publication_day_is_left_out(vendor: Vendor, line: Line, family: Family) -> None:
    make_pledge(vendor, family, made_on=None)
    assert gather(line).pledges == ()


def test_a_release_is_announced_when_it_was_first_offered_hosted(line: Line, family: Family) -> None:
    make_release(family, date(2025, 6, 12), api_first_on=date(2025, 6, 1), weights_on=date(2025, 6, 12))
    (release,) = gather(line).releases
    assert (release.announced, release.weights) == (date(2025, 6, 1), date(2025, 6, 12))


@pytest.mark.parametrize(("precision", "day"), [("month", date(2025, 6, 30)), ("year", date(2025, 12, 31))])
def test_an_imprecise_release_is_known_with_its_weights_on_the_last_possible_day(
    line: Line, family: Family, precision: str, day: date
) -> None:
    make_release(family, date(2025, 6, 1), date_precision=precision)
    (release,) = gather(line).releases
    assert (release.announced, release.weights) == (day, day)


def test_weights_of_their_own_day_keep_it(line: Line, family: Family) -> None:
    make_release(
        family,
        date(2025, 6, 1),
        date_precision="month",
        api_first_on=date(2025, 6, 1),
        weights_on=date(2025, 8, 9),
    )
    (release,) = gather(line).releases
    assert release.weights == date(2025, 8, 9)


def test_a_recalled_row_is_told_but_never_as_verified(vendor: Vendor, line: Line, family: Family) -> None:
    recalled = make_source(url="", title="recalled")
    make_signal(vendor, source=recalled)
    make_release(family, source=recalled)
    make_pledge(vendor, source=recalled)
    make_fact(vendor, source=recalled)
    change = make_license_change(family, make_license(), make_community_license(), date(2025, 1, 15), source=recalled)
    dossier = gather(line)
    for rows in (dossier.reports, dossier.releases, dossier.pledges, dossier.facts):
        assert rows
        assert not any(row.verified for row in rows)
    assert {(row.reliability, row.credibility) for row in dossier.reports} == {("F", "6")}
    assert dossier.tightenings == ()
    assert f"license-change:{change.key}" in {row.id for row in dossier.reports}


# Releases and launches ------------------------------------------------------------------------------------------------


def test_hosted_only_is_closed_and_a_blank_weights_day_of_restricted_weights_is_unknown(
    line: Line, family: Family
) -> None:
    make_release(family, date(2025, 1, 1), slug="hosted", access="api_only")
    make_release(family, date(2025, 1, 2), slug="unclear", access="restricted", weights_on=None)
    make_release(family, date(2025, 1, 3), slug="form", access="gated")
    found = {release.id: (release.weights, release.closed) for release in gather(line).releases}
    assert found == {
        "release:hosted": (None, True),
        "release:unclear": (None, False),
        "release:form": (date(2025, 1, 3), False),
    }


def test_flagships_within_90_days_of_the_first_are_one_launch(line: Line, family: Family) -> None:
    first = date(2025, 1, 1)
    for slug, days in (("one", 0), ("two", 60), ("three", 90), ("four", 91), ("five", 150)):
        make_release(family, first + timedelta(days=days), slug=slug)
    make_release(family, first, slug="small", flagship=False)
    launches: dict[str, set[str]] = {}
    for release in gather(line).releases:
        launches.setdefault(release.launch, set()).add(release.id.removeprefix("release:"))
    assert sorted(map(sorted, launches.values())) == [["five", "four"], ["one", "three", "two"], ["small"]]


# Terms ----------------------------------------------------------------------------------------------------------------


def test_the_license_is_that_of_the_newest_open_flagship(line: Line, family: Family) -> None:
    community = make_community_license()
    make_release(family, date(2024, 1, 1))
    make_release(family, date(2025, 1, 1), license=community, withdrawn_on=date(2025, 5, 1))
    make_release(family, date(2025, 2, 1), flagship=False, license=make_license("mit"))
    make_release(family, date(2025, 3, 1), access="api_only", license=make_license("closed", category="proprietary"))
    assert licenses(gather(line)) == [
        ("license:apache-2.0", date(2024, 1, 1), date(2025, 1, 1)),
        ("license:community-1.0", date(2025, 1, 1), date(2025, 5, 1)),
        ("license:apache-2.0", date(2025, 5, 1), None),
    ]


def test_without_an_open_flagship_the_newest_open_release_has_the_terms(line: Line, family: Family) -> None:
    make_release(family, date(2024, 1, 1), flagship=False, license=make_license("mit"))
    make_release(family, date(2025, 1, 1), flagship=False)
    make_release(family, date(2025, 2, 1), access="api_only")
    assert licenses(gather(line))[-1] == ("license:apache-2.0", date(2025, 1, 1), None)


def test_the_top_model_has_the_terms_when_flagships_open_together(line: Line, family: Family) -> None:
    make_release(family, date(2025, 1, 1), slug="big", params_total_b=400, license=make_community_license())
    make_release(family, date(2025, 1, 1), slug="unsized", license=make_license("mit"))
    make_release(family, date(2025, 1, 1), slug="small", params_total_b=8)
    assert licenses(gather(line)) == [("license:community-1.0", date(2025, 1, 1), None)]


def test_an_unknown_license_ends_what_was_known(line: Line, family: Family) -> None:
    make_release(family, date(2024, 1, 1))
    make_release(family, date(2025, 1, 1), license=None)
    assert licenses(gather(line)) == [("license:apache-2.0", date(2024, 1, 1), date(2025, 1, 1))]


def test_a_change_to_all_versions_moves_what_is_already_out(line: Line, family: Family) -> None:
    apache, community = make_license(), make_community_license()
    make_release(family, date(2024, 1, 1))
    make_license_change(family, apache, community, date(2024, 6, 1), applies_to="all_versions")
    make_license_change(family, community, make_license("mit"), date(2024, 9, 1), direction="loosening")
    assert licenses(gather(line)) == [
        ("license:apache-2.0", date(2024, 1, 1), date(2024, 6, 1)),
        ("license:community-1.0", date(2024, 6, 1), None),
    ]


def test_only_stated_clauses_become_flags(line: Line, family: Family) -> None:
    clauses = ("use_restrictions", "output_training_restriction", "naming_obligation", "terminable", "irrevocable")
    unread = make_license("unread", text_read=False, **dict.fromkeys(clauses))
    strict = make_license("strict", terminable=True, irrevocable=False, territory_exclusions="EU")
    make_threshold(strict)
    shown = make_license("shown", irrevocable=None, terminable=None)
    make_threshold(shown, consequence="display")
    for month, license_ in enumerate((unread, strict, shown, make_license()), start=1):
        make_release(family, date(2025, month, 1), license=license_)
    flags = {fact.id: fact.flags for fact in gather(line).facts}
    assert flags == {
        "license:unread": frozenset(),
        "license:strict": frozenset({"threshold", "territory", "terminable"}),
        "license:shown": frozenset(),
        "license:apache-2.0": frozenset({"irrevocable"}),
    }


# License changes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "reach", "severity"),
    [
        ("apache", "closed", "new_versions", 5),
        ("apache", "community", "new_versions", 4),
        ("apache", "community", "all_versions", 5),
        ("community", "free of limits", "new_versions", 3),
        ("apache", "mit", "new_versions", 2),
        ("apache", "mit", "all_versions", 3),
    ],
)
def test_severity_follows_from_the_distance_of_the_licenses(
    line: Line, family: Family, old: str, new: str, reach: str, severity: int
) -> None:
    known = {
        "apache": make_license(),
        "mit": make_license("mit"),
        "closed": make_license("closed", category="proprietary"),
        "community": make_community_license(),
        "free of limits": make_license("free", category="restricted_open_weights", use_restrictions=True),
    }
    make_license_change(family, known[old], known[new], date(2025, 1, 15), applies_to=reach)
    ((_, _, found, weight),) = reports(gather(line), "license_tightening")
    assert (found, weight) == (severity, 1.0)


@pytest.mark.parametrize("scope", ["hosted_only", "code", "policy"])
def test_what_the_release_or_the_code_says_is_no_license_event(line: Line, family: Family, scope: str) -> None:
    make_release(family, date(2025, 1, 15), license=make_community_license())
    make_license_change(family, make_license(), make_community_license(), date(2025, 1, 15), scope=scope)
    dossier = gather(line)
    assert dossier.reports == ()
    assert dossier.tightenings == ()


def test_a_loosening_strengthens_and_tightens_nothing(line: Line, family: Family) -> None:
    make_release(family, date(2025, 1, 15))
    make_license_change(family, make_community_license(), make_license(), date(2025, 1, 15), direction="loosening")
    dossier = gather(line)
    assert [(report.kind, report.direction) for report in dossier.reports] == [("license_loosening", "strengthens")]
    assert dossier.tightenings == ()


def test_a_change_of_the_flagship_counts_in_full_and_makes_the_line_tightened(line: Line, family: Family) -> None:
    community = make_community_license()
    make_release(family, date(2024, 1, 1))
    make_release(family, date(2025, 1, 15), license=community)
    make_license_change(family, make_license(), community, date(2025, 1, 15))
    dossier = gather(line)
    assert [weight for *_, weight in reports(dossier, "license_tightening")] == [1.0]
    assert dossier.tightenings == (date(2025, 1, 15),)


def test_a_change_of_smaller_models_counts_like_a_sibling(line: Line, family: Family) -> None:
    make_release(family, date(2024, 1, 1))
    make_release(family, date(2025, 1, 15), flagship=False, license=make_community_license())
    make_license_change(family, make_license(), make_community_license(), date(2025, 1, 15))
    dossier = gather(line)
    assert [weight for *_, weight in reports(dossier, "license_tightening")] == [SIBLING]
    assert dossier.tightenings == ()


def test_a_change_announced_before_its_flagship_counts_in_full_from_the_flagship_on(line: Line, family: Family) -> None:
    community = make_community_license()
    make_release(family, date(2024, 1, 1))
    make_release(family, date(2025, 1, 20), license=community)
    change = make_license_change(family, make_license(), community, date(2025, 1, 10))
    dossier = gather(line)
    reference = f"license-change:{change.key}"
    assert reports(dossier, "license_tightening") == [
        (reference, date(2025, 1, 10), 4, SIBLING),
        (reference, date(2025, 1, 20), 4, 1.0),
    ]
    assert dossier.tightenings == (date(2025, 1, 20),)


@pytest.mark.parametrize(("confidence", "code"), [("high", ("A", "2")), ("medium", ("B", "3")), ("low", ("D", "3"))])
def test_confidence_stands_for_admiralty_codes(
    line: Line, family: Family, confidence: str, code: tuple[str, str]
) -> None:
    make_license_change(family, make_license(), make_community_license(), date(2025, 1, 15), confidence=confidence)
    (report,) = gather(line).reports
    assert (report.reliability, report.credibility) == code


# Nothing twice --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_counted"), [(-15, True), (-14, False), (0, False), (14, False), (15, True)])
def test_an_open_release_signal_is_dropped_beside_a_release_record(
    vendor: Vendor, line: Line, family: Family, days: int, is_counted: bool
) -> None:
    make_release(family, date(2025, 6, 15))
    make_signal(
        vendor, "open_release", date(2025, 6, 15) + timedelta(days=days), family=family, direction="strengthens"
    )
    assert bool(gather(line).reports) is is_counted


def test_a_vendor_signal_is_dropped_beside_a_release_of_any_of_its_lines(vendor: Vendor, line: Line) -> None:
    other = make_family(make_line(vendor, "video"), "acme-video")
    make_release(other, date(2025, 6, 15), access="api_only")
    make_signal(vendor, "closed_flagship", date(2025, 6, 17))
    assert gather(line).reports == ()


def test_a_release_of_another_line_restates_nothing_about_this_one(vendor: Vendor, line: Line, family: Family) -> None:
    other = make_family(make_line(vendor, "video"), "acme-video")
    make_release(other, date(2025, 6, 15), access="api_only")
    make_signal(vendor, "closed_flagship", date(2025, 6, 17), family=family)
    assert len(gather(line).reports) == 1


def test_a_closing_is_not_restated_by_a_release_that_opened(vendor: Vendor, line: Line, family: Family) -> None:
    make_release(family, date(2025, 6, 15))
    make_signal(vendor, "closed_flagship", date(2025, 6, 17), family=family)
    assert len(gather(line).reports) == 1


def test_a_signal_that_a_record_may_still_restate_waits_for_it(vendor: Vendor, line: Line, family: Family) -> None:
    make_signal(vendor, "closed_flagship", date(2025, 6, 17), family=family)
    make_signal(vendor, "ipo", date(2025, 6, 17))
    published = {report.kind: report.published for report in gather(line).reports}
    assert published == {"closed_flagship": date(2025, 7, 1), "ipo": date(2025, 6, 17)}


@pytest.mark.parametrize(("direction", "is_counted"), [("tightening", False), ("loosening", True)])
def test_a_license_signal_is_dropped_beside_the_change_it_tells(
    vendor: Vendor, line: Line, family: Family, direction: str, is_counted: bool
) -> None:
    make_license_change(family, make_license(), make_license("mit"), date(2025, 6, 15), direction=direction)
    signal = make_signal(vendor, "license_tightening", date(2025, 6, 20))
    counted = f"signal:{signal.key}" in {report.id for report in gather(line).reports}
    assert counted is is_counted


def test_a_withdrawal_told_by_a_signal_is_one_event_of_its_severity(vendor: Vendor, line: Line, family: Family) -> None:
    make_release(family, date(2025, 1, 1), withdrawn_on=date(2025, 6, 15))
    signal = make_signal(vendor, "withdrawal", date(2025, 6, 16), family=family, severity=2)
    assert reports(gather(line), "withdrawal") == [(f"signal:{signal.key}", date(2025, 6, 16), 2, 1.0)]


def test_a_withdrawal_that_nobody_tells_is_an_event_of_the_record(line: Line, family: Family) -> None:
    for slug in ("one", "two"):
        make_release(family, date(2025, 1, 1), slug=slug, withdrawn_on=date(2025, 6, 15))
    rows = gather(line).reports
    assert {(row.kind, row.severity, row.published) for row in rows} == {("withdrawal", 4, date(2025, 6, 29))}
    assert len({row.event for row in rows}) == 1


def test_a_late_word_on_a_withdrawal_joins_the_event_of_the_record(vendor: Vendor, line: Line, family: Family) -> None:
    make_release(family, date(2025, 1, 1), withdrawn_on=date(2025, 6, 15))
    make_signal(vendor, "withdrawal", date(2025, 6, 16), published_on=date(2025, 8, 1), family=family)
    rows = gather(line).reports
    assert len(rows) == 2
    assert len({row.event for row in rows}) == 1


def test_rows_are_events_of_their_own_unless_they_name_one(vendor: Vendor, line: Line) -> None:
    day = date(2025, 6, 15)
    for key, event in (("a", "shared"), ("b", "shared"), ("c", ""), ("d", "")):
        make_signal(vendor, "ipo", day, key=key, event_id=event)
    events = [report.event for report in gather(line).reports]
    assert len(set(events)) == 3


# Whose evidence -------------------------------------------------------------------------------------------------------


def test_a_line_inherits_from_its_vendor_in_full_and_from_siblings_in_part(
    vendor: Vendor, line: Line, family: Family
) -> None:
    sibling = make_family(make_line(vendor, "video"), "acme-video")
    make_signal(vendor, key="vendor")
    make_signal(vendor, key="own", family=family)
    make_signal(vendor, key="sibling", family=sibling)
    make_signal(make_vendor("rival"), key="rival")
    change = make_license_change(sibling, make_license(), make_community_license(), date(2025, 3, 1))
    make_release(sibling, date(2025, 3, 1))
    make_pledge(vendor, sibling)
    make_pledge(vendor, key="vendor-pledge")
    make_fact(vendor, "funding", "public", family=sibling)
    dossier = gather(line)
    assert {report.id: report.weight for report in dossier.reports} == {
        "signal:vendor": 1.0,
        "signal:own": 1.0,
        "signal:sibling": SIBLING,
        f"license-change:{change.key}": SIBLING,
    }
    assert dossier.releases == ()
    assert [pledge.id for pledge in dossier.pledges] == ["pledge:vendor-pledge"]
    assert dossier.facts == ()
    assert dossier.tightenings == ()


def test_the_origin_is_the_publisher_else_the_host_else_the_title(vendor: Vendor, line: Line) -> None:
    page = make_source("https://www.paper.example/story", "Story")
    make_signal(vendor, key="a", publisher="Wire", source=page)
    make_signal(vendor, key="b", publisher="", source=page)
    make_signal(vendor, key="c", publisher="", source=make_source(url="", title="recalled from a talk"))
    assert [report.origin for report in gather(line).reports] == ["Wire", "paper.example", "recalled from a talk"]


# Facts about the vendor -----------------------------------------------------------------------------------------------


def test_the_family_of_the_newest_flagship_decides_a_fact(vendor: Vendor, line: Line, family: Family) -> None:
    newer = make_family(line, "acme-next")
    make_fact(vendor, "business_model", "api_revenue")
    make_fact(vendor, "business_model", "complement", family=newer)
    make_release(family, date(2024, 1, 1))
    make_release(newer, date(2025, 1, 1), access="api_only")
    make_release(family, date(2025, 6, 1), flagship=False)
    dossier = gather(line)
    values = {
        day: fact.value if (fact := fact_on(dossier, "business_model", day)) else None
        for day in (date(2022, 1, 1), date(2023, 6, 1), date(2024, 6, 1), date(2025, 1, 1), date(2026, 1, 1))
    }
    assert list(values.values()) == [None, "api_revenue", "api_revenue", "complement", "complement"]


def test_an_unknown_value_and_an_ended_row_are_unknown(vendor: Vendor, line: Line) -> None:
    make_fact(vendor, "cla", "yes", valid_from=date(2022, 1, 1), valid_to=date(2023, 1, 1))
    make_fact(vendor, "cla", "unknown", valid_from=date(2023, 1, 1))
    make_fact(vendor, "funding", "vc", valid_from=date(2022, 1, 1), valid_to=date(2024, 1, 1))
    dossier = gather(line)
    assert fact_on(dossier, "cla", date(2022, 6, 1)) is not None
    assert fact_on(dossier, "cla", date(2023, 6, 1)) is None
    assert fact_on(dossier, "funding", date(2024, 1, 1)) is None


# Promises -------------------------------------------------------------------------------------------------------------


def test_a_superseded_promise_ends_and_a_broken_one_is_a_breach(vendor: Vendor, line: Line, family: Family) -> None:
    make_pledge(vendor, family, key="old", status="superseded", status_on=date(2025, 1, 1))
    make_pledge(vendor, family, key="broken", status="broken", status_on=date(2025, 2, 1), due_on=date(2025, 1, 31))
    make_pledge(vendor, family, key="open")
    dossier = gather(line)
    assert {row.id: (row.expires, row.due) for row in dossier.pledges} == {
        "pledge:old": (date(2025, 1, 1), None),
        "pledge:broken": (None, date(2025, 1, 31)),
        "pledge:open": (None, None),
    }
    assert [(row.pledge, row.on, row.known) for row in dossier.breaches] == [
        ("pledge:broken", date(2025, 2, 1), date(2025, 2, 1))
    ]


def test_a_breach_of_a_recalled_promise_is_no_breach(vendor: Vendor, line: Line) -> None:
    recalled = make_source(url="", title="recalled")
    make_pledge(vendor, status="broken", status_on=date(2025, 2, 1), source=recalled)
    assert gather(line).breaches == ()


# The whole bridge -----------------------------------------------------------------------------------------------------


def test_one_line_is_told_the_same_as_among_all(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for player in (keeper(), hedger(), breaker()):
        make_signal(player.vendor, family=make_family(make_line(player.vendor, "video")))
    with django_assert_num_queries(8):
        everything = gather_all()
    assert len(everything) == 6
    for line in Line.objects.all():
        with django_assert_num_queries(8):
            assert gather(line) == everything[line.slug]


def test_the_number_of_queries_does_not_grow(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(5):
        make_release(make_family(make_line(make_vendor())))
    with django_assert_num_queries(8):
        assert len(gather_all()) == 5


LATER: dict[str, Callable[[Vendor, Family, date], object]] = {
    "open release": lambda vendor, family, day: make_release(family, day, license=make_community_license()),
    "larger closed release": lambda vendor, family, day: make_release(
        family, day, access="api_only", params_total_b=900
    ),
    "opening signal": lambda vendor, _family, day: make_signal(vendor, "open_release", day),
    "closing signal": lambda vendor, family, day: make_signal(vendor, "closed_flagship", day, family=family),
    "withdrawal signal": lambda vendor, family, day: make_signal(vendor, "withdrawal", day, family=family),
    "backdated withdrawal signal": lambda vendor, family, day: make_signal(
        vendor, "withdrawal", date(2025, 6, 5), published_on=day, severity=5, family=family
    ),
    "backdated license signal": lambda vendor, family, day: make_signal(
        vendor, "license_loosening", date(2025, 5, 25), published_on=day
    ),
    "license change": lambda vendor, family, day: make_license_change(
        family, make_license(), make_community_license(), day
    ),
    "license change of all versions": lambda vendor, family, day: make_license_change(
        family, make_license(), make_community_license(), day, applies_to="all_versions"
    ),
    "fact": lambda vendor, family, day: make_fact(vendor, "funding", "public", valid_from=day),
    "fact of the family": lambda vendor, family, day: make_fact(
        vendor, "funding", "public", valid_from=day, family=family
    ),
    "pledge": make_pledge,
    "broken pledge": lambda vendor, family, day: make_pledge(vendor, family, day, status="broken", status_on=day),
}


@pytest.mark.parametrize("what", LATER)
@pytest.mark.parametrize("gap", [1, 10, 100])
def test_what_is_published_later_never_changes_what_was_said_before(
    vendor: Vendor, line: Line, family: Family, what: str, gap: int
) -> None:
    """No look-ahead, through the whole bridge: dossier as known, and assessment, on every day before."""
    rubric, day = load_rubric(SHIPPED), date(2025, 6, 10)
    make_release(family, date(2024, 1, 10), params_total_b=70)
    make_release(family, date(2025, 2, 10), params_total_b=70, withdrawn_on=date(2025, 6, 1))
    make_fact(vendor, "funding", "vc")
    make_pledge(vendor, family, date(2024, 1, 10))
    make_license_change(family, make_license(), make_license("mit"), date(2025, 6, 2))
    for kind in ("open_release", "closed_flagship", "license_tightening", "ipo"):
        make_signal(vendor, kind, date(2025, 6, 1))
    days = [day - timedelta(days=days) for days in (0, 5, 9, 30, 300)]
    before = gather(line)

    LATER[what](vendor, family, day + timedelta(days=gap))

    after = gather(line)
    assert after != before
    for known_on in days:
        assert as_known(after, known_on) == as_known(before, known_on)
        assert assess(after, rubric, known_on) == assess(before, rubric, known_on)


def test_every_rule_is_written_down_for_the_method_page() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES) >= 10
    assert all(rule.text.endswith(".") for rule in RULES)
