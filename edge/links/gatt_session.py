"""One connection to a health device: listen first, then ask who it is, set its clock, fetch what it stored.

Listening comes first because some cuffs send the moment they are connected and hang up a second later.
"""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bleak import BleakClient

from edge.clock import kernel_sync
from edge.links.base import LinkLost
from edge.links.radio import FAILURES
from protocols.framing import Unread
from protocols.gatt.block import Block
from protocols.gatt.gathering import Gathering, Value
from protocols.gatt.glucose import sequence
from protocols.gatt.profiles import ABOUT, PROFILES, RACP, TIME, long
from protocols.gatt.racp import Fetching, answer
from protocols.gatt.taking import current_time

QUIET_S = 5.0  # after which a pending measurement is whole


def store_time() -> datetime | None:
    """What a device's clock should show: the store's time, as long as somebody vouches for ours."""
    return datetime.now() if kernel_sync()[0] else None


class Session:
    """``about`` is filled at the first connection and given to the next; ``hand`` takes each whole measurement."""

    def __init__(self, profile: str, about: list[Value], last: int | None, hand: Callable[[Block], None]) -> None:
        self._name, self._profile = profile, PROFILES[profile]
        self._about, self._hand = about, hand
        self._fetching = Fetching(last)
        self._values: asyncio.Queue[Value | None] = asyncio.Queue()

    def hung_up(self) -> None:
        """The device let go."""
        self._values.put_nowait(None)

    async def run(self, client: BleakClient) -> None:
        """Until the device hangs up. Raises LinkLost, or what bleak raises, when it is not what it should be."""
        await self._listen(client)
        with contextlib.suppress(*FAILURES):  # what was measured counts; who it was is asked again next time
            await self._greet(client)
        gathering = Gathering(self._name, self._about)
        while (value := await self._next(gathering)) is not None:
            await self._take(client, gathering, *value)
        self._pass_on(gathering.rest())

    async def _listen(self, client: BleakClient) -> None:
        """The first characteristic that measures, and whatever goes with it."""
        there = [name for name in self._profile.measured if _has(client, name)]
        if not there:
            raise LinkLost(f"the device is connected but has no {self._name.replace('_', ' ')} service")
        beside = [name for name in (*self._profile.beside, RACP) if self._profile.stored and _has(client, name)]
        for name in (*there[:1], *beside):
            await client.start_notify(long(name), partial(self._arrived, name))

    def _arrived(self, name: str, _: object, value: bytearray) -> None:
        self._values.put_nowait((name, bytes(value)))

    async def _greet(self, client: BleakClient) -> None:
        if not self._about:
            self._about += [(n, bytes(await client.read_gatt_char(long(n)))) for n in ABOUT if _has(client, n)]
        now = store_time()
        if now and "write" in _properties(client, TIME):
            with contextlib.suppress(*FAILURES):  # a device may keep its own time
                await client.write_gatt_char(long(TIME), current_time(now), response=True)
        if self._profile.stored and _has(client, RACP):
            await client.write_gatt_char(long(RACP), self._fetching.begin(), response=True)

    async def _next(self, gathering: Gathering) -> Value | None:
        while True:
            try:
                async with asyncio.timeout(QUIET_S if gathering.pending else None):
                    return await self._values.get()
            except TimeoutError:
                self._pass_on(gathering.rest())

    async def _take(self, client: BleakClient, gathering: Gathering, name: str, value: bytes) -> None:
        if name == RACP:
            self._pass_on(gathering.rest())
            code = answer(value)
            if code is not None and (request := self._fetching.answered(code)):
                await client.write_gatt_char(long(RACP), request, response=True)
            return
        if name == "2A18":
            with contextlib.suppress(Unread):
                self._fetching.saw(sequence(value))
        self._pass_on(gathering.take(name, value))

    def _pass_on(self, blocks: list[Block]) -> None:
        for block in blocks:
            self._hand(block)


def _has(client: BleakClient, name: str) -> bool:
    return client.services.get_characteristic(long(name)) is not None


def _properties(client: BleakClient, name: str) -> list[str]:
    found = client.services.get_characteristic(long(name))
    return list(found.properties) if found else []
