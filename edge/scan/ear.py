"""Listens on one port until it knows who speaks there, or why nobody can be understood."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import cycle
from typing import Any

from edge import discovery
from edge.discovery import Manifest
from edge.links import LineSettings, Link, LinkLost, LinkRefused, open_link
from edge.links.serial_port import SerialLink
from edge.scan.hearing import Judgement, judged, seven, silence
from edge.scan.lines import after
from edge.scan.naming import Found, asks, named, openings
from protocols.framing import Event, Garbled, Transmission

SLOT_S = 1.0  # at each setting while nothing was heard
HOLD_S = 10.0  # at each setting once something was: the next press of Print decides
QUIET_S = 0.4  # after which a burst is over
REPLY_S = 4.0  # for the transmission after our answer to a request
LARGEST = 256 * 1024
SHORT = 64  # bytes; a request to send is shorter, and its sender does not wait long for the answer

Tell = Callable[[str], None]


class Ear:
    """One port. ``listen`` until it is named; ``why`` says what was made of it so far."""

    def __init__(self, port: str, lines: list[LineSettings], tell: Tell = lambda _: None) -> None:
        self.port, self.why = port, silence(None)
        self._all, self._lines, self._tell = lines, list(lines), tell
        self._tried: list[LineSettings] = []
        self._heard = self._strange = False
        self._shown: bool | None = None
        self._openings: dict[str, Iterator[dict[str, Any]]] = {}

    async def listen(self, seconds: float) -> Found | None:
        """Who speaks there, if that was found out in time."""
        try:
            link = await open_link(self.port, self._lines[0])
        except LinkRefused as refusal:
            self.why = Judgement("silence", refusal.what, refusal.hint)
            return None
        try:
            async with asyncio.timeout(seconds):
                return await self._until_named(link)
        except (TimeoutError, StopAsyncIteration, LinkLost) as end:
            if not isinstance(end, TimeoutError):
                self.why = Judgement("silence", "The port went away while it was listened to.", "Plug it in again.")
            return None
        finally:
            await link.aclose()

    async def _until_named(self, link: Link) -> Found:
        while True:
            line = self._set(link)
            burst = await self._burst(link)
            self._look_at_the_plug(link)
            if burst:
                if found := await self._understood(link, burst, line):
                    return found
            else:
                self._lines.append(self._lines.pop(0))

    def _set(self, link: Link) -> LineSettings | None:
        if not isinstance(link, SerialLink):
            return None
        link.set(self._lines[0], checking=True)
        return self._lines[0]

    def _look_at_the_plug(self, link: Link) -> None:
        if isinstance(link, SerialLink) and (signals := link.signals()):
            self._shown = bool(self._shown) or signals.dsr or signals.cts
        if not self._heard:
            self.why = silence(self._shown)

    async def _burst(self, link: Link) -> bytes:
        """What comes until it is quiet again; nothing when nobody speaks at all."""
        data, patience = b"", HOLD_S if self._heard else SLOT_S
        while len(data) < LARGEST:
            try:
                async with asyncio.timeout(patience):
                    data += await anext(aiter(link))
            except TimeoutError:
                break
            if len(data) < SHORT and asks(data):
                break
            patience = QUIET_S
        return data

    async def _understood(self, link: Link, burst: bytes, line: LineSettings | None) -> Found | None:
        """Named, or the next setting chosen."""
        self._heard = True
        if manifest := asks(burst):
            if found := await self._answered(link, burst, manifest):
                return found.at(line)
            return None
        if found := named(burst):
            return found.at(line)
        self.why = judged(burst, line)
        if self.why.line and (found := named(seven(burst))):
            return found.at(self.why.line)
        self._tell(f"{self.port}: {self.why.what}")
        self._reorder(line)
        return None

    def _reorder(self, line: LineSettings | None) -> None:
        if line is None or (self.why.state == "stranger" and not self._strange):
            self._strange = True
            return  # perhaps the end of something longer: one more at the same setting
        self._strange = False
        self._tried = [*(one for one in self._tried if one != line), line]
        self._lines = after(self._all, self._tried, self.why.slower, self.why.state == "wrong_parity")
        if self.why.line:
            self._lines = [self.why.line, *(one for one in self._lines if one != self.why.line)]

    async def _answered(self, link: Link, burst: bytes, manifest: Manifest) -> Found | None:
        """Let the family's own driver answer, each time as another of its models, until one is told something."""
        ways = self._openings.setdefault(manifest.family, cycle(openings(manifest)))
        told: list[Event] = []
        enough = asyncio.Event()

        async def emit(event: Transmission | Garbled) -> None:
            told.append(event)
            enough.set()

        running = asyncio.ensure_future(discovery.driver(manifest)(next(ways)).run(Tapped(burst, link), emit))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(enough.wait(), REPLY_S)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        what = f"A {manifest.name} asks to send, but sends nothing after the answer."
        self.why = Judgement("stranger", what, "Press Print again; it is answered as another model.")
        return next((found for event in told if not isinstance(event, Garbled) and (found := named(event.raw))), None)


class Tapped:
    """A link whose first bytes were heard already."""

    def __init__(self, first: bytes, link: Link) -> None:
        self._first, self._link = first, link

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        first, self._first = self._first, b""
        return first or await anext(aiter(self._link))

    async def write(self, data: bytes) -> None:
        """Answer."""
        await self._link.write(data)

    async def aclose(self) -> None:
        """The ear closes it."""
