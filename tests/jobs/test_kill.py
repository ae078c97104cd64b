"""Real workers, schedulers, brokers and databases, and real kills: every job is done, and none is done twice."""

import shutil
from collections.abc import Callable, Iterator

import pytest

from riskboard import supervisor
from riskboard.supervisor import Child
from tests.jobs.produce import CUT_OFF
from tests.jobs.stack import Stack, kill, own_database, wait_for

JOBS = 200
PAUSE = 0.08
STEP = 10  # jobs done between one fault and the next


def find_broker(name: str) -> str:
    if name == "embedded":
        return supervisor.find_broker()
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("redis-server is not installed")
    return found


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
            running.start_scheduler("scheduler")
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


def kill_worker(stack: Stack) -> None:
    assert stack.worker is not None
    kill(stack.worker)
    stack.start_worker()


def kill_broker(stack: Stack) -> None:
    kill(stack.broker)
    stack.start_broker()


def lose_data_of_broker(stack: Stack) -> None:
    kill(stack.broker)
    shutil.rmtree(stack.folder / "broker" / "appendonlydir")
    stack.start_broker()


def empty_broker(stack: Stack) -> None:
    stack.empty_broker()


FAULTS: tuple[Callable[[Stack], None], ...] = (
    kill_worker,
    kill_broker,
    lose_data_of_broker,
    empty_broker,
    kill_worker,
)


def test_no_fault_in_mid_run_loses_or_doubles_a_job(stack: Stack) -> None:
    if stack.worker:
        kill(stack.worker)
    assert stack.produce("append", "run", JOBS, PAUSE) == 0
    stack.start_worker()
    done = 0
    for fault in FAULTS:
        wait_for(lambda: stack.database.count("ledger", "run") >= done + STEP)  # noqa: B023 -- asked at once
        done = stack.database.count("ledger", "run")
        assert done + STEP < JOBS, f"{fault.__name__} would come too late"
        fault(stack)
    survivor = stack.worker
    assert_each_done_once(stack, "run", JOBS)
    assert survivor is not None
    assert survivor.is_running  # it found the broker again by itself


def test_work_asked_for_while_the_broker_is_away(stack: Stack, worker: Child) -> None:
    kill(stack.broker)
    assert stack.produce("append", "away", 5) == 0
    stack.start_broker()
    assert_each_done_once(stack, "away", 5)


def test_a_message_delivered_three_times_at_once(stack: Stack, worker: Child) -> None:
    other = stack.start_another_worker()
    assert stack.produce("append", "thrice", 10, 0.3, "thrice") == 0
    assert_each_done_once(stack, "thrice", 10)
    assert set(stack.database.entries("started", "thrice").values()) == {1}
    kill(other)


def test_a_crash_between_the_commit_and_the_message(stack: Stack, worker: Child) -> None:
    assert stack.produce("append", "unsent", 1, 0, "cut off") == CUT_OFF
    assert_each_done_once(stack, "unsent", 1)


def test_two_schedulers(stack: Stack, worker: Child) -> None:
    second = stack.start_scheduler("second")
    ticks, slots = stack.database.count("started", "tick"), stack.database.count("ledger", "tick@")
    wait_for(lambda: stack.database.count("started", "tick") >= ticks + 12)
    wait_for(lambda: stack.database.count("ledger", "tick@") >= slots + 3)
    kill(second)
    assert set(stack.database.entries("ledger", "tick@").values()) == {1}


def test_heartbeats_show_that_work_gets_done(stack: Stack, worker: Child) -> None:
    stack.database.run("DELETE FROM jobs_pulse")
    wait_for(lambda: stack.database.run("SELECT 1 FROM jobs_pulse"))


def test_a_handler_that_hangs_loses_its_job_to_another(stack: Stack, worker: Child) -> None:
    assert stack.produce("hang_once", "stuck", 1) == 0
    assert_each_done_once(stack, "stuck", 1)
    assert stack.database.count("started", "stuck") == 2


@pytest.mark.parametrize("stack", ["prefork redis-server"], indirect=True, scope="module")
def test_what_exceeds_its_limits_or_kills_its_worker_is_dead_after_three_attempts(stack: Stack) -> None:
    if stack.worker:
        kill(stack.worker)
    stack.start_worker(STACK_TIME_LIMIT="3")
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
