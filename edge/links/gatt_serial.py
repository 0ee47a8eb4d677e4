"""A serial stream over Bluetooth LE: ``ble-serial://AA:BB:CC:DD:EE:FF?service=nus``.

What is said travels in pieces of 20 bytes up to what the connection takes, split and joined anyhow; to a driver it is a
serial line. Classic Bluetooth (SPP) needs none of this: it is ``/dev/rfcommN``.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic

from edge.links.base import LinkLost, LinkRefused
from edge.links.ble_address import BleAddress
from edge.links.inbox import Inbox
from edge.links.radio import FAILURES, Radio, Watcher, plainly, radio
from protocols.gatt.profiles import STREAMS

NEAR_S = 15.0
LEAST = 20  # what every device takes at once


class BleSerialLink:
    """One connection, held as long as it lives."""

    def __init__(self, where: BleAddress, over: Radio) -> None:
        self._where, self._radio = where, over
        self._inbox = Inbox()
        self._watcher = Watcher(where.device, None, self._inbox.end)
        self._holding = contextlib.AsyncExitStack()
        self._client: BleakClient | None = None
        self._writing = asyncio.Lock()

    async def open(self) -> "BleSerialLink":
        """Find the device, connect, listen. Raises LinkRefused."""
        try:
            await self._radio.join(self._watcher)
            self._holding.push_async_callback(self._radio.leave, self._watcher)
            await self._connect()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def _connect(self) -> None:
        name = self._where.device
        try:
            async with asyncio.timeout(NEAR_S):
                device = await self._watcher.sight()
        except TimeoutError:
            hint = "Switch it on and bring it near; a telephone that is connected to it hides it."
            raise LinkRefused(f"The Bluetooth device {name} is not heard.", hint) from None
        try:
            connection = self._radio.connected(device, self._where.bond, self._inbox.end)
            self._client = await self._holding.enter_async_context(connection)
            await self._client.start_notify(
                self._characteristic("notify"), lambda _, said: self._inbox.put(bytes(said))
            )
        except FAILURES as failure:
            hint = "Bring it near, and pair it if it asks for that."
            raise LinkRefused(f"No connection to the device {name} comes about: {plainly(failure)}.", hint) from None

    def _characteristic(self, way: str) -> BleakGATTCharacteristic:
        """Raises LinkRefused when the device has no such stream."""
        uuid = getattr(STREAMS[self._where.wanted], way)
        found = self._client.services.get_characteristic(uuid) if self._client else None
        if found is None:
            hint = f"Try another service: {', '.join(STREAMS)}."
            what = f"The device {self._where.device} has no serial stream {self._where.wanted!r}."
            raise LinkRefused(what, hint, lasting=True)
        return found

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inbox

    async def write(self, data: bytes) -> None:
        """Send all of it, in pieces the device takes."""
        async with self._writing:
            if self._inbox.ended or self._client is None:
                raise LinkLost("the device hung up")
            try:
                await self._say(self._client, self._characteristic("write"), data)
            except FAILURES as failure:
                raise LinkLost(f"the device took no data: {plainly(failure)}") from None

    async def _say(self, client: BleakClient, to: BleakGATTCharacteristic, data: bytes) -> None:
        answered = "write" in to.properties
        piece = LEAST if answered else max(LEAST, to.max_write_without_response_size)
        for at in range(0, len(data), piece):
            await client.write_gatt_char(to, data[at : at + piece], response=answered)

    async def aclose(self) -> None:
        """Hang up."""
        self._inbox.end()
        await self._holding.aclose()


async def open_ble_serial(url: str, over: Radio | None = None) -> BleSerialLink:
    """Connect. Raises LinkRefused."""
    where = BleAddress.of(url)
    return await BleSerialLink(where, over or radio(where.adapter)).open()
