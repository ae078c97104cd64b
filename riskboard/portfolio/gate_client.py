"""Ask a board whether what a file runs passes: ``python gate_client.py --board https://board.example FILE``.

It stands alone: one file, Python 3.9 or newer, and nothing else.
"""

import argparse
import http.client
import json
import os
import ssl
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

PASSES, FAILS, BAD_INPUT, CANNOT_TELL = 0, 1, 2, 3
LARGEST = 2_000_000
SECONDS = 60
ABOUT = """\
FILE is sent as it is, to that board and to nowhere else; the board answers and keeps nothing of it. Use your own
team's board, by https, and give names with --model instead where a file holds secrets.

exit status: 0 it passes; 1 a condition is met; 2 the file, a condition or the token is refused; 3 cannot tell: evidence
is too old or missing, a model is not matched, or the board does not answer.

A token in the variable RISKBOARD_TOKEN is sent along; clause_bites needs one with the scope "portfolio".
"""


class Stop(Exception):  # noqa: N818 -- it ends the program
    def __init__(self, status: int, reason: str) -> None:
        self.status, self.reason = status, reason
        super().__init__(reason)


def main(arguments: "list[str]") -> int:
    asked = parser().parse_args(arguments)
    try:
        name, content = what_to_send(asked)
        answer = ask(asked, name, content)
    except Stop as stop:
        print(f"gate: {stop.reason}", file=sys.stderr)  # noqa: T201
        return stop.status
    shown = answer["text"] if asked.format == "text" else answer["sarif"] if asked.format == "sarif" else answer
    print(shown if isinstance(shown, str) else json.dumps(shown, indent=2))  # noqa: T201
    return int(answer["exit"])


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="gate_client.py",
        description="Ask a board whether what a file runs passes.",
        epilog=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("file", nargs="?", metavar="FILE", help="a bill of materials, a configuration, source, a log")
    made.add_argument("--board", required=True, metavar="URL")
    made.add_argument("--model", action="append", default=[], metavar="NAME", help="instead of FILE; may be repeated")
    made.add_argument("--fail-on", default="gone,license_changed", metavar="CONDITIONS")
    made.add_argument("--format", choices=("text", "json", "sarif"), default="text")
    made.add_argument("--kind", help="what the file is (default: as it looks)")
    made.add_argument("--max-evidence-age", type=int, default=30, metavar="DAYS")
    made.add_argument("--since", metavar="DATE", help="license changes count from then")
    made.add_argument("--allow-unmatched", action="store_true")
    return made


def what_to_send(asked: argparse.Namespace) -> "tuple[str, bytes]":
    if bool(asked.file) == bool(asked.model):
        raise Stop(BAD_INPUT, "give a FILE, or names with --model")
    if asked.model:
        quoted = ['"{}"'.format(name.replace('"', '""')) for name in asked.model]
        return "models.csv", "\n".join(["model", *quoted, ""]).encode()
    try:
        content = Path(asked.file).read_bytes()
    except OSError as error:
        raise Stop(BAD_INPUT, f"{asked.file} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise Stop(BAD_INPUT, f"{asked.file} has {len(content):,} bytes; at most {LARGEST:,} are taken")
    return Path(asked.file).as_posix(), content


def ask(asked: argparse.Namespace, name: str, content: bytes) -> "dict[str, Any]":
    question = {"name": name[-200:], "fail_on": asked.fail_on, "max_evidence_age": str(asked.max_evidence_age)}
    question.update({key: value for key, value in (("kind", asked.kind), ("since", asked.since)) if value})
    question["allow_unmatched"] = str(asked.allow_unmatched).lower()
    question["sarif"] = str(asked.format == "sarif").lower()
    status, body = post(asked.board, urlencode(question), content)
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or (status == 200 and "exit" not in answer):
        raise Stop(CANNOT_TELL, f"{asked.board} answers {status}, and not as a board does")
    if status != 200:
        refused = status in {400, 401, 403, 404}
        raise Stop(BAD_INPUT if refused else CANNOT_TELL, str(answer.get("detail", f"the board answers {status}")))
    return answer


def post(board: str, question: str, content: bytes) -> "tuple[int, bytes]":
    """To that host alone: an answer that points elsewhere is not followed, so no token goes there."""
    address = urlsplit(board)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise Stop(BAD_INPUT, f"{board} is no address of a board: write https://...")
    headers = {"Content-Type": "application/octet-stream", "Accept": "application/json"}
    token = os.environ.get("RISKBOARD_TOKEN", "")
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        connection = connected(address.scheme, address.hostname, address.port)
        connection.request("POST", f"{address.path.rstrip('/')}/api/v1/gate?{question}", content, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Stop(CANNOT_TELL, f"{board} does not answer: {error}") from error


def connected(scheme: str, host: str, port: "int | None") -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=SECONDS, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
