"""Answers BlueZ when it asks for the passkey that is printed on a device. For any other question the answer is no."""

import asyncio
import contextlib
from collections.abc import Callable

from dbus_fast import BusType, Message, MessageType
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusObjectPath, DBusStr, DBusUInt16, DBusUInt32
from dbus_fast.errors import DBusError
from dbus_fast.service import ServiceInterface, dbus_method

from edge.links.bluez import BLUEZ, FAILURES

PATH, MANAGER, KEEPERS = "/emmetra/agent", "org.bluez.AgentManager1", "/org/bluez"
AGAIN_S = 30.0  # BlueZ forgets its agents when it is restarted
KNOWN_ALREADY = "org.bluez.Error.AlreadyExists"
REJECTED = "org.bluez.Error.Rejected"

Key = Callable[[str], int | None]


class Agent(ServiceInterface):
    """``key`` gives the passkey of a device by its address, None for one that has none."""

    def __init__(self, key: Key) -> None:
        super().__init__("org.bluez.Agent1")
        self._key = key

    def _of(self, path: str) -> int:
        key = self._key(path.rsplit("dev_", 1)[-1].replace("_", ":").upper())
        if key is None:
            raise DBusError(REJECTED, "no passkey was told for this device")
        return key

    @dbus_method("RequestPasskey")
    def _do_request_passkey(self, device: DBusObjectPath) -> DBusUInt32:
        return self._of(device)

    @dbus_method("RequestPinCode")
    def _do_request_pin_code(self, device: DBusObjectPath) -> DBusStr:
        return f"{self._of(device):06}"

    @dbus_method("RequestAuthorization")
    def _do_request_authorization(self, device: DBusObjectPath) -> None:
        self._of(device)

    @dbus_method("RequestConfirmation")
    def _do_request_confirmation(self, device: DBusObjectPath, passkey: DBusUInt32) -> None:
        if self._of(device) != passkey:
            raise DBusError(REJECTED, "this is not the passkey that is printed on the device")

    @dbus_method("AuthorizeService")
    def _do_authorize_service(self, device: DBusObjectPath, service: DBusStr) -> None:
        self._of(device)

    @dbus_method("DisplayPasskey")
    def _do_display_passkey(self, device: DBusObjectPath, passkey: DBusUInt32, entered: DBusUInt16) -> None:
        """Nobody looks."""

    @dbus_method("DisplayPinCode")
    def _do_display_pin_code(self, device: DBusObjectPath, code: DBusStr) -> None:
        """Nobody looks."""

    @dbus_method("Cancel")
    def _do_cancel(self) -> None:
        """The device gave up; there is nothing to take back."""

    @dbus_method("Release")
    def _do_release(self) -> None:
        """BlueZ goes; we ask again."""


async def answer(key: Key) -> None:
    """Until cancelled, through restarts of BlueZ and where there is none."""
    while True:
        with contextlib.suppress(*FAILURES):
            await _answer_once(key)
        await asyncio.sleep(AGAIN_S)


async def _answer_once(key: Key) -> None:
    bus = MessageBus(bus_type=BusType.SYSTEM)
    try:
        await bus.connect()
        bus.export(PATH, Agent(key))
        while True:
            await _asked(bus, "RegisterAgent", "os", PATH, "KeyboardOnly")
            await _asked(bus, "RequestDefaultAgent", "o", PATH)
            await asyncio.sleep(AGAIN_S)
    finally:
        bus.disconnect()


async def _asked(bus: MessageBus, member: str, signature: str, *body: str) -> None:
    """Raises DBusError."""
    words = Message(
        destination=BLUEZ, path=KEEPERS, interface=MANAGER, member=member, signature=signature, body=list(body)
    )
    reply = await bus.call(words)
    if reply is None or (reply.message_type is MessageType.ERROR and reply.error_name != KNOWN_ALREADY):
        raise DBusError(str(reply and reply.error_name), str(reply and reply.body))
