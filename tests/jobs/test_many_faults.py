"""C-50, C-51: a long run while processes are killed at random. Every job that was acknowledged is done, and done once.

The suite runs a short one. FAULT_JOBS, FAULTS and FAULT_SEED make it longer and another one; FAULT_REPORT names a file
for its figures. PostgreSQL is killed too where the run has the server to itself: FAULT_POSTGRES=true.
"""

import json
import os
import random
import shutil
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.jobs.asking import Asker
from tests.jobs.ledger import PARTS
from tests.jobs.stack import Stack, find_broker, kill, own_database, wait_for

JOBS = int(os.environ.get("FAULT_JOBS", "200"))
SEED = int(os.environ.get("FAULT_SEED", "50"))
REPORT = os.environ.get("FAULT_REPORT")
MILLISECONDS = 20  # before and inside the transaction of one job, each
AHEAD = 12  # jobs asked for and not yet done
RECOVERED_WITHIN = 60.0
TWO_AT_ONCE = 0.2

Fault = Callable[[Stack], None]


def kill_worker(stack: Stack) -> None:
    kill(stack.worker)
    stack.start_worker()


def kill_web(stack: Stack) -> None:
    kill(stack.web)
    stack.start_web()


def kill_scheduler(stack: Stack) -> None:
    kill(stack.scheduler)
    stack.start_scheduler()


def kill_broker(stack: Stack) -> None:
    kill(stack.broker)
    stack.start_broker()


def lose_data_of_broker(stack: Stack) -> None:
    kill(stack.broker)
    shutil.rmtree(stack.folder / "broker" / "appendonlydir")
    stack.start_broker()


def empty_broker(stack: Stack) -> None:
    stack.empty_broker()


def kill_postgres(stack: Stack) -> None:
    """One of its processes: PostgreSQL then ends all others, and recovers from its log as after a power cut."""
    others = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    [(backend,), *_] = stack.database.run(f"{others} ORDER BY backend_start")  # the oldest one lives on
    os.kill(int(backend), signal.SIGKILL)


FAULTS: tuple[Fault, ...] = (
    kill_worker,
    kill_web,
    kill_broker,
    empty_broker,
    lose_data_of_broker,
    kill_scheduler,
    *([kill_postgres] if os.environ.get("FAULT_POSTGRES") == "true" else []),
)
COUNT = int(os.environ.get("FAULTS", len(FAULTS)))


def plan(seed: int) -> list[tuple[Fault, ...]]:
    """Every fault as often as the others, in an order of the seed's, now and then two at once."""
    dice = random.Random(seed)
    order: list[Fault] = []
    while len(order) < COUNT:
        order += dice.sample(FAULTS, len(FAULTS))
    order = order[:COUNT]
    steps: list[tuple[Fault, ...]] = []
    while order:
        size = 2 if len(order) > 1 and dice.random() < TWO_AT_ONCE else 1
        steps.append(tuple(order.pop() for _ in range(size)))
    return steps


@pytest.fixture(params=["threads embedded", "prefork redis-server"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    pool, broker = request.param.split()
    binary = find_broker(broker)
    with own_database(tmp_path) as database:
        running = Stack(tmp_path, database, binary, pool)
        try:
            running.start_broker()
            running.start_scheduler()
            running.start_web()
            running.start_worker()
            yield running
        finally:
            running.stop()


def test_no_fault_in_mid_run_loses_or_doubles_a_job(stack: Stack) -> None:
    asker = Asker(stack.web_port, "run", JOBS, MILLISECONDS, may_ask=lambda number: number < finished(stack) + AHEAD)
    asker.thread.start()
    try:
        recoveries = suffer(stack, asker, plan(SEED))
        asker.goes_on = False
        wait_for(lambda: is_over(stack, asker), "for the last job")
    finally:
        asker.stop()
    report(stack, asker, recoveries)
    assert stack.database.entries("ledger", "run-") == {
        f"run-{number}/{part}": 1 for number in range(len(asker.acknowledged)) for part in range(PARTS)
    }
    assert states(stack) == {"done": len(asker.acknowledged)}
    assert len(asker.acknowledged) >= JOBS
    assert max(max(seconds) for seconds in recoveries.values()) < RECOVERED_WITHIN


def suffer(stack: Stack, asker: Asker, steps: list[tuple[Fault, ...]]) -> dict[str, list[float]]:
    """Seconds until all was well again, by what was done."""
    recoveries: dict[str, list[float]] = defaultdict(list)
    for place, faults in enumerate(steps, 1):
        mark = JOBS * place // (len(steps) + 2)  # spread over the whole run
        wait_for(lambda: is_in_mid_run(stack, mark), f"for job {mark}")  # noqa: B023 -- asked at once
        begun, under_way = time.monotonic(), leased(stack)
        for fault in faults:
            fault(stack)
        wait_for(lambda: has_recovered(stack, asker, begun, under_way), f"after {faults}")  # noqa: B023
        recoveries[" and ".join(fault.__name__ for fault in faults)].append(time.monotonic() - begun)
    return recoveries


def is_in_mid_run(stack: Stack, mark: int) -> bool:
    tend(stack)
    return finished(stack) >= mark and bool(leased(stack))


def is_over(stack: Stack, asker: Asker) -> bool:
    tend(stack)
    return not asker.thread.is_alive() and finished(stack) == len(asker.acknowledged)


def has_recovered(stack: Stack, asker: Asker, since: float, under_way: list[str]) -> bool:
    """What was under way is done, and so is a job that was asked for afterwards."""
    tend(stack)
    later = asker.first_after(since)
    return later is not None and all(is_done(stack, entry) for entry in (*under_way, later))


def tend(stack: Stack) -> None:
    """What ended by itself is started again, as the supervisor does."""
    for process, start in ((stack.web, stack.start_web), (stack.worker, stack.start_worker)):
        if process is not None and not process.is_running:
            start()
    if stack.scheduler is not None and not stack.scheduler.is_running:
        stack.start_scheduler()


def leased(stack: Stack) -> list[str]:
    rows = stack.database.run("SELECT key FROM jobs_job WHERE state = 'leased' AND key LIKE %s", "run-%")
    return [key for (key,) in rows]


def is_done(stack: Stack, entry: str) -> bool:
    return bool(stack.database.run("SELECT 1 FROM jobs_job WHERE key = %s AND state = 'done'", entry))


def finished(stack: Stack) -> int:
    return states(stack).get("done", 0)


def states(stack: Stack) -> dict[str, int]:
    return dict(stack.database.run("SELECT state, count(*) FROM jobs_job WHERE key LIKE %s GROUP BY state", "run-%"))


def report(stack: Stack, asker: Asker, recoveries: dict[str, list[float]]) -> None:
    if REPORT is None:
        return
    written, jobs = stack.database.entries("ledger", "run-"), len(asker.acknowledged)
    figures = {
        "stack": f"{stack.pool}, {Path(stack.broker.command[0]).name}, {stack.database.url.partition(':')[0]}",
        "jobs": jobs,
        "faults": COUNT,
        "seed": SEED,
        "asked again": asker.refusals,
        "states": states(stack),
        "lost": jobs * PARTS - len(written),
        "doubled": sum(times - 1 for times in written.values()),
        "begun again": stack.database.count("started", "run-") - jobs,
        "recovery, seconds": {name: summary(seconds) for name, seconds in sorted(recoveries.items())},
    }
    with Path(REPORT).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(figures) + "\n")


def summary(seconds: list[float]) -> dict[str, float]:
    return {"times": len(seconds), "median": round(median(seconds), 1), "longest": round(max(seconds), 1)}
