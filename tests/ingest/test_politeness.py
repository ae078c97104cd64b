"""Politeness towards a host, kept in its row: rate limits as C-15 has them, the breaker, one request in flight."""

from datetime import UTC, datetime, timedelta

import pytest

from riskboard.ingest.failures import HostBusy
from riskboard.ingest.models import Host
from riskboard.ingest.politeness import Verdict, Visit, begin, closed_until, end, interval_of, judge

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
IN_TWO_MINUTES = "Tue, 24 Nov 2026 12:02:00 GMT"


def visit(now: datetime = NOW) -> Visit:
    return begin("news.example", now=now, until=now + 30 * SECOND)


def finish(visit: Visit, verdict: Verdict, now: datetime = NOW, *, random: float = 0.5) -> None:
    end(visit, verdict, now=now, interval=SECOND, random=lambda: random)


def refusal(now: datetime) -> HostBusy:
    with pytest.raises(HostBusy) as refused:
        visit(now)
    return refused.value


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"retry-after": "120"}, 120),
        (429, {"retry-after": IN_TWO_MINUTES}, 120),
        (429, {"retry-after": "Tue, 24 Nov 2026 14:02:00 +0200"}, 120),
        (429, {"retry-after": "Tue, 24 Nov 2026 12:02:00 -0000"}, 120),
        (429, {"ratelimit": '"api";r=0;t=55'}, 55),
        (429, {"ratelimit": '"pages";r=80;t=300, "api";r=0;t=55'}, 55),
        (429, {"ratelimit": "limit=100, remaining=0, reset=50"}, 50),
        (429, {"ratelimit-remaining": "0", "ratelimit-reset": "50"}, 50),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "299"}, 299),
        (429, {"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "299"}, 299),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 900)}, 900),
        (429, {"retry-after": "30", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "299"}, 299),
        (503, {"retry-after": "120"}, 120),
        (403, {"retry-after": "120"}, 120),
        (403, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "299"}, 299),
        # Refused and free at once would be a circle.
        (429, {"retry-after": "0"}, 10),
        (429, {"retry-after": "Tue, 24 Nov 2020 12:02:00 GMT"}, 10),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) - 900)}, 10),
        # A mistake must not silence a source for good.
        (429, {"retry-after": "99999999999999"}, 7 * 24 * 3600),
        (429, {"retry-after": "Tue, 24 Nov 9999 12:02:00 GMT"}, 7 * 24 * 3600),
        (429, {"ratelimit": f'"api";r=0;t={"9" * 400}'}, 7 * 24 * 3600),
        (429, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1e300"}, 7 * 24 * 3600),
    ],
)
def test_c15_a_pause_that_a_host_asks_for_is_understood(status: int, headers: dict[str, str], seconds: int) -> None:
    assert judge(status, headers, b"", failures=0, now=NOW) == Verdict(
        is_failure=False, not_before=NOW + timedelta(seconds=seconds), is_refusal=True
    )


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"retry-after": "soon"},
        {"retry-after": "-5"},
        {"retry-after": "nan"},
        {"retry-after": "inf"},
        {"retry-after": "Tue, 99 Nov 2026 12:02:00 GMT"},
        {"retry-after": "Tue, 24 Nov 2026 12:02:00 -9999"},
        {"ratelimit": '"api";r=0'},
        {"ratelimit": '"api";r=05;t=9'},
        {"x-ratelimit-remaining": "0"},
        {"x-ratelimit-remaining": "17", "x-ratelimit-reset": "299"},
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_c15_a_refusal_that_says_nothing_useful_waits_a_minute_and_longer_each_time(
    status: int, headers: dict[str, str]
) -> None:
    pauses = [judge(status, headers, b"", failures=failures, now=NOW).not_before for failures in (0, 1, 2, 500)]
    assert pauses == [NOW + MINUTE, NOW + 2 * MINUTE, NOW + 4 * MINUTE, NOW + timedelta(hours=24)]
    assert judge(status, headers, b"", failures=0, now=NOW).is_failure is True


def test_a_403_is_a_refusal_only_if_it_speaks_of_limits() -> None:
    gated = judge(403, {"x-ratelimit-remaining": "17"}, b"Access to model is restricted", failures=0, now=NOW)
    assert gated == Verdict(is_failure=False)
    limited = judge(403, {}, b'{"message": "You have exceeded a secondary rate limit."}', failures=0, now=NOW)
    assert limited == Verdict(is_failure=True, not_before=NOW + MINUTE, is_refusal=True)


@pytest.mark.parametrize("status", [200, 301, 304, 401, 404])
def test_the_last_answer_of_a_budget_is_an_answer_and_a_pause(status: int) -> None:
    assert judge(status, {"ratelimit": '"api";r=0;t=55'}, b"", failures=3, now=NOW) == Verdict(
        is_failure=False, not_before=NOW + 55 * SECOND
    )


