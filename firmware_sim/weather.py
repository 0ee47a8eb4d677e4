"""Bad weather on a wire: bytes lost, bent, late or one by one, and plugs that come out. The seed decides all of it."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields

from firmware_sim.wires import Pluggable, Wire


@dataclass(frozen=True, slots=True)
class Climate:
    """Probabilities: ``drop`` and ``corrupt`` for each byte, ``drip`` and ``unplug`` for each write.

    ``delay`` is the longest pause in seconds before a piece; ``away`` how long a pulled plug stays out.
    """

    drop: float = 0.0
    corrupt: float = 0.0
    drip: float = 0.0
    delay: float = 0.0
    unplug: float = 0.0
    away: float = 0.5


class Weather:
    """One climate, one seed; every wire under it gets its own luck, the same each time."""

    def __init__(
        self,
        seed: int | str = 0,
        *,
        drop: float = 0.0,
        corrupt: float = 0.0,
        drip: float = 0.0,
        delay: float = 0.0,
        unplug: float = 0.0,
        away: float = 0.5,
    ) -> None:
        self.climate = Climate(drop, corrupt, drip, delay, unplug, away)
        self._seed = seed
        self._wires = 0

    @classmethod
    def parse(cls, text: str, seed: int | str = 0) -> "Weather":
        """From ``drop=0.01,drip=1``. Raises ValueError with a sentence."""
        known = {field.name for field in fields(Climate)}
        try:
            values = {key.strip(): float(value) for key, _, value in (part.partition("=") for part in text.split(","))}
        except ValueError:
            raise ValueError(f"{text!r} is no weather; write for example drop=0.01,drip=1") from None
        if strange := sorted(set(values) - known):
            raise ValueError(f"weather has no {', '.join(strange)}; it has {', '.join(sorted(known))}")
        return cls(seed, **values)

    def clear(self) -> None:
        """The sun comes out."""
        self.climate = Climate()

    def over(self, wire: Wire) -> "WeatheredWire":
        """The same wire, outdoors."""
        self._wires += 1
        return WeatheredWire(wire, self, f"{self._seed}/{self._wires}")


class WeatheredWire:
    """A wire under the weather, in both directions."""

    def __init__(self, wire: Wire, weather: Weather, seed: str) -> None:
        self._wire, self._weather = wire, weather
        self._out = random.Random(f"{seed}/out")  # noqa: S311 - luck, not secrets
        self._in = random.Random(f"{seed}/in")  # noqa: S311

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        return self._bent(await anext(aiter(self._wire)), self._in)

    async def write(self, data: bytes) -> None:
        """Say it; what arrives is another matter."""
        await self._perhaps_unplugged()
        bent = self._bent(data, self._out)
        dripping = self._out.random() < self._weather.climate.drip
        for piece in [bent[at : at + 1] for at in range(len(bent))] if dripping else [bent]:
            await asyncio.sleep(self._weather.climate.delay * self._out.random())
            await self._wire.write(piece)

    async def aclose(self) -> None:
        """Come in."""
        await self._wire.aclose()

    def _bent(self, data: bytes, luck: random.Random) -> bytes:
        climate, arrived = self._weather.climate, bytearray()
        for byte in data:
            lost, bent, bit = luck.random() < climate.drop, luck.random() < climate.corrupt, 1 << luck.randrange(8)
            if not lost:
                arrived.append(byte ^ bit if bent else byte)
        return bytes(arrived)

    async def _perhaps_unplugged(self) -> None:
        if self._out.random() < self._weather.climate.unplug and isinstance(self._wire, Pluggable):
            await self._wire.unplug()
            await asyncio.sleep(self._weather.climate.away)
            await self._wire.replug()
