"""The list of revoked certificates: read again when its file changes, and whoever is on it is shown out.

Mosquitto reads it on SIGHUP, ends the handshake of whoever is on it, and leaves connections alone. Here all of it is
done in words of MQTT: asyncio drops the alert in which TLS would say why, and a gateway that is told nothing tries on.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
Stamp = tuple[int, int, int]


class Revocations:
    """The list of one listener. ``changed(serials)`` is told all serials on it, in hex, when it has changed."""

    def __init__(self, path: str | Path, changed: Callable[[frozenset[str]], None]) -> None:
        """Read it. Raises OSError, ValueError."""
        self._path, self._changed = Path(path), changed
        self._seen = _stamp(self._path)
        self.serials = _serials(self._path)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if (stamp := _stamp(self._path)) != self._seen and stamp is not None:
                self._seen = stamp
                await self._read()

    async def _read(self) -> None:
        try:
            self.serials = await asyncio.to_thread(_serials, self._path)
        except (OSError, ValueError) as trouble:
            log.error("the list of revoked certificates cannot be used (%s); the one before holds", trouble)
            return
        log.info("the list of revoked certificates has %d lines now", len(self.serials))
        self._changed(self.serials)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _serials(path: Path) -> frozenset[str]:
    """Every serial on the lists in a file. They are random and long: one issuer's is never another's."""
    from cryptography import x509

    end = "-----END X509 CRL-----"
    pieces = path.read_text("ascii").split(end)
    if len(pieces) < 2 or pieces[-1].strip():
        raise ValueError("it is not made of whole lists in PEM")
    found = (x509.load_pem_x509_crl((piece + end).strip().encode()) for piece in pieces[:-1])
    return frozenset(f"{line.serial_number:X}" for one in found for line in one)