def test_the_health_of_a_host_is_told_from_its_status() -> None:
    statuses = (200, 304, 401, 404, 410, 451, 500, 502, 504)
    assert [judge(status, {}, b"", failures=0, now=NOW).is_failure for status in statuses] == [
        *[False] * 6,
        *[True] * 3,
    ]


@pytest.mark.django_db
def test_one_request_is_in_flight_per_host() -> None:
    first = visit()
    busy = refusal(NOW + SECOND)
    assert (busy.reason, busy.not_before) == ("in_flight", NOW + 30 * SECOND)
    begin("other.example", now=NOW, until=NOW + 30 * SECOND)
    finish(first, Verdict(is_failure=False), NOW + SECOND)
    assert visit(NOW + 2 * SECOND).lease != first.lease


@pytest.mark.django_db
def test_a_request_whose_process_died_holds_its_host_only_until_its_lease_ends() -> None:
    lost = visit()
    successor = visit(NOW + 30 * SECOND)
    finish(lost, Verdict(is_failure=True), NOW + 31 * SECOND)
    assert Host.objects.get().lease == successor.lease
    assert Host.objects.get().failures == 0


@pytest.mark.django_db
def test_the_minimum_interval_is_kept() -> None:
    finish(visit(), Verdict(is_failure=False))
    busy = refusal(NOW + SECOND / 2)
    assert (busy.reason, busy.not_before) == ("too_soon", NOW + SECOND)
    visit(NOW + SECOND)


def test_gdelt_is_asked_at_most_every_five_seconds() -> None:
    assert interval_of("api.gdeltproject.org") == 5 * SECOND
    assert interval_of("news.example") == SECOND


@pytest.mark.django_db
def test_c15_a_pause_is_kept_in_the_database_and_passes() -> None:
    finish(visit(), judge(429, {"retry-after": "120"}, b"", failures=0, now=NOW))
    busy = refusal(NOW + 119 * SECOND)
    assert (busy.reason, busy.not_before, str(busy)) == (
        "host_busy",
        NOW + 120 * SECOND,
        "news.example asked us to come back later.",
    )
    visit(NOW + 120 * SECOND)


@pytest.mark.django_db
def test_a_pause_is_named_before_a_longer_interval_that_would_be_waited_for() -> None:
    end(
        visit(),
        judge(429, {"retry-after": "20"}, b"", failures=0, now=NOW),
        now=NOW,
        interval=MINUTE,
        random=lambda: 0.5,
    )
    assert refusal(NOW + SECOND).reason == "host_busy"
    assert refusal(NOW + 21 * SECOND).reason == "too_soon"


@pytest.mark.django_db
def test_the_fifth_failure_in_a_row_opens_the_breaker() -> None:
    now = NOW
    for _ in range(4):
        finish(visit(now), Verdict(is_failure=True), now)
        now += MINUTE
    finish(visit(now), Verdict(is_failure=True), now)
    busy = refusal(now + 9 * MINUTE)
    assert (busy.reason, busy.not_before) == ("host_failing", now + 10 * MINUTE)
    assert str(busy) == f"news.example keeps failing and is left alone until {busy.not_before:%Y-%m-%d %H:%M} UTC."


@pytest.mark.django_db
def test_one_request_tries_the_host_again_and_decides() -> None:
    Host.objects.create(name="news.example", failures=5, closed_until=NOW)
    trial = visit()
    assert refusal(NOW).reason == "in_flight"
    finish(trial, Verdict(is_failure=True))
    assert refusal(NOW + 19 * MINUTE).not_before == NOW + 20 * MINUTE
    finish(visit(NOW + 20 * MINUTE), Verdict(is_failure=False), NOW + 20 * MINUTE)
    host = Host.objects.get()
    assert (host.failures, host.closed_until) == (0, None)


@pytest.mark.django_db
def test_what_is_not_the_hosts_fault_neither_counts_nor_heals() -> None:
    Host.objects.create(name="news.example", failures=4)
    finish(visit(), Verdict())
    assert Host.objects.get().failures == 4


def test_closures_double_up_to_a_day_give_or_take_a_tenth() -> None:
    def minutes(failures: int, random: float) -> float:
        until = closed_until(failures, NOW, lambda: random)
        return 0 if until is None else (until - NOW) / MINUTE

    assert [minutes(failures, 0.5) for failures in (0, 4, 5, 6, 7, 12, 13, 10_000)] == [
        *(0, 0, 10, 20, 40, 1280),
        *(1440, 1440),
    ]
    assert (minutes(5, 0.0), minutes(5, 1.0)) == (9, 11)
