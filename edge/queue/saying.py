"""Says a holding's entries to the cloud: straight from the log, in order, on each connection what is not safe yet."""

import asyncio
from collections.abc import Callable

import msgspec

from edge.backoff import Backoff
from edge.queue.log import Log
from edge.uplink.verdicts import Verdict, verdict
from edge.uplink.wire import Wire
from protocols.envelope import Address, Event, encode
from protocols.envelope.queue import KEPT

WINDOW = 8  # entries on their way at once; the broker keeps their order
LATER_S = 2.0


class Saying:
    """``safe`` tells the last entry that the cloud is known to have."""

    def __init__(self, address: Address, log: Log, safe: Callable[[], int]) -> None:
        self._topic, self._log, self._safe = address.up("e"), log, safe
        self._news = asyncio.Event()
        self._said: int | None = None  # over this connection; None without one

    @property
    def is_done(self) -> bool:
        """Whether the broker has everything, over the connection there is."""
        return self._said is not None and self._said >= len(self._log.lines)

    def stir(self) -> None:
        """There is another entry."""
        self._news.set()

    def anew(self) -> None:
        """There is another holding."""
        self._said = None if self._said is None else 0
        self.stir()

    async def say(self, wire: Wire) -> None:
        """For as long as there is this connection."""
        self._said, later = self._safe(), Backoff(LATER_S)
        try:
            while True:
                self._news.clear()
                if self.is_done:
                    await self._news.wait()
                elif await self._on(wire):
                    later.reset()
                else:
                    await asyncio.sleep(later.next())
        finally:
            self._said = None

    async def _on(self, wire: Wire) -> bool:
        """The next few; whether the broker took them for somebody who hears."""
        start, lines = self._said or 0, self._log.lines
        sent = [wire.send(self._topic, event(line)) for line in lines[start : start + WINDOW]]
        codes = await asyncio.gather(*sent)
        good = next((n for n, code in enumerate(codes) if verdict(code) != Verdict.TAKEN), len(codes))
        if lines is self._log.lines:  # else another holding began meanwhile
            self._said = start + good
        return good == len(codes)


def event(line: bytes) -> bytes:
    """An entry on its way; the same entry is the same event, however often it is said."""
    data = msgspec.json.decode(line)
    name = f"{data['hold']}-{data['n']}"
    text = f"The store's queue goes on without the cloud: {data['what']}."
    return encode(Event(v=1, id=name, at=data["at"], code=KEPT, text=text, data=data))
