"""What forms refuse, the database refuses too."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from riskboard.catalog.models import Line, Pledge, Release, Ruling, Signal, Source, VendorFact
from riskboard.catalog.models.evidence import last_day
from tests import cast

pytestmark = pytest.mark.django_db


def release() -> Model:
    return cast.make_release(params_total_b=Decimal(4))


def pledge() -> Model:
    return cast.make_pledge(cast.make_vendor(), due_on=date(2025, 1, 1))


def signal() -> Model:
    return cast.make_signal(cast.make_vendor())


def license_change() -> Model:
    return cast.make_license_change(
        cast.make_family(), cast.make_license(), cast.make_community_license(), date(2025, 1, 1)
    )


def threshold() -> Model:
    return cast.make_threshold(cast.make_license())


def fact() -> Model:
    return cast.make_fact(cast.make_vendor())


def reach() -> Model:
    return cast.make_reach(cast.make_vendor())


BROKEN: list[tuple[Callable[[], Model], dict[str, object]]] = [
    (release, {"access": "ajar"}),
    (release, {"date_precision": "week"}),
    (release, {"confidence": "sure"}),
    (release, {"access": "api_only"}),
    (release, {"withdrawn_on": date(2025, 1, 14), "weights_on": None}),
    (release, {"withdrawn_on": date(2025, 1, 20), "weights_on": date(2025, 1, 21)}),
    (release, {"hosted_ended_on": date(2025, 1, 14)}),
    (release, {"api_first_on": date(2025, 1, 16)}),
    (release, {"params_total_b": Decimal(0)}),
    (release, {"params_active_b": Decimal(0)}),
    (release, {"params_active_b": Decimal(5)}),
    (pledge, {"specificity": "firm"}),
    (pledge, {"status": "forgotten"}),
    (pledge, {"confidence": "sure"}),
    (pledge, {"due_on": date(2024, 5, 31)}),
    (pledge, {"status": "kept", "status_on": None}),
    (pledge, {"status": "kept", "status_on": date(2024, 5, 31)}),
    (signal, {"direction": "sideways"}),
    (signal, {"severity": 0}),
    (signal, {"severity": 6}),
    (signal, {"source_reliability": "G"}),
    (signal, {"info_credibility": "7"}),
    (signal, {"date_precision": "week"}),
    (signal, {"confidence": "sure"}),
    (signal, {"published_on": date(2025, 2, 28)}),
    (license_change, {"direction": "sideways"}),
    (license_change, {"applies_to": "some"}),
    (license_change, {"scope": "mood"}),
    (license_change, {"confidence": "sure"}),
    (cast.make_license, {"category": "free"}),
    (cast.make_license, {"commercial_use": "perhaps"}),
    (cast.make_license, {"terminable": True}),
    (cast.make_license, {"text_read": False, "terminable": None}),
    (threshold, {"amount": 0}),
    (threshold, {"currency": "USD"}),
    (threshold, {"metric": "revenue"}),
    (fact, {"valid_to": date(2023, 1, 1)}),
    (fact, {"confidence": "sure"}),
    (reach, {"confidence": "sure"}),
    (reach, {"value": -1}),
    (cast.make_source, {"url": "javascript:alert(1)"}),
    (cast.make_source, {"url": ""}),
]


@pytest.mark.parametrize(("make", "change"), BROKEN)
def test_a_broken_rule_is_refused_by_form_and_database_alike(
    make: Callable[[], Model], change: dict[str, object]
) -> None:
    row = make()
    row.full_clean()
    for name, value in change.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**change)


def test_what_occurs_once_cannot_be_stored_twice() -> None:
    line = cast.make_line()
    family = cast.make_family(line)
    vendor = line.vendor
    pledge = cast.make_pledge(vendor)
    made: list[Callable[[], Model]] = [
        lambda: cast.make_line(vendor, slug="other", name="Other"),
        lambda: cast.make_family(line, slug=family.slug),
    ]
    made_twice: list[Callable[[], Model]] = [
        lambda: cast.make_vendor("acme", name="Acme"),
        lambda: cast.make_signal(vendor, key="one"),
        lambda: cast.make_pledge(vendor, key="one"),
        lambda: cast.make_fact(vendor),
        lambda: cast.make_fact(vendor, family=family),
        lambda: cast.make_reach(vendor, source=cast.make_source("https://one.example/")),
        lambda: cast.make_reach(vendor, family, source=cast.make_source("https://one.example/")),
        lambda: Ruling.objects.create(pledge=pledge, status="kept"),
        lambda: Ruling.objects.create(pledge=pledge, status="kept", ruled_on=date(2025, 1, 1)),
        lambda: Source.objects.create(url="https://two.example/"),
        lambda: cast.make_threshold(cast.make_license()),
    ]
    for make in made_twice:
        make()
    for make in [*made, *made_twice]:
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


def test_a_form_refuses_a_family_of_another_vendor() -> None:
    row = cast.make_signal(cast.make_vendor(), family=cast.make_family())
    with pytest.raises(ValidationError, match="another vendor"):
        row.full_clean()


def test_a_form_refuses_a_value_that_its_field_does_not_know() -> None:
    with pytest.raises(ValidationError, match="'nonprofit' is unknown; known: yes, no, unknown"):
        VendorFact(field="cla", value="nonprofit").clean()


@pytest.mark.parametrize(
    ("day", "precision", "last"),
    [
        (date(2024, 2, 5), "day", date(2024, 2, 5)),
        (date(2024, 2, 5), "month", date(2024, 2, 29)),
        (date(2023, 2, 5), "month", date(2023, 2, 28)),
        (date(2024, 2, 5), "year", date(2024, 12, 31)),
    ],
)
def test_the_last_day_that_a_precision_allows(day: date, precision: str, last: date) -> None:
    assert last_day(day, precision) == last


def test_a_corrected_date_moves_the_day_that_was_derived_from_it() -> None:
    row = cast.make_signal(cast.make_vendor(), occurred_on=date(2025, 3, 1), published_on=None, date_precision="month")
    assert (row.published_on, row.published_is_derived) == (date(2025, 3, 31), True)
    row.occurred_on = date(2025, 4, 1)
    row.save()
    assert row.published_on == date(2025, 4, 30)
    row.stated_published_on = date(2025, 4, 7)
    row.save()
    assert (row.published_on, row.published_is_derived) == (date(2025, 4, 7), False)


def test_a_row_is_known_from_the_day_it_was_public() -> None:
    vendor = cast.make_vendor()
    cast.make_signal(vendor, occurred_on=date(2025, 3, 1), published_on=date(2025, 3, 9))
    cast.make_pledge(vendor, made_on=None)
    assert not Signal.objects.known_on(date(2025, 3, 8)).exists()
    assert Signal.objects.known_on(date(2025, 3, 9)).exists()
    assert not Pledge.objects.known_on(date(2099, 1, 1)).exists()


def test_a_row_is_known_here_from_the_day_it_was_recorded() -> None:
    row = cast.make_signal(cast.make_vendor())
    recorded_on = row.recorded_at.date()
    assert Signal.objects.known_by(recorded_on).exists()
    assert not Signal.objects.known_by(recorded_on - timedelta(days=1)).exists()


def test_what_is_about_a_line_is_about_its_families_or_its_whole_vendor() -> None:
    language = cast.make_line()
    vendor = language.vendor
    video = cast.make_line(vendor, "video")
    own = cast.make_signal(vendor, family=cast.make_family(language))
    whole = cast.make_signal(vendor)
    cast.make_signal(vendor, family=cast.make_family(video))
    cast.make_signal(cast.make_vendor())
    assert set(Signal.objects.about_line(language)) == {own, whole}
    assert Signal.objects.about(vendor).count() == 3


def test_a_fact_is_in_force_until_the_day_it_no_longer_holds() -> None:
    fact = cast.make_fact(cast.make_vendor(), valid_from=date(2024, 1, 1), valid_to=date(2025, 1, 1))
    days = {day: VendorFact.objects.in_force_on(day).exists() for day in (date(2023, 12, 31), date(2024, 1, 1))}
    assert days == {date(2023, 12, 31): False, date(2024, 1, 1): True}
    assert not VendorFact.objects.in_force_on(date(2025, 1, 1)).exists()
    fact.valid_to = None
    fact.save()
    assert VendorFact.objects.in_force_on(date(2025, 1, 1)).exists()


def test_releases_and_changes_are_narrowed_to_what_a_line_stands_on() -> None:
    hedger, keeper = cast.hedger(), cast.keeper()
    assert set(Release.objects.of_line(hedger.line).flagships()) == set(hedger.releases)
    assert hedger.vendor.license_changes.tightening().count() == 1
    assert not keeper.vendor.license_changes.tightening().exists()


def test_the_name_people_use_for_a_line_leaves_out_its_vendor() -> None:
    assert Line(name="Qwen (Alibaba, language)").short_name == "Qwen"
