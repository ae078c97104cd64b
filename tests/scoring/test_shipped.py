"""The shipped evidence, end to end: states and movements that its stories tell; never exact figures."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from riskboard.catalog.models import LicenseChange, Line, Pledge, Release, Signal, VendorFact
from scoring import services
from scoring.engine.assess import assess
from scoring.engine.assessment import Assessment
from scoring.engine.digest import input_digest
from scoring.engine.rubric import SHIPPED, load_rubric
from scoring.engine.state import line_state
from scoring.gather import gather, gather_all
from scoring.kept import dossiers
from scoring.timelines import compute_timeline

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shipped")]
TODAY = date(2026, 11, 24)


def assessed(slug: str, day: date = TODAY) -> Assessment:
    return assess(dossiers()[slug], load_rubric(SHIPPED), day)


def state(slug: str, day: date = TODAY) -> tuple[str, date | None]:
    found = line_state(dossiers()[slug], load_rubric(SHIPPED), day)
    return found.code, found.since


def test_every_line_is_told_the_same_alone_as_among_all() -> None:
    everything = gather_all()
    assert len(everything) == Line.objects.count() == 80
    for line in Line.objects.all():
        assert gather(line) == everything[line.slug]


def test_qwen_falls_in_march_2026_and_does_not_recover() -> None:
    days = (date(2025, 3, 1), date(2026, 3, 2), date(2026, 3, 20), TODAY)
    early, quiet, march, now = (assessed("alibaba-language", day) for day in days)
    assert early.durability > quiet.durability > march.durability + 2
    assert quiet.durability > now.durability > 0
    assert march.pressure > quiet.pressure
    assert quiet.forecast(24).total < march.forecast(24).total
    assert march.forecast(24).held < march.forecast(24).next_version
    new = {item.key for item in march.contributions} - {item.key for item in quiet.contributions}
    assert {"EV:signal:alibaba-20260316-restructuring", "EV:signal:alibaba-20260319-revenue-target"} <= new


def test_qwen_is_open_then_mixed_then_reopened() -> None:
    assert state("alibaba-language", date(2025, 3, 1)) == ("open", date(2023, 8, 3))
    assert state("alibaba-language", date(2026, 3, 2))[0] == "mixed"
    assert state("alibaba-language", date(2026, 7, 1))[0] == "mixed", (
        "its largest models are hosted only, smaller ones open"
    )
    assert state("alibaba-language") == ("reopened", date(2026, 8, 12))


@pytest.mark.parametrize(
    ("slug", "code", "since"),
    [
        ("zhipu-language", "tightened", date(2026, 8, 25)),
        ("moonshot-language", "tightened", date(2026, 7, 27)),
        ("minimax-language", "tightened", date(2026, 4, 12)),
        ("minimax-video", "tightened", date(2026, 8, 5)),
        ("deepseek-language", "open", date(2023, 11, 29)),
        ("google-language", "open", date(2024, 2, 21)),
        ("baidu-language", "closed", date(2025, 11, 13)),
        ("alibaba-image", "mixed", date(2026, 2, 10)),
        ("meta-language", "mixed", date(2026, 4, 8)),
        ("mistral-language", "reopened", date(2025, 12, 2)),
        ("runway-image", "withdrawn", date(2024, 8, 29)),
        ("stability-image", "dormant", date(2025, 10, 22)),
        ("reflection-language", "no_open_model", None),
    ],
)
def test_states_agree_with_the_record(slug: str, code: str, since: date | None) -> None:
    assert state(slug) == (code, since)


def test_wan_is_closed_and_scores_below_lines_that_stayed_open() -> None:
    assert state("alibaba-video")[0] == "closed"
    wan = assessed("alibaba-video").durability
    for slug in ("deepseek-language", "nvidia-language", "ai2-language", "google-language"):
        assert assessed(slug).durability > wan + 15


def test_terms_of_a_line_are_those_of_its_flagship() -> None:
    def category(slug: str, day: date = TODAY) -> str:
        return services.license_category(dossiers()[slug], day)

    assert category("deepseek-language") == "permissive"
    assert category("zhipu-language", date(2026, 8, 24)) == "permissive"
    assert category("zhipu-language", date(2026, 8, 25)) == "restricted_open_weights"
    assert category("minimax-language", date(2026, 4, 12)) == "noncommercial"
    assert category("01-ai-language", date(2023, 11, 3)) == "noncommercial"
    assert category("01-ai-language", date(2024, 6, 1)) == "permissive"


@pytest.mark.parametrize("day", [date(2024, 9, 1), date(2026, 3, 20)])
def test_what_became_public_later_changes_no_earlier_score(day: date) -> None:
    """The base as it would have been on that day gives the same assessments, through the whole bridge."""
    rubric, whole = load_rubric(SHIPPED), gather_all()
    with transaction.atomic():
        for model in (Signal, LicenseChange, Pledge, Release, VendorFact):
            assert model.objects.filter(published_on__gt=day).delete()[0] > 0
        cut = gather_all()
        transaction.set_rollback(True)
    for slug, dossier in whole.items():
        assert input_digest(cut[slug], day) == input_digest(dossier, day), slug
        then, now = assess(cut[slug], rubric, day), assess(dossier, rubric, day)
        assert (then.state, then.insufficient, then.newest) == (now.state, now.insufficient, now.newest), slug
        assert then.raw == pytest.approx(now.raw, abs=1e-9), slug


@pytest.mark.parametrize("slug", ["alibaba-language", "meta-language", "minimax-language"])
def test_timelines_equal_the_single_path(slug: str) -> None:
    rubric, dossier = load_rubric(SHIPPED), dossiers()[slug]
    timeline = compute_timeline(dossier, rubric, TODAY)
    for day in timeline.days()[::60]:
        single = assess(dossier, rubric, day)
        assert timeline.durability_on(day) == pytest.approx(single.durability, abs=0.006)
        span = timeline.state_on(day)
        assert span is not None
        assert span.code == single.state.code


def test_a_second_sweep_of_the_whole_base_changes_nothing() -> None:
    now = datetime(2026, 11, 24, 9, tzinfo=UTC)
    stored, rebuilt = services.refresh(as_of=TODAY, now=now)
    assert (len(stored), rebuilt) == (80, 80)
    assert services.refresh(as_of=TODAY, now=now) == ([], 0)
