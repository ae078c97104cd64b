"""What pages get: the board, timelines, ledgers, moves and evidence cards, in few queries and without a write."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from riskboard.catalog.models import LicenseChange, Pledge, Release, Signal, VendorFact
from scoring import selectors, services
from scoring.gather import gather
from scoring.ledger import spoken
from scoring.models import History, Score
from tests.cast import Player, breaker, hedger, keeper, make_line, make_release, make_signal, make_source, make_vendor

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 15)
NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)


@pytest.fixture
def players() -> list[Player]:
    return [keeper(), hedger(), breaker()]


@pytest.fixture
def scored(players: list[Player]) -> list[Player]:
    services.refresh(as_of=DAY, now=NOW)
    return players


def test_the_board_shows_what_is_stored(
    scored: list[Player], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    selectors.board()  # the first page after a change of the evidence reads it for all others
    with django_assert_num_queries(3):
        rows = {row.line.slug: (row, row.families, row.line.vendor.name) for row in selectors.board()}
    row, families, vendor = rows["breaker-language"]
    score = Score.objects.get(line=row.line)
    assert (row.durability, row.state, row.p12, row.evidence) == (score.durability, "mixed", score.p12, score.evidence)
    assert (families, vendor) == (("BreakerLM",), "Breaker")
    assert row.license_category == "restricted_open_weights"
    assert row.delta90 is not None
    assert row.spark[-1] == pytest.approx(score.durability, abs=0.01)
    assert row.moved_by is not None


def test_a_line_without_a_score_keeps_its_row(scored: list[Player]) -> None:
    make_line(make_vendor("newcomer"))
    row = next(row for row in selectors.board() if row.line.vendor.slug == "newcomer")
    assert (row.durability, row.state, row.spark, row.delta90) == (None, "", (), None)


def test_the_board_of_the_stored_day_is_the_stored_board(scored: list[Player]) -> None:
    """Computed for a day or read from the store: one truth."""
    for stored, computed in zip(selectors.board(), selectors.board(DAY), strict=True):
        assert (stored.line, stored.state, stored.license_category) == (
            computed.line,
            computed.state,
            computed.license_category,
        )
        assert stored.durability == pytest.approx(computed.durability, abs=1e-9)
        assert stored.delta90 == pytest.approx(computed.delta90, abs=0.02)
        assert stored.spark == pytest.approx(computed.spark, abs=0.011)
        assert stored.moved_by == computed.moved_by


def test_a_past_board_sees_nothing_later(players: list[Player]) -> None:
    day = date(2025, 1, 1)
    before = {row.line.slug: (row.state, row.durability, row.moved_by) for row in selectors.board(day)}
    for player in players:
        make_signal(player.vendor, "ipo", day + timedelta(days=1), severity=5)
    after = {row.line.slug: (row.state, row.durability, row.moved_by) for row in selectors.board(day)}
    assert before == after
    assert before["breaker-language"][0] == "open"


def test_assessments_are_kept_until_evidence_changes(
    players: list[Player], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    line, vendor = players[0].line, players[0].vendor
    before = selectors.assessments(DAY)[line.slug]
    with django_assert_num_queries(1):
        assert selectors.assessment_of(line, DAY)[1] == before
    make_signal(vendor, "ipo", DAY, severity=5)
    assert selectors.assessments(DAY)[line.slug].durability < before.durability


def test_a_timeline_is_read_from_the_store_while_it_is_fresh(
    scored: list[Player], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    line = scored[1].line
    History.objects.filter(line=line).update(delta90=None)
    with django_assert_num_queries(2):
        stored = selectors.history_of(line)
    History.objects.all().delete()
    assert selectors.history_of(line, DAY) == stored


def test_a_stale_timeline_is_computed_again(scored: list[Player]) -> None:
    line, vendor = scored[0].line, scored[0].vendor
    before = selectors.history_of(line)
    make_signal(vendor, "ipo", DAY - timedelta(days=10), severity=5)
    after = selectors.history_of(line)
    assert after.last == before.last == DAY
    assert after.durability[-1] < before.durability[-1]
    assert after.durability[:-11] == before.durability[:-11]


def test_a_timeline_can_run_past_the_stored_day_or_stop_before_it(scored: list[Player]) -> None:
    line = scored[0].line
    stored = selectors.history_of(line)
    later = selectors.history_of(line, DAY + timedelta(days=5))
    assert later.until(DAY) == stored
    earlier = selectors.history_of(line, date(2025, 1, 1))
    assert earlier.last == date(2025, 1, 1)
    assert len(earlier.days()) == len(earlier.durability)
    assert earlier.durability_on(DAY) is None


def test_timelines_of_several_lines_are_one_query_more(
    scored: list[Player], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        found = selectors.histories([player.line for player in scored])
    assert set(found) == {player.line.slug for player in scored}


def test_the_ledger_adds_up_to_the_difference(players: list[Player]) -> None:
    line, first, last = players[2].line, date(2025, 1, 1), DAY
    ledger = selectors.changes_between(line, first, last)
    difference = selectors.assessment_of(line, last)[1].durability - selectors.assessment_of(line, first)[1].durability
    assert sum(part.points for part in ledger) == pytest.approx(difference, abs=1e-9)
    assert {"new evidence", "aging"} <= {part.cause for part in ledger}


def test_the_biggest_moves_come_first_with_what_moved_them(players: list[Player]) -> None:
    signal = make_signal(players[0].vendor, "restructuring", DAY - timedelta(days=3), severity=5)
    first, second = selectors.biggest_moves(DAY, n=2)
    assert first.line == players[0].line
    assert first.moved_by is not None
    assert first.moved_by.reference == f"signal:{signal.key}"
    assert first.delta < 0
    assert abs(first.delta) >= abs(second.delta)


def test_a_line_that_had_no_model_yet_is_no_move(players: list[Player]) -> None:
    before_breaker = date(2024, 6, 1)
    moved = {move.line.slug for move in selectors.biggest_moves(before_breaker, days=200, n=10)}
    assert moved == {"breaker-language"}


def test_timeline_days_are_those_that_moved_or_brought_evidence(scored: list[Player]) -> None:
    line = scored[2].line
    rows = selectors.timeline_days(line)
    days = [row.day for row in rows]
    assert days == sorted(set(days))
    release = Release.objects.get(released_on=date(2025, 6, 3))
    closing = next(row for row in rows if row.day == release.released_on)
    assert f"release:{release.slug}" in {cause.reference for cause in closing.causes}
    assert all(row.causes or abs(row.delta) >= 0.5 for row in rows[1:])
    assert sum(row.delta for row in rows) == pytest.approx(rows[-1].durability - rows[0].durability, abs=0.01)


def test_a_recalled_row_causes_no_timeline_day(players: list[Player]) -> None:
    player = players[0]
    make_signal(player.vendor, "ipo", date(2025, 7, 7), source=make_source(url="", title="recalled"))
    assert date(2025, 7, 7) not in {row.day for row in selectors.timeline_days(player.line, DAY)}


def test_what_if_an_event_had_not_happened(players: list[Player]) -> None:
    player = players[2]
    signal = Signal.objects.get(vendor=player.vendor, kind="monetization_shift")
    change, other = selectors.what_if(player.line, DAY, remove=[f"signal:{signal.key}"])
    assert change > 0
    assert other.durability == pytest.approx(selectors.assessment_of(player.line, DAY)[1].durability + change)


def test_live_begins_with_the_first_score_said_on_its_own_day(players: list[Player]) -> None:
    line = players[0].line
    assert spoken(line).since is None
    services.rescore(as_of=date(2025, 6, 1), now=NOW)
    assert spoken(line).since is None
    services.rescore(as_of=DAY, now=NOW)
    assert spoken(line).since == DAY


def test_every_reference_of_an_assessment_has_a_card(
    players: list[Player], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for player in players:
        dossier, assessment = selectors.assessment_of(player.line, DAY)
        wanted = {reference for item in assessment.contributions for reference in item.evidence}
        for rows in (dossier.facts, dossier.releases, dossier.pledges, dossier.reports):
            wanted |= {row.id for row in rows}
        with django_assert_max_num_queries(7):
            cards = selectors.evidence_index(wanted)
        assert set(cards) == wanted
        for card in cards.values():
            assert card.title
            assert card.url.startswith("/")
            assert card.source_url.startswith("https://")


def test_a_card_says_how_sure_and_how_severe(players: list[Player]) -> None:
    change, fact = LicenseChange.objects.get(), VendorFact.objects.filter(field="funding").first()
    pledge, signal = Pledge.objects.get(status="broken"), Signal.objects.get(kind="layoffs")
    assert fact is not None
    keys = [f"license-change:{change.key}", f"fact:{fact.pk}", f"pledge:{pledge.key}", f"signal:{signal.key}"]
    cards = selectors.evidence_index([*keys, "signal:gone", "nonsense", "fact:x", "planet:mars"])
    assert set(cards) == set(keys)
    assert (cards[keys[0]].grade, cards[keys[0]].severity, cards[keys[0]].direction) == ("A2", 4, "weakens")
    assert (cards[keys[1]].grade, cards[keys[1]].severity) == ("B3", None)
    assert cards[keys[2]].kind == "pledge, broken"
    assert (cards[keys[3]].grade, cards[keys[3]].severity, cards[keys[3]].verified) == ("B2", 2, True)


def test_a_recalled_card_is_unverified(players: list[Player]) -> None:
    release = make_release(players[0].family, source=make_source(url="", title="recalled"))
    card = selectors.evidence_index([f"release:{release.slug}"])[f"release:{release.slug}"]
    assert (card.verified, card.grade, card.source_url) == (False, "F6", "")


def test_dossiers_are_those_of_the_bridge(players: list[Player]) -> None:
    assert all(selectors.dossiers()[player.line.slug] == gather(player.line) for player in players)
