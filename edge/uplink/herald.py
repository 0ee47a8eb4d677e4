"""Says that the gateway lives and how it is; carries bulletins, which are forgotten when the broker has them."""

import asyncio
import uuid
from collections.abc import Callable

from edge.alarms import Alarms
from edge.backoff import Backoff
from edge.clock import Clock
from edge.outbox import Bulletin, Outbox
from edge.uplink.verdicts import Verdict, verdict
from edge.uplink.wire import Wire
from protocols.envelope import Address, Birth, Death, InstrumentState, encode

SETTLE_S = 0.1  # instruments come up together; one birth tells of all of them
AT_ONCE = 8
CHANNELS = {"event": "e", "telemetry": "t", "log": "log"}
TELEMETRY_EXPIRY_S = 3600


class Herald:
    """What is said about the gateway as a whole."""

    def __init__(
        self,
        address: Address,
        software: str,
        outbox: Outbox,
        clock: Clock,
        alarms: Alarms,
        instruments: Callable[[], list[InstrumentState]],
    ) -> None:
        self.address, self.software, self._outbox, self._clock = address, software, outbox, clock
        self._alarms, self._instruments = alarms, instruments
        self.session = uuid.uuid4().hex
        self.ended: str | None = None  # why the connection before this one ended
        self.worklist: Callable[[], int] = lambda: 0  # the version of the list that is kept here
        self.queue: Callable[[], tuple[int, str]] = lambda: (0, "")  # the version of its book here, and the holding
        self._changed, self._posted = asyncio.Event(), asyncio.Event()

    def change(self) -> None:
        """An instrument or an alarm changed: the birth is said again."""
        self._changed.set()

    def wake(self) -> None:
        """There may be a bulletin."""
        self._posted.set()

    def new_session(self) -> None:
        """A connection is about to be made."""
        self.session = uuid.uuid4().hex

    def death(self, reason: str) -> bytes:
        """The will, or the parting word."""
        return encode(Death(v=1, state="offline", session=self.session, reason=reason))

    async def birth(self) -> bytes:
        """All there is to know about this gateway now."""
        depth, now = await self._outbox.depth(), self._clock.now()
        queue, holding = self.queue()
        return encode(
            Birth(
                v=1,
                state="online",
                session=self.session,
                at=now.ts_gw,
                software=self.software,
                epoch=depth.epoch,
                hwm=depth.hwm,
                depth=depth.depth,
                clk=now.clk,
                oldest_at=depth.oldest_at,
                ended=self.ended,
                instruments=self._instruments(),
                alarms=self._alarms.lines(),
                worklist=self.worklist(),
                queue=queue,
                holding=holding,
            )
        )

    async def announce(self, wire: Wire) -> None:
        """Say the birth now and whenever something changes."""
        while True:
            self._changed.clear()
            wire.send(self.address.up("state"), await self.birth(), retain=True)
            await self._changed.wait()
            await asyncio.sleep(SETTLE_S)

    async def part(self, wire: Wire, reason: str) -> None:
        """Say goodbye in good order."""
        answer = wire.send(self.address.up("state"), self.death(reason), retain=True)
        await asyncio.wait([answer], timeout=1)

    async def tell(self, wire: Wire) -> None:
        """Send bulletins in order; whatever the broker does not take is sent again after a while."""
        later = Backoff(2.0)
        while True:
            self._posted.clear()
            waiting = await self._outbox.bulletins(limit=AT_ONCE)
            if not waiting:
                await self._posted.wait()
            elif await self._send(wire, waiting):
                later.reset()
            else:
                await asyncio.sleep(1 + later.next())

    async def _send(self, wire: Wire, waiting: list[Bulletin]) -> bool:
        codes = await asyncio.gather(*(self._publish(wire, bulletin) for bulletin in waiting))
        # POISON too: a bulletin nobody can read is not worth a queue.
        done = [
            b.id for b, code in zip(waiting, codes, strict=True) if verdict(code) in (Verdict.TAKEN, Verdict.POISON)
        ]
        await self._outbox.told(done)
        return len(done) == len(waiting)

    def _publish(self, wire: Wire, bulletin: Bulletin) -> "asyncio.Future[int]":
        expiry = TELEMETRY_EXPIRY_S if bulletin.cls == "telemetry" else None
        return wire.send(self.address.up(CHANNELS[bulletin.cls]), bulletin.body, expiry_s=expiry)
