"""Whether a release was signed by whoever makes releases; the same question a gateway asks."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from cloud.releases.errors import ReleaseRefused
from protocols.envelope import Malformed, decode
from protocols.envelope.release import Archive, Manifest

CHUNK = 1 << 20


def manifest(text: bytes, signature: bytes, keys: Path | None) -> Manifest:
    """The manifest in these bytes, signed by one of the public keys (``*.pem``). Raises ReleaseRefused."""
    known = [load_pem_public_key(file.read_bytes()) for file in sorted(keys.glob("*.pem"))] if keys else []
    if not known:
        raise ReleaseRefused("no_keys")
    if not any(_signed(key, text, signature) for key in known if isinstance(key, Ed25519PublicKey)):
        raise ReleaseRefused("unsigned")
    try:
        found = decode(Manifest, text)
    except Malformed as refusal:
        raise ReleaseRefused("unreadable", str(refusal)) from None
    if not found.archives:
        raise ReleaseRefused("incomplete")
    return found


def _signed(key: Ed25519PublicKey, text: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True


def archive(file: BinaryIO, listed: Archive, keep: Callable[[int, bytes], None]) -> None:
    """Hand an archive over piece by piece while its digest is taken. Raises ReleaseRefused after the last."""
    digest, size, number = hashlib.sha256(), 0, 0
    while piece := file.read(CHUNK):
        digest.update(piece)
        size += len(piece)
        if size > listed.size:
            break
        keep(number, piece)
        number += 1
    if (size, digest.hexdigest()) != (listed.size, listed.sha256):
        raise ReleaseRefused("damaged", listed.name)
