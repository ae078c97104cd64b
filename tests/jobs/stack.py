"""Web server, broker, workers and schedulers as real processes on a database of their own, as ./run up starts them."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from riskboard import supervisor
from riskboard.supervisor import PROJECT, Child

PATIENCE = 180.0  # for machines that do much else; nothing waits when all is well
BROKERS = ("embedded", "redis-server")
TABLES = ("CREATE TABLE ledger (entry varchar(200))", "CREATE TABLE started (entry varchar(200))")


def wait_for(condition: Callable[[], object], what: str = "") -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain {what}"
        time.sleep(0.05)


def find_broker(name: str) -> str:
    if name == "embedded":
        return supervisor.find_broker()
    found = shutil.which("redis-server")
    if found is None:
        pytest.skip("redis-server is not installed")
    return found


def answers(broker: str) -> bool:
    with contextlib.suppress(redis.ConnectionError), redis.Redis.from_url(broker) as client:
        return bool(client.ping())
    return False


class Database:
    """Asked with its own driver: what the processes wrote, and no connection of the test's."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        if self.url.startswith("sqlite"):
            path = self.url.removeprefix("sqlite:///")
            with contextlib.closing(sqlite3.connect(path, timeout=20)) as connection, connection:
                return connection.execute(statement.replace("%s", "?"), values).fetchall()
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._ask_postgres(statement, values)
            except psycopg.OperationalError:  # it recovers from a kill
                assert time.monotonic() < deadline, "PostgreSQL does not come back"
                time.sleep(0.1)

    def _ask_postgres(self, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as postgres:
            cursor = postgres.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def count(self, table: str, name: str) -> int:
        return int(self.run(f"SELECT count(*) FROM {table} WHERE entry LIKE %s", f"{name}%")[0][0])

    def entries(self, table: str, name: str) -> dict[str, int]:
        return dict(self.run(f"SELECT entry, count(*) FROM {table} WHERE entry LIKE %s GROUP BY 1", f"{name}%"))


@contextmanager
def own_database(folder: Path) -> Iterator[Database]:
    """A SQLite file; on a PostgreSQL run, a database of its own on that server."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield Database(f"sqlite:///{folder / 'db.sqlite3'}")
        return
    name = f"kill_{uuid.uuid4().hex[:12]}"
    Database(server).run(f"CREATE DATABASE {name}")
    # A test server may be set to forget its last commits in a crash, for speed.
    Database(server).run(f"ALTER DATABASE {name} SET synchronous_commit = on")
    yield Database(f"{server.rpartition('/')[0]}/{name}")
    Database(server).run(f"DROP DATABASE {name} WITH (FORCE)")


class Stack:
    def __init__(self, folder: Path, database: Database, broker: str, pool: str) -> None:
        self.folder, self.database, self.pool = folder, database, pool
        self.environment = {
            **os.environ,
            "DATABASE_URL": database.url,
            "DJANGO_SETTINGS_MODULE": "tests.jobs.stack_settings",
            "VAR_DIR": str(folder),
            "LOG_LEVEL": "ERROR",
        }
        self.broker = supervisor.embedded_broker(self.environment, folder / "broker")
        self.broker.command[0] = broker
        self.web_port = supervisor.free_port()
        self.web: Child | None = None
        self.worker: Child | None = None
        self.scheduler: Child | None = None
        self.started: list[Child] = []
        assert self.python("-m", "django", "migrate", "--verbosity", "0") == 0
        for table in TABLES:
            database.run(table)

    def python(self, *arguments: str) -> int:
        done = subprocess.run([sys.executable, *arguments], env=self.environment, cwd=PROJECT, check=False)
        return done.returncode

    def produce(self, kind: str, name: str, count: int, pause: float = 0.0, way: str = "") -> int:
        return self.python("-m", "tests.jobs.produce", kind, name, str(count), str(pause), way)

    def start_broker(self) -> None:
        self.broker.start(time.monotonic())
        wait_for(lambda: answers(self.environment["REDIS_URL"]))

    def empty_broker(self) -> None:
        with redis.Redis.from_url(self.environment["REDIS_URL"]) as client:
            client.flushall()

    def start_worker(self, concurrency: int = 2, **variables: str) -> Child:
        self.worker = self.start_another_worker(concurrency, **variables)
        return self.worker

    def start_another_worker(self, concurrency: int = 2, **variables: str) -> Child:
        worker = self._child("worker", self.folder)
        worker.command[worker.command.index("threads")] = self.pool
        worker.command[worker.command.index("--concurrency") + 1] = str(concurrency)
        worker.environment = {**worker.environment, **variables}
        return self._start(worker)

    def start_scheduler(self) -> Child:
        self.scheduler = self.start_another_scheduler("scheduler")
        return self.scheduler

    def start_another_scheduler(self, name: str) -> Child:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return self._start(self._child("scheduler", folder))

    def start_web(self) -> Child:
        self.web = self._start(self._child("web server", self.folder))
        return self.web

    def _child(self, name: str, folder: Path) -> Child:
        """The product's own command, for the app with the quick schedule or the web server with the one page."""
        children = supervisor.stack(self.environment, "127.0.0.1", self.web_port, folder)
        child = next(each for each in children if each.name == name)
        others = {"riskboard": "tests.jobs.stack_app", "riskboard.wsgi:application": "tests.jobs.stack_app:web()"}
        child.command = [others.get(word, word) for word in child.command]
        return child

    def _start(self, child: Child) -> Child:
        child.start(time.monotonic())
        self.started = [each for each in self.started if each.is_running]
        self.started.append(child)
        return child

    def wait_until_done(self, name: str, count: int) -> None:
        wait_for(lambda: self.database.count("ledger", name) >= count)

    def stop(self) -> None:
        for child in [*self.started, self.broker]:
            kill(child)


def kill(child: Child | None) -> None:
    """SIGKILL to the process and to all that it started."""
    assert child is not None
    child.kill_group()
    if child.process is not None:
        child.process.wait()
