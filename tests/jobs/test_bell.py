"""What is sent to a real broker, and what happens when there is none."""

import logging
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from riskboard import celery_app, supervisor
from riskboard.broker import Channel
from riskboard.jobs import bell
from tests.jobs.stack import answers, kill, wait_for


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    environment = dict(os.environ)
    child = supervisor.embedded_broker(environment, tmp_path)
    child.start(time.monotonic())
    wait_for(lambda: answers(environment["REDIS_URL"]))
    listen_at(environment["REDIS_URL"], monkeypatch)
    with redis.Redis.from_url(environment["REDIS_URL"]) as client:
        yield client
    kill(child)


def listen_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(celery_app.conf, "broker_write_url", url)


def test_a_ring_lies_in_the_queue_of_its_job_alone(broker: redis.Redis) -> None:
    bell.ring(7, "fetch")
    assert [broker.llen(name) for name in ("fetch", "work", "periodic")] == [1, 0, 0]
    assert "run_job" in str(broker.lindex("fetch", 0))


def test_a_queue_is_topped_up_to_what_is_due_and_no_further(broker: redis.Redis) -> None:
    assert bell.top_up("work", [1, 2, 3]) == 3
    assert bell.top_up("work", [1, 2, 3]) == 0
    assert bell.top_up("work", [1, 2, 3, 4, 5]) == 2
    assert broker.llen("work") == 5
    broker.flushall()
    assert bell.top_up("work", [1, 2, 3]) == 3


def test_a_broker_that_is_away_does_not_stop_who_rings(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    listen_at(f"redis://127.0.0.1:{supervisor.free_port()}/0", monkeypatch)
    with caplog.at_level(logging.WARNING):
        bell.ring(7, "fetch")
    assert "the next sweep sends job 7" in caplog.text


def test_a_broker_that_takes_calls_and_never_answers_does_not_hold_who_rings(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        listen_at(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", monkeypatch)
        with caplog.at_level(logging.WARNING):
            bell.ring(7, "fetch")
    assert "the next sweep sends job 7" in caplog.text


def test_a_closed_connection_is_a_connection_error_to_the_worker() -> None:
    """What kombu catches when a task outlived its connection; anything else ends the worker."""
    connection = celery_app.connection_for_read("redis://127.0.0.1:1/0")
    channel = Channel.__new__(Channel)
    channel.connection = None  # type: ignore[assignment] # as kombu leaves it
    with pytest.raises(connection.connection_errors):
        channel._connparams()
    assert getattr(connection.transport, "Channel") is Channel  # noqa: B009 -- its stubs do not know it
