"""A Bluetooth health device: ``ble://AA:BB:CC:DD:EE:FF?profile=blood_pressure``.

Its chunks are whole measurements (``whole``), as blocks of text. Such a device sleeps nearly always; the link is open
while the adapter listens for it. Asking for the next measurement says that the last one's reading is on the gateway's
disk; only then is it remembered as told. What a device tells again is dropped.
"""

import asyncio
import logging
from pathlib import Path

from bleak.backends.device import BLEDevice

from edge.links.base import LinkLost, LinkRefused
from edge.links.ble_address import BleAddress
from edge.links.gatt_session import Session
from edge.links.inbox import Inbox
from edge.links.measured import Measured, file_of
from edge.links.radio import FAILURES, Radio, Watcher, plainly, radio
from protocols.gatt.block import Block, parsed
from protocols.gatt.gathering import Value
from protocols.gatt.sameness import record, same

log = logging.getLogger("emmetra.links")

PAUSE_S = 1.0  # a device that hung up goes on advertising for a moment
LONGEST = 4  # doublings of the pause while connections bring nothing: they cost the device's battery
ATTEMPTS = 3  # failures in a row that a person should know of


class HealthLink:
    """One device that is being listened for."""

    whole = True

    def __init__(self, where: BleAddress, over: Radio, measured: Measured) -> None:
        self._where, self._radio, self._measured = where, over, measured
        self._inbox = Inbox()
        self._watcher = Watcher(where.device, where.service, self._inbox.end)
        self._about: list[Value] = []
        self._handed: bytes | None = None
        self._waiting: set[str] = set()  # digests between the radio and the disk
        self._told = 0
        self._attending: asyncio.Task[None] | None = None

    async def open(self) -> "HealthLink":
        """Begin to listen. Raises LinkRefused."""
        await self._radio.join(self._watcher)
        self._attending = asyncio.create_task(self._attend())
        return self

    def __aiter__(self) -> "HealthLink":
        return self

    async def __anext__(self) -> bytes:
        if self._handed is not None:
            handed, self._handed = self._handed, None
            await asyncio.to_thread(self._remember, handed)
        self._handed = await anext(self._inbox)
        return self._handed

    async def write(self, data: bytes) -> None:
        """A health device takes no orders, so nothing is said. Raises LinkLost after closing."""
        if self._inbox.ended:
            raise LinkLost("the device is no longer listened for")

    async def aclose(self) -> None:
        """Listen no more."""
        self._inbox.end()
        if self._attending is not None:
            self._attending.cancel()
            await asyncio.gather(self._attending, return_exceptions=True)
        await self._radio.leave(self._watcher)

    def _remember(self, raw: bytes) -> None:
        block = parsed(raw)
        digest = same(block)
        if digest is None:
            return
        try:
            self._measured.add(digest, record(block))
        except OSError as failure:
            log.error("What a Bluetooth device told cannot be remembered: %s.", failure.strerror)
        self._waiting.discard(digest)

    async def _attend(self) -> None:
        """Connect whenever the device is heard, until that fails too often in a row."""
        failed = vain = 0
        while not self._inbox.ended:
            try:
                device = await self._watcher.sight()
                vain = 0 if await self._talk(device) else vain + 1
                failed = 0
            except (*FAILURES, LinkLost) as failure:
                failed += 1
                why = str(failure) if isinstance(failure, LinkLost) else f"the device is near, but {plainly(failure)}"
                if failed >= ATTEMPTS:
                    self._inbox.end(why)
            except Exception as mistake:
                log.error("a Bluetooth link stumbled: %s", type(mistake).__name__)
                self._inbox.end(f"our own Bluetooth link stumbled ({type(mistake).__name__}); please report it")
            await asyncio.sleep(PAUSE_S * 2 ** min(failed + vain, LONGEST))

    async def _talk(self, device: BLEDevice) -> bool:
        """One connection; whether it brought something new."""
        before = self._told
        session = Session(self._where.wanted, self._about, self._measured.last, self._take)
        async with self._radio.connected(device, self._where.bond, session.hung_up) as client:
            await session.run(client)
        return self._told > before

    def _take(self, block: Block) -> None:
        """To the driver, unless it was told before; what has no time cannot be told from the same again."""
        digest = same(block)
        if digest is not None:
            if digest in self._measured or digest in self._waiting:
                return
            self._waiting.add(digest)
        self._told += 1
        self._inbox.put(bytes(block))


async def open_gatt(url: str, data: Path | None = None, over: Radio | None = None) -> HealthLink:
    """Listen for a health device; what it told is remembered in the gateway's ``data`` folder. Raises LinkRefused."""
    where = BleAddress.of(url)
    try:
        measured = await asyncio.to_thread(Measured, file_of(where.device, where.wanted, data))
    except OSError as failure:
        hint = "Make the gateway's data folder writable for its user."
        raise LinkRefused(f"What the device told cannot be remembered: {failure.strerror}.", hint) from None
    return await HealthLink(where, over or radio(where.adapter), measured).open()
