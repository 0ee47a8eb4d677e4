"""bleak over a bumble host: what it asks of a backend, answered by a real GATT client without D-Bus or radio."""

import functools
from uuid import UUID

from bleak import BleakClient, BleakScanner
from bleak.assigned_numbers import gatt_char_props_to_strs
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.backends.client import BaseBleakClient
from bleak.backends.scanner import AdvertisementData, BaseBleakScanner
from bleak.backends.service import BleakGATTService, BleakGATTServiceCollection
from bleak.exc import BleakError
from bumble.core import AdvertisingData, PhysicalTransport, ProtocolError
from bumble.device import Peer
from bumble.hci import Address

from edge.links.radio import Radio


def over(host):
    """The radio of a bumble host."""
    scanner = type("Scanner", (BumbleScanner,), {"host": host})
    client = type("Client", (BumbleClient,), {"host": host})
    return Radio(None, functools.partial(BleakScanner, backend=scanner), functools.partial(BleakClient, backend=client))


def long(uuid):
    return str(UUID(bytes=uuid.to_bytes(force_128=True)[::-1]))


class BumbleScanner(BaseBleakScanner):
    host = None

    def __init__(self, detection_callback, service_uuids, scanning_mode, **_):
        super().__init__(detection_callback, service_uuids)

    async def start(self):
        self.host.on("advertisement", self._heard)
        await self.host.start_scanning(filter_duplicates=False)

    async def stop(self):
        self.host.remove_listener("advertisement", self._heard)
        await self.host.stop_scanning()

    def _heard(self, advertisement):
        uuids = advertisement.data.get(AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS) or []
        services = [long(uuid) for uuid in uuids]
        if not self.is_allowed_uuid(services):
            return
        name = advertisement.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        said = AdvertisementData(name, {}, {}, services, None, -50, ())
        address = str(advertisement.address).split("/")[0]
        self.call_detection_callbacks(self.create_or_update_device(address, address, name, None, said), said)


def told(work):
    """The stack's refusal as bleak's."""

    @functools.wraps(work)
    async def wrapped(*args, **kwargs):
        try:
            return await work(*args, **kwargs)
        except (ProtocolError, TimeoutError) as refusal:
            raise BleakError(str(refusal)) from refusal

    return wrapped


class BumbleClient(BaseBleakClient):
    host = None
    connection = None
    mtu_size = 247
    name = "simulated"

    @property
    def is_connected(self):
        return self.connection is not None

    @told
    async def connect(self, pair, **_):
        self.host.attempts = getattr(self.host, "attempts", 0) + 1
        self.host.at_once = max(getattr(self.host, "at_once", 0), self.host.attempts)
        try:
            await self._connect(pair)
        finally:
            self.host.attempts -= 1

    async def _connect(self, pair):
        address = Address(self.address)
        self.connection = await self.host.connect(address, transport=PhysicalTransport.LE, timeout=5)
        self.connection.on("disconnection", self._gone)
        if pair:
            await self.connection.pair()
        self.peer = Peer(self.connection)
        await self.peer.request_mtu(247)
        await self.peer.discover_all()
        self.services = self._found()

    def _found(self):
        found = BleakGATTServiceCollection()
        for service in self.peer.services:
            ours = BleakGATTService(service, service.handle, long(service.uuid))
            found.add_service(ours)
            for one in service.characteristics:
                properties = list(gatt_char_props_to_strs(int(one.properties)))
                found.add_characteristic(
                    BleakGATTCharacteristic(one, one.handle, long(one.uuid), properties, lambda: 100, ours)
                )
        return found

    def _gone(self, _):
        self.connection = None
        if self._disconnected_callback:
            self._disconnected_callback()

    async def disconnect(self):
        if self.connection is not None:
            await self.connection.disconnect()

    @told
    async def read_gatt_char(self, characteristic, **_):
        return bytearray(await characteristic.obj.read_value())

    @told
    async def write_gatt_char(self, characteristic, data, response):
        await characteristic.obj.write_value(bytes(data), with_response=response)

    @told
    async def start_notify(self, characteristic, callback, **_):
        await characteristic.obj.subscribe(
            lambda value: callback(bytearray(value)), prefer_notify="notify" in characteristic.properties
        )

    async def pair(self, *_, **__):
        raise NotImplementedError

    unpair = read_gatt_descriptor = write_gatt_descriptor = stop_notify = pair
