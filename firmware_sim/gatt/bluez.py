"""``org.bluez`` on a private bus, over simulated radios: what a gateway's unmodified Bluetooth stack talks to.

The bus, the objects and their order of events are BlueZ's; behind them a bumble host speaks real GATT with simulated
peripherals. Devices come into being when they are heard during discovery.
"""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator
from typing import Annotated, Any

from bumble.core import AdvertisingData, PhysicalTransport, ProtocolError
from bumble.device import Advertisement, Connection, Device, Peer
from bumble.hci import Address
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusDict, DBusInt16, DBusObjectPath, DBusSignature, DBusStr
from dbus_fast.constants import PropertyAccess
from dbus_fast.errors import DBusError
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

from firmware_sim.gatt.agents import Agents, address_of
from firmware_sim.gatt.bluez_gatt import Characteristic, Service, long, plainly

HCI = "/org/bluez/hci0"
Strings = Annotated[list[str], DBusSignature("as")]
tells = functools.partial(dbus_property, PropertyAccess.READ)


class Adapter(ServiceInterface):
    """``hci0``; ``powered`` as an engineer switches it."""

    def __init__(self, bus: MessageBus, host: Device) -> None:
        super().__init__("org.bluez.Adapter1")
        self.bus, self.host = bus, host
        self.devices: dict[str, RemoteDevice] = {}
        self.powered, self._seekers = True, 0  # discovery goes on while any program wants it
        host.on("advertisement", self._heard)
        self.agents = Agents(bus)
        host.pairing_config_factory = lambda one: self.agents.config(f"{HCI}/dev_{address_of(one)}")

    def power(self, on: bool) -> None:
        """Switch the adapter."""
        self.powered = on
        self.emit_properties_changed({"Powered": on})

    @tells("Address")
    def _tell_address(self) -> DBusStr:
        return str(self.host.random_address).split("/")[0]

    @tells("Powered")
    def _tell_powered(self) -> DBusBool:
        return self.powered

    @tells("Discovering")
    def _tell_discovering(self) -> DBusBool:
        return self._seekers > 0

    @tells("Roles")
    def _tell_roles(self) -> Strings:
        return ["central", "peripheral"]

    @dbus_method()
    def SetDiscoveryFilter(self, _: DBusDict) -> None:  # noqa: N802
        """Bleak filters once more by itself."""

    @dbus_method("StartDiscovery")
    async def _do_start_discovery(self) -> None:
        if not self.powered:
            raise DBusError("org.bluez.Error.NotReady", "Resource Not Ready")
        self._seekers += 1
        if self._seekers == 1:
            await self.host.start_scanning(filter_duplicates=False)
            self.emit_properties_changed({"Discovering": True})

    @dbus_method("StopDiscovery")
    async def _do_stop_discovery(self) -> None:
        if not self._seekers:
            raise DBusError("org.bluez.Error.Failed", "No discovery started")
        self._seekers -= 1
        if not self._seekers:
            await self.host.stop_scanning()
            self.emit_properties_changed({"Discovering": False})

    @dbus_method("RemoveDevice")
    def _do_remove_device(self, path: DBusObjectPath) -> None:
        self.devices.pop(path, None)

    def _heard(self, advertisement: Advertisement) -> None:
        address = str(advertisement.address).split("/")[0]
        path = f"{HCI}/dev_{address.replace(':', '_')}"
        if path not in self.devices:
            self.devices[path] = RemoteDevice(self, path, address, advertisement)
            self.bus.export(path, self.devices[path])
        else:
            self.devices[path].heard(advertisement)


