"""Ed25519 keys as people handle them: the private one in a PEM file, the public one as a line of text."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

PUBLIC = re.compile(r"[0-9a-f]{64}")
SIGNATURE = re.compile(r"(?P<key>[0-9a-f]{16}) (?P<signature>[0-9a-f]{128})\n?")


class KeyFault(ValueError):  # noqa: N818 - named after what happened
    """What is wrong with a key or a signature, in a sentence."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    text: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Raises KeyFault."""
        plain = text.strip().lower()
        if not PUBLIC.fullmatch(plain):
            raise KeyFault(f"{text.strip()[:70]!r} is no public key: 64 digits from 0 to f, as releasekey prints them.")
        return cls(plain)

    @classmethod
    def of(cls, private: Ed25519PrivateKey) -> Self:
        return cls(private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex())

    @property
    def id(self) -> str:
        """How a key is named in short."""
        return sha256(bytes.fromhex(self.text)).hexdigest()[:16]

    def has_signed(self, content: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.text)).verify(signature, content)
        except InvalidSignature:
            return False
        return True


def create_key(path: Path) -> PublicKey:
    """A new pair; the private key goes into ``path``, for its owner only. Raises FileExistsError, OSError."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    return PublicKey.of(private)


def read_private_key(pem: bytes) -> Ed25519PrivateKey:
    """Raises KeyFault."""
    try:
        private = load_pem_private_key(pem, password=None)
    except TypeError as error:
        raise KeyFault("is protected by a pass phrase, which nobody could type here.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFault("is no private key in PEM form.") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyFault("is a key of another kind: releases are signed with Ed25519. Make one with releasekey.")
    return private


def sign(content: bytes, private: Ed25519PrivateKey) -> str:
    """The text of a signature file."""
    return f"{PublicKey.of(private).id} {private.sign(content).hex()}\n"


def find_signer(content: bytes, signature: bytes, trusted: Iterable[PublicKey]) -> PublicKey:
    """Which of ``trusted`` signed these bytes; ``signature`` as `sign` gives it. Raises KeyFault."""
    found = SIGNATURE.fullmatch(signature.decode("ascii", "replace"))
    if found is None:
        raise KeyFault("is no signature: the number of a key and 128 digits from 0 to f.")
    known = {key.id: key for key in trusted}
    key = known.get(found["key"])
    if key is None:
        raise KeyFault(f"is by key {found['key']}, which is not trusted here. Trusted: {', '.join(known) or 'none'}.")
    if not key.has_signed(content, bytes.fromhex(found["signature"])):
        raise KeyFault(f"does not fit: manifest.json is not what key {key.id} signed.")
    return key
