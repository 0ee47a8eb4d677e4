"""``python -m tests.journeys.plugged SOCKET WORDS``: ``emmetra WORDS`` on a machine whose USB bus is simulated.

A foot switch and a tonometer hang on it; what a person does with them comes as words over a socket: down, up, unplug,
plug, puff, move.
"""

import asyncio
import socket
import sys
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from deploy.cli import main
from edge.links import usb_bus
from firmware_sim.keeler import TonoCare
from firmware_sim.usb import Bridge, Bus, FootSwitch

STEP_S, REST_S, LONG_S = 0.12, 0.6, 0.8


class Foot:
    """The person's end of the socket."""

    def __init__(self, where: Path) -> None:
        self._where = where

    def press(self, times: int = 1) -> None:
        """So many presses, quickly."""
        for _ in range(times):
            self.do("down")
            time.sleep(STEP_S)
            self.do("up")
            time.sleep(STEP_S)
        time.sleep(REST_S)

    def hold(self) -> None:
        """A long press."""
        self.do("down")
        time.sleep(LONG_S)
        self.do("up")
        time.sleep(REST_S)

    def do(self, word: str) -> str:
        """Returns when it is done; ``held`` asks whether the gateway has the switch."""
        with socket.socket(socket.AF_UNIX) as to:
            to.settimeout(20)
            to.connect(str(self._where))
            to.sendall(word.encode())
            to.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: to.recv(4096), b"")).decode()


class Puffer:
    """A tonometer behind a USB bridge, in a loop of its own."""

    def __init__(self, bus: Bus) -> None:
        self._bus, self._port, self._loop = bus, 3, asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._do(self._begin())

    async def _begin(self) -> None:
        self._bridge = Bridge()
        self._tonometer = TonoCare(self._bridge.wire, seed="usb")
        self._bus.plug(self._bridge, self._port)

    def puff(self) -> str:
        """Somebody's eyes; what was said, in hexadecimal."""
        return str(self._do(self._print()).raw.hex())

    def move(self) -> None:
        """Out of its port and into another."""
        self._bus.unplug(self._bridge)
        self._port += 1
        self._bus.plug(self._bridge, self._port)

    async def _print(self) -> Any:
        await self._tonometer.measure()
        return await self._tonometer.print()

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def obey(where: Path, bus: Bus, switch: FootSwitch, puffer: Puffer) -> None:
    """Do what is said, as long as the process lives."""
    deeds = {
        "down": switch.down,
        "up": switch.up,
        "unplug": lambda: bus.unplug(switch),
        "plug": lambda: bus.plug(switch),
        "held": lambda: "yes" if switch.claimed else "no",
        "puff": puffer.puff,
        "move": puffer.move,
    }
    where.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(str(where))
        ear.listen()
        while True:
            person, _ = ear.accept()
            with person:
                person.sendall((deeds[person.recv(16).decode()]() or "done").encode())


if __name__ == "__main__":
    bus, switch = Bus(), FootSwitch()
    bus.plug(switch)
    usb_bus.backend = lambda: bus
    threading.Thread(target=obey, args=(Path(sys.argv[1]), bus, switch, Puffer(bus)), daemon=True).start()
    sys.exit(main(sys.argv[2:]))
