"""The supervisor with children that are plain shells; signals, ends and leftovers are real."""

import contextlib
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import redis

from riskboard import supervisor
from riskboard.supervisor import Child, StartError, Supervisor

PATIENCE = 30.0


@pytest.fixture(autouse=True)
def quick_and_undisturbed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(supervisor, "TICK", 0.01)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def shell(name: str, script: str, *, stops_last: bool = False) -> Child:
    return Child(name, ["/bin/sh", "-c", script], dict(os.environ), stops_last=stops_last)


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def lines_of(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie has ended: only its parent has not looked yet.
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_ctrl_c_ends_the_children_and_what_they_started(tmp_path: Path) -> None:
    noted = tmp_path / "pids"
    script = f"sleep 1000 & echo $! >>{shlex.quote(str(noted))}; echo $$ >>{shlex.quote(str(noted))}; wait"
    stack = Supervisor([shell("one", script), shell("two", script)], lambda: len(lines_of(noted)) == 4, press_ctrl_c)
    assert stack.run() == 0
    pids = [int(line) for line in lines_of(noted)]
    wait_for(lambda: not any(is_alive(pid) for pid in pids))


def test_a_child_that_ignores_the_request_is_ended_by_a_second_ctrl_c(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    stubborn = shell("one", f"trap '' TERM; echo $$ >{shlex.quote(str(noted))}; while :; do sleep 0.05; done")

    def press_twice() -> None:
        press_ctrl_c()
        threading.Timer(0.2, press_ctrl_c).start()

    assert Supervisor([stubborn], lambda: bool(lines_of(noted)), press_twice).run() == 0
    wait_for(lambda: not is_alive(int(lines_of(noted)[0])))


def test_a_crashed_child_is_started_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    starts = tmp_path / "starts"
    quoted = shlex.quote(str(starts))
    crashing = shell("worker", f"echo start >>{quoted}; [ $(wc -l <{quoted}) -ge 3 ] || exit 7; sleep 1000")
    assert Supervisor([crashing], lambda: len(lines_of(starts)) == 3, press_ctrl_c).run() == 0
    assert capsys.readouterr().err.count("The worker ended (status 7); starting it again") == 2


def test_pauses_grow_between_starts_and_shrink_after_a_steady_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 5.0)
    child = shell("worker", "exit 1")
    pauses = []
    for now in (100.0, 200.0, 300.0, 400.0, 500.0):
        child.start(now)
        assert child.process is not None
        child.process.wait()
        child.note_end(now + 1)
        pauses.append(child.start_again_at - (now + 1))
    assert pauses == [1, 2, 4, 5, 5]
    child.start(600.0)
    assert child.process is not None
    child.process.wait()
    child.note_end(600.0 + supervisor.STEADY_AFTER + 1)
    assert child.start_again_at == 600.0 + supervisor.STEADY_AFTER + 1 + 1


def test_a_stack_that_never_gets_ready_gives_up_and_says_who_failed(capsys: pytest.CaptureFixture[str]) -> None:
    children = [shell("broker", "sleep 1000"), shell("web server", "exit 3")]
    assert Supervisor(children, lambda: False, press_ctrl_c).run() == 1
    assert "The web server does not start" in capsys.readouterr().err
    assert not any(child.is_running for child in children)


def test_what_no_reader_waits_for_starts_after_the_board_answers(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    quoted = shlex.quote(str(starts))
    worker = shell("worker", f"echo worker >>{quoted}; kill -INT {os.getpid()}; sleep 1000")
    worker.starts_once_ready = True
    web = shell("web server", f"sleep 0.3; echo web >>{quoted}; sleep 1000")
    assert Supervisor([worker, web], lambda: lines_of(starts) == ["web"], lambda: None).run() == 0
    assert lines_of(starts) == ["web", "worker"]


def test_the_broker_goes_last(tmp_path: Path) -> None:
    ends, ready = tmp_path / "ends", tmp_path / "ready"
    script = (
        "trap 'sleep {pause}; echo {name} >>{ends}; exit 0' TERM; echo {name} >>{ready}; while :; do sleep 0.02; done"
    )
    children = [
        shell(name, script.format(name=name, pause=pause, ends=ends, ready=ready), stops_last=name == "broker")
        for name, pause in (("broker", 0), ("worker", 0.3))
    ]
    Supervisor(children, lambda: len(lines_of(ready)) == 2, press_ctrl_c).run()
    assert lines_of(ends) == ["worker", "broker"]


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux does the kernel tell children")
def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = (
        "import os, sys; from riskboard.supervisor import Child, Supervisor;"
        "child = Child('one', ['/bin/sh', '-c', sys.argv[1]], dict(os.environ));"
        "Supervisor([child], lambda: True, lambda: None).run()"
    )
    command = [sys.executable, "-c", script, f"echo $$ >{shlex.quote(str(noted))}; exec sleep 1000"]
    with subprocess.Popen(command, cwd=supervisor.PROJECT) as parent:
        wait_for(lambda: bool(lines_of(noted)))
        parent.kill()
    wait_for(lambda: not is_alive(int(lines_of(noted)[0])))


def test_the_embedded_broker_answers_to_its_password_alone(tmp_path: Path) -> None:
    environment = dict(os.environ)
    child = supervisor.embedded_broker(environment, tmp_path / "a folder" / "broker")
    password = environment["REDIS_URL"].partition("://:")[2].partition("@")[0]
    assert len(password) >= 30
    assert password not in " ".join(child.command)
    client = redis.Redis.from_url(environment["REDIS_URL"])
    child.start(time.monotonic())
    try:
        wait_for(lambda: answers_ping(client))
        assert client.config_get("appendonly") == {"appendonly": "yes"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        stranger = redis.Redis(port=client.connection_pool.connection_kwargs["port"])
        with pytest.raises(redis.AuthenticationError):
            stranger.ping()
        stranger.close()
    finally:
        client.close()
        child.end()


def answers_ping(client: redis.Redis) -> bool:
    with contextlib.suppress(redis.ConnectionError):
        return bool(client.ping())
    return False


def test_a_broker_named_by_the_environment_wins(tmp_path: Path) -> None:
    names = [child.name for child in supervisor.stack({"REDIS_URL": "redis://r:6379/0"}, "::1", 8000, tmp_path)]
    assert names == ["web server", "worker", "scheduler"]
    names = [child.name for child in supervisor.stack({}, "::1", 8000, tmp_path)]
    assert names == ["broker", "web server", "worker", "scheduler"]


def test_without_any_broker_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(StartError, match="install redis-server, or name a running one: REDIS_URL="):
        supervisor.find_broker()


@pytest.mark.parametrize(("status", "expected"), [(200, True), (400, True), (500, False)])
def test_ready_means_that_the_board_answers(status: int, expected: bool) -> None:
    class Board(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its parent's name
            return

    with HTTPServer(("127.0.0.1", 0), Board) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert supervisor.answers("127.0.0.1", server.server_port) is expected
        thread.join()


def test_a_closed_port_is_not_ready() -> None:
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        assert not supervisor.answers("127.0.0.1", unheard.getsockname()[1])
