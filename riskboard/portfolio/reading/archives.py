"""A source tree in a zip file: opened within bounds, each text file read by its own reader or scanned."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from riskboard.portfolio.reading.mentions import LARGEST, Fault, Mention, once, plain

MOST_FILES = 5_000
LARGEST_FILE = 1_000_000
LARGEST_ALL = 20_000_000
KNOWN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1
# What holds no names of models that a person wrote.
SKIPPED = re.compile(
    r"\.(?:7z|a|avif|bin|bmp|bz2|class|dll|dylib|eot|exe|gguf|gif|gz|ico|jar|jpe?g|lock|mo|mov|mp[34]|np[yz]|o|onnx|otf"
    r"|parquet|pdf|pkl|png|pt|pth|pyc|safetensors|so|svg|tar|tflite|tgz|ttf|wav|web[mp]|whl|woff2?|xz|zip|zst)\Z",
    re.IGNORECASE,
)
LEFT_OUT = frozenset({".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", "__MACOSX"})
Inner = Callable[[str, bytes], list[Mention]]


def is_one(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read(content: bytes, inner: Inner) -> list[Mention]:
    """``inner`` reads one file. Raises Fault for what is no zip file, is encrypted, or grows beyond bounds."""
    if len(content) > LARGEST:
        raise Fault("", f"has {len(content):,} bytes; at most {LARGEST:,} are read")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return once(_mentions(archive, inner))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError, ValueError, OSError) as error:
        raise Fault("", f"is a broken zip file: {plain(str(error), 120)}") from error


def _mentions(archive: zipfile.ZipFile, inner: Inner) -> Iterator[Mention]:
    left = LARGEST_ALL
    for entry in _entries(archive):
        name = plain(entry.filename, 200)
        content = _content(archive, entry, name)
        left -= len(content)
        if left < 0:
            raise Fault(name, f"the files grow to more than {LARGEST_ALL:,} bytes")
        if b"\0" not in content:
            yield from (mention.inside(name) for mention in inner(name, content))


def _entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and _is_read(entry.filename)]
    if len(entries) > MOST_FILES:
        raise Fault("", f"holds more than {MOST_FILES:,} files to read: leave out what is not yours")
    return entries


def _is_read(name: str) -> bool:
    path = PurePosixPath(name)
    return not SKIPPED.search(path.name) and not LEFT_OUT & set(path.parts)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """What it really holds: the size that is written beside it is only a claim."""
    if entry.flag_bits & ENCRYPTED:
        raise Fault(name, "is encrypted")
    if entry.compress_type not in KNOWN:
        raise Fault(name, "is compressed in a way that is not read here; deflate is")
    with archive.open(entry) as opened:
        content = opened.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise Fault(name, f"has more than {LARGEST_FILE:,} bytes: leave it out")
    return content