class RemoteDevice(ServiceInterface):
    """A peripheral as BlueZ remembers it."""

    def __init__(self, adapter: Adapter, path: str, address: str, said: Advertisement) -> None:
        super().__init__("org.bluez.Device1")
        self._adapter, self.path, self._address = adapter, path, address
        name: Any = said.data.get(AdvertisingData.COMPLETE_LOCAL_NAME)
        uuids: Any = said.data.get(AdvertisingData.COMPLETE_LIST_OF_16_BIT_SERVICE_CLASS_UUIDS)
        self._name, self._uuids = name or address, [long(uuid) for uuid in uuids or ()]
        self._rssi = said.rssi
        self.connection: Connection | None = None
        self._paired = self._resolved = self._trust = False
        self._characteristics: dict[str, Characteristic] = {}

    def heard(self, said: Advertisement) -> None:
        """Its strength changes with every advertisement."""
        self._rssi = said.rssi if self._rssi != said.rssi else said.rssi - 1
        self.emit_properties_changed({"RSSI": self._rssi})

    @tells("Address")
    def _tell_address(self) -> DBusStr:
        return self._address

    @tells("AddressType")
    def _tell_address_type(self) -> DBusStr:
        return "random"

    @tells("Name")
    def _tell_name(self) -> DBusStr:
        return str(self._name)

    @tells("Alias")
    def _tell_alias(self) -> DBusStr:
        return str(self._name)

    @tells("UUIDs")
    def _tell_uuids(self) -> Strings:
        return self._uuids

    @tells("Paired")
    def _tell_paired(self) -> DBusBool:
        return self._paired

    @dbus_property(name="Trusted")
    def _trusted(self) -> DBusBool:
        return self._trust

    @_trusted.setter  # type: ignore[no-redef]
    def _trusted(self, trust: DBusBool) -> None:
        self._trust = trust

    @tells("Connected")
    def _tell_connected(self) -> DBusBool:
        return self.connection is not None

    @tells("ServicesResolved")
    def _tell_services_resolved(self) -> DBusBool:
        return self._resolved

    @tells("RSSI")
    def _tell_rssi(self) -> DBusInt16:
        return self._rssi

    @tells("Adapter")
    def _tell_adapter(self) -> DBusObjectPath:
        return HCI

    @dbus_method("Connect")
    async def _do_connect(self) -> None:
        await self._connect()

    @dbus_method("Pair")
    async def _do_pair(self) -> None:
        if self._paired:
            raise DBusError("org.bluez.Error.AlreadyExists", "Already Exists")
        connection = await self._connect(paired=True)
        del connection

    @dbus_method("Disconnect")
    async def _do_disconnect(self) -> None:
        if self.connection is not None:
            await self.connection.disconnect()

    async def _connect(self, *, paired: bool = False) -> Connection:
        """Connected first, services resolved after: a stack that looks too early finds none."""
        with plainly("org.bluez.Error.Failed"):
            address = Address(self._address)
            connection = await self._adapter.host.connect(address, transport=PhysicalTransport.LE, timeout=5)
        connection.on("disconnection", self._gone)
        self.connection = connection
        self.emit_properties_changed({"Connected": True})
        if paired or self._paired:
            await self._secure(connection, anew=paired)
        await self._resolve(Peer(connection))
        return connection

    async def _secure(self, connection: Connection, *, anew: bool) -> None:
        with plainly("org.bluez.Error.AuthenticationFailed"):
            await (connection.pair() if anew else connection.encrypt())
        if anew:
            self._paired = True
            self.emit_properties_changed({"Paired": True})

    async def _resolve(self, peer: Peer) -> None:
        with plainly("org.bluez.Error.Failed"):
            await peer.request_mtu(247)
            await peer.discover_all()  # type: ignore[no-untyped-call]
        for service in peer.services:
            self._export(service)
        self._resolved = True
        self.emit_properties_changed({"ServicesResolved": True})

    def _export(self, service: Any) -> None:
        """New objects the first time, the old ones with a new far end after."""
        path = f"{self.path}/service{service.handle:04x}"
        fresh = [one for one in service.characteristics if f"{path}/char{one.handle:04x}" not in self._characteristics]
        if len(fresh) == len(service.characteristics):
            self._adapter.bus.export(path, Service(long(service.uuid), self.path))
        for one in service.characteristics:
            own = f"{path}/char{one.handle:04x}"
            if one in fresh:
                self._characteristics[own] = Characteristic(one, path)
                self._adapter.bus.export(own, self._characteristics[own])
            self._characteristics[own].proxy = one

    def _gone(self, _: int) -> None:
        self.connection, self._resolved = None, False
        self.emit_properties_changed({"ServicesResolved": False, "Connected": False})


@contextlib.asynccontextmanager
async def bluez(address: str, host: Device) -> AsyncIterator[Adapter]:
    """Own ``org.bluez`` on the bus of this address; ``host`` is the radio behind it, switched on."""
    bus = await MessageBus(bus_address=address).connect()
    adapter = Adapter(bus, host)
    bus.export(HCI, adapter)
    await bus.request_name("org.bluez")
    try:
        yield adapter
    finally:
        for device in adapter.devices.values():
            if device.connection is not None:
                with contextlib.suppress(ProtocolError, TimeoutError, asyncio.CancelledError):
                    await asyncio.wait_for(device.connection.disconnect(), 2)
        bus.disconnect()
        await bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
