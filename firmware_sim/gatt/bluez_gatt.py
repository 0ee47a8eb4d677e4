"""Services and characteristics as BlueZ puts them on the bus, each with a bumble proxy behind it."""

import contextlib
import functools
import uuid
from collections.abc import Iterator
from typing import Annotated, Any

from bumble.core import UUID, ProtocolError
from dbus_fast.annotations import DBusBool, DBusBytes, DBusDict, DBusObjectPath, DBusSignature, DBusStr, DBusUInt16
from dbus_fast.constants import PropertyAccess
from dbus_fast.errors import DBusError
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property

Strings = Annotated[list[str], DBusSignature("as")]
FLAGS = {
    0x02: "read",
    0x04: "write-without-response",
    0x08: "write",
    0x10: "notify",
    0x20: "indicate",
}
MTU = 247
tells = functools.partial(dbus_property, PropertyAccess.READ)


def long(one: UUID) -> str:
    """In the spelling of BlueZ."""
    return str(uuid.UUID(bytes=bytes(one.to_bytes(force_128=True))[::-1]))


@contextlib.contextmanager
def plainly(code: str) -> Iterator[None]:
    """What the radio refuses, as BlueZ says it."""
    try:
        yield
    except (ProtocolError, TimeoutError) as refusal:
        att = getattr(refusal, "error_namespace", None) == "att"
        why = f"Operation failed with ATT error: 0x{refusal.error_code:02x}" if att else str(refusal) or "timed out"  # type: ignore[union-attr]
        raise DBusError("org.bluez.Error.Failed" if att else code, why) from None


class Service(ServiceInterface):
    """One primary service."""

    def __init__(self, name: str, device: str) -> None:
        super().__init__("org.bluez.GattService1")
        self._name, self._device = name, device

    @tells("UUID")
    def _tell_uuid(self) -> DBusStr:
        return self._name

    @tells("Primary")
    def _tell_primary(self) -> DBusBool:
        return True

    @tells("Device")
    def _tell_device(self) -> DBusObjectPath:
        return self._device


class Characteristic(ServiceInterface):
    """One characteristic; ``proxy`` is its far end in the connection there is now."""

    def __init__(self, proxy: Any, service: str) -> None:
        super().__init__("org.bluez.GattCharacteristic1")
        self.proxy, self._service = proxy, service
        self._value, self._notifying = b"", False

    @tells("UUID")
    def _tell_uuid(self) -> DBusStr:
        return long(self.proxy.uuid)

    @tells("Service")
    def _tell_service(self) -> DBusObjectPath:
        return self._service

    @tells("Flags")
    def _tell_flags(self) -> Strings:
        return [word for bit, word in FLAGS.items() if self.proxy.properties & bit]

    @tells("MTU")
    def _tell_mtu(self) -> DBusUInt16:
        return MTU

    @tells("Value")
    def _tell_value(self) -> DBusBytes:
        return self._value

    @tells("Notifying")
    def _tell_notifying(self) -> DBusBool:
        return self._notifying

    @dbus_method("ReadValue")
    async def _do_read_value(self, _: DBusDict) -> DBusBytes:
        with plainly("org.bluez.Error.Failed"):
            return bytes(await self.proxy.read_value())

    @dbus_method("WriteValue")
    async def _do_write_value(self, value: DBusBytes, options: DBusDict) -> None:
        asked = options.get("type")
        with plainly("org.bluez.Error.Failed"):
            await self.proxy.write_value(bytes(value), with_response=asked is None or asked.value != "command")

    @dbus_method("StartNotify")
    async def _do_start_notify(self) -> None:
        with plainly("org.bluez.Error.Failed"):
            await self.proxy.subscribe(self._said, prefer_notify="notify" in self._tell_flags)
        self._notifying = True
        self.emit_properties_changed({"Notifying": True})

    @dbus_method("StopNotify")
    async def _do_stop_notify(self) -> None:
        self._notifying = False

    def _said(self, value: bytes) -> None:
        self._value = bytes(value)
        self.emit_properties_changed({"Value": self._value})
