"""What BlueZ says of itself on the system bus, beside what the Bluetooth stack asks: a few questions, no state."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.errors import AuthError, DBusError, InvalidAddressError

BLUEZ, ADAPTER, DEVICE = "org.bluez", "org.bluez.Adapter1", "org.bluez.Device1"
FAILURES = (OSError, EOFError, TimeoutError, AuthError, DBusError, InvalidAddressError)
Objects = dict[str, dict[str, dict[str, Any]]]


async def let_go(device: str) -> None:
    """End a connection that a gateway before this one left behind.

    BlueZ holds a connection beyond the life of the program that made it, and a connected device advertises no more:
    it would never be heard again. Raises what ``FAILURES`` lists.
    """
    async with _bus() as bus:
        for path, interfaces in (await _objects(bus)).items():
            told = interfaces.get(DEVICE, {})
            if told.get("Address") == device and told.get("Connected"):
                await _asked(bus, path, DEVICE, "Disconnect")


async def adapters() -> dict[str, bool]:
    """Adapters by name (``hci0``) and whether each is switched on. Raises what ``FAILURES`` lists."""
    async with _bus() as bus:
        found = await _objects(bus)
    named = {path.rsplit("/", 1)[1]: one[ADAPTER] for path, one in found.items() if ADAPTER in one}
    return {name: bool(told.get("Powered")) for name, told in sorted(named.items())}


@asynccontextmanager
async def _bus() -> AsyncIterator[MessageBus]:
    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        await bus.connect()
        yield bus
    finally:
        bus.disconnect()


async def _objects(bus: MessageBus) -> Objects:
    [found] = await _asked(bus, "/", "org.freedesktop.DBus.ObjectManager", "GetManagedObjects")
    return {
        path: {name: {key: value.value for key, value in told.items()} for name, told in interfaces.items()}
        for path, interfaces in found.items()
    }


async def _asked(bus: MessageBus, path: str, interface: str, member: str) -> list[Any]:
    reply = await bus.call(Message(destination=BLUEZ, path=path, interface=interface, member=member))
    if reply is None or reply.message_type is MessageType.ERROR:
        raise DBusError(str(reply and reply.error_name), str(reply and reply.body))
    return list(reply.body)
