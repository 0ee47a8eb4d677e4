"""A serial port on the radio, as Nordic's UART service and its imitations offer it. A Wire to any instrument."""

import asyncio
import contextlib

from bumble.core import AdvertisingData, ProtocolError
from bumble.device import Connection, Device
from bumble.gatt import Characteristic, CharacteristicValue, Service

from firmware_sim.gatt.peripheral import INTERVAL_MS, Permissions, Properties, hang_up
from firmware_sim.wires.mailbox import Mailbox
from protocols.gatt.profiles import STREAMS


class RadioWire:
    """``piece`` bytes leave in one notification, however long the message is."""

    def __init__(self, device: Device, service: str = "nus", *, piece: int = 20) -> None:
        self._device, self._stream, self._piece = device, STREAMS[service], piece
        self._mailbox = Mailbox()
        self._listened = asyncio.Event()
        self._connection: Connection | None = None

    async def switch_on(self) -> None:
        """Offer the service and advertise by name alone, as such modules do."""
        heard: CharacteristicValue[bytes] = CharacteristicValue(write=lambda _, said: self._mailbox.put(bytes(said)))
        both = self._stream.write == self._stream.notify
        writes = Properties.WRITE | Properties.WRITE_WITHOUT_RESPONSE
        spoken = Properties.NOTIFY | (writes if both else Properties.NOTIFY)
        self._says: Characteristic[bytes] = Characteristic(self._stream.notify, spoken, Permissions.WRITEABLE, heard)
        hears: Characteristic[bytes] = Characteristic(self._stream.write, writes, Permissions.WRITEABLE, heard)
        self._device.add_service(Service(self._stream.service, [self._says] if both else [hears, self._says]))
        self._says.on("subscription", self._subscribed)
        await self._device.power_on()
        await self._advertise()

    def __aiter__(self) -> Mailbox:
        return self._mailbox

    async def write(self, data: bytes) -> None:
        """Say it in pieces; nobody hears it while nobody is connected."""
        if self._connection is None:
            return
        with contextlib.suppress(ProtocolError):
            for at in range(0, len(data), self._piece):
                await self._device.notify_subscriber(self._connection, self._says, data[at : at + self._piece])

    async def listened(self) -> None:
        """Until somebody is connected and listens."""
        await self._listened.wait()

    async def hang_up(self) -> None:
        """As when the battery is pulled; it advertises again."""
        if self._connection is not None:
            await hang_up(self._device, self._connection)

    async def aclose(self) -> None:
        """Out of the battery."""
        self._mailbox.close()
        await self.hang_up()
        await self._device.power_off()

    async def _advertise(self) -> None:
        named = AdvertisingData([(AdvertisingData.COMPLETE_LOCAL_NAME, self._device.name.encode())])
        await self._device.start_advertising(
            advertising_data=bytes(named),
            advertising_interval_min=INTERVAL_MS,
            advertising_interval_max=INTERVAL_MS,
            auto_restart=True,
        )

    def _subscribed(self, connection: Connection, notify: bool, _: bool) -> None:
        if notify:
            self._connection = connection
            self._listened.set()
            connection.on("disconnection", self._gone)

    def _gone(self, _: int) -> None:
        self._connection = None
        self._listened.clear()
