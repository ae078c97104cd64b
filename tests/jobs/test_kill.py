"""C-51 to C-56 with real workers, schedulers, brokers and databases, and real kills; C-50 is in test_many_faults.py."""

from collections.abc import Iterator

import pytest

from riskboard.supervisor import Child
from tests.jobs.produce import CUT_OFF
from tests.jobs.stack import Stack, find_broker, kill, own_database, wait_for


@pytest.fixture(scope="module", params=["threads embedded", "prefork redis-server"])
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Broker, scheduler and database; the tests share the worker too, for it must survive all but its own kill."""
    pool, broker = request.param.split()
    binary = find_broker(broker)
    folder = tmp_path_factory.mktemp("stack")
    with own_database(folder) as database:
        running = Stack(folder, database, binary, pool)
        try:
            running.start_broker()
            running.start_scheduler()
            yield running
        finally:
            running.stop()


@pytest.fixture
def worker(stack: Stack) -> Child:
    return stack.worker if stack.worker and stack.worker.is_running else stack.start_worker()


def assert_each_done_once(stack: Stack, name: str, count: int) -> None:
    stack.wait_until_done(name, count)
    assert stack.database.entries("ledger", name) == {f"{name}-{number}": 1 for number in range(count)}
    assert stack.database.run("SELECT count(*) FROM jobs_job WHERE key LIKE %s AND state = 'done'", f"{name}-%") == [
        (count,)
    ]


def test_work_asked_for_while_the_broker_is_away(stack: Stack, worker: Child) -> None:
    """C-51: the message was never sent, and the broker comes back without one."""
    kill(stack.broker)
    assert stack.produce("append", "away", 5) == 0
    stack.start_broker()
    assert_each_done_once(stack, "away", 5)


def test_a_broker_that_is_restarted_again_and_again(stack: Stack, worker: Child) -> None:
    """C-52: the same worker goes on, without anybody starting it again."""
    for _restart in range(5):
        kill(stack.broker)
        stack.start_broker()
    assert stack.produce("append", "restarts", 3) == 0
    assert_each_done_once(stack, "restarts", 3)
    assert worker.is_running


def test_heartbeats_show_that_work_gets_done(stack: Stack, worker: Child) -> None:
    """C-52: what the jobs page goes by when it says that nothing gets through."""
    stack.database.run("DELETE FROM jobs_pulse")
    wait_for(lambda: stack.database.run("SELECT 1 FROM jobs_pulse"))


def test_a_message_delivered_three_times_at_once(stack: Stack, worker: Child) -> None:
    """C-53: one effect; the other two find nothing to claim."""
    other = stack.start_another_worker()
    assert stack.produce("append", "thrice", 10, 0.2, "thrice") == 0
    assert_each_done_once(stack, "thrice", 10)
    assert set(stack.database.entries("started", "thrice").values()) == {1}
    kill(other)


def test_a_crash_between_the_commit_and_the_message(stack: Stack, worker: Child) -> None:
    """C-54: the sweep sends it."""
    assert stack.produce("append", "unsent", 1, 0, "cut off") == CUT_OFF
    assert_each_done_once(stack, "unsent", 1)


def test_two_schedulers(stack: Stack, worker: Child) -> None:
    """C-55: each slot is one job; test_slots.py has the clocks that jump."""
    second = stack.start_another_scheduler("second")
    ticks, slots = stack.database.count("started", "tick"), stack.database.count("ledger", "tick@")
    wait_for(lambda: stack.database.count("started", "tick") >= ticks + 10)
    wait_for(lambda: stack.database.count("ledger", "tick@") >= slots + 2)
    kill(second)
    assert set(stack.database.entries("ledger", "tick@").values()) == {1}


def test_a_handler_that_hangs_loses_its_job_to_another(stack: Stack, worker: Child) -> None:
    """C-56 where no limit ends a task: threads cannot be killed, but a lease ends."""
    assert stack.produce("hang_once", "stuck", 1) == 0
    assert_each_done_once(stack, "stuck", 1)
    assert stack.database.count("started", "stuck") == 2


@pytest.mark.parametrize("stack", ["prefork redis-server"], indirect=True, scope="module")
def test_what_exceeds_its_limits_or_kills_its_worker_is_dead_after_three_attempts(stack: Stack) -> None:
    """C-56: soft limit, hard limit, and death as for want of memory."""
    if stack.worker:
        kill(stack.worker)
    stack.start_worker(concurrency=4, STACK_TIME_LIMIT="2")
    fatal = ("hang", "ignore_limits", "die")
    for kind in fatal:
        assert stack.produce(kind, kind, 1) == 0
    assert stack.produce("append_and_die_once", "doomed", 1) == 0
    assert_each_done_once(stack, "doomed", 1)
    wait_for(lambda: len(dead_letters(stack)) == len(fatal))
    assert dead_letters(stack) == {f"{kind}-0": 3 for kind in fatal}
    assert [stack.database.count("started", f"{kind}-") for kind in fatal] == [3, 3, 3]


def dead_letters(stack: Stack) -> dict[str, int]:
    return dict(stack.database.run("SELECT key, attempts FROM jobs_job WHERE state = 'dead'"))
