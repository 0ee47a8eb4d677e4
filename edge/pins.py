"""The PIN of the console: only its salted digest is ever kept.

``scrypt:N:r:p:salt:digest``, hexadecimal (RFC 7914). Six digits are soon tried through by whoever has the digest; what
keeps guessers out is that the console lets nobody try often.
"""

import hashlib
import hmac
import re
import secrets
from pathlib import Path

from edge import disk

COST, BLOCK, LANES = 1 << 13, 8, 2  # 8 MB and about 50 ms on a Raspberry Pi 4
FILE = "console.pin"
DIGITS = re.compile(r"[0-9]{6,12}\Z")
EASY = frozenset({"123456", "654321", "012345", "123123", "121212", "112233", "111222"})
DIGEST = re.compile(r"scrypt:(\d{1,7}):(\d{1,2}):(\d{1,2}):([0-9a-f]{16,64}):([0-9a-f]{64})\Z")
MOST_MEMORY = 64 << 20


class WeakPin(ValueError):
    """Not a PIN to be taken: a code, ``digits`` or ``easy``."""


def digest(pin: str) -> str:
    """The salted digest of a PIN. Raises WeakPin."""
    if not DIGITS.match(pin):
        raise WeakPin("digits")
    if pin in EASY or len(set(pin)) < 3:
        raise WeakPin("easy")
    salt = secrets.token_bytes(16)
    return f"scrypt:{COST}:{BLOCK}:{LANES}:{salt.hex()}:{_scrypt(pin, salt, COST, BLOCK, LANES).hex()}"


def is_digest(text: object) -> bool:
    """Whether this is a digest that can be computed here."""
    found = DIGEST.match(text) if isinstance(text, str) else None
    if found is None:
        return False
    n, r, p = (int(found[at]) for at in (1, 2, 3))
    return n > 1 and n & (n - 1) == 0 and r > 0 and p > 0 and 128 * n * r <= MOST_MEMORY // 2


def fits(pin: str, kept: str) -> bool:
    """Whether the PIN is the one whose digest was kept."""
    found = DIGEST.match(kept)
    if found is None or not is_digest(kept):
        return False
    n, r, p = (int(found[at]) for at in (1, 2, 3))
    return hmac.compare_digest(_scrypt(pin, bytes.fromhex(found[4]), n, r, p).hex(), found[5])


def read(data: Path) -> str | None:
    """The digest set on this box, if there is one."""
    try:
        found = (data / FILE).read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return found if is_digest(found) else None


def write(data: Path, kept: str) -> None:
    """Keep a digest, for the gateway's eyes only. Raises OSError."""
    data.mkdir(parents=True, exist_ok=True)
    disk.write(data / FILE, kept + "\n", 0o600)


def _scrypt(pin: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=n, r=r, p=p, maxmem=MOST_MEMORY, dklen=32)
