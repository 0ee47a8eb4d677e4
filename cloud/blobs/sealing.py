"""How bytes are sealed: AES-256-GCM, in pieces of 1 MiB, each bound to its chain, its blob and its place in it.

A sealed piece is 12 bytes of nonce, drawn anew each time, the ciphertext, and 16 bytes of tag. With random nonces one
key is good for 2^32 pieces (NIST SP 800-38D, 8.3), which is four petabytes of one chain.
"""

import hashlib
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cloud.blobs.errors import Damaged, NoKey

PIECE = 1 << 20
KEY_BYTES, NONCE, TAG = 32, 12, 16


class About(NamedTuple):
    """Whose piece this is: the chain, the SHA-256 of the whole and the number from 0."""

    tenant_id: int
    sha256: str
    number: int

    def bound(self) -> bytes:
        """As associated data."""
        return f"{self.tenant_id}|{self.sha256}|{self.number}".encode()


def seal(key: bytes, data: bytes, about: About) -> bytes:
    """Lock a piece."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, data, about.bound())


def unseal(key: bytes, sealed: bytes, about: About) -> bytes:
    """Open a piece. Raises Damaged: changed, of another blob, another chain, or from another place."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], about.bound())
    except (InvalidTag, ValueError):
        raise Damaged(f"piece {about.number} of {about.sha256}") from None


class Keys:
    """The installation's keys: the first locks, all of them open. Neither shown nor printed."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Raises NoKey where there is none, or one is not 32 bytes long."""
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise NoKey("keys of 32 bytes are needed")
        self._keys = {name(key): key for key in reversed(keys)}
        self.newest = name(keys[0])

    @classmethod
    def of(cls, text: str) -> "Keys":
        """Keys in hex, parted by commas, newest first. Raises NoKey."""
        try:
            return cls([bytes.fromhex(word) for word in text.split(",") if word.strip()])
        except ValueError:
            raise NoKey("keys are 64 hexadecimal digits each, parted by commas") from None

    def wrap(self, key: bytes, tenant_id: int) -> bytes:
        """A chain's key, locked with the newest."""
        return _locked(self._keys[self.newest], key, tenant_id)

    def unwrap(self, wrapped: bytes, by: str, tenant_id: int) -> bytes:
        """A chain's key. Raises NoKey: the key that locked it is not here, or it is another chain's."""
        if by not in self._keys:
            raise NoKey(f"the key {by} that locked this chain's is not given")
        try:
            return AESGCM(self._keys[by]).decrypt(wrapped[:NONCE], wrapped[NONCE:], _chain(tenant_id))
        except (InvalidTag, ValueError):
            raise NoKey("this chain's key is damaged, or another chain's") from None


def name(key: bytes) -> str:
    """What tells one of the installation's keys from another and gives nothing away."""
    return hashlib.sha256(b"emmetra blob key" + key).hexdigest()[:16]


def _locked(lock: bytes, key: bytes, tenant_id: int) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(lock).encrypt(nonce, key, _chain(tenant_id))


def _chain(tenant_id: int) -> bytes:
    return f"chain {tenant_id}".encode()
