"""Gets the board ready and hands over to the supervisor. ./run up calls it."""

import errno
import fcntl
import os
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from riskboard import __path__ as project_path

SUPERVISOR = Path(project_path[0]) / "supervisor.py"


class Command(BaseCommand):
    # The web server's own start would fail on whatever they find; each second counts here.
    requires_system_checks = []
    help = "Migrate, load the evidence, compute the scores, then run web server, worker, scheduler and broker."

    def handle(self, *_arguments: object, **_options: object) -> None:
        host = os.environ.get("HOST") or "127.0.0.1"
        port = read_port(os.environ.get("PORT") or "8000")
        hold_lock(settings.VAR_DIR / "up.lock", f"http://{host}:{port}/")
        require_free_port(host, port)
        call_command("prepare", stdout=self.stdout, stderr=self.stderr)
        self.stdout.flush()
        environment = {**os.environ, "HOST": host, "PORT": str(port), "VAR_DIR": str(settings.VAR_DIR)}
        # -P keeps the project's folder off the import path: the supervisor needs the standard library alone.
        os.execve(sys.executable, [sys.executable, "-P", str(SUPERVISOR)], environment)


def read_port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CommandError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def hold_lock(path: Path, address: str) -> None:
    """Refuses a second start in the same folder; the lock ends with the process, so none can go stale."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = path.read_text(encoding="utf-8").strip()
        raise CommandError(
            f"RiskBoard already runs from this folder ({holder}). Stop it with Ctrl-C where it was started."
        ) from None
    os.truncate(descriptor, 0)
    os.write(descriptor, f"process {os.getpid()}, {address}\n".encode())
    # The supervisor, which takes this process over, goes on holding it.
    os.set_inheritable(descriptor, True)


def require_free_port(host: str, port: int) -> None:
    try:
        if is_free(host, port):
            return
    except PermissionError:
        raise CommandError(f"Port {port} needs more rights than you have. {another_port(host, 8000)}") from None
    except OSError as error:
        raise CommandError(f"HOST={host} cannot be listened on here: {error.strerror or error}.") from None
    raise CommandError(f"Port {port} is in use by another program. {another_port(host, port + 1)}")


def is_free(host: str, port: int) -> bool:
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return False
            raise
    return True


def another_port(host: str, first: int) -> str:
    free = next((port for port in range(first, min(first + 100, 65536)) if is_free(host, port)), None)
    return f"Choose another: PORT={free} ./run up" if free else "Choose another: PORT=... ./run up"
