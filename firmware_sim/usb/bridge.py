"""A bulk bridge before an instrument with a serial plug. No maker's: whoever has such a box has other numbers.

It exists to prove that a dialect of ours travels over bulk endpoints as over a serial line.
"""

import asyncio
from collections.abc import AsyncIterator

from firmware_sim.usb.device import BULK, IN, Device, Endpoint, Interface
from firmware_sim.wires.mailbox import Mailbox

SIZE = 64
OUT = 2


class Bridge(Device):
    """Two bulk endpoints; vendor and product 1209:0001 are the numbers set aside for trying things out."""

    def __init__(self, serial: str | None = "SIM0001") -> None:
        ends = (Endpoint(IN | 1, BULK, SIZE), Endpoint(OUT, BULK, SIZE))
        super().__init__(0x1209, 0x0001, ("Emmetra", "Simulated bulk bridge", serial), Interface((255, 0, 0), ends))
        self.wire = UsbWire(self)

    def hear(self, data: bytes) -> int:
        """What the gateway says reaches the instrument behind."""
        took = super().hear(data)
        self.wire.tell(data)
        return took


class UsbWire:
    """The instrument's end of the bridge."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge, self._mailbox = bridge, Mailbox()
        self._loop = asyncio.get_running_loop()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._mailbox

    async def write(self, data: bytes) -> None:
        """Say it in packets."""
        for at in range(0, len(data), SIZE):
            self._bridge.say(IN | 1, data[at : at + SIZE])

    async def aclose(self) -> None:
        """Put the instrument away."""
        self._mailbox.close()

    def tell(self, data: bytes) -> None:
        """From the gateway's thread."""
        self._loop.call_soon_threadsafe(self._mailbox.put, data)
