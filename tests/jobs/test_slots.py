from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskboard.jobs import services
from riskboard.jobs.models import Job
from riskboard.jobs.slots import Schedule, slot_key, slot_start

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
schedules = st.builds(
    Schedule,
    st.just("feed:x"),
    st.timedeltas(timedelta(seconds=1), timedelta(days=40)).map(
        lambda every: timedelta(seconds=every // timedelta(seconds=1))
    ),
)


def test_a_key_names_the_schedule_and_the_start_of_its_slot() -> None:
    schedule = Schedule("feed:qwen", timedelta(minutes=15))
    assert slot_key(schedule, datetime(2026, 6, 1, 12, 44, 59, tzinfo=UTC)) == "feed:qwen@2026-06-01T12:30:00Z"
    assert slot_key(schedule, datetime(2026, 6, 1, 12, 45, tzinfo=UTC)) == "feed:qwen@2026-06-01T12:45:00Z"


@given(schedules, moments)
def test_every_moment_has_one_slot_and_slots_leave_no_gap(schedule: Schedule, now: datetime) -> None:
    start = slot_start(schedule, now)
    assert start <= now < start + schedule.every
    assert slot_key(schedule, start) == slot_key(schedule, start + schedule.every - timedelta(microseconds=1))
    assert slot_start(schedule, start + schedule.every) == start + schedule.every


@pytest.mark.django_db
def test_two_beats_and_a_clock_that_jumps_make_one_job_a_slot(now: datetime) -> None:
    schedule, minute = Schedule("feed:x", timedelta(minutes=10)), timedelta(minutes=1)
    until_the_jump = [now + minute * step for step in range(90)]
    after_it = [now + minute * step for step in range(30, 120)]  # an hour back, and on
    for moment in [*until_the_jump, *after_it]:
        for late in (timedelta(0), timedelta(seconds=7)):  # the second beat
            services.enqueue(kind="note", key=slot_key(schedule, moment + late), payload={}, now=moment)
    slots = [slot_key(schedule, now + schedule.every * step) for step in range(12)]
    assert list(Job.objects.order_by("key").values_list("key", flat=True)) == slots


def test_summer_time_neither_doubles_nor_skips_a_slot() -> None:
    schedule = Schedule("feed:x", timedelta(hours=1))
    for begin in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        local = [(begin + timedelta(hours=hour)).astimezone(ZoneInfo("Europe/Berlin")) for hour in range(4)]
        assert len({slot_key(schedule, moment) for moment in local}) == 4
