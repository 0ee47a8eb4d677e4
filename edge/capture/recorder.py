"""A link that writes down everything that passes over it, and how the line stands."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable

from edge.links import Link
from edge.links.serial_port import SerialLink
from protocols.capture import Entry

SIGNALS_S = 0.05


class Recorder:
    """Sits on an open link; a driver or nobody listens through it."""

    def __init__(self, link: Link, note: Callable[[Entry], None]) -> None:
        self._link, self._note = link, note
        self._began = time.monotonic()
        self._stood: dict[str, bool] | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        said = await anext(aiter(self._link))
        self._note(Entry(t=self._now(), by="instrument", hex=said.hex(" ")))
        return said

    async def write(self, data: bytes) -> None:
        """Say it, and write down that it was said."""
        await self._link.write(data)
        self._note(Entry(t=self._now(), by="gateway", hex=data.hex(" ")))

    async def aclose(self) -> None:
        """Who opened the link closes it."""

    async def watch(self) -> None:
        """Write down every change of the line's own wires, until cancelled; returns where there are none."""
        while isinstance(self._link, SerialLink) and (signals := self._link.signals()):
            stands = signals._asdict()
            if stands != self._stood:
                self._stood = stands
                self._note(Entry(t=self._now(), signals=stands))
            await asyncio.sleep(SIGNALS_S)

    def _now(self) -> float:
        return round(time.monotonic() - self._began, 4)
