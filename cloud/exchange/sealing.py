"""What opens other systems' doors, locked in the database with a key of the installation; the engine says which."""

import secrets
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from cloud.exchange.errors import ExchangeError
from cloud.exchange.wire import Near
from cloud.kernel.settings import Misconfigured
from cloud.kernel.tenancy import current_tenant

NONCE = 12


class Lock:
    """Locks and opens under the installation's secret; ``near`` is where else than outside may be spoken to."""

    def __init__(self, secret: str, near: Near | None = None) -> None:
        self.near = near or Near()
        key = HKDF(SHA256(), 32, None, b"emmetra exchange credentials").derive(secret.encode())
        self._cipher = AESGCM(key)

    def seal(self, plain: str) -> bytes:
        """Locked, for this chain alone."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, plain.encode(), _chain())

    def open(self, sealed: bytes) -> str:
        """What was locked. Raises ExchangeError where the secret has changed since."""
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], _chain()).decode()
        except InvalidTag:
            raise ExchangeError("the credential was locked with another secret") from None


def _chain() -> bytes:
    return str(current_tenant()).encode()


_locks: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()


def install(engine: Engine, lock: Lock) -> None:
    """Whoever works with this engine locks with this."""
    _locks[engine] = lock


def at(engine: Engine) -> Lock | None:
    """The lock of a process, if one was installed."""
    return _locks.get(engine)


def of(session: Session) -> Lock:
    """The lock of this session's process. Raises Misconfigured where none was installed."""
    found = at(session.get_bind().engine)
    if found is None:
        raise Misconfigured("this process was given no secret for other systems' credentials")
    return found
