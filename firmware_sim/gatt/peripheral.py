"""A health device on the radio: sleeps, wakes to tell what it measured, and hangs up. A Wire to whoever measures."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from bumble.att import ATT_Error
from bumble.core import AdvertisingData, ProtocolError
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service
from bumble.pairing import PairingConfig, PairingDelegate

from firmware_sim.gatt.agents import bears
from protocols.gatt.block import Block, parsed
from protocols.gatt.profiles import ABOUT, DEVICE, PROFILES, RACP, TIME

INTERVAL_MS = 60.0
IN_PROGRESS = 0x80
Properties, Permissions = Characteristic.Properties, Characteristic.Permissions


class Peripheral:
    """``keeps`` tells everything it ever measured at every connection; ``bonded`` keeps its clock from strangers.

    ``refuses`` bonds with nobody, ``passkey`` is printed on it. ``clock`` is what somebody set it to, ten bytes.
    ``taken`` counts measurements told.
    """

    def __init__(
        self,
        device: Device,
        profile: str,
        *,
        keeps: bool = False,
        bonded: bool = False,
        refuses: bool = False,
        passkey: int | None = None,
    ) -> None:
        self._device, self._name, self._profile = device, profile, PROFILES[profile]
        self._keeps, self._bonded = keeps, bonded
        self._refuses = refuses
        if refuses:
            device.pairing_config_factory = lambda _: PairingConfig(delegate=Refusing())
        if passkey is not None:
            device.pairing_config_factory = lambda _: bears(passkey)
        self.stored: list[Block] = []
        self.clock: bytes | None = None
        self.connections = self.taken = 0
        self._about: dict[str, bytes] = {}
        self._telling: set[asyncio.Task[None]] = set()
        self._on = self._reporting = False

    async def switch_on(self, about: list[tuple[str, bytes]]) -> None:
        """Offer the profile's services; advertise nothing yet."""
        self._about = dict(about)
        self._measures = {name: self._measuring(name) for name in (*self._profile.measured[:1], *self._profile.beside)}
        own = list(self._measures.values())
        if self._profile.stored:
            value: CharacteristicValue[bytes] = CharacteristicValue(write=self._asked)
            self._racp = _made(RACP, Properties.WRITE | Properties.INDICATE, Permissions.WRITEABLE, value)
            own.append(self._racp)
        self._device.add_services([Service(self._profile.service, own), *self._beside()])
        self._device.on("connection", self._connected)
        next(iter(self._measures.values())).on("subscription", self._subscribed)
        await self._device.power_on()
        self._on = True

    def __aiter__(self) -> AsyncIterator[bytes]:
        raise NotImplementedError("a health device hears nothing but its control point")

    async def write(self, data: bytes) -> None:
        """Store a measurement and wake to tell it."""
        self.stored.append(parsed(data))
        await self.wake()

    async def wake(self) -> None:
        """Advertise, as after a measurement or when its button is pressed."""
        named = AdvertisingData(
            [
                (AdvertisingData.FLAGS, b"\x06"),
                (
                    AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS,
                    bytes.fromhex(self._profile.service)[::-1],
                ),
                (AdvertisingData.COMPLETE_LOCAL_NAME, self._device.name.encode()),
            ]
        )
        if self._on and not self._device.is_advertising:
            await self._device.start_advertising(
                advertising_data=bytes(named),
                advertising_interval_min=INTERVAL_MS,
                advertising_interval_max=INTERVAL_MS,
                auto_restart=self._refuses,
            )

    async def aclose(self) -> None:
        """Out of the battery."""
        self._on = False
        for task in tuple(self._telling):
            task.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)
        await self._device.power_off()

    def _measuring(self, name: str) -> Characteristic[bytes]:
        spoken = Properties.NOTIFY if self._profile.stored or name == "2A5F" else Properties.INDICATE
        return _made(name, spoken, Permissions.READABLE)

    def _beside(self) -> list[Service]:
        told = [_made(name, Properties.READ, Permissions.READABLE, self._about[name]) for name in ABOUT]
        sealed = Permissions.WRITE_REQUIRES_ENCRYPTION if self._bonded else Permissions.WRITEABLE
        set_: CharacteristicValue[bytes] = CharacteristicValue(read=lambda _: self.clock or bytes(10), write=self._set)
        time = _made(
            TIME, Properties.READ | Properties.WRITE, Permissions.READABLE | Permissions.WRITEABLE | sealed, set_
        )
        return [Service(DEVICE, told), Service("1805", [time])]

    def _set(self, _: Connection, value: bytes) -> None:
        self.clock = bytes(value)

    def _connected(self, _: Connection) -> None:
        self.connections += 1

    def _subscribed(self, connection: Connection, notify: bool, indicate: bool) -> None:
        """A cuff tells at once; a meter waits to be asked."""
        if (notify or indicate) and not self._profile.stored:
            self._begin(self._tell_all(connection))

    def _begin(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_all(self, connection: Connection) -> None:
        with contextlib.suppress(TimeoutError, ProtocolError):
            for block in tuple(self.stored):
                await self._tell(connection, block)
                if not self._keeps:
                    self.stored.remove(block)
            await asyncio.sleep(0.3)  # until somebody asked who it is
            await hang_up(self._device, connection)

    async def _tell(self, connection: Connection, block: Block) -> None:
        say = self._device.gatt_server.notify_subscriber if self._profile.stored else self._device.indicate_subscriber
        for name, value in block.values:
            if name in self._measures:
                await say(connection, self._measures[name], value)
        self.taken += 1

    def _asked(self, connection: Connection, request: bytes) -> None:
        """Record Access Control Point: report all, from a number on, or the newest."""
        if self._reporting:
            raise ATT_Error(IN_PROGRESS)
        self._reporting = True
        self._begin(self._report(connection, bytes(request)))

    async def _report(self, connection: Connection, request: bytes) -> None:
        wanted = list(self.stored)
        if request[:3] == b"\x01\x03\x01":
            wanted = [one for one in wanted if _number(one) >= int.from_bytes(request[3:5], "little")]
        elif request == b"\x01\x06":
            wanted = wanted[-1:]
        for block in wanted:
            await self._tell(connection, block)
        code = 1 if wanted else 6
        self._reporting = False
        await self._device.indicate_subscriber(connection, self._racp, bytes((6, 0, request[0], code)))


class Refusing(PairingDelegate):
    """A device whose button nobody holds."""

    async def accept(self) -> bool:
        """Not now."""
        return False


async def hang_up(device: Device, connection: Connection) -> None:
    """End a connection, unless the other side already did."""
    if device.connections.get(connection.handle) is connection:
        await connection.disconnect()


def _number(block: Block) -> int:
    return int.from_bytes((block.of("2A18") or b"\0\0\0")[1:3], "little")


def _made(name: str, properties: Any, permissions: Any, value: Any = b"") -> "Characteristic[bytes]":
    return Characteristic(name, properties, permissions, value)
