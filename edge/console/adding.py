"""Adds a Bluetooth device that the gateway does not know yet: listens while somebody measures, then takes it up."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from edge.adding import Added
from edge.config import SLUG, GatewayConfig
from edge.console.asking import asked
from edge.supervisor import InstrumentSettings, Supervisor
from edge.tasks import stop

LISTEN_S = 60.0
FAMILY, ANY = "gatt_health", "any"
LONGEST_LANE = 40
State = Literal["idle", "listening", "found", "nothing"]
PASSKEY = re.compile(r"\d{6}\Z")


@dataclass(frozen=True, slots=True)
class Device:
    """One that was heard; ``model`` is what it is by the profile it advertises, ``strength`` in dBm."""

    device: str
    name: str
    strength: int
    url: str
    profile: str
    model: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody chose; ``bond`` is yes, passkey or no."""

    url: str = ""
    name: str = ""
    lane: str = ""
    bond: str = "yes"
    passkey: str = ""


class AddRefused(Exception):
    """Nothing was added; the word of the page says why."""


@dataclass
class Adder:
    """One search at a time. Nothing that works is disturbed by it."""

    supervisor: Supervisor
    added: Added
    config: Callable[[], GatewayConfig]
    seconds: float = LISTEN_S
    state: State = "idle"
    heard: list[Device] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    _task: asyncio.Task[None] | None = None
    _answering: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether a search goes on."""
        return self.state == "listening"

    def begin(self) -> None:
        """Listen for what is near."""
        self.state, self.heard, self.why = "listening", [], []
        self._task = asyncio.ensure_future(self._search())

    def answer(self) -> None:
        """Tell BlueZ the passkeys that somebody read from devices, as long as there are any."""
        if self.added.passkeys and self._answering is None:
            self._answering = asyncio.ensure_future(_answer(self.added))

    async def aclose(self) -> None:
        """Give up."""
        await stop(self._task, self._answering)

    def lanes(self) -> list[str]:
        """The rooms that instruments stand in."""
        return sorted({keeper.settings.lane for keeper in self.supervisor.keepers if keeper.settings.lane})

    def name_for(self, device: Device) -> str:
        """A name that no instrument has."""
        base, taken = re.sub(r"[^a-z0-9]+", "-", device.model.lower()), self._names()
        return next(name for name in (base, *(f"{base}-{n}" for n in range(2, 1000))) if name not in taken)

    async def add(self, wish: Wish) -> str:
        """Read a device that was heard from now on; its name. Raises AddRefused, OSError."""
        device = next((one for one in self.heard if one.url == wish.url), None)
        if device is None:
            raise AddRefused("add_gone")
        one = self._settings(device, wish)
        key = int(wish.passkey) if wish.bond == "passkey" else None
        await asyncio.to_thread(self.added.add, one, device.device, key)
        self.state, self.heard = "idle", []
        self.answer()
        await self.supervisor.become(self.config().instruments)
        return one.name

    async def remove(self, name: str) -> None:
        """Read it no more. Raises OSError."""
        await asyncio.to_thread(self.added.remove, name)
        await self.supervisor.become(self.config().instruments)

    def _settings(self, device: Device, wish: Wish) -> InstrumentSettings:
        name, lane = wish.name.strip() or self.name_for(device), wish.lane.strip()
        if not SLUG.match(name):
            raise AddRefused("add_name_bad")
        if name in self._names():
            raise AddRefused("add_name_taken")
        if len(lane) > LONGEST_LANE or not lane.isprintable():
            raise AddRefused("add_lane_bad")
        if wish.bond == "passkey" and not PASSKEY.match(wish.passkey):
            raise AddRefused("add_passkey_bad")
        url = f"{device.url}&bond=no" if wish.bond == "no" else device.url
        return InstrumentSettings(name=name, family=FAMILY, url=url, model=device.model, lane=lane or None)

    def _names(self) -> set[str]:
        return {keeper.settings.name for keeper in self.supervisor.keepers}

    async def _search(self) -> None:
        state: State = "nothing"
        try:
            taken = [keeper.settings.url for keeper in self.supervisor.keepers]
            told: dict[str, Any] = await asked("edge.scan.around", ANY, str(self.seconds), *taken, within=self.seconds)
            self.why = told.get("why", [])
            self.heard = [Device(**one) for one in told.get("found", [])]
            state = "found" if self.heard else "nothing"
        finally:
            self.state = state


async def _answer(added: Added) -> None:
    from edge.links import agent  # only where a device has a passkey

    await agent.answer(lambda device: added.passkeys.get(device))
