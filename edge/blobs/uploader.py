"""Brings blobs to the cloud, one piece at a time, beside everything else the gateway does.

It offers what waits over MQTT, hears for each whether the cloud has it or a ticket for it, and sends pieces over HTTPS
in a thread. Nothing it knows must outlive it: what is not kept is offered again, and the cloud says how far it is.
"""

import asyncio
import contextlib
import functools
import logging
import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from edge.alarms import Alarms
from edge.backoff import Backoff
from edge.blobs import journal
from edge.blobs.journal import Row, Waiting
from edge.blobs.line import Away, Elsewhere, Line, Refused, TicketOver, Unreadable
from edge.blobs.queue import PieceSize, Queue, Turn
from edge.blobs.store import Store
from edge.uplink.wire import Wire
from protocols.envelope import Address, Malformed, decode, encode
from protocols.envelope.blobs import REFUSED, Answer, Offer

log = logging.getLogger("emmetra.blobs")

T = TypeVar("T")

LOOK_S = 10.0  # whatever was missed is found after so long
AT_ONCE = 200
SPREAD_S = 3.0
LOST, TURNED_AWAY = "blob_lost", "blob_refused"


class Uploader:
    """``place`` makes a whole address of what the cloud said, or says no; ``trust`` is whom HTTPS believes."""

    def __init__(
        self, address: Callable[[], Address], store: Store, alarms: Alarms, place: Callable[[str], str], line: Line
    ) -> None:
        self._address, self._store, self._alarms = address, store, alarms
        self._place, self._line = place, line
        self._queue, self._size, self._later = Queue(), PieceSize(), Backoff(cap=300.0)
        self._answers: list[Answer] = []
        self._offering, self._sending = asyncio.Event(), asyncio.Event()
        self._connections, self._had_some = 0, False
        self.why: str | None = None
        self.waiting = Waiting(0, 0, 0)

    def heard(self, payload: bytes) -> None:
        """The cloud's answer to an offer, or news of a blob."""
        try:
            self._answers.append(decode(Answer, payload))
        except Malformed as refusal:
            log.warning("the cloud said something about a blob that cannot be read: %s", refusal)
        self._sending.set()

    async def say(self, wire: Wire) -> None:
        """Offer what waits, for as long as there is this connection."""
        self._connections += 1
        if self._connections > 1:  # ten thousand gateways must not come back in step
            await asyncio.sleep(random.uniform(0, SPREAD_S))  # noqa: S311 - no secret
        self._queue.ask_anew()
        while True:
            self._offering.clear()
            for row in self._queue.offers(await self._open(), time.monotonic()):
                offer = Offer(sha256=row.sha256, bytes=row.bytes, media_type=row.media_type)
                await wire.send(self._address().up("blob"), encode(offer))
                with contextlib.suppress(OSError):  # the disk takes nothing: that it was offered may be forgotten
                    await self._move(row, journal.OFFERED)
            await _either(self._offering, LOOK_S / 2)

    async def run(self) -> None:
        """Send, until cancelled."""
        loop = asyncio.get_running_loop()
        self._store.on_growth = lambda: _told(loop, self._grown)
        try:
            while True:
                self._sending.clear()
                try:
                    await self._settle()
                    await self._go_on()
                except (Away, OSError) as trouble:
                    self._note(str(trouble))
                    await asyncio.sleep(self._later.next())
        finally:
            self._store.on_growth = lambda: None
            self._line.close()

    def status(self) -> dict[str, Any]:
        """What waits, what is under way and why it does not go on, if it does not."""
        turn = self._queue.next()
        now = turn and {"sha256": turn.row.sha256, "sent": turn.offset, "bytes": turn.row.bytes}
        return {**self.waiting._asdict(), "sending": now, "why": self.why}

    def figures(self) -> dict[str, float | None]:
        """For the cloud; a gateway without pictures says nothing of them."""
        self._had_some = self._had_some or self.waiting.blobs > 0
        return {"bw": self.waiting.blobs, "bb": self.waiting.bytes} if self._had_some else {}

    def _grown(self) -> None:
        self._offering.set()
        self._sending.set()

    async def _settle(self) -> None:
        """Take in what the cloud said."""
        while self._answers:
            answer = self._answers.pop(0)
            row = await self._asked(self._store.journal.find, answer.sha256)
            if row is not None and row.ended_at is None:
                await self._take(row, answer)
        self.waiting = await self._asked(self._store.journal.waiting)

    async def _take(self, row: Row, answer: Answer) -> None:
        match answer.state:
            case "have":
                await self._kept(row)
            case "no":
                await self._turned_away(row, answer.why or REFUSED)
            case "send" if answer.ticket and answer.url:
                self._queue.may(row, answer)
                await self._move(row, journal.SENDING, answer.offset)

    async def _go_on(self) -> None:
        """The next piece, or wait until there is one."""
        turn = self._queue.next()
        if turn is None:
            await _either(self._sending, LOOK_S)
            return
        try:
            await self._step(turn)
        except Refused as refusal:
            await self._turned_away(turn.row, str(refusal))
        except Elsewhere as place:
            turn.offset = place.offset
            raise Away("the cloud has another part of it than was thought") from None
        except TicketOver:
            self._queue.ask_again(turn.row.sha256)
            self._offering.set()
            raise Away("the ticket is over") from None
        except Unreadable:
            await self._lost(turn.row)
        except Away:
            turn.sure, turn.failed = False, turn.failed + 1
            raise

    async def _step(self, turn: Turn) -> None:
        path = self._store.path(turn.row.sha256)
        if path is None:
            await self._lost(turn.row)
            return
        url, ticket = self._place(turn.answer.url or ""), turn.answer.ticket or ""
        if not turn.sure:
            turn.offset, turn.sure = await self._asked(self._line.stands, url, ticket), True
        left, began = max(0, turn.row.bytes - turn.offset), time.monotonic()
        count = min(self._size.bytes, left)
        turn.offset, kept = await self._asked(self._line.append, url, ticket, turn.offset, path, count)
        turn.failed = 0
        self._size.took(count, time.monotonic() - began)
        self._note(None)
        self._offering.set()  # what has come meanwhile, by whatever process, may be smaller
        await (self._kept(turn.row) if kept else self._move(turn.row, journal.SENDING, turn.offset))

    async def _kept(self, row: Row) -> None:
        await self._move(row, journal.KEPT, row.bytes)
        self._queue.over(row.sha256)
        self._offering.set()
        if not self.waiting.refused:
            self._alarms.still(TURNED_AWAY)
            self._alarms.still(LOST)

    async def _turned_away(self, row: Row, why: str) -> None:
        """The bytes stay here for a person to look at."""
        await self._move(row, journal.REFUSED, why=why)
        self._queue.over(row.sha256)
        self._offering.set()
        sentence = f"The cloud does not take {row.sha256[:12]}… ({row.media_type}, {row.bytes} bytes): {why}."
        self._alarms.ring(TURNED_AWAY, f"{sentence} Send it again from the instrument.")

    async def _lost(self, row: Row) -> None:
        await self._move(row, journal.REFUSED, why="lost")
        self._queue.over(row.sha256)
        self._alarms.ring(LOST, f"The file of {row.sha256[:12]}… ({row.media_type}) cannot be read. Send it again.")

    def _note(self, why: str | None) -> None:
        """Say once why it does not go on, and once when it does."""
        if why is None:
            self._later.reset()
        if why != self.why:
            log.info("blobs go on" if why is None else "blobs wait: %s", *([] if why is None else [why]))
        self.why = why

    async def _open(self) -> list[Row]:
        try:
            return await self._asked(self._store.journal.open, AT_ONCE)
        except OSError as trouble:
            self._note(str(trouble))
            return []

    async def _move(self, row: Row, state: str, sent: int | None = None, why: str | None = None) -> None:
        await self._asked(functools.partial(self._store.journal.move, row.sha256, state, sent=sent, why=why))
        self.waiting = await self._asked(self._store.journal.waiting)

    async def _asked(self, ask: Callable[..., T], *words: Any) -> T:
        return await asyncio.to_thread(ask, *words)


def _told(loop: asyncio.AbstractEventLoop, deed: Callable[[], None]) -> None:
    """From whatever thread."""
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody sends any more
        loop.call_soon_threadsafe(deed)


async def _either(event: asyncio.Event, patience: float) -> None:
    """Wait for the event, but no longer."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(patience):
            await event.wait()
