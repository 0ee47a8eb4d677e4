"""Sends the outbox's rows over one connection and listens for what the cloud has."""

import asyncio
import contextlib
import logging
import secrets
import time
from collections import deque

from edge.alarms import Alarms
from edge.backoff import Backoff
from edge.outbox import Outbox, Row
from edge.uplink.batches import batch
from edge.uplink.broker import ENROL_AGAIN
from edge.uplink.happenings import happened
from edge.uplink.verdicts import Verdict, verdict
from edge.uplink.window import WINDOW, Window
from edge.uplink.wire import LOST, Wire
from protocols.envelope import Ack, Address, Malformed, Span, decode

log = logging.getLogger("emmetra.uplink")

COALESCE_S = 0.2
ASKED_AGAIN_S = 5.0
BARRED_S = 300.0
GONE_FOR_GOOD_S = 30.0  # acknowledgements may overtake each other; only a question that stays is meant


class Pump:
    """The no-loss protocol on a live connection; see Window for the rules."""

    def __init__(self, wire: Wire, outbox: Outbox, address: Address, alarms: Alarms) -> None:
        self._wire, self._outbox, self._alarms = wire, outbox, alarms
        self._topic = address.up("r", "result")
        self.window = Window(outbox.hwm)
        self._epoch = outbox.epoch
        self._wake = asyncio.Event()
        self._chores: deque[Ack] = deque()
        self._not_before = self._held_since = 0.0
        self._singly_until = 0
        self._probe, self._slower = Backoff(5.0), Backoff(1.0)
        self._resent: dict[tuple[int, int], float] = {}
        self._unanswerable_since: float | None = None
        self._poisoned: int | None = None
        self.trace = False

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def heard(self, payload: bytes) -> None:
        """An acknowledgement from the cloud."""
        try:
            ack = decode(Ack, payload)
        except Malformed as refusal:
            log.warning("an acknowledgement could not be read: %s", refusal)
            return
        if ack.epoch != self._outbox.epoch:
            return  # of an epoch we have left behind
        if ack.refused or ack.missing or ack.hwm > self._outbox.last:
            self._chores.append(ack)
        else:
            self._confirm(ack.hwm)
        self._wake.set()

    def _confirm(self, hwm: int) -> None:
        if self.window.acknowledged(hwm, time.monotonic()):
            self._outbox.forget(hwm)
            self._unanswerable_since = None
            self._alarms.still("cloud_silent")
            self._taken()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            self._wake.clear()
            await self._step(time.monotonic())
            # never wait_for: before Python 3.12 it swallows a cancellation that comes in the moment of the wake
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._patience(time.monotonic())):
                    await self._wake.wait()

    def _patience(self, now: float) -> float | None:
        """How long nothing will happen by itself."""
        moments = [self.window.deadline(), self._not_before or None]
        if self._held_since:
            moments.append(self._held_since + COALESCE_S)
        ahead = [moment - now for moment in moments if moment is not None and moment > now]
        return min(ahead, default=None)

    async def _step(self, now: float) -> None:
        await self._do_chores(now)
        if self._epoch != self._outbox.epoch:
            self._epoch = self._outbox.epoch
            self.window.begin(self._outbox.hwm)
        if self.window.overdue(now):
            self._alarms.ring(
                "cloud_silent", "The cloud has not confirmed for a while; results are safe here and are sent again."
            )
        if now >= self._not_before:
            self._not_before = 0.0
            await self._send_what_fits(now)

    async def _send_what_fits(self, now: float) -> None:
        while self.window.open and self._epoch == self._outbox.epoch:
            rows = await self._outbox.page(self.window.cursor, rows=self._batch_rows())
            if not rows or self._worth_waiting(rows, now) or self._epoch != self._outbox.epoch:
                return
            self._held_since = 0.0
            self.window.sent(rows[0].seq, rows[-1].seq, now)
            self._publish(rows)

    def _batch_rows(self) -> int:
        return 1 if self.window.cursor < self._singly_until else 50

    def _worth_waiting(self, rows: list[Row], now: float) -> bool:
        """A small batch waits a little while others are under way, and leaves at once when none is."""
        if not self.window.flights or rows[-1].seq < self._outbox.last or self._singly_until:
            return False
        self._held_since = self._held_since or now
        return now - self._held_since < COALESCE_S

    def _publish(self, rows: list[Row]) -> None:
        trace = traceparent() if self.trace else None
        answer = self._wire.send(self._topic, batch(self._epoch, rows), trace=trace)
        self._outbox.tally["sent"] += len(rows)
        first, last, epoch = rows[0].seq, rows[-1].seq, self._epoch
        answer.add_done_callback(lambda done: self._answered(done.result(), epoch, first, last))

    def _answered(self, code: int, epoch: int, first: int, last: int) -> None:
        if code == LOST or epoch != self._epoch:
            return
        said, now = verdict(code), time.monotonic()
        if said is Verdict.TAKEN:
            self._taken()
        elif said is Verdict.POISON:
            self._isolate(first, last)
        else:
            self._hold_back(said, now)
        self._wake.set()

    def _taken(self) -> None:
        self._alarms.still("ingest_down")
        self._alarms.still("slowed")
        self._alarms.still("re_enrol")
        self.window.width = WINDOW
        self._probe.reset()
        self._slower.reset()

    def _hold_back(self, said: Verdict, now: float) -> None:
        """The batch did not reach the cloud: one at a time now, and not at once."""
        self.window.rewind()
        self.window.width = 1
        if said is Verdict.NOBODY:
            self._alarms.ring("ingest_down", "The broker is there but the cloud takes nothing in; results wait here.")
            self._not_before = now + 1 + self._probe.next()
        elif said is Verdict.BARRED:
            self._alarms.ring("re_enrol", f"The broker lets this gateway send nothing. {ENROL_AGAIN}")
            self._not_before = now + BARRED_S
        else:
            if said is Verdict.SLOWER:
                self._alarms.ring("slowed", "The cloud asks for less at a time; results wait here and follow slowly.")
            self._not_before = now + 0.5 + self._slower.next()

    def _isolate(self, first: int, last: int) -> None:
        """A message nobody will take: find the row by sending one at a time."""
        self.window.rewind()
        if first == last:
            self._poisoned = first
        self._singly_until = last

    async def _do_chores(self, now: float) -> None:
        if self._poisoned is not None:
            seq, self._poisoned = self._poisoned, None
            await self._outbox.bury([seq], "the broker refused its format")
            await self._leave_epoch(
                "row_refused", "A result could not be sent in any form; it lies in the dead letters."
            )
        while self._chores:
            await self._do_chore(self._chores.popleft(), now)

    async def _do_chore(self, ack: Ack, now: float) -> None:
        if ack.epoch != self._outbox.epoch:
            return
        if ack.hwm > self._outbox.last:
            await self._leave_epoch(
                "outbox_older_than_cloud",
                "The cloud knows more rows than this outbox: it is an older copy. Numbering anew.",
            )
            return
        for refusal in ack.refused:
            await self._outbox.bury([refusal.seq], refusal.reason)
        self._confirm(ack.hwm)
        for span in ack.missing:
            await self._fill(span, now)

    async def _fill(self, span: Span, now: float) -> None:
        """Send rows the cloud has not seen once more, outside the window."""
        if span.first <= self._outbox.hwm or span.first > self._outbox.last:
            await self._unanswerable(now)
            return
        key = (span.first, span.last)
        if now - self._resent.get(key, -ASKED_AGAIN_S) < ASKED_AGAIN_S:
            return
        self._resent = {k: at for k, at in self._resent.items() if now - at < ASKED_AGAIN_S} | {key: now}
        after = span.first - 1
        while rows := await self._outbox.page(after, until=span.last):
            self._publish(rows)
            after = rows[-1].seq
            if after - span.first > WINDOW * 50:
                return  # the rest when asked again

    async def _unanswerable(self, now: float) -> None:
        """The cloud asks for rows it had confirmed: its database was put back. Begin anew if it keeps asking."""
        self._unanswerable_since = self._unanswerable_since or now
        if now - self._unanswerable_since >= GONE_FOR_GOOD_S:
            self._unanswerable_since = None
            await self._leave_epoch(
                "cloud_forgot", "The cloud asks for results it had confirmed; they are no longer here. Numbering anew."
            )

    async def _leave_epoch(self, code: str, text: str) -> None:
        before = self._outbox.epoch
        await self._outbox.renumber()
        self._singly_until = 0
        log.warning("%s: %s", code, text)
        await happened(self._outbox, code, text, data={"epoch_before": before, "epoch": self._outbox.epoch})


def traceparent() -> str:
    """A new trace, sampled, as W3C Trace Context writes it."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
