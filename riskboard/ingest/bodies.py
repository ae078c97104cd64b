"""Reads the body of an answer piece by piece, and stops at the first piece too many."""

import zlib
from collections.abc import Iterable, Iterator

from riskboard.ingest.failures import BadAnswer, TooLarge

RAW_LIMIT = 5_000_000
DECODED_LIMIT = 20_000_000
RATIO_LIMIT = 100
# Below this size a body that repeats itself is no bomb.
RATIO_COUNTS_FROM = 1_000_000
PIECE = 64 * 1024
GZIP = 16 + zlib.MAX_WBITS


def read_body(chunks: Iterable[bytes], encoding: str) -> bytes:
    """The decoded body. `encoding` is the Content-Encoding header: nothing, or the gzip that we asked for, once."""
    received = _Received(chunks)
    match encoding.strip().lower():
        case "" | "identity":
            pieces: Iterable[bytes] = received
        case "gzip" | "x-gzip":
            pieces = _gunzip(received)
        case unasked:
            raise BadAnswer(f"The answer is encoded as {unasked[:40]!r}, which we did not ask for.", "bad_encoding")
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > DECODED_LIMIT:
            raise TooLarge("The answer is too large once decoded.")
        if len(body) > max(RATIO_COUNTS_FROM, RATIO_LIMIT * received.count):
            raise TooLarge("The answer grows too much when decoded.")
    return bytes(body)


class _Received:
    """The chunks as they arrive, counted."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = chunks
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.count += len(chunk)
            if self.count > RAW_LIMIT:
                raise TooLarge("The answer is too large.")
            yield chunk


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    member, has_begun = zlib.decompressobj(GZIP), False
    try:
        for chunk in chunks:
            left = chunk
            while left:
                has_begun = True
                if member.eof:
                    member = zlib.decompressobj(GZIP)
                yield member.decompress(left, PIECE)
                left = member.unused_data if member.eof else member.unconsumed_tail
        # Output can wait inside zlib after the last input.
        while has_begun and not member.eof:
            piece = member.decompress(b"", PIECE)
            if not piece:
                raise BadAnswer("The compressed answer ends early.", "bad_encoding")
            yield piece
    except zlib.error as error:
        raise BadAnswer("The answer says it is gzip and is not.", "bad_encoding") from error
