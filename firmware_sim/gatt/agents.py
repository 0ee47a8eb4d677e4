"""``org.bluez.AgentManager1``: programs that answer for a person, and what BlueZ asks them while it pairs."""

from bumble.device import Connection
from bumble.pairing import PairingConfig, PairingDelegate
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

MANAGER, AGENT = "org.bluez.AgentManager1", "org.bluez.Agent1"


class Agents:
    """The default is the one that asked to be it last; without one nobody can type."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self._known: set[tuple[str, str]] = set()
        self.default: tuple[str, str] | None = None
        bus.add_message_handler(self._heard)

    def _heard(self, message: Message) -> Message | None:
        if message.interface != MANAGER or message.message_type is not MessageType.METHOD_CALL:
            return None
        who = str(message.sender), message.body[0]
        if message.member == "RegisterAgent":
            if who in self._known:
                return Message.new_error(message, "org.bluez.Error.AlreadyExists", "Already Exists")
            self._known.add(who)
        elif message.member == "RequestDefaultAgent":
            self.default = who
        return Message.new_method_return(message)

    def config(self, device: str) -> PairingConfig:
        """How a device is paired: with a person's help where somebody answers for one."""
        return PairingConfig(delegate=Typing(self, device) if self.default else PairingDelegate())

    async def passkey(self, device: str) -> int | None:
        """What the agent says, None where it refuses."""
        assert self.default is not None  # noqa: S101 - asked only where there is one
        name, path = self.default
        words = Message(
            destination=name, path=path, interface=AGENT, member="RequestPasskey", signature="o", body=[device]
        )
        reply = await self._bus.call(words)
        return None if reply is None or reply.message_type is MessageType.ERROR else int(reply.body[0])


class Typing(PairingDelegate):
    """A keyboard without a display: it types what it is told."""

    def __init__(self, agents: Agents, device: str) -> None:
        super().__init__(PairingDelegate.KEYBOARD_INPUT_ONLY)
        self._agents, self._device = agents, device

    async def get_number(self) -> int | None:
        """The passkey."""
        return await self._agents.passkey(self._device)


class Printed(PairingDelegate):
    """A device that bears its passkey."""

    def __init__(self, passkey: int) -> None:
        super().__init__(PairingDelegate.DISPLAY_OUTPUT_ONLY)
        self._passkey = passkey

    async def generate_passkey(self) -> int:
        """Always the same."""
        return self._passkey


def bears(passkey: int) -> PairingConfig:
    """How a device pairs on which a passkey is printed."""
    return PairingConfig(delegate=Printed(passkey))


def address_of(connection: Connection) -> str:
    """Of the far end, as BlueZ writes it in its paths."""
    return str(connection.peer_address).split("/")[0].replace(":", "_")
