"""A simulated instrument that prints one patient after the other and writes down what the gateway called durable."""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from firmware_sim.wires import TcpWire
from protocols.framing import Transmission
from protocols.nidek_frame import decode

RECEIPT_LATE = 2.0


@dataclass(slots=True)
class Print:
    """One press of Print; ``safe_at`` is when its receipt came, if it came."""

    speaker: str
    number: int
    sent_at: float
    safe_at: float | None = None
    receipt: asyncio.Event = field(default_factory=asyncio.Event)


class Speaker:
    """Prints until told otherwise and never repeats a print, so each may be in the record once at most.

    It stands between the instrument and its wire, so that it knows the bytes before anybody can answer them.
    """

    def __init__(self, name: str, make: Callable[..., Any], wire: TcpWire) -> None:
        self.name, self.wire = name, wire
        self._instrument = make(self, seed=name, mode="NCP10")
        self.prints: dict[str, Print] = {}  # by the digest of their bytes
        self.readings = 0  # that each print gives
        self._safe_prints = 0
        self._last: Print | None = None
        self._heard = asyncio.Event()

    async def talk(self, enough: Callable[[], bool], pause: float) -> None:
        """Print, one after the other, while there is not enough."""
        while not enough():
            await asyncio.sleep(pause)
            await self.wire.connected()
            self._instrument.scan(f"{self.name}-{len(self.prints) + 1}")  # no two prints have the same bytes
            await self._instrument.measure()
            await self._instrument.print()
            assert self._last is not None
            with contextlib.suppress(TimeoutError):  # the gateway was killed; whoever stands there goes on
                await asyncio.wait_for(self._last.receipt.wait(), RECEIPT_LATE)

    async def listen(self) -> None:
        """Take receipts in, however late."""
        heard = b""
        async for chunk in self.wire:
            *lines, heard = (heard + chunk).split(b"\n")
            for line in lines:
                self._safe(line[-64:].decode("ascii"))

    async def next_receipt(self) -> None:
        """Wait for the next receipt."""
        self._heard.clear()
        await self._heard.wait()

    async def write(self, data: bytes) -> None:
        """The instrument prints."""
        self.readings = self.readings or _readings(data)
        digest = hashlib.sha256(data).hexdigest()
        assert digest not in self.prints
        self.prints[digest] = self._last = Print(self.name, len(self.prints) + 1, time.monotonic())
        await self.wire.write(data)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self.wire)

    @property
    def safe(self) -> int:
        """Readings with a receipt."""
        return self._safe_prints * self.readings

    def _safe(self, digest: str) -> None:
        one = self.prints.get(digest)  # a receipt cut off by a kill names nothing
        if one is not None and one.safe_at is None:
            one.safe_at = time.monotonic()
            one.receipt.set()
            self._heard.set()
            self._safe_prints += 1


def _readings(data: bytes) -> int:
    return sum(len(event.readings) for event in decode(data) if isinstance(event, Transmission))
