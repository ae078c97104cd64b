"""CSV, from a file or as it was sent, to records; what is wrong with it goes to whoever asked."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Faulty(Protocol):
    """What is told of every fault. ``line`` and ``column`` are 0 and blank when the whole file is at fault."""

    def refuse(self, line: int, column: str, reason: str) -> None: ...


def content_of(path: Path, largest: int, told: Faulty) -> bytes | None:
    """The bytes of a file; None, with the reason noted, when it cannot be read or has more than ``largest``."""
    try:
        size = path.stat().st_size
        if size <= largest:
            return path.read_bytes()
    except OSError as error:
        told.refuse(0, "", f"cannot be read: {error.strerror}")
        return None
    told.refuse(0, "", f"has {size:,} bytes, at most {largest:,} are read")
    return None


def text_of(content: bytes, told: Faulty) -> str | None:
    """The text; None, with the reason noted, when it is none."""
    if b"\0" in content:
        told.refuse(_line_at(content, content.index(b"\0")), "", "holds a NUL byte: not a text file")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told.refuse(_line_at(content, error.start), "", f"is not UTF-8: {error.reason}")
        return None


def _line_at(content: bytes, place: int) -> int:
    return content[:place].count(b"\n") + 1


def records_of(text: str, told: Faulty, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on. A broken record ends the file: where the next begins is a guess."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for record in reader:
            if record:
                yield begins, record
            begins = reader.line_num + 1
    except csv.Error as error:
        told.refuse(begins, "", f"is broken CSV from here on: {error}")
