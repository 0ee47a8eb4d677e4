"""Finds the port an instrument moved to: listens on every free one while somebody presses Print.

A Bluetooth device is found by the profile it advertises while somebody measures: another cuff in the old one's place.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from edge.config import GatewayConfig
from edge.console.adding import Adder
from edge.console.asking import asked
from edge.pairing import Pairings
from edge.supervisor import InstrumentSettings, Supervisor
from edge.tasks import stop

LISTEN_S = 60.0
State = Literal["idle", "listening", "found", "nothing", "no_ports"]
Ports = Callable[[Iterable[str]], list[str]]
BLUETOOTH = "ble:"


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was recognised on which port, at which settings of the line."""

    port: str
    name: str
    line: dict[str, Any]


def free_ports(taken: Iterable[str]) -> list[str]:
    """Every serial port of this machine that no instrument has."""
    from edge.links.usb import comports, lasting_name

    used = {Path(one).resolve() for one in taken}
    named = [lasting_name(port.device) or port.device for port in comports()]
    return [name for name in named if Path(name).resolve() not in used]


class Finder:
    """One search at a time. While it lasts its instrument is not read; afterwards it is, found or not."""

    def __init__(
        self,
        supervisor: Supervisor,
        pairings: Pairings,
        config: Callable[[], GatewayConfig],
        ports: Ports = free_ports,
        seconds: float = LISTEN_S,
    ) -> None:
        self._supervisor, self._pairings, self._config, self._ports = supervisor, pairings, config, ports
        self.seconds = seconds
        self.adder = Adder(supervisor, pairings.added, config)
        self.state: State = "idle"
        self.name = ""
        self.heard: Heard | None = None
        self.why: list[str] = []
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a search goes on."""
        return self.state == "listening"

    def on_radio(self, name: str) -> bool:
        """Whether an instrument is a Bluetooth device, which is sought on the air."""
        found = self.configured(name)
        return found is not None and found.url.startswith(BLUETOOTH)

    def configured(self, name: str) -> InstrumentSettings | None:
        """An instrument as the configuration has it."""
        return next((one for one in self._config().instruments if one.name == name), None)

    def begin(self, name: str) -> None:
        """Search for an instrument."""
        self.state, self.name, self.heard, self.why = "listening", name, None, []
        self._task = asyncio.ensure_future(self._search(name))

    async def aclose(self) -> None:
        """Give up."""
        await stop(self._task)
        await self.adder.aclose()

    async def confirm(self, name: str, port: str) -> bool:
        """Read the instrument there from now on; only what was found can be confirmed. Raises OSError."""
        heard, configured = self.heard, self.configured(name)
        if heard is None or configured is None or (self.name, heard.port) != (name, port):
            return False
        await asyncio.to_thread(self._pairings.pair, name, configured.url, port, heard.line)
        self.state, self.heard = "idle", None
        await self._supervisor.become(self._config().instruments)
        return True

    async def _search(self, name: str) -> None:
        wanted = self.configured(name)
        others = [one for one in self._config().instruments if one.name != name]
        state: State = "nothing"
        try:
            await self._supervisor.become(others)
            taken = [keeper.settings.url for keeper in self._supervisor.keepers]
            if wanted and self.on_radio(name):
                ports = [wanted.url]
                told = await asked("edge.scan.near", wanted.url, str(self.seconds), *taken, within=self.seconds)
            else:
                ports = await asyncio.to_thread(self._ports, taken)
                words = ("edge.scan", wanted.family if wanted else "", str(self.seconds), *ports)
                told = await asked(*words, within=self.seconds) if ports and wanted else {}
            self.why = told.pop("why", [])
            self.heard = Heard(**told) if told else None
            state = "found" if self.heard else "nothing" if ports else "no_ports"
        finally:
            await self._supervisor.become(self._config().instruments)
            self.state = state
